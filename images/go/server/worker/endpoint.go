package worker

import (
	"io"
	"net/http"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/kubeless/kubeless/pkg/functions"

	"runtime-kit/server/control"
	"runtime-kit/server/ledger"
	"runtime-kit/server/logs"
	"runtime-kit/server/metrics"
	"runtime-kit/server/request"
	"runtime-kit/server/settings"
)

// endpoint answers all requests. It goes by the path itself: a ServeMux would redirect paths that the
// function has to see as they are.
type endpoint struct {
	function function
	// place is where the handler stands in the user's file: errors that Go functions return have no stack.
	place   string
	config  settings.Settings
	ledger  *ledger.Ledger
	slot    *ledger.Slot
	access  *logs.Access
	errors  *logs.Errors
	channel *os.File
	// closing is set when this process will end: answers then ask callers to connect anew.
	closing atomic.Bool
	stuck   atomic.Bool
	running running
	// answering are calls that ran past their time and whose callers are being told so: net/http does not
	// know of their connections any more.
	answering sync.WaitGroup

	// Made once by prepare, used by every request.
	context    functions.Context
	reader     request.Reader
	corsOrigin []string
}

var connectionClose = []string{"close"}

// prepare makes what all requests share.
func (e *endpoint) prepare() {
	e.context = functions.Context{
		FunctionName: e.config.Handler,
		Timeout:      e.config.TimeoutText,
		Runtime:      e.config.Runtime,
		MemoryLimit:  e.config.MemoryLimit,
	}
	e.running.timeout = e.config.Timeout
	e.reader = request.Reader{BodyLimit: e.config.BodyLimit, MultipartLimit: e.config.MultipartLimit}
	if e.config.CORSOrigin != "" {
		e.corsOrigin = []string{e.config.CORSOrigin}
	}
}

func (e *endpoint) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if e.closing.Load() {
		w.Header()["Connection"] = connectionClose
	}
	switch {
	case r.ProtoMajor != 1: // net/http lets the preface of HTTP/2 through
		w.Header()["Connection"] = connectionClose
		http.Error(w, "HTTP Version Not Supported", http.StatusHTTPVersionNotSupported)
	case isExactly(r, "/healthz"):
		probe(w, r, e.health)
	case isExactly(r, "/metrics"):
		probe(w, r, e.metrics)
	default:
		e.serveFunction(w, r)
	}
}

// isExactly tells the path itself from others that only decode to it: those are the function's.
func isExactly(r *http.Request, path string) bool { return r.URL.Path == path && r.URL.RawPath == "" }

// probe answers GET and HEAD, the methods that probes and scrapers use.
func probe(w http.ResponseWriter, r *http.Request, answer http.HandlerFunc) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.WriteHeader(http.StatusMethodNotAllowed)
		_, _ = io.WriteString(w, "Method Not Allowed")
		return
	}
	answer(w, r)
}

func (e *endpoint) health(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	if e.ledger.Draining.Load() != 0 {
		w.WriteHeader(http.StatusServiceUnavailable)
		_, _ = io.WriteString(w, "Draining")
		return
	}
	_, _ = io.WriteString(w, "OK")
}

func (e *endpoint) metrics(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", metrics.ContentType)
	_, _ = w.Write(metrics.Page(e.ledger))
}

func (e *endpoint) serveFunction(w http.ResponseWriter, r *http.Request) {
	arrived := time.Now()
	if e.corsOrigin != nil {
		w.Header()["Access-Control-Allow-Origin"] = e.corsOrigin
		if isPreflight(r) {
			answerPreflight(w, r)
			return
		}
	}
	event, refusal := e.reader.Event(w, r)
	if refusal != nil {
		e.refuse(w, r, arrived, refusal)
		return
	}
	newCall(e, w, event, arrived).run()
}

// refuse answers a request that the function never sees. What is left of its body is not worth reading,
// so the connection ends with it.
func (e *endpoint) refuse(w http.ResponseWriter, r *http.Request, arrived time.Time, refusal *request.Refusal) {
	if refusal.Unread {
		_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(lingering))
		w.Header()["Connection"] = connectionClose
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(refusal.Status)
	written, _ := io.WriteString(w, refusal.Text)
	e.access.Add(&logs.Entry{
		Request: r, Arrived: arrived, Took: time.Since(arrived),
		Status: refusal.Status, Bytes: int64(written), EventID: r.Header.Get("Event-Id"),
	})
}

// askForReplacement tells the supervisor, once, that this process has work that it cannot stop.
func (e *endpoint) askForReplacement() {
	if e.stuck.CompareAndSwap(false, true) {
		_, _ = e.channel.Write([]byte{control.Stuck})
	}
}
