package logs

import (
	"bytes"
	"encoding/json"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"runtime-kit/server/ledger"
	"runtime-kit/server/settings"
)

// output is a standard output that can be looked at while it is written.
type output struct {
	mu     sync.Mutex
	writes [][]byte
}

func (o *output) Write(text []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.writes = append(o.writes, bytes.Clone(text))
	return len(text), nil
}

func (o *output) all() []byte {
	o.mu.Lock()
	defer o.mu.Unlock()
	return bytes.Join(o.writes, nil)
}

func entry(target string) *Entry {
	r := httptest.NewRequest("GET", target, nil)
	r.RemoteAddr = "[2001:db8::1]:4711"
	r.Header.Set("User-Agent", "evil\" \x1b[31m\nü")
	return &Entry{Request: r, Arrived: time.Date(2000, 10, 10, 13, 55, 36, 123e6, time.UTC), Took: 1500 * time.Microsecond, Status: 200, Bytes: 2326}
}

func TestCombined(t *testing.T) {
	want := `2001:db8::1 - - [10/Oct/2000:13:55:36 +0000] "GET /a%20b?c=d HTTP/1.1" 200 2326 "-" "evil\" \x1b[31m\x0a\xc3\xbc"` + "\n"
	if got := string(appendCombined(nil, entry("/a%20b?c=d"))); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestJSON(t *testing.T) {
	want := `{"time":"2000-10-10T13:55:36.123Z","level":"info","method":"GET","path":"/a%20b","status":200,` +
		`"durationMs":1.5,"bytes":2326,"eventId":null,"traceparent":null,"remote":"2001:db8::1"}` + "\n"
	if got := string(appendJSON(nil, entry("/a%20b?c=d"))); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestBatchIsWrittenInTimeAndNeverTorn(t *testing.T) {
	var pending ledger.LogBuffer
	out := &output{}
	access := NewAccess(settings.Combined, &pending, out)
	const lines = 200
	start := time.Now()
	for range lines {
		access.Add(entry("/"))
	}
	long := entry("/" + strings.Repeat("x", 2*ledger.LogBufferSize))
	access.Add(long)
	access.Add(entry("/last"))
	for !bytes.Contains(out.all(), []byte("/last")) {
		if time.Since(start) > 5*time.Second {
			t.Fatal("the last line was never written")
		}
		time.Sleep(time.Millisecond)
	}
	if got := bytes.Count(out.all(), []byte("\n")); got != lines+2 {
		t.Errorf("%d lines, want %d", got, lines+2)
	}
	for _, write := range out.writes {
		if !bytes.HasSuffix(write, []byte("\n")) {
			t.Errorf("a write ends within a line: %q", write)
		}
	}
	if len(out.writes) > lines/2 {
		t.Errorf("%d writes for %d lines", len(out.writes), lines)
	}
}

func TestErrorAsJSONIsOneLine(t *testing.T) {
	out := &output{}
	NewErrors(settings.JSON, out).Report("it\nfailed", "at a\nat b\n")
	var got struct{ Level, Message, Stack string }
	if err := json.Unmarshal(out.all(), &got); err != nil || bytes.Count(out.all(), []byte("\n")) != 1 {
		t.Fatalf("%q: %v", out.all(), err)
	}
	if got.Level != "error" || got.Message != "it\nfailed" || got.Stack != "at a\nat b" {
		t.Errorf("got %+v", got)
	}
}
