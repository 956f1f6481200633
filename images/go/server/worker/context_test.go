package worker

import (
	"context"
	"errors"
	"testing"
	"time"
)

type key struct{}

func newCallContext(t *testing.T, timeout time.Duration) *callContext {
	return &callContext{request: context.WithValue(t.Context(), key{}, "value"), deadline: time.Now().Add(timeout)}
}

func TestContextEndsAtItsDeadline(t *testing.T) {
	ctx := newCallContext(t, 20*time.Millisecond)
	child, cancel := context.WithCancel(ctx)
	defer cancel()
	if ctx.Value(key{}) != "value" || child.Value(key{}) != "value" || ctx.Err() != nil {
		t.Errorf("got %v, %v", ctx.Value(key{}), ctx.Err())
	}
	<-child.Done()
	if !errors.Is(ctx.Err(), context.DeadlineExceeded) || !errors.Is(child.Err(), context.DeadlineExceeded) {
		t.Errorf("got %v and %v", ctx.Err(), child.Err())
	}
}

func TestContextEndsWithItsCall(t *testing.T) {
	asked, never := newCallContext(t, time.Hour), newCallContext(t, time.Hour)
	done := asked.Done()
	asked.end()
	never.end()
	<-done
	<-never.Done()
	if asked.Err() != context.Canceled || never.Err() != context.Canceled {
		t.Errorf("got %v and %v", asked.Err(), never.Err())
	}
}
