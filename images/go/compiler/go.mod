module runtime-kit/compiler

go 1.25.0

require (
	golang.org/x/mod v0.30.0
	runtime-kit/server v0.0.0
)

replace (
	github.com/kubeless/kubeless => ../api
	runtime-kit/server => ../server
)
