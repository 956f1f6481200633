// Package logs writes what the server says about itself: access lines to standard output, errors to
// standard error, both as text or as JSON objects.
package logs

import (
	"net"
	"net/http"
	"strings"
	"time"
)

// Entry is one answered request.
type Entry struct {
	Request *http.Request
	Arrived time.Time
	Took    time.Duration
	Status  int
	// Bytes is the size of the answer's body.
	Bytes int64
	// EventID is empty where the request names no event.
	EventID string
}

// Path is the request's path as it came: without the query, which may hold secrets, and with its
// percent-encoding, without which a caller could begin a line of its own in the log.
func Path(r *http.Request) string {
	path, _, _ := strings.Cut(r.RequestURI, "?")
	return path
}

// remote is the caller's address without its port.
func (e *Entry) remote() string {
	host, _, err := net.SplitHostPort(e.Request.RemoteAddr)
	if err != nil {
		return e.Request.RemoteAddr
	}
	return host
}

// header is a request header's first value; name has to be in canonical form.
func (e *Entry) header(name string) string {
	if values := e.Request.Header[name]; len(values) > 0 {
		return values[0]
	}
	return ""
}
