package worker

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/kubeless/kubeless/pkg/functions"

	"runtime-kit/server/control"
	"runtime-kit/server/ledger"
)

func hello(functions.Event, functions.Context) (any, error) { return "hello", nil }

// begin starts the life of a worker behind a listener of its own.
func (s *served) begin(t *testing.T) *life {
	t.Helper()
	tcp, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l := newLife(s.endpoint)
	l.listener = listener{tcp}
	t.Cleanup(func() { l.server.Close() })
	return l
}

// client is one keep-alive connection.
type client struct {
	net.Conn
	answers *bufio.Reader
}

func (l *life) connect(t *testing.T) *client {
	t.Helper()
	connection, err := net.Dial("tcp", l.listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { connection.Close() })
	if err := connection.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	return &client{connection, bufio.NewReader(connection)}
}

func (c *client) send(requests int) {
	fmt.Fprint(c, strings.Repeat("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi", requests))
}

func (c *client) answer(t *testing.T) (response *http.Response, body string) {
	t.Helper()
	response, err := http.ReadResponse(c.answers, nil)
	if err != nil {
		t.Fatalf("no answer: %v", err)
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatalf("no whole answer: %v", err)
	}
	return response, string(content)
}

func (c *client) expectLast(t *testing.T) {
	t.Helper()
	if response, body := c.answer(t); response.StatusCode != http.StatusOK || body != "hello" || !response.Close {
		t.Errorf("got %d %q, close: %t", response.StatusCode, body, response.Close)
	}
	c.expectClosed(t)
}

func (c *client) expectClosed(t *testing.T) {
	t.Helper()
	if rest, err := io.ReadAll(c.answers); len(rest) > 0 || err != nil && !errors.Is(err, syscall.ECONNRESET) {
		t.Errorf("after the last answer: got %q, %v", rest, err)
	}
}

// ends runs a way for a worker to end and says when it has.
func ends(t *testing.T, way func() error) <-chan time.Time {
	t.Helper()
	ended := make(chan time.Time, 1)
	go func() {
		if err := way(); err != nil {
			t.Error(err)
		}
		ended <- time.Now()
	}()
	return ended
}

// calls is how many POSTs were counted.
func (s *served) calls() (sum uint64) {
	buckets := &s.ledger.Methods[ledger.MethodOf("POST")].Buckets
	for i := range buckets {
		sum += buckets[i].Load()
	}
	return sum
}

func TestIdleConnectionOfReplacedProcessGetsOneMoreAnswer(t *testing.T) {
	t.Parallel()
	s := start(t, hello)
	l := s.begin(t)
	l.accept()
	used, silent, pipelining := l.connect(t), l.connect(t), l.connect(t)
	for _, c := range []*client{used, pipelining} {
		c.send(1)
		if response, _ := c.answer(t); response.Close {
			t.Error("closed before the process is replaced")
		}
	}
	began := time.Now()
	ended := ends(t, l.handOver)
	time.Sleep(control.Notice * 7 / 10)
	used.send(1)
	silent.send(1)
	pipelining.send(2)
	for _, c := range []*client{used, silent, pipelining} {
		c.expectLast(t)
	}
	if took := (<-ended).Sub(began); took >= control.Notice {
		t.Errorf("stayed for %s without any connection left", took)
	}
	if calls := s.calls(); calls != 5 {
		t.Errorf("counted %d calls", calls)
	}
}

func TestReplacedProcessClosesWhatIsIdleAfterItsNotice(t *testing.T) {
	t.Parallel()
	l := start(t, hello).begin(t)
	l.accept()
	used, silent := l.connect(t), l.connect(t)
	used.send(1)
	used.answer(t)
	began := time.Now()
	ended := ends(t, l.handOver)
	used.expectClosed(t)
	silent.expectClosed(t)
	if took := (<-ended).Sub(began); took < control.Notice || took > control.Notice+500*time.Millisecond {
		t.Errorf("ended after %s", took)
	}
}

func TestReplacedProcessWithoutConnectionsEndsAtOnce(t *testing.T) {
	t.Parallel()
	l := start(t, hello).begin(t)
	l.accept()
	began := time.Now()
	if took := (<-ends(t, l.handOver)).Sub(began); took > control.Notice/2 {
		t.Errorf("ended after %s", took)
	}
}

// An answer whose header is out cannot say any more that its connection will be closed.
func TestConnectionOfAnAnswerBegunBeforeTheReplacementGetsNoticeToo(t *testing.T) {
	t.Parallel()
	begun, goOn := make(chan struct{}), make(chan struct{})
	s := start(t, func(e functions.Event, _ functions.Context) (any, error) {
		if e.Data == "hi" {
			return "hello", nil
		}
		e.Extensions.Response.(http.Flusher).Flush()
		close(begun)
		<-goOn
		return nil, nil
	})
	s.endpoint.config.Timeout = time.Minute
	l := s.begin(t)
	l.accept()
	c := l.connect(t)
	fmt.Fprint(c, "GET /stream HTTP/1.1\r\nHost: x\r\n\r\n")
	<-begun
	ended := ends(t, l.handOver)
	time.Sleep(control.Notice * 12 / 10)
	close(goOn)
	c.answer(t)
	time.Sleep(control.Notice * 3 / 10)
	c.send(1)
	c.expectLast(t)
	<-ended
}

func TestHeaderThatComesInPiecesIsWaitedFor(t *testing.T) {
	t.Parallel()
	l := start(t, hello).begin(t)
	l.accept()
	c := l.connect(t)
	ended := ends(t, l.handOver)
	time.Sleep(control.Notice * 7 / 10)
	fmt.Fprint(c, "GET / HTTP/1.1\r\nHost:")
	time.Sleep(control.Notice * 7 / 10)
	fmt.Fprint(c, " x\r\n\r\n")
	c.expectLast(t)
	<-ended
}

func TestConnectionWithAnUnreadRequestIsNotIdle(t *testing.T) {
	t.Parallel()
	l := start(t, hello).begin(t)
	c := l.connect(t)
	accepted, err := l.listener.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer accepted.Close()
	l.connections.follow(accepted, http.StateNew) // and nobody reads
	c.send(1)
	for !accepted.(*connection).unread() {
		time.Sleep(time.Millisecond)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if err := l.connections.leave(ctx, 0); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("it was closed: %v", err)
	}
}

func TestEndOfTheContainerDoesNotWaitForTheNotice(t *testing.T) {
	t.Parallel()
	for name, way := range map[string]func(*life) error{
		"shutDown": (*life).shutDown,
		"handOver": func(l *life) error {
			l.signals <- syscall.SIGTERM
			return l.handOver()
		},
	} {
		s := start(t, hello)
		s.endpoint.config.ShutdownTimeout = 10 * time.Second
		l := s.begin(t)
		l.accept()
		c := l.connect(t)
		c.send(1)
		c.answer(t)
		began := time.Now()
		if took := (<-ends(t, func() error { return way(l) })).Sub(began); took > control.Notice*8/10 {
			t.Errorf("%s took %s", name, took)
		}
		c.expectClosed(t)
	}
}

// slowListener gives out connections that take their time to write.
type slowListener struct{ listener }

type slowConnection struct{ *connection }

func (l slowListener) Accept() (net.Conn, error) {
	accepted, err := l.listener.Accept()
	if err != nil {
		return nil, err
	}
	return slowConnection{accepted.(*connection)}, nil
}

func (c slowConnection) Write(bytes []byte) (int, error) {
	time.Sleep(500 * time.Millisecond)
	return c.connection.Write(bytes)
}

func TestReplacedProcessStaysUntilItsLastTimeoutIsAnswered(t *testing.T) {
	release := make(chan struct{})
	defer close(release)
	s := start(t, func(functions.Event, functions.Context) (any, error) {
		<-release
		return nil, nil
	})
	l := s.begin(t)
	l.listener = slowListener{l.listener.(listener)}
	l.server.ConnState = func(accepted net.Conn, state http.ConnState) {
		l.connections.follow(accepted.(slowConnection).connection, state)
	}
	l.accept()
	fmt.Fprint(l.connect(t), "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
	for s.ledger.InFlight() == 0 {
		time.Sleep(time.Millisecond)
	}
	if err := l.handOver(); err != nil {
		t.Fatal(err)
	}
	if get := &s.ledger.Methods[ledger.MethodOf("GET")]; get.Timeouts.Load() != 1 {
		t.Error("the process would end before the call is answered")
	}
}
