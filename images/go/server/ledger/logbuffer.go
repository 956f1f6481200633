package ledger

import "sync/atomic"

// LogBufferSize is PIPE_BUF: what is written to a pipe in one piece up to this size is never torn by
// another process that writes to the same pipe.
const LogBufferSize = 4096

// LogBuffer holds access log lines until they are written together. The worker appends and writes; when
// it died before it could write, the supervisor does.
type LogBuffer struct {
	length atomic.Int64
	bytes  [LogBufferSize]byte
}

// Append takes whole lines and reports whether they fitted in. Only one goroutine may call it at a time.
func (b *LogBuffer) Append(lines []byte) bool {
	length := int(b.length.Load())
	if length+len(lines) > LogBufferSize {
		return false
	}
	copy(b.bytes[length:], lines)
	b.length.Store(int64(length + len(lines)))
	return true
}

// Pending is what waits to be written. It is valid until the next Append or Clear.
func (b *LogBuffer) Pending() []byte { return b.bytes[:b.length.Load()] }

// Clear forgets what was pending.
func (b *LogBuffer) Clear() { b.length.Store(0) }
