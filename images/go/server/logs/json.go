package logs

import (
	"bytes"
	"encoding/json"
	"time"
)

const timeFormat = "2006-01-02T15:04:05.000Z07:00"

// accessRecord is an access line as JSON. Null stands for what the request did not say.
type accessRecord struct {
	Time        string  `json:"time"`
	Level       string  `json:"level"`
	Method      string  `json:"method"`
	Path        string  `json:"path"`
	Status      int     `json:"status"`
	DurationMs  float64 `json:"durationMs"`
	Bytes       int64   `json:"bytes"`
	EventID     *string `json:"eventId"`
	Traceparent *string `json:"traceparent"`
	Remote      string  `json:"remote"`
}

type errorRecord struct {
	Time    string `json:"time"`
	Level   string `json:"level"`
	Message string `json:"message"`
	Stack   string `json:"stack"`
}

func appendJSON(line []byte, e *Entry) []byte {
	return append(line, encode(accessRecord{
		Time:        e.Arrived.UTC().Format(timeFormat),
		Level:       "info",
		Method:      e.Request.Method,
		Path:        Path(e.Request),
		Status:      e.Status,
		DurationMs:  float64(e.Took.Microseconds()) / 1000,
		Bytes:       e.Bytes,
		EventID:     orNull(e.EventID),
		Traceparent: orNull(e.header("Traceparent")),
		Remote:      e.remote(),
	})...)
}

func orNull(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

// encode makes one line of a record. Its fields are text and numbers, which always can be encoded.
func encode(record any) []byte {
	var line bytes.Buffer
	encoder := json.NewEncoder(&line)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(record); err != nil {
		panic(err)
	}
	return line.Bytes()
}

func jsonError(moment time.Time, message, stack string) []byte {
	return encode(errorRecord{moment.UTC().Format(timeFormat), "error", message, stack})
}
