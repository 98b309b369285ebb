// Package httpd is what every page and interface answers through: sessions,
// permissions, errors, security headers and one log line a request.
//
// A route without permission, scope, data class and audit kind does not start;
// no handler is reached before its route's checks have passed.
package httpd

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"runtime/debug"
	"strings"
	"time"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/fault"
)

// maxURL of a request, in bytes.
const maxURL = 4096

// Site is what httpd needs of the pages.
type Site struct {
	Config   Config
	Routes   []Route
	Sessions Sessions
	Now      func() calendar.Instant
	// ShowProblem renders the page of an error.
	ShowProblem func(w io.Writer, r *Request, p Problem) error
	// LoginPath is where a visitor is sent who must sign in first.
	LoginPath string
	// ShowExpired answers a form that came when nobody was signed in any more with a
	// login that carries it on; nil: it is refused and lost.
	ShowExpired func(w http.ResponseWriter, r *Request, k Kept) error
	// SecondPath and PasswordPath are where somebody is sent who must enrol a second
	// factor first, or set another password.
	SecondPath, PasswordPath string
	// ShowOwed answers a form of somebody who must set another password first with a
	// page that does so and carries the form on; nil: it is refused and lost.
	ShowOwed func(w http.ResponseWriter, r *Request, k Kept) error
	// ProvePath is where somebody is sent who must prove again that it is them.
	ProvePath string
	// ShowProve answers a form that wanted a fresh proof with a page that asks for it
	// and carries the form on; nil: it is refused and lost.
	ShowProve func(w http.ResponseWriter, r *Request, k Kept) error
	// ShowBusy renders the page of somebody who is to come again; nil: a line of text.
	ShowBusy func(w io.Writer, r *Request, b Busy) error
	// Once remembers answered forms; nil: each sending is a sending of its own.
	Once Once
}

type handler struct {
	conf     *Config
	sessions Sessions
	now      func() calendar.Instant
	show     func(io.Writer, *Request, Problem) error
	login    string
	expired  func(http.ResponseWriter, *Request, Kept) error
	proving  string
	second   string
	password string
	owed     func(http.ResponseWriter, *Request, Kept) error
	prove    func(http.ResponseWriter, *Request, Kept) error
	mux      *http.ServeMux
	routes   map[string]*Route // by method and pattern
	cross    *http.CrossOriginProtection
	log      *slog.Logger
	once     Once
	turns    turns
	busy     func(io.Writer, *Request, Busy) error
	queue    *queue
	seen     seen
	room     *room // of large bodies
	inside   *room // of smaller ones
	outside  *room
	metrics  *Metrics
}

// New returns the site's handler. Error: an incomplete route, or a Config that
// Check refuses.
func New(s Site) (http.Handler, error) {
	if err := s.Config.Check(); err != nil {
		return nil, err
	}
	if err := checkRoutes(s.Routes); err != nil {
		return nil, err
	}
	h := &handler{
		conf: &s.Config, sessions: s.Sessions, now: s.Now, show: s.ShowProblem, login: s.LoginPath, expired: s.ShowExpired, proving: s.ProvePath, second: s.SecondPath, password: s.PasswordPath, owed: s.ShowOwed, prove: s.ShowProve,
		mux: http.NewServeMux(), routes: map[string]*Route{}, cross: http.NewCrossOriginProtection(), log: s.Config.Log, once: s.Once,
		busy: s.ShowBusy, queue: newQueue(working()), room: newRoom(largeBodies), inside: newRoom(smallBodies), outside: newRoom(strangers), metrics: s.Config.Metrics,
	}
	h.metrics.follow(h.queue)
	if h.log == nil {
		h.log = slog.New(slog.DiscardHandler)
	}
	for i := range s.Routes {
		t := &s.Routes[i]
		key := t.Method + " " + t.Pattern
		h.routes[key] = t
		h.mux.HandleFunc(key, func(http.ResponseWriter, *http.Request) {}) // finds only, see route
	}
	return h, nil
}

// ServeHTTP takes one request through all checks and writes one log line.
func (h *handler) ServeHTTP(rw http.ResponseWriter, hr *http.Request) {
	began := time.Now()
	w := &answer{ResponseWriter: rw, packs: strings.Contains(hr.Header.Get("Accept-Encoding"), "gzip")}
	r := &Request{Request: hr, ID: strings.ToLower(rand.Text()[:16]), conf: h.conf, Peer: h.conf.peer(hr), takesForm: h.takesForm}
	w.Header().Set("X-Request-Id", r.ID)
	pattern := h.serve(w, r)
	h.metrics.observe(r.Method, pattern, w.status, time.Since(began))
	h.log.LogAttrs(r.Context(), slog.LevelInfo, "request",
		slog.String("request", r.ID), slog.String("method", r.Method), slog.String("route", pattern),
		slog.Int("status", w.status), slog.Int64("bytes", w.bytes), slog.String("account", r.Account.ID),
		slog.Float64("ms", float64(time.Since(began).Microseconds())/1000))
}

// serve answers and returns the pattern of the route: the log holds neither
// addresses nor what was asked for in them.
func (h *handler) serve(w *answer, r *Request) (pattern string) {
	defer func() {
		if cause := recover(); cause != nil {
			h.log.LogAttrs(r.Context(), slog.LevelError, "panic",
				slog.String("request", r.ID), slog.String("cause", fmt.Sprint(cause)), slog.String("stack", string(debug.Stack())))
			h.fail(w, r, fmt.Errorf("panic"))
		}
	}()
	h.headers(w, Internal)
	if len(r.TransferEncoding) > 0 {
		// No browser sends a form of unsaid length; with a length beside it a proxy may
		// see another request than the server does.
		w.Header().Set("Connection", "close")
		h.fail(w, r, fault.Invalidf("", "这次提交没有说明长度，请用浏览器从本站的页面提交"))
		return ""
	}
	t, err := h.route(w, r)
	if t != nil {
		pattern = t.Pattern
	}
	if err == nil {
		err = h.pass(w, r, t)
	}
	if err != nil && !(statusOf(err) == http.StatusServiceUnavailable && w.status == 0 && h.keepForm(w, r, t, problemOf(err, r.ID))) {
		h.fail(w, r, err)
	} else if err != nil {
		h.logOutage(r, err)
	}
	return pattern
}

// pass takes the request through the checks of its route to the handler.
func (h *handler) pass(w *answer, r *Request, t *Route) error {
	h.headers(w, t.Class)
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		if h.cross.Check(r.Request) != nil {
			return fault.Forbiddenf("", "这次提交来自别的网站，已经拦下；请从本站的页面重新提交")
		}
	}
	if t.Always {
		return t.Handle(w, r)
	}
	r.site = h
	defer r.release()
	if !h.queue.enter(r.Context(), h.whose(r)) {
		return h.turnAway(w, r, t)
	}
	r.queue = h.queue
	defer r.queue.leave()
	if err := h.identify(w, r); err != nil {
		return err
	}
	if r.SignedIn() {
		w.Header().Set("Cache-Control", "no-store")
	}
	if owed := r.Session.Owes; owed != access.OwesNothing && !t.Owing && t.Pays != owed {
		return h.payFirst(w, r, t)
	}
	if err := t.allows(r); err != nil { // before the body: who may not send it is not listened to
		if err == errSignIn && r.Method == http.MethodPost {
			return h.signInAgain(w, r, t)
		}
		return err
	}
	if t.Fresh && !r.Session.Fresh {
		if r.Method == http.MethodPost {
			return h.carry(w, r, t, errProve, h.prove)
		}
		return errProve
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		if err := r.takeBody(w, t); err != nil {
			return err
		}
		if err := r.checkForm(); err != nil {
			return err
		}
	}
	r.Within = t.Scope(r.Who)
	return h.handleOnce(w, r, t)
}

// route finds the route of the request.
func (h *handler) route(w *answer, r *Request) (*Route, error) {
	if !h.conf.admits(r.Host) {
		return nil, errMisdirected
	}
	if len(r.RequestURI) > maxURL {
		return nil, fault.Invalidf("", "地址太长，请从首页重新进入")
	}
	said := &answer{ResponseWriter: discard{http.Header{}}}
	h.mux.ServeHTTP(said, r.Request) // sets Pattern and path values, answers only where no route fits
	t := h.routes[r.Pattern]
	switch {
	case said.status == http.StatusMethodNotAllowed:
		w.Header().Set("Allow", said.Header().Get("Allow"))
		return nil, errMethod
	case said.status != 0 || t == nil:
		return nil, fault.NotFoundf("", "没有这个页面，请检查地址或从首页进入")
	}
	return t, nil
}

// fail shows an error: to a visitor who must sign in first the way there.
func (h *handler) fail(w *answer, r *Request, err error) {
	if w.status != 0 {
		return // half an answer is out: what follows would only garble it
	}
	to := ""
	switch err {
	case errSignIn:
		to = h.login
	case errOwesSecond:
		to = h.second
	case errOwesPassword:
		to = h.password
	case errProve:
		to = h.proving
	}
	if to != "" && (r.Method == http.MethodGet || r.Method == http.MethodHead) {
		http.Redirect(w, r.Request, to+"?next="+url.QueryEscape(r.URL.RequestURI()), http.StatusSeeOther)
		return
	}
	p := problemOf(err, r.ID)
	switch err {
	case errMisdirected:
		p.Status, p.Message = http.StatusMisdirectedRequest, "这个服务器不叫这个名字，请用学校公布的地址访问。"
	case errMethod:
		p.Status, p.Message = http.StatusMethodNotAllowed, "请返回上一页，用页面上的按钮操作。"
	}
	p.Title = titles[p.Status]
	if p.Status == http.StatusInternalServerError {
		h.log.LogAttrs(r.Context(), slog.LevelError, "failed", slog.String("request", r.ID), slog.String("cause", err.Error()))
	}
	if p.Status == http.StatusServiceUnavailable {
		h.logOutage(r, err)
	}
	var b bytes.Buffer
	if e := h.show(&b, r, p); e != nil {
		b.Reset()
		fmt.Fprintf(&b, "%s %s", p.Title, p.RequestID)
		h.log.LogAttrs(r.Context(), slog.LevelError, "error page", slog.String("request", r.ID), slog.String("cause", e.Error()))
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	if p.Status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", retryAfter)
	}
	w.WriteHeader(p.Status)
	_, _ = w.Write(b.Bytes())
}

// logOutage says what is behind a refusal of the machine.
func (h *handler) logOutage(r *Request, err error) {
	if cause := errors.Unwrap(err); cause != nil {
		h.log.LogAttrs(r.Context(), slog.LevelError, "outage", slog.String("request", r.ID), slog.String("cause", cause.Error()))
	}
}

var (
	errMisdirected = fmt.Errorf("httpd: foreign host name")
	errMethod      = fmt.Errorf("httpd: method not allowed")
)

// contentPolicy lets a page load from this site only, run no inline script or
// style, and be framed by nobody.
const contentPolicy = "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"

// headers sets what every answer carries, by class of data.
func (h *handler) headers(w http.ResponseWriter, c Class) {
	o := w.Header()
	o.Set("Content-Security-Policy", contentPolicy)
	o.Set("X-Content-Type-Options", "nosniff")
	o.Set("X-Frame-Options", "DENY") // for browsers without frame-ancestors
	o.Set("Referrer-Policy", "strict-origin-when-cross-origin")
	o.Set("Cross-Origin-Opener-Policy", "same-origin")
	o.Set("Cache-Control", "no-store")
	if h.conf.Secure() {
		o.Set("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
	}
	switch c {
	case Public:
		o.Set("Cache-Control", "no-cache")
		o.Set("Vary", "Cookie")
	case Secret:
		o.Set("Referrer-Policy", "no-referrer")
	}
}

// answer notes what was sent.
type answer struct {
	http.ResponseWriter
	status int
	bytes  int64
	packs  bool // the browser takes gzip
	until  time.Time
}

// WriteHeader notes the first status.
func (a *answer) WriteHeader(status int) {
	if a.status == 0 {
		a.status = status
	}
	a.ResponseWriter.WriteHeader(status)
}

// Write notes how much was sent.
func (a *answer) Write(b []byte) (int, error) {
	if a.status == 0 {
		a.status = http.StatusOK
	}
	a.pace(len(b))
	n, err := a.ResponseWriter.Write(b)
	a.bytes += int64(n)
	return n, err
}

// pace gives a reader the time that a slow line needs for the next piece, and no more:
// whoever does not take the answer in is cut off.
func (a *answer) pace(n int) {
	until := time.Now().Add(grace + time.Duration(n/slowest)*time.Second)
	if until.Sub(a.until) >= time.Second {
		a.until = until
		_ = http.NewResponseController(a.ResponseWriter).SetWriteDeadline(until)
	}
}

// Unwrap lets http.ResponseController reach the connection.
func (a *answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }

// discard takes what the mux says of a path that has no route.
type discard struct{ header http.Header }

// Header returns what the mux says of the methods that there are.
func (d discard) Header() http.Header { return d.header }

// Write drops the mux's own page.
func (d discard) Write(b []byte) (int, error) { return len(b), nil }

// WriteHeader does nothing: the answer around it notes the status.
func (d discard) WriteHeader(int) {}
