package worker

import (
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

const (
	// leastHeap is where Go collects at the earliest with a percentage of 100; with p it is p / 100 as much.
	leastHeap = 4 << 20
	// roomyHeap is how large the heap may grow here, garbage included, before the collector has to run.
	// leastHeap is full some fifty times a second where the calls of a small function are many.
	roomyHeap = 16 << 20
)

// collector sets the collector's percentage anew after each collection: so high that a small heap is
// collected at roomyHeap, and Go's usual 100 as soon as what lives is half of that. A memory limit, which
// the Go runtime keeps by itself, goes first.
type collector struct {
	// percent is what was set last.
	percent int
	samples []metrics.Sample
}

// giveRoom begins that, unless an operator has set GOGC.
func giveRoom() {
	if os.Getenv("GOGC") != "" {
		return
	}
	c := &collector{percent: 100}
	for _, name := range []string{
		"/gc/heap/live:bytes", "/gc/scan/stack:bytes", "/gc/scan/globals:bytes", "/gc/gogc:percent",
	} {
		c.samples = append(c.samples, metrics.Sample{Name: name})
	}
	c.adjust()
	type sentinel struct{ collector *collector }
	var collected func(*sentinel)
	collected = func(s *sentinel) {
		if s.collector.adjust() {
			runtime.SetFinalizer(s, collected)
		}
	}
	runtime.SetFinalizer(&sentinel{c}, collected)
}

// adjust returns false where the function has set a percentage of its own, which then stays.
func (c *collector) adjust() bool {
	metrics.Read(c.samples)
	value := func(i int) uint64 { return c.samples[i].Value.Uint64() }
	if value(3) != uint64(c.percent) {
		return false
	}
	wanted := percentFor(value(0), value(1)+value(2))
	if 10*max(wanted-c.percent, c.percent-wanted) > c.percent { // setting it stops all goroutines for a moment
		debug.SetGCPercent(wanted)
		c.percent = wanted
	}
	return true
}

// percentFor is the percentage with which a heap of live bytes, and other bytes of stacks and globals that the
// collector reads as well, is collected at roomyHeap.
func percentFor(live, other uint64) int {
	const most = 100 * roomyHeap / leastHeap
	if live >= roomyHeap/2 {
		return 100
	}
	if live == 0 {
		return most
	}
	return int(min(max(100, (roomyHeap-live)*100/(live+other)), most))
}
