package httpd

import (
	"bytes"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"
)

// Busy is what somebody is shown who is to come again, because more came than the
// server can do, or the machine cannot now.
type Busy struct {
	Why    string     // what the machine cannot, in a sentence; blank: too many came
	ID     string     // of the request, to be named when asking for help
	After  int        // seconds until it is worth trying
	Get    bool       // a page was asked for: it asks again by itself
	To     string     // where the form goes; blank: it is not carried
	Fields url.Values // of the form, its token and key included: sent again it is the same form
	Files  bool       // files came with it, which are not carried
}

// turnAway answers somebody for whom there is no turn: cheaply, without a look at
// who it is, and with the form that they sent. The form keeps the token that came
// with it and gets no other, so that a page of another site gains nothing.
func (h *handler) turnAway(w *answer, r *Request, t *Route) error {
	b := Busy{After: 5 + int(r.ID[0])%10, Get: r.Method != http.MethodPost} // apart from each other, when they come again
	if !b.Get {
		r.carry(w, t, &b)
	}
	return h.showBusy(w, r, b)
}

// keepForm answers a form that a machine could not take: a full disk, a database that
// is away. The page carries the form as it came, so that nothing is typed twice (R6,
// R18). A page that shows such a refusal by itself does not come here. False: the form
// cannot be carried, and nothing was answered.
func (h *handler) keepForm(w *answer, r *Request, t *Route, p Problem) bool {
	if h.busy == nil || t == nil || r.Method != http.MethodPost || t.Permission == Anyone {
		return false
	}
	after, _ := strconv.Atoi(retryAfter)
	b := Busy{Why: p.Message, ID: r.ID, After: after}
	r.carry(w, t, &b)
	return b.To != "" && h.showBusy(w, r, b) == nil
}

func (h *handler) showBusy(w *answer, r *Request, b Busy) error {
	var page bytes.Buffer
	if h.busy == nil {
		page.WriteString(titles[http.StatusServiceUnavailable])
	} else if err := h.busy(&page, r, b); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Retry-After", strconv.Itoa(b.After))
	w.WriteHeader(http.StatusServiceUnavailable)
	_, _ = w.Write(page.Bytes())
	return nil
}

// comesIn is how long the form of somebody who is turned away may take to come in.
const comesIn = 2 * time.Second

// carry takes the form that came, if it is small, there, and without a password.
func (r *Request) carry(w *answer, t *Route, b *Busy) {
	if r.PostForm != nil { // it has been read
		b.Files = r.MultipartForm != nil && len(r.MultipartForm.File) > 0
		if len(r.PostForm.Encode()) <= keptMost {
			b.take(r, r.PostForm)
		}
		return
	}
	if r.ContentLength < 0 || r.ContentLength > keptMost || LocalPath(r.URL.RequestURI()) != r.URL.RequestURI() {
		w.Header().Set("Connection", "close") // what is left of it is not read
		b.Files = r.ContentLength > keptMost
		return
	}
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(comesIn))
	fields, files, err := r.readFields(w, t)
	if b.Files = files; err != nil {
		return
	}
	b.take(r, fields)
}

func (b *Busy) take(r *Request, fields url.Values) {
	for _, name := range unkept {
		if name != FormField && fields.Has(name) {
			return // no password on a page
		}
	}
	if to := r.URL.RequestURI(); LocalPath(to) == to {
		b.To, b.Fields = to, fields
	}
}

// Names returns the names of the fields in an order that does not change.
func (b Busy) Names() []string {
	var out []string
	for name := range b.Fields {
		out = append(out, name)
	}
	slices.Sort(out)
	return out
}
