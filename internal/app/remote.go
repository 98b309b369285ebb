package app

import (
	"bytes"
	"encoding/json"
	"errors"
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

// Run has the server carry out the command and returns its exit code.
func (s *Server) Run(call *Call) (int, error) {
	defer s.w.conn.Close()
	payload, err := json.Marshal(request{call.Args, call.Terminal})
	if err != nil {
		return 0, err
	}
	if err := s.w.send(frameCall, payload); err != nil {
		return 0, err
	}
	var making *making
	for {
		kind, payload, err := s.w.receive()
		if err != nil {
			return 0, fault.Conflictf("", "服务进程中途断开，命令可能没有办完，请重新执行一次")
		}
		switch kind {
		case frameOut:
			call.Out.Write(payload)
		case frameErr:
			call.Err.Write(payload)
		case frameRead:
			err = s.give(call, string(payload))
		case frameCreate:
			making = newMaking(string(payload))
		case frameData:
			making.Write(payload)
		case frameEnd:
			err = s.finish(call, making)
		case frameExit:
			return int(payload[0]), nil
		}
		if err != nil {
			return 0, err
		}
	}
}

// give sends a file that the server asked for.
func (s *Server) give(call *Call, name string) error {
	content, err := call.Read(name)
	if err != nil {
		return s.w.send(frameNo, []byte(reason(err)))
	}
	if err := s.w.sendAll(frameData, content); err != nil {
		return err
	}
	return s.w.send(frameEnd, nil)
}

// making is a file that the server is sending.
type making struct {
	bytes.Buffer
	name string
}

func newMaking(name string) *making { return &making{name: name} }

func (s *Server) finish(call *Call, m *making) error {
	err := func() error {
		f, err := call.Create(m.name)
		if err != nil {
			return err
		}
		if _, err := io.Copy(f, m); err != nil {
			return err
		}
		return f.Close()
	}()
	if err != nil {
		return s.w.send(frameNo, []byte(reason(err)))
	}
	return s.w.send(frameEnd, nil)
}

// reason is the innermost error: the words around it are the server's.
func reason(err error) string {
	for {
		next := errors.Unwrap(err)
		if next == nil {
			return err.Error()
		}
		err = next
	}
}
