// Package metrics writes the ledger as a page in Prometheus' text format.
//
// A client library's own counters live in one process and end with it. Here only the page is left to
// write, for which such a library would cost a third of the container's idle memory.
package metrics

import (
	"bytes"
	"fmt"
	"strconv"
	"time"

	"runtime-kit/server/ledger"
)

// ContentType is what /metrics is answered with.
const ContentType = "text/plain; version=0.0.4; charset=utf-8"

// Page is the container's numbers at this moment.
func Page(l *ledger.Ledger) []byte {
	var page bytes.Buffer
	histogram := readMethods(l)

	family(&page, "function_calls_total", "counter", "Calls of the function.")
	for _, m := range histogram {
		sample(&page, "function_calls_total", m.label(), float64(m.calls))
	}
	family(&page, "function_failures_total", "counter", "Calls that ended in an error or a timeout.")
	for _, m := range histogram {
		sample(&page, "function_failures_total", m.label(), float64(m.failures))
	}
	family(&page, "function_timeouts_total", "counter", "Calls that ran past FUNC_TIMEOUT.")
	for _, m := range histogram {
		sample(&page, "function_timeouts_total", m.label(), float64(m.timeouts))
	}
	family(&page, "function_duration_seconds", "histogram", "Duration of the calls in seconds.")
	for _, m := range histogram {
		m.writeHistogram(&page)
	}
	single := func(name, kind, help string, value float64) {
		family(&page, name, kind, help)
		sample(&page, name, "", value)
	}
	single("function_requests_in_flight", "gauge", "Calls that are running now.", float64(l.InFlight()))
	usage := measure(l)
	single("process_cpu_seconds_total", "counter", "Total user and system CPU time spent in seconds.", usage.cpu.Seconds())
	single("process_resident_memory_bytes", "gauge", "Resident memory size in bytes.", float64(usage.resident))
	single("process_start_time_seconds", "gauge", "Start time of the process since unix epoch in seconds.",
		float64(l.StartedNanos.Load())/float64(time.Second))
	return page.Bytes()
}

func family(page *bytes.Buffer, name, kind, help string) {
	fmt.Fprintf(page, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, kind)
}

func sample(page *bytes.Buffer, name, labels string, value float64) {
	page.WriteString(name)
	page.WriteString(labels)
	page.WriteByte(' ')
	page.WriteString(strconv.FormatFloat(value, 'g', -1, 64))
	page.WriteByte('\n')
}
