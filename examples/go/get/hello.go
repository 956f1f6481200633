// A function that answers a GET request with text. Query parameters are read from the request, which is
// net/http's own.
package hello

import "github.com/kubeless/kubeless/pkg/functions"

func Hello(event functions.Event, context functions.Context) (string, error) {
	name := event.Extensions.Request.URL.Query().Get("name")
	if name == "" {
		name = "world"
	}
	return "hello " + name, nil
}
