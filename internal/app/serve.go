package app

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"time"

	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/indicator"
	"quxiang/internal/gateway/totp"
	"quxiang/internal/httpd"
	"quxiang/internal/web"
)

// Serve says how a server is reached.
type Serve struct {
	Listen       string // host:port
	PublicURL    string // how users reach it; blank: at Listen
	TLSCert      string // file; with TLSKey the server speaks https itself
	TLSKey       string // file
	TrustedProxy string // CIDR whose X-Forwarded-For is believed; blank: nobody's
	InsecureHTTP bool   // plain http beyond this machine, for a first trial
	Metrics      string // host:port on this machine at which Prometheus may ask; blank: nowhere
	Console      Console
	Ready        func(address string) // called once requests are answered
}

// settingURL is how users reach the server, for links that commands print.
const settingURL = "public_url"

// Serve answers pages and the commands beside it until the context ends; what
// runs then is let finish for a few seconds.
func (a *App) Serve(ctx context.Context, s Serve) error {
	conf, err := s.config()
	if err != nil {
		return err
	}
	conf.Log = a.Log
	measures, err := a.measure(s.Metrics, &conf)
	if err != nil {
		return err
	}
	if measures != nil {
		defer measures.Close()
	}
	demo, err := a.Store.Setting(ctx, settingDemo)
	if err != nil {
		return err
	}
	pages, err := a.Pages(conf, demo != "")
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", s.Listen)
	if err != nil {
		return fault.Usagef("listen", "地址 %s 用不了：%v，请换一个 --listen", s.Listen, plainCause(err))
	}
	address := strings.TrimSuffix(s.PublicURL, "/")
	if address == "" {
		address = "http://" + listener.Addr().String()
		if conf.Secure() {
			address = "https://" + listener.Addr().String()
		}
	}
	if err := a.Store.SaveSetting(ctx, settingURL, address); err != nil {
		return err
	}
	// The arrays are built before the first visitor waits for them.
	if err := a.Figures.warmUp(ctx); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var beside sync.WaitGroup
	var socketErr error
	beside.Go(func() {
		defer cancel()
		socketErr = a.listenSocket(ctx, s.Console)
	})
	beside.Go(func() { a.sweep(ctx) })
	beside.Go(func() { a.signDaily(ctx) })
	if measures != nil {
		beside.Go(func() { answerMetrics(ctx, conf.Metrics, measures) })
	}
	if s.Ready != nil {
		s.Ready(address)
	}
	err = httpd.Serve(ctx, conf, listener, pages)
	cancel()
	beside.Wait()
	return errors.Join(err, socketErr)
}

// Pages returns the handler of all pages. In a demo links let in without a
// password, on this machine only.
func (a *App) Pages(conf httpd.Config, demo bool) (http.Handler, error) {
	d := a.PageDeps()
	d.Config, d.Demo = conf, demo
	return web.New(d)
}

// PageDeps is what the pages stand on, but for how they are reached.
func (a *App) PageDeps() web.Deps {
	disclosed := PeopleExports{a.Disclosures, a}
	return web.Deps{
		Accounts: a.Accounts, Figures: a.Figures, Published: a.Releases, People: a.Store, Work: a.Work, Roster: a.Roster,
		Destinations: a.Destinations, Office: a.office(), Imports: a.Intake, Exports: disclosed, Disclosures: disclosed, Privacy: a.Privacy, Retention: a.Retention,
		Reports: a.reports, Workshop: a.workshop(), Outcomes: a.Annual, External: a.Externals,
		Book: a.Book, School: a.School, Picture: totp.Picture, Now: a.Now, Once: a.Store, Ready: a.unready, Disk: a.Disk,
	}
}

// heldFor is how long an upload waits to be confirmed, such as an import.
const heldFor = 24 * time.Hour

// sweep drops every hour what waited too long, until the context ends.
func (a *App) sweep(ctx context.Context) {
	every := time.NewTicker(time.Hour)
	defer every.Stop()
	for {
		if n, err := a.Files.Sweep(heldFor); err != nil || n > 0 {
			a.Log.InfoContext(ctx, "swept held files", "files", n, "error", err)
		}
		if err := a.Retention.Propose(ctx); err != nil && ctx.Err() == nil {
			a.Log.ErrorContext(ctx, "retention was not planned", "error", err)
		}
		select {
		case <-every.C:
		case <-ctx.Done():
			return
		}
	}
}

// config is how the server is reached, as httpd takes it. Error: fault.Usage for
// a proxy that cannot be read or a certificate that cannot be used.
func (s *Serve) config() (httpd.Config, error) {
	c := httpd.Config{Listen: s.Listen, PublicURL: s.PublicURL, TLSCert: s.TLSCert, TLSKey: s.TLSKey, InsecureHTTP: s.InsecureHTTP}
	if s.TLSCert != "" && s.TLSKey != "" {
		if _, err := tls.LoadX509KeyPair(s.TLSCert, s.TLSKey); err != nil {
			return c, fault.Usagef("tls-cert", "证书 %s 和私钥 %s 用不了：%v，请检查两个文件是否存在、是否成对", s.TLSCert, s.TLSKey, plainCause(err))
		}
	}
	if s.TrustedProxy == "" {
		return c, nil
	}
	var err error
	if c.TrustedProxy, err = netip.ParsePrefix(s.TrustedProxy); err != nil {
		one, err := netip.ParseAddr(s.TrustedProxy)
		if err != nil {
			return c, fault.Usagef("trusted-proxy", "反向代理的地址“%s”读不出来，请写成 10.0.0.5 或 10.0.0.0/24 的样子", s.TrustedProxy)
		}
		c.TrustedProxy = netip.PrefixFrom(one, one.BitLen())
	}
	return c, nil
}

// warmUp builds the arrays of everybody.
func (f *Figures) warmUp(ctx context.Context) error {
	_, _, err := f.warm(ctx, &indicator.Query{})
	return err
}
