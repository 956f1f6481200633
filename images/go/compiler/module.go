package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/mod/modfile"
)

// defaultModule is the module path of a function that has no go.mod.
const defaultModule = "function"

// userModule is the function as a Go module.
type userModule struct {
	path string
	// file is its go.mod, empty where it has none.
	file   string
	parsed *modfile.File
}

// readModule finds the function's go.mod: the dependency file that the platform names, or the one beside
// the function. An empty file is what platforms write for a function without dependencies.
func readModule(volume string) (userModule, error) {
	none := userModule{path: defaultModule, parsed: &modfile.File{}}
	if _, err := os.Stat(filepath.Join(volume, "Gopkg.toml")); err == nil {
		return none, errLegacy
	}
	file := environmentOr("KUBELESS_DEPS_FILE", filepath.Join(volume, "go.mod"))
	if filepath.Base(file) == "Gopkg.toml" {
		return none, errLegacy
	}
	text, err := os.ReadFile(file)
	if errors.Is(err, os.ErrNotExist) || err == nil && len(bytes.TrimSpace(text)) == 0 {
		return none, nil
	}
	if err != nil {
		return none, err
	}
	parsed, err := modfile.Parse(filepath.Base(file), text, nil)
	if err != nil {
		return none, err
	}
	if parsed.Module == nil {
		return none, fmt.Errorf(`%s has no module line: add one, for example "module function"`, file)
	}
	if parsed.Module.Mod.Path == "main" {
		return none, fmt.Errorf(`%s names the module "main", which Go cannot import: write another name, for example "module function"`, file)
	}
	return userModule{path: parsed.Module.Mod.Path, file: file, parsed: parsed}, nil
}

// required lists the modules that go.mod asks for as path@version, but for the ones that it replaces.
func (m userModule) required() []string {
	replaced := map[string]bool{}
	for _, r := range m.parsed.Replace {
		replaced[r.Old.Path] = true
	}
	var required []string
	for _, r := range m.parsed.Require {
		if !replaced[r.Mod.Path] && r.Mod.Path != "github.com/kubeless/kubeless" {
			required = append(required, r.Mod.String())
		}
	}
	return required
}

var errLegacy = errors.New("the dependency file Gopkg.toml is not supported any more: delete it, and run " +
	"\"go mod init function && go mod tidy\" beside the function to get a go.mod in its place")
