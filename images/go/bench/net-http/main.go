// Command nethttp is as little as net/http needs to serve the benchmark's scenarios.
package main

import (
	"io"
	"log"
	"net/http"
	"os"
	"strconv"
	"time"
)

var scenarios = map[string]http.HandlerFunc{
	"hello": func(writer http.ResponseWriter, _ *http.Request) {
		io.WriteString(writer, "hello world")
	},
	"json": func(writer http.ResponseWriter, request *http.Request) {
		body, err := io.ReadAll(request.Body)
		if err != nil {
			return
		}
		writer.Write(body)
	},
	"large": func(writer http.ResponseWriter, request *http.Request) {
		body, err := io.ReadAll(request.Body)
		if err != nil {
			return
		}
		io.WriteString(writer, strconv.Itoa(len(body)))
	},
	"wait": func(writer http.ResponseWriter, _ *http.Request) {
		time.Sleep(10 * time.Millisecond)
		io.WriteString(writer, "waited")
	},
}

func main() {
	log.Fatal(http.ListenAndServe(":8080", scenarios[os.Getenv("SCENARIO")]))
}
