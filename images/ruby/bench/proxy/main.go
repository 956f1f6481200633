// Command proxy stands in front of a server as Kubeless's proxy did, by its documents: it starts the
// server, passes each request's body to / of it, waits for the whole answer in a goroutine of its own,
// and logs a line. What it counted for metrics is left out.
package main

import (
	"context"
	"io"
	"log"
	"net/http"
	"os"
	"os/exec"
	"time"
)

const (
	server  = "http://127.0.0.1:8090/"
	timeout = 180 * time.Second
)

// Connections to the server are kept, as many as calls may be under way at once.
var client = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 128}}

type answer struct {
	body   []byte
	status int
	err    error
}

func main() {
	command := exec.Command(os.Args[1], os.Args[2:]...)
	command.Stdout, command.Stderr = os.Stdout, os.Stderr
	if err := command.Start(); err != nil {
		log.Fatal(err)
	}
	go func() { log.Fatal("the server ended: ", command.Wait()) }()
	log.Fatal(http.ListenAndServe(":8080", http.HandlerFunc(serve)))
}

func serve(writer http.ResponseWriter, request *http.Request) {
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	answers := make(chan answer, 1)
	go func() { answers <- ask(request) }()
	status := http.StatusRequestTimeout
	select {
	case got := <-answers:
		status = got.status
		if got.err != nil {
			status = http.StatusInternalServerError
		}
		writer.WriteHeader(status)
		writer.Write(got.body)
	case <-ctx.Done():
		writer.WriteHeader(status)
	}
	log.Printf("%s \"%s %s %s\" %d", request.RemoteAddr, request.Method, request.RequestURI, request.Proto, status)
}

func ask(request *http.Request) answer {
	forwarded, err := http.NewRequest(request.Method, server, request.Body)
	if err != nil {
		return answer{err: err}
	}
	forwarded.Header = request.Header.Clone()
	forwarded.ContentLength = request.ContentLength
	response, err := client.Do(forwarded)
	if err != nil {
		return answer{err: err}
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	return answer{body, response.StatusCode, err}
}
