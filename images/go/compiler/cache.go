package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// buildCache gives the Go command a cache that holds what the image has compiled already and that it can
// write to, whoever runs it: the image's own is read-only, so a folder of links stands in for it.
func (j *job) buildCache() (string, error) {
	if warming := os.Getenv("RUNTIME_KIT_WARM_CACHE"); warming != "" {
		return warming, nil
	}
	cache := filepath.Join(j.scratch, "cache")
	if _, err := os.Stat(cache); err == nil {
		return cache, nil
	}
	compiled := filepath.Join(j.kit, "cache")
	err := filepath.WalkDir(compiled, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		target := filepath.Join(cache, path[len(compiled):])
		if entry.IsDir() {
			return os.MkdirAll(target, 0o755)
		}
		return os.Symlink(path, target)
	})
	if errors.Is(err, fs.ErrNotExist) {
		return cache, os.MkdirAll(cache, 0o755) // works without, only slower
	}
	return cache, err
}
