package logs

import (
	"strconv"
	"sync/atomic"
	"time"
)

const hexDigits = "0123456789abcdef"

// appendCombined formats an entry as Apache's combined log line.
func appendCombined(line []byte, e *Entry) []byte {
	line = append(line, e.remote()...)
	line = append(line, " - - ["...)
	line = append(line, clock(e.Arrived)...)
	line = append(line, `] "`...)
	line = append(line, e.Request.Method...)
	line = append(line, ' ')
	line = appendEscaped(line, e.Request.RequestURI)
	line = append(line, ' ')
	line = append(line, e.Request.Proto...)
	line = append(line, `" `...)
	line = strconv.AppendInt(line, int64(e.Status), 10)
	line = append(line, ' ')
	line = strconv.AppendInt(line, e.Bytes, 10)
	line = appendQuoted(line, e.header("Referer"))
	line = appendQuoted(line, e.header("User-Agent"))
	return append(line, '\n')
}

func appendQuoted(line []byte, value string) []byte {
	if value == "" {
		return append(line, ` "-"`...)
	}
	line = append(line, ` "`...)
	line = appendEscaped(line, value)
	return append(line, '"')
}

// appendEscaped keeps a caller from ending a field or a line: what callers send is escaped as Apache does.
func appendEscaped(line []byte, value string) []byte {
	for i := 0; i < len(value); i++ {
		switch c := value[i]; {
		case c == '"' || c == '\\':
			line = append(line, '\\', c)
		case c < 0x20 || c >= 0x7f:
			line = append(line, '\\', 'x', hexDigits[c>>4], hexDigits[c&15])
		default:
			line = append(line, c)
		}
	}
	return line
}

// second is one second's text: all lines of a second share it.
type second struct {
	unix int64
	text string
}

var lastSecond atomic.Pointer[second]

func clock(moment time.Time) string {
	unix := moment.Unix()
	if last := lastSecond.Load(); last != nil && last.unix == unix {
		return last.text
	}
	text := moment.UTC().Format("02/Jan/2006:15:04:05 -0700")
	lastSecond.Store(&second{unix, text})
	return text
}
