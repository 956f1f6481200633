package ledger

import (
	"sync/atomic"
	"time"
)

// Buckets are the upper bounds of the duration histogram. The last bucket, without a bound, is implied.
var Buckets = [...]time.Duration{
	1 * time.Millisecond, 2500 * time.Microsecond, 5 * time.Millisecond, 10 * time.Millisecond,
	25 * time.Millisecond, 50 * time.Millisecond, 100 * time.Millisecond, 250 * time.Millisecond,
	500 * time.Millisecond, 1 * time.Second, 2500 * time.Millisecond, 5 * time.Second,
	10 * time.Second, 30 * time.Second, 60 * time.Second, 180 * time.Second,
}

// Totals are the counters of one method. How many calls there were is the sum of Buckets, so that the
// counter and the histogram can never disagree.
type Totals struct {
	Failures      atomic.Uint64
	Timeouts      atomic.Uint64
	DurationNanos atomic.Uint64
	Buckets       [len(Buckets) + 1]atomic.Uint64
}

// Outcome is how a call ended.
type Outcome int

const (
	Succeeded Outcome = iota
	Failed
	TimedOut
)

// Begin notes that a call runs.
func (s *Slot) Begin(method Method, start time.Time) {
	s.running[method].startNanos.Add(start.UnixNano())
	s.running[method].calls.Add(1)
}

// End counts a call that Begin has noted.
func (l *Ledger) End(slot *Slot, method Method, start time.Time, duration time.Duration, outcome Outcome) {
	l.Methods[method].add(1, duration, outcome)
	slot.running[method].calls.Add(-1)
	slot.running[method].startNanos.Add(-start.UnixNano())
}

// Abandon counts the calls that a worker was running when it died as failed, and frees its slot.
func (l *Ledger) Abandon(slot *Slot, died time.Time) {
	for m := range slot.running {
		running := &slot.running[m]
		if calls := running.calls.Swap(0); calls > 0 {
			total := max(calls*died.UnixNano()-running.startNanos.Load(), 0)
			l.Methods[m].add(uint64(calls), time.Duration(total), Failed)
		}
		running.startNanos.Store(0)
	}
	slot.PID.Store(0)
}

// add counts calls that took total together; several are filed under their mean.
func (t *Totals) add(calls uint64, total time.Duration, outcome Outcome) {
	if outcome != Succeeded {
		t.Failures.Add(calls)
	}
	if outcome == TimedOut {
		t.Timeouts.Add(calls)
	}
	t.DurationNanos.Add(uint64(total))
	t.Buckets[bucketOf(total/time.Duration(calls))].Add(calls)
}

func bucketOf(duration time.Duration) int {
	for i, bound := range Buckets {
		if duration <= bound {
			return i
		}
	}
	return len(Buckets)
}
