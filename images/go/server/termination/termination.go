// Package termination keeps the reason of an end where a Kubernetes platform shows it.
package termination

import (
	"os"
)

// Limit is what a Kubernetes termination message can hold, in bytes.
const Limit = 4096

const defaultPath = "/dev/termination-log"

// Write puts the first lines of message into the file that KUBELESS_TERMINATION_LOG names, or into the
// one that Kubernetes mounts. Outside Kubernetes there is none, and nothing to report about that: the
// message has been on standard error too.
func Write(message []byte) {
	flags := os.O_WRONLY | os.O_TRUNC
	path := os.Getenv("KUBELESS_TERMINATION_LOG")
	if path == "" {
		path = defaultPath
	} else {
		flags |= os.O_CREATE
	}
	file, err := os.OpenFile(path, flags, 0o644)
	if err != nil {
		return
	}
	defer file.Close()
	_, _ = file.Write(message[:min(len(message), Limit)])
}
