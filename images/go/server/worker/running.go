package worker

import (
	"sync"
	"time"
)

// running is the list of the calls that run now and are not past their deadline, in the order of their
// deadlines: all calls have the same time.
//
// One timer serves them all. It is set for the first call, and looks for the next one when it fires, so that
// a call that ends in time never touches it.
type running struct {
	timeout time.Duration

	mu          sync.Mutex
	first, last *call
	timer       *time.Timer
	// armed is set while the timer will fire, at the latest at the first call's deadline.
	armed bool
}

func (r *running) add(c *call) {
	r.mu.Lock()
	defer r.mu.Unlock()
	c.before, c.listed = r.last, true
	if r.last != nil {
		r.last.after = c
	} else {
		r.first = c
	}
	r.last = c
	if !r.armed {
		r.arm(r.timeout)
	}
}

// remove takes out a call whose function has ended. A function whose context ends may come back late before
// the timer has run: the deadline has its way all the same. settled is closed when that has done with the
// connection, and nil where the call was in time.
func (r *running) remove(c *call) (settled <-chan struct{}) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if c.listed && !c.over.Load() && r.isLate(c) {
		r.end(c)
	}
	r.unlink(c)
	return c.settled
}

func (r *running) isLate(c *call) bool { return time.Since(c.started) >= r.timeout }

// unlink does nothing for a call that its deadline has removed already; r.mu is held.
func (r *running) unlink(c *call) {
	if !c.listed {
		return
	}
	if c.before != nil {
		c.before.after = c.after
	} else {
		r.first = c.after
	}
	if c.after != nil {
		c.after.before = c.before
	} else {
		r.last = c.before
	}
	c.before, c.after, c.listed = nil, nil, false
}

// arm is called with r.mu held.
func (r *running) arm(after time.Duration) {
	r.armed = true
	if r.timer == nil {
		r.timer = time.AfterFunc(after, r.expire)
	} else {
		r.timer.Reset(after)
	}
}

// expire ends the calls whose time is over, each in a goroutine of its own, as one may have to wait for its
// function.
func (r *running) expire() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.armed = false
	for r.first != nil {
		if left := r.timeout - time.Since(r.first.started); left > 0 {
			r.arm(left)
			return
		}
		r.end(r.first)
	}
}

// end is called with r.mu held.
func (r *running) end(c *call) {
	r.unlink(c)
	c.settled = make(chan struct{})
	c.endpoint.answering.Add(1)
	go c.expire()
}

// giveUp ends the callers' waiting; what the functions still do ends with the process.
func (r *running) giveUp() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for c := r.first; c != nil; c = c.after {
		c.giveUp()
	}
}
