package app_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"quxiang/internal/app"
	"quxiang/internal/domain/access"
	"quxiang/internal/httpd"
	"quxiang/internal/web"
)

// doors are the pages of an invented school, with a browser for each role.
type doors struct {
	app    *app.App
	pages  http.Handler
	gets   []httpd.Route
	posts  []httpd.Route
	inside []map[string]string // cookies, by role; the first is nobody's
	forms  []string            // form tokens, of the same browsers
	ids    []string            // what a path may name
}

func openDoors(f *testing.F) *doors {
	f.Helper()
	a, err := app.OpenDemo(f.Context(), app.Config{Data: f.TempDir() + "/demo"}, app.Demo{Graduates: 100, Seed: 7})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { a.Close() })
	d := &doors{app: a}
	if d.pages, err = a.Pages(httpd.Config{Listen: "127.0.0.1:8080"}, true); err != nil {
		f.Fatal(err)
	}
	for _, r := range web.Routes(a.PageDeps()) {
		switch {
		case r.Method == http.MethodGet:
			d.gets = append(d.gets, r)
		case r.Pattern != "/logout" && r.Pattern != "/me/logout": // the browsers are used again
			d.posts = append(d.posts, r)
		}
	}
	links, err := a.DemoLinks(f.Context(), access.Console("test"), "")
	if err != nil {
		f.Fatal(err)
	}
	d.inside, d.forms = append(d.inside, map[string]string{}), append(d.forms, "")
	for _, l := range links {
		cookies := map[string]string{}
		d.ask(cookies, "GET", l.URL, "")
		page := d.ask(cookies, "GET", "/me", "").Body.String()
		found := tokenInPage.FindStringSubmatch(page)
		if found == nil {
			f.Fatalf("%s: no form on /me", l.Role)
		}
		d.inside, d.forms = append(d.inside, cookies), append(d.forms, found[1])
	}
	list, err := a.Store.Graduates(f.Context(), access.School(), "2024", "", 5)
	if err != nil || len(list) == 0 {
		f.Fatal(err)
	}
	for i := range list {
		d.ids = append(d.ids, list[i].ID)
	}
	return d
}

func (d *doors) ask(cookies map[string]string, method, target, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "/", strings.NewReader(body))
	if u, err := url.ParseRequestURI(target); err == nil {
		r.URL, r.RequestURI = u, target
	}
	r.Host, r.RemoteAddr = "127.0.0.1:8080", "127.0.0.1:50000"
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	for name, value := range cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	out := httptest.NewRecorder()
	d.pages.ServeHTTP(out, r)
	for _, k := range out.Result().Cookies() {
		if cookies[k.Name] = k.Value; k.MaxAge < 0 {
			delete(cookies, k.Name)
		}
	}
	return out
}

var inPath = regexp.MustCompile(`\{[^}]*\}`)

// path fills the pattern's places in: with an id that there is, or with word.
func (d *doors) path(pattern, word string, which uint8) string {
	if int(which) < len(d.ids) {
		word = d.ids[which]
	}
	return inPath.ReplaceAllStringFunc(pattern, func(place string) string {
		if place == "{$}" {
			return ""
		}
		return url.PathEscape(word)
	})
}

// browser returns the cookies of a role, fresh, so that no answer changes the next try.
func (d *doors) browser(role uint8) (cookies map[string]string, form string) {
	n := int(role) % len(d.inside)
	cookies = map[string]string{}
	for k, v := range d.inside[n] {
		cookies[k] = v
	}
	return cookies, d.forms[n]
}

var trying = []string{
	"", "cohort=2024", "cohort=９９９９９９９９９９９９９９９９９９９９&page=-1&after=%00", "q=%25_%22+NEAR(&sort=name'+or+1%3D1--&dir=desc",
	"as_of=2024-02-30&known_at=9999-99-99T99:99", "cell=settled&definition=school-2024&by=level,college&where=level%3D%3D", "a=%zz&;;&&=&==",
	"from=-9223372036854775808&to=9223372036854775807&limit=1e309", "list=graduates%3F%3F&day=x&col=college&col=college&col=",
}

// FuzzQuery (F8, S9, X12, X15, X16): whatever an address asks for, the answer is a page or a
// refusal, never a failure, and reading writes nothing but that something was read.
func FuzzQuery(f *testing.F) {
	d := openDoors(f)
	for i := range d.gets {
		for j, q := range trying {
			f.Add(uint8(i), uint8(i+j), uint8(j), "x'\"<svg>", q)
		}
	}
	f.Fuzz(func(t *testing.T, route, role, which uint8, word, query string) {
		at := d.gets[int(route)%len(d.gets)]
		cookies, _ := d.browser(role)
		target := d.path(at.Pattern, word, which) + "?" + strings.Map(printable, query)
		if got := d.ask(cookies, "GET", target, ""); got.Code >= 500 {
			t.Errorf("%s: %d\n%s", target, got.Code, got.Body)
		}
	})
}

// printable keeps what can stand in a request line; the server's parser refuses the rest.
func printable(r rune) rune {
	if r <= ' ' || r >= 0x7f || r == '#' {
		return -1
	}
	return r
}

// noted are the forms whose wrong passwords and codes are written down.
var noted = map[string]bool{"/login": true, "/activate": true, "/me/password": true, "/me/prove": true, "/login/second": true}

// end is how long the audit chain is.
func (d *doors) end(t *testing.T) int64 {
	t.Helper()
	newest, _, err := d.app.Store.ChainEnd(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return newest.N
}

// FuzzBody (F9, S11, X6): whatever a form holds, the answer is a page or a refusal, and a
// refused form has written nothing.
func FuzzBody(f *testing.F) {
	d := openDoors(f)
	for i := range d.posts {
		for j, q := range trying {
			f.Add(uint8(i), uint8(i+j), uint8(j), "x", q+"&reason=%E5%8E%9F%E5%9B%A0&code=10&purpose=x&ids=a&ids=b&once=k")
		}
	}
	f.Fuzz(func(t *testing.T, route, role, which uint8, word, body string) {
		at := d.posts[int(route)%len(d.posts)]
		cookies, form := d.browser(role)
		before := d.end(t)
		target := d.path(at.Pattern, word, which)
		got := d.ask(cookies, "POST", target, "form_token="+url.QueryEscape(form)+"&"+body)
		if got.Code >= 500 {
			t.Fatalf("%s: %d\n%s\n%s", target, got.Code, body, got.Body)
		}
		if wrote := d.end(t) - before; got.Code >= 400 && wrote > 0 && !noted[at.Pattern] {
			newest, _, err := d.app.Store.ChainEnd(t.Context())
			t.Errorf("%s: refused with %d and yet %d entries of the trail, the newest %s about %s %v", target, got.Code, wrote, newest.Action, newest.Subject, err)
		}
	})
}
