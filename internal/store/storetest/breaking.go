package storetest

import (
	"context"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

// answerTime is how long a server has to do what it was sent, before the connection
// breaks over its answer.
const answerTime = 20 * time.Millisecond

// breaking listens between a test and PostgreSQL and returns its address. Connections
// that it has passed on go until a fault strikes them.
func breaking(t testing.TB, server string, f *Faults) string {
	t.Helper()
	c, err := pgconn.ParseConfig(server)
	if err != nil {
		t.Fatal(err)
	}
	network, address := pgconn.NetworkAddress(c.Host, c.Port)
	door, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { door.Close() })
	go func() {
		for {
			client, err := door.Accept()
			if err != nil {
				return
			}
			behind, err := new(net.Dialer).DialContext(context.Background(), network, address)
			if err != nil {
				client.Close()
				continue
			}
			w := &wire{client: client, server: behind, faults: f}
			go w.back()
			go w.forth()
		}
	}()
	return door.Addr().String()
}

// wire is one connection, passed on.
type wire struct {
	client, server net.Conn
	faults         *Faults
	mu             sync.Mutex
	mute           bool // the client hears nothing any more
	n              int  // messages of the client, or what came at once
}

// forth passes on what the client sends, until a fault strikes.
func (w *wire) forth() {
	defer w.close()
	b := make([]byte, 64<<10)
	for {
		n, err := w.client.Read(b)
		if err != nil {
			return
		}
		w.n++
		struck := w.faults.Strike() != nil
		if struck {
			w.mu.Lock()
			w.mute = true
			w.mu.Unlock()
		}
		if struck && w.n%2 == 1 {
			return // before the server had it
		}
		if _, err := w.server.Write(b[:n]); err != nil {
			return
		}
		if struck {
			time.Sleep(answerTime)
			return
		}
	}
}

// back passes on what the server answers.
func (w *wire) back() {
	defer w.close()
	b := make([]byte, 64<<10)
	for {
		n, err := w.server.Read(b)
		if err != nil {
			return
		}
		w.mu.Lock()
		mute := w.mute
		w.mu.Unlock()
		if mute {
			continue
		}
		if _, err := w.client.Write(b[:n]); err != nil {
			return
		}
	}
}

func (w *wire) close() {
	w.client.Close()
	w.server.Close()
}
