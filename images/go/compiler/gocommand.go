package main

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// network says whether a Go command may download.
type network bool

const (
	online  network = true
	offline network = false
)

// goCommand runs the Go command in the workspace. What it says goes to the job's output, with the
// function's files named as the user names them.
func (w *workspace) goCommand(network network, verb string, arguments ...string) error {
	overlay, err := w.writeOverlay()
	if err != nil {
		return err
	}
	cache, err := w.job.buildCache()
	if err != nil {
		return err
	}
	flags := []string{verb, "-mod=mod", "-buildvcs=false", "-overlay", overlay}
	command := exec.Command("go", append(flags, arguments...)...)
	command.Dir = w.folder
	command.Env = append(os.Environ(),
		"CGO_ENABLED=0", "GO111MODULE=on", "GOWORK=off", "GOTOOLCHAIN=local", "GOFLAGS=-modcacherw",
		"GOCACHE="+cache, "GOMODCACHE="+w.modules, "GOPATH="+filepath.Join(w.job.scratch, "gopath"),
		"GOTMPDIR="+w.job.scratch, "GOENV=off", "GOTELEMETRY=off")
	if network == offline {
		command.Env = append(command.Env, "GOPROXY=off")
	}
	var said bytes.Buffer
	command.Stdout, command.Stderr = io.Discard, &said
	err = command.Run()
	w.report(said.String())
	return err
}

// report passes the Go command's lines on, but for the ones that only name a package.
func (w *workspace) report(said string) {
	names := strings.NewReplacer(w.prefixes()...)
	for _, line := range lines(said) {
		if !strings.HasPrefix(line, "# ") {
			_, _ = io.WriteString(w.job.output, names.Replace(line)+"\n")
		}
	}
}

// prefixes are the ways in which the Go command shows the function's folder: as it is or, where that is
// shorter, relative to its own working folder.
func (w *workspace) prefixes() []string {
	prefixes := []string{w.job.volume + "/", ""}
	if relative, err := filepath.Rel(w.folder, w.job.volume); err == nil {
		prefixes = append([]string{relative + "/", ""}, prefixes...)
	}
	return prefixes
}
