package main

import (
	"fmt"
	"os"
	"time"

	"golang.org/x/sys/unix"

	"runtime-kit/server/ledger"
)

// newLedger makes the memory that workers inherit. It has no name in any file system, so it needs no
// place to write to and nothing has to be cleaned up.
func newLedger() (int, *ledger.Ledger, error) {
	fd, err := unix.MemfdCreate("ledger", unix.MFD_CLOEXEC)
	if err != nil {
		return -1, nil, fmt.Errorf("no shared memory for the counters: %w", err)
	}
	if err := unix.Ftruncate(fd, int64(ledger.Size)); err != nil {
		return -1, nil, err
	}
	shared, err := ledger.Map(fd)
	if err != nil {
		return -1, nil, err
	}
	shared.StartedNanos.Store(time.Now().UnixNano())
	shared.SupervisorPID.Store(int64(os.Getpid()))
	return fd, shared, nil
}
