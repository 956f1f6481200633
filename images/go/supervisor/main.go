// Command supervisor is process 1 of a Go function's container. It holds the port and starts the compiled
// function, which accepts connections itself: no request passes the supervisor.
//
// A goroutine that runs past its deadline cannot be stopped, only its process can. So the supervisor
// starts a second process, lets the first finish what it has, and nobody is turned away meanwhile.
package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"runtime-kit/server/logs"
	"runtime-kit/server/settings"
	"runtime-kit/server/termination"
)

// binaryName is what the compilation phase leaves in the function's folder.
const binaryName = "server"

func main() {
	os.Exit(supervise())
}

// supervise returns the container's exit code.
func supervise() int {
	config, err := settings.Load()
	if err != nil {
		return refuse(err)
	}
	binary := filepath.Join(config.Root, binaryName)
	if err := checkBinary(binary); err != nil {
		return refuse(err)
	}
	socket, err := bind(config.Port)
	if err != nil {
		return refuse(err)
	}
	memory, shared, err := newLedger()
	if err != nil {
		return refuse(err)
	}
	fleet := newFleet(config, spawner{binary: binary, socket: socket, memory: memory}, shared,
		logs.NewErrors(config.LogFormat, os.Stderr))
	return fleet.run()
}

func checkBinary(path string) error {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return fmt.Errorf("%s is missing: run the compilation phase on this volume first", path)
	case err != nil:
		return err
	case !info.Mode().IsRegular() || info.Mode()&0o111 == 0:
		return fmt.Errorf("%s is not a program: run the compilation phase on this volume again", path)
	}
	return nil
}

// refuse reports problems, a line each, and gives the exit code for what a restart does not mend.
func refuse(err error) int {
	var message strings.Builder
	for line := range strings.Lines(err.Error()) {
		message.WriteString("runtime-kit: " + strings.TrimRight(line, "\n") + "\n")
	}
	fmt.Fprint(os.Stderr, message.String())
	termination.Write([]byte(message.String()))
	return 1
}
