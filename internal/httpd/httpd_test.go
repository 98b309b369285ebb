package httpd

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/fault"
)

// tickets are the sessions of these tests: ticket → account.
type tickets map[string]access.Account

func (t tickets) Resume(_ context.Context, ticket string) (access.Account, access.Session, error) {
	if ticket == "broken" {
		return access.Account{}, access.Session{}, errors.New("disk on fire at sector 7")
	}
	a, ok := t[strings.TrimSuffix(ticket, "-fresh")]
	if !ok {
		return a, access.Session{}, fault.Forbiddenf("session", "登录已过期")
	}
	return a, access.Session{Digest: ticket, Fresh: strings.HasSuffix(ticket, "-fresh")}, nil
}

var counsellor = access.Account{ID: "a1", Name: "周澜", Grants: []access.Grant{{Role: access.Counsellor, Over: access.Classes("k1")}}}

// site has one route of each sort.
func site(t *testing.T, c Config, log io.Writer) http.Handler {
	t.Helper()
	if c.Listen == "" {
		c.Listen = "127.0.0.1:8080"
	}
	c.Log = slog.New(slog.NewJSONHandler(log, nil))
	say := func(w http.ResponseWriter, r *Request) error {
		return Write(w, nil, func(out io.Writer) error {
			_, err := fmt.Fprintf(out, "who=%s within=%v id=%s token=%s", r.Account.ID, r.Within.Classes, r.PathValue("id"), r.FormToken(w))
			return err
		})
	}
	fails := map[string]error{
		"notfound": fault.NotFoundf("", "查无此人"), "invalid": fault.Invalidf("x", "填错了"), "conflict": fault.Conflictf("x", "晚了一步"),
		"forbidden": fault.Forbiddenf("", "不归你管"), "usage": fault.Usagef("", "文件不对"), "defect": errors.New("secret detail"),
	}
	h, err := New(Site{
		Config: c, Sessions: tickets{"t1": counsellor}, Now: func() calendar.Instant { return calendar.Day("2025-06-16").Start() }, LoginPath: "/login",
		ShowProblem: func(w io.Writer, _ *Request, p Problem) error {
			_, err := fmt.Fprintf(w, "%s|%s|%s", p.Title, p.Message, p.RequestID)
			return err
		},
		ShowExpired: func(w http.ResponseWriter, _ *Request, k Kept) error {
			return Write(w, errSignIn, func(out io.Writer) error {
				_, err := fmt.Fprintf(out, "kept|%s|%s|%v", k.To, k.Form, k.Files)
				return err
			})
		},
		Routes: []Route{
			{"GET", "/{$}", Anyone, Over(access.ViewFigures), Public, NotAudited, say, 0, false, "", false, false},
			{"GET", "/people/{id}", access.ViewPeople, Over(access.ViewPeople), Personal, NotAudited, say, 0, false, "", false, false},
			{"GET", "/accounts", access.ManageAccounts, Nobody, Internal, NotAudited, say, 0, false, "", false, false},
			{"GET", "/me", SignedIn, Nobody, Internal, NotAudited, say, 0, false, "", false, false},
			{"GET", "/secret/{id}", Anyone, Nobody, Secret, NotAudited, say, 0, false, "", false, false},
			{"POST", "/change", Anyone, Nobody, Internal, "thing.change", say, 0, false, "", false, false},
			{"POST", "/upload", SignedIn, Nobody, Internal, "thing.upload", sayFiles, 4 << 20, false, "", false, false},
			{"GET", "/fail/{id}", Anyone, Nobody, Internal, NotAudited, func(_ http.ResponseWriter, r *Request) error { return fails[r.PathValue("id")] }, 0, false, "", false, false},
			{"GET", "/panic", Anyone, Nobody, Internal, NotAudited, func(http.ResponseWriter, *Request) error { panic("kaboom in line 7") }, 0, false, "", false, false},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// ask sends one request; edit changes it before.
func ask(h http.Handler, method, target string, edit func(*http.Request)) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, target, nil)
	r.Host, r.RemoteAddr = "127.0.0.1:8080", "127.0.0.1:50000"
	if edit != nil {
		edit(r)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func signedIn(r *http.Request) { r.AddCookie(&http.Cookie{Name: "plain-sid", Value: "t1"}) }

// TestIncompleteRoutesDoNotStart: each check of a route is said (X1, S51).
func TestIncompleteRoutesDoNotStart(t *testing.T) {
	handle := func(http.ResponseWriter, *Request) error { return nil }
	whole := Route{"GET", "/x", Anyone, Nobody, Public, NotAudited, handle, 0, false, "", false, false}
	for name, harm := range map[string]func(*Route){
		"no method":                    func(r *Route) { r.Method = "" },
		"no pattern":                   func(r *Route) { r.Pattern = "" },
		"no permission":                func(r *Route) { r.Permission = "" },
		"no scope":                     func(r *Route) { r.Scope = nil },
		"no class":                     func(r *Route) { r.Class = "" },
		"no audit kind":                func(r *Route) { r.Audit = "" },
		"no handler":                   func(r *Route) { r.Handle = nil },
		"a change that nobody notes":   func(r *Route) { r.Method = "POST" },
		"always, but not anybody's":    func(r *Route) { r.Always, r.Permission = true, SignedIn },
		"persons shown to all comers":  func(r *Route) { r.Class = Personal },
		"nothing wrong, as a contrast": nil,
	} {
		r := whole
		if harm != nil {
			harm(&r)
		}
		_, err := New(Site{Config: Config{Listen: "127.0.0.1:0"}, Routes: []Route{r}})
		if (err != nil) != (harm != nil) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestWhoMayPass(t *testing.T) {
	h := site(t, Config{}, io.Discard)
	for name, c := range map[string]struct {
		target string
		in     bool
		status int
		says   string // part of the body, or of Location
	}{
		"public page, nobody":           {"/", false, 200, "who= within=[]"},
		"public page, signed in":        {"/", true, 200, "who=a1 within=[k1]"},
		"people, nobody":                {"/people/7", false, 303, "/login?next=%2Fpeople%2F7"},
		"people, a counsellor":          {"/people/7", true, 200, "within=[k1] id=7"},
		"accounts, nobody":              {"/accounts", false, 303, "/login"},
		"accounts, a counsellor":        {"/accounts", true, 403, "无权"},
		"any account, nobody":           {"/me", false, 303, "/login"},
		"any account, a counsellor":     {"/me", true, 200, "who=a1"},
		"no such page":                  {"/admin", false, 404, "没有这个页面"},
		"nothing of the machinery":      {"/debug/pprof", false, 404, "没有这个页面"},
		"a path that is not clean":      {"//people/7", true, 404, "没有这个页面"},
		"an address beyond all measure": {"/?x=" + strings.Repeat("y", maxURL), false, 400, "地址太长"},
	} {
		w := ask(h, "GET", c.target, func(r *http.Request) {
			r.RequestURI = c.target
			if c.in {
				signedIn(r)
			}
		})
		if w.Code != c.status || !strings.Contains(w.Body.String()+w.Header().Get("Location"), c.says) {
			t.Errorf("%s: %d %s %s", name, w.Code, w.Header().Get("Location"), w.Body)
		}
	}
}

func TestRefusalsBecomeStatusCodesHere(t *testing.T) {
	var log bytes.Buffer
	h := site(t, Config{}, &log)
	for id, want := range map[string]int{"notfound": 404, "invalid": 400, "conflict": 409, "forbidden": 403, "usage": 400, "defect": 500} {
		w := ask(h, "GET", "/fail/"+id, nil)
		if w.Code != want {
			t.Errorf("%s: %d", id, w.Code)
		}
		if strings.Contains(w.Body.String(), "secret detail") {
			t.Errorf("%s: a defect's words are on the page: %s", id, w.Body)
		}
	}
	w := ask(h, "GET", "/panic", nil)
	id := w.Header().Get("X-Request-Id")
	if w.Code != 500 || id == "" || !strings.Contains(w.Body.String(), id) || strings.Contains(w.Body.String(), "kaboom") {
		t.Errorf("panic: %d %s", w.Code, w.Body)
	}
	if !strings.Contains(log.String(), "kaboom in line 7") || !strings.Contains(log.String(), "secret detail") {
		t.Error("the log does not say what went wrong")
	}
	if w := ask(h, "GET", "/me", func(r *http.Request) { r.AddCookie(&http.Cookie{Name: "plain-sid", Value: "broken"}) }); w.Code != 500 {
		t.Errorf("a store that fails lets through or signs out: %d", w.Code)
	}
	if w := ask(h, "DELETE", "/people/7", nil); w.Code != 405 || w.Header().Get("Allow") == "" {
		t.Errorf("another method: %d", w.Code)
	}
}

// TestHeaders: what every answer carries, by class of data (S20, S22, S23, S59, X13).
func TestHeaders(t *testing.T) {
	h := site(t, Config{}, io.Discard)
	for name, c := range map[string]struct {
		target        string
		in            bool
		cache, refers string
	}{
		"public":              {"/", false, "no-cache", "strict-origin-when-cross-origin"},
		"public, but known":   {"/", true, "no-store", "strict-origin-when-cross-origin"},
		"personal":            {"/people/7", true, "no-store", "strict-origin-when-cross-origin"},
		"address with secret": {"/secret/7", false, "no-store", "no-referrer"},
		"error":               {"/fail/defect", false, "no-store", "strict-origin-when-cross-origin"},
		"no page":             {"/nowhere", false, "no-store", "strict-origin-when-cross-origin"},
	} {
		w := ask(h, "GET", c.target, func(r *http.Request) {
			if c.in {
				signedIn(r)
			}
		})
		o := w.Header()
		if o.Get("Cache-Control") != c.cache || o.Get("Referrer-Policy") != c.refers {
			t.Errorf("%s: %s, %s", name, o.Get("Cache-Control"), o.Get("Referrer-Policy"))
		}
		policy := o.Get("Content-Security-Policy")
		for _, need := range []string{"default-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'"} {
			if !strings.Contains(policy, need) {
				t.Errorf("%s: policy lacks %s", name, need)
			}
		}
		if strings.Contains(policy, "unsafe") || o.Get("X-Content-Type-Options") != "nosniff" || o.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%s: %v", name, o)
		}
		if o.Get("Strict-Transport-Security") != "" {
			t.Errorf("%s: plain http promises https", name)
		}
	}
}

// TestCookies: for this site, this browser and this path alone (S19, X30).
func TestCookies(t *testing.T) {
	for name, c := range map[string]struct {
		conf   Config
		prefix string
		secure bool
	}{
		"https by certificate": {Config{Listen: ":443", TLSCert: "c", TLSKey: "k"}, "__Host-", true},
		"https by proxy":       {Config{PublicURL: "https://jiuye.example.edu.cn"}, "__Host-", true},
		"loopback":             {Config{}, "plain-", false},
		"insecure trial":       {Config{Listen: "0.0.0.0:80", InsecureHTTP: true}, "plain-", false},
	} {
		w := ask(site(t, c.conf, io.Discard), "GET", "/", func(r *http.Request) { r.Host = "127.0.0.1" })
		all := w.Result().Cookies()
		if len(all) != 1 {
			t.Fatalf("%s: %d cookies, %d %s", name, len(all), w.Code, w.Body)
		}
		k := all[0]
		if !strings.HasPrefix(k.Name, c.prefix) || k.Secure != c.secure || !k.HttpOnly || k.SameSite != http.SameSiteLaxMode || k.Path != "/" || k.Domain != "" {
			t.Errorf("%s: %+v", name, k)
		}
		if hsts := w.Header().Get("Strict-Transport-Security"); (hsts != "") != c.secure {
			t.Errorf("%s: %q", name, hsts)
		}
	}
	h := site(t, Config{PublicURL: "https://jiuye.example.edu.cn"}, io.Discard)
	w := ask(h, "GET", "/me", func(r *http.Request) { r.Host = "jiuye.example.edu.cn"; signedIn(r) })
	if w.Code != 303 {
		t.Errorf("a cookie from plain http signs in over https: %d", w.Code)
	}
	w = ask(site(t, Config{}, io.Discard), "GET", "/", func(r *http.Request) { r.AddCookie(&http.Cookie{Name: "plain-sid", Value: "old"}) })
	if k := w.Result().Cookies(); len(k) == 0 || k[0].Name != "plain-sid" || k[0].MaxAge >= 0 {
		t.Errorf("a session that ran out stays in the browser: %v", k)
	}
}

// page opens / and returns the form token with the cookie that belongs to it.
func page(h http.Handler, edit func(*http.Request)) (token string, form *http.Cookie) {
	w := ask(h, "GET", "/", edit)
	_, token, _ = strings.Cut(w.Body.String(), "token=")
	for _, c := range w.Result().Cookies() {
		if c.Name == "plain-form" {
			form = c
		}
	}
	return token, form
}

// TestOnlyOurOwnFormsAreTaken: by token, beside what the browser says of the origin (X10, S24).
func TestOnlyOurOwnFormsAreTaken(t *testing.T) {
	h := site(t, Config{}, io.Discard)
	token, cookie := page(h, nil)
	known, knownCookie := page(h, signedIn)
	for name, c := range map[string]struct {
		token  string
		cookie *http.Cookie
		edit   func(*http.Request)
		want   int
	}{
		"our form":                              {token, cookie, nil, 200},
		"our form, same origin":                 {token, cookie, func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "same-origin") }, 200},
		"no token, old browser":                 {"", cookie, nil, 403},
		"no cookie":                             {token, nil, nil, 403},
		"token of another browser":              {token, &http.Cookie{Name: "plain-form", Value: strings.Repeat("A", 26)}, nil, 403},
		"token of before the login":             {token, cookie, signedIn, 403},
		"token of the session":                  {known, knownCookie, signedIn, 200},
		"from another site":                     {token, cookie, func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") }, 403},
		"from another origin, by an old header": {token, cookie, func(r *http.Request) { r.Header.Set("Origin", "https://evil.example") }, 403},
	} {
		body := url.Values{FormField: {c.token}}.Encode()
		w := ask(h, "POST", "/change", func(r *http.Request) {
			r.Body = io.NopCloser(strings.NewReader(body))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			if c.cookie != nil {
				r.AddCookie(c.cookie)
			}
			if c.edit != nil {
				c.edit(r)
			}
		})
		if w.Code != c.want {
			t.Errorf("%s: %d %s", name, w.Code, w.Body)
		}
	}
	w := ask(h, "POST", "/change", func(r *http.Request) {
		r.Body = io.NopCloser(strings.NewReader("x=" + strings.Repeat("y", maxBody)))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	})
	if w.Code != 413 {
		t.Errorf("a body beyond the bound: %d", w.Code)
	}
}

// TestHostsAndPeers: a server answers to its own names (X29, S27).
func TestHostsAndPeers(t *testing.T) {
	local, proxied, trial := Config{Listen: "127.0.0.1:80"}, Config{Listen: "127.0.0.1:80", PublicURL: "https://jiuye.example.edu.cn"}, Config{Listen: "0.0.0.0:80", InsecureHTTP: true}
	for name, c := range map[string]struct {
		conf Config
		host string
		want int
	}{
		"loopback by number":          {local, "127.0.0.1:80", 200},
		"loopback by name":            {local, "localhost:80", 200},
		"loopback, IPv6":              {local, "[::1]:80", 200},
		"rebound name":                {local, "evil.example:80", 421},
		"rebound name without port":   {local, "evil.example", 421},
		"no host":                     {local, "", 421},
		"public name":                 {proxied, "jiuye.example.edu.cn", 200},
		"public name, other case":     {proxied, "JIUYE.example.edu.cn:443", 200},
		"another name at the proxy":   {proxied, "other.example.edu.cn", 421},
		"name with ours as a prefix":  {proxied, "jiuye.example.edu.cn.evil.example", 421},
		"trial by number":             {trial, "192.0.2.7:80", 200},
		"trial by a name of somebody": {trial, "evil.example", 421},
	} {
		if w := ask(site(t, c.conf, io.Discard), "GET", "/", func(r *http.Request) { r.Host = c.host }); w.Code != c.want {
			t.Errorf("%s: %d", name, w.Code)
		}
	}
}

// TestLogLinesTellNothingOfPeople: no name, no number, no address (S59, S60).
func TestLogLinesTellNothingOfPeople(t *testing.T) {
	var log bytes.Buffer
	h := site(t, Config{}, &log)
	for _, target := range []string{"/people/g-4711?name=zhang", "/secret/tok-en", "/nowhere/zhou", "/?q=%0a%22injected", "/fail/invalid"} {
		ask(h, "GET", target, signedIn)
	}
	lines := strings.Split(strings.TrimSpace(log.String()), "\n")
	if len(lines) != 5 {
		t.Fatalf("%d lines for 5 requests:\n%s", len(lines), log.String())
	}
	for _, l := range lines {
		var o map[string]any
		if err := json.Unmarshal([]byte(l), &o); err != nil {
			t.Errorf("%s: %v", l, err)
		}
		for _, key := range []string{"request", "method", "route", "status", "account", "ms"} {
			if _, ok := o[key]; !ok {
				t.Errorf("no %s: %s", key, l)
			}
		}
	}
	for _, never := range []string{"4711", "zhang", "tok-en", "zhou", "injected", "周澜", "t1\""} {
		if strings.Contains(log.String(), never) {
			t.Errorf("%q is in the log:\n%s", never, log.String())
		}
	}
}

func TestPagesArePackedForWhoTakesThem(t *testing.T) {
	long := strings.Repeat("毕业去向", 1000)
	h, err := New(Site{Config: Config{Listen: "127.0.0.1:8080"}, Sessions: tickets{}, Routes: []Route{
		{Method: "GET", Pattern: "/long", Permission: Anyone, Scope: Nobody, Class: Public, Audit: NotAudited, Handle: func(w http.ResponseWriter, _ *Request) error {
			return Write(w, nil, func(out io.Writer) error { _, err := io.WriteString(out, long); return err })
		}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	for accept, packed := range map[string]bool{"": false, "gzip, deflate, br": true, "identity": false} {
		w := ask(h, "GET", "/long", func(r *http.Request) { r.Header.Set("Accept-Encoding", accept) })
		if (w.Header().Get("Content-Encoding") == "gzip") != packed || !strings.Contains(w.Header().Get("Vary")+strings.Join(w.Header().Values("Vary"), ","), "Accept-Encoding") {
			t.Errorf("%q: %v", accept, w.Header())
		}
		if packed && w.Body.Len() > len(long)/10 || !packed && w.Body.String() != long {
			t.Errorf("%q: %d bytes", accept, w.Body.Len())
		}
	}
}

// The token must not stand in a packed page as the same text twice.
func TestTheTokenLooksDifferentOnEachPage(t *testing.T) {
	token := formToken("form", "ticket")
	a, b := veil(token), veil(token)
	if a == b || !bytes.Equal(unveil(a), token) || !bytes.Equal(unveil(b), token) {
		t.Errorf("%s %s", a, b)
	}
	for _, wrong := range []string{"", "x", a[:len(a)-2], "A" + a[1:]} {
		if bytes.Equal(unveil(wrong), token) && wrong != a {
			t.Errorf("%q passes", wrong)
		}
	}
}
