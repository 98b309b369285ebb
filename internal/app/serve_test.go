package app

import (
	"net/netip"
	"path/filepath"
	"testing"

	"quxiang/internal/domain/fault"
)

func TestHowAServerIsReached(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "none.pem")
	for name, c := range map[string]struct {
		serve Serve
		proxy string // blank: nobody is believed
		wrong bool
	}{
		"nothing said":          {serve: Serve{}},
		"a proxy's network":     {serve: Serve{TrustedProxy: "192.0.2.0/28"}, proxy: "192.0.2.0/28"},
		"one proxy":             {serve: Serve{TrustedProxy: "192.0.2.7"}, proxy: "192.0.2.7/32"},
		"one proxy by IPv6":     {serve: Serve{TrustedProxy: "2001:db8::7"}, proxy: "2001:db8::7/128"},
		"a proxy that is none":  {serve: Serve{TrustedProxy: "proxy"}, wrong: true},
		"no such certificate":   {serve: Serve{TLSCert: missing, TLSKey: missing}, wrong: true},
		"a mask that is no one": {serve: Serve{TrustedProxy: "192.0.2.0/99"}, wrong: true},
	} {
		got, err := c.serve.config()
		if c.wrong {
			if fault.KindOf(err) != fault.Usage {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		var want netip.Prefix
		if c.proxy != "" {
			want = netip.MustParsePrefix(c.proxy)
		}
		if err != nil || got.TrustedProxy != want {
			t.Errorf("%s: %v, %v", name, got.TrustedProxy, err)
		}
	}
}
