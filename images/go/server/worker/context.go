package worker

import (
	"context"
	"sync"
	"time"
)

// callContext is a call's context with its deadline. Most functions never look at theirs, and making a
// real one costs more than the rest of a call, so it is made when it is first asked for.
type callContext struct {
	request  context.Context
	deadline time.Time

	mu     sync.Mutex
	real   context.Context
	cancel context.CancelFunc
	over   bool
}

func (c *callContext) Deadline() (time.Time, bool) { return c.deadline, true }
func (c *callContext) Done() <-chan struct{}       { return c.made().Done() }
func (c *callContext) Err() error                  { return c.made().Err() }

// Value asks the real context where there is one, so that contexts made from this one find it.
func (c *callContext) Value(key any) any {
	c.mu.Lock()
	from := c.real
	c.mu.Unlock()
	if from == nil {
		from = c.request
	}
	return from.Value(key)
}

func (c *callContext) made() context.Context {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.real == nil {
		c.real, c.cancel = context.WithDeadline(c.request, c.deadline)
		if c.over {
			c.cancel()
		}
	}
	return c.real
}

// end cancels the context for whatever still uses it.
func (c *callContext) end() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.over = true
	if c.cancel != nil {
		c.cancel()
	}
}
