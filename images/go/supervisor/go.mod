module runtime-kit/supervisor

go 1.25.0

require (
	golang.org/x/sys v0.40.0
	runtime-kit/server v0.0.0
)

replace (
	github.com/kubeless/kubeless => ../api
	runtime-kit/server => ../server
)
