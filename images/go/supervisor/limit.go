package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"
)

// memoryFiles are where a container finds its memory limit: version 2 of cgroups, version 1.
var memoryFiles = []string{"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"}

// memoryLimit is the GOMEMLIMIT of workers, empty where the container has no limit. Go's collector lets
// garbage double the heap, beyond the container's limit too; with this it works more before that.
func memoryLimit(files []string) string {
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			continue
		}
		limit, err := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64)
		if err != nil { // "max"
			return ""
		}
		// A tenth is for the supervisor and for what is no heap.
		return fmt.Sprintf("GOMEMLIMIT=%d", limit/10*9)
	}
	return ""
}
