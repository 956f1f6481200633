// Package settings reads the environment of the runtime contract.
package settings

import (
	"errors"
	"os"
	"time"
)

const mebibyte = 1 << 20

// LogFormat is how access and error lines look.
type LogFormat string

const (
	Combined LogFormat = "combined"
	JSON     LogFormat = "json"
)

// Settings is the environment, checked and converted. Sizes are in bytes.
type Settings struct {
	Port    int
	Root    string
	Module  string
	Handler string

	Timeout         time.Duration
	ShutdownTimeout time.Duration
	DrainDelay      time.Duration

	BodyLimit      int64
	MultipartLimit int64
	// Workers is the number of threads that run Go code, 0 for what the container's CPU quota gives.
	// Other languages start processes here; one Go process uses all CPUs.
	Workers int

	LogFormat LogFormat
	// CORSOrigin is empty where CORS is off.
	CORSOrigin string

	// TimeoutText, Runtime and MemoryLimit are handed to the function as the platform wrote them.
	TimeoutText string
	Runtime     string
	MemoryLimit string
}

// Load reads the environment of this process.
//
// The error has one line for each variable that cannot be used: name, value and the fix.
func Load() (Settings, error) {
	reader := reader{lookup: os.LookupEnv}
	loaded := reader.settings()
	return loaded, errors.Join(reader.problems...)
}

func (r *reader) settings() Settings {
	timeout := r.seconds("FUNC_TIMEOUT", 180, "a number of seconds above 0", func(s float64) bool { return s > 0 })
	notNegative := func(s float64) bool { return s >= 0 }
	return Settings{
		Port:    r.integer("FUNC_PORT", 8080, 1, 65535, "a port number from 1 to 65535"),
		Root:    r.text("MOD_ROOT_PATH", "/kubeless"),
		Module:  r.module(),
		Handler: r.required("FUNC_HANDLER", "the name of the function that is to be called"),

		Timeout:         timeout,
		ShutdownTimeout: r.seconds("FUNC_SHUTDOWN_TIMEOUT", 10, "a number of seconds from 0", notNegative),
		DrainDelay:      r.seconds("FUNC_DRAIN_DELAY", 0, "a number of seconds from 0", notNegative),

		BodyLimit:      r.mebibytes("REQ_MB_LIMIT", 1),
		MultipartLimit: r.mebibytes("REQ_MULTIPART_MB_LIMIT", 32),
		Workers:        r.integer("FUNC_WORKERS", 0, 1, 1024, "a whole number from 1 to 1024"),

		LogFormat:  r.logFormat(),
		CORSOrigin: r.corsOrigin(),

		TimeoutText: r.text("FUNC_TIMEOUT", "180"),
		Runtime:     r.text("FUNC_RUNTIME", ""),
		MemoryLimit: r.text("FUNC_MEMORY_LIMIT", ""),
	}
}
