package worker

import (
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"testing"
	"time"
)

func TestCollectorGivesSmallHeapsRoom(t *testing.T) {
	const mebibyte = 1 << 20
	for _, c := range []struct {
		live, other uint64
		want        int
	}{
		{0, mebibyte, 400},
		{mebibyte, mebibyte, 400},         // would be 750, with which Go collects at 30 MiB
		{4 * mebibyte, mebibyte, 240},     // 4 + 2.4 * 5 = 16
		{4 * mebibyte, 9 * mebibyte, 100}, // stacks count too
		{10 * mebibyte, 0, 100},
		{2000 * mebibyte, 0, 100},
	} {
		if got := percentFor(c.live, c.other); got != c.want {
			t.Errorf("%d MiB live: %d %%, want %d", c.live/mebibyte, got, c.want)
		}
	}
}

func TestCollectorLeavesWhatTheFunctionSets(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(100))
	runtime.GC() // what other tests have left
	giveRoom()
	if got := debug.SetGCPercent(50); got <= 100 {
		t.Fatalf("%d %% at first, with a small heap", got)
	}
	for range 3 {
		collect()
	}
	if got := percentNow(); got != 50 {
		t.Errorf("%d %% after the function had set 50", got)
	}
}

func TestCollectorTakesTheRoomBackAsTheHeapGrows(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(100))
	giveRoom()
	ballast := make([]byte, 12<<20)
	for deadline := time.Now().Add(5 * time.Second); percentNow() != 100; collect() {
		if time.Now().After(deadline) {
			t.Fatalf("%d %% with %d MiB alive", percentNow(), len(ballast)>>20)
		}
	}
	runtime.KeepAlive(ballast)
}

// collect waits as well, for finalizers have a goroutine of their own.
func collect() {
	runtime.GC()
	time.Sleep(20 * time.Millisecond)
}

func percentNow() uint64 {
	sample := []metrics.Sample{{Name: "/gc/gogc:percent"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}
