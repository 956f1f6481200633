package metrics

import (
	"bytes"
	"fmt"
	"strconv"
	"time"

	"runtime-kit/server/ledger"
)

// method is a copy of one method's totals, so that all numbers of a page are of the same moment.
type method struct {
	name                      string
	calls, failures, timeouts uint64
	seconds                   float64
	buckets                   [len(ledger.Buckets) + 1]uint64
}

// readMethods leaves out the methods that were never called, as client libraries do.
func readMethods(l *ledger.Ledger) []method {
	var called []method
	for i := range l.Methods {
		totals := &l.Methods[i]
		m := method{
			name:     ledger.Method(i).String(),
			failures: totals.Failures.Load(),
			timeouts: totals.Timeouts.Load(),
			seconds:  time.Duration(totals.DurationNanos.Load()).Seconds(),
		}
		for b := range totals.Buckets {
			m.buckets[b] = totals.Buckets[b].Load()
			m.calls += m.buckets[b]
		}
		if m.calls > 0 {
			called = append(called, m)
		}
	}
	return called
}

func (m *method) label() string { return fmt.Sprintf("{method=%q}", m.name) }

func (m *method) writeHistogram(page *bytes.Buffer) {
	const name = "function_duration_seconds"
	var below uint64
	for i, calls := range m.buckets {
		below += calls
		bound := "+Inf"
		if i < len(ledger.Buckets) {
			bound = strconv.FormatFloat(ledger.Buckets[i].Seconds(), 'g', -1, 64)
		}
		sample(page, name+"_bucket", fmt.Sprintf("{method=%q,le=%q}", m.name, bound), float64(below))
	}
	sample(page, name+"_sum", m.label(), m.seconds)
	sample(page, name+"_count", m.label(), float64(below))
}
