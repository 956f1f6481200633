package main

import "net/http"

// cors answers preflights and marks answers as readable by the configured origin.
type cors struct{ origin string }

// preflight answers a preflight and reports whether it was one; a plain OPTIONS is the function's.
func (c cors) preflight(w http.ResponseWriter, r *http.Request) bool {
	if c.origin == "" || r.Method != http.MethodOptions || r.Header.Get("Access-Control-Request-Method") == "" {
		return false
	}
	c.mark(w.Header())
	w.Header().Set("Access-Control-Allow-Methods", "GET,HEAD,PUT,PATCH,POST,DELETE")
	if asked := r.Header.Get("Access-Control-Request-Headers"); asked != "" {
		w.Header().Set("Access-Control-Allow-Headers", asked)
		w.Header().Add("Vary", "Access-Control-Request-Headers")
	}
	w.WriteHeader(http.StatusNoContent)
	return true
}

// mark sets the headers of an answer; what the function set itself replaces them afterwards.
func (c cors) mark(header http.Header) {
	if c.origin == "" {
		return
	}
	header["Access-Control-Allow-Origin"] = []string{c.origin}
	if c.origin != "*" {
		header["Vary"] = []string{"Origin"}
	}
}
