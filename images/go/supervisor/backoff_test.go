package main

import (
	"testing"
	"time"
)

func TestOneCrashIsFollowedAtOnceAndASeriesIsNot(t *testing.T) {
	var b backoff
	for i, want := range []time.Duration{0, 50, 100, 200, 400, 800, 1000, 1000} {
		if got := b.pause(10 * time.Millisecond); got != want*time.Millisecond {
			t.Errorf("crash %d: pause of %s, want %s", i+1, got, want*time.Millisecond)
		}
	}
	if got := b.pause(time.Minute); got != 0 {
		t.Errorf("after a long life: pause of %s", got)
	}
	if got := b.pause(0); got != 0 {
		t.Errorf("first crash of a new series: pause of %s", got)
	}
}
