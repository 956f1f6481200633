package request

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/kubeless/kubeless/pkg/functions"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/unicode"
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
		// A byte order mark is no JSON; RFC 8259, 8.1, lets a parser pass over it.
		text = bytes.TrimPrefix(text, []byte("\ufeff"))
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
	encoding, err := encodingOf(charset)
	if err != nil {
		return nil, refusal(http.StatusUnsupportedMediaType, "Unsupported charset: "+charset)
	}
	if name, _ := htmlindex.Name(encoding); name == "utf-8" {
		return body, nil
	}
	text, err := encoding.NewDecoder().Bytes(body)
	if err != nil {
		return nil, refusal(http.StatusBadRequest, fmt.Sprintf("Malformed text: it is not %s", charset))
	}
	return text, nil
}

// encodingOf goes by the names that the web uses. There utf-16 means its little-endian form; a byte order
// mark, which that name allows, says more.
func encodingOf(charset string) (encoding.Encoding, error) {
	if strings.EqualFold(charset, "utf-16") {
		return unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), nil
	}
	return htmlindex.Get(charset)
}

func checkJSON(text []byte) *Refusal {
	if !utf8.Valid(text) {
		return refusal(http.StatusBadRequest, "Malformed JSON: the text is not UTF-8")
	}
	if json.Valid(text) {
		return nil
	}
	var ignored json.RawMessage
	return malformedJSON(json.Unmarshal(text, &ignored))
}

func malformedJSON(err error) *Refusal {
	return refusal(http.StatusBadRequest, "Malformed JSON: "+err.Error())
}
