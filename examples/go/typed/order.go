// A typed function: what it takes and what it answers are types of its own.
package order

import (
	"encoding/json"
	"net/http"

	"github.com/kubeless/kubeless/pkg/functions"
)

// Order is what a caller sends.
type Order struct {
	Item  string `json:"item"`
	Count int    `json:"count"`
}

// Placed is what Place answers.
type Placed struct {
	Order
	ID       string `json:"id"`
	PlacedBy string `json:"placed by"`
}

// Place takes an order. What it returns is answered as JSON.
func Place(event functions.Event, context functions.Context) (any, error) {
	var order Order
	if err := json.Unmarshal([]byte(event.Data), &order); err != nil {
		return nil, err
	}
	event.Extensions.Response.WriteHeader(http.StatusCreated)
	return Placed{order, event.EventID, context.FunctionName}, nil
}
