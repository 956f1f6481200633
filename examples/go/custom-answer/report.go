// A function that sets status and headers itself and streams its answer: what Flush has sent reaches the
// caller before the next line is made. The Context ends the work when the caller is gone or the time is up.
package report

import (
	"fmt"
	"net/http"
	"time"

	"github.com/kubeless/kubeless/pkg/functions"
)

func Report(event functions.Event, context functions.Context) (any, error) {
	response := event.Extensions.Response
	response.Header().Set("Content-Type", "text/csv; charset=utf-8")
	response.Header().Set("Content-Disposition", `attachment; filename="squares.csv"`)
	response.WriteHeader(http.StatusCreated)
	for n := 1; n <= 3; n++ {
		fmt.Fprintf(response, "%d,%d\n", n, n*n)
		response.(http.Flusher).Flush()
		select {
		case <-time.After(10 * time.Millisecond):
		case <-event.Extensions.Context.Done():
			return nil, event.Extensions.Context.Err()
		}
	}
	return nil, nil
}
