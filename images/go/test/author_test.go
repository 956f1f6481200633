package test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// compileAs compiles a file on an author's own machine: in a module that finds the function package
// where the documentation says. It returns what the compiler has to say.
func compileAs(t *testing.T, source string) string {
	t.Helper()
	api, err := filepath.Abs("../api")
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "function.go"), []byte(source), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, arguments := range [][]string{
		{"mod", "init", "function"},
		{"mod", "edit", "-require=github.com/kubeless/kubeless@v0.0.0", "-replace=github.com/kubeless/kubeless=" + api},
	} {
		if said, err := goIn(folder, arguments...); err != nil {
			t.Fatalf("go %s: %s", arguments, said)
		}
	}
	said, err := goIn(folder, "build", "./...")
	if (err == nil) != (said == "") {
		t.Fatalf("go build: %v: %s", err, said)
	}
	return said
}

func goIn(folder string, arguments ...string) (string, error) {
	command := exec.Command("go", arguments...)
	command.Dir = folder
	command.Env = append(os.Environ(), "GOPROXY=off", "GOFLAGS=")
	said, err := command.CombinedOutput()
	if arguments[0] != "build" && err == nil {
		said = nil // mod init says what it does
	}
	return string(said), err
}

func TestTheTypedExampleCompiles(t *testing.T) {
	source, err := os.ReadFile("../../../examples/go/typed/order.go")
	if err != nil {
		t.Fatal(err)
	}
	if said := compileAs(t, string(source)); said != "" {
		t.Error(said)
	}
}

// The functions of Kubeless's own documentation, as they were.
func TestKubelessFunctionsCompileUnchanged(t *testing.T) {
	for name, source := range map[string]string{
		"hello": `package kubeless

import (
	"fmt"

	"github.com/kubeless/kubeless/pkg/functions"
)

// Hello sample function with data
func Hello(event functions.Event, context functions.Context) (string, error) {
	fmt.Println(event)
	return event.Data, nil
}
`,
		"timeout": `package kubeless

import (
	"github.com/kubeless/kubeless/pkg/functions"
)

// Foo sample function
func Foo(event functions.Event, context functions.Context) (string, error) {
	for {
	}
	return "", nil
}
`,
		"raw request": `package kubeless

import (
	"fmt"

	"github.com/kubeless/kubeless/pkg/functions"
)

// Handler reads the request itself
func Handler(event functions.Event, context functions.Context) (string, error) {
	event.Extensions.Response.Header().Set("X-Id", event.EventID)
	return fmt.Sprintf("%s %s %s %s %s", event.Extensions.Request.Method, event.EventType, event.EventTime,
		event.EventNamespace, context.FunctionName+context.Timeout+context.Runtime+context.MemoryLimit), event.Extensions.Context.Err()
}
`,
	} {
		t.Run(name, func(t *testing.T) {
			if said := compileAs(t, source); said != "" {
				t.Error(said)
			}
		})
	}
}

func TestAWrongFunctionDoesNot(t *testing.T) {
	for line, complaint := range map[string]string{
		"return event.Dta, nil":              "event.Dta undefined",
		"return event.EventID + 1, nil":      "mismatched types",
		"return context.Timeout * 2, nil":    "mismatched types",
		"return event.Extensions.Req(), nil": "undefined",
		"return event.Data":                  "not enough return values",
	} {
		said := compileAs(t, `package function

import "github.com/kubeless/kubeless/pkg/functions"

func Handler(event functions.Event, context functions.Context) (string, error) {
	`+line+`
}
`)
		if !strings.Contains(said, "function.go:6:") || !strings.Contains(said, complaint) {
			t.Errorf("%s: %q", line, said)
		}
	}
}
