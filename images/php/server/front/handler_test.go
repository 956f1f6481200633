package main

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// front is a handler whose pool has no worker and may start none, and what it logs.
func front() (*handler, *bytes.Buffer) {
	logged := &bytes.Buffer{}
	out := newOutput(logged)
	return &handler{
		config: &config{bodyLimit: 1 << 20}, pool: newPool(0, 0, nil, nil), metrics: newMetrics(),
		access: &accessLog{out: out}, errors: &errorLog{out: out},
	}, logged
}

func TestCallerThatLeavesBeforeAWorkerIsFreeGetsNoAnswer(t *testing.T) {
	h, logged := front()
	ctx, leave := context.WithCancel(context.Background())
	leave()
	answer := httptest.NewRecorder()
	defer func() {
		if thrown := recover(); thrown != http.ErrAbortHandler {
			t.Errorf("got %v, %d %q", thrown, answer.Code, answer.Body)
		}
		h.access.out.flush()
		if line := logged.String(); !strings.Contains(line, `" 499 0 `) {
			t.Errorf("logged %q", line)
		}
	}()
	h.ServeHTTP(answer, httptest.NewRequest("GET", "/", nil).WithContext(ctx))
}

func TestProbesCanOnlyBeRead(t *testing.T) {
	h, _ := front()
	h.scrape = h.metrics.handler()
	for _, path := range []string{"/healthz", "/metrics"} {
		for method, want := range map[string]int{"GET": 200, "HEAD": 200, "POST": 405, "OPTIONS": 405} {
			answer := httptest.NewRecorder()
			h.ServeHTTP(answer, httptest.NewRequest(method, path, nil))
			if answer.Code != want || want == 405 && (answer.Header().Get("Allow") != "GET, HEAD" || answer.Body.String() != "Method Not Allowed") {
				t.Errorf("%s %s: got %d %v %q", method, path, answer.Code, answer.Header(), answer.Body)
			}
		}
	}
}

func TestPrefaceOfHTTP2IsRefused(t *testing.T) {
	h, _ := front()
	preface := httptest.NewRequest("PRI", "/", nil)
	preface.ProtoMajor, preface.ProtoMinor = 2, 0
	answer := httptest.NewRecorder()
	h.ServeHTTP(answer, preface)
	if answer.Code != http.StatusHTTPVersionNotSupported {
		t.Errorf("got %d %q", answer.Code, answer.Body)
	}
}
