package main

import (
	"bytes"
	"encoding/json"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// accessLog writes one line per function request, in combined format or as a JSON object.
type accessLog struct {
	json bool
	out  *output
}

func (l *accessLog) write(r *http.Request, status int, bytes int64, start time.Time, took time.Duration) {
	remote := r.RemoteAddr
	if host, _, err := net.SplitHostPort(remote); err == nil {
		remote = host
	}
	if l.json {
		line := jsonLine(accessEntry(r, status, bytes, start, took, remote))
		l.out.collect(func(to []byte) []byte { return append(to, line...) })
		return
	}
	l.out.collect(func(to []byte) []byte { return appendCombined(to, r, remote, status, bytes, start) })
}

// appendCombined appends a line of Apache's combined log format.
func appendCombined(to []byte, r *http.Request, remote string, status int, bytes int64, start time.Time) []byte {
	to = append(to, remote...)
	to = append(to, " - - ["...)
	to = start.AppendFormat(to, "02/Jan/2006:15:04:05 -0700")
	to = append(to, `] "`...)
	to = appendEscaped(to, r.Method)
	to = append(to, ' ')
	to = appendEscaped(to, r.RequestURI)
	to = append(to, ' ')
	to = append(to, r.Proto...)
	to = append(to, `" `...)
	to = strconv.AppendInt(to, int64(status), 10)
	to = append(to, ' ')
	to = strconv.AppendInt(to, bytes, 10)
	to = append(to, ` "`...)
	to = appendEscaped(to, orDash(r.Referer()))
	to = append(to, `" "`...)
	to = appendEscaped(to, orDash(r.UserAgent()))
	return append(to, "\"\n"...)
}

// appendEscaped escapes as Apache does, so that a header can neither end the line nor the field.
func appendEscaped(to []byte, text string) []byte {
	const hex = "0123456789abcdef"
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '"' || c == '\\':
			to = append(to, '\\', c)
		case c < 0x20 || c >= 0x7f:
			to = append(to, '\\', 'x', hex[c>>4], hex[c&15])
		default:
			to = append(to, c)
		}
	}
	return to
}

func orDash(text string) string {
	if text == "" {
		return "-"
	}
	return text
}

// accessRecord is an access line of LOG_FORMAT=json. All keys are always there.
type accessRecord struct {
	Time        string  `json:"time"`
	Level       string  `json:"level"`
	Method      string  `json:"method"`
	Path        string  `json:"path"` // without the query
	Status      int     `json:"status"`
	DurationMs  float64 `json:"durationMs"`
	Bytes       int64   `json:"bytes"`
	EventID     *string `json:"eventId"`
	Traceparent *string `json:"traceparent"`
	Remote      string  `json:"remote"`
}

// errorRecord is an error of LOG_FORMAT=json.
type errorRecord struct {
	Time    string `json:"time"`
	Level   string `json:"level"`
	Message string `json:"message"`
	Stack   string `json:"stack"`
}

func accessEntry(r *http.Request, status int, bytes int64, start time.Time, took time.Duration, remote string) accessRecord {
	eventID := headerOrNull(r, "event-id")
	if eventID == nil {
		eventID = headerOrNull(r, "ce-id")
	}
	return accessRecord{
		Time: timestamp(start), Level: "info", Method: r.Method, Path: rawPath(r), Status: status,
		DurationMs: float64(took.Microseconds()) / 1000, Bytes: bytes,
		EventID: eventID, Traceparent: headerOrNull(r, "traceparent"), Remote: remote,
	}
}

// rawPath is the path as it came: without the query, which may hold secrets, and with its
// percent-encoding, without which a caller could begin a line of its own in the log.
func rawPath(r *http.Request) string {
	path, _, _ := strings.Cut(r.RequestURI, "?")
	return path
}

func headerOrNull(r *http.Request, name string) *string {
	value := r.Header.Get(name)
	if value == "" {
		return nil
	}
	return &value
}

func timestamp(at time.Time) string { return at.UTC().Format("2006-01-02T15:04:05.000Z") }

// jsonLine is an entry with its line end. The stacks of PHP are full of arrows, which are no HTML.
func jsonLine(entry any) []byte {
	var line bytes.Buffer
	encoder := json.NewEncoder(&line)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(entry); err != nil { // strings and numbers only: cannot be
		panic(err)
	}
	return line.Bytes()
}

// errorLog writes errors to stderr, in the same two formats.
type errorLog struct {
	json bool
	out  *output
}

// write logs an error; stack may be empty. In text the stack follows the message, indented.
func (l *errorLog) write(message, stack string) {
	if l.json {
		l.out.print(jsonLine(errorRecord{timestamp(time.Now()), "error", message, stack}), nil)
		return
	}
	if stack != "" {
		message += "\n  " + strings.ReplaceAll(strings.TrimRight(stack, "\n"), "\n", "\n  ")
	}
	l.out.print([]byte(message+"\n"), nil)
}
