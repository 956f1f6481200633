// A function with a module of its own choice: go.mod beside it names it, the installation phase downloads
// it. This one turns Markdown into HTML.
package render

import (
	"strings"

	"github.com/kubeless/kubeless/pkg/functions"
	"github.com/yuin/goldmark"
)

func Render(event functions.Event, context functions.Context) (string, error) {
	event.Extensions.Response.Header().Set("Content-Type", "text/html; charset=utf-8")
	var page strings.Builder
	err := goldmark.Convert([]byte(event.Data), &page)
	return page.String(), err
}
