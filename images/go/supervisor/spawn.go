package main

import (
	"fmt"
	"os"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"runtime-kit/server/control"
)

// spawner starts workers.
type spawner struct {
	binary string
	// socket and memory stay plain descriptors: os.File.Fd would make the socket, which running workers
	// share, blocking.
	socket int
	memory int
}

// worker is a process that was started and is not reaped yet.
type worker struct {
	pid   int
	slot  int
	state state
	// stuck is set when it has a call that only its end can stop.
	stuck   bool
	started time.Time
	channel *os.File
	// startup is what it printed to standard error until its function was loaded.
	startup *startup
}

type state int

const (
	loading state = iota
	serving
	draining
)

// start runs the function's program with the file descriptors of package control.
//
// It goes past os/exec because process 1 has to wait for any child, orphans included, and os/exec wants
// to wait for its own.
func (s spawner) start(slot int) (*worker, error) {
	ends, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
	if err != nil {
		return nil, os.NewSyscallError("socketpair", err)
	}
	ours := os.NewFile(uintptr(ends[0]), "channel")
	theirs := os.NewFile(uintptr(ends[1]), "channel")
	defer theirs.Close()
	output, input, err := os.Pipe()
	if err != nil {
		ours.Close()
		return nil, err
	}
	defer input.Close()
	files := make([]uintptr, control.StderrFD+1)
	files[0], files[1], files[2] = 0, 1, input.Fd()
	files[control.ListenerFD] = uintptr(s.socket)
	files[control.LedgerFD] = uintptr(s.memory)
	files[control.ChannelFD] = uintptr(ends[1])
	files[control.StderrFD] = 2
	started := time.Now()
	pid, err := syscall.ForkExec(s.binary, []string{s.binary}, &syscall.ProcAttr{
		Env:   environment(slot),
		Files: files,
	})
	if err != nil {
		ours.Close()
		output.Close()
		return nil, fmt.Errorf("%s cannot be started: %w: compile the function in this runtime's build image", s.binary, err)
	}
	return &worker{
		pid: pid, slot: slot, started: started, channel: ours,
		startup: relay(output, os.Stderr),
	}, nil
}

// environment makes the Go runtime follow the container's CPU quota and memory limit, whatever Go version
// the function's own module asks for. What an operator has set in GODEBUG comes later and wins, and so does
// a GOMEMLIMIT.
func environment(slot int) []string {
	godebug, memory := "containermaxprocs=1,updatemaxprocs=1", memoryLimit(memoryFiles)
	var variables []string
	for _, variable := range os.Environ() {
		if value, found := strings.CutPrefix(variable, "GODEBUG="); found {
			godebug += "," + value
			continue
		}
		if strings.HasPrefix(variable, "GOMEMLIMIT=") {
			memory = ""
		}
		variables = append(variables, variable)
	}
	if memory != "" {
		variables = append(variables, memory)
	}
	return append(variables, "GODEBUG="+godebug, fmt.Sprintf("%s=%d", control.SlotVariable, slot))
}

// tell sends a one-byte message. A worker that is gone needs none; its end is reported otherwise.
func (w *worker) tell(message byte) { _, _ = w.channel.Write([]byte{message}) }
