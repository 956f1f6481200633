package main

import (
	"encoding/json"
	"net/http/httptest"
	"testing"
	"time"
)

// logged returns the line that a request leaves.
func logged(asJSON bool, headers map[string]string) string {
	var written syncBuffer
	out := newOutput(&written)
	r := httptest.NewRequest("PUT", "/a%2Fb?c=d", nil)
	r.RemoteAddr = "[2001:db8::1]:4711"
	for name, value := range headers {
		r.Header.Set(name, value)
	}
	start := time.Date(2000, 10, 10, 13, 55, 36, 0, time.UTC)
	(&accessLog{asJSON, out}).write(r, 201, 4, start, 1500*time.Microsecond)
	out.flush()
	return written.String()
}

func TestCombinedLine(t *testing.T) {
	got := logged(false, map[string]string{"User-Agent": `a" 200 "`})
	want := `2001:db8::1 - - [10/Oct/2000:13:55:36 +0000] "PUT /a%2Fb?c=d HTTP/1.1" 201 4 "-" "a\" 200 \""` + "\n"
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestJSONLineHasTheContractsKeysAndNoQuery(t *testing.T) {
	for header, id := range map[string]any{"Event-Id": "7", "Ce-Id": "7", "X": nil} {
		var got map[string]any
		if err := json.Unmarshal([]byte(logged(true, map[string]string{header: "7"})), &got); err != nil {
			t.Fatal(err)
		}
		want := map[string]any{
			"time": "2000-10-10T13:55:36.000Z", "level": "info", "method": "PUT", "path": "/a%2Fb", "status": 201.0,
			"durationMs": 1.5, "bytes": 4.0, "eventId": id, "traceparent": nil, "remote": "2001:db8::1",
		}
		for key, value := range want {
			if got[key] != value {
				t.Errorf("%s: %s is %v, not %v", header, key, got[key], value)
			}
		}
		if len(got) != len(want) {
			t.Errorf("keys: %v", got)
		}
	}
}

func TestErrorIsOneLineInJSONAndIndentedInText(t *testing.T) {
	for asJSON, want := range map[bool]string{false: "what\n  a\n  b\n", true: "\n"} {
		var written syncBuffer
		(&errorLog{asJSON, newOutput(&written)}).write("what", "a\nb\n")
		got := written.String()
		if asJSON {
			var record errorRecord
			if err := json.Unmarshal([]byte(got), &record); err != nil || record.Message != "what" || record.Stack != "a\nb\n" || record.Level != "error" {
				t.Errorf("got %s: %v", got, err)
			}
			got = got[len(got)-1:]
		}
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
