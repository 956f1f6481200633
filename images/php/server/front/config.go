package main

import (
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// mostWorkersUnset is how many workers the pool may grow to where FUNC_WORKERS is not set. A PHP
// worker serves one call at a time, so waiting calls need processes, not processors.
const mostWorkersUnset = 16

// leastWorkersUnset are kept ready, so that a few calls at once need not wait for a process.
const leastWorkersUnset = 4

// config is the environment of the contract, checked. Sizes are bytes.
type config struct {
	script          string // the worker's PHP entry file
	php             string // the PHP binary
	root            string // folder of the function
	module          string
	handler         string
	port            int
	timeout         time.Duration
	drainDelay      time.Duration
	shutdownTimeout time.Duration
	bodyLimit       int64
	multipartLimit  int64
	warmWorkers     int // kept alive while idle
	mostWorkers     int // reached only while calls wait
	jsonLog         bool
	corsOrigin      string // empty: no CORS headers
	terminationLog  string
}

// configError is one bad value: what it is called, what it says, how to mend it.
type configError struct{ name, value, fix string }

func (e configError) Error() string {
	return fmt.Sprintf("runtime-kit: %s is %q: %s", e.name, e.value, e.fix)
}

// readConfig reads and checks the environment. It returns the first bad value as a configError.
func readConfig(getenv func(string) string) (config, error) {
	env := reader{getenv: getenv}
	c := config{
		script:          env.text("FUNC_WORKER_SCRIPT", scriptBesideFront()),
		php:             env.command("FUNC_PHP_BINARY", "php"),
		root:            env.text("MOD_ROOT_PATH", "/kubeless"),
		port:            int(env.integer("FUNC_PORT", 8080, 1, 65535)),
		timeout:         env.seconds("FUNC_TIMEOUT", 180, false),
		drainDelay:      env.seconds("FUNC_DRAIN_DELAY", 0, true),
		shutdownTimeout: env.seconds("FUNC_SHUTDOWN_TIMEOUT", 10, true),
		bodyLimit:       env.mebibytes("REQ_MB_LIMIT", 1),
		multipartLimit:  env.mebibytes("REQ_MULTIPART_MB_LIMIT", 32),
		warmWorkers:     int(env.integer("FUNC_WORKERS", 0, 1, 1000)),
		jsonLog:         env.choice("LOG_FORMAT", "combined", "json") == "json",
		corsOrigin:      env.text("CORS_ORIGIN", "*"),
		terminationLog:  env.text("KUBELESS_TERMINATION_LOG", "/dev/termination-log"),
	}
	c.module = env.name("MOD_NAME", "the function file's name without .php")
	c.handler = env.name("FUNC_HANDLER", "the name of the function to call")
	c.mostWorkers = c.warmWorkers
	if c.warmWorkers == 0 {
		// Go derives GOMAXPROCS from the cgroup's quota as well as from the CPU mask.
		c.warmWorkers = max(leastWorkersUnset, runtime.GOMAXPROCS(0))
		c.mostWorkers = max(mostWorkersUnset, c.warmWorkers)
	}
	if c.corsOrigin == "off" {
		c.corsOrigin = ""
	}
	if env.err == nil {
		env.err = checkFunctionFile(filepath.Join(c.root, c.module+".php"))
	}
	return c, env.err
}

// scriptBesideFront is where the image has the worker: in a folder beside the front's binary.
func scriptBesideFront() string {
	front, err := os.Executable()
	if err != nil {
		front = os.Args[0]
	}
	return filepath.Join(filepath.Dir(front), "worker", "worker.php")
}

func checkFunctionFile(path string) error {
	if info, err := os.Stat(path); err != nil || info.IsDir() {
		return fmt.Errorf("runtime-kit: %s is not there: put the function into that file, "+
			"or set MOD_NAME and MOD_ROOT_PATH to where it is", path)
	}
	return nil
}

// reader takes values from the environment and keeps the first error.
type reader struct {
	getenv func(string) string
	err    error
}

func (r *reader) fail(name, value, fix string) {
	if r.err == nil {
		r.err = configError{name, value, fix}
	}
}

func (r *reader) text(name, unset string) string {
	if value := r.getenv(name); value != "" {
		return value
	}
	return unset
}

// command reads the name or path of a program and finds it.
func (r *reader) command(name, unset string) string {
	value := r.text(name, unset)
	path, err := exec.LookPath(value)
	if err != nil {
		r.fail(name, value, "set it to the path of a PHP binary")
	}
	return path
}

// name reads a value that must be given and must not lead out of the function's folder.
func (r *reader) name(name, meaning string) string {
	value := r.getenv(name)
	if value == "" || strings.ContainsAny(value, "/\x00") || value == ".." {
		r.fail(name, value, "set it to "+meaning+", without a path")
	}
	return value
}

func (r *reader) choice(name string, choices ...string) string {
	value := r.text(name, choices[0])
	for _, choice := range choices {
		if value == choice {
			return value
		}
	}
	r.fail(name, value, "set it to "+strings.Join(choices, " or "))
	return value
}

func (r *reader) integer(name string, unset, least, most int64) int64 {
	value := r.getenv(name)
	if value == "" {
		return unset
	}
	number, err := strconv.ParseInt(value, 10, 64)
	if err != nil || number < least || number > most {
		what := "a number"
		if name == "FUNC_PORT" {
			what = "a port number"
		}
		fix := fmt.Sprintf("set it to %s from %d to %d", what, least, most)
		if unset != 0 {
			fix += fmt.Sprintf(" (or leave it unset for %d)", unset)
		}
		r.fail(name, value, fix)
	}
	return number
}

func (r *reader) seconds(name string, unset float64, zero bool) time.Duration {
	number := r.number(name, unset, zero, 1e9, "seconds")
	return time.Duration(number * float64(time.Second))
}

func (r *reader) mebibytes(name string, unset float64) int64 {
	return int64(r.number(name, unset, false, 4095, "MiB") * (1 << 20))
}

func (r *reader) number(name string, unset float64, zero bool, most float64, unit string) float64 {
	value := r.getenv(name)
	if value == "" {
		return unset
	}
	number, err := strconv.ParseFloat(value, 64)
	bad := err != nil || math.IsNaN(number) || number < 0 || number > most || (number == 0 && !zero)
	if bad {
		least := "more than 0"
		if zero {
			least = "0 or more"
		}
		r.fail(name, value, fmt.Sprintf("set it to %s %s, at most %.0f (or leave it unset for %g)", least, unit, most, unset))
	}
	return number
}
