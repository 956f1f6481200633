package worker

import (
	"encoding/json"
	"io"
	"net/http"

	"runtime-kit/server/answer"
	"runtime-kit/server/ledger"
)

// chunk is what is read of a returned stream at a time.
const chunk = 32 << 10

// streamOf says whether a returned value is to be read: what has a JSON form of its own is not.
func streamOf(value any) (io.Reader, bool) {
	if _, isJSON := value.(json.Marshaler); isJSON {
		return nil, false
	}
	reader, isReader := value.(io.Reader)
	return reader, isReader
}

// stream answers with what a reader gives, each piece as it comes, and closes it where it can be closed.
func (c *call) stream(reader io.Reader) {
	if closer, isCloser := reader.(io.Closer); isCloser {
		defer closer.Close()
	}
	if header := c.response.Header(); header["Content-Type"] == nil {
		header["Content-Type"] = answer.Octets
	}
	buffer := make([]byte, chunk)
	for c.event.Extensions.Request.Method != http.MethodHead {
		n, err := reader.Read(buffer)
		if n > 0 && !c.pass(buffer[:n]) {
			break
		}
		if err == io.EOF {
			break
		}
		if err != nil {
			c.fail(err, "", err)
			return
		}
	}
	c.finish(0, answer.Answer{}, ledger.Succeeded)
}

// pass reports whether somebody still listens.
func (c *call) pass(piece []byte) bool {
	if _, err := c.Write(piece); err != nil {
		return false
	}
	return c.FlushError() == nil
}
