package logs

import (
	"io"
	"strings"
	"time"

	"runtime-kit/server/settings"
)

// Errors writes errors, each in one piece.
type Errors struct {
	json bool
	out  io.Writer
}

// NewErrors makes an error log that writes to out.
func NewErrors(format settings.LogFormat, out io.Writer) *Errors {
	return &Errors{json: format == settings.JSON, out: out}
}

// Report writes a message and, where there is one, the stack that led to it.
func (e *Errors) Report(message, stack string) {
	stack = strings.TrimRight(stack, "\n")
	if e.json {
		_, _ = e.out.Write(jsonError(time.Now(), message, stack))
		return
	}
	text := "runtime-kit: " + message + "\n"
	if stack != "" {
		text += stack + "\n"
	}
	_, _ = io.WriteString(e.out, text)
}

// Write makes Errors the target of the standard library's server log.
func (e *Errors) Write(line []byte) (int, error) {
	e.Report(strings.TrimRight(string(line), "\n"), "")
	return len(line), nil
}
