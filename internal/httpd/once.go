package httpd

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"sync"
)

// OnceField is the name of the hidden field that makes a form count once: a
// second click, the back button or a retry after a lost answer gets the first
// answer again. It needs no script.
const OnceField = "once"

// Once remembers which forms were answered, and where the browser was sent.
type Once interface {
	// Answered returns where the form's first answer led.
	Answered(ctx context.Context, form string) (location string, ok bool, err error)
	// KeepAnswer notes an answer.
	KeepAnswer(ctx context.Context, form, location string) error
}

// NewOnce returns the key for one form of one page.
func NewOnce() string { return rand.Text() }

// formDigest names what was sent: by whom, where to, every word of it and every
// byte of its files; blank for a form without a key. The same page sent again with
// another word in it is another form, and so is one with a table of the same name
// and length in which one digit was put right.
func (r *Request) formDigest() string {
	if r.PostForm.Get(OnceField) == "" {
		return ""
	}
	sum := sha256.New()
	fmt.Fprintf(sum, "%s\x00%s\x00%s\x00%s", r.Account.ID, r.ticket, r.URL.Path, r.PostForm.Encode())
	for _, field := range slices.Sorted(maps.Keys(r.files)) {
		for _, f := range r.files[field] {
			fmt.Fprintf(sum, "\x00%q\x00%q\x00%d\x00", field, f.Name, len(f.Body))
			sum.Write(f.Body)
		}
	}
	return hex.EncodeToString(sum.Sum(nil))
}

// handleOnce answers a form, or sends the browser where the first answer led.
func (h *handler) handleOnce(w *answer, r *Request, t *Route) error {
	if h.once == nil {
		return t.Handle(w, r)
	}
	form := r.formDigest()
	if form == "" {
		return t.Handle(w, r)
	}
	defer h.turns.take(form)()
	to, ok, err := h.once.Answered(r.Context(), form)
	if err != nil {
		return err
	}
	if ok {
		return SeeOther(w, r, to)
	}
	r.keep = func(ctx context.Context, location string) error { return h.once.KeepAnswer(ctx, form, location) }
	if err := t.Handle(w, r); err != nil {
		return err
	}
	if w.status != http.StatusSeeOther {
		return nil // refused, or shown once: not to be repeated from memory
	}
	// The verb below is idempotent as well; what fails here is said to nobody.
	ctx := context.WithoutCancel(r.Context())
	if r.kept { // unless that transaction came to nothing
		if _, ok, err := h.once.Answered(ctx, form); ok || err != nil {
			return nil
		}
	}
	_ = r.keep(ctx, w.Header().Get("Location"))
	return nil
}

// KeepAnswer notes, in the transaction of ctx, where the answer to this form leads:
// after a power cut the form counts as answered exactly if what it did is there. A
// form without a key has nothing to note.
func (r *Request) KeepAnswer(ctx context.Context, location string) error {
	if r.keep == nil {
		return nil
	}
	r.kept = true
	return r.keep(ctx, location)
}

// turns lets one request at a time answer a form.
type turns struct {
	mu   sync.Mutex
	held map[string]*turn
}

type turn struct {
	sync.Mutex
	waiting int
}

// take waits for the form's turn and returns what ends it.
func (t *turns) take(form string) (done func()) {
	t.mu.Lock()
	if t.held == nil {
		t.held = map[string]*turn{}
	}
	one := t.held[form]
	if one == nil {
		one = &turn{}
		t.held[form] = one
	}
	one.waiting++
	t.mu.Unlock()
	one.Lock()
	return func() {
		one.Unlock()
		t.mu.Lock()
		defer t.mu.Unlock()
		if one.waiting--; one.waiting == 0 {
			delete(t.held, form)
		}
	}
}
