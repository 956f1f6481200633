package main

import (
	"errors"
	"testing"
	"time"
)

func TestPoolGivesUpWhenNoWorkerCanBeHadAnyMore(t *testing.T) {
	reason, start := errors.New("no database"), time.Now()
	p := newPool(1, 1, nil, nil)
	p.failed(reason, start)
	p.failed(reason, start.Add(giveUpAfter-1))
	select {
	case err := <-p.lost:
		t.Fatalf("gave up too soon: %v", err)
	default:
	}
	p.failed(reason, start.Add(giveUpAfter))
	p.failed(reason, start.Add(2*giveUpAfter)) // must not wait for somebody to listen
	if err := <-p.lost; err != reason {
		t.Errorf("got %v", err)
	}
}

func TestPoolKeepsOnWhileAWorkerIsThere(t *testing.T) {
	p := newPool(2, 2, nil, nil)
	p.alive[&worker{}] = struct{}{}
	p.failed(errors.New("no database"), time.Now().Add(-giveUpAfter))
	p.failed(errors.New("no database"), time.Now())
	if len(p.lost) != 0 {
		t.Error("gave up")
	}
}

func TestPausesBetweenTriesGrowToAnEnd(t *testing.T) {
	p := newPool(1, 1, nil, nil)
	var last time.Duration
	for range 10 {
		pause := p.failed(errors.New("no database"), time.Now())
		if pause < last || pause > retryMost {
			t.Errorf("%s after %s", pause, last)
		}
		last = pause
	}
	if last != retryMost {
		t.Errorf("the last was %s", last)
	}
}
