package main

import (
	"os"
	"path/filepath"
	"testing"
)

func TestMemoryLimitComesFromWhicheverCgroupFileIsThere(t *testing.T) {
	missing, file := filepath.Join(t.TempDir(), "none"), filepath.Join(t.TempDir(), "limit")
	for text, want := range map[string]string{"134217728\n": "GOMEMLIMIT=120795948", "max\n": ""} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if got := memoryLimit([]string{missing, file}); got != want {
			t.Errorf("%q: got %q", text, got)
		}
	}
	if got := memoryLimit([]string{missing}); got != "" {
		t.Errorf("no file: got %q", got)
	}
}
