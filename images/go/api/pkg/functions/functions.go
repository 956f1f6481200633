// Package functions is what a Go function is written against. It keeps the import path and the names
// that Kubeless functions already use, so that they compile unchanged and without a download.
//
//	func Handler(event functions.Event, context functions.Context) (string, error)
//
// A handler can return anything in place of the string. A string is answered as text, bytes as they are,
// nil as an empty answer, a channel as the value that is received from it, an io.Reader as a stream, piece
// by piece as it is read, everything else as JSON. An error is answered with 500 and a fixed text, unless it
// has a method StatusCode() int: then the answer has that status, and the error's text for its body.
package functions

import (
	"context"
	"net/http"
)

// Event is one request to the function.
type Event struct {
	// Data is the body: decoded text, the text of a JSON document, or the bytes of anything else.
	// It is empty where there is no body and for multipart, which Extensions.Request still holds.
	Data string
	// EventID, EventType, EventTime and EventNamespace come from the headers event-id, event-type,
	// event-time and event-namespace or, where these are absent, from a CloudEvent's attributes.
	EventID        string
	EventType      string
	EventTime      string
	EventNamespace string
	Extensions     Extension
}

// Extension gives access to the HTTP exchange behind an event.
type Extension struct {
	Request *http.Request
	// Response sets status and headers, or writes (and, as http.Flusher, streams) the whole answer.
	// It must not be used after the handler has returned.
	Response http.ResponseWriter
	// Context is cancelled at the function's deadline and when the caller is gone.
	Context context.Context
	// CloudEvent holds a CloudEvent's attributes by name ("id", "source" ...), nil for other requests.
	CloudEvent map[string]any
}

// Context is what the function can know of its own deployment.
type Context struct {
	FunctionName string
	// Timeout is in seconds, as the platform wrote it.
	Timeout     string
	Runtime     string
	MemoryLimit string
}
