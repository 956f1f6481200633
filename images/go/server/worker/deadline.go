package worker

import (
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"runtime-kit/server/ledger"
)

const (
	timeoutText = "Request timeout exceeded"
	// grace is how long a function may take to notice that its context was cancelled. After that only
	// the end of the process can stop it.
	grace = 250 * time.Millisecond
	// lingering is how long a connection that was cut is still read from: closing one that has unread
	// bytes resets it, and the caller loses the answer.
	lingering = 500 * time.Millisecond
)

// expire ends a call at its deadline, in a goroutine of its own. An answer that has begun cannot become a
// 408 any more, so its connection is closed.
func (c *call) expire() {
	defer c.endpoint.answering.Done()
	connection, taken := c.takeOver()
	close(c.settled)
	if !taken {
		return
	}
	time.AfterFunc(grace, c.checkReturned)
	if connection != nil {
		if c.committed {
			connection.Close()
		} else {
			c.status = http.StatusRequestTimeout
			c.bytes = int64(c.answerTimeout(connection))
		}
	}
	c.record(ledger.TimedOut)
}

// giveUp ends a call that its container cannot wait for.
func (c *call) giveUp() {
	connection, taken := c.takeOver()
	if !taken {
		return
	}
	if connection != nil {
		connection.Close()
	}
	if !c.committed {
		c.status = http.StatusInternalServerError
	}
	c.record(ledger.Failed)
}

// takeOver takes the connection away from the function, if its call is not over yet. The connection is nil
// where net/http does not hand it out.
func (c *call) takeOver() (connection net.Conn, taken bool) {
	if c.over.Swap(true) {
		return nil, false
	}
	controller := http.NewResponseController(c.response)
	if !c.mu.TryLock() {
		// The function is writing, perhaps to a caller that does not read.
		_ = controller.SetWriteDeadline(time.Now())
		c.mu.Lock()
	}
	defer c.mu.Unlock()
	connection, _, err := controller.Hijack()
	if err != nil {
		return nil, true
	}
	return connection, true
}

// answerTimeout writes the 408 past net/http, whose own writer now belongs to a function that may use it
// at any moment. It returns the size of the body.
func (c *call) answerTimeout(connection net.Conn) int {
	timeout := http.Response{
		StatusCode:    http.StatusRequestTimeout,
		ProtoMajor:    1,
		ProtoMinor:    1,
		Request:       c.event.Extensions.Request,
		ContentLength: int64(len(timeoutText)),
		Body:          io.NopCloser(strings.NewReader(timeoutText)),
		Close:         true,
		Header: http.Header{
			"Content-Type": {"text/plain; charset=utf-8"},
			"Date":         {time.Now().UTC().Format(http.TimeFormat)},
		},
	}
	if origin := c.endpoint.corsOrigin; origin != nil {
		timeout.Header["Access-Control-Allow-Origin"] = origin
	}
	_ = connection.SetDeadline(time.Now().Add(lingering))
	_ = timeout.Write(connection)
	c.endpoint.answering.Add(1)
	go c.linger(connection)
	return len(timeoutText)
}

func (c *call) linger(connection net.Conn) {
	defer c.endpoint.answering.Done()
	defer connection.Close()
	if half, ok := connection.(interface{ CloseWrite() error }); ok {
		_ = half.CloseWrite()
	}
	_, _ = io.Copy(io.Discard, connection)
}

func (c *call) checkReturned() {
	if !c.returned.Load() {
		c.endpoint.askForReplacement()
	}
}
