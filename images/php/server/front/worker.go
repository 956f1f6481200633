package main

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"strconv"
	"sync/atomic"
	"syscall"
	"time"
)

var (
	errTimeout    = errors.New("the call ran past FUNC_TIMEOUT")
	errWorkerDied = errors.New("the worker ended during the call")
	errNotTaken   = errors.New("the worker ended before the call")
)

// worker is one PHP process that has the function loaded and serves one call at a time.
type worker struct {
	pid      int
	requests *os.File
	answers  *os.File
	frames   *bufio.Reader
	prints   []*os.File
	reason   string        // what the worker itself said about its end
	ended    chan struct{} // closed when the process has ended
	status   syscall.WaitStatus
	retired  atomic.Bool // its end is wanted, or already dealt with
	lastUsed time.Time
}

// startWorker executes PHP with its own pipes for requests (fd 3), answers (fd 4) and prints.
func startWorker(c *config, r *reaper, stdout, stderr *output) (*worker, error) {
	pipes, err := openPipes(4)
	if err != nil {
		return nil, err
	}
	null, err := os.Open(os.DevNull)
	if err != nil {
		return nil, err
	}
	defer null.Close()
	toWorker, fromWorker, out, errs := pipes[0], pipes[1], pipes[2], pipes[3]
	theirs := []*os.File{null, out.write, errs.write, toWorker.read, fromWorker.write}
	w := &worker{
		requests: toWorker.write,
		answers:  fromWorker.read,
		frames:   bufio.NewReaderSize(fromWorker.read, 32<<10),
		prints:   []*os.File{out.read, errs.read},
		ended:    make(chan struct{}),
		lastUsed: time.Now(),
	}
	attr := &syscall.ProcAttr{
		Dir: c.root,
		Env: os.Environ(),
		// A group of its own, so that what the function started dies with it; and no worker
		// outlives the front, even when that is killed.
		Sys: &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL},
	}
	for _, file := range theirs {
		attr.Files = append(attr.Files, file.Fd())
	}
	w.pid, err = r.start([]string{c.php, c.script}, attr, w.onExit)
	for _, file := range theirs[1:] {
		file.Close()
	}
	if err != nil {
		return nil, fmt.Errorf("runtime-kit: cannot start %s: %w", c.php, err)
	}
	// Where memory runs out the kernel shall take a worker, which is replaced, not the front.
	_ = os.WriteFile("/proc/"+strconv.Itoa(w.pid)+"/oom_score_adj", []byte("500"), 0)
	go stdout.pump(out.read)
	go stderr.pump(errs.read)
	return w, nil
}

type pipe struct{ read, write *os.File }

func openPipes(count int) ([]pipe, error) {
	pipes := make([]pipe, count)
	for i := range pipes {
		read, write, err := os.Pipe()
		if err != nil {
			return nil, err
		}
		pipes[i] = pipe{read, write}
	}
	return pipes, nil
}

// leftoverTime is how long an ended worker's pipes are read on: a process that it started may hold
// them open for ever.
const leftoverTime = 100 * time.Millisecond

func (w *worker) onExit(pid int, status syscall.WaitStatus) {
	w.status = status
	// What it started and left behind in its group is work of a call that is over.
	_ = syscall.Kill(-pid, syscall.SIGKILL)
	_ = w.requests.Close()
	_ = w.answers.SetReadDeadline(time.Now().Add(leftoverTime))
	close(w.ended)
	time.AfterFunc(leftoverTime, func() {
		_ = w.answers.Close()
		for _, file := range w.prints {
			_ = file.Close()
		}
	})
}

// awaitLoad waits, without limit, until the worker says that the module is loaded.
func (w *worker) awaitLoad() error {
	kind, reason, err := readFrame(w.frames)
	switch {
	case err != nil:
		<-w.ended
		return fmt.Errorf("runtime-kit: the worker ended while it loaded the function: %s", w.how())
	case kind == frameNotLoad:
		return errors.New(string(reason))
	}
	return nil
}

// send hands a request over and sets the deadline of its answer.
func (w *worker) send(head, body []byte, deadline time.Time) error {
	if len(head)+len(body) > 32<<10 {
		// More than a pipe holds: a worker that does not read must not hold up the front.
		_ = w.requests.SetWriteDeadline(deadline)
		defer w.requests.SetWriteDeadline(time.Time{})
	}
	if err := w.answers.SetReadDeadline(deadline); err != nil {
		return errNotTaken
	}
	if _, err := w.requests.Write(head); err != nil {
		return w.failure(err, errNotTaken)
	}
	if len(body) > 0 {
		if _, err := w.requests.Write(body); err != nil {
			return w.failure(err, errWorkerDied)
		}
	}
	return nil
}

// receive reads the next frame of the answer, or errTimeout, or errWorkerDied.
func (w *worker) receive() (byte, []byte, error) {
	for {
		kind, payload, err := readFrame(w.frames)
		if err != nil {
			return 0, nil, w.failure(err, errWorkerDied)
		}
		if kind != frameEnding {
			return kind, payload, nil
		}
		w.reason = string(payload) // what it still has to do may take until the deadline
	}
}

// stopStream tells a worker that the rest of its answer is not wanted. Not to be called when it may
// have another request already.
func (w *worker) stopStream() { _, _ = w.requests.Write(stopStreaming) }

// failure tells a passed deadline from a dead worker: an ended one gets a deadline too.
func (w *worker) failure(err, otherwise error) error {
	if !isTimeout(err) {
		return otherwise
	}
	select {
	case <-w.ended:
		return otherwise
	default:
		return errTimeout
	}
}

// kill ends the process and all of its group at once.
func (w *worker) kill() {
	w.retired.Store(true)
	select {
	case <-w.ended: // the number may be another process's by now
	default:
		_ = syscall.Kill(-w.pid, syscall.SIGKILL)
	}
}

// stop asks an idle worker to end; its destructors and shutdown functions run.
func (w *worker) stop() {
	w.retired.Store(true)
	_ = w.requests.Close()
}

// how says how the process ended, for people.
func (w *worker) how() string {
	how := "exit code " + strconv.Itoa(w.status.ExitStatus())
	if w.status.Signaled() {
		how = "killed by signal " + strconv.Itoa(int(w.status.Signal())) + " (" + w.status.Signal().String() + ")"
	}
	if w.reason != "" {
		how += ": " + w.reason
	}
	return how
}

func isTimeout(err error) bool { return errors.Is(err, os.ErrDeadlineExceeded) }
