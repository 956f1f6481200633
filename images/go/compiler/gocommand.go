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
	places := w.places()
	for _, line := range lines(said) {
		if !strings.HasPrefix(line, "# ") {
			_, _ = io.WriteString(w.job.output, asUsersSee(line, places)+"\n")
		}
	}
}

// place is how the Go command shows a file or folder of the function, and what the user calls it.
type place struct{ shown, name string }

// asUsersSee replaces the place that a line begins with. What comes later is left as it is: the
// function's folder can look like a part of an import path.
func asUsersSee(line string, places []place) string {
	text := strings.TrimLeft(line, "\t")
	indent := line[:len(line)-len(text)]
	for _, p := range places {
		if rest, found := strings.CutPrefix(text, p.shown); found {
			return indent + p.name + rest
		}
	}
	return line
}

// places are the files that are laid over others, then the function's folder, each as it is and relative
// to the folder in which the Go command works.
func (w *workspace) places() []place {
	var places []place
	for original, file := range w.overlay {
		if file == "" { // hidden
			continue
		}
		name := strings.TrimPrefix(original, w.job.volume+"/")
		places = append(places, w.shown(file, ":", name+":")...)
	}
	return append(places, w.shown(w.job.volume, "/", "")...)
}

func (w *workspace) shown(path, suffix, name string) []place {
	places := []place{{path + suffix, name}}
	if relative, err := filepath.Rel(w.folder, path); err == nil {
		places = append(places, place{relative + suffix, name})
	}
	return places
}
