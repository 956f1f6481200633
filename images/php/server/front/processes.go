package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// ticksPerSecond is USER_HZ, which Linux fixes at 100 for every architecture that Debian has.
const ticksPerSecond = 100

// processes collects the process metrics over the front and all its descendants.
type processes struct {
	proc    string
	started float64

	mu       sync.Mutex
	mostSeen float64
	cpu      *prometheus.Desc
	memory   *prometheus.Desc
	start    *prometheus.Desc
}

func newProcesses(proc string) *processes {
	desc := func(name, help string) *prometheus.Desc { return prometheus.NewDesc(name, help, nil, nil) }
	return &processes{
		proc:    proc,
		started: float64(time.Now().UnixMilli()) / 1000,
		cpu:     desc("process_cpu_seconds_total", "Total user and system CPU time spent in seconds."),
		memory:  desc("process_resident_memory_bytes", "Resident memory size in bytes."),
		start:   desc("process_start_time_seconds", "Start time of the process since unix epoch in seconds."),
	}
}

func (p *processes) Describe(to chan<- *prometheus.Desc) {
	to <- p.cpu
	to <- p.memory
	to <- p.start
}

func (p *processes) Collect(to chan<- prometheus.Metric) {
	cpu, memory := p.sum()
	to <- prometheus.MustNewConstMetric(p.cpu, prometheus.CounterValue, cpu)
	to <- prometheus.MustNewConstMetric(p.memory, prometheus.GaugeValue, memory)
	to <- prometheus.MustNewConstMetric(p.start, prometheus.GaugeValue, p.started)
}

// sum adds up CPU seconds and resident bytes of the front, its living descendants and, for the CPU
// time, of those that were waited for.
func (p *processes) sum() (cpu, memory float64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	// First: what ends in between is then missing from the sum, never in it twice.
	cpu = reapedSeconds()
	stats := p.read()
	front := os.Getpid()
	for pid, stat := range stats {
		if pid == front || descends(pid, front, stats) {
			cpu += stat.cpu
			memory += stat.memory
		}
	}
	// What was waited for in between is in neither sum for a moment.
	p.mostSeen = max(p.mostSeen, cpu)
	return p.mostSeen, memory
}

type processStat struct {
	parent      int
	cpu, memory float64
}

func (p *processes) read() map[int]processStat {
	stats := map[int]processStat{}
	paths, _ := filepath.Glob(p.proc + "/[0-9]*/stat")
	for _, path := range paths {
		text, err := os.ReadFile(path) // it may have ended since
		pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(path)))
		if stat, ok := parseStat(text); err == nil && ok {
			stats[pid] = stat
		}
	}
	return stats
}

// parseStat reads a line of /proc/PID/stat, see proc(5).
func parseStat(text []byte) (processStat, bool) {
	// The command's name, in brackets, may hold spaces and brackets itself.
	fields := bytes.Fields(text[bytes.LastIndexByte(text, ')')+1:])
	if len(fields) < 22 {
		return processStat{}, false
	}
	number := func(i int) float64 {
		value, _ := strconv.ParseFloat(string(fields[i]), 64)
		return value
	}
	return processStat{
		parent: int(number(1)),
		cpu:    (number(11) + number(12)) / ticksPerSecond,
		memory: number(21) * float64(os.Getpagesize()),
	}, true
}

func descends(pid, from int, stats map[int]processStat) bool {
	for pid > 1 {
		pid = stats[pid].parent
		if pid == from {
			return true
		}
	}
	return false
}

func reapedSeconds() float64 {
	var usage syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_CHILDREN, &usage) != nil {
		return 0
	}
	seconds := func(t syscall.Timeval) float64 { return float64(t.Sec) + float64(t.Usec)/1e6 }
	return seconds(usage.Utime) + seconds(usage.Stime)
}
