package main

import (
	"bytes"
	"os"
	"slices"
	"strings"
	"testing"

	"runtime-kit/server/termination"
)

func TestOperatorsGODEBUGWins(t *testing.T) {
	t.Setenv("GODEBUG", "containermaxprocs=0")
	variables := environment(3)
	if !slices.Contains(variables, "GODEBUG=containermaxprocs=1,updatemaxprocs=1,containermaxprocs=0") {
		t.Errorf("got %q", variables)
	}
	if !slices.Contains(variables, "RUNTIME_KIT_SLOT=3") {
		t.Errorf("no slot in %q", variables)
	}
}

func TestStartupPassesAllOnAndKeepsTheBeginning(t *testing.T) {
	from, to, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	var passed bytes.Buffer
	s := relay(from, &passed)
	text := strings.Repeat("line\n", termination.Limit)
	if _, err := to.WriteString(text); err != nil {
		t.Fatal(err)
	}
	to.Close()
	if got := string(s.text()); got != text[:termination.Limit] {
		t.Errorf("kept %d bytes", len(got))
	}
	if passed.String() != text {
		t.Errorf("passed %d of %d bytes on", passed.Len(), len(text))
	}
}
