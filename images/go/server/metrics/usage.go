package metrics

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"syscall"
	"time"

	"runtime-kit/server/ledger"
)

// tick is the unit of /proc/PID/stat. Linux has promised 100 a second to user space on every platform
// that Go runs on.
const tick = time.Second / 100

type usage struct {
	cpu      time.Duration
	resident int64
}

// measure adds the supervisor and all its workers up, living and dead.
func measure(l *ledger.Ledger) usage {
	total := usage{cpu: time.Duration(l.EndedCPUNanos.Load())}
	total.add(l.SupervisorPID.Load())
	for i := range l.Slots {
		total.add(l.Slots[i].PID.Load())
	}
	total.cpu = neverLess(l, total.cpu)
	return total
}

// neverLess keeps the counter from going backwards: between a worker's end and the supervisor's adding
// its time to the dead ones', that time is missing.
func neverLess(l *ledger.Ledger, cpu time.Duration) time.Duration {
	for {
		reported := l.ReportedCPUNanos.Load()
		if int64(cpu) <= reported {
			return time.Duration(reported)
		}
		if l.ReportedCPUNanos.CompareAndSwap(reported, int64(cpu)) {
			return cpu
		}
	}
}

// add reads a process from /proc. One that is gone by now adds nothing.
func (u *usage) add(pid int64) {
	if pid == 0 {
		return
	}
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return
	}
	// The second field is a name in parentheses that may hold anything, parentheses and spaces too.
	fields := bytes.Fields(text[bytes.LastIndexByte(text, ')')+1:])
	const user, system, pages = 11, 12, 21 // proc(5) counts from 1 and from the process id on
	if len(fields) <= pages {
		return
	}
	if pid == int64(os.Getpid()) {
		u.cpu += ownCPU()
	} else {
		u.cpu += time.Duration(number(fields[user])+number(fields[system])) * tick
	}
	u.resident += number(fields[pages]) * int64(os.Getpagesize())
}

// ownCPU is finer than /proc: a worker that has just started has used less than a tick.
func ownCPU() time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		return 0
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

func number(field []byte) int64 {
	value, _ := strconv.ParseInt(string(field), 10, 64)
	return value
}
