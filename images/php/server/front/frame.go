package main

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
)

// The front and a worker talk over two pipes.
//
// Front to worker, one request: uint32 length of the head, uint32 length of the body, head, body.
// The head is a list of strings with a NUL between (HTTP allows none in them): method, target,
// protocol version, remote address, host, then header names and values in turn.
//
// Worker to front, frames: one letter, uint32 length, payload.
const (
	frameLoaded  = 'L' // the module is loaded; sent once, first
	frameNotLoad = 'X' // it cannot be: the reason, for people; the worker ends
	frameAnswer  = 'A' // a whole answer: uint32 length of the head, head, body
	frameStart   = 'H' // a streamed answer begins: the head
	frameChunk   = 'C' // a piece of its body
	frameEnd     = 'E' // it is complete
	frameFailed  = 'F' // the function threw: message NUL stack
	frameThrown  = 'T' // the function threw what the next frame answers
	frameRefused = 'R' // the request was no good and the function not called: status NUL reason
	frameEnding  = 'Z' // the worker ends in the middle of a call: the reason, for people
)

// stopStreaming goes to a worker that streams: nobody listens any more. It looks like the lengths of
// an empty request; a worker that has come to the end by then skips it.
var stopStreaming = make([]byte, 8)

// The head of an answer is a list like that of a request: status, then names and values in turn.

// A frame longer than this is a broken worker, not a large answer: it would be 1 GiB in memory.
const longestFrame = 1 << 30

var errBadFrame = errors.New("the worker broke the protocol")

// appendRequest appends the request in wire form, all but its body.
func appendRequest(to []byte, r *http.Request, bodyLength int) []byte {
	start := len(to)
	to = append(to, 0, 0, 0, 0, 0, 0, 0, 0)
	to = append(to, r.Method...)
	to = append(append(to, 0), r.RequestURI...)
	to = append(append(to, 0), r.Proto[len("HTTP/"):]...)
	to = append(append(to, 0), r.RemoteAddr...)
	to = append(append(to, 0), r.Host...)
	for name, values := range r.Header {
		for _, value := range values {
			to = append(append(to, 0), name...)
			to = append(append(to, 0), value...)
		}
	}
	binary.BigEndian.PutUint32(to[start:], uint32(len(to)-start-8))
	binary.BigEndian.PutUint32(to[start+4:], uint32(bodyLength))
	return to
}

// readFrame reads one frame. The payload is the caller's to keep.
func readFrame(from *bufio.Reader) (kind byte, payload []byte, err error) {
	var lead [5]byte
	if _, err = io.ReadFull(from, lead[:]); err != nil {
		return 0, nil, err
	}
	length := binary.BigEndian.Uint32(lead[1:])
	if length > longestFrame {
		return 0, nil, errBadFrame
	}
	payload = make([]byte, length)
	_, err = io.ReadFull(from, payload)
	return lead[0], payload, err
}

// answer is what a function answered: its status and headers, and its body where that is whole.
type answer struct {
	status  int
	headers []string // names and values in turn
	body    []byte
}

// parseAnswer takes a frameAnswer apart.
func parseAnswer(payload []byte) (answer, error) {
	if len(payload) < 4 {
		return answer{}, errBadFrame
	}
	length := int(binary.BigEndian.Uint32(payload))
	if length > len(payload)-4 {
		return answer{}, errBadFrame
	}
	a, err := parseHead(payload[4 : 4+length])
	a.body = payload[4+length:]
	return a, err
}

// parseHead takes a frameStart, or the head of a frameAnswer, apart.
func parseHead(head []byte) (answer, error) {
	fields := strings.Split(string(head), "\x00")
	status, err := strconv.Atoi(fields[0])
	// 1xx is not an answer: it would leave the caller waiting for one.
	if err != nil || len(fields)%2 == 0 || status < 200 || status > 999 {
		return answer{}, errBadFrame
	}
	return answer{status: status, headers: fields[1:]}, nil
}

// split takes a payload of two strings apart.
func split(payload []byte) (string, string) {
	first, second, _ := strings.Cut(string(payload), "\x00")
	return first, second
}
