package main

import (
	"os"
	"os/signal"
	"strconv"
	"syscall"
)

// ending is a process that has ended: a worker, or an orphan that process 1 has inherited.
type ending struct {
	pid    int
	status syscall.WaitStatus
	usage  syscall.Rusage
}

// reap waits for every child and reports it.
func reap(endings chan<- ending) {
	changes := make(chan os.Signal, 1)
	signal.Notify(changes, syscall.SIGCHLD)
	go func() {
		for range changes {
			for {
				var e ending
				pid, err := syscall.Wait4(-1, &e.status, syscall.WNOHANG, &e.usage)
				if err == syscall.EINTR {
					continue
				}
				if err != nil || pid <= 0 {
					break
				}
				e.pid = pid
				endings <- e
			}
		}
	}()
}

// describe says how a process ended, in a few words.
func (e ending) describe() string {
	switch {
	case e.status.Signaled() && e.status.Signal() == syscall.SIGKILL:
		return "was killed, perhaps for want of memory"
	case e.status.Signaled():
		return "was ended by signal " + e.status.Signal().String()
	default:
		return "exited with code " + strconv.Itoa(e.status.ExitStatus())
	}
}
