package answer

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"testing"
)

func TestOf(t *testing.T) {
	for _, c := range []struct {
		value             any
		contentType, body string
	}{
		{"text", "text/plain; charset=utf-8", "text"},
		{"", "text/plain; charset=utf-8", ""},
		{[]byte{0, 255}, "application/octet-stream", "\x00\xff"},
		{nil, "", ""},
		{42, "application/json", "42"},
		{false, "application/json", "false"},
		{map[string]any{"html": "<ü>"}, "application/json", `{"html":"<ü>"}`},
		{json.RawMessage(`{"b":1,"a":2}`), "application/json", `{"b":1,"a":2}`},
	} {
		got, err := Of(c.value)
		contentType := ""
		if len(got.ContentType) > 0 {
			contentType = got.ContentType[0]
		}
		if err != nil || contentType != c.contentType || string(got.Body) != c.body {
			t.Errorf("%#v: got %q %q, %v", c.value, contentType, got.Body, err)
		}
	}
	if _, err := Of(func() {}); err == nil {
		t.Error("a function was made JSON of")
	}
}

func TestAwait(t *testing.T) {
	inner := make(chan string, 1)
	inner <- "value"
	outer := make(chan any, 1)
	outer <- inner
	if got, err := Await(t.Context(), outer); got != "value" || err != nil {
		t.Errorf("nested channels: got %v, %v", got, err)
	}
	close(outer)
	if got, err := Await(t.Context(), outer); got != nil || err != nil {
		t.Errorf("closed channel: got %v, %v", got, err)
	}
	failure := errors.New("later")
	failing := make(chan error, 1)
	failing <- failure
	if _, err := Await(t.Context(), failing); err != failure {
		t.Errorf("error in a channel: got %v", err)
	}
	over, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Await(over, make(chan int)); !errors.Is(err, context.Canceled) {
		t.Errorf("silent channel: got %v", err)
	}
}

type teapot struct{ status int }

func (teapot) Error() string     { return "teapot" }
func (e teapot) StatusCode() int { return e.status }

func TestFailure(t *testing.T) {
	for _, c := range []struct {
		err    error
		status int
		body   string
	}{
		{errors.New("secret"), 500, "Internal Server Error"},
		{teapot{418}, 418, "teapot"},
		{fmt.Errorf("secret: %w", teapot{418}), 418, "teapot"},
		{teapot{200}, 500, "Internal Server Error"},
	} {
		if status, body := Failure(c.err); status != c.status || string(body.Body) != c.body {
			t.Errorf("%v: got %d %q", c.err, status, body.Body)
		}
	}
}
