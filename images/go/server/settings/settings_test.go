package settings

import (
	"errors"
	"strings"
	"testing"
	"time"
)

func load(environment map[string]string) (Settings, error) {
	reader := reader{lookup: func(name string) (string, bool) {
		value, set := environment[name]
		return value, set
	}}
	loaded := reader.settings()
	return loaded, errors.Join(reader.problems...)
}

func TestDefaults(t *testing.T) {
	got, err := load(map[string]string{"MOD_NAME": "hello", "FUNC_HANDLER": "Handler"})
	if err != nil {
		t.Fatal(err)
	}
	want := Settings{
		Port: 8080, Root: "/kubeless", Module: "hello", Handler: "Handler",
		Timeout: 180 * time.Second, ShutdownTimeout: 10 * time.Second,
		BodyLimit: 1 << 20, MultipartLimit: 32 << 20,
		LogFormat: Combined, CORSOrigin: "*", TimeoutText: "180",
	}
	if got != want {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func TestFractions(t *testing.T) {
	got, err := load(map[string]string{
		"MOD_NAME": "hello", "FUNC_HANDLER": "Handler", "FUNC_TIMEOUT": "0.25", "REQ_MB_LIMIT": "0.5", "CORS_ORIGIN": "off",
	})
	if err != nil || got.Timeout != 250*time.Millisecond || got.TimeoutText != "0.25" || got.BodyLimit != 512<<10 || got.CORSOrigin != "" {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestEveryProblemNamesVariableValueAndFix(t *testing.T) {
	for name, values := range map[string][]string{
		"FUNC_PORT":              {"abc", "0", "65536", "80.5"},
		"FUNC_TIMEOUT":           {"-1", "0", "NaN", "1e300", "soon"},
		"FUNC_DRAIN_DELAY":       {"-0.1"},
		"FUNC_SHUTDOWN_TIMEOUT":  {"x"},
		"REQ_MB_LIMIT":           {"0", "much", "5000"},
		"REQ_MULTIPART_MB_LIMIT": {"-3"},
		"FUNC_WORKERS":           {"0", "many"},
		"MOD_NAME":               {"", "a/b", `a\b`, ".."},
		"FUNC_HANDLER":           {""},
		"LOG_FORMAT":             {"xml"},
		"CORS_ORIGIN":            {"a\r\nb"},
	} {
		for _, value := range values {
			environment := map[string]string{"MOD_NAME": "hello", "FUNC_HANDLER": "Handler", name: value}
			_, err := load(environment)
			if err == nil {
				t.Errorf("%s=%q was accepted", name, value)
			} else if text := err.Error(); !strings.HasPrefix(text, name+" is ") || !strings.Contains(text, ": set it to ") || strings.Contains(text, "\n") {
				t.Errorf("%s=%q: %q is not one line with name, value and fix", name, value, text)
			}
		}
	}
}

func TestAllProblemsAreReportedAtOnce(t *testing.T) {
	_, err := load(map[string]string{"FUNC_PORT": "abc", "LOG_FORMAT": "xml"})
	if lines := strings.Split(err.Error(), "\n"); len(lines) != 4 { // and MOD_NAME, FUNC_HANDLER
		t.Errorf("got %q", lines)
	}
}
