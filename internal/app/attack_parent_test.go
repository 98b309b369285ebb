package app_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"quxiang/internal/httpd"
	"quxiang/internal/store/storetest"
)

// sendAs sends a request as the viewer with whatever edit makes of it; nothing of it is kept.
func (v *viewer) sendAs(h http.Handler, method, target, body string, edit func(*http.Request)) (*httptest.ResponseRecorder, *ledger) {
	l := &ledger{}
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	r = r.WithContext(context.WithValue(r.Context(), ledgerKey{}, l))
	r.Host, r.RemoteAddr = "127.0.0.1:8080", v.peer
	for name, value := range v.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if edit != nil {
		edit(r)
	}
	out := httptest.NewRecorder()
	h.ServeHTTP(out, r)
	return out, l
}

// viewer returns the one of a role and state.
func (m *matrixCampus) viewer(role, state string) *viewer {
	for _, v := range m.viewers {
		if v.role == role && v.state == state {
			return v
		}
	}
	m.t.Fatalf("no %s %s", role, state)
	return nil
}

// adopted is the address of a route that names one graduate and what is another's.
func (m *matrixCampus) adopted(t *httpd.Route, v *viewer, parent, child int) string {
	own, _, err := m.address(t, v, parent)
	m.must(err)
	other, _, err := m.address(t, v, child)
	m.must(err)
	parts, others := strings.Split(own, "/"), strings.Split(other, "/")
	for i, p := range strings.Split(t.Pattern, "/") {
		if strings.HasPrefix(p, "{") && p != "{graduate}" {
			parts[i] = others[i]
		}
	}
	return strings.Join(parts, "/")
}

// TestAnotherParentLeadsNowhere: what belongs to one graduate is not there under the
// address of another, not for those either who may see both (X4, X2).
func TestAnotherParentLeadsNowhere(t *testing.T) {
	m := newMatrixCampus(t, storetest.SQLite(t))
	h, crossed, reached := handlerOf(t, m.site), 0, 0
	for i := range m.site.Routes {
		at := &m.site.Routes[i]
		if !strings.Contains(at.Pattern, "{graduate}/{") {
			continue
		}
		for _, v := range []*viewer{m.viewer("office", "active"), m.viewer("college_secretary", "active"), m.viewer("counsellor", "active"), m.viewer("graduate", "active")} {
			for child := range m.figures {
				target := m.adopted(at, v, 0, child)
				var got *httptest.ResponseRecorder
				var l *ledger
				if at.Method == http.MethodGet {
					got, l = v.ask(h, at.Method, target, nil)
				} else {
					got, l = v.ask(h, at.Method, target, m.fields(v, at, &m.figures[0]))
				}
				if child == 0 {
					if got.Code < 400 {
						reached++
					}
					continue
				}
				crossed++
				if got.Code != 404 && got.Code != 403 || len(l.entries) > 0 {
					t.Errorf("%s %s as %s, with what is of %s: %d, wrote %v", at.Method, at.Pattern, v.role, relations[child], got.Code, l.entries)
				}
				for _, mark := range m.figures[child].marks()[1:4] {
					if strings.Contains(got.Body.String(), mark) {
						t.Errorf("%s %s as %s: %s is told", at.Method, at.Pattern, v.role, mark)
					}
				}
			}
		}
	}
	if crossed < 80 || reached < 5 {
		t.Fatalf("%d tries, %d of their own reached", crossed, reached)
	}
	// In a form: a change under the name of another, of the same class.
	office, bulk := m.viewer("office", "active"), &httpd.Route{Method: "POST", Pattern: "/review/bulk"}
	form := m.fields(office, bulk, &m.figures[0])
	form["pick"] = []string{m.figures[0].graduate + " " + m.figures[1].change + " 1"}
	if got, l := office.ask(h, "POST", bulk.Pattern, form); len(l.entries) > 0 || got.Code >= 500 {
		t.Errorf("picked: %d, wrote %v", got.Code, l.entries)
	}
}

// TestAFileHasOneDoor: in whatever manner a file is asked for, who may not have it gets
// nothing of it, not even whether it changed; who may, leaves the same entry each time;
// and no other address leads to it (X4, S18).
func TestAFileHasOneDoor(t *testing.T) {
	m := newMatrixCampus(t, storetest.SQLite(t))
	h, f := handlerOf(t, m.site), &m.figures[0]
	at := "/evidence/" + f.graduate + "/" + f.sha256
	header := func(name, value string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set(name, value) }
	}
	manners := map[string]func(*http.Request){
		"a part of it": header("Range", "bytes=0-99"), "its last byte": header("Range", "bytes=-1"), "if it changed": header("If-Modified-Since", "Fri, 31 Dec 2100 00:00:00 GMT"),
		"if it is another": header("If-None-Match", "*"), "if it is this": header("If-Match", `"`+f.sha256+`"`), "as a picture of a page": header("Sec-Fetch-Dest", "image"),
	}
	held := 0
	for _, v := range m.viewers {
		plain, wrote := v.sendAs(h, "GET", at, "", nil)
		if plain.Code == 200 {
			held++
		}
		for name, edit := range manners {
			for _, method := range []string{"GET", "HEAD"} {
				got, l := v.sendAs(h, method, at, "", edit)
				o := got.Header()
				if got.Code != plain.Code || !slices.Equal(l.entries, wrote.entries) {
					t.Errorf("%s %s, %s %s: %d and %v, plainly %d and %v", v.role, v.state, method, name, got.Code, l.entries, plain.Code, wrote.entries)
				}
				if got.Code != 200 && (o.Get("Content-Disposition") != "" || o.Get("Content-Length") == plain.Header().Get("Content-Length") && o.Get("Content-Length") != "" && plain.Code == 200) {
					t.Errorf("%s %s, %s %s: %v", v.role, v.state, method, name, o)
				}
				if o.Get("ETag")+o.Get("Last-Modified")+o.Get("Content-Range") != "" {
					t.Errorf("%s %s, %s %s: %v", v.role, v.state, method, name, o)
				}
			}
		}
	}
	if held < 5 {
		t.Fatalf("%d viewers have the file", held)
	}
	office, other := m.viewer("office", "active"), m.figures[3].graduate
	for _, shape := range []string{
		"/evidence/" + f.sha256, "/evidence//" + f.sha256, at + "/", at + ".jpg", at + "/thumbnail", "/evidence/" + f.graduate + "/" + strings.ToUpper(f.sha256),
		"/evidence/" + f.graduate + "/" + f.sha256[:2] + "/" + f.sha256, "/evidence/" + f.graduate + "/%2e%2e/" + f.sha256, "/evidence/" + other + "/" + f.sha256,
		"/evidence/" + f.graduate + "%2f" + f.sha256, "/static/" + f.sha256, "/static/..%2fevidence%2f" + f.sha256, "/static/%2e%2e/evidence/" + f.sha256[:2] + "/" + f.sha256,
		"/files/" + f.sha256, "/uploads/" + f.sha256, "/graduates/" + f.graduate + "/evidence/" + f.sha256, "/mine/evidence/" + f.sha256,
	} {
		if got, l := office.sendAs(h, "GET", shape, "", nil); got.Code < 300 || len(l.entries) > 0 {
			t.Errorf("%s: %d, wrote %v", shape, got.Code, l.entries)
		}
	}
}
