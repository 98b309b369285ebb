package httpd

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"
	"time"

	"quxiang/internal/domain/fault"
)

// TestConfigRefusesPasswordsInTheClear: plain http is for this machine, or asked for (S20).
func TestConfigRefusesPasswordsInTheClear(t *testing.T) {
	for name, c := range map[string]struct {
		conf     Config
		ok, warn bool
	}{
		"loopback":                   {Config{Listen: "127.0.0.1:8080"}, true, false},
		"loopback by name":           {Config{Listen: "localhost:8080"}, true, false},
		"all addresses":              {Config{Listen: "0.0.0.0:8080"}, false, true},
		"all addresses, written :80": {Config{Listen: ":80"}, false, true},
		"a campus address":           {Config{Listen: "192.0.2.7:80"}, false, true},
		"the same, wanted so":        {Config{Listen: "192.0.2.7:80", InsecureHTTP: true}, true, true},
		"with a certificate":         {Config{Listen: ":443", TLSCert: "c", TLSKey: "k"}, true, false},
		"half a certificate":         {Config{Listen: "127.0.0.1:443", TLSCert: "c"}, false, false},
		"behind a proxy with https":  {Config{Listen: "192.0.2.7:80", PublicURL: "https://a.example"}, true, false},
		"a public name over http":    {Config{Listen: "192.0.2.7:80", PublicURL: "http://a.example"}, false, true},
		"a proxy without https":      {Config{Listen: "127.0.0.1:80", PublicURL: "http://a.example"}, false, true},
		"the same, wanted so ":       {Config{Listen: "127.0.0.1:80", PublicURL: "http://a.example", InsecureHTTP: true}, true, true},
		"this machine, written out":  {Config{Listen: "127.0.0.1:80", PublicURL: "http://127.0.0.1:80"}, true, false},
		"an address with a path":     {Config{Listen: "127.0.0.1:80", PublicURL: "https://a.example/x"}, false, false},
		"an address without scheme":  {Config{Listen: "127.0.0.1:80", PublicURL: "a.example"}, false, false},
		"no port":                    {Config{Listen: "127.0.0.1"}, false, false},
	} {
		err := c.conf.Check()
		if (err == nil) != c.ok || err != nil && fault.KindOf(err) != fault.Usage {
			t.Errorf("%s: %v", name, err)
		}
		if c.ok && c.conf.Warn() != c.warn {
			t.Errorf("%s: banner %v", name, c.conf.Warn())
		}
	}
}

// TestPeerIsWhatATrustedProxySays: nobody else says from where somebody comes (S27).
func TestPeerIsWhatATrustedProxySays(t *testing.T) {
	trusting := Config{TrustedProxy: netip.MustParsePrefix("192.0.2.0/28")}
	for name, c := range map[string]struct {
		conf         Config
		remote, says string
		want         string
	}{
		"no proxy":                       {Config{}, "198.51.100.9:1", "", "198.51.100.9"},
		"nobody is trusted":              {Config{}, "192.0.2.1:1", "203.0.113.5", "192.0.2.1"},
		"the trusted proxy":              {trusting, "192.0.2.1:1", "203.0.113.5", "203.0.113.5"},
		"spoofed before the proxy's own": {trusting, "192.0.2.1:1", "127.0.0.1, 203.0.113.5", "203.0.113.5"},
		"somebody else":                  {trusting, "198.51.100.9:1", "127.0.0.1", "198.51.100.9"},
		"the proxy says nonsense":        {trusting, "192.0.2.1:1", "unknown", "192.0.2.1"},
		"mapped":                         {Config{}, "[::ffff:198.51.100.9]:1", "", "198.51.100.9"},
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = c.remote
		if c.says != "" {
			r.Header.Set("X-Forwarded-For", c.says)
		}
		if got := c.conf.peer(r).String(); got != c.want {
			t.Errorf("%s: %s", name, got)
		}
	}
}

// TestLocalPath: where one is sent on to is a page of this site (X34, F11, S25).
func TestLocalPath(t *testing.T) {
	for in, want := range map[string]string{
		"/people?cell=a": "/people?cell=a", "/": "/", "": "/", "people": "/", "//evil.example": "/", `/\evil.example`: "/",
		"https://evil.example": "/", "https:evil.example": "/", "/%09/evil": "/%09/evil", "javascript:alert(1)": "/",
		"/a\r\nSet-Cookie: x": "/", "/\t/evil.example": "/", "//user@evil.example/": "/",
	} {
		if got := LocalPath(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

// TestServeEndsInTime: asked to end, it ends (R27).
func TestServeEndsInTime(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	inside, release := make(chan bool), make(chan bool)
	slow := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		inside <- true
		<-release
		_, _ = w.Write([]byte("done"))
	})
	ended := make(chan error, 1)
	go func() { ended <- Serve(ctx, Config{}, ln, slow) }()
	answered := make(chan int, 1)
	go func() {
		r, err := http.Get("http://" + ln.Addr().String())
		if err != nil {
			answered <- 0
			return
		}
		r.Body.Close()
		answered <- r.StatusCode
	}()
	<-inside
	cancel()
	time.Sleep(20 * time.Millisecond)
	close(release)
	if got := <-answered; got != 200 {
		t.Errorf("a running request was cut off: %d", got)
	}
	if err := <-ended; err != nil {
		t.Errorf("a wanted end is an error: %v", err)
	}
}
