package access

import (
	"context"
	"net/netip"
	"strings"

	"quxiang/internal/domain/calendar"
)

// OwnSession is a login of the own account that still holds, as its owner sees it.
type OwnSession struct {
	ID     string // says nothing about the ticket
	Here   bool   // the one that asks
	Began  calendar.Instant
	Seen   calendar.Instant // to five minutes
	Device string           // 微信 · 安卓手机; blank: not known
	Where  string           // 本机, 内网 10.1.2.*, 203.0.113.*
}

// Sessions returns the logins of the own account that hold, the present one first,
// then by when they were last seen.
func (s *Service) Sessions(ctx context.Context, own Account, held Session) ([]OwnSession, error) {
	list, err := s.Store.Sessions(ctx, own.ID)
	if err != nil {
		return nil, err
	}
	var here, others []OwnSession
	for _, x := range list {
		o := OwnSession{ID: sessionName(x.Digest), Here: x.Digest == held.Digest, Began: x.Began, Seen: x.Seen, Device: x.Device, Where: where(x.Network)}
		switch {
		case o.Here:
			here = append(here, o)
		case !s.over(&own, &x):
			others = append(others, o)
		}
	}
	return append(here, others...), nil
}

// over reports that a session has run out.
func (s *Service) over(a *Account, x *Session) bool {
	idle := staffIdle
	if a.Graduate != "" {
		idle = graduateIdle
	}
	return apart(x.Began, s.Now()) >= sessionTerm || apart(x.Seen, s.Now()) >= idle
}

// EndSession ends one other login of the own account, at once (X5); one that is over
// stays so.
func (s *Service) EndSession(ctx context.Context, own Account, id string) error {
	list, err := s.Store.Sessions(ctx, own.ID)
	if err != nil {
		return err
	}
	for _, x := range list {
		if sessionName(x.Digest) != id {
			continue
		}
		return s.Store.InTx(ctx, func(ctx context.Context) error {
			if err := s.Store.DropSession(ctx, x.Digest); err != nil {
				return err
			}
			return s.Audit.Write(ctx, Actor{Account: own.ID}, "account.logout_other", own.ID, map[string]string{"sessions": "1"})
		})
	}
	return nil
}

// EndOtherSessions ends all logins of the own account but the present one, at once.
func (s *Service) EndOtherSessions(ctx context.Context, own Account, held Session) error {
	return s.Store.InTx(ctx, func(ctx context.Context) error {
		if err := s.Store.DropOtherSessions(ctx, own.ID, held.Digest); err != nil {
			return err
		}
		return s.Audit.Write(ctx, Actor{Account: own.ID}, "account.logout_other", own.ID, nil)
	})
}

// sessionName names a session on a page: neither ticket nor digest.
func sessionName(of string) string { return digest("name of session", of)[:16] }

// where says in words where a network is.
func where(net string) string {
	p, err := netip.ParsePrefix(net)
	if err != nil {
		return net
	}
	a := p.Addr()
	name := strings.TrimSuffix(a.String(), ".0") + ".*"
	if a.Is6() {
		name = p.String()
	}
	switch {
	case a.IsLoopback():
		return "本机"
	case a.IsPrivate():
		return "内网 " + name
	}
	return name
}
