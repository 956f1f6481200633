package main

import (
	"io"
	"os"
	"time"

	"runtime-kit/server/termination"
)

// startup passes a worker's standard error on and keeps its beginning, so that the termination log can
// say why a function could not be loaded.
type startup struct {
	out  io.Writer
	kept []byte
	done chan struct{}
}

func relay(from *os.File, to io.Writer) *startup {
	s := &startup{out: to, done: make(chan struct{})}
	go func() {
		defer close(s.done)
		defer from.Close()
		_, _ = io.Copy(s, from)
	}()
	return s
}

func (s *startup) Write(text []byte) (int, error) {
	room := min(len(text), termination.Limit-len(s.kept))
	s.kept = append(s.kept, text[:room]...)
	return s.out.Write(text)
}

// text is what was printed, once the worker has ended. Should a process that the worker has started keep
// the pipe open, what there is after a moment has to do.
func (s *startup) text() []byte {
	select {
	case <-s.done:
		return s.kept
	case <-time.After(time.Second):
		return nil
	}
}
