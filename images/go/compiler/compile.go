package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// bridgeName is a file that is laid into the function's package. From inside, it reaches any handler,
// whatever its name and whether or not it is exported.
const bridgeName = "runtime_kit_bridge.go"

// Its own language version is that of the server, however old the one in the function's go.mod is.
const bridge = `//go:build go1.21

package %s

import runtimeKitWorker "runtime-kit/server/worker"

func RuntimeKitServe() {
	runtimeKitWorker.Main(
//line %s:%d
		%s,
		runtimeKitWorker.Source{Module: %q, Handler: %q})
}
`

// compile makes one static program of function and server.
func compile(j *job) error {
	folder, modules := filepath.Join(j.scratch, "main"), filepath.Join(j.kit, "modules")
	if j.module.file != "" {
		if _, err := os.Stat(j.installed("modules")); err == nil {
			modules = j.installed("modules")
		}
	}
	space, err := j.newWorkspace(folder, modules)
	if err != nil {
		return err
	}
	if err := space.adoptInstalled(); err != nil {
		return err
	}
	if err := space.addEntry(); err != nil {
		return err
	}
	return space.build()
}

// adoptInstalled takes over what the installation has found out about versions and checksums.
func (w *workspace) adoptInstalled() error {
	if w.job.module.file == "" {
		return nil
	}
	for _, name := range []string{"go.mod", "go.sum"} {
		text, err := os.ReadFile(w.job.installed(name))
		if errors.Is(err, os.ErrNotExist) {
			return nil // a go.mod without requirements needs no installation
		}
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(w.folder, name), text, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// addEntry writes main and the bridge to the handler.
func (w *workspace) addEntry() error {
	files, err := parseFolder(w.job.volume)
	if err != nil {
		return err
	}
	function, err := findFunction(w.job.volume, files)
	if err != nil {
		return err
	}
	packageName := importableName
	if function.syntax != nil && function.syntax.Name.Name != "main" {
		packageName = function.syntax.Name.Name
	}
	if w.job.module.file == "" {
		w.unnamed = downloads(files)
	}
	entry, err := findHandler(function, files)
	if err != nil {
		// A file that cannot be read may declare it: then the compiler's own message says more.
		if broken := w.check(); broken != nil {
			return broken
		}
		return err
	}
	text := fmt.Sprintf(bridge, packageName, filepath.Join(w.job.volume, entry.file), entry.line, entry.name,
		strings.TrimSuffix(function.name, ".go"), entry.name)
	if err := w.cover(bridgeName, []byte(text)); err != nil {
		return err
	}
	return w.writeMain("import entry " + quote(w.job.module.path) + "\n\nfunc main() { entry.RuntimeKitServe() }\n")
}

// check compiles the function alone.
func (w *workspace) check() error {
	if err := w.goCommand(offline, "build", "-o", os.DevNull, w.job.module.path); err != nil {
		return w.notCompiled()
	}
	return nil
}

// build leaves the program under its name only when it is complete.
func (w *workspace) build() error {
	program := filepath.Join(w.job.volume, binaryName)
	partial := program + ".partial"
	if err := w.goCommand(offline, "build", "-ldflags=-s -w", "-o", partial, "."); err != nil {
		return errors.Join(w.notCompiled(), os.RemoveAll(partial))
	}
	return os.Rename(partial, program)
}

func (w *workspace) notCompiled() error {
	hint := ""
	if len(w.unnamed) > 0 {
		hint = fmt.Sprintf("; it has no go.mod: %s can only be imported with one that requires it", strings.Join(w.unnamed, ", "))
	}
	return errors.New("the function could not be compiled: see the lines above" + hint)
}
