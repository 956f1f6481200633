package logs

import (
	"io"
	"sync"
	"time"

	"runtime-kit/server/ledger"
	"runtime-kit/server/settings"
)

// flushAfter is how long an access line may wait for company.
const flushAfter = 50 * time.Millisecond

// Access writes access lines in batches: a write for each line costs more than the rest of the line.
// What waits lies in shared memory, where the supervisor finds it if this process dies.
type Access struct {
	format  func([]byte, *Entry) []byte
	pending *ledger.LogBuffer
	out     io.Writer

	mu    sync.Mutex
	line  []byte
	timer *time.Timer
	armed bool
}

// NewAccess makes an access log that writes to out. pending belongs to it alone.
func NewAccess(format settings.LogFormat, pending *ledger.LogBuffer, out io.Writer) *Access {
	a := &Access{format: appendCombined, pending: pending, out: out}
	if format == settings.JSON {
		a.format = appendJSON
	}
	a.timer = time.AfterFunc(time.Hour, a.Flush)
	a.timer.Stop()
	return a
}

// Add takes an entry into the batch.
func (a *Access) Add(entry *Entry) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.line = a.format(a.line[:0], entry)
	if !a.pending.Append(a.line) {
		a.write()
		if !a.pending.Append(a.line) { // longer than the whole buffer
			_, _ = a.out.Write(a.line)
			return
		}
	}
	if !a.armed {
		a.armed = true
		a.timer.Reset(flushAfter)
	}
}

// Flush writes what waits.
func (a *Access) Flush() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.armed = false
	a.write()
}

// write has nobody to tell that standard output is gone, so it drops the lines then.
func (a *Access) write() {
	if lines := a.pending.Pending(); len(lines) > 0 {
		_, _ = a.out.Write(lines)
		a.pending.Clear()
	}
}
