// Command functionsframework serves the benchmark's scenarios as HTTP functions of the framework.
package main

import (
	"io"
	"log"
	"net/http"
	"strconv"
	"time"

	"github.com/GoogleCloudPlatform/functions-framework-go/funcframework"
	"github.com/GoogleCloudPlatform/functions-framework-go/functions"
)

func main() {
	functions.HTTP("hello", hello)
	functions.HTTP("json", echo)
	functions.HTTP("large", size)
	functions.HTTP("wait", wait)
	log.Fatal(funcframework.Start("8080"))
}

func hello(writer http.ResponseWriter, _ *http.Request) {
	io.WriteString(writer, "hello world")
}

func echo(writer http.ResponseWriter, request *http.Request) {
	body, err := io.ReadAll(request.Body)
	if err != nil {
		return
	}
	writer.Write(body)
}

func size(writer http.ResponseWriter, request *http.Request) {
	body, err := io.ReadAll(request.Body)
	if err != nil {
		return
	}
	io.WriteString(writer, strconv.Itoa(len(body)))
}

func wait(writer http.ResponseWriter, _ *http.Request) {
	time.Sleep(10 * time.Millisecond)
	io.WriteString(writer, "waited")
}
