// A function that takes a JSON document and answers with one. event.Data is the document's text: it is
// valid JSON when the request said so, but its shape is for the function to check.
package total

import (
	"encoding/json"

	"github.com/kubeless/kubeless/pkg/functions"
)

type order struct {
	Items []struct {
		Price    int `json:"price"`
		Quantity int `json:"quantity"`
	} `json:"items"`
}

// badOrder is an error for the caller: with a StatusCode, its text is the answer.
type badOrder struct{ error }

func (badOrder) StatusCode() int { return 422 }

func Total(event functions.Event, context functions.Context) (any, error) {
	var received order
	if err := json.Unmarshal([]byte(event.Data), &received); err != nil {
		return nil, badOrder{err}
	}
	total := 0
	for _, item := range received.Items {
		total += item.Price * item.Quantity
	}
	return map[string]int{"items": len(received.Items), "total": total}, nil
}
