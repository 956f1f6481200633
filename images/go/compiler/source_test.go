package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// folder is a function's folder with the given files.
func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	path := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(path, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return path
}

func find(t *testing.T, files map[string]string) (handler, error) {
	t.Helper()
	path := folder(t, files)
	parsed, err := parseFolder(path)
	if err != nil {
		t.Fatal(err)
	}
	main, err := findFunction(path, parsed)
	if err != nil {
		return handler{}, err
	}
	return findHandler(main, parsed)
}

const source = "package f\n\nvar Wrapped = Plain\n\nfunc (t T) Method() {}\nfunc Plain() {}\n"

func TestHandlerIsFoundByEitherName(t *testing.T) {
	for _, c := range []struct {
		funcHandler, kubelessName string
		want                      handler
	}{
		{"Plain", "", handler{"Plain", "f.go", 6}},
		{"", "Wrapped", handler{"Wrapped", "f.go", 3}},
		{"Plain", "Wrapped", handler{"Plain", "f.go", 6}},
		{"Plain", "name-of-the-deployment", handler{"Plain", "f.go", 6}},
		{"", "inHelper", handler{"inHelper", "helper.go", 2}},
	} {
		t.Setenv("FUNC_HANDLER", c.funcHandler)
		t.Setenv("KUBELESS_FUNC_NAME", c.kubelessName)
		t.Setenv("MOD_NAME", "f")
		got, err := find(t, map[string]string{"f.go": source, "helper.go": "package f\nfunc inHelper() {}\n", "f_test.go": "package f\nfunc Plain() {}\n"})
		if err != nil || got != c.want {
			t.Errorf("%+v: got %+v, %v", c, got, err)
		}
	}
}

func TestWhatIsNotThereIsNamed(t *testing.T) {
	one, two := map[string]string{"f.go": source}, map[string]string{"f.go": source, "g.go": source}
	for _, c := range []struct {
		files                  map[string]string
		module, handler, start string
	}{
		{one, "f", "Method", `FUNC_HANDLER is "Method": set it to`},
		{one, "f", "", `FUNC_HANDLER is "": set it to`},
		{one, "a/f", "Plain", `MOD_NAME is "a/f": set it to`},
		{two, "", "Plain", `MOD_NAME is "" and `},
		{nil, "", "Plain", `MOD_NAME is "" and `},
		{one, "g", "Plain", "/"},
	} {
		t.Setenv("FUNC_HANDLER", c.handler)
		t.Setenv("KUBELESS_FUNC_NAME", "")
		t.Setenv("MOD_NAME", c.module)
		_, err := find(t, c.files)
		if err == nil || !strings.HasPrefix(err.Error(), c.start) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%q %q: got %v", c.module, c.handler, err)
		}
	}
}

func TestPackagesThatHaveToBeDownloadedAreNamed(t *testing.T) {
	parsed, err := parseFolder(folder(t, map[string]string{
		"f.go": "package f\nimport (\n\"os\"\n\"function/lib\"\nu \"example.com/u\"\n\"github.com/kubeless/kubeless/pkg/functions\"\n)\n",
		"g.go": "package f\nimport \"example.com/u\"\n",
	}))
	if got := downloads(parsed); err != nil || !slices.Equal(got, []string{"example.com/u"}) {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestOnlyFileNeedsNoModuleName(t *testing.T) {
	t.Setenv("FUNC_HANDLER", "Plain")
	t.Setenv("MOD_NAME", "")
	if got, err := find(t, map[string]string{"f.go": source}); err != nil || got.line != 6 {
		t.Errorf("got %+v, %v", got, err)
	}
}
