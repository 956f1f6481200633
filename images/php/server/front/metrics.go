package main

import (
	"net/http"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

var durationBuckets = []float64{
	0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 180,
}

// metrics counts calls. It lives in the front, so the numbers outlast every worker.
type metrics struct {
	registry  *prometheus.Registry
	inFlight  prometheus.Gauge
	calls     *prometheus.CounterVec
	failures  *prometheus.CounterVec
	timeouts  *prometheus.CounterVec
	durations *prometheus.HistogramVec
	methods   sync.Map // method → *methodMetrics, made by its first call
}

// methodMetrics are the series of one HTTP method, looked up once: a lookup by label per call costs
// more than the counting.
type methodMetrics struct {
	calls, failures, timeouts prometheus.Counter
	duration                  prometheus.Observer
}

// otherMethod labels what is no usual method: a caller must not be able to make series at will.
const otherMethod = "OTHER"

var usualMethods = map[string]bool{
	"GET": true, "HEAD": true, "POST": true, "PUT": true, "PATCH": true, "DELETE": true, "OPTIONS": true,
}

func newMetrics() *metrics {
	counter := func(name, help string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, []string{"method"})
	}
	m := &metrics{
		registry: prometheus.NewRegistry(),
		inFlight: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "function_requests_in_flight", Help: "Calls that are running now.",
		}),
		calls:    counter("function_calls_total", "Calls of the function."),
		failures: counter("function_failures_total", "Calls that ended in an error or a timeout."),
		timeouts: counter("function_timeouts_total", "Calls that ran past FUNC_TIMEOUT."),
		durations: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "function_duration_seconds",
			Help:    "Duration of the calls in seconds.",
			Buckets: durationBuckets,
		}, []string{"method"}),
	}
	m.registry.MustRegister(m.calls, m.failures, m.timeouts, m.durations, m.inFlight, newProcesses("/proc"))
	return m
}

// of finds or makes the series of a method.
func (m *metrics) of(method string) *methodMetrics {
	if found, known := m.methods.Load(method); known {
		return found.(*methodMetrics)
	}
	label := method
	if !usualMethods[method] {
		label = otherMethod
	}
	series := &methodMetrics{
		m.calls.WithLabelValues(label), m.failures.WithLabelValues(label),
		m.timeouts.WithLabelValues(label), m.durations.WithLabelValues(label),
	}
	if usualMethods[method] {
		m.methods.Store(method, series)
	}
	return series
}

func (m *metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}

// record counts a call that is over.
func (m *metrics) record(method string, took time.Duration, failure error) {
	series := m.of(method)
	series.calls.Inc()
	series.duration.Observe(took.Seconds())
	if failure != nil {
		series.failures.Inc()
	}
	if failure == errTimeout {
		series.timeouts.Inc()
	}
}
