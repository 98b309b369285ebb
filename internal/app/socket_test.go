package app

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"quxiang/internal/domain/fault"
)

// beside listens on a folder's socket; the returned function ends it and says
// how long that took.
func beside(t *testing.T, console Console) (dir string, end func() time.Duration) {
	t.Helper()
	a := &App{Config: Config{Data: t.TempDir(), Log: slog.New(slog.DiscardHandler)}}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- a.listenSocket(ctx, console) }()
	for range 500 {
		if _, err := os.Stat(filepath.Join(a.Data, "socket")); err == nil {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	return a.Data, func() time.Duration {
		began := time.Now()
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		return time.Since(began)
	}
}

func dialled(t *testing.T, dir string) *Server {
	t.Helper()
	s, ok := Dial(dir)
	if !ok {
		t.Fatal("nobody answers")
	}
	t.Cleanup(func() { s.w.conn.Close() })
	return s
}

// TestServerEndsBesideSlowCallers: neither who says nothing nor who does not
// read keeps the server from its end.
func TestServerEndsBesideSlowCallers(t *testing.T) {
	writing := make(chan bool, 1)
	dir, end := beside(t, func(_ context.Context, _ *App, call *Call) int {
		writing <- true
		for {
			if _, err := call.Out.Write(make([]byte, 1<<20)); err != nil {
				return 1
			}
		}
	})
	dialled(t, dir) // says nothing
	deaf := dialled(t, dir)
	if err := deaf.w.send(frameCall, []byte(`{"Args":["stats"]}`)); err != nil {
		t.Fatal(err)
	}
	<-writing
	if took := end(); took > 8*time.Second {
		t.Errorf("the end took %v", took)
	}
}

// TestInterruptedCommand: the end of the caller's context ends its wait, and the
// command in the server.
func TestInterruptedCommand(t *testing.T) {
	running, gone := make(chan bool, 1), make(chan bool, 1)
	dir, end := beside(t, func(ctx context.Context, _ *App, _ *Call) int {
		running <- true
		<-ctx.Done()
		gone <- true
		return 1
	})
	defer end()
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-running
		cancel()
	}()
	_, err := dialled(t, dir).Run(ctx, &Call{Args: []string{"import"}})
	if fault.KindOf(err) != fault.Conflict {
		t.Errorf("%v", err)
	}
	select {
	case <-gone:
	case <-time.After(5 * time.Second):
		t.Error("the command runs on in the server")
	}
}

// spy is a file of the caller's that notes what becomes of it.
type spy struct {
	n                 int
	refuses           bool
	closed, abandoned bool
}

func (f *spy) Write(p []byte) (int, error) {
	if f.refuses {
		return 0, errors.New("disk full")
	}
	f.n += len(p)
	return len(p), nil
}

func (f *spy) Close() error { f.closed = true; return nil }
func (f *spy) Abandon()     { f.abandoned = true }

func TestFilesOfTheServer(t *testing.T) {
	const size = 3 << 20
	for name, c := range map[string]struct {
		refuses, half bool // the caller's disk; the server stops in the middle
		code          int
		closed        bool
	}{
		"whole":             {code: 0, closed: true},
		"disk full":         {refuses: true, code: 1},
		"never closed":      {half: true, code: 0},
		"full, then broken": {refuses: true, half: true, code: 0},
	} {
		t.Run(name, func(t *testing.T) {
			dir, end := beside(t, func(_ context.Context, _ *App, call *Call) int {
				f, err := call.Create("out.xlsx")
				if err != nil {
					return 2
				}
				if _, err := f.Write(make([]byte, size)); err != nil {
					return 3
				}
				if c.half {
					return 0
				}
				if f.Close() != nil {
					return 1
				}
				return 0
			})
			defer end()
			f := &spy{refuses: c.refuses}
			code, err := dialled(t, dir).Run(t.Context(), &Call{Create: func(string) (io.WriteCloser, error) { return f, nil }})
			if err != nil || code != c.code || f.closed != c.closed || f.abandoned == c.closed {
				t.Errorf("%v, exit %d, %+v", err, code, f)
			}
			if c.closed && f.n != size {
				t.Errorf("%d bytes arrived", f.n)
			}
		})
	}
}

// TestFirstFrameHasADeadline: who connects and says nothing is let go.
func TestFirstFrameHasADeadline(t *testing.T) {
	here, there := net.Pipe()
	defer there.Close()
	done := make(chan bool)
	go func() {
		(&App{}).answer(t.Context(), here, nil)
		close(done)
	}()
	select {
	case <-done:
	case <-time.After(firstFrame + 3*time.Second):
		t.Error("still waiting")
	}
}
