package request

import (
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/kubeless/kubeless/pkg/functions"
	"golang.org/x/text/encoding/htmlindex"
)

// interpret sets the event's data by the body's content type. A body is never empty here.
func interpret(event *functions.Event, content content, body []byte) *Refusal {
	if !content.json() && !content.text() {
		event.Data = string(body)
		return nil
	}
	text, refusal := decode(body, content.charset)
	if refusal != nil {
		return refusal
	}
	if content.json() {
		if refusal := checkJSON(text); refusal != nil {
			return refusal
		}
	}
	if content.structuredCloudEvent() {
		return unpackCloudEvent(event, text)
	}
	event.Data = string(text)
	return nil
}

// decode turns text into UTF-8. An absent charset means UTF-8, as on the web.
func decode(body []byte, charset string) ([]byte, *Refusal) {
	if charset == "" {
		return body, nil
	}
	encoding, err := htmlindex.Get(charset)
	if err != nil {
		return nil, &Refusal{http.StatusUnsupportedMediaType, fmt.Sprintf("Unsupported charset: %q", charset)}
	}
	if name, _ := htmlindex.Name(encoding); name == "utf-8" {
		return body, nil
	}
	text, err := encoding.NewDecoder().Bytes(body)
	if err != nil {
		return nil, &Refusal{http.StatusBadRequest, fmt.Sprintf("Malformed text: it is not %s", charset)}
	}
	return text, nil
}

func checkJSON(text []byte) *Refusal {
	if json.Valid(text) {
		return nil
	}
	var ignored json.RawMessage
	return malformedJSON(json.Unmarshal(text, &ignored))
}

func malformedJSON(err error) *Refusal {
	return &Refusal{http.StatusBadRequest, "Malformed JSON: " + err.Error()}
}
