package httpd

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// TestAFormOutlivesItsSession: what was typed is carried on, passwords, tokens and
// files are not, and nothing without bound or from nowhere is (U4).
func TestAFormOutlivesItsSession(t *testing.T) {
	h := site(t, Config{}, io.Discard)
	fields := url.Values{"name": {"某某", "b&c"}, "password": {"Teapot.82"}, "again": {"Teapot.82"}, "old": {"Kettle.81"}, FormField: {"tok"}, OnceField: {"k1"}}
	kept := url.Values{"name": fields["name"], OnceField: {"k1"}}.Encode()
	send := func(target, kind, body string, more ...string) string {
		w := ask(h, "POST", target, func(r *http.Request) {
			r.Body, r.ContentLength = io.NopCloser(strings.NewReader(body)), int64(len(body))
			r.Header.Set("Content-Type", kind)
			for i := 0; i < len(more); i += 2 {
				r.Header.Set(more[i], more[i+1])
			}
		})
		if w.Code != 403 {
			t.Errorf("%s: %d", target, w.Code)
		}
		return w.Body.String()
	}
	const plain, here = "application/x-www-form-urlencoded", "same-origin"
	if got := send("/upload?x=1", plain, fields.Encode(), "Sec-Fetch-Site", here); got != "kept|/upload?x=1|"+kept+"|false" {
		t.Error(got)
	}
	if got := send("/upload", plain, fields.Encode(), "Origin", "http://127.0.0.1:8080"); !strings.HasPrefix(got, "kept|/upload|") {
		t.Error(got)
	}
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for name, all := range fields {
		for _, v := range all {
			_ = m.WriteField(name, v)
		}
	}
	f, _ := m.CreateFormFile("file", "协议.pdf")
	_, _ = f.Write(bytes.Repeat([]byte{'%'}, 1<<20))
	_ = m.Close()
	if got := send("/upload", m.FormDataContentType(), b.String(), "Sec-Fetch-Site", here); got != "kept|/upload|"+kept+"|true" {
		t.Errorf("%.200s", got)
	}
	for name, got := range map[string]string{
		"no proof that it is ours": send("/upload", plain, fields.Encode()),
		"another site":             send("/upload", plain, fields.Encode(), "Sec-Fetch-Site", "cross-site"),
		"too large":                send("/upload", plain, "x="+strings.Repeat("y", keptMost), "Sec-Fetch-Site", here),
		"broken":                   send("/upload", plain, "x=%zz", "Sec-Fetch-Site", here),
	} {
		if strings.Contains(got, "kept") {
			t.Errorf("%s: %.80s", name, got)
		}
	}
}

func TestWhereAFormIsSentOn(t *testing.T) {
	h := site(t, Config{}, io.Discard).(*handler)
	for to, want := range map[string]bool{
		"/upload": true, "/upload?next=1": true,
		"": false, "/": false, "/change": false, "/me": false, "/nowhere": false, "/upload/": false, "upload": false,
		"//evil.example/upload": false, "https://evil.example/upload": false, "/\\evil.example": false, "/%zz": false,
	} {
		if got := h.takesForm(to); got != want {
			t.Errorf("%q: %v", to, got)
		}
	}
}
