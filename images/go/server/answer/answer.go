// Package answer turns what a handler returned into what its caller gets.
package answer

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"reflect"
)

// Header values that all answers share, so that none has to be allocated for each.
var (
	text = []string{"text/plain; charset=utf-8"}
	data = []string{"application/json"}
	// Octets is what bytes are of which nothing is known.
	Octets = []string{"application/octet-stream"}
)

// Answer is a body and what it is.
type Answer struct {
	// ContentType is a header's values, nil for an empty answer.
	ContentType []string
	Body        []byte
}

// Await waits for the values of channels, Go's futures, until a value is something else. A channel that
// is closed without a value gives nil; an error that comes through one is returned as error.
func Await(ctx context.Context, value any) (any, error) {
	for {
		switch value.(type) {
		case nil, string, []byte: // the frequent ones need no look at their type
			return value, nil
		}
		if err, failed := value.(error); failed {
			return nil, err
		}
		channel := reflect.ValueOf(value)
		if channel.Kind() != reflect.Chan || channel.Type().ChanDir()&reflect.RecvDir == 0 {
			return value, nil
		}
		chosen, received, open := reflect.Select([]reflect.SelectCase{
			{Dir: reflect.SelectRecv, Chan: channel},
			{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(ctx.Done())},
		})
		if chosen == 1 {
			return nil, ctx.Err()
		}
		if !open {
			return nil, nil
		}
		value = received.Interface()
	}
}

// Of makes an answer of a value. The error says that JSON has no form for it.
func Of(value any) (Answer, error) {
	switch v := value.(type) {
	case nil:
		return Answer{}, nil
	case string:
		return Text(v), nil
	case []byte:
		return Bytes(v), nil
	}
	var body bytes.Buffer
	encoder := json.NewEncoder(&body)
	encoder.SetEscapeHTML(false) // the answer is no HTML page
	if err := encoder.Encode(value); err != nil {
		return Answer{}, fmt.Errorf("the handler returned a value that JSON cannot hold: %w", err)
	}
	return Answer{data, bytes.TrimSuffix(body.Bytes(), []byte("\n"))}, nil
}

// Text is a string as an answer.
func Text(body string) Answer { return Answer{text, []byte(body)} }

// Bytes is a byte slice as an answer.
func Bytes(body []byte) Answer { return Answer{Octets, body} }

// Failure is the answer to a call that ended in an error. Only an error that carries a status of its
// own is meant for the caller; of all others nothing gets out.
func Failure(err error) (status int, body Answer) {
	var carrier interface {
		error
		StatusCode() int
	}
	if errors.As(err, &carrier) {
		if status := carrier.StatusCode(); status >= 400 && status <= 599 {
			return status, Text(carrier.Error())
		}
	}
	return http.StatusInternalServerError, Text(http.StatusText(http.StatusInternalServerError))
}
