package app

import (
	"context"
	"errors"
	"net"
	"strings"
	"sync"

	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/indicator"
	"quxiang/internal/httpd"
	"quxiang/internal/web"
)

// Serve says how a server is reached.
type Serve struct {
	Listen       string // host:port
	PublicURL    string // how users reach it; blank: at Listen
	InsecureHTTP bool   // plain http beyond this machine, for a first trial
	Console      Console
	Ready        func(address string) // called once requests are answered
}

// settingURL is how users reach the server, for links that commands print.
const settingURL = "public_url"

// Serve answers pages and the commands beside it until the context ends; what
// runs then is let finish for a few seconds.
func (a *App) Serve(ctx context.Context, s Serve) error {
	conf := httpd.Config{Listen: s.Listen, PublicURL: s.PublicURL, InsecureHTTP: s.InsecureHTTP, Log: a.Log}
	demo, err := a.Store.Setting(ctx, settingDemo)
	if err != nil {
		return err
	}
	pages, err := web.New(web.Deps{Config: conf, Accounts: a.Accounts, Figures: a.Figures, Published: a.Releases, People: a.Store,
		Book: a.Book, School: a.School, Now: a.Now, Demo: demo != ""})
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", s.Listen)
	if err != nil {
		return fault.Usagef("listen", "地址 %s 用不了：%v，请换一个 --listen", s.Listen, reason(err))
	}
	address := strings.TrimSuffix(s.PublicURL, "/")
	if address == "" {
		address = "http://" + listener.Addr().String()
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
	if s.Ready != nil {
		s.Ready(address)
	}
	err = httpd.Serve(ctx, conf, listener, pages)
	cancel()
	beside.Wait()
	return errors.Join(err, socketErr)
}

// warmUp builds the arrays of everybody.
func (f *Figures) warmUp(ctx context.Context) error {
	_, _, err := f.warm(ctx, &indicator.Query{})
	return err
}
