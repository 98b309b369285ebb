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
// server can do.
type Busy struct {
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

// carry reads the form that came, if it is small, there, and without a password.
func (r *Request) carry(w *answer, t *Route, b *Busy) {
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
	for _, name := range unkept {
		if name != FormField && fields.Has(name) {
			return // no password on a page
		}
	}
	b.To, b.Fields = r.URL.RequestURI(), fields
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
