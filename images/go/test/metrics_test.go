// Package test holds tests that need libraries which must not become part of every function's program.
package test

import (
	"bytes"
	"os"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil/promlint"
	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"runtime-kit/server/ledger"
	"runtime-kit/server/metrics"
)

func page(t *testing.T, shared *ledger.Ledger) (families map[string]*dto.MetricFamily) {
	t.Helper()
	text := metrics.Page(shared)
	problems, err := promlint.New(bytes.NewReader(text)).Lint()
	if err != nil || len(problems) > 0 {
		t.Errorf("lint: %v, %v", problems, err)
	}
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err = parser.TextToMetricFamilies(bytes.NewReader(text))
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	return families
}

func TestPageIsWhatPrometheusReads(t *testing.T) {
	shared := &ledger.Ledger{}
	slot := &shared.Slots[0]
	start, post := time.Now(), ledger.MethodOf("POST")
	for _, took := range []time.Duration{time.Millisecond, 70 * time.Millisecond, time.Hour} {
		slot.Begin(post, start)
		shared.End(slot, post, start, took, ledger.TimedOut)
	}
	slot.Begin(post, start)
	families := page(t, shared)

	histogram := families["function_duration_seconds"].Metric[0]
	if label := histogram.Label[0]; label.GetName() != "method" || label.GetValue() != "POST" {
		t.Errorf("label %v", label)
	}
	if got := histogram.Histogram.GetSampleCount(); got != 3 {
		t.Errorf("%d samples", got)
	}
	if got := histogram.Histogram.GetSampleSum(); got != 3600.071 {
		t.Errorf("sum of %v", got)
	}
	buckets := histogram.Histogram.Bucket
	if len(buckets) != 17 || buckets[0].GetUpperBound() != 0.001 || buckets[0].GetCumulativeCount() != 1 ||
		buckets[6].GetUpperBound() != 0.1 || buckets[6].GetCumulativeCount() != 2 ||
		buckets[15].GetUpperBound() != 180 || buckets[15].GetCumulativeCount() != 2 || buckets[16].GetCumulativeCount() != 3 {
		t.Errorf("buckets %v", buckets)
	}
	for name, want := range map[string]float64{
		"function_calls_total": 3, "function_failures_total": 3, "function_timeouts_total": 3,
	} {
		if got := families[name].Metric[0].Counter.GetValue(); got != want {
			t.Errorf("%s is %v", name, got)
		}
	}
	if got := families["function_requests_in_flight"].Metric[0].Gauge.GetValue(); got != 1 {
		t.Errorf("%v in flight", got)
	}
}

func TestProcessNumbersAreOfAllProcesses(t *testing.T) {
	shared := &ledger.Ledger{}
	shared.EndedCPUNanos.Store(int64(90 * time.Second))
	alone := page(t, shared)
	shared.SupervisorPID.Store(int64(os.Getpid()))
	shared.Slots[2].PID.Store(int64(os.Getpid()))
	both := page(t, shared)

	resident := func(p map[string]*dto.MetricFamily) float64 {
		return p["process_resident_memory_bytes"].Metric[0].Gauge.GetValue()
	}
	if resident(alone) != 0 || resident(both) < 2<<20 {
		t.Errorf("resident %v and %v", resident(alone), resident(both))
	}
	cpu := both["process_cpu_seconds_total"].Metric[0].Counter
	if cpu.GetValue() < 90 {
		t.Errorf("CPU %v", cpu)
	}
	shared.EndedCPUNanos.Store(0)
	if got := page(t, shared)["process_cpu_seconds_total"].Metric[0].Counter.GetValue(); got < cpu.GetValue() {
		t.Errorf("CPU went back from %v to %v", cpu.GetValue(), got)
	}
}
