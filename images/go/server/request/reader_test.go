package request

import (
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"

	"github.com/kubeless/kubeless/pkg/functions"
)

func read(t *testing.T, body, contentType string, headers ...string) (functions.Event, *Refusal) {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	reader := Reader{BodyLimit: mebibyte, MultipartLimit: 2 * mebibyte}
	return reader.Event(httptest.NewRecorder(), r)
}

func TestDataByContentType(t *testing.T) {
	for _, c := range []struct{ contentType, body, want string }{
		{"", "plain 😀", "plain 😀"},
		{"text/plain; charset=iso-8859-1", "gr\xfc\xdfe", "grüße"},
		{"text/plain; charset=UTF-16LE", "h\x00i\x00", "hi"},
		{"text/plain; charset=UTF-16", "h\x00i\x00", "hi"},
		{"text/plain; charset=utf-16", "\xff\xfeh\x00i\x00", "hi"},
		{"text/plain; charset=utf-16", "\xfe\xff\x00h\x00i", "hi"},
		{"application/json; charset=utf-16le", "\xff\xfe1\x00", "1"},
		{"application/json", "\xef\xbb\xbf1", "1"},
		{"text/csv; charset=shift_jis", "\x93\xfa\x96{", "日本"},
		{"application/x-www-form-urlencoded", "a=1&b=2", "a=1&b=2"},
		{"application/json", ` {"a": 1}`, ` {"a": 1}`},
		{"application/problem+json; charset=utf-8", `"ü"`, `"ü"`},
		{"application/xml; charset=iso-8859-1", "<a>\xfc</a>", "<a>\xfc</a>"},
		{"image/svg+xml; charset=utf-16", "<a/>", "<a/>"},
		{"application/octet-stream", "\x00\xff\xfe", "\x00\xff\xfe"},
		{"application/octet-stream; charset=iso-8859-1", "\xfc", "\xfc"},
		{"image/png", "", ""},
	} {
		event, refusal := read(t, c.body, c.contentType)
		if refusal != nil || event.Data != c.want {
			t.Errorf("%s: got %q, %+v, want %q", c.contentType, event.Data, refusal, c.want)
		}
	}
}

func TestRefusals(t *testing.T) {
	for _, c := range []struct {
		name, contentType, body, text string
		status                        int
	}{
		{"cut JSON", "application/json", `{"a":`, "Malformed JSON: unexpected end of JSON input", 400},
		{"bytes in JSON", "application/json", "\"\xff\"", "Malformed JSON: the text is not UTF-8", 400},
		{"two values", "application/json", `1 2`, "Malformed JSON: invalid character '2' after top-level value", 400},
		{"large", "", strings.Repeat("x", mebibyte+1), "Request body exceeds REQ_MB_LIMIT=1 MiB", 413},
		{"large form", "multipart/form-data; boundary=x", strings.Repeat("x", 2*mebibyte+1), "Request body exceeds REQ_MULTIPART_MB_LIMIT=2 MiB", 413},
		{"charset", "text/plain; charset=klingon", "x", "Unsupported charset: klingon", 415},
		{"event without id", "application/cloudevents+json", `{"specversion":"1.0","source":"s","type":"t"}`, "Malformed CloudEvent: id is missing or not a text", 400},
		{"event that is a list", "application/cloudevents+json", `[]`, "Malformed CloudEvent: it is not a JSON object", 400},
		{"null for base64", "application/cloudevents+json", `{"specversion":"1.0","id":"1","source":"s","type":"t","data_base64":null}`, "Malformed CloudEvent: data_base64 is not a text", 400},
		{"base64 in lines", "application/cloudevents+json", `{"specversion":"1.0","id":"1","source":"s","type":"t","data_base64":"aG\nk="}`, "Malformed CloudEvent: data_base64 is not base64", 400},
		{"base64", "application/cloudevents+json", `{"specversion":"1.0","id":"1","source":"s","type":"t","data_base64":"?"}`, "Malformed CloudEvent: data_base64 is not base64", 400},
	} {
		_, refusal := read(t, c.body, c.contentType)
		if refusal == nil || *refusal != (Refusal{c.status, c.text, c.status == 413}) {
			t.Errorf("%s: got %+v", c.name, refusal)
		}
	}
}

func TestChunkedBodyOverTheLimitIsNotReadToItsEnd(t *testing.T) {
	body := strings.NewReader(strings.Repeat("x", 3*mebibyte))
	r := httptest.NewRequest(http.MethodPost, "/", body)
	r.ContentLength = -1
	reader := Reader{BodyLimit: mebibyte}
	_, refusal := reader.Event(httptest.NewRecorder(), r)
	if refusal == nil || refusal.Status != http.StatusRequestEntityTooLarge {
		t.Fatalf("got %+v", refusal)
	}
	if body.Len() < mebibyte {
		t.Errorf("only %d bytes were left unread", body.Len())
	}
}

func TestRequestBodyCanBeReadAgain(t *testing.T) {
	event, _ := read(t, "a=1&b=2", "application/x-www-form-urlencoded")
	if got := event.Extensions.Request.PostFormValue("b"); got != "2" {
		t.Errorf("got %q", got)
	}
}

func TestMultipartIsLeftForTheFunction(t *testing.T) {
	const body = "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--x--\r\n"
	event, refusal := read(t, body, "multipart/form-data; boundary=x")
	if refusal != nil || event.Data != "" || event.Extensions.Request.FormValue("a") != "1" {
		t.Errorf("got %q, %+v", event.Data, refusal)
	}
}

func TestEventHeadersComeBeforeCloudEvents(t *testing.T) {
	event, _ := read(t, "", "", "event-id", "1", "ce-id", "2", "ce-source", "/caf%C3%A9", "ce-specversion", "1.0", "ce-shard", "7")
	if event.EventID != "1" || event.EventNamespace != "/café" || event.EventType != "" {
		t.Errorf("got %+v", event)
	}
	want := map[string]any{"id": "2", "source": "/café", "specversion": "1.0", "shard": "7"}
	if !reflect.DeepEqual(event.Extensions.CloudEvent, want) {
		t.Errorf("got %v", event.Extensions.CloudEvent)
	}
}

func TestStructuredCloudEventData(t *testing.T) {
	const envelope = `{"specversion":"1.0","id":"1","source":"s","type":"t"`
	for member, want := range map[string]string{
		``:                     "",
		`,"data":null`:         "",
		`,"data":{"a":[1, 2]}`: `{"a":[1, 2]}`,
		`,"data":"text"`:       `"text"`,
		`,"datacontenttype":"text/plain","data":"text"`:                              "text",
		`,"data_base64":"` + base64.StdEncoding.EncodeToString([]byte{0, 255}) + `"`: "\x00\xff",
	} {
		event, refusal := read(t, envelope+member+"}", "application/cloudevents+json")
		if refusal != nil || event.Data != want || event.EventID != "1" || event.EventNamespace != "s" {
			t.Errorf("%s: got %q, %+v, %+v", member, event.Data, event, refusal)
		}
	}
}
