package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"
)

// workspace is a main module around the function's own module. The function keeps its go.mod, so its
// language version stays what it says; nothing is written beside its files: what the compiler has to see
// differently there is laid over them.
type workspace struct {
	job     *job
	folder  string
	modules string
	// overlay says for a file of the function which one the compiler sees in its place; empty: none.
	overlay map[string]string
	// unnamed are imported packages that a go.mod would have to name, where the function has none.
	unnamed []string
}

// newWorkspace writes the main module's files into folder. modules is the module cache to use.
func (j *job) newWorkspace(folder, modules string) (*workspace, error) {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return nil, err
	}
	w := &workspace{job: j, folder: folder, modules: modules, overlay: map[string]string{}}
	if err := w.writeModule(); err != nil {
		return nil, err
	}
	if err := w.writeSums(); err != nil {
		return nil, err
	}
	text := []byte("module " + defaultModule + "\n\ngo " + languageVersion + "\n")
	if j.module.file != "" {
		var err error
		if text, err = os.ReadFile(j.module.file); err != nil {
			return nil, err
		}
	}
	if err := w.cover("go.mod", text); err != nil {
		return nil, err
	}
	if err := w.hideTests(); err != nil {
		return nil, err
	}
	return w, w.renamePackage()
}

// hideTests leaves test files out: their package would have to be renamed with the others'.
func (w *workspace) hideTests() error {
	tests, err := filepath.Glob(filepath.Join(w.job.volume, "*_test.go"))
	for _, test := range tests {
		w.overlay[test] = ""
	}
	return err
}

// languageVersion is what functions without a go.mod and the main module are compiled as.
const languageVersion = "1.25"

// writeModule makes the main module's go.mod. Replacements and exclusions only count in a main module, so
// the function's are repeated here, and its requirements too, so that each of them is checked.
func (w *workspace) writeModule() error {
	main := &modfile.File{}
	if err := main.AddModuleStmt("runtime-kit/function"); err != nil {
		return err
	}
	if err := main.AddGoStmt(languageVersion); err != nil {
		return err
	}
	user := w.job.module
	ours := map[string]bool{}
	for _, own := range [][2]string{
		{"github.com/kubeless/kubeless", filepath.Join(w.job.kit, "api")},
		{"runtime-kit/server", filepath.Join(w.job.kit, "server")},
		{user.path, w.job.volume},
	} {
		ours[own[0]] = true
		main.AddNewRequire(own[0], "v0.0.0", false)
		if err := main.AddReplace(own[0], "", own[1], ""); err != nil {
			return err
		}
	}
	for _, r := range user.parsed.Require {
		if err := main.AddRequire(r.Mod.Path, r.Mod.Version); err != nil {
			return err
		}
	}
	for _, r := range user.parsed.Replace {
		// On the author's machine these lie elsewhere.
		if ours[r.Old.Path] {
			continue
		}
		if err := main.AddReplace(r.Old.Path, r.Old.Version, w.target(r.New), r.New.Version); err != nil {
			return err
		}
	}
	for _, e := range user.parsed.Exclude {
		if err := main.AddExclude(e.Mod.Path, e.Mod.Version); err != nil {
			return err
		}
	}
	text, err := main.Format()
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(w.folder, "go.mod"), text, 0o644)
}

// target resolves a replacement by a folder, which is meant relative to the function's go.mod.
func (w *workspace) target(replacement module.Version) string {
	if modfile.IsDirectoryPath(replacement.Path) && !filepath.IsAbs(replacement.Path) {
		return filepath.Join(w.job.volume, replacement.Path)
	}
	return replacement.Path
}

// writeSums joins the checksums of the server's modules and of the function's.
func (w *workspace) writeSums() error {
	sums, err := os.ReadFile(filepath.Join(w.job.kit, "server", "go.sum"))
	if err != nil {
		return err
	}
	own, err := os.ReadFile(filepath.Join(w.job.volume, "go.sum"))
	if err != nil && !os.IsNotExist(err) {
		return err
	}
	return os.WriteFile(filepath.Join(w.folder, "go.sum"), append(sums, own...), 0o644)
}

func (w *workspace) writeMain(body string) error {
	return os.WriteFile(filepath.Join(w.folder, "main.go"), []byte("package main\n\n"+body), 0o644)
}

// cover lays a file of the given text over one in the function's folder, there or not.
func (w *workspace) cover(name string, text []byte) error {
	file := filepath.Join(w.job.scratch, "over-"+name)
	w.overlay[filepath.Join(w.job.volume, name)] = file
	return os.WriteFile(file, text, 0o644)
}

func (w *workspace) writeOverlay() (file string, err error) {
	text, err := json.Marshal(map[string]any{"Replace": w.overlay})
	if err != nil {
		return "", err
	}
	file = filepath.Join(w.job.scratch, "overlay.json")
	return file, os.WriteFile(file, text, 0o644)
}

// renamePackage gives package main, which cannot be imported, another name. Lines stay where they are.
func (w *workspace) renamePackage() error {
	files, err := parseFolder(w.job.volume)
	if err != nil {
		return err
	}
	for _, file := range files {
		if file.syntax == nil || file.syntax.Name.Name != "main" {
			continue
		}
		start := int(file.syntax.Name.Pos()) - file.base
		text := string(file.text[:start]) + importableName + string(file.text[start+len("main"):])
		if err := w.cover(file.name, []byte(text)); err != nil {
			return fmt.Errorf("%s: %w", file.name, err)
		}
	}
	return nil
}

const importableName = "function"

func quote(text string) string { return strconv.Quote(text) }

// lines cuts an error text into its lines, without the empty ones.
func lines(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return r == '\n' })
}
