package main

import (
	"net/http/httptest"
	"testing"
)

func TestOnlyARequestForAMethodIsAPreflight(t *testing.T) {
	for _, c := range []struct {
		origin, method, asked string
		preflight             bool
	}{
		{"https://a.example", "OPTIONS", "PUT", true},
		{"https://a.example", "OPTIONS", "", false},
		{"https://a.example", "GET", "PUT", false},
		{"", "OPTIONS", "PUT", false}, // CORS_ORIGIN=off
	} {
		recorder := httptest.NewRecorder()
		r := httptest.NewRequest(c.method, "/", nil)
		r.Header.Set("Access-Control-Request-Method", c.asked)
		r.Header.Set("Access-Control-Request-Headers", "x-own")
		if got := (cors{c.origin}).preflight(recorder, r); got != c.preflight {
			t.Errorf("%+v: %v", c, got)
		}
		if !c.preflight {
			continue
		}
		header := recorder.Header()
		if recorder.Code != 204 || header.Get("Access-Control-Allow-Origin") != c.origin ||
			header.Get("Access-Control-Allow-Headers") != "x-own" || header.Get("Vary") != "Origin" {
			t.Errorf("%+v: %d %v", c, recorder.Code, header)
		}
	}
}
