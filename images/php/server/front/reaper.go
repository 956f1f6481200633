package main

import (
	"os"
	"os/signal"
	"sync"
	"syscall"
)

// reaper starts processes and collects every child that ends. As PID 1 the front also inherits
// the orphans of killed workers, so it must wait for any child; os/exec waits for its own and
// would lose the race, hence the one place that does both.
type reaper struct {
	mu      sync.Mutex
	onExit  map[int]onExit
	signals chan os.Signal
}

// onExit gets the process's number too: it may run before start has returned it.
type onExit func(pid int, status syscall.WaitStatus)

func newReaper() *reaper {
	r := &reaper{onExit: map[int]onExit{}, signals: make(chan os.Signal, 1)}
	signal.Notify(r.signals, syscall.SIGCHLD)
	go r.run()
	return r
}

// start forks and executes; onExit is called once, when that process has ended.
func (r *reaper) start(argv []string, attr *syscall.ProcAttr, onExit onExit) (int, error) {
	// Held over the fork: a process that ends at once must already be in the map.
	r.mu.Lock()
	defer r.mu.Unlock()
	pid, err := syscall.ForkExec(argv[0], argv, attr)
	if err == nil {
		r.onExit[pid] = onExit
	}
	return pid, err
}

func (r *reaper) run() {
	for range r.signals {
		for r.reapOne() {
		}
	}
}

func (r *reaper) reapOne() bool {
	var status syscall.WaitStatus
	r.mu.Lock()
	pid, err := syscall.Wait4(-1, &status, syscall.WNOHANG, nil)
	onExit := r.onExit[pid]
	delete(r.onExit, pid)
	r.mu.Unlock()
	if err == syscall.EINTR {
		return true
	}
	if err != nil || pid <= 0 {
		return false
	}
	if onExit != nil {
		onExit(pid, status)
	}
	return true
}
