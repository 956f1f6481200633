package worker

import (
	"os"
	"sync"
	"time"
)

const (
	// nearDeadline is how near a read deadline has to be for a timer of its own. For each request net/http
	// sets two that are further away, and four more to take them back or to stop a read that has not
	// begun: they would be a tenth of a small call's time.
	nearDeadline = 5 * time.Second
	// deadlineLook is how often the deadlines are looked at that have no timer.
	deadlineLook = time.Second
)

// readDeadline is a connection's, known to the connection as long as its socket need not know.
type readDeadline struct {
	mu sync.Mutex
	at time.Time
	// reads are those under way, which only the socket can end.
	reads int
	// passed tells a Read that begins.
	passed bool
	// onSocket is whether the socket has a deadline.
	onSocket bool
	// strict gives every deadline to the socket: whoever took the connection over may read it by other ways.
	strict bool
}

// SetReadDeadline is net.Conn's. Where the deadline is far away, a read ends up to a second after it.
func (c *connection) SetReadDeadline(at time.Time) error {
	d := &c.readDeadline
	d.mu.Lock()
	defer d.mu.Unlock()
	d.at, d.passed = at, false
	if at.IsZero() {
		return c.clearSocket()
	}
	if !d.strict {
		ahead := time.Until(at)
		d.passed = ahead <= 0 && d.reads == 0
		if d.passed || ahead > nearDeadline {
			return c.clearSocket()
		}
	}
	d.onSocket = true
	return c.TCPConn.SetReadDeadline(at)
}

// SetDeadline is net.Conn's.
func (c *connection) SetDeadline(at time.Time) error {
	if err := c.SetReadDeadline(at); err != nil {
		return err
	}
	return c.SetWriteDeadline(at)
}

// clearSocket leaves the socket without a deadline. The lock is held.
func (c *connection) clearSocket() error {
	if !c.readDeadline.onSocket {
		return nil
	}
	c.readDeadline.onSocket = false
	return c.TCPConn.SetReadDeadline(time.Time{})
}

// beginRead returns an error where the deadline has passed.
func (d *readDeadline) beginRead() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.passed {
		return os.ErrDeadlineExceeded
	}
	d.reads++
	return nil
}

func (d *readDeadline) endRead() {
	d.mu.Lock()
	d.reads--
	d.mu.Unlock()
}

// enforce ends the reads of a deadline that has passed.
func (c *connection) enforce(now time.Time) {
	d := &c.readDeadline
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.onSocket && !d.at.IsZero() && d.at.Before(now) {
		d.onSocket = true
		_ = c.TCPConn.SetReadDeadline(d.at) // fails where the connection is closed
	}
}

// beStrict is for a connection that is not net/http's any more.
func (d *readDeadline) beStrict() {
	d.mu.Lock()
	d.strict = true
	d.mu.Unlock()
}
