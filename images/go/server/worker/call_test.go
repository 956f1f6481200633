package worker

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/kubeless/kubeless/pkg/functions"

	"runtime-kit/server/control"
	"runtime-kit/server/ledger"
	"runtime-kit/server/logs"
	"runtime-kit/server/settings"
)

const timeout = 200 * time.Millisecond

// served is a function behind a real server.
type served struct {
	*httptest.Server
	endpoint *endpoint
	ledger   *ledger.Ledger
	// supervisor is the other end of the channel.
	supervisor *os.File
	errors     *shared
}

// shared is a text that several goroutines write.
type shared struct {
	mu   sync.Mutex
	text strings.Builder
}

func (s *shared) Write(piece []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(piece)
}

func (s *shared) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

func start(t *testing.T, fn function) *served {
	t.Helper()
	supervisor, channel, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	counts, errorText := &ledger.Ledger{}, &shared{}
	slot := &counts.Slots[0]
	e := &endpoint{
		function: fn,
		config:   settings.Settings{Timeout: timeout, BodyLimit: 1 << 20, MultipartLimit: 1 << 20, CORSOrigin: "*"},
		ledger:   counts, slot: slot, channel: channel,
		access: logs.NewAccess(settings.Combined, &slot.Log, io.Discard),
		errors: logs.NewErrors(settings.Combined, errorText),
	}
	e.prepare()
	s := &served{httptest.NewServer(e), e, counts, supervisor, errorText}
	t.Cleanup(func() { s.Close(); channel.Close(); supervisor.Close() })
	return s
}

func (s *served) get(t *testing.T, path string) (*http.Response, string) {
	t.Helper()
	response, err := http.Get(s.URL + path)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response, string(body)
}

func TestCallThatNeverEndsIsAnsweredAndReported(t *testing.T) {
	release := make(chan struct{})
	defer close(release)
	s := start(t, func(e functions.Event, _ functions.Context) (any, error) {
		e.Extensions.Response.WriteHeader(http.StatusCreated) // no reason to answer 201
		<-release
		return "late", nil
	})
	before := time.Now()
	response, body := s.get(t, "/")
	if response.StatusCode != http.StatusRequestTimeout || body != "Request timeout exceeded" {
		t.Errorf("got %d %q", response.StatusCode, body)
	}
	if took := time.Since(before); took < timeout || took > timeout+500*time.Millisecond {
		t.Errorf("answered after %s", took)
	}
	message := make([]byte, 1)
	if err := s.supervisor.SetReadDeadline(time.Now().Add(5 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, err := s.supervisor.Read(message); err != nil || message[0] != control.Stuck {
		t.Errorf("the supervisor heard %q, %v", message, err)
	}
	if get := &s.ledger.Methods[ledger.MethodOf("GET")]; get.Timeouts.Load() != 1 || get.Failures.Load() != 1 {
		t.Errorf("%d timeouts, %d failures", get.Timeouts.Load(), get.Failures.Load())
	}
}

func TestCallThatHeedsItsContextNeedsNoReplacement(t *testing.T) {
	s := start(t, func(e functions.Event, _ functions.Context) (any, error) {
		<-e.Extensions.Context.Done()
		return nil, context.Cause(e.Extensions.Context)
	})
	if response, _ := s.get(t, "/"); response.StatusCode != http.StatusRequestTimeout {
		t.Errorf("got %d", response.StatusCode)
	}
	message := make([]byte, 1)
	if err := s.supervisor.SetReadDeadline(time.Now().Add(2 * grace)); err != nil {
		t.Fatal(err)
	}
	if _, err := s.supervisor.Read(message); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("the supervisor heard %q, %v", message, err)
	}
}

func TestWhatALateFunctionWritesReachesNobody(t *testing.T) {
	wrote := make(chan error, 1)
	s := start(t, func(e functions.Event, _ functions.Context) (any, error) {
		time.Sleep(timeout + grace/2)
		_, err := io.WriteString(e.Extensions.Response, "late")
		wrote <- err
		return "later", nil
	})
	if _, body := s.get(t, "/"); strings.Contains(body, "late") {
		t.Errorf("got %q", body)
	}
	if err := <-wrote; err == nil {
		t.Error("the function was not told")
	}
}

func TestStreamThatRunsPastItsDeadlineBreaksOff(t *testing.T) {
	s := start(t, func(e functions.Event, _ functions.Context) (any, error) {
		for e.Extensions.Context.Err() == nil {
			fmt.Fprint(e.Extensions.Response, "chunk\n")
			e.Extensions.Response.(http.Flusher).Flush()
			time.Sleep(10 * time.Millisecond)
		}
		return nil, nil
	})
	response, err := http.Get(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if response.StatusCode != http.StatusOK || !strings.HasPrefix(string(body), "chunk\n") || err == nil {
		t.Errorf("got %d %q, %v", response.StatusCode, body, err)
	}
}

// trickle gives one piece, then waits for the next to be asked for.
type trickle struct {
	pieces chan string
	closed atomic.Bool
}

func (r *trickle) Read(into []byte) (int, error) {
	piece, more := <-r.pieces
	if !more {
		return 0, io.EOF
	}
	if piece == "fail" {
		return 0, errors.New("secret")
	}
	return copy(into, piece), nil
}

func (r *trickle) Close() error { r.closed.Store(true); return nil }

func TestReturnedReaderIsStreamedAndClosed(t *testing.T) {
	reader := &trickle{pieces: make(chan string)}
	s := start(t, func(functions.Event, functions.Context) (any, error) { return reader, nil })
	go func() { reader.pieces <- "one" }()
	response, err := http.Get(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	piece := make([]byte, 16)
	if n, err := response.Body.Read(piece); string(piece[:n]) != "one" || err != nil {
		t.Errorf("the first piece is %q, %v", piece[:n], err)
	}
	reader.pieces <- "two"
	close(reader.pieces)
	rest, err := io.ReadAll(response.Body)
	if string(rest) != "two" || err != nil || response.Header.Get("Content-Type") != "application/octet-stream" {
		t.Errorf("got %q as %q, %v", rest, response.Header.Get("Content-Type"), err)
	}
	if !reader.closed.Load() {
		t.Error("it was not closed")
	}
}

func TestReturnedReaderThatFailsBreaksTheAnswerOff(t *testing.T) {
	reader := &trickle{pieces: make(chan string, 2)}
	reader.pieces <- "part"
	reader.pieces <- "fail"
	s := start(t, func(functions.Event, functions.Context) (any, error) { return reader, nil })
	response, err := http.Get(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if body, err := io.ReadAll(response.Body); err == nil || string(body) != "part" {
		t.Errorf("the answer %q looks complete", body)
	}
	if failures := s.ledger.Methods[ledger.MethodOf("GET")].Failures.Load(); failures != 1 {
		t.Errorf("%d failures", failures)
	}
}

func TestFailuresLeakNothing(t *testing.T) {
	for name, fn := range map[string]function{
		"error": func(functions.Event, functions.Context) (any, error) { return nil, errors.New("secret") },
		"panic": func(functions.Event, functions.Context) (any, error) { panic("secret") },
		"end of the goroutine": func(functions.Event, functions.Context) (any, error) {
			runtime.Goexit()
			return nil, nil
		},
		"value without JSON": func(functions.Event, functions.Context) (any, error) { return make(chan<- int), nil },
	} {
		s := start(t, func(e functions.Event, c functions.Context) (any, error) {
			e.Extensions.Response.Header().Set("X-Secret", "secret")
			return fn(e, c)
		})
		response, body := s.get(t, "/")
		if response.StatusCode != http.StatusInternalServerError || body != "Internal Server Error" || response.Header.Get("X-Secret") != "" {
			t.Errorf("%s: got %d %q %v", name, response.StatusCode, body, response.Header)
		}
		if failures := s.ledger.Methods[ledger.MethodOf("GET")].Failures.Load(); failures != 1 {
			t.Errorf("%s: %d failures", name, failures)
		}
		if name != "end of the goroutine" && !strings.HasPrefix(s.errors.String(), "runtime-kit: GET /: ") {
			t.Errorf("%s: logged %q", name, s.errors.String())
		}
	}
}

func TestErrorAfterTheFirstBytesBreaksTheAnswerOff(t *testing.T) {
	s := start(t, func(e functions.Event, _ functions.Context) (any, error) {
		fmt.Fprint(e.Extensions.Response, "part")
		e.Extensions.Response.(http.Flusher).Flush()
		return nil, errors.New("secret")
	})
	response, err := http.Get(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if body, err := io.ReadAll(response.Body); err == nil {
		t.Errorf("the answer %q looks complete", body)
	}
}

func TestPreflightIsAnsweredAndPlainOptionsIsNot(t *testing.T) {
	s := start(t, func(e functions.Event, _ functions.Context) (any, error) { return e.Extensions.Request.Method, nil })
	for _, preflight := range []bool{true, false} {
		request, _ := http.NewRequest(http.MethodOptions, s.URL, nil)
		if preflight {
			request.Header.Set("Access-Control-Request-Method", "PUT")
			request.Header.Set("Access-Control-Request-Headers", "x-a, x-b")
		}
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(response.Body)
		response.Body.Close()
		if response.Header.Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("no origin is allowed: %v", response.Header)
		}
		if preflight && (response.StatusCode != 204 || response.Header.Get("Access-Control-Allow-Headers") != "x-a, x-b") {
			t.Errorf("preflight: got %d %v", response.StatusCode, response.Header)
		}
		if !preflight && string(body) != "OPTIONS" {
			t.Errorf("plain: got %d %q", response.StatusCode, body)
		}
	}
}

func TestHealthTurnsWhenTheContainerEnds(t *testing.T) {
	s := start(t, nil)
	if response, body := s.get(t, "/healthz"); response.StatusCode != 200 || body != "OK" {
		t.Errorf("got %d %q", response.StatusCode, body)
	}
	s.ledger.Draining.Store(1)
	if response, body := s.get(t, "/healthz"); response.StatusCode != 503 || body != "Draining" {
		t.Errorf("draining: got %d %q", response.StatusCode, body)
	}
}

func TestWhatIsNoStatusIsTheFunctionsError(t *testing.T) {
	for _, status := range []int{0, 99, 101, 1000} {
		s := start(t, func(e functions.Event, _ functions.Context) (any, error) {
			e.Extensions.Response.WriteHeader(status)
			return "x", nil
		})
		if response, _ := s.get(t, "/"); response.StatusCode != http.StatusInternalServerError {
			t.Errorf("%d: got %d", status, response.StatusCode)
		}
		if running := s.ledger.InFlight(); running != 0 {
			t.Errorf("%d: %d calls still run", status, running)
		}
	}
}

func TestLengthOfAReturnedBodyIsItsOwn(t *testing.T) {
	s := start(t, func(e functions.Event, _ functions.Context) (any, error) {
		e.Extensions.Response.Header().Set("Content-Length", "3")
		return "longer", nil
	})
	if _, body := s.get(t, "/"); body != "longer" {
		t.Errorf("got %q", body)
	}
}

func TestUploadsAreRemovedAlsoAfterAPanic(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	s := start(t, func(e functions.Event, _ functions.Context) (any, error) {
		if err := e.Extensions.Request.ParseMultipartForm(0); err != nil {
			t.Error(err)
		}
		panic(http.ErrAbortHandler)
	})
	const body = "--x\r\nContent-Disposition: form-data; name=f; filename=f\r\n\r\ncontent\r\n--x--\r\n"
	if response, err := http.Post(s.URL, "multipart/form-data; boundary=x", strings.NewReader(body)); err == nil {
		t.Errorf("got %d", response.StatusCode)
	}
	s.Close() // waits for the call's end
	if left, err := os.ReadDir(os.Getenv("TMPDIR")); err != nil || len(left) > 0 {
		t.Errorf("left %v, %v", left, err)
	}
}

func TestCallsThatAreGivenUpAreCountedAndLogged(t *testing.T) {
	release, entered := make(chan struct{}), make(chan struct{})
	defer close(release)
	s := start(t, func(functions.Event, functions.Context) (any, error) {
		close(entered)
		<-release
		return nil, nil
	})
	ended := make(chan error, 1)
	go func() {
		response, err := http.Get(s.URL + "/given%0aup")
		if err == nil {
			response.Body.Close()
		}
		ended <- err
	}()
	<-entered
	s.endpoint.running.giveUp()
	if err := <-ended; err == nil {
		t.Error("the caller got an answer")
	}
	if failures := s.ledger.Methods[ledger.MethodOf("GET")].Failures.Load(); failures != 1 {
		t.Errorf("%d failures", failures)
	}
	if line := string(s.ledger.Slots[0].Log.Pending()); !strings.Contains(line, `"GET /given%0aup HTTP/1.1" 500 0`) {
		t.Errorf("logged %q", line)
	}
}

func TestOnlyTheExactPathIsTheProbe(t *testing.T) {
	s := start(t, func(functions.Event, functions.Context) (any, error) { return "function", nil })
	for path, want := range map[string]string{"/healthz": "OK", "/%68ealthz": "function", "//healthz": "function", "/healthz/": "function"} {
		if _, body := s.get(t, path); body != want {
			t.Errorf("%s: got %q", path, body)
		}
	}
}

func TestRefusedBodyThatWasReadKeepsTheConnection(t *testing.T) {
	s := start(t, nil)
	for body, want := range map[string]bool{"{": false, strings.Repeat("1", 2<<20): true} {
		response, err := http.Post(s.URL, "application/json", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if response.Close != want {
			t.Errorf("%d bytes: status %d, closed: %t", len(body), response.StatusCode, response.Close)
		}
	}
}

func TestAnswersToRunningCallsCloseTheirConnectionWhenTheProcessEnds(t *testing.T) {
	var e *endpoint
	s := start(t, func(functions.Event, functions.Context) (any, error) {
		e.closing.Store(true)
		return "done", nil
	})
	e = s.Config.Handler.(*endpoint)
	if response, body := s.get(t, "/"); !response.Close || body != "done" {
		t.Errorf("got %q, close: %t", body, response.Close)
	}
}

func TestPrefaceOfHTTP2IsRefused(t *testing.T) {
	s := start(t, func(functions.Event, functions.Context) (any, error) { return "called", nil })
	connection, err := net.Dial("tcp", s.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer connection.Close()
	fmt.Fprint(connection, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
	answer, _ := io.ReadAll(connection)
	if !strings.HasPrefix(string(answer), "HTTP/1.1 505 ") {
		t.Errorf("got %q", answer)
	}
}
