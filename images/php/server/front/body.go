package main

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// bodyTimeout is how long a caller may take to send a body. No worker is held meanwhile.
const bodyTimeout = 60 * time.Second

// bodyError is a body that was not accepted: the status and text that tell the caller.
type bodyError struct {
	status int
	text   string
}

func (e bodyError) Error() string { return e.text }

// readBody reads the whole body, within the limit of its kind, before a worker is asked for: slow
// callers must not hold workers.
func readBody(c *config, w http.ResponseWriter, r *http.Request) ([]byte, error) {
	if r.Body == http.NoBody {
		return nil, nil
	}
	limit, name := c.bodyLimit, "REQ_MB_LIMIT"
	if isMultipart(r.Header.Get("Content-Type")) {
		limit, name = c.multipartLimit, "REQ_MULTIPART_MB_LIMIT"
	}
	tooLarge := bodyError{http.StatusRequestEntityTooLarge,
		fmt.Sprintf("Request body exceeds %s=%g MiB", name, float64(limit)/(1<<20))}
	if r.ContentLength > limit {
		w.Header().Set("Connection", "close") // the rest is not read, so nothing can follow it
		return nil, tooLarge
	}
	control := http.NewResponseController(w)
	_ = control.SetReadDeadline(time.Now().Add(bodyTimeout))
	body, err := readAll(http.MaxBytesReader(w, r.Body, limit), r.ContentLength)
	if err == nil {
		_ = control.SetReadDeadline(time.Time{})
		return body, nil
	}
	w.Header().Set("Connection", "close")
	var over *http.MaxBytesError
	switch {
	case errors.As(err, &over):
		return nil, tooLarge
	case isTimeout(err):
		return nil, bodyError{http.StatusRequestTimeout, "Request body took too long"}
	default:
		return nil, bodyError{http.StatusBadRequest, "Malformed request body"}
	}
}

// readAll reads to the end; length is what the caller announced, -1 where it did not.
func readAll(from io.Reader, length int64) ([]byte, error) {
	if length < 0 {
		return io.ReadAll(from)
	}
	body := make([]byte, length)
	_, err := io.ReadFull(from, body)
	return body, err
}

func isMultipart(contentType string) bool {
	return len(contentType) >= 10 && strings.EqualFold(contentType[:10], "multipart/")
}
