package request

import (
	"mime"
	"net/http"
	"strings"
)

// content is what a Content-Type header says.
type content struct {
	// mediaType is in lower case, empty where the header is absent.
	mediaType string
	charset   string
}

func contentOf(header http.Header) content {
	values := header["Content-Type"]
	if len(values) == 0 {
		return content{}
	}
	return parseContent(values[0])
}

func parseContent(header string) content {
	if header == "application/json" || header == "text/plain" { // by far the most frequent
		return content{mediaType: header}
	}
	mediaType, parameters, err := mime.ParseMediaType(header)
	if err != nil {
		// Parameters that cannot be read do not change what the type is.
		mediaType, _, _ = strings.Cut(header, ";")
		mediaType = strings.ToLower(strings.TrimSpace(mediaType))
	}
	return content{mediaType: mediaType, charset: parameters["charset"]}
}

func (c content) multipart() bool { return strings.HasPrefix(c.mediaType, "multipart/") }

func (c content) json() bool {
	return c.mediaType == "application/json" || strings.HasSuffix(c.mediaType, "+json")
}

func (c content) text() bool {
	return c.mediaType == "" || c.mediaType == "application/x-www-form-urlencoded" ||
		strings.HasPrefix(c.mediaType, "text/")
}

func (c content) structuredCloudEvent() bool {
	return c.mediaType == "application/cloudevents+json"
}
