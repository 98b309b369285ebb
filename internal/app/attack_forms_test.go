package app_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"quxiang/internal/httpd"
	"quxiang/internal/store/storetest"
)

// forgeries are the ways in which another site has a browser send a form of ours: the
// fields, the address's query, and the headers.
func forgeries(right url.Values, stranger string) map[string]func(r *http.Request, form url.Values) {
	site := func(value string) func(*http.Request, url.Values) {
		return func(r *http.Request, _ url.Values) { r.Header.Set("Sec-Fetch-Site", value) }
	}
	return map[string]func(*http.Request, url.Values){
		"from an old browser, which says nothing": func(_ *http.Request, f url.Values) { f.Del("form_token") },
		"with a token of somebody else":           func(_ *http.Request, f url.Values) { f.Set("form_token", stranger) },
		"with a blank token":                      func(_ *http.Request, f url.Values) { f.Set("form_token", "") },
		"with the token in the address": func(r *http.Request, f url.Values) {
			f.Del("form_token")
			r.URL.RawQuery = url.Values{"form_token": right["form_token"]}.Encode()
		},
		"with the token in a header": func(r *http.Request, f url.Values) {
			f.Del("form_token")
			r.Header.Set("X-CSRF-Token", right.Get("form_token"))
		},
		"cross-site":         site("cross-site"),
		"from a sister host": site("same-site"),
		"of another origin":  func(r *http.Request, _ url.Values) { r.Header.Set("Origin", "https://evil.example") },
		"of a sandbox":       func(r *http.Request, _ url.Values) { r.Header.Set("Origin", "null") },
	}
}

// TestEveryFormIsOurOwn: each form of the program, as everybody who may send it, refuses
// what another site had a browser send, the login and the logout too, and does nothing
// (X10, S24).
func TestEveryFormIsOurOwn(t *testing.T) {
	m := newMatrixCampus(t, storetest.SQLite(t))
	h, taken, tried := handlerOf(t, m.site), map[string]bool{}, 0
	stranger := m.viewer("support", "active").token
	for i := range m.site.Routes {
		at := &m.site.Routes[i]
		if at.Method == http.MethodGet {
			continue
		}
		for _, v := range []*viewer{m.viewers[0], m.viewer("graduate", "active"), m.viewer("office", "active"), m.viewer("administrator", "active"), m.viewer("security_administrator", "active")} {
			target, _, err := m.address(at, v, 0)
			m.must(err)
			right := m.fields(v, at, &m.figures[0])
			if got, _ := v.ask(h, at.Method, target, right); got.Code != 403 {
				taken[at.Pattern] = true
			}
			for name, edit := range forgeries(right, stranger) {
				form := url.Values{}
				for k, list := range right {
					form[k] = list
				}
				scratch, _ := http.NewRequest(at.Method, target, nil)
				edit(scratch, form)
				got, l := v.sendAs(h, at.Method, target, form.Encode(), func(r *http.Request) {
					edit(r, url.Values{})
				})
				tried++
				if got.Code != 403 || len(l.entries) > 0 {
					t.Errorf("%s %s as %s, %s: %d, wrote %v", at.Method, at.Pattern, v.role, name, got.Code, l.entries)
				}
			}
		}
	}
	if tried < 1000 || len(taken) < 30 {
		t.Fatalf("%d tries, %d forms that are taken when they are ours", tried, len(taken))
	}
}

// TestOnlyTheMethodsOfTheTable: an address does what the table says it does, whatever a
// request calls itself beside its method (X10, S24; 4.1.4).
func TestOnlyTheMethodsOfTheTable(t *testing.T) {
	m := newMatrixCampus(t, storetest.SQLite(t))
	h, office := handlerOf(t, m.site), m.viewer("office", "active")
	ways := map[string]map[string]bool{}
	for i := range m.site.Routes {
		at := &m.site.Routes[i]
		if ways[at.Pattern] == nil {
			ways[at.Pattern] = map[string]bool{}
		}
		ways[at.Pattern][at.Method] = true
	}
	for i := range m.site.Routes {
		at := &m.site.Routes[i]
		target, _, err := m.address(at, office, 0)
		m.must(err)
		for _, method := range []string{"PUT", "PATCH", "DELETE", "TRACE", "OPTIONS", "CONNECT", "PROPFIND"} {
			if got, l := office.sendAs(h, method, target, "", nil); got.Code < 400 || len(l.entries) > 0 {
				t.Errorf("%s %s: %d, wrote %v", method, at.Pattern, got.Code, l.entries)
			}
		}
		if at.Method == http.MethodGet || ways[at.Pattern][http.MethodGet] {
			continue
		}
		form := m.fields(office, at, &m.figures[0]).Encode()
		got, l := office.sendAs(h, "GET", target+"?_method=POST&"+form, "", func(r *http.Request) {
			r.Header.Set("X-HTTP-Method-Override", "POST")
			r.Header.Set("X-Method-Override", "POST")
		})
		if got.Code != 404 && got.Code != 405 || len(l.entries) > 0 {
			t.Errorf("GET %s, called a POST: %d, wrote %v", at.Pattern, got.Code, l.entries)
		}
	}
}

// misled are the headers by which a proxy, or whoever pretends to be one, names another
// host or another address.
func misled(r *http.Request) {
	for _, name := range []string{"X-Forwarded-Host", "X-Host", "X-Forwarded-Server", "X-HTTP-Host-Override", "Forwarded"} {
		r.Header.Set(name, "evil.example")
	}
	r.Header.Set("Forwarded", "host=evil.example;proto=https")
	r.Header.Set("X-Original-URL", "/audit")
	r.Header.Set("X-Rewrite-URL", "/audit")
}

// TestNoOtherHostIsNamed: nothing answers to a foreign name, and no page, no link to a
// password and no redirection names one that only a header knows (X29, S27).
func TestNoOtherHostIsNamed(t *testing.T) {
	m := newMatrixCampus(t, storetest.SQLite(t))
	h, office, administrator := handlerOf(t, m.site), m.viewer("office", "active"), m.viewer("administrator", "active")
	for i := range m.site.Routes {
		at := &m.site.Routes[i]
		target, _, err := m.address(at, office, 0)
		m.must(err)
		for _, host := range []string{"evil.example", "127.0.0.1.evil.example:8080", "evil.example:8080", ""} {
			got, l := office.sendAs(h, at.Method, target, "", func(r *http.Request) { r.Host = host })
			if got.Code != 421 || len(l.entries) > 0 {
				t.Errorf("%s %s for %q: %d", at.Method, at.Pattern, host, got.Code)
			}
		}
		if at.Method != http.MethodGet {
			continue
		}
		plain, _ := office.sendAs(h, "GET", target, "", nil)
		got, _ := office.sendAs(h, "GET", target, "", misled)
		if got.Code != plain.Code || strings.Contains(got.Body.String()+got.Header().Get("Location"), "evil.example") {
			t.Errorf("GET %s: %d, plainly %d", at.Pattern, got.Code, plain.Code)
		}
	}
	link := &httpd.Route{Method: "POST", Pattern: "/accounts/{id}/link"}
	form := m.fields(administrator, link, &m.figures[0]).Encode()
	got, _ := administrator.sendAs(h, "POST", "/accounts/"+m.objects["account"]["other"]+"/link", form, func(r *http.Request) {
		r.Header.Set("Sec-Fetch-Site", "same-origin")
		misled(r)
	})
	if got.Code != 303 {
		t.Fatalf("no link: %d %s", got.Code, got.Body)
	}
	page, _ := administrator.sendAs(h, "GET", got.Header().Get("Location"), "", misled)
	if body := page.Body.String(); !strings.Contains(body, "http://127.0.0.1:8080/password/") || strings.Contains(body, "evil.example") {
		t.Errorf("the link to a password: %d %s", page.Code, body)
	}
}
