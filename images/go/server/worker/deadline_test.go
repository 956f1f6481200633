package worker

import (
	"io"
	"net/http"
	"runtime"
	"sync"
	"testing"

	"github.com/kubeless/kubeless/pkg/functions"
)

// A function that ends as its context does comes back while the deadline takes its connection.
func TestCallsThatEndWithTheirContextAreAllAnswered(t *testing.T) {
	for name, end := range map[string]func(e functions.Event) (any, error){
		"returns":            func(functions.Event) (any, error) { return "late", nil },
		"fails":              func(e functions.Event) (any, error) { return nil, e.Extensions.Context.Err() },
		"panics":             func(e functions.Event) (any, error) { panic(e.Extensions.Context.Err()) },
		"ends its goroutine": func(functions.Event) (any, error) { runtime.Goexit(); return nil, nil },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := start(t, func(e functions.Event, _ functions.Context) (any, error) {
				<-e.Extensions.Context.Done()
				return end(e)
			})
			var callers sync.WaitGroup
			for range 100 {
				callers.Go(func() {
					for range 10 {
						response, err := http.Get(s.URL)
						if err != nil {
							t.Error(err)
							continue
						}
						body, err := io.ReadAll(response.Body)
						response.Body.Close()
						if response.StatusCode != http.StatusRequestTimeout || string(body) != timeoutText || err != nil {
							t.Errorf("got %d %q %v", response.StatusCode, body, err)
						}
					}
				})
			}
			callers.Wait()
		})
	}
}
