module runtime-kit/server

go 1.25.0

replace github.com/kubeless/kubeless => ../api

require (
	github.com/kubeless/kubeless v0.0.0
	golang.org/x/text v0.40.0
)
