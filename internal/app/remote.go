package app

import (
	"context"
	"encoding/json"
	"io"
	"net"

	"quxiang/internal/domain/fault"
)

// Server is a running server of a data folder, seen from a command beside it.
type Server struct{ w *wire }

// Dial reaches the server of the folder; false if none is running.
func Dial(dir string) (*Server, bool) {
	short, done, err := shortPath(dir)
	if err != nil {
		return nil, false
	}
	defer done()
	c, err := net.Dial("unix", short)
	if err != nil {
		return nil, false
	}
	return &Server{newWire(c)}, true
}

// Run has the server carry out the command and returns its exit code. The end of
// ctx ends the command there too. Error: fault.Conflict when it may be half done.
func (s *Server) Run(ctx context.Context, call *Call) (int, error) {
	defer s.w.conn.Close()
	stop := context.AfterFunc(ctx, func() { s.w.conn.Close() })
	defer stop()
	payload, err := json.Marshal(request{call.Args, call.Terminal})
	if err != nil {
		return 0, err
	}
	if err := s.w.send(frameCall, payload); err != nil {
		return 0, cutOff(ctx)
	}
	file := &arriving{call: call}
	defer file.abandon()
	for {
		kind, payload, err := s.w.receive()
		if err != nil {
			return 0, cutOff(ctx)
		}
		switch kind {
		case frameOut:
			call.Out.Write(payload)
		case frameErr:
			call.Err.Write(payload)
		case frameRead:
			err = s.give(call, string(payload))
		case frameCreate:
			file.begin(string(payload))
		case frameData:
			file.write(payload)
		case frameEnd:
			err = s.confirm(file.end())
		case frameExit:
			if len(payload) != 1 {
				return 0, cutOff(ctx)
			}
			return int(payload[0]), nil
		}
		if err != nil {
			return 0, cutOff(ctx)
		}
	}
}

// cutOff says why there is no answer.
func cutOff(ctx context.Context) error {
	if ctx.Err() != nil {
		return fault.Conflictf("", "已中断，命令可能没有办完，请核对后再执行一次")
	}
	return fault.Conflictf("", "服务进程中途断开，命令可能没有办完，请重新执行一次")
}

// give sends a file that the server asked for.
func (s *Server) give(call *Call, name string) error {
	content, err := call.Read(name)
	if err != nil {
		return s.w.send(frameNo, []byte(err.Error()))
	}
	if err := s.w.sendAll(frameData, content); err != nil {
		return err
	}
	return s.w.send(frameEnd, nil)
}

// arriving is the file that the server is sending: written as it comes.
type arriving struct {
	call *Call
	f    io.WriteCloser // nil: none
	err  error          // what went wrong first; the rest of the file is passed over
}

func (a *arriving) begin(name string) {
	a.abandon()
	a.f, a.err = a.call.Create(name)
}

func (a *arriving) write(p []byte) {
	if a.err == nil && a.f != nil {
		_, a.err = a.f.Write(p)
	}
}

// end makes the file stand, or says why it does not.
func (a *arriving) end() error {
	if a.err == nil && a.f != nil {
		f := a.f
		a.f = nil
		return f.Close()
	}
	a.abandon()
	return a.err
}

// abandon drops a file that did not come whole.
func (a *arriving) abandon() {
	if f, ok := a.f.(interface{ Abandon() }); ok {
		f.Abandon()
	}
	a.f = nil
}

// confirm tells the server whether the file stands.
func (s *Server) confirm(err error) error {
	if err != nil {
		return s.w.send(frameNo, []byte(err.Error()))
	}
	return s.w.send(frameEnd, nil)
}
