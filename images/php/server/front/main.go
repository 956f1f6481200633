// Command front serves HTTP for a pool of PHP workers: it keeps the contract's limits, deadlines,
// metrics and logs, and it is PID 1 of the container. The function runs in the workers only.
package main

import (
	"bytes"
	"fmt"
	"log"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	config, err := readConfig(os.Getenv)
	if err != nil {
		fail(config, err)
	}
	limitMemory()
	shareProcessors()
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM, syscall.SIGINT)
	// Go ends a program on these; PID 1 has no terminal that could hang up, and a standard stream that
	// is gone is no reason to stop serving. Taken, not ignored: workers would inherit that.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGHUP, syscall.SIGQUIT, syscall.SIGUSR1, syscall.SIGUSR2, syscall.SIGPIPE)
	if err := serve(config, stop); err != nil {
		fail(config, err)
	}
}

// longestTermination is what Kubernetes keeps of a termination message.
const longestTermination = 4096

// fail says why on stderr and in the termination log, and ends the process.
func fail(c config, err error) {
	reason := []byte(fmt.Sprintln(err))
	_, _ = os.Stderr.Write(reason)
	// Outside Kubernetes it is not there; the reason is on stderr in any case.
	if file, err := os.OpenFile(c.terminationLog, os.O_WRONLY|os.O_TRUNC|os.O_CREATE, 0o644); err == nil {
		_, _ = file.Write(reason[:min(len(reason), longestTermination)])
		file.Close()
	}
	os.Exit(1)
}

// serverLog takes what net/http itself has to say: broken handshakes of callers, not errors of ours.
func serverLog(errors *errorLog) *log.Logger {
	return log.New(logWriter{errors}, "", 0)
}

type logWriter struct{ errors *errorLog }

func (w logWriter) Write(line []byte) (int, error) {
	w.errors.write(string(bytes.TrimRight(line, "\n")), "")
	return len(line), nil
}
