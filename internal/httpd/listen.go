package httpd

import (
	"net"
	"net/http"
	"sync"
	"syscall"
	"time"
)

// files is how many open files are kept for the database, evidence and logs; the
// others may be connections.
const files = 64

// connections counts the connections, so that the files of the process never run
// out: then the one that has been idle longest makes room, and where none is idle
// the new one is told to come again. A process without files can neither accept nor
// refuse, nor open its database.
type connections struct {
	net.Listener
	most  int
	plain bool // a word in plain http is understood

	mu   sync.Mutex
	open map[net.Conn]time.Time // since when idle; zero: at work
}

func newConnections(ln net.Listener, plain bool) *connections {
	most := 1 << 20
	var limit syscall.Rlimit
	if syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit) == nil && limit.Cur < 1<<20 {
		most = max(int(limit.Cur)-files, 16)
	}
	return &connections{Listener: ln, most: most, plain: plain, open: map[net.Conn]time.Time{}}
}

// Accept returns the next connection that there is a file for.
func (c *connections) Accept() (net.Conn, error) {
	for {
		conn, err := c.Listener.Accept()
		if err != nil {
			return nil, err
		}
		if c.admit(conn) {
			return conn, nil
		}
		go c.refuse(conn)
	}
}

// admit notes the connection; false if there is no file for it.
func (c *connections) admit(conn net.Conn) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.open) >= c.most {
		var oldest net.Conn
		var since time.Time
		for other, idle := range c.open {
			if !idle.IsZero() && (oldest == nil || idle.Before(since)) {
				oldest, since = other, idle
			}
		}
		if oldest == nil {
			return false
		}
		delete(c.open, oldest)
		oldest.Close()
	}
	c.open[conn] = time.Time{}
	return true
}

// comeAgain is a whole answer: there is no file to do more than write it.
const comeAgain = "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 10\r\nContent-Type: text/html; charset=utf-8\r\nCache-Control: no-store\r\n" +
	"Connection: close\r\n\r\n<!doctype html><html lang=\"zh-CN\"><meta charset=\"utf-8\"><meta http-equiv=\"refresh\" content=\"10\"><title>现在人太多</title>" +
	"<p>现在人太多，请过一会儿再试。已提交的不会丢。</p></html>"

func (c *connections) refuse(conn net.Conn) {
	if c.plain {
		_ = conn.SetDeadline(time.Now().Add(time.Second))
		_, _ = conn.Write([]byte(comeAgain))
		if half, ok := conn.(*net.TCPConn); ok {
			_ = half.CloseWrite() // a close with unread bytes would take the answer back
			var rest [512]byte
			for {
				if _, err := half.Read(rest[:]); err != nil {
					break
				}
			}
		}
	}
	conn.Close()
}

// changed is the server's ConnState hook. Behind TLS the server knows the connection
// by its wrapper.
func (c *connections) changed(conn net.Conn, s http.ConnState) {
	if t, ok := conn.(interface{ NetConn() net.Conn }); ok {
		conn = t.NetConn()
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	switch s {
	case http.StateIdle:
		if _, ok := c.open[conn]; ok {
			c.open[conn] = time.Now()
		}
	case http.StateActive:
		if _, ok := c.open[conn]; ok {
			c.open[conn] = time.Time{}
		}
	case http.StateClosed, http.StateHijacked:
		delete(c.open, conn)
	}
}
