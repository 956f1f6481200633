package ledger

import (
	"bytes"
	"testing"
	"time"
)

func TestCallsOfAWorkerThatDiedCountAsFailures(t *testing.T) {
	var shared Ledger
	slot := &shared.Slots[1]
	slot.PID.Store(4711)
	get, start := MethodOf("GET"), time.Now()
	for range 7 { // so many start times add up past what 64 bits hold
		slot.Begin(get, start)
	}
	shared.End(slot, get, start, 3*time.Millisecond, Succeeded)
	if got := shared.InFlight(); got != 6 {
		t.Fatalf("%d calls in flight", got)
	}
	shared.Abandon(slot, start.Add(2*time.Second))

	totals := &shared.Methods[get]
	if got := shared.InFlight(); got != 0 {
		t.Errorf("%d calls in flight afterwards", got)
	}
	if got := totals.Failures.Load(); got != 6 {
		t.Errorf("%d failures", got)
	}
	if got, want := time.Duration(totals.DurationNanos.Load()), 12*time.Second+3*time.Millisecond; got != want {
		t.Errorf("took %s, want %s", got, want)
	}
	if got := totals.Buckets[bucketOf(2*time.Second)].Load(); got != 6 {
		t.Errorf("%d calls of 2 s", got)
	}
	if slot.PID.Load() != 0 {
		t.Error("the slot is not free")
	}
}

func TestBucketBoundsAreInclusive(t *testing.T) {
	for duration, want := range map[time.Duration]int{
		0: 0, time.Millisecond: 0, time.Millisecond + 1: 1, 180 * time.Second: 15, time.Hour: 16,
	} {
		if got := bucketOf(duration); got != want {
			t.Errorf("%s: bucket %d, want %d", duration, got, want)
		}
	}
}

func TestMethodsThatCallersMakeUpShareALabel(t *testing.T) {
	if a, b := MethodOf("BREW"), MethodOf("get"); a != b || a.String() != "OTHER" {
		t.Errorf("got %s and %s", a, b)
	}
	if got := MethodOf("PATCH").String(); got != "PATCH" {
		t.Errorf("got %s", got)
	}
}

func TestLogBufferTakesWholeLinesOrNone(t *testing.T) {
	var buffer LogBuffer
	line := bytes.Repeat([]byte("x"), 3000)
	if !buffer.Append(line) || buffer.Append(line) {
		t.Error("a line that does not fit was taken, or one that fits was not")
	}
	if got := len(buffer.Pending()); got != 3000 {
		t.Errorf("%d bytes pending", got)
	}
	buffer.Clear()
	if !buffer.Append(line) {
		t.Error("no room after Clear")
	}
}
