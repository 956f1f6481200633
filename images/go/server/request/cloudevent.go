package request

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"

	"github.com/kubeless/kubeless/pkg/functions"
)

// fillFromHeaders sets the event's four fields from Kubeless's headers, and what these leave open from
// a CloudEvent, in whichever of the two modes it came.
func fillFromHeaders(event *functions.Event, header http.Header) {
	if event.Extensions.CloudEvent == nil {
		event.Extensions.CloudEvent = binaryCloudEvent(header)
	}
	attributes := event.Extensions.CloudEvent
	event.EventID = headerOr(header, "Event-Id", attributes, "id")
	event.EventType = headerOr(header, "Event-Type", attributes, "type")
	event.EventTime = headerOr(header, "Event-Time", attributes, "time")
	event.EventNamespace = headerOr(header, "Event-Namespace", attributes, "source")
}

// headerOr takes a header name in canonical form.
func headerOr(header http.Header, name string, attributes map[string]any, attribute string) string {
	if values := header[name]; len(values) > 0 {
		return strings.Join(values, ", ")
	}
	text, _ := attributes[attribute].(string)
	return text
}

// binaryCloudEvent collects the ce-* headers, nil where there are none.
func binaryCloudEvent(header http.Header) map[string]any {
	var attributes map[string]any
	for name, values := range header {
		if !strings.HasPrefix(name, "Ce-") || len(values) == 0 {
			continue
		}
		if attributes == nil {
			attributes = map[string]any{}
		}
		// The HTTP binding has values percent-encoded; one that is not is taken as it stands.
		value, err := url.PathUnescape(values[0])
		if err != nil {
			value = values[0]
		}
		attributes[strings.ToLower(name[len("Ce-"):])] = value
	}
	return attributes
}

// unpackCloudEvent takes a structured event apart; text is valid JSON.
func unpackCloudEvent(event *functions.Event, text []byte) *Refusal {
	var envelope map[string]json.RawMessage
	if err := json.Unmarshal(text, &envelope); err != nil || envelope == nil {
		return malformedCloudEvent("it is not a JSON object")
	}
	attributes := make(map[string]any, len(envelope))
	for name, raw := range envelope {
		if name == "data" || name == "data_base64" {
			continue
		}
		var value any
		if err := json.Unmarshal(raw, &value); err != nil {
			return malformedJSON(err)
		}
		attributes[name] = value
	}
	for _, required := range []string{"specversion", "id", "source", "type"} {
		if value, _ := attributes[required].(string); value == "" {
			return malformedCloudEvent(required + " is missing or not a text")
		}
	}
	event.Extensions.CloudEvent = attributes
	return setData(event, envelope)
}

func setData(event *functions.Event, envelope map[string]json.RawMessage) *Refusal {
	if raw, ok := envelope["data_base64"]; ok {
		var encoded *string
		if json.Unmarshal(raw, &encoded) != nil || encoded == nil {
			return malformedCloudEvent("data_base64 is not a text")
		}
		data, err := base64.StdEncoding.DecodeString(*encoded)
		if err != nil || strings.ContainsAny(*encoded, "\r\n") { // Go passes over line ends
			return malformedCloudEvent("data_base64 is not base64")
		}
		event.Data = string(data)
		return nil
	}
	raw := envelope["data"]
	declared, _ := event.Extensions.CloudEvent["datacontenttype"].(string)
	var text string
	if declared != "" && !parseContent(declared).json() && json.Unmarshal(raw, &text) == nil {
		event.Data = text
	} else if string(raw) != "null" {
		event.Data = string(raw)
	}
	return nil
}

func malformedCloudEvent(reason string) *Refusal {
	return refusal(http.StatusBadRequest, "Malformed CloudEvent: "+reason)
}
