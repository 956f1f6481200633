package main

import (
	"os"
	"runtime"
)

// shareProcessors keeps the front to half of the container's processors, but one at least: one of Go's
// that finds nothing to do looks for work for a while before it sleeps, in time that a worker could have
// had. A quota that changes later is not followed. What GOMAXPROCS says goes before.
func shareProcessors() {
	if os.Getenv("GOMAXPROCS") == "" {
		runtime.GOMAXPROCS((runtime.GOMAXPROCS(0) + 1) / 2)
	}
}
