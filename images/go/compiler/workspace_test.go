package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func jobFor(t *testing.T, files map[string]string) (*job, error) {
	t.Helper()
	volume := folder(t, files)
	kit := t.TempDir()
	if err := os.Mkdir(filepath.Join(kit, "server"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(kit, "server", "go.sum"), []byte("ours\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	t.Setenv("TMPDIR", t.TempDir())
	t.Setenv("RUNTIME_KIT_HOME", kit)
	t.Setenv("KUBELESS_INSTALL_VOLUME", volume)
	t.Setenv("KUBELESS_DEPS_FILE", filepath.Join(volume, "go.mod"))
	return newJob(&bytes.Buffer{})
}

func text(t *testing.T, path string) string {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

func TestMainModuleRepeatsWhatOnlyCountsThere(t *testing.T) {
	j, err := jobFor(t, map[string]string{
		"go.mod": "module example.com/f\n\ngo 1.14\n\nrequire github.com/kubeless/kubeless v1.0.8\n\n" +
			"require example.com/a v1.2.3\n\nreplace example.com/a => ./a\n\nexclude example.com/b v1.0.0\n",
		"go.sum": "theirs\n",
	})
	if err != nil {
		t.Fatal(err)
	}
	space, err := j.newWorkspace(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	got := text(t, filepath.Join(space.folder, "go.mod"))
	for _, want := range []string{
		"example.com/f v0.0.0", "example.com/f => " + j.volume, "example.com/a v1.2.3",
		"example.com/a => " + j.volume + "/a", "github.com/kubeless/kubeless v1.0.8",
		"github.com/kubeless/kubeless => " + j.kit + "/api", "exclude example.com/b v1.0.0",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in\n%s", want, got)
		}
	}
	if got := text(t, filepath.Join(space.folder, "go.sum")); got != "ours\ntheirs\n" {
		t.Errorf("go.sum: %q", got)
	}
	if required := j.module.required(); len(required) != 0 {
		t.Errorf("asked for %q, which are replaced", required)
	}
}

// On their own machine authors replace the package by a folder that is not in the container.
func TestTheFunctionPackageIsTheImagesOwn(t *testing.T) {
	j, err := jobFor(t, map[string]string{
		"go.mod": "module f\n\nrequire github.com/kubeless/kubeless v0.0.0\n\nreplace github.com/kubeless/kubeless => ../api\n\n" +
			"replace runtime-kit/server v1.0.0 => ../server\n",
	})
	if err != nil {
		t.Fatal(err)
	}
	space, err := j.newWorkspace(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	got := text(t, filepath.Join(space.folder, "go.mod"))
	if !strings.Contains(got, "github.com/kubeless/kubeless => "+j.kit+"/api") ||
		strings.Contains(got, filepath.Join(j.volume, "../api")) || strings.Contains(got, filepath.Join(j.volume, "../server")) {
		t.Errorf("replaced by what is not there:\n%s", got)
	}
}

func TestPackageMainGetsANameAndKeepsItsLines(t *testing.T) {
	const before = "// main\n\npackage  main // main\n\nfunc main() {}\n"
	j, err := jobFor(t, map[string]string{"f.go": before, "g.go": "package other\n"})
	if err != nil {
		t.Fatal(err)
	}
	space, err := j.newWorkspace(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	over, covered := space.overlay[filepath.Join(j.volume, "f.go")]
	if !covered {
		t.Fatal("f.go is not covered")
	}
	if got, want := text(t, over), strings.Replace(before, "package  main", "package  function", 1); got != want {
		t.Errorf("got %q", got)
	}
	if _, covered := space.overlay[filepath.Join(j.volume, "g.go")]; covered {
		t.Error("g.go, another package, is covered")
	}
	if got := text(t, filepath.Join(j.volume, "f.go")); got != before {
		t.Errorf("the user's own file was changed: %q", got)
	}
}

func TestEmptyDependencyFileMeansNone(t *testing.T) {
	j, err := jobFor(t, map[string]string{"go.mod": " \n"})
	if err != nil || j.module.file != "" || j.module.path != defaultModule {
		t.Errorf("got %+v, %v", j, err)
	}
}

func TestBadDependencyFiles(t *testing.T) {
	for name, c := range map[string]struct {
		files map[string]string
		want  string
	}{
		"malformed":     {map[string]string{"go.mod": "module f\n\nrequier x v1\n"}, "go.mod:3: unknown directive: requier"},
		"main":          {map[string]string{"go.mod": "module main\n"}, `names the module "main", which Go cannot import`},
		"no module":     {map[string]string{"go.mod": "go 1.25\n"}, "go.mod has no module line: add one"},
		"Gopkg.toml":    {map[string]string{"Gopkg.toml": "[[constraint]]\n"}, "go mod init function && go mod tidy"},
		"Gopkg besides": {map[string]string{"Gopkg.toml": "", "go.mod": "module f\n"}, "Gopkg.toml is not supported"},
	} {
		if _, err := jobFor(t, c.files); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestUsersFilesAreNamedAsTheUserDoes(t *testing.T) {
	j, err := jobFor(t, map[string]string{"f.go": "package f\n"})
	if err != nil {
		t.Fatal(err)
	}
	var said bytes.Buffer
	j.output = &said
	space, err := j.newWorkspace(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	relative, _ := filepath.Rel(space.folder, j.volume)
	if err := space.cover("g.go", nil); err != nil {
		t.Fatal(err)
	}
	covered, middle := space.overlay[filepath.Join(j.volume, "g.go")], "the type is example.com"+j.volume+"/x.T"
	for shown, want := range map[string]string{
		"# function":                       "",
		j.volume + "/f.go:3:5: one":        "f.go:3:5: one\n",
		"\t" + relative + "/f.go:4:1: two": "\tf.go:4:1: two\n",
		covered + ":5:1: three":            "g.go:5:1: three\n",
		middle:                             middle + "\n",
	} {
		said.Reset()
		if space.report(shown + "\n"); said.String() != want {
			t.Errorf("%q: got %q", shown, said.String())
		}
	}
}

func TestTestFilesAreHidden(t *testing.T) {
	j, err := jobFor(t, map[string]string{"f.go": "package main\n", "f_test.go": "package main\n"})
	if err != nil {
		t.Fatal(err)
	}
	space, err := j.newWorkspace(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	if cover, hidden := space.overlay[filepath.Join(j.volume, "f_test.go")]; !hidden || cover != "" {
		t.Errorf("got %q", cover)
	}
}

func TestSeededModulesCanBeAddedTo(t *testing.T) {
	from, to := t.TempDir(), t.TempDir()
	versions := filepath.Join("cache", "download", "example.com", "m", "@v")
	for _, name := range []string{
		"cache/lock", versions + "/list", versions + "/v1.0.0.lock", versions + "/v1.0.0.zip", "example.com/m@v1.0.0/m.go",
	} {
		path := filepath.Join(from, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, nil, 0o444); err != nil {
			t.Fatal(err)
		}
	}
	if err := seedModules(from, to); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]os.FileMode{
		versions: os.ModeDir, versions + "/v1.0.0.zip": os.ModeSymlink, "example.com/m@v1.0.0": os.ModeSymlink,
	} {
		if info, err := os.Lstat(filepath.Join(to, name)); err != nil || info.Mode().Type() != want {
			t.Errorf("%s: got %v, %v", name, info, err)
		}
	}
	for _, name := range []string{"cache/lock", versions + "/list", versions + "/v1.0.0.lock"} {
		if _, err := os.Lstat(filepath.Join(to, name)); err == nil {
			t.Errorf("%s is a link into the image", name)
		}
	}
}
