// Package function is what `runtime-kit bench` calls: a handler for each scenario.
package function

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"time"

	"github.com/kubeless/kubeless/pkg/functions"
)

// Hello returns a short string.
func Hello(functions.Event, functions.Context) (string, error) {
	return "hello world", nil
}

// Echo returns what it got.
func Echo(event functions.Event, _ functions.Context) (string, error) {
	return event.Data, nil
}

// Size returns the number of bytes that it got.
func Size(event functions.Event, _ functions.Context) (string, error) {
	return strconv.Itoa(len(event.Data)), nil
}

var workload = bytes.Repeat([]byte("a"), 1<<20)

// Work computes for a while.
func Work(functions.Event, functions.Context) (string, error) {
	digest := sha256.Sum256(workload)
	return hex.EncodeToString(digest[:]), nil
}

// Wait takes 10 ms.
func Wait(functions.Event, functions.Context) (string, error) {
	time.Sleep(10 * time.Millisecond)
	return "waited", nil
}
