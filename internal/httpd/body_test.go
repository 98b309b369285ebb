package httpd

import (
	"bytes"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
)

// sayFiles answers with the names and sizes of the files that came.
func sayFiles(w http.ResponseWriter, r *Request) error {
	files := r.Files("file")
	return Write(w, nil, func(out io.Writer) error {
		for _, f := range files {
			fmt.Fprintf(out, "%s=%d;", f.Name, len(f.Body))
		}
		_, err := fmt.Fprintf(out, "kind=%s", r.PostFormValue("kind"))
		return err
	})
}

// form is a multipart body: a token, a field, and files of these sizes.
func form(t *testing.T, token string, sizes ...int) (body []byte, kind string) {
	t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	_ = m.WriteField(FormField, token)
	_ = m.WriteField("kind", "CON")
	for i, n := range sizes {
		part, err := m.CreateFormFile("file", fmt.Sprintf("f%d.jpg", i))
		if err == nil {
			_, err = part.Write(bytes.Repeat([]byte{'x'}, n))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes(), m.FormDataContentType()
}

func send(h http.Handler, to string, body io.Reader, kind string, edit func(*http.Request)) *httptest.ResponseRecorder {
	return ask(h, "POST", to, func(r *http.Request) {
		r.Body = io.NopCloser(body)
		r.Header.Set("Content-Type", kind)
		edit(r)
	})
}

// Files come in memory, behind the same checks as any form (C25: nothing of an
// upload on a disk; here there is no temporary folder at all).
func TestFilesOfAForm(t *testing.T) {
	t.Setenv("TMPDIR", filepath.Join(t.TempDir(), "not there"))
	h := site(t, Config{}, io.Discard)
	token, cookie := page(h, signedIn)
	us := func(r *http.Request) { r.AddCookie(cookie); signedIn(r) }
	for name, c := range map[string]struct {
		to, token string
		sizes     []int
		edit      func(*http.Request)
		status    int
		says      string
	}{
		"two files":                    {"/upload", token, []int{3 << 20, 5}, us, 200, "f0.jpg=3145728;f1.jpg=5;kind=CON"},
		"no file":                      {"/upload", token, nil, us, 200, "kind=CON"},
		"an empty file":                {"/upload", token, []int{0}, us, 200, "f0.jpg=0;kind=CON"},
		"no token":                     {"/upload", "", []int{5}, us, 403, "刷新页面后再提交"},
		"nobody is signed in":          {"/upload", token, []int{5}, func(r *http.Request) { r.AddCookie(cookie) }, 403, "请先登录"},
		"beyond the limit":             {"/upload", token, []int{4 << 20}, us, 413, "最多提交 4 MB"},
		"beyond the limit of a page":   {"/change", token, []int{1 << 20}, us, 413, "最多提交 1 MB"},
		"a small one on a usual route": {"/change", token, []int{9}, us, 200, "who=a1"},
		"from another site":            {"/upload", token, []int{5}, func(r *http.Request) { us(r); r.Header.Set("Sec-Fetch-Site", "cross-site") }, 403, "别的网站"},
	} {
		body, kind := form(t, c.token, c.sizes...)
		for _, known := range []bool{true, false} { // with a Content-Length and without
			w := send(h, c.to, bytes.NewReader(body), kind, func(r *http.Request) {
				c.edit(r)
				if r.ContentLength = -1; known {
					r.ContentLength = int64(len(body))
				}
			})
			if w.Code != c.status || !strings.Contains(w.Body.String(), c.says) {
				t.Errorf("%s, length known %v: %d %s", name, known, w.Code, w.Body)
			}
		}
	}
}

func TestBrokenFormsAreRefused(t *testing.T) {
	h := site(t, Config{}, io.Discard)
	token, cookie := page(h, signedIn)
	us := func(r *http.Request) { r.AddCookie(cookie); signedIn(r) }
	body, kind := form(t, token, 500)
	for name, c := range map[string]struct{ body, kind string }{
		"broken off":        {string(body[:len(body)-100]), kind},
		"no boundary":       {string(body), "multipart/form-data"},
		"another boundary":  {string(body), "multipart/form-data; boundary=other"},
		"no multipart form": {"x", kind},
	} {
		if w := send(h, "/upload", strings.NewReader(c.body), c.kind, us); w.Code != 400 {
			t.Errorf("%s: %d %s", name, w.Code, w.Body)
		}
	}
}

// unread notes whether a body was looked at.
type unread struct{ touched bool }

func (u *unread) Read([]byte) (int, error) { u.touched = true; return 0, io.EOF }

func TestWhoMayNotSendIsNotListenedTo(t *testing.T) {
	h := site(t, Config{}, io.Discard)
	_, kind := form(t, "")
	var body unread
	w := send(h, "/upload", &body, kind, func(r *http.Request) { r.ContentLength = 1 << 30 })
	if w.Code != 403 || body.touched {
		t.Errorf("%d, read: %v", w.Code, body.touched)
	}
}
