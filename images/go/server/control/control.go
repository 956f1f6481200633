// Package control is what the supervisor and its workers agree on: which inherited file descriptor is
// what, and the one-byte messages that go both ways over the channel between them.
package control

import "time"

// File descriptors that every worker inherits. The first three are the standard ones; standard error
// is a pipe to the supervisor until the function is loaded.
const (
	// ListenerFD is the bound socket. A worker listens on it only once its function is loaded.
	ListenerFD = 3 + iota
	// LedgerFD is the shared memory of package ledger.
	LedgerFD
	// ChannelFD is a stream socket to the supervisor.
	ChannelFD
	// StderrFD is the container's own standard error.
	StderrFD
)

// SlotVariable is the environment variable that tells a worker its slot in the ledger.
const SlotVariable = "RUNTIME_KIT_SLOT"

const (
	// Loaded says that the function is loaded and its worker accepts connections.
	Loaded byte = 'L'
	// Stuck says that a call ran past its deadline and does not end, so that only the end of the
	// process can stop it.
	Stuck byte = 'S'
	// Drain tells a worker to accept no more, finish what it has, and exit.
	Drain byte = 'D'
)

// Notice is how long a worker that drains keeps idle connections. A request that meets a connection while
// it is closed gets no answer; within this time it gets one, which tells its caller to connect anew.
const Notice = time.Second
