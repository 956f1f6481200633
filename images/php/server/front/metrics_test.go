package main

import (
	"errors"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil/promlint"
)

func TestPageCountsCallsByMethodAndOutcome(t *testing.T) {
	m := newMetrics()
	m.record("GET", time.Millisecond, nil)
	m.record("GET", 500*time.Second, errTimeout)
	m.record("POST", 2*time.Millisecond, errors.New("thrown"))
	m.record("BREW", 0, nil)
	m.record("WHEN", 0, nil)
	m.inFlight.Inc()
	recorder := httptest.NewRecorder()
	m.handler().ServeHTTP(recorder, httptest.NewRequest("GET", "/metrics", nil))
	page := recorder.Body.String()
	for _, line := range []string{
		`function_calls_total{method="GET"} 2`,
		`function_failures_total{method="GET"} 1`,
		`function_timeouts_total{method="GET"} 1`,
		`function_failures_total{method="POST"} 1`,
		`function_timeouts_total{method="POST"} 0`,
		`function_calls_total{method="OTHER"} 2`,
		`function_duration_seconds_bucket{method="GET",le="0.001"} 1`,
		`function_duration_seconds_bucket{method="GET",le="180"} 1`,
		`function_duration_seconds_bucket{method="GET",le="+Inf"} 2`,
		`function_requests_in_flight 1`,
		"# HELP function_duration_seconds Duration of the calls in seconds.",
		"# TYPE process_cpu_seconds_total counter",
	} {
		if !strings.Contains(page, line+"\n") {
			t.Errorf("no line %s in\n%s", line, page)
		}
	}
	if problems, err := promlint.New(strings.NewReader(page)).Lint(); err != nil || len(problems) > 0 {
		t.Errorf("lint: %v, %v", problems, err)
	}
}
