package httpd

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"quxiang/internal/domain/fault"
)

// answers is a memory of answered forms.
type answers struct {
	mu   sync.Mutex
	kept map[string]string
}

func (a *answers) Answered(_ context.Context, form string) (string, bool, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	to, ok := a.kept[form]
	return to, ok, nil
}

func (a *answers) KeepAnswer(_ context.Context, form, to string) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.kept[form] = to
	return nil
}

// counting has one form that counts how often it was handled.
func counting(t *testing.T) (h http.Handler, done *int) {
	t.Helper()
	done = new(int)
	h, err := New(Site{
		Config: Config{Listen: "127.0.0.1:8080"}, Sessions: tickets{"t1": counsellor}, Now: nil, LoginPath: "/login",
		Once:        &answers{kept: map[string]string{}},
		ShowProblem: func(w io.Writer, _ *Request, p Problem) error { _, err := io.WriteString(w, p.Message); return err },
		Routes: []Route{
			{Method: "GET", Pattern: "/{$}", Permission: Anyone, Scope: Nobody, Class: Public, Audit: NotAudited,
				Handle: func(w http.ResponseWriter, r *Request) error {
					return Write(w, nil, func(out io.Writer) error { _, err := io.WriteString(out, "token="+r.FormToken(w)); return err })
				}},
			{Method: "POST", Pattern: "/change", Permission: Anyone, Scope: Nobody, Class: Internal, Audit: "thing.change",
				Handle: func(w http.ResponseWriter, r *Request) error {
					*done++
					if r.PostFormValue("say") == "wrong" {
						return fault.Invalidf("say", "不对")
					}
					return SeeOther(w, r, fmt.Sprintf("/after/%d", *done))
				}},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return h, done
}

func sendOnce(h http.Handler, fields url.Values, cookie *http.Cookie) *httptest.ResponseRecorder {
	r := httptest.NewRequest("POST", "/change", strings.NewReader(fields.Encode()))
	r.Host, r.RemoteAddr = "127.0.0.1:8080", "127.0.0.1:50000"
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.AddCookie(cookie)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// A double click, the back button and a retry after a lost answer (R9).
func TestAFormSentTwiceCountsOnce(t *testing.T) {
	h, done := counting(t)
	token, cookie := page(h, nil)
	form := func(once, say string) url.Values {
		return url.Values{FormField: {token}, OnceField: {once}, "say": {say}}
	}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if w := sendOnce(h, form("k1", "a"), cookie); w.Code != 303 || w.Header().Get("Location") != "/after/1" {
				t.Errorf("%d %s", w.Code, w.Header().Get("Location"))
			}
		})
	}
	wg.Wait()
	if *done != 1 {
		t.Errorf("handled %d times", *done)
	}
	for what, c := range map[string]struct {
		form url.Values
		runs bool
	}{
		"the same page, another word":  {form("k1", "b"), true},
		"another page, the same words": {form("k2", "a"), true},
		"no key":                       {form("", "a"), true},
		"the first one again":          {form("k1", "a"), false},
	} {
		before := *done
		sendOnce(h, c.form, cookie)
		if (*done > before) != c.runs {
			t.Errorf("%s: handled %d times", what, *done-before)
		}
	}
}

// The back button brings the same page again: another file in it is another form,
// also one of the same name and length.
func TestAnotherFileIsAnotherForm(t *testing.T) {
	h, done := counting(t)
	token, cookie := page(h, nil)
	send := func(content string) {
		t.Helper()
		var b bytes.Buffer
		m := multipart.NewWriter(&b)
		_ = m.WriteField(FormField, token)
		_ = m.WriteField(OnceField, "k")
		f, _ := m.CreateFormFile("file", "roster.csv")
		_, _ = io.WriteString(f, content)
		_ = m.Close()
		r := httptest.NewRequest("POST", "/change", &b)
		r.Host, r.RemoteAddr = "127.0.0.1:8080", "127.0.0.1:50000"
		r.Header.Set("Content-Type", m.FormDataContentType())
		r.AddCookie(cookie)
		w := httptest.NewRecorder()
		if h.ServeHTTP(w, r); w.Code != 303 {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
	}
	for i, content := range []string{"1,100", "1,100", "1,200", "1,100"} {
		send(content)
		if want := []int{1, 1, 2, 2}[i]; *done != want {
			t.Errorf("after %q: handled %d times, want %d", content, *done, want)
		}
	}
}

func TestARefusalIsNotRemembered(t *testing.T) {
	h, done := counting(t)
	token, cookie := page(h, nil)
	for i := range 2 {
		w := sendOnce(h, url.Values{FormField: {token}, OnceField: {"k"}, "say": {"wrong"}}, cookie)
		if w.Code != 400 || *done != i+1 {
			t.Errorf("%d, handled %d times", w.Code, *done)
		}
	}
}

// The power fails between the effect and its answer: the form counts as answered,
// since that was kept together with what it did (R9).
func TestAnAnswerIsKeptWithItsEffect(t *testing.T) {
	done := 0
	h, err := New(Site{
		Config: Config{Listen: "127.0.0.1:8080"}, Sessions: tickets{"t1": counsellor}, LoginPath: "/login",
		Once:        &answers{kept: map[string]string{}},
		ShowProblem: func(w io.Writer, _ *Request, p Problem) error { _, err := io.WriteString(w, p.Message); return err },
		Routes: []Route{
			{Method: "GET", Pattern: "/{$}", Permission: Anyone, Scope: Nobody, Class: Public, Audit: NotAudited,
				Handle: func(w http.ResponseWriter, r *Request) error {
					return Write(w, nil, func(out io.Writer) error { _, err := io.WriteString(out, "token="+r.FormToken(w)); return err })
				}},
			{Method: "POST", Pattern: "/change", Permission: Anyone, Scope: Nobody, Class: Internal, Audit: "thing.change",
				Handle: func(w http.ResponseWriter, r *Request) error {
					done++
					if err := r.KeepAnswer(r.Context(), "/receipt"); err != nil {
						return err
					}
					panic("the power fails")
				}},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	token, cookie := page(h, nil)
	form := url.Values{FormField: {token}, OnceField: {"k"}}
	if w := sendOnce(h, form, cookie); w.Code != 500 {
		t.Errorf("the first answer: %d", w.Code)
	}
	if w := sendOnce(h, form, cookie); w.Code != 303 || w.Header().Get("Location") != "/receipt" || done != 1 {
		t.Errorf("again: %d %s, handled %d times", w.Code, w.Header().Get("Location"), done)
	}
	form.Del(OnceField)
	if w := sendOnce(h, form, cookie); w.Code != 500 || done != 2 {
		t.Errorf("without a key: %d, handled %d times", w.Code, done)
	}
}
