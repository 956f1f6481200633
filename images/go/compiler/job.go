package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

const (
	// binaryName is what the runtime image's supervisor looks for.
	binaryName = "server"
	// installedName is the folder on the volume that the installation leaves to the compilation.
	installedName = ".runtime-kit"
)

// job is one run of a phase: where things are and what the function is.
type job struct {
	// kit holds the server's sources and the compiled packages, read-only in the image.
	kit     string
	volume  string
	scratch string
	output  io.Writer
	module  userModule
}

func newJob(output io.Writer) (*job, error) {
	volume, err := filepath.Abs(environmentOr("KUBELESS_INSTALL_VOLUME", environmentOr("MOD_ROOT_PATH", "/kubeless")))
	if err != nil {
		return nil, err
	}
	if info, err := os.Stat(volume); err != nil || !info.IsDir() {
		return nil, fmt.Errorf("KUBELESS_INSTALL_VOLUME is %q: set it to the folder that holds the function", volume)
	}
	// A path without links: the Go command shows files by it.
	if volume, err = filepath.EvalSymlinks(volume); err != nil {
		return nil, err
	}
	module, err := readModule(volume)
	if err != nil {
		return nil, err
	}
	scratch, err := os.MkdirTemp("", "function-build-")
	if err != nil {
		return nil, fmt.Errorf("no temporary folder: %w: make /tmp writable or set TMPDIR", err)
	}
	return &job{
		kit:     environmentOr("RUNTIME_KIT_HOME", "/opt/runtime-kit"),
		volume:  volume,
		scratch: scratch,
		output:  output,
		module:  module,
	}, nil
}

func environmentOr(name, fallback string) string {
	if value := os.Getenv(name); value != "" {
		return value
	}
	return fallback
}

func (j *job) installed(elements ...string) string {
	return filepath.Join(append([]string{j.volume, installedName}, elements...)...)
}

// install downloads what the function imports, checked against the checksum database or the function's
// own go.sum. What it leaves is complete or not there at all.
func install(j *job) error {
	target := j.installed()
	if err := os.RemoveAll(target); err != nil {
		return err
	}
	partial := target + ".partial"
	if err := os.RemoveAll(partial); err != nil {
		return err
	}
	if err := j.download(partial); err != nil {
		return errors.Join(err, os.RemoveAll(partial))
	}
	return os.Rename(partial, target)
}

func (j *job) download(folder string) error {
	modules := filepath.Join(folder, "modules")
	if err := seedModules(filepath.Join(j.kit, "modules"), modules); err != nil {
		return err
	}
	space, err := j.newWorkspace(folder, modules)
	if err != nil {
		return err
	}
	if err := space.writeMain("import _ " + quote(j.module.path) + "\n\nfunc main() {}\n"); err != nil {
		return err
	}
	// The first command only asks for what is required, imported or not: a module that does not exist has
	// to be noticed here. The second downloads what is imported.
	for _, arguments := range [][]string{append([]string{"-m"}, j.module.required()...), {"-deps", "."}} {
		if err := space.goCommand(online, "list", arguments...); err != nil {
			return fmt.Errorf("the modules of %s could not be installed: see the lines above", j.module.file)
		}
	}
	return nil
}

// seedModules puts the server's own modules beside the ones that will be downloaded, as links. What the Go
// command writes to is left out: in the image it is read-only.
func seedModules(from, to string) error {
	return filepath.WalkDir(from, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		target := filepath.Join(to, relative)
		if !entry.IsDir() {
			if name := entry.Name(); name == "list" || name == "lock" || filepath.Ext(name) == ".lock" {
				return nil
			}
			return os.Symlink(path, target)
		}
		// A module's files, as text@v0.40.0; a folder @v is for the downloads of all versions.
		if strings.Index(entry.Name(), "@") > 0 {
			if err := os.Symlink(path, target); err != nil {
				return err
			}
			return filepath.SkipDir
		}
		return os.MkdirAll(target, 0o755)
	})
}
