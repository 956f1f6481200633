// Package request makes a function's event of an HTTP request.
package request

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/kubeless/kubeless/pkg/functions"
)

const (
	mebibyte = 1 << 20
	// bodyTime is how long a caller may take to send a body, so that slow ones do not pile up.
	bodyTime = time.Minute
)

// Refusal is why a request does not reach the function, in words for its caller.
type Refusal struct {
	Status int
	Text   string
	// Unread says that the body was not read to its end, so that nothing can follow on the connection.
	Unread bool
}

// refusal is that of a body that was read.
func refusal(status int, text string) *Refusal { return &Refusal{Status: status, Text: text} }

// Reader reads requests up to its limits, in bytes.
type Reader struct {
	BodyLimit      int64
	MultipartLimit int64
}

// Event reads the request's body and headers. Event.Extensions has the request, whose body can be read
// once more, and the CloudEvent's attributes; the caller adds the rest.
func (rd *Reader) Event(w http.ResponseWriter, r *http.Request) (functions.Event, *Refusal) {
	event := functions.Event{Extensions: functions.Extension{Request: r}}
	content := contentOf(r.Header)
	if content.multipart() {
		if refusal := rd.limitMultipart(w, r); refusal != nil {
			return event, refusal
		}
	} else {
		body, refusal := readBody(w, r, rd.BodyLimit, "REQ_MB_LIMIT")
		if refusal != nil {
			return event, refusal
		}
		if len(body) > 0 {
			if refusal := interpret(&event, content, body); refusal != nil {
				return event, refusal
			}
		}
	}
	fillFromHeaders(&event, r.Header)
	return event, nil
}

// limitMultipart leaves the body unread for the function. Only one of unknown length is taken in first,
// because the function must not be called when it turns out too large.
func (rd *Reader) limitMultipart(w http.ResponseWriter, r *http.Request) *Refusal {
	if r.ContentLength < 0 {
		_, refusal := readBody(w, r, rd.MultipartLimit, "REQ_MULTIPART_MB_LIMIT")
		return refusal
	}
	if r.ContentLength > rd.MultipartLimit {
		return tooLarge("REQ_MULTIPART_MB_LIMIT", rd.MultipartLimit)
	}
	return nil
}

// readBody returns the body and puts a copy in its place that the function can read again.
func readBody(w http.ResponseWriter, r *http.Request, limit int64, variable string) ([]byte, *Refusal) {
	if r.ContentLength == 0 {
		return nil, nil
	}
	if r.ContentLength > limit {
		return nil, tooLarge(variable, limit)
	}
	connection := http.NewResponseController(w)
	_ = connection.SetReadDeadline(time.Now().Add(bodyTime))
	body, err := readUpTo(r, limit)
	if err != nil {
		return nil, unreadable(err)
	}
	_ = connection.SetReadDeadline(time.Time{})
	if int64(len(body)) > limit {
		return nil, tooLarge(variable, limit)
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	return body, nil
}

// readUpTo reads at most one byte more than limit.
func readUpTo(r *http.Request, limit int64) ([]byte, error) {
	if r.ContentLength > 0 {
		body := make([]byte, r.ContentLength)
		_, err := io.ReadFull(r.Body, body)
		return body, err
	}
	return io.ReadAll(io.LimitReader(r.Body, limit+1))
}

func tooLarge(variable string, limit int64) *Refusal {
	return &Refusal{
		Status: http.StatusRequestEntityTooLarge,
		Text:   fmt.Sprintf("Request body exceeds %s=%g MiB", variable, float64(limit)/mebibyte),
		Unread: true,
	}
}

// unreadable keeps addresses, which network errors name, from the caller.
func unreadable(err error) *Refusal {
	status, text := http.StatusBadRequest, "Malformed body: its transfer coding is not valid"
	var network interface{ Timeout() bool }
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF):
		text = "Malformed body: it ended too early"
	case errors.As(err, &network):
		status, text = http.StatusRequestTimeout, "Request body took too long"
	}
	return &Refusal{Status: status, Text: text, Unread: true}
}
