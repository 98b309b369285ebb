// Command quxiang is the whole product in one binary: the server, and the
// command line beside it (docs: the public contract in README.md).
package main

import (
	"context"
	"os"
	"os/signal"
	"os/user"
	"syscall"

	"golang.org/x/term"

	"quxiang/internal/app"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := execute(ctx, nil, localCall(os.Args[1:]))
	stop()
	os.Exit(code)
}

// localCall is a command that runs in this process.
func localCall(args []string) *app.Call {
	name := "unknown"
	if u, err := user.Current(); err == nil {
		name = u.Username
	}
	return &app.Call{
		Args: args, User: name, In: os.Stdin, Out: os.Stdout, Err: os.Stderr,
		Terminal: term.IsTerminal(int(os.Stderr.Fd())),
		Read:     app.ReadLocal, Create: app.CreateLocal,
	}
}
