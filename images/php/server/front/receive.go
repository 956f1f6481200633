package main

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// receive writes the worker's answer. It reports whether the function was called at all.
func (h *handler) receive(w *reply, r *http.Request, worker *worker) (called bool, err error) {
	kind, payload, err := worker.receive()
	if err != nil {
		return true, err
	}
	switch kind {
	case frameThrown:
		called, err := h.receive(w, r, worker)
		if err == nil {
			err = errAnswered
		}
		return called, err
	case frameAnswer:
		a, err := parseAnswer(payload)
		if err != nil {
			return true, err
		}
		w.whole(a)
		return true, nil
	case frameStart:
		return true, h.stream(w, r, worker, payload)
	case frameFailed:
		h.thrown(r, payload)
		return true, errThrown
	case frameRefused:
		status, reason := split(payload)
		code, err := strconv.Atoi(status)
		if err != nil {
			return false, errBadFrame
		}
		writeText(w, code, reason)
		return false, nil
	}
	return true, errBadFrame
}

// thrown logs what the function threw. The stack repeats the message where there is no earlier error.
func (h *handler) thrown(r *http.Request, payload []byte) {
	message, stack := split(payload)
	h.report(r, message, strings.TrimPrefix(stack, message+"\n"))
}

// stream passes chunks on as they come, until the end of the answer. The function is told to stop when
// its caller is gone: it could go on for ever otherwise, and hold its worker as long.
func (h *handler) stream(w *reply, r *http.Request, worker *worker, head []byte) error {
	a, err := parseHead(head)
	if err != nil {
		return err
	}
	told := make(chan struct{})
	untell := context.AfterFunc(r.Context(), func() { worker.stopStream(); close(told) })
	defer func() {
		if !untell() {
			<-told // before the worker can get another request
		}
	}()
	control := http.NewResponseController(w.ResponseWriter)
	// A caller that does not read must not hold the worker for longer than a call may take.
	_ = control.SetWriteDeadline(time.Now().Add(h.config.timeout))
	w.begin(a)
	unwanted := w.head || !bodyAllowed(a.status)
	if unwanted {
		worker.stopStream()
	}
	gone := false
	for {
		kind, chunk, err := worker.receive()
		switch {
		case err != nil:
			return err
		case kind == frameChunk && (unwanted || gone): // made before it could know
		case kind == frameChunk:
			_, err := w.Write(chunk)
			if err == nil {
				err = control.Flush()
			}
			if isTimeout(err) {
				return errTimeout
			}
			gone = err != nil
		case kind == frameFailed:
			h.thrown(r, chunk)
			return errThrown
		case kind == frameEnd && (gone || r.Context().Err() != nil):
			return errCallerGone
		case kind == frameEnd:
			_ = control.SetWriteDeadline(time.Time{})
			return nil
		default:
			return errBadFrame
		}
	}
}
