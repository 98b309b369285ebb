package httpd

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"net/http"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/fault"
)

// Sessions turns a ticket into whoever holds it (access.Service).
type Sessions interface {
	Resume(ctx context.Context, ticket string) (access.Account, access.Session, error)
}

// FormField is the name of the hidden field that every form carries.
const FormField = "form_token"

// identify finds out who asks. A session that ran out is nobody's.
func (h *handler) identify(w http.ResponseWriter, r *Request) error {
	if c, err := r.Cookie(h.conf.formCookie()); err == nil && len(c.Value) >= 16 && len(c.Value) <= 64 {
		r.form = c.Value
	}
	c, err := r.Cookie(h.conf.sessionCookie())
	if err != nil {
		return nil
	}
	a, held, err := h.sessions.Resume(r.Context(), c.Value)
	if fault.KindOf(err) == fault.Forbidden {
		r.expire(w, h.conf.sessionCookie())
		return nil
	}
	if err != nil {
		return err
	}
	h.seen.add(digest(c.Value))
	r.ticket, r.Account, r.Session, r.Who = c.Value, a, held, a.Actor(calendar.DayOf(h.now()))
	return nil
}

// FormToken returns what a form of this page must carry. It sets the cookie
// that the token is bound to, so it is called before anything is written.
func (r *Request) FormToken(w http.ResponseWriter) string {
	if r.form == "" {
		r.form = rand.Text()
		r.setCookie(w, r.conf.formCookie(), r.form)
	}
	return veil(formToken(r.form, r.ticket))
}

// formToken binds a form to browser and session: a page of another site knows
// neither, and browsers that send no Origin are covered as well.
func formToken(form, ticket string) []byte {
	m := hmac.New(sha256.New, []byte(form))
	m.Write([]byte(ticket))
	return m.Sum(nil)
}

// veil gives the token another look on each page, so that the length of a packed
// page says nothing about it.
func veil(token []byte) string {
	out := make([]byte, 2*len(token))
	rand.Read(out[:len(token)]) // never fails: it ends the program instead
	subtle.XORBytes(out[len(token):], out[:len(token)], token)
	return base64.RawURLEncoding.EncodeToString(out)
}

// unveil is the inverse of veil; nil for what veil did not make.
func unveil(text string) []byte {
	b, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || len(b) != 2*sha256.Size {
		return nil
	}
	token := make([]byte, sha256.Size)
	subtle.XORBytes(token, b[:sha256.Size], b[sha256.Size:])
	return token
}

// checkForm refuses a form that does not come from a page of ours.
func (r *Request) checkForm() error { return r.checkToken(r.PostFormValue(FormField)) }

func (r *Request) checkToken(token string) error {
	want := formToken(r.form, r.ticket)
	if r.form == "" || !hmac.Equal(want, unveil(token)) {
		return fault.Forbiddenf("", "这个页面放得太久或不是从本站打开的，请返回、刷新页面后再提交")
	}
	return nil
}

// SignIn gives the browser the ticket of a new session, which the forms of this
// very answer belong to.
func (r *Request) SignIn(w http.ResponseWriter, ticket string) {
	r.ticket = ticket
	r.setCookie(w, r.conf.sessionCookie(), ticket)
}

// SignOut takes the session's ticket from the browser and returns it.
func (r *Request) SignOut(w http.ResponseWriter) (ticket string) {
	r.expire(w, r.conf.sessionCookie())
	return r.ticket
}

func (r *Request) setCookie(w http.ResponseWriter, name, value string) {
	http.SetCookie(w, &http.Cookie{
		Name: name, Value: value, Path: "/", HttpOnly: true, Secure: r.conf.Secure(), SameSite: http.SameSiteLaxMode,
	})
}

func (r *Request) expire(w http.ResponseWriter, name string) {
	http.SetCookie(w, &http.Cookie{
		Name: name, Path: "/", HttpOnly: true, Secure: r.conf.Secure(), SameSite: http.SameSiteLaxMode, MaxAge: -1,
	})
}

// Insecure reports that passwords travel in the clear.
func (r *Request) Insecure() bool { return r.conf.Warn() }

// FromThisMachine reports that nobody but a user of this machine asks: not a
// network, and not somebody behind a proxy.
func (r *Request) FromThisMachine() bool {
	proxied := r.Header.Get("X-Forwarded-For") != "" || r.Header.Get("Forwarded") != ""
	return r.Peer.IsLoopback() && !proxied
}
