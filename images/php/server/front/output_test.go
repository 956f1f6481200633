package main

import (
	"bytes"
	"os"
	"strings"
	"sync"
	"testing"
)

// syncBuffer is a bytes.Buffer that can be looked at while the output writes to it.
type syncBuffer struct {
	mu sync.Mutex
	bytes.Buffer
}

func (b *syncBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Buffer.Write(p)
}

func TestLinePrintedInPiecesIsNotTornByAnAccessLine(t *testing.T) {
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	var written syncBuffer
	out := newOutput(&written)
	ended := make(chan struct{})
	go func() { out.pump(read); close(ended) }()
	_, _ = write.WriteString("a ")
	out.print([]byte("access\n"), nil)
	_, _ = write.WriteString("line\nrest")
	write.Close()
	<-ended
	if got := written.String(); got != "access\na line\nrest" {
		t.Errorf("got %q", got)
	}
}

func TestCollectedLinesAreWrittenByAFlush(t *testing.T) {
	var written syncBuffer
	out := newOutput(&written)
	out.collect(func(to []byte) []byte { return append(to, "one\n"...) })
	out.flush()
	if got := written.String(); got != "one\n" {
		t.Errorf("got %q", got)
	}
}

func TestWhatFollowsAnUnfinishedLineBeginsOnItsOwn(t *testing.T) {
	var written syncBuffer
	out := newOutput(&written)
	one, other := strings.NewReader(""), strings.NewReader("")
	out.print([]byte("pro"), one)
	out.print([]byte("mpt> "), one)
	out.collect(func(to []byte) []byte { return append(to, "access\n"...) })
	out.print([]byte("rest"), one)
	out.print([]byte("line\n"), other)
	if got := written.String(); got != "prompt> \naccess\nrest\nline\n" {
		t.Errorf("got %q", got)
	}
}
