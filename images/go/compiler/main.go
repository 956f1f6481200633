// Command function-build runs the two phases that a Go function goes through before it is served:
//
//	function-build install   downloads the modules of the function's go.mod to the volume
//	function-build compile   compiles the function with the server into one program on the volume
//
// It is process 1 of an init container: it reads its environment, writes only to the volume and the
// temporary folder, and leaves the reason of a failure in the termination log.
package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"runtime-kit/server/termination"
)

func main() {
	var said bytes.Buffer
	if err := run(os.Args[1:], io.MultiWriter(os.Stderr, &said)); err != nil {
		message := fmt.Sprintf("runtime-kit: %v\n", err)
		fmt.Fprint(os.Stderr, message)
		said.WriteString(message)
		termination.Write(said.Bytes())
		os.Exit(1)
	}
}

// run writes what the Go command says to output; the returned error ends it in one line.
func run(arguments []string, output io.Writer) error {
	phases := map[string]func(*job) error{"install": install, "compile": compile}
	if len(arguments) != 1 || phases[arguments[0]] == nil {
		return fmt.Errorf(`the arguments are %q: give "install" or "compile"`, arguments)
	}
	j, err := newJob(output)
	if err != nil {
		return err
	}
	defer os.RemoveAll(j.scratch)
	// Whatever was built before must not be served in place of what is asked for now.
	if err := os.RemoveAll(filepath.Join(j.volume, binaryName)); err != nil {
		return err
	}
	return phases[arguments[0]](j)
}
