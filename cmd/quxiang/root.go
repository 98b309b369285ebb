package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"quxiang/internal/app"
	"quxiang/internal/domain/access"
	"quxiang/internal/domain/fault"
)

// Exit codes of the contract.
const (
	exitDone  = 0
	exitNo    = 1 // the answer is "no": findings, refused rows, verify failed
	exitUsage = 2 // wrong use, or a file that cannot be taken as a whole
)

// errNo says that the command ran and its answer is "no"; it printed why.
var errNo = errors.New("no")

// session is one run of the command line: in this process, or in a server on
// behalf of one beside it.
type session struct {
	call   *app.Call
	app    *app.App // set inside a server, and while a folder is open
	inside bool     // inside a server
	global global
}

// global are the flags of every command.
type global struct{ data, keys, database, config, format, output string }

// execute runs the command line and returns the exit code. a is the running
// server's program, or nil.
func execute(ctx context.Context, a *app.App, call *app.Call) int {
	s := &session{call: call, app: a, inside: a != nil}
	root := s.root()
	root.SetArgs(call.Args)
	root.SetOut(call.Out)
	root.SetErr(call.Err)
	err := root.ExecuteContext(ctx)
	var remote exitCode
	switch {
	case err == nil:
		return exitDone
	case errors.Is(err, errNo):
		return exitNo
	case errors.As(err, &remote):
		return int(remote)
	}
	err = app.Explain(err)
	fmt.Fprintf(call.Err, "quxiang: %v\n", err)
	switch fault.KindOf(err) {
	case fault.NotFound, fault.Conflict, fault.Forbidden:
		return exitNo
	case fault.Usage, fault.Invalid:
		return exitUsage
	}
	if errors.As(err, new(usageError)) {
		return exitUsage
	}
	return exitNo
}

// exitCode is what a server answered for a command.
type exitCode int

// Error is never shown: the server printed why.
func (c exitCode) Error() string { return fmt.Sprintf("exit %d", int(c)) }

// usageError is a mistake in the use of the command line.
type usageError struct{ error }

func (s *session) root() *cobra.Command {
	root := &cobra.Command{
		Use: "quxiang", Short: "去向：高校毕业生就业工作平台",
		SilenceErrors: true, SilenceUsage: true, Args: cobra.ArbitraryArgs,
		PersistentPreRunE: func(c *cobra.Command, _ []string) error { return s.settle(c) },
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usageError{fmt.Errorf("没有“%s”这个命令，运行 quxiang --help 查看全部命令", args[0])}
			}
			return c.Help()
		},
		CompletionOptions: cobra.CompletionOptions{DisableDefaultCmd: true},
	}
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return usageError{fmt.Errorf("%s；运行 %s --help 查看用法", flagWords(err), c.CommandPath())}
	})
	inChinese(root)
	f := root.PersistentFlags()
	f.StringVar(&s.global.data, "data", "./quxiang-data", "数据文件夹")
	f.StringVar(&s.global.keys, "keys", "", "密钥文件夹，默认为数据文件夹下的 keys")
	f.StringVar(&s.global.database, "database", "", "PostgreSQL 地址 postgres://…，默认用数据文件夹中的 SQLite")
	f.StringVar(&s.global.config, "config", "", "配置文件，每行“参数 = 值”")
	f.StringVar(&s.global.format, "format", "text", "输出格式：text、json、csv 或 xlsx")
	f.StringVarP(&s.global.output, "output", "o", "", "输出到文件")
	root.AddCommand(
		s.demo(), s.init(), s.serve(), s.user(), s.importing(), s.export(), s.reconcile(),
		s.indicators(), s.stats(), s.snapshot(), s.report(), s.external(), s.proofread(), s.match(), s.verify(), s.retention(), s.privacy(), s.audit(), s.keys(), s.backup(), s.restore(), s.migrate(), s.version())
	return root
}

// flagWords says in the user's words what is wrong with a flag.
func flagWords(err error) string {
	var unknown *pflag.NotExistError
	var blank *pflag.ValueRequiredError
	var bad *pflag.InvalidValueError
	switch {
	case errors.As(err, &unknown) && unknown.GetSpecifiedShortnames() != "":
		return "没有“-" + unknown.GetSpecifiedName() + "”这个参数"
	case errors.As(err, &unknown):
		return "没有“--" + unknown.GetSpecifiedName() + "”这个参数"
	case errors.As(err, &blank):
		return "“--" + blank.GetFlag().Name + "”后面要写一个值"
	case errors.As(err, &bad):
		return fmt.Sprintf("“--%s”的值“%s”不对，请核对写法", bad.GetFlag().Name, bad.GetValue())
	}
	return "参数写法不对（" + err.Error() + "）"
}

// work is what a command does once the program is open.
type work func(ctx context.Context, args []string) error

// with wraps a command that works on a data folder: in the server if one runs,
// else in this process, holding the folder.
func (s *session) with(how app.Hold, do work) func(*cobra.Command, []string) error {
	return func(c *cobra.Command, args []string) error {
		ctx := c.Context()
		if s.inside {
			return do(ctx, args)
		}
		if err := app.MustExist(s.config()); err != nil {
			return err
		}
		for try := 0; ; try++ {
			if server, ok := app.Dial(s.global.data); ok {
				code, err := server.Run(ctx, s.asked(c, args))
				if err == nil && code != exitDone {
					err = exitCode(code)
				}
				return err
			}
			a, err := app.Open(ctx, s.config(), how)
			if fault.KindOf(err) == fault.Conflict && try < 50 {
				select { // a server is just starting or ending
				case <-time.After(100 * time.Millisecond):
					continue
				case <-ctx.Done():
					return err
				}
			}
			if err != nil {
				return err
			}
			s.app = a
			err = do(ctx, args)
			if e := a.Close(); err == nil {
				err = e
			}
			return err
		}
	}
}

// config is the program's configuration from the global flags.
func (s *session) config() app.Config {
	return app.Config{Data: s.global.data, Keys: s.global.keys, Database: s.global.database}
}

// who is the actor of the command line.
func (s *session) who() access.Actor { return access.Console(s.call.User) }
