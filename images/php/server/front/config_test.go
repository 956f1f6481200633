package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func environment(t *testing.T, changes map[string]string) func(string) string {
	t.Helper()
	root := t.TempDir()
	if err := os.WriteFile(filepath.Join(root, "function.php"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	values := map[string]string{
		"MOD_ROOT_PATH": root, "MOD_NAME": "function", "FUNC_HANDLER": "handler", "FUNC_PHP_BINARY": "/bin/true",
	}
	for name, value := range changes {
		values[name] = value
	}
	return func(name string) string { return values[name] }
}

func TestConfigHasTheContractsDefaults(t *testing.T) {
	c, err := readConfig(environment(t, nil))
	if err != nil {
		t.Fatal(err)
	}
	if c.port != 8080 || c.timeout != 180*time.Second || c.bodyLimit != 1<<20 || c.corsOrigin != "*" || c.mostWorkers < 10 {
		t.Errorf("unexpected defaults: %+v", c)
	}
}

func TestConfigNamesTheBadVariableAndItsValue(t *testing.T) {
	for name, value := range map[string]string{
		"FUNC_PORT": "abc", "FUNC_TIMEOUT": "-1", "MOD_NAME": "../x", "FUNC_WORKERS": "0", "LOG_FORMAT": "xml",
		"REQ_MB_LIMIT": "NaN", "FUNC_SHUTDOWN_TIMEOUT": "soon", "FUNC_PHP_BINARY": "/no/such/php",
	} {
		_, err := readConfig(environment(t, map[string]string{name: value}))
		if err == nil || !strings.HasPrefix(err.Error(), "runtime-kit: "+name+` is "`+value+`": `) {
			t.Errorf("%s=%s: got %v", name, value, err)
		}
	}
}
