package httpd

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// onWire serves the site on a real socket.
func onWire(t *testing.T, h http.Handler) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- Serve(ctx, Config{Listen: ln.Addr().String()}, ln, h) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return ln.Addr().String()
}

// TestNoTwoWaysToReadARequest (S28): what a proxy might read as one request and the
// server as two is refused, and the connection closed.
func TestNoTwoWaysToReadARequest(t *testing.T) {
	address := onWire(t, site(t, Config{}, io.Discard))
	hidden := "GET /people/7 HTTP/1.1\r\nHost: localhost\r\n\r\n"
	for name, text := range map[string]string{
		"two lengths":                "POST /form HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\n",
		"length and chunks":          "POST /form HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + hidden,
		"chunks spelled otherwise":   "POST /form HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + hidden,
		"chunks twice":               "POST /form HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n" + hidden,
		"chunks":                     "POST /form HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + hidden,
		"a space before the colon":   "GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length : 5\r\n\r\n" + hidden,
		"a negative length":          "POST /form HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n" + hidden,
		"a length with a plus":       "POST /form HTTP/1.1\r\nHost: localhost\r\nContent-Length: +4\r\n\r\n" + hidden,
		"two hosts":                  "GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n" + hidden,
		"no host":                    "GET / HTTP/1.1\r\n\r\n" + hidden,
		"a header with a bare CR":    "GET / HTTP/1.1\r\nHost: localhost\r\nX-A: 1\rContent-Length: 9\r\n\r\n" + hidden,
		"a nameless header":          "GET / HTTP/1.1\r\nHost: localhost\r\n: 1\r\n\r\n" + hidden,
		"more header than is read":   "GET / HTTP/1.1\r\nHost: localhost\r\nX-A: " + strings.Repeat("a", 64<<10) + "\r\n\r\n",
		"another protocol's version": "GET / HTTP/9.9\r\nHost: localhost\r\n\r\n" + hidden,
	} {
		answers := wire(t, address, text)
		if len(answers) != 1 || answers[0] < 400 || answers[0] >= 600 {
			t.Errorf("%s: answers %v, want one refusal and the end", name, answers)
		}
	}
	// A folded header is one value with a space in it (RFC 9112 5.2), never a length.
	folded := "GET / HTTP/1.1\r\nHost: localhost\r\nX-A: 1\r\n Content-Length: 5\r\nConnection: close\r\n\r\n"
	if got := wire(t, address, folded+hidden); fmt.Sprint(got) != "[200]" {
		t.Errorf("a folded header: %v", got)
	}
	if got := wire(t, address, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\nGET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"); fmt.Sprint(got) != "[200 200]" {
		t.Errorf("two plain requests, as a contrast: %v", got)
	}
}

// wire sends the bytes and returns the status of every answer until the connection ends.
func wire(t *testing.T, address, text string) (out []int) {
	t.Helper()
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(5 * time.Second))
	_, _ = io.WriteString(c, text)
	in := bufio.NewReader(c)
	for {
		r, err := http.ReadResponse(in, nil)
		if err != nil {
			if n, ok := err.(net.Error); ok && n.Timeout() {
				t.Errorf("%.40q: the connection stays open", text)
			}
			return out
		}
		_, _ = io.Copy(io.Discard, r.Body)
		r.Body.Close()
		out = append(out, r.StatusCode)
	}
}

// TestNoOtherSiteReads (S21): nothing is ever shared with another origin.
func TestNoOtherSiteReads(t *testing.T) {
	h := site(t, Config{}, io.Discard)
	for _, origin := range []string{"https://evil.example", "null", "http://localhost.evil.example", "http://evil-localhost"} {
		for _, method := range []string{"GET", "OPTIONS", "POST"} {
			r := httptest.NewRequest(method, "/", nil)
			r.Host = "localhost"
			r.Header.Set("Origin", origin)
			r.Header.Set("Access-Control-Request-Method", "GET")
			out := httptest.NewRecorder()
			h.ServeHTTP(out, r)
			for name := range out.Header() {
				if strings.HasPrefix(name, "Access-Control-") {
					t.Errorf("%s from %s: %s: %s", method, origin, name, out.Header().Get(name))
				}
			}
		}
	}
}

// TestLogIsLinesWithoutPersons (S59, S60): one JSON line a request with its id and
// an instant with its offset, whatever is sent; no address, no query, no header, no
// form ever gets into it.
func TestLogIsLinesWithoutPersons(t *testing.T) {
	var log bytes.Buffer
	h := site(t, Config{}, &log)
	const secret = "120101200001019999"
	n := 0
	for _, path := range []string{"/", "/people/" + secret, "/none/" + secret, "/?q=" + secret, "/people/7?name=" + secret + "%0a%7b%22level%22:%22x%22%7d"} {
		for _, method := range []string{"GET", "POST", "PUT\n", "BREW"} {
			r := httptest.NewRequest("GET", path, strings.NewReader("phone="+secret))
			r.Method, r.Host = method, "localhost"
			r.Header.Set("Referer", "http://localhost/?"+secret)
			r.Header.Set("User-Agent", "\n{\"level\":\"ERROR\"}\n"+secret)
			r.Header.Set("X-Forwarded-For", secret+"\n")
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			signedIn(r)
			h.ServeHTTP(httptest.NewRecorder(), r)
			n++
		}
	}
	lines := strings.Split(strings.TrimSpace(log.String()), "\n")
	if len(lines) < n {
		t.Fatalf("%d lines of %d requests", len(lines), n)
	}
	requests := 0
	for _, line := range lines {
		var one struct {
			Time    time.Time `json:"time"`
			Msg     string    `json:"msg"`
			Request string    `json:"request"`
		}
		if err := json.Unmarshal([]byte(line), &one); err != nil || one.Request == "" || one.Time.IsZero() {
			t.Errorf("%v: %s", err, line)
		}
		if one.Msg == "request" {
			requests++
		}
	}
	if requests != n {
		t.Errorf("%d lines of %d requests", requests, n)
	}
	if strings.Contains(log.String(), secret) || strings.Contains(log.String(), "q=") {
		t.Error("what was asked for is in the log")
	}
}

// TestASlowBodyIsCutOff (X24): a body that comes in by the byte ends with its grace,
// one that keeps the pace may take long.
func TestASlowBodyIsCutOff(t *testing.T) {
	at := &deadlines{}
	p := &paced{ReadCloser: io.NopCloser(strings.NewReader(strings.Repeat("x", 1<<20))), at: http.NewResponseController(at), began: time.Now()}
	var b [1]byte
	for range 10 {
		_, _ = p.Read(b[:])
	}
	if got := at.read.Sub(p.began); got != grace {
		t.Errorf("ten bytes move the deadline to %s", got)
	}
	_, _ = io.Copy(io.Discard, p)
	if got := at.read.Sub(p.began); got < grace+30*time.Second || got > grace+33*time.Second {
		t.Errorf("a mebibyte at the slowest pace: %s", got)
	}
}

// deadlines is a writer that notes them.
type deadlines struct {
	httptest.ResponseRecorder
	read time.Time
}

func (d *deadlines) SetReadDeadline(t time.Time) error  { d.read = t; return nil }
func (d *deadlines) SetWriteDeadline(t time.Time) error { return nil }

// TestFilesNeverRunOut (R13): where no file is left the idle connection makes room,
// and where none is idle the new one is told to come again.
func TestFilesNeverRunOut(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := newConnections(ln, true)
	c.most = 1
	begun, release := make(chan struct{}), make(chan struct{})
	s := &http.Server{ConnState: c.changed, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			begun <- struct{}{}
			<-release
		}
		_, _ = io.WriteString(w, "ok")
	})}
	defer close(release)
	go func() { _ = s.Serve(c) }()
	t.Cleanup(func() { s.Close() })
	dial := func() (net.Conn, *bufio.Reader) {
		conn, err := net.Dial("tcp", ln.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { conn.Close() })
		_ = conn.SetDeadline(time.Now().Add(5 * time.Second))
		return conn, bufio.NewReader(conn)
	}
	ask := func(conn net.Conn, in *bufio.Reader) int {
		_, _ = io.WriteString(conn, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
		r, err := http.ReadResponse(in, nil)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, r.Body)
		return r.StatusCode
	}
	first, in := dial()
	if got := ask(first, in); got != 200 {
		t.Fatal(got)
	}
	// The answer is here a moment before the server calls the connection idle.
	for end := time.Now().Add(5 * time.Second); !c.idle() && time.Now().Before(end); {
		time.Sleep(time.Millisecond)
	}
	second, more := dial()
	if got := ask(second, more); got != 200 {
		t.Fatalf("beside an idle one: %d", got)
	}
	_, _ = io.WriteString(second, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n")
	select {
	case <-begun:
	case <-time.After(5 * time.Second):
		t.Fatal("the second connection is not served")
	}
	if got := ask(dial()); got != 503 {
		t.Errorf("beside one at work: %d", got)
	}
}

// idle tells whether every open connection waits for its next request.
func (c *connections) idle() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, since := range c.open {
		if since.IsZero() {
			return false
		}
	}
	return len(c.open) > 0
}
