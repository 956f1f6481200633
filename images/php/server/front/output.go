package main

import (
	"bytes"
	"io"
	"sync"
	"time"
)

const (
	// flushEvery is well under the 100 ms that the contract gives an access line.
	flushEvery = 40 * time.Millisecond
	flushAt    = 32 << 10
)

// output is a standard stream that lines of several sources share without tearing each other.
// Access lines are collected and written in batches, what functions print goes out at once.
type output struct {
	mu     sync.Mutex
	to     io.Writer
	buffer []byte
	timer  *time.Timer
	armed  bool
	// unfinished is who printed the last piece, where that has no line end yet.
	unfinished io.Reader
}

func newOutput(to io.Writer) *output {
	o := &output{to: to, buffer: make([]byte, 0, flushAt+4096)}
	o.timer = time.AfterFunc(time.Hour, o.flush)
	o.timer.Stop()
	return o
}

// collect adds what appendTo appends, whole lines, to the next batch.
func (o *output) collect(appendTo func([]byte) []byte) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.endLine(nil)
	o.buffer = appendTo(o.buffer)
	if len(o.buffer) >= flushAt {
		o.write()
	} else if !o.armed {
		o.armed = true
		o.timer.Reset(flushEvery)
	}
}

// print writes what is collected, then text, at once. from is the worker's pipe that it came through,
// nil for whole lines of the front's own.
func (o *output) print(text []byte, from io.Reader) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.endLine(from)
	o.buffer = append(o.buffer, text...)
	if !bytes.HasSuffix(text, []byte("\n")) {
		o.unfinished = from
	}
	o.write()
}

// endLine lets what follows begin on a line of its own, unless it continues the unfinished one.
func (o *output) endLine(from io.Reader) {
	if o.unfinished != nil && o.unfinished != from {
		o.buffer = append(o.buffer, '\n')
	}
	o.unfinished = nil
}

func (o *output) flush() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.write()
}

func (o *output) write() {
	o.armed = false
	if len(o.buffer) > 0 {
		// A closed standard stream is no reason to stop serving; there is nowhere to tell it.
		_, _ = o.to.Write(o.buffer)
		o.buffer = o.buffer[:0]
	}
}

// partialAfter is how long a piece without line end waits for its rest, so that a line printed in
// pieces stays whole, on a busy machine too, and a prompt without line end still appears.
const partialAfter = 75 * time.Millisecond

// longestLine is how much is held back while its line end is awaited.
const longestLine = 64 << 10

// deadlineReader is the reading end of a worker's output: an *os.File of a pipe.
type deadlineReader interface {
	io.Reader
	SetReadDeadline(time.Time) error
}

// pump copies what a worker prints to the stream, line by line, until the pipe ends.
func (o *output) pump(from deadlineReader) {
	pending := make([]byte, 0, 4096)
	chunk := make([]byte, 16<<10)
	for {
		n, err := from.Read(chunk)
		pending = append(pending, chunk[:n]...)
		if err == nil {
			end := bytes.LastIndexByte(pending, '\n') + 1
			if end == 0 && len(pending) > longestLine {
				end = len(pending)
			}
			if end > 0 {
				o.print(pending[:end], from)
				pending = append(pending[:0], pending[end:]...)
			}
		} else if len(pending) > 0 {
			o.print(pending, from)
			pending = pending[:0]
		}
		if err != nil && !isTimeout(err) {
			return
		}
		wait := time.Time{}
		if len(pending) > 0 {
			wait = time.Now().Add(partialAfter)
		}
		if from.SetReadDeadline(wait) != nil {
			return
		}
	}
}
