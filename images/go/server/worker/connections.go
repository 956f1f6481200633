package worker

import (
	"context"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// sweepEvery is how often idle connections are looked for while a worker ends.
const sweepEvery = 20 * time.Millisecond

// connections are those that net/http serves. Its own Shutdown closes idle ones at once, and from then on
// drops requests that it has just read, so a worker ends its connections itself.
type connections struct {
	mu   sync.Mutex
	open map[*connection]struct{}
	// looking is whether their read deadlines will be looked at: while any is open.
	looking bool
}

// listener gives out connections that can be followed.
type listener struct{ net.Listener }

func (l listener) Accept() (net.Conn, error) {
	accepted, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &connection{TCPConn: accepted.(*net.TCPConn)}, nil
}

// connection counts what happens on it, so that calls do not pay for a clock that only the end needs.
type connection struct {
	*net.TCPConn
	readDeadline readDeadline
	// serving is set from the end of a request's header to the end of its answer.
	serving atomic.Bool
	events  atomic.Uint64

	// What leave has seen of it, with connections.mu held.
	seen       uint64
	quietSince time.Time
}

// Read takes part of a header, too, as a sign that the connection is in use.
func (c *connection) Read(into []byte) (int, error) {
	if err := c.readDeadline.beginRead(); err != nil {
		return 0, err
	}
	n, err := c.TCPConn.Read(into)
	c.readDeadline.endRead()
	if n > 0 {
		c.events.Add(1)
	}
	return n, err
}

// follow is the server's ConnState. A connection that was taken over is not net/http's any more.
func (c *connections) follow(accepted net.Conn, state http.ConnState) {
	followed := accepted.(*connection)
	followed.events.Add(1) // first: who is not serving is judged by it
	followed.serving.Store(state == http.StateActive)
	switch state {
	case http.StateNew:
		c.mu.Lock()
		defer c.mu.Unlock()
		c.open[followed] = struct{}{}
		if !c.looking {
			c.lookLater()
		}
	case http.StateClosed, http.StateHijacked:
		followed.readDeadline.beStrict()
		c.mu.Lock()
		defer c.mu.Unlock()
		delete(c.open, followed)
	}
}

// lookLater is called with c.mu held.
func (c *connections) lookLater() {
	c.looking = true
	time.AfterFunc(deadlineLook, c.enforceDeadlines)
}

func (c *connections) enforceDeadlines() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.looking = false
	now := time.Now()
	for each := range c.open {
		each.enforce(now)
	}
	if len(c.open) > 0 {
		c.lookLater()
	}
}

// leave returns when no connection is left, or with the context's error. Idle ones are closed when nothing
// has happened on them for the length of the notice, which begins now for those that are idle already.
func (c *connections) leave(ctx context.Context, notice time.Duration) error {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for c.closeIdle(notice) > 0 {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
	return nil
}

// closeIdle returns how many connections are left.
func (c *connections) closeIdle(notice time.Duration) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	for each := range c.open {
		if each.isIdle(notice) {
			each.Close()
			delete(c.open, each)
		}
	}
	return len(c.open)
}

// isIdle ends with a second look: what was unread may be read by then.
func (c *connection) isIdle(notice time.Duration) bool {
	return !c.serving.Load() && c.quiet() >= notice && !c.unread() && c.events.Load() == c.seen
}

// quiet returns for how long nothing has happened, as far as it was looked at.
func (c *connection) quiet() time.Duration {
	if events := c.events.Load(); events != c.seen {
		c.seen, c.quietSince = events, time.Now()
	}
	return time.Since(c.quietSince)
}

// unread reports whether a request has come that its goroutine has had no processor time to read.
func (c *connection) unread() bool {
	socket, err := c.SyscallConn()
	if err != nil {
		return false
	}
	n := 0
	_ = socket.Control(func(fd uintptr) {
		n, _, _ = syscall.Recvfrom(int(fd), make([]byte, 1), syscall.MSG_PEEK|syscall.MSG_DONTWAIT)
	})
	return n > 0
}
