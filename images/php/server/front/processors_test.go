package main

import (
	"runtime"
	"testing"
)

func TestHalfOfTheProcessorsAreLeftToTheWorkers(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for all, own := range map[int]int{1: 1, 2: 1, 3: 2, 8: 4} {
		t.Setenv("GOMAXPROCS", "")
		runtime.GOMAXPROCS(all)
		shareProcessors()
		if got := runtime.GOMAXPROCS(0); got != own {
			t.Errorf("of %d: got %d, want %d", all, got, own)
		}
	}
	t.Setenv("GOMAXPROCS", "7")
	runtime.GOMAXPROCS(7)
	shareProcessors()
	if got := runtime.GOMAXPROCS(0); got != 7 {
		t.Errorf("with GOMAXPROCS=7: got %d", got)
	}
}
