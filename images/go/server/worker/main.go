// Package worker is the HTTP server that is compiled together with a function. The supervisor starts it,
// hands it the socket, and starts another when it cannot go on; requests never pass the supervisor.
package worker

import (
	"errors"
	"fmt"
	"os"
	"reflect"
	"runtime"
	"strconv"
	"syscall"

	"github.com/kubeless/kubeless/pkg/functions"

	"runtime-kit/server/control"
	"runtime-kit/server/ledger"
	"runtime-kit/server/logs"
	"runtime-kit/server/settings"
)

// Source is what the compiler knows about a function.
type Source struct {
	// Module is the file's name without .go, Handler the name of what is called in it.
	Module, Handler string
	// place is where the handler stands, as file:line.
	place string
}

// Main serves the function, whatever the type of its result, and never returns.
func Main[Result any](handler func(functions.Event, functions.Context) (Result, error), source Source) {
	if err := serve(handler, source); err != nil {
		fmt.Fprintf(os.Stderr, "runtime-kit: %v\n", err)
		os.Exit(1)
	}
	os.Exit(0)
}

func serve[Result any](handler func(functions.Event, functions.Context) (Result, error), source Source) error {
	if handler == nil {
		return fmt.Errorf("FUNC_HANDLER is %q: the variable of that name is nil: set it where it is declared or in init", source.Handler)
	}
	source.place = placeOf(handler)
	return live(func(e functions.Event, c functions.Context) (any, error) { return handler(e, c) }, source)
}

func placeOf(handler any) string {
	entry := reflect.ValueOf(handler).Pointer()
	file, line := runtime.FuncForPC(entry).FileLine(entry)
	return fmt.Sprintf("%s:%d", file, line)
}

// function is the one form that the server calls.
type function func(functions.Event, functions.Context) (any, error)

func live(fn function, source Source) error {
	config, err := settings.Load()
	if err != nil {
		return err
	}
	if err := source.check(config); err != nil {
		return err
	}
	shared, slot, err := attach()
	if err != nil {
		return err
	}
	if config.Workers > 0 {
		runtime.GOMAXPROCS(config.Workers)
	}
	giveRoom()
	// Descriptors of the logs' own: a function may close os.Stdout and os.Stderr or put others in their place.
	stdout, err := syscall.Dup(syscall.Stdout)
	if err != nil {
		return os.NewSyscallError("dup", err)
	}
	syscall.CloseOnExec(stdout)
	endpoint := &endpoint{
		function: fn,
		place:    source.place,
		config:   config,
		ledger:   shared,
		slot:     slot,
		access:   logs.NewAccess(config.LogFormat, &slot.Log, os.NewFile(uintptr(stdout), "stdout")),
		errors:   logs.NewErrors(config.LogFormat, os.NewFile(control.StderrFD, "stderr")),
		channel:  os.NewFile(control.ChannelFD, "supervisor"),
	}
	return newLife(endpoint).run()
}

// check keeps a function from being served under a name that it was not compiled for.
func (s Source) check(config settings.Settings) error {
	if config.Module != s.Module {
		return fmt.Errorf("MOD_NAME is %q: set it to %q, the file that was compiled, or compile again", config.Module, s.Module)
	}
	if config.Handler != s.Handler {
		return fmt.Errorf("FUNC_HANDLER is %q: set it to %q, the handler that was compiled, or compile again", config.Handler, s.Handler)
	}
	return nil
}

// attach finds this worker's part of the shared memory.
func attach() (*ledger.Ledger, *ledger.Slot, error) {
	index, err := strconv.Atoi(os.Getenv(control.SlotVariable))
	if err != nil {
		return nil, nil, errors.New("the compiled function does not run alone: start the runtime image, or its supervisor")
	}
	for fd := control.ListenerFD; fd <= control.StderrFD; fd++ {
		syscall.CloseOnExec(fd) // what the function starts must not keep the port
	}
	shared, err := ledger.Map(control.LedgerFD)
	if err != nil {
		return nil, nil, err
	}
	slot, err := shared.Slot(index)
	return shared, slot, err
}
