package worker

import "sync"

// running is the list of the calls that run now.
type running struct {
	mu    sync.Mutex
	first *call
}

func (r *running) add(c *call) {
	r.mu.Lock()
	defer r.mu.Unlock()
	c.after = r.first
	if r.first != nil {
		r.first.before = c
	}
	r.first = c
}

func (r *running) remove(c *call) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if c.after != nil {
		c.after.before = c.before
	}
	if c.before != nil {
		c.before.after = c.after
	} else {
		r.first = c.after
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
