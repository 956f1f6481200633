package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"time"
)

const (
	headerTimeout = 10 * time.Second
	idleTimeout   = 75 * time.Second
	// headerLimit is 16 KiB: net/http reads 4 KiB beyond what it is told.
	headerLimit = 12 << 10
	// workerGrace is how long workers may take to end after the last answer is out.
	workerGrace = time.Second
)

// serve loads the function, serves until stop says to end, and drains.
func serve(c config, stop <-chan os.Signal) error {
	stdout, stderr := newOutput(os.Stdout), newOutput(os.Stderr)
	defer stderr.flush()
	defer stdout.flush()
	errorLog := &errorLog{json: c.jsonLog, out: stderr}
	reaper := newReaper()
	start := func() (*worker, error) { return startWorker(&c, reaper, stdout, stderr) }
	pool := newPool(c.warmWorkers, c.mostWorkers, start, errorLog.write)
	// The port opens once the function is loaded: a closed port is what "not ready" looks like.
	if err := openUnlessStopped(pool, stop); err == errStopped {
		return nil
	} else if err != nil {
		return err
	}
	defer pool.close(workerGrace)
	metrics := newMetrics()
	handler := &handler{
		config: &c, pool: pool, metrics: metrics, scrape: metrics.handler(), cors: cors{c.corsOrigin},
		access: &accessLog{json: c.jsonLog, out: stdout}, errors: errorLog,
	}
	server := &http.Server{
		Handler: handler, ReadHeaderTimeout: headerTimeout, IdleTimeout: idleTimeout,
		MaxHeaderBytes: headerLimit, DisableGeneralOptionsHandler: true, ErrorLog: serverLog(errorLog),
	}
	listener, err := net.Listen("tcp", fmt.Sprintf(":%d", c.port))
	if err != nil {
		return fmt.Errorf("runtime-kit: FUNC_PORT is \"%d\": %w: set it to a free port above 1023", c.port, err)
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	shrink := time.NewTicker(shrinkAfter / 3)
	defer shrink.Stop()
	for {
		select {
		case err := <-failed:
			return fmt.Errorf("runtime-kit: the server ended: %w", err)
		case err := <-pool.lost:
			return err
		case now := <-shrink.C:
			pool.shrink(now)
		case <-stop:
			drain(&c, server, handler)
			return nil
		}
	}
}

// errStopped is a signal to end before the function was loaded: that is no failure.
var errStopped = errors.New("stopped while the function was loading")

func openUnlessStopped(pool *pool, stop <-chan os.Signal) error {
	loaded := make(chan error, 1)
	go func() { loaded <- pool.open() }()
	select {
	case err := <-loaded:
		return err
	case <-stop:
		return errStopped
	}
}

// drain tells probes that the end is near, serves on for FUNC_DRAIN_DELAY, then lets the requests
// in flight finish within FUNC_SHUTDOWN_TIMEOUT.
func drain(c *config, server *http.Server, handler *handler) {
	handler.draining.Store(true)
	time.Sleep(c.drainDelay)
	ctx, cancel := context.WithTimeout(context.Background(), c.shutdownTimeout)
	defer cancel()
	if server.Shutdown(ctx) != nil {
		_ = server.Close()
	}
}
