package httpd

import (
	"context"
	"io"
	"mime"
	"net/http"
	"net/url"
	"time"

	"quxiang/internal/domain/access"
)

// keptMost bounds what of a form outlives its session, in bytes of Kept.Form: an
// answer of many pages fits, and whoever has no account makes nobody carry more.
const keptMost = 256 << 10

// Kept is a form that came when nobody was signed in any more, or when who was had
// to prove it first.
type Kept struct {
	To    string // where it goes: path and query of a route that takes forms
	Form  string // its fields, as url.Values.Encode writes them; no password, no token
	Files bool   // files came with it, which are not kept
}

// unkept are the fields that are not kept: the token of the page that is over, and
// all that hold a password.
var unkept = []string{FormField, "password", "again", "old", "second_code"}

// Fields returns the fields to send again. What cannot be read has none.
func (k *Kept) Fields() url.Values {
	v, err := url.ParseQuery(k.Form)
	if err != nil {
		return nil
	}
	for _, name := range unkept {
		v.Del(name)
	}
	return v
}

// Keep returns a form that the page after the login sends on; false if it is none
// of ours: too large, or to an address that takes no form of somebody signed in.
func (r *Request) Keep(k Kept) (Kept, bool) {
	if len(k.Form) > keptMost || !r.takesForm(k.To) {
		return Kept{}, false
	}
	k.Form = k.Fields().Encode()
	return k, true
}

// takesForm reports that the address is one of this site at which somebody who is
// signed in sends a form.
func (h *handler) takesForm(to string) bool {
	u, err := url.Parse(to)
	if err != nil || to == "/" || LocalPath(to) != to {
		return false
	}
	_, pattern := h.mux.Handler(&http.Request{Method: http.MethodPost, URL: u, Host: "localhost"})
	t := h.routes[pattern]
	return t != nil && t.Method == http.MethodPost && t.Permission != Anyone
}

// signInAgain answers a form that came after its session: a login that carries the
// fields on. A form without proof that a page of ours sent it is only refused; the
// check against other sites has been passed.
func (h *handler) signInAgain(w *answer, r *Request, t *Route) error {
	proof := r.Header.Get("Origin") != "" || r.Header.Get("Sec-Fetch-Site") != ""
	if h.expired == nil || !proof {
		return errSignIn
	}
	fields, files, err := r.readFields(w, t)
	if err != nil {
		return errSignIn
	}
	k, ok := r.Keep(Kept{To: r.URL.RequestURI(), Form: fields.Encode(), Files: files})
	if !ok {
		return errSignIn
	}
	return h.expired(w, r, k)
}

// payFirst answers who owes something before anything else.
func (h *handler) payFirst(w *answer, r *Request, t *Route) error {
	if r.Session.Owes == access.OwesSecond {
		return errOwesSecond
	}
	if r.Method != http.MethodPost || t.Permission == Anyone || t.allows(r) != nil {
		return errOwesPassword
	}
	return h.carry(w, r, t, errOwesPassword, h.owed)
}

// carry answers a form that wants something first with a page that asks for it and
// carries the fields on; nil: the form is refused. Only a form of ours is carried.
func (h *handler) carry(w *answer, r *Request, t *Route, refusal error, show func(http.ResponseWriter, *Request, Kept) error) error {
	if show == nil {
		return refusal
	}
	fields, files, err := r.readFields(w, t)
	if err != nil {
		return refusal
	}
	if err := r.checkToken(fields.Get(FormField)); err != nil {
		return err
	}
	k, ok := r.Keep(Kept{To: r.URL.RequestURI(), Form: fields.Encode(), Files: files})
	if !ok {
		return refusal
	}
	return show(w, r, k)
}

// readFields reads the fields of a form and skips its files, without holding them.
func (r *Request) readFields(w http.ResponseWriter, t *Route) (fields url.Values, files bool, err error) {
	if r.queue == nil {
		now, cancel := context.WithCancel(r.Context())
		cancel() // who is turned away does not wait for memory either
		if err := r.reserve(now, keptMost); err != nil {
			return nil, false, err
		}
		return r.fields(w, t)
	}
	err = r.queue.outside(func() error {
		if err := r.reserve(r.Context(), keptMost); err != nil {
			return err
		}
		r.Body = &paced{ReadCloser: r.Body, at: http.NewResponseController(w), began: time.Now()}
		fields, files, err = r.fields(w, t)
		return err
	})
	return fields, files, err
}

func (r *Request) fields(w http.ResponseWriter, t *Route) (fields url.Values, files bool, err error) {
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if kind != "multipart/form-data" {
		r.Body = http.MaxBytesReader(w, r.Body, keptMost)
		err := r.ParseForm()
		return r.PostForm, false, err
	}
	r.Body = http.MaxBytesReader(w, r.Body, t.limit())
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, false, err
	}
	fields = url.Values{}
	for left := int64(keptMost); ; {
		p, err := parts.NextPart()
		if err == io.EOF {
			return fields, files, nil
		}
		if err != nil {
			return nil, files, err
		}
		if p.FileName() != "" {
			files = true
			continue
		}
		text, err := io.ReadAll(io.LimitReader(p, left+1))
		if left -= int64(len(text)) + int64(len(p.FormName())); err != nil || left < 0 {
			return nil, files, &http.MaxBytesError{Limit: keptMost}
		}
		fields.Add(p.FormName(), string(text))
	}
}
