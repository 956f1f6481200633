// Command kubeless does what Kubeless's Go runtime did for each call, by its documents: the function runs
// in a goroutine of its own, its answer comes over a channel, a deadline waits beside it. Counters, their
// labels and the log line are those it had.
package main

import (
	"context"
	"io"
	"log"
	"net/http"
	"os"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

const timeout = 180 * time.Second

type event struct {
	Data, EventID, EventType, EventTime, EventNamespace string

	Request *http.Request
	Context context.Context
}

type answer struct {
	text string
	err  error
}

var (
	duration = prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "function_duration_seconds",
		Help: "Duration of user function in seconds",
	}, []string{"method"})
	calls = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "function_calls_total",
		Help: "Number of calls to user function",
	}, []string{"method"})
	failures = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "function_failures_total",
		Help: "Number of exceptions in user function",
	}, []string{"method"})
)

var scenarios = map[string]func(event) (string, error){
	"hello": func(event) (string, error) { return "hello world", nil },
	"json":  func(received event) (string, error) { return received.Data, nil },
	"large": func(received event) (string, error) { return strconv.Itoa(len(received.Data)), nil },
	"wait": func(event) (string, error) {
		time.Sleep(10 * time.Millisecond)
		return "waited", nil
	},
}

func main() {
	prometheus.MustRegister(duration, calls, failures)
	function := scenarios[os.Getenv("SCENARIO")]
	mux := http.NewServeMux()
	mux.HandleFunc("/", func(writer http.ResponseWriter, request *http.Request) {
		serve(writer, request, function)
	})
	mux.Handle("/metrics", promhttp.Handler())
	log.Fatal(http.ListenAndServe(":8080", logged(mux)))
}

func serve(writer http.ResponseWriter, request *http.Request, function func(event) (string, error)) {
	data, err := io.ReadAll(request.Body)
	if err != nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	received := event{
		Data:           string(data),
		EventID:        request.Header.Get("event-id"),
		EventType:      request.Header.Get("event-type"),
		EventTime:      request.Header.Get("event-time"),
		EventNamespace: request.Header.Get("event-namespace"),
		Request:        request,
		Context:        ctx,
	}
	method := prometheus.Labels{"method": request.Method}
	answers := make(chan answer, 1)
	go func() {
		calls.With(method).Inc()
		start := time.Now()
		text, err := function(received)
		duration.With(method).Observe(time.Since(start).Seconds())
		answers <- answer{text, err}
	}()
	select {
	case got := <-answers:
		if got.err != nil {
			failures.With(method).Inc()
			writer.WriteHeader(http.StatusInternalServerError)
			return
		}
		io.WriteString(writer, got.text)
	case <-ctx.Done():
		failures.With(method).Inc()
		writer.WriteHeader(http.StatusRequestTimeout)
	}
}

type statusWriter struct {
	http.ResponseWriter
	status int
}

func (writer *statusWriter) WriteHeader(status int) {
	writer.status = status
	writer.ResponseWriter.WriteHeader(status)
}

func logged(handler http.Handler) http.Handler {
	return http.HandlerFunc(func(writer http.ResponseWriter, request *http.Request) {
		watched := &statusWriter{writer, http.StatusOK}
		handler.ServeHTTP(watched, request)
		log.Printf("%s \"%s %s %s\" %d %s", request.RemoteAddr, request.Method, request.RequestURI,
			request.Proto, watched.status, request.UserAgent())
	})
}
