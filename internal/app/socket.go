package app

import (
	"bufio"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/ident"
)

// Call is one command as it runs: locally, or in the server on behalf of a
// command beside it.
type Call struct {
	Args     []string
	User     string // name of the operating-system user who asks
	Out, Err io.Writer
	In       io.Reader // standard input; nil inside a server
	Terminal bool      // standard error is a terminal: progress may be drawn
	// Read returns the content of a file of the caller's, at most MaxFile bytes.
	Read func(name string) ([]byte, error)
	// Create opens a file of the caller's for writing; it stands whole after Close.
	Create func(name string) (io.WriteCloser, error)
}

// MaxFile is the size of the largest file that a command may read, in bytes.
const MaxFile = 64 << 20

// Console runs a command inside a running server and returns its exit code.
type Console func(ctx context.Context, a *App, call *Call) int

// The frames of the socket: one byte of kind, four of length, the payload.
const (
	frameCall   = 'c' // → JSON of request
	frameOut    = 'o' // ← standard output
	frameErr    = 'e' // ← standard error
	frameRead   = 'r' // ← name of a file to read; answered by data and end, or by no
	frameCreate = 'w' // ← name of a file to make, then data and end; answered by end or no
	frameData   = 'd'
	frameEnd    = 'z'
	frameNo     = 'n' // the reason, in words
	frameExit   = 'x' // ← exit code
)

const maxFrame = 1 << 20

// How long the other end may take to say what it wants, and, once the server
// ends, to take its answer.
const (
	firstFrame = 5 * time.Second
	lastFrame  = 5 * time.Second
)

type request struct {
	Args     []string
	Terminal bool
}

// wire reads and writes frames; writing is safe for several goroutines.
type wire struct {
	conn net.Conn
	in   *bufio.Reader
	mu   sync.Mutex
}

func newWire(c net.Conn) *wire { return &wire{conn: c, in: bufio.NewReader(c)} }

func (w *wire) send(kind byte, payload []byte) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	head := [5]byte{kind}
	binary.BigEndian.PutUint32(head[1:], uint32(len(payload)))
	if _, err := w.conn.Write(head[:]); err != nil || len(payload) == 0 {
		return err // the other end may be satisfied and gone already
	}
	_, err := w.conn.Write(payload)
	return err
}

// sendAll sends the payload in frames of bounded size.
func (w *wire) sendAll(kind byte, payload []byte) error {
	for len(payload) > 0 {
		n := min(len(payload), maxFrame)
		if err := w.send(kind, payload[:n]); err != nil {
			return err
		}
		payload = payload[n:]
	}
	return nil
}

func (w *wire) receive() (byte, []byte, error) {
	var head [5]byte
	if _, err := io.ReadFull(w.in, head[:]); err != nil {
		return 0, nil, err
	}
	n := binary.BigEndian.Uint32(head[1:])
	if n > maxFrame {
		return 0, nil, errors.New("socket: frame too long")
	}
	payload := make([]byte, n)
	_, err := io.ReadFull(w.in, payload)
	return head[0], payload, err
}

// stream is a writer whose writes are frames of one kind.
type stream struct {
	w    *wire
	kind byte
}

// Write sends p in frames.
func (s stream) Write(p []byte) (int, error) { return len(p), s.w.sendAll(s.kind, p) }

// listenSocket answers commands beside the server until ctx ends.
func (a *App) listenSocket(ctx context.Context, console Console) error {
	path := filepath.Join(a.Data, "socket")
	os.Remove(path) // of a server that was killed; the lock says that it is gone
	short, done, err := shortPath(a.Data)
	if err != nil {
		return err
	}
	defer done()
	l, err := net.Listen("unix", short)
	if err != nil {
		return fmt.Errorf("socket: %w", err)
	}
	l.(*net.UnixListener).SetUnlinkOnClose(false) // the short path is gone by then
	if err := os.Chmod(path, 0o600); err != nil {
		return err
	}
	var running sync.WaitGroup
	stop := context.AfterFunc(ctx, func() { l.Close() })
	defer stop()
	for {
		c, err := l.Accept()
		if err != nil {
			running.Wait()
			os.Remove(path)
			return nil
		}
		running.Go(func() { a.answer(ctx, c, console) })
	}
}

// answer runs one command for the process at the other end.
func (a *App) answer(ctx context.Context, c net.Conn, console Console) {
	defer c.Close()
	w := newWire(c)
	c.SetReadDeadline(time.Now().Add(firstFrame))
	kind, payload, err := w.receive()
	var req request
	if err != nil || kind != frameCall || json.Unmarshal(payload, &req) != nil {
		return
	}
	c.SetReadDeadline(time.Time{})
	// A caller that does not read (a pager) must not hold the server's end up.
	stop := context.AfterFunc(ctx, func() { c.SetDeadline(time.Now().Add(lastFrame)) })
	defer stop()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	answers := make(chan frame)
	go func() { // the caller going away ends the command
		defer cancel()
		defer close(answers)
		for {
			kind, payload, err := w.receive()
			if err != nil {
				return
			}
			select {
			case answers <- frame{kind, payload}:
			case <-ctx.Done():
				return
			}
		}
	}()
	remote := &remoteFiles{w, answers}
	call := &Call{
		Args: req.Args, Terminal: req.Terminal, User: peerUser(c),
		Out: stream{w, frameOut}, Err: stream{w, frameErr}, Read: remote.read, Create: remote.create,
	}
	began := time.Now()
	code := console(ctx, a, call)
	a.Log.LogAttrs(ctx, slog.LevelInfo, "command", slog.String("request", ident.New()), slog.String("command", strings.Join(req.Args[:min(1, len(req.Args))], "")),
		slog.String("account", access.Console(call.User).Account), slog.Int("exit", code), slog.Int64("ms", time.Since(began).Milliseconds()))
	w.send(frameExit, []byte{byte(code)})
}

type frame struct {
	kind    byte
	payload []byte
}

// remoteFiles reaches the files of the caller through the socket.
type remoteFiles struct {
	w       *wire
	answers <-chan frame
}

func (r *remoteFiles) read(name string) ([]byte, error) {
	if err := r.w.send(frameRead, []byte(name)); err != nil {
		return nil, err
	}
	var content []byte
	for f := range r.answers {
		switch f.kind {
		case frameData:
			if len(content)+len(f.payload) > MaxFile {
				return nil, tooLarge(name)
			}
			content = append(content, f.payload...)
		case frameEnd:
			return content, nil
		case frameNo:
			return nil, fault.Usagef("file", "%s", f.payload) // in the caller's own words
		}
	}
	return nil, io.ErrUnexpectedEOF
}

func (r *remoteFiles) create(name string) (io.WriteCloser, error) {
	if err := r.w.send(frameCreate, []byte(name)); err != nil {
		return nil, err
	}
	return remoteWriter{stream{r.w, frameData}, r, name}, nil
}

type remoteWriter struct {
	stream
	r    *remoteFiles
	name string
}

// Close waits until the file stands at the caller's.
func (w remoteWriter) Close() error {
	if err := w.w.send(frameEnd, nil); err != nil {
		return err
	}
	f, ok := <-w.r.answers
	switch {
	case !ok:
		return io.ErrUnexpectedEOF
	case f.kind == frameNo:
		return fault.Usagef("file", "%s", f.payload)
	}
	return nil
}
