package main

import (
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

var durationBuckets = []float64{
	0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 180,
}

// metrics counts calls. It lives in the front, so the numbers outlast every worker.
type metrics struct {
	registry *prometheus.Registry
	inFlight prometheus.Gauge
	methods  map[string]*methodMetrics
}

// methodMetrics are the series of one HTTP method, looked up once: a lookup by label per call costs
// more than the counting.
type methodMetrics struct {
	calls, failures, timeouts prometheus.Counter
	duration                  prometheus.Observer
}

// otherMethod labels what is no usual method: a caller must not be able to make series at will.
const otherMethod = "OTHER"

func newMetrics() *metrics {
	counter := func(name, help string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, []string{"method"})
	}
	calls := counter("function_calls_total", "Calls of the function.")
	failures := counter("function_failures_total", "Calls that ended in an error or a timeout.")
	timeouts := counter("function_timeouts_total", "Calls that ran past FUNC_TIMEOUT.")
	durations := prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name:    "function_duration_seconds",
		Help:    "Duration of the calls in seconds.",
		Buckets: durationBuckets,
	}, []string{"method"})
	inFlight := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "function_requests_in_flight", Help: "Calls that are running now.",
	})
	m := &metrics{registry: prometheus.NewRegistry(), inFlight: inFlight, methods: map[string]*methodMetrics{}}
	m.registry.MustRegister(calls, failures, timeouts, durations, inFlight, newProcesses("/proc"))
	for _, method := range []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", otherMethod} {
		m.methods[method] = &methodMetrics{
			calls.WithLabelValues(method), failures.WithLabelValues(method),
			timeouts.WithLabelValues(method), durations.WithLabelValues(method),
		}
	}
	return m
}

func (m *metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}

// record counts a call that is over.
func (m *metrics) record(method string, took time.Duration, failure error) {
	series, usual := m.methods[method]
	if !usual {
		series = m.methods[otherMethod]
	}
	series.calls.Inc()
	series.duration.Observe(took.Seconds())
	if failure != nil {
		series.failures.Inc()
	}
	if failure == errTimeout {
		series.timeouts.Inc()
	}
}
