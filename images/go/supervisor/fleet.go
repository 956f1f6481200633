package main

import (
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"runtime-kit/server/control"
	"runtime-kit/server/ledger"
	"runtime-kit/server/logs"
	"runtime-kit/server/settings"
	"runtime-kit/server/termination"
)

const (
	// slack is what the container's end may take beyond the time that calls in flight are given.
	slack = 1250 * time.Millisecond
	// lateness is what the contract allows between a call's deadline and its answer.
	lateness = 500 * time.Millisecond
)

// message is one byte from a worker.
type message struct {
	from *worker
	kind byte
}

// fleet is all workers of the container. Everything in it happens in one goroutine, in run.
type fleet struct {
	config  settings.Settings
	spawner spawner
	ledger  *ledger.Ledger
	errors  *logs.Errors

	workers map[int]*worker
	// current is the worker that new connections are meant for, nil while there is none.
	current *worker
	backoff backoff
	// everLoaded tells a function that cannot be loaded from one that cannot be loaded again.
	everLoaded bool
	ending     bool

	endings  chan ending
	messages chan message
	signals  chan os.Signal
	// later are steps that timers bring back into run's goroutine.
	later chan func()
}

func newFleet(config settings.Settings, spawner spawner, shared *ledger.Ledger, errors *logs.Errors) *fleet {
	return &fleet{
		config: config, spawner: spawner, ledger: shared, errors: errors,
		workers:  map[int]*worker{},
		endings:  make(chan ending),
		messages: make(chan message),
		signals:  make(chan os.Signal, 8),
		later:    make(chan func()),
	}
}

// run returns the container's exit code, when there is nothing left to do.
func (f *fleet) run() int {
	signal.Notify(f.signals, syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP, syscall.SIGQUIT, syscall.SIGUSR1, syscall.SIGUSR2)
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE) // a standard stream that is gone is no reason to end
	reap(f.endings)
	if err := f.start(); err != nil {
		return refuse(err)
	}
	for {
		select {
		case m := <-f.messages:
			f.hear(m)
		case s := <-f.signals:
			f.signal(s.(syscall.Signal))
		case step := <-f.later:
			step()
		case e := <-f.endings:
			if code, over := f.bury(e); over {
				return code
			}
		}
		if f.ending && len(f.workers) == 0 {
			return 0
		}
	}
}

// after runs a step in run's goroutine when the pause is over.
func (f *fleet) after(pause time.Duration, step func()) {
	time.AfterFunc(pause, func() { f.later <- step })
}

// start adds a worker where one is needed and none is on its way.
func (f *fleet) start() error {
	needed := f.current == nil || f.current.stuck
	if f.ending || !needed || f.has(loading) {
		return nil
	}
	slot, free := f.freeSlot()
	if !free { // all earlier workers still have calls; the first to end makes room
		f.after(settled, f.startOrReport)
		return nil
	}
	w, err := f.spawner.start(slot)
	if err != nil {
		return err
	}
	f.workers[w.pid] = w
	f.ledger.Slots[slot].PID.Store(int64(w.pid))
	go f.listen(w)
	return nil
}

func (f *fleet) startOrReport() {
	if err := f.start(); err != nil {
		f.errors.Report(err.Error(), "")
		f.after(longestPause, f.startOrReport)
	}
}

func (f *fleet) has(wanted state) bool {
	for _, w := range f.workers {
		if w.state == wanted {
			return true
		}
	}
	return false
}

func (f *fleet) freeSlot() (int, bool) {
	for i := range f.ledger.Slots {
		if f.ledger.Slots[i].PID.Load() == 0 {
			return i, true
		}
	}
	return 0, false
}

// listen passes a worker's messages on until it ends.
func (f *fleet) listen(w *worker) {
	kind := make([]byte, 1)
	for {
		if _, err := w.channel.Read(kind); err != nil {
			return
		}
		f.messages <- message{w, kind[0]}
	}
}

func (f *fleet) hear(m message) {
	switch {
	case m.kind == control.Loaded && m.from.state == loading:
		f.promote(m.from)
	case m.kind == control.Stuck && m.from == f.current:
		f.errors.Report(fmt.Sprintf("process %d has a call that does not end at its deadline: another process takes over", m.from.pid), "")
		m.from.stuck = true
		f.startOrReport()
	}
}

// promote makes a worker the one that serves. Its predecessor gets its notice, and the time that a call may take
// that comes at the end of it.
func (f *fleet) promote(w *worker) {
	predecessor := f.current
	w.state = serving
	f.current = w
	f.everLoaded = true
	f.backoff.loadFailures = 0
	if predecessor != nil {
		predecessor.state = draining
		predecessor.tell(control.Drain)
		f.after(control.Notice+f.config.Timeout+lateness, func() { f.kill(predecessor) })
	}
}

// kill ends a worker that is still there.
func (f *fleet) kill(w *worker) {
	if f.workers[w.pid] == w {
		_ = syscall.Kill(w.pid, syscall.SIGKILL)
	}
}

// bury settles what a dead process has left. It reports whether the container has to end with it.
func (f *fleet) bury(e ending) (code int, over bool) {
	f.ledger.EndedCPUNanos.Add(e.usage.Utime.Nano() + e.usage.Stime.Nano())
	w, known := f.workers[e.pid]
	if !known {
		return 0, false
	}
	delete(f.workers, e.pid)
	w.channel.Close()
	slot := &f.ledger.Slots[w.slot]
	_, _ = os.Stdout.Write(slot.Log.Pending())
	slot.Log.Clear()
	f.ledger.Abandon(slot, time.Now())
	if f.ending || w.state == draining {
		return 0, false
	}
	if w.state == loading {
		return f.loadFailed(w, e)
	}
	f.current = nil
	f.errors.Report(fmt.Sprintf("process %d %s: another is started", w.pid, e.describe()), "")
	f.after(f.backoff.pause(time.Since(w.started)), f.startOrReport)
	return 0, false
}

// loadFailed ends the container when there never was a function that could be loaded, or when the one
// there was cannot be had again.
func (f *fleet) loadFailed(w *worker, e ending) (code int, over bool) {
	f.backoff.loadFailures++
	reason := fmt.Sprintf("the function could not be loaded: its process %s", e.describe())
	if !f.everLoaded || f.backoff.loadFailures >= mostLoadFailures && f.current == nil {
		explanation := w.startup.text()
		if len(explanation) == 0 {
			f.errors.Report(reason, "")
			explanation = []byte("runtime-kit: " + reason + "\n")
		}
		termination.Write(explanation)
		return max(e.status.ExitStatus(), 1), true
	}
	f.errors.Report(reason+": it is tried again", "")
	f.after(longestPause, f.startOrReport)
	return 0, false
}

// signal passes signals on to the function. The two that ask for the end also begin it here.
func (f *fleet) signal(s syscall.Signal) {
	if s == syscall.SIGINT {
		s = syscall.SIGTERM
	}
	if s == syscall.SIGTERM && !f.ending {
		f.end()
	}
	for pid := range f.workers {
		_ = syscall.Kill(pid, s)
	}
}

// end begins the container's end: /healthz turns, the port closes after the drain delay, and what runs
// then has until the shutdown timeout.
func (f *fleet) end() {
	f.ending = true
	f.ledger.Draining.Store(1)
	f.after(f.config.DrainDelay, func() { unix.Close(f.spawner.socket) })
	f.after(f.config.DrainDelay+f.config.ShutdownTimeout+slack, func() {
		for _, w := range f.workers {
			f.kill(w)
		}
	})
}
