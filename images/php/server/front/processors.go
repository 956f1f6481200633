package main

import (
	"os"
	"runtime"
)

// shareProcessors leaves half of the container's processors to the workers, at most: a processor of
// Go's that finds nothing to do looks for work for a while before it sleeps, and takes the time for
// that from them. What GOMAXPROCS says goes before.
func shareProcessors() {
	if os.Getenv("GOMAXPROCS") == "" {
		runtime.GOMAXPROCS((runtime.GOMAXPROCS(0) + 1) / 2)
	}
}
