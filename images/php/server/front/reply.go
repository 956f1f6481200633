package main

import (
	"net/http"
	"net/textproto"
	"strconv"
)

// reply is the answer being written, with what the access log tells about it.
type reply struct {
	http.ResponseWriter
	head    bool // to a HEAD request: no body goes out
	started bool
	status  int
	bytes   int64
}

func (w *reply) WriteHeader(status int) {
	w.started, w.status = true, status
	w.ResponseWriter.WriteHeader(status)
}

func (w *reply) Write(body []byte) (int, error) {
	n, err := w.ResponseWriter.Write(body)
	if !w.head {
		w.bytes += int64(n)
	}
	return n, err
}

// whole writes an answer whose body is complete.
func (w *reply) whole(a answer) {
	header := w.Header()
	applyHeaders(header, a.headers)
	if bodyAllowed(a.status) {
		header["Content-Length"] = []string{strconv.Itoa(len(a.body))}
	} else {
		a.body = nil
	}
	w.WriteHeader(a.status)
	if len(a.body) > 0 {
		// An error here is a caller that has gone; its answer was made all the same.
		_, _ = w.Write(a.body)
	}
}

func bodyAllowed(status int) bool {
	return status != http.StatusNoContent && status != http.StatusNotModified
}

// begin writes the head of a streamed answer.
func (w *reply) begin(a answer) {
	applyHeaders(w.Header(), a.headers)
	w.WriteHeader(a.status)
	_ = http.NewResponseController(w.ResponseWriter).Flush()
}

// ownHeaders belong to the connection, so the front sets them: a function's would break it.
var ownHeaders = map[string]bool{
	"Connection": true, "Content-Length": true, "Keep-Alive": true, "Trailer": true,
	"Transfer-Encoding": true, "Upgrade": true,
}

// applyHeaders sets the function's headers; the first of a name replaces what the front set.
func applyHeaders(header http.Header, pairs []string) {
	for i := 0; i < len(pairs); i += 2 {
		name := textproto.CanonicalMIMEHeaderKey(pairs[i])
		if ownHeaders[name] {
			continue
		}
		if i > 0 && repeats(pairs[:i], pairs[i]) {
			header[name] = append(header[name], pairs[i+1])
		} else {
			header[name] = pairs[i+1 : i+2 : i+2]
		}
	}
}

func repeats(before []string, name string) bool {
	for i := 0; i < len(before); i += 2 {
		if before[i] == name {
			return true
		}
	}
	return false
}

// writeText answers with a text of the front's own.
func writeText(w http.ResponseWriter, status int, text string) {
	w.Header()["Content-Type"] = []string{"text/plain; charset=utf-8"}
	w.Header()["Content-Length"] = []string{strconv.Itoa(len(text))}
	w.WriteHeader(status)
	_, _ = w.Write([]byte(text))
}
