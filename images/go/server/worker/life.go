package worker

import (
	"context"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"runtime-kit/server/control"
)

const (
	// headerLimit is 16 KiB: net/http adds 4 KiB to what it is told.
	headerLimit   = 12 << 10
	headerTimeout = 10 * time.Second
	idleTimeout   = 2 * time.Minute
	// lastNotice is for idle connections when the container ends. Callers know by /healthz; it is for the
	// requests that are on their way.
	lastNotice = 100 * time.Millisecond
	// backlog is cut to the kernel's own limit.
	backlog = 1 << 16
)

// life is a worker from its first connection to its last.
type life struct {
	endpoint    *endpoint
	server      *http.Server
	listener    net.Listener
	connections connections
	served      chan error
	drain       chan struct{}
	signals     chan os.Signal
}

func newLife(e *endpoint) *life {
	e.prepare()
	l := &life{
		endpoint: e,
		server: &http.Server{
			Handler:           e,
			ErrorLog:          log.New(e.errors, "", 0),
			MaxHeaderBytes:    headerLimit,
			ReadHeaderTimeout: headerTimeout,
			IdleTimeout:       idleTimeout,

			DisableGeneralOptionsHandler: true, // OPTIONS * is the function's
		},
		connections: connections{open: map[*connection]struct{}{}},
		served:      make(chan error, 1),
		drain:       make(chan struct{}),
		signals:     make(chan os.Signal, 1),
	}
	l.server.ConnState = l.connections.follow
	return l
}

// run serves until the supervisor says that it is enough.
func (l *life) run() error {
	signal.Notify(l.signals, syscall.SIGTERM)
	// Otherwise Go ends the process where a standard stream is gone.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)
	if err := l.listen(); err != nil {
		return err
	}
	l.accept()
	if err := l.announce(); err != nil {
		return err
	}
	go l.obey()
	defer l.endpoint.access.Flush()
	select {
	case err := <-l.served:
		return err
	case <-l.drain:
		return l.handOver()
	case <-l.signals:
		return l.shutDown()
	}
}

// listen opens the port, which until now refused connections: the function is loaded.
func (l *life) listen() error {
	if err := syscall.Listen(control.ListenerFD, backlog); err != nil {
		return os.NewSyscallError("listen", err)
	}
	socket := os.NewFile(control.ListenerFD, "listener")
	defer socket.Close()
	shared, err := net.FileListener(socket)
	l.listener = listener{shared}
	return err
}

func (l *life) accept() {
	go func() { l.served <- l.server.Serve(l.listener) }()
}

// acceptNoMore returns when the last connection that was accepted is known.
func (l *life) acceptNoMore() {
	l.listener.Close()
	<-l.served
}

// announce tells the supervisor, and gives it back the pipe in which it has kept what was printed while
// the function was loaded.
func (l *life) announce() error {
	if err := syscall.Dup3(control.StderrFD, syscall.Stderr, 0); err != nil {
		return os.NewSyscallError("dup3", err)
	}
	if _, err := l.endpoint.channel.Write([]byte{control.Loaded}); err != nil {
		return fmt.Errorf("the supervisor is gone: %w", err)
	}
	return nil
}

// obey waits for the supervisor. A worker without one would keep the port for ever, so it ends.
func (l *life) obey() {
	message := make([]byte, 1)
	for {
		if _, err := l.endpoint.channel.Read(message); err != nil {
			l.endpoint.access.Flush()
			os.Exit(1)
		}
		if message[0] == control.Drain {
			close(l.drain)
		}
	}
}

// handOver ends a worker whose successor serves already. The end of the container cuts the notice short.
func (l *life) handOver() error {
	l.endpoint.closing.Store(true)
	l.acceptNoMore()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go func() {
		<-l.signals
		cancel()
	}()
	if l.connections.leave(ctx, control.Notice) != nil {
		_ = l.connections.leave(context.Background(), lastNotice)
	}
	l.endpoint.answering.Wait()
	return nil
}

// shutDown ends a worker with its container. Load balancers learn by /healthz; until the delay is over
// they may still send new connections.
func (l *life) shutDown() error {
	config := l.endpoint.config
	l.endpoint.closing.Store(true)
	time.Sleep(config.DrainDelay)
	ctx, cancel := context.WithTimeout(context.Background(), config.ShutdownTimeout)
	defer cancel()
	l.acceptNoMore()
	if l.connections.leave(ctx, min(lastNotice, config.ShutdownTimeout/10)) != nil {
		l.endpoint.errors.Report(fmt.Sprintf(
			"FUNC_SHUTDOWN_TIMEOUT is over after %s: calls that still run are given up", config.ShutdownTimeout), "")
		l.endpoint.running.giveUp()
		return nil
	}
	l.endpoint.answering.Wait()
	return nil
}
