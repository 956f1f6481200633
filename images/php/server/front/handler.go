package main

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// handler answers every request: probes and metrics itself, the rest by a call of the function.
type handler struct {
	config   *config
	pool     *pool
	metrics  *metrics
	scrape   http.Handler
	cors     cors
	access   *accessLog
	errors   *errorLog
	draining atomic.Bool
}

func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if h.draining.Load() {
		w.Header()["Connection"] = []string{"close"}
	}
	switch {
	case r.ProtoMajor != 1: // net/http lets the preface of HTTP/2 through
		writeText(w, http.StatusHTTPVersionNotSupported, "HTTP Version Not Supported")
	case isExactly(r, "/healthz"):
		probe(w, r, h.healthz)
	case isExactly(r, "/metrics"):
		probe(w, r, h.scrape.ServeHTTP)
	case h.cors.preflight(w, r):
	default:
		h.function(w, r)
	}
}

// isExactly tells the path itself from others that only decode to it: those are the function's.
func isExactly(r *http.Request, path string) bool { return r.URL.Path == path && r.URL.RawPath == "" }

// probe answers GET and HEAD, the methods that probes and scrapers use.
func probe(w http.ResponseWriter, r *http.Request, answer http.HandlerFunc) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		writeText(w, http.StatusMethodNotAllowed, "Method Not Allowed")
		return
	}
	answer(w, r)
}

func (h *handler) healthz(w http.ResponseWriter, _ *http.Request) {
	if h.draining.Load() {
		writeText(w, http.StatusServiceUnavailable, "Draining")
		return
	}
	writeText(w, http.StatusOK, "OK")
}

// function answers by a call of the function and logs the request.
func (h *handler) function(w http.ResponseWriter, r *http.Request) {
	start := time.Now()
	h.cors.mark(w.Header())
	reply := &reply{ResponseWriter: w, head: r.Method == http.MethodHead}
	err := h.answer(reply, r)
	h.access.write(r, reply.status, reply.bytes, start, time.Since(start))
	if err != nil {
		// The status is out, or nobody waits for one: only a broken connection can still tell the caller.
		panic(http.ErrAbortHandler)
	}
}

// statusCallerGone is what nginx logs where the caller left before there was an answer.
const statusCallerGone = 499

// answer writes the function's answer, or that of an error. It returns the errors that cannot be answered.
func (h *handler) answer(w *reply, r *http.Request) error {
	body, err := readBody(h.config, w.ResponseWriter, r)
	var refused bodyError
	if errors.As(err, &refused) {
		writeText(w, refused.status, refused.text)
		return nil
	}
	err = h.call(w, r, body)
	if err == nil || w.started {
		return err
	}
	if err == context.Canceled { // no worker was asked
		w.status = statusCallerGone
		return err
	}
	if err == errTimeout {
		writeText(w, http.StatusRequestTimeout, "Request timeout exceeded")
	} else {
		writeText(w, http.StatusInternalServerError, "Internal Server Error")
	}
	return nil
}

// deadlineGrace is what a call may take beyond FUNC_TIMEOUT before its worker is killed. On a busy
// machine a worker gets its turn late; that delay is not the function's. The 408 is still in time.
const deadlineGrace = 150 * time.Millisecond

var requestBuffers = sync.Pool{New: func() any { buffer := make([]byte, 0, 4096); return &buffer }}

// call hands the request to a worker and writes its answer.
func (h *handler) call(w *reply, r *http.Request, body []byte) error {
	buffer := requestBuffers.Get().(*[]byte)
	defer requestBuffers.Put(buffer)
	request := appendRequest((*buffer)[:0], r, len(body))
	if len(body) <= 16<<10 {
		request, body = append(request, body...), nil // one system call
	}
	*buffer = request
	for {
		worker, err := h.pool.acquire(r.Context())
		if err != nil {
			return err // the caller has gone
		}
		start := time.Now()
		h.metrics.inFlight.Inc()
		err = worker.send(request, body, start.Add(h.config.timeout+deadlineGrace))
		counts := true
		if err == nil {
			counts, err = h.receive(w, r, worker)
		}
		h.metrics.inFlight.Dec()
		h.settle(worker, r, err)
		if err == errNotTaken {
			continue
		}
		if counts {
			h.metrics.record(r.Method, time.Since(start), failure(err))
		}
		if err == errAnswered {
			return nil
		}
		return err
	}
}

// failure is what of a call's end counts against the function.
func failure(err error) error {
	if err == errCallerGone {
		return nil
	}
	return err
}

// errThrown is a call that ended in an error of the function, which is logged by then.
var errThrown = errors.New("the function threw")

// errAnswered is an error of the function that carried a status of its own, with which it was answered.
var errAnswered = errors.New("the function threw an answer")

// errCallerGone is a stream whose caller did not wait for its end. The function did nothing wrong.
var errCallerGone = errors.New("the caller has gone")

// settle gives the worker back, or replaces it where the call left it unusable.
func (h *handler) settle(worker *worker, r *http.Request, err error) {
	if err == nil || err == errThrown || err == errAnswered || err == errCallerGone {
		h.pool.release(worker)
		return
	}
	what := err.Error()
	if err == errWorkerDied || err == errNotTaken {
		select {
		case <-worker.ended:
			what = "the worker ended, " + worker.how()
		case <-time.After(leftoverTime):
		}
	}
	h.pool.discard(worker)
	h.report(r, what, "")
}

// report logs an error of a call.
func (h *handler) report(r *http.Request, message, stack string) {
	h.errors.write(r.Method+" "+rawPath(r)+": "+message, stack)
}
