module nethttp

go 1.25
