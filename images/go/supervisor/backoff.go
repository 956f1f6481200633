package main

import "time"

const (
	// settled is how long a worker has to live for its end not to count as one of a series.
	settled      = time.Second
	firstPause   = 50 * time.Millisecond
	longestPause = time.Second
	// mostLoadFailures ends the container: the platform's own pauses between restarts are longer.
	mostLoadFailures = 5
)

// backoff lets a single crash be followed by a new worker at once, and keeps a function that always
// crashes from using a CPU for nothing.
type backoff struct {
	early        int
	loadFailures int
}

// pause is how long to wait after a worker that lived that long.
func (b *backoff) pause(lived time.Duration) time.Duration {
	if lived >= settled {
		b.early = 0
		return 0
	}
	b.early++
	if b.early == 1 {
		return 0
	}
	return min(firstPause<<min(b.early-2, 10), longestPause)
}
