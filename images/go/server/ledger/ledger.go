// Package ledger is the memory that the supervisor and its workers share: counters, the calls that run
// now, and access log lines that are not written yet. What a worker has counted is there whatever then
// becomes of that worker, so numbers never go backwards, not even when a function kills its process.
//
// Every field is one machine word that is only touched atomically, so no process can leave it half
// changed or locked.
package ledger

import (
	"fmt"
	"os"
	"sync/atomic"
	"syscall"
	"unsafe"
)

// MaxWorkers is how many processes can be alive at once: one that serves, one that starts, and earlier
// ones that finish what they have.
const MaxWorkers = 8

// Ledger is the shared memory itself; only atomic words and byte arrays may stand in it.
type Ledger struct {
	// StartedNanos is when the supervisor started, in nanoseconds since the epoch.
	StartedNanos atomic.Int64
	// SupervisorPID is the supervisor's process id.
	SupervisorPID atomic.Int64
	// Draining is 1 once the container was told to end.
	Draining atomic.Int32
	_        int32
	// EndedCPUNanos is the CPU time of all processes that have ended.
	EndedCPUNanos atomic.Int64
	// ReportedCPUNanos is the most CPU time that a metrics page has shown.
	ReportedCPUNanos atomic.Int64

	Methods [methodCount]Totals
	Slots   [MaxWorkers]Slot
}

// Size is the length of the shared memory in bytes.
const Size = int(unsafe.Sizeof(Ledger{}))

// Map makes the memory behind a file descriptor usable. The file has to be Size bytes long.
func Map(fd int) (*Ledger, error) {
	memory, err := syscall.Mmap(fd, 0, Size, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_SHARED)
	if err != nil {
		return nil, os.NewSyscallError("mmap", err)
	}
	return (*Ledger)(unsafe.Pointer(&memory[0])), nil
}

// Slot is one worker's part of the ledger.
type Slot struct {
	// PID is the worker's process id, 0 where the slot is free.
	PID     atomic.Int64
	running [methodCount]running
	Log     LogBuffer
}

// running sums up the calls that a worker runs at this moment. With the sum of their start times it
// takes two words to know later how long they had been running all together.
type running struct {
	calls      atomic.Int64
	startNanos atomic.Int64
}

// Slot returns a worker's own slot.
func (l *Ledger) Slot(index int) (*Slot, error) {
	if index < 0 || index >= MaxWorkers {
		return nil, fmt.Errorf("slot %d is not between 0 and %d", index, MaxWorkers-1)
	}
	return &l.Slots[index], nil
}

// InFlight is how many calls run now, in all workers.
func (l *Ledger) InFlight() int64 {
	var calls int64
	for i := range l.Slots {
		for m := range l.Slots[i].running {
			calls += l.Slots[i].running[m].calls.Load()
		}
	}
	return calls
}
