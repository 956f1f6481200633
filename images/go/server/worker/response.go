package worker

import (
	"fmt"
	"net/http"
	"strconv"

	"runtime-kit/server/answer"
)

// The methods of http.ResponseWriter and http.Flusher, for the function.

func (c *call) Header() http.Header { return c.response.Header() }

// WriteHeader keeps the status until there is a body; interim answers such as 103 go out at once.
//
// Like net/http it panics for what is no status, but here, where the function's own line is in the stack.
// 101 hands the connection over, which a function does not get.
func (c *call) WriteHeader(status int) {
	if status < 100 || status > 999 || status == http.StatusSwitchingProtocols {
		panic(fmt.Sprintf("invalid WriteHeader code %d", status))
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.over.Load() {
		return
	}
	if status >= 100 && status <= 199 {
		c.response.WriteHeader(status)
	} else if c.status == 0 {
		c.status = status
	}
}

func (c *call) Write(body []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.over.Load() {
		return 0, http.ErrHandlerTimeout
	}
	c.commit()
	n, err := c.response.Write(body)
	c.bytes += int64(n)
	return n, err
}

func (c *call) Flush() { _ = c.FlushError() }

// FlushError sends what was written so far. http.ResponseController prefers it to Flush.
func (c *call) FlushError() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.over.Load() {
		return http.ErrHandlerTimeout
	}
	c.commit()
	return http.NewResponseController(c.response).Flush()
}

// commit sends status and headers; c.mu is held.
func (c *call) commit() {
	if c.committed {
		return
	}
	c.committed = true
	if c.status == 0 {
		c.status = http.StatusOK
	}
	// The process may have begun to end meanwhile. A caller that is not told would send its next request
	// just when the connection is closed as an idle one.
	if c.endpoint.closing.Load() {
		c.response.Header()["Connection"] = connectionClose
	}
	c.response.WriteHeader(c.status)
}

// write adds what the handler returned to what it wrote before; c.mu is held.
func (c *call) write(body answer.Answer) {
	if !c.committed {
		header := c.response.Header()
		if body.ContentType != nil && header["Content-Type"] == nil {
			header["Content-Type"] = body.ContentType
		}
		// The body is whole: its length is known better than by what the function may have set.
		counted := len(body.Body) <= countedByServer && header["Content-Length"] == nil
		if len(body.Body) > 0 && !counted && bodyAllowed(c.status) {
			header["Content-Length"] = []string{strconv.Itoa(len(body.Body))}
		}
		c.commit()
	}
	if len(body.Body) > 0 {
		n, _ := c.response.Write(body.Body) // an error says that the caller is gone
		c.bytes += int64(n)
	}
}

// countedByServer is what net/http takes in before it sends a header: up to there it sets the length.
const countedByServer = 2048

func bodyAllowed(status int) bool {
	return status != http.StatusNoContent && status != http.StatusNotModified
}
