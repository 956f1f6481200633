package main

import (
	"os"
	"runtime/debug"
	"strconv"
	"strings"
)

// leastMemory is what the front may use before it collects its garbage more often.
const leastMemory = 32 << 20

// limitMemory makes the garbage of large bodies go soon: most of the container's memory is meant for
// the workers. What GOMEMLIMIT says goes before.
func limitMemory() {
	limit := containerMemory("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")
	if limit > 0 && os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(max(limit/4, leastMemory))
	}
}

// containerMemory is the memory limit of the container in bytes, by the first of the files that is
// there: version 2 of cgroups has one, version 1 the other. 0 stands for no limit.
func containerMemory(files ...string) int64 {
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			continue
		}
		// Not a number: "max".
		limit, _ := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64)
		return limit
	}
	return 0
}
