package settings

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// longest is the most seconds that a time.Duration holds.
const longest = float64(math.MaxInt64 / int64(time.Second))

// reader collects problems instead of stopping at the first one.
type reader struct {
	lookup   func(name string) (value string, set bool)
	problems []error
}

func (r *reader) report(name, value, want, fallback string) {
	hint := ""
	if fallback != "" {
		hint = fmt.Sprintf(" (or leave it unset for %s)", fallback)
	}
	r.problems = append(r.problems, fmt.Errorf("%s is %q: set it to %s%s", name, value, want, hint))
}

func (r *reader) text(name, fallback string) string {
	if value, set := r.lookup(name); set && value != "" {
		return value
	}
	return fallback
}

func (r *reader) required(name, want string) string {
	value, _ := r.lookup(name)
	if value == "" {
		r.report(name, value, want, "")
	}
	return value
}

// module is a file name without suffix, and never a way out of the function's folder.
func (r *reader) module() string {
	const want = "the name of the function's file without its suffix"
	value := r.required("MOD_NAME", want)
	if strings.ContainsAny(value, `/\`) || value == "." || value == ".." {
		r.report("MOD_NAME", value, want+" and without a path", "")
	}
	return value
}

func (r *reader) integer(name string, fallback, least, most int, want string) int {
	value, set := r.lookup(name)
	if !set || value == "" {
		return fallback
	}
	number, err := strconv.Atoi(value)
	if err != nil || number < least || number > most {
		hint := strconv.Itoa(fallback)
		if fallback < least {
			hint = "the container's own number"
		}
		r.report(name, value, want, hint)
		return fallback
	}
	return number
}

func (r *reader) seconds(name string, fallback float64, want string, valid func(float64) bool) time.Duration {
	inTime := func(seconds float64) bool { return seconds < longest && valid(seconds) }
	return time.Duration(r.number(name, fallback, want, inTime) * float64(time.Second))
}

// mebibytes reads a size and gives it in bytes.
func (r *reader) mebibytes(name string, fallback float64) int64 {
	const most = 4095
	want := fmt.Sprintf("a number of MiB above 0, at most %d", most)
	return int64(r.number(name, fallback, want, func(m float64) bool { return m > 0 && m <= most }) * mebibyte)
}

func (r *reader) number(name string, fallback float64, want string, valid func(float64) bool) float64 {
	value, set := r.lookup(name)
	if !set || value == "" {
		return fallback
	}
	number, err := strconv.ParseFloat(value, 64)
	if err != nil || math.IsNaN(number) || !valid(number) {
		r.report(name, value, want, strconv.FormatFloat(fallback, 'f', -1, 64))
		return fallback
	}
	return number
}

func (r *reader) logFormat() LogFormat {
	format := LogFormat(r.text("LOG_FORMAT", string(Combined)))
	if format != Combined && format != JSON {
		r.report("LOG_FORMAT", string(format), `"combined" or "json"`, string(Combined))
	}
	return format
}

func (r *reader) corsOrigin() string {
	origin := r.text("CORS_ORIGIN", "*")
	if origin == "off" {
		return ""
	}
	if strings.ContainsAny(origin, "\r\n") {
		r.report("CORS_ORIGIN", origin, `an origin such as https://example.com, "*" or "off"`, "*")
	}
	return origin
}
