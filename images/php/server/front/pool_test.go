package main

import (
	"context"
	"runtime"
	"testing"
	"time"
)

func TestWhoWaitsForAWorkerGoesBeforeWhoGivesItBack(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	const tries = 40
	first := 0
	for range tries {
		p := newPool(1, 1, nil, nil)
		only := &worker{}
		p.alive[only] = struct{}{} // so that none is started however long the call waits
		p.idle = []*worker{only}
		held, err := p.acquire(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		taken := make(chan struct{})
		go func() {
			if _, err := p.acquire(context.Background()); err == nil {
				close(taken)
			}
		}()
		for waiting := 0; waiting == 0; time.Sleep(time.Millisecond) {
			p.mu.Lock()
			waiting = len(p.waiting)
			p.mu.Unlock()
		}
		p.release(held)
		select {
		case <-taken:
			first++
		default:
		}
		<-taken
	}
	// Go's scheduler looks elsewhere now and then, so that nobody starves.
	if first < tries/2 {
		t.Errorf("in %d of %d", first, tries)
	}
}
