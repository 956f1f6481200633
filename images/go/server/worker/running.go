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

func (r *running) remove(c *call) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.unlink(c)
}

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
		c := r.first
		if left := r.timeout - time.Since(c.started); left > 0 {
			r.arm(left)
			return
		}
		r.unlink(c)
		go c.expire()
	}
}

// giveUp ends the callers' waiting; what the functions still do ends with the process.
func (r *running) giveUp() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for c := r.first; c != nil; c = c.after {
		c.giveUp()
	}
}
