package httpd

import (
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"

	"quxiang/internal/domain/fault"
)

// Config says how the server is reached.
type Config struct {
	Listen       string       // host:port
	PublicURL    string       // how users reach it, such as https://jiuye.example.edu.cn; blank: at Listen
	TLSCert      string       // file; with TLSKey the server speaks https itself
	TLSKey       string       // file
	TrustedProxy netip.Prefix // whose X-Forwarded-For is believed; zero: nobody's
	InsecureHTTP bool         // plain http beyond loopback, for a first trial: red banner
	Log          *slog.Logger
	Metrics      *Metrics // nil: nothing is measured
}

// Check refuses what would send passwords over the network in the clear, and
// addresses that cannot be read. Error: fault.Usage.
func (c *Config) Check() error {
	if _, _, err := net.SplitHostPort(c.Listen); err != nil {
		return fault.Usagef("listen", "监听地址“%s”读不出来，请写成 127.0.0.1:8080 的样子", c.Listen)
	}
	if err := CheckPublicURL(c.PublicURL); err != nil {
		return err
	}
	if (c.TLSCert == "") != (c.TLSKey == "") {
		return fault.Usagef("tls-cert", "证书和私钥要一起给：--tls-cert 和 --tls-key")
	}
	if !c.Secure() && !c.local() && !c.InsecureHTTP {
		return fault.Usagef("listen", "在 %s 上用不加密的 http，密码在网络上会被别人看到。请给 --tls-cert 和 --tls-key，或放在反向代理后面并写 --public-url https://…；"+
			"只是试用，可加 --insecure-http", c.Listen)
	}
	if c.Warn() && !c.InsecureHTTP {
		return fault.Usagef("public-url", "对外地址 %s 不是 https，密码在网络上会被别人看到。请写 --public-url https://…；只是试用，可加 --insecure-http", c.PublicURL)
	}
	return nil
}

// CheckPublicURL refuses what is no address of a server; blank is none at all.
// Error: fault.Usage.
func CheckPublicURL(address string) error {
	if address == "" {
		return nil
	}
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.User != nil {
		return fault.Usagef("public-url", "对外地址“%s”读不出来，请写成 https://jiuye.example.edu.cn 的样子，不带路径", address)
	}
	return nil
}

// Secure reports that users come over https.
func (c *Config) Secure() bool {
	return c.TLSCert != "" || strings.HasPrefix(c.PublicURL, "https://")
}

// local reports that only this machine can come.
func (c *Config) local() bool {
	host, _, err := net.SplitHostPort(c.Listen)
	return err == nil && loopback(host)
}

func loopback(host string) bool {
	if host == "localhost" {
		return true
	}
	a, err := netip.ParseAddr(host)
	return err == nil && a.IsLoopback()
}

// Warn reports that passwords travel in the clear: pages show a red banner.
func (c *Config) Warn() bool { return !c.Secure() && (!c.local() || c.foreignName()) }

// foreignName reports that users come by a name that is not this machine's own for
// itself.
func (c *Config) foreignName() bool {
	u, err := url.Parse(c.PublicURL)
	return err == nil && u.Host != "" && !loopback(u.Hostname())
}

// admits reports that the Host header names this server. A foreign name that
// was made to point here (DNS rebinding) is not served; a bare address cannot be one.
func (c *Config) admits(host string) bool {
	name := host
	if h, _, err := net.SplitHostPort(host); err == nil {
		name = h
	}
	name = strings.ToLower(strings.Trim(name, "[]"))
	if u, err := url.Parse(c.PublicURL); err == nil && u.Host != "" {
		return name == strings.ToLower(u.Hostname()) || loopback(name)
	}
	if c.local() {
		return loopback(name)
	}
	if listen, _, err := net.SplitHostPort(c.Listen); err == nil && strings.EqualFold(listen, name) {
		return true
	}
	_, err := netip.ParseAddr(name)
	return err == nil || name == "localhost" || c.TLSCert != "" // a certificate names its host
}

// peer returns the client's address: the connection's, or what a trusted proxy
// put last into X-Forwarded-For.
func (c *Config) peer(r *http.Request) netip.Addr {
	at, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	from := at.Addr().Unmap()
	if !c.TrustedProxy.IsValid() || !c.TrustedProxy.Contains(from) {
		return from
	}
	list := strings.Join(r.Header.Values("X-Forwarded-For"), ",")
	last := strings.TrimSpace(list[strings.LastIndexByte(list, ',')+1:])
	if a, err := netip.ParseAddr(last); err == nil {
		return a.Unmap().WithZone("") // a zone may be any text, and is remembered
	}
	return from
}

// cookies are named apart: one that came over plain http is never taken for one
// that came over https.
func (c *Config) sessionCookie() string { return c.cookie("sid") }
func (c *Config) formCookie() string    { return c.cookie("form") }

func (c *Config) cookie(name string) string {
	if c.Secure() {
		return "__Host-" + name
	}
	return "plain-" + name
}
