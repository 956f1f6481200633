package worker

import (
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/kubeless/kubeless/pkg/functions"

	"runtime-kit/server/answer"
	"runtime-kit/server/ledger"
	"runtime-kit/server/logs"
)

// call is one call of the function, and the http.ResponseWriter that the function gets.
//
// The function runs in the connection's own goroutine, which costs nothing. At the deadline another goroutine
// takes the connection away from it and answers in its place; from then on this ResponseWriter is dead, and
// whatever the function still does reaches nobody.
type call struct {
	endpoint *endpoint
	response http.ResponseWriter
	event    functions.Event
	method   ledger.Method
	arrived  time.Time
	started  time.Time

	mu sync.Mutex
	// status is what the function has set, 0 if nothing. It goes out with the first byte of the body,
	// so that a function that only set a status and then hangs is still answered with 408.
	status    int
	committed bool
	bytes     int64
	// over is set when it is decided whether the function or the deadline answers: by the function with mu
	// held, by the deadline without, as a write may hold it.
	over atomic.Bool
	// settled is closed when the deadline has done with net/http; nil where it has not begun. The list of
	// running calls guards it.
	settled chan struct{}
	// broken is set when the answer cannot be completed: the connection has to break off.
	broken bool
	// returned is set when the function's goroutine is free again.
	returned atomic.Bool

	// The neighbours in the endpoint's list of running calls, and whether it is in it.
	before, after *call
	listed        bool
}

func newCall(e *endpoint, w http.ResponseWriter, event functions.Event, arrived time.Time) *call {
	c := &call{
		endpoint: e, response: w, event: event, arrived: arrived,
		method: ledger.MethodOf(event.Extensions.Request.Method),
	}
	c.event.Extensions.Response = c
	return c
}

func (c *call) run() {
	c.started = time.Now()
	deadline := c.started.Add(c.endpoint.config.Timeout)
	ctx := &callContext{request: c.event.Extensions.Request.Context(), deadline: deadline}
	defer ctx.end()
	c.event.Extensions.Context = ctx
	c.endpoint.slot.Begin(c.method, c.started)
	c.endpoint.running.add(c)
	defer c.leave()
	value, err := c.endpoint.function(c.event, c.endpoint.context)
	if err == nil {
		value, err = answer.Await(ctx, value)
	}
	c.conclude(value, err)
}

// leave runs when the function's goroutine is free, also after a panic or runtime.Goexit. Where the deadline is
// about to take the connection, it waits for that: to net/http, a handler that returns has answered with 200.
func (c *call) leave() {
	thrown := recover()
	c.returned.Store(true)
	if settled := c.endpoint.running.remove(c); settled != nil {
		<-settled
	}
	if form := c.event.Extensions.Request.MultipartForm; form != nil {
		_ = form.RemoveAll() // net/http only does so where the answer was completed
	}
	switch {
	case thrown == http.ErrAbortHandler: // net/http's own way to break an answer off
		c.breakOff()
	case thrown != nil:
		c.fail(fmt.Errorf("the function panicked: %v", thrown), string(debug.Stack()), thrown)
	case !c.over.Load():
		c.response.Header()["Connection"] = connectionClose // its goroutine ends with this call
		c.fail(errors.New("the function ended its goroutine"), "", nil)
		_ = http.NewResponseController(c.response).Flush()
	}
	if c.broken {
		panic(http.ErrAbortHandler)
	}
}

// conclude answers with what the function returned, unless it is late: leave sees to that.
func (c *call) conclude(value any, err error) {
	if c.endpoint.running.isLate(c) {
		return
	}
	if err != nil {
		c.fail(err, fmt.Sprintf("%+v", err), err)
		return
	}
	if reader, isStream := streamOf(value); isStream {
		c.stream(reader)
		return
	}
	body, err := answer.Of(value)
	if err != nil {
		c.fail(err, "", nil)
		return
	}
	c.finish(0, body, ledger.Succeeded)
}

// fail logs an error and answers it. carrier is what may hold a status for the answer.
func (c *call) fail(err error, stack string, carrier any) {
	request := c.event.Extensions.Request
	if stack == "" || stack == err.Error() {
		stack = "\tin the handler at " + c.endpoint.place
	}
	c.endpoint.errors.Report(fmt.Sprintf("%s %s: %v", request.Method, logs.Path(request), err), stack)
	failure, isError := carrier.(error)
	if !isError {
		failure = err
	}
	status, body := answer.Failure(failure)
	c.finish(status, body, ledger.Failed)
}

// finish completes the answer unless the deadline did. A status of 0 stands for the function's own, or 200.
//
// An error that comes after the first bytes can only be told by a connection that breaks off.
func (c *call) finish(status int, body answer.Answer, outcome ledger.Outcome) {
	if c.complete(status, body, outcome) {
		c.record(outcome)
	}
}

// complete reports whether the answer was still to be given.
func (c *call) complete(status int, body answer.Answer, outcome ledger.Outcome) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.over.Swap(true) {
		return false
	}
	if outcome != ledger.Succeeded && c.committed {
		c.broken = true
		return true
	}
	if status != 0 {
		c.status = status
		c.dropHeaders()
		c.response.Header().Set("Content-Length", strconv.Itoa(len(body.Body)))
	}
	c.write(body)
	return true
}

// breakOff ends an answer as a failure without completing it. What was not answered at all is logged as 500.
func (c *call) breakOff() {
	c.mu.Lock()
	if !c.over.Load() {
		c.committed = true
		if c.status == 0 {
			c.status = http.StatusInternalServerError
		}
	}
	c.mu.Unlock()
	c.finish(0, answer.Answer{}, ledger.Failed)
}

// dropHeaders takes back what the function had set for an answer that is not given now.
func (c *call) dropHeaders() {
	header := c.response.Header()
	for name := range header {
		if name != "Access-Control-Allow-Origin" && name != "Connection" {
			delete(header, name)
		}
	}
}

// record counts and logs the call.
func (c *call) record(outcome ledger.Outcome) {
	e := c.endpoint
	if c.event.Extensions.Request.Method == http.MethodHead {
		c.bytes = 0 // net/http takes the body and drops it
	}
	now := time.Now()
	e.ledger.End(e.slot, c.method, c.started, now.Sub(c.started), outcome)
	e.access.Add(&logs.Entry{
		Request: c.event.Extensions.Request, Arrived: c.arrived, Took: now.Sub(c.arrived),
		Status: c.status, Bytes: c.bytes, EventID: c.event.EventID,
	})
}
