package main

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// received returns what readBody makes of a body that a real client sends.
func received(t *testing.T, contentType, body string, chunked bool) (got string, refused bodyError) {
	t.Helper()
	c := &config{bodyLimit: 10, multipartLimit: 20}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		read, err := readBody(c, w, r)
		if err != nil && !errors.As(err, &refused) {
			t.Errorf("not a bodyError: %v", err)
		}
		got = string(read)
	}))
	defer server.Close()
	var reader io.Reader = strings.NewReader(body)
	if chunked {
		reader = io.MultiReader(reader) // whose length the client cannot tell
	}
	response, err := http.Post(server.URL, contentType, reader)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	return got, refused
}

func TestBodyLimitGoesByTheType(t *testing.T) {
	for _, chunked := range []bool{false, true} {
		for contentType, limit := range map[string]int{"text/plain": 10, "Multipart/form-data; boundary=x": 20} {
			whole := strings.Repeat("x", limit)
			if got, refused := received(t, contentType, whole, chunked); got != whole || refused != (bodyError{}) {
				t.Errorf("%s: got %q, %v", contentType, got, refused)
			}
			_, refused := received(t, contentType, whole+"x", chunked)
			name := map[int]string{10: "REQ_MB_LIMIT=", 20: "REQ_MULTIPART_MB_LIMIT="}[limit]
			if refused.status != http.StatusRequestEntityTooLarge || !strings.Contains(refused.text, name) {
				t.Errorf("%s: got %+v", contentType, refused)
			}
		}
	}
}
