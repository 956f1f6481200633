package main

import (
	"os"
	"path/filepath"
	"testing"
)

func TestContainerMemoryIsReadFromWhicheverCgroupFileIsThere(t *testing.T) {
	missing, file := filepath.Join(t.TempDir(), "none"), filepath.Join(t.TempDir(), "limit")
	for text, want := range map[string]int64{"134217728\n": 128 << 20, "max\n": 0} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if got := containerMemory(missing, file); got != want {
			t.Errorf("%q: got %d", text, got)
		}
	}
	if got := containerMemory(missing); got != 0 {
		t.Errorf("no file: got %d", got)
	}
}
