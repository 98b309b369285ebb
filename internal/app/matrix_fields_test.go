package app_test

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/audit"
	"quxiang/internal/domain/destination"
	"quxiang/internal/domain/disclosure"
	"quxiang/internal/domain/employer"
	"quxiang/internal/domain/history"
	"quxiang/internal/domain/intake"
	"quxiang/internal/domain/privacy"
	"quxiang/internal/domain/release"
	"quxiang/internal/domain/roster"
	"quxiang/internal/domain/transfer"
	"quxiang/internal/httpd"
	"quxiang/internal/store"
)

const fieldsFile = "testdata/matrix/fields.txt"

// fieldsHead explains the file to who reviews it.
const fieldsHead = `# Which fields of a form move anything (X2, X6, S53). Made by go test ./internal/app -run TestNoFieldBut -update; read each line
# that changes. For each form: who sent it in the test, a form that is right, and which of the names of all columns of all tables,
# of what the verbs take and of the fields of all other forms changed what was written when somebody else's value was added.
# What is in the right form already is not tried again. Nobody: with the fields of the matrix the form is right for no role.
`

// inputs are what verbs take: the names of their fields are tried as well.
var inputs = []any{access.Account{}, access.Grant{}, access.Scope{}, access.Session{}, audit.Entry{}, destination.Draft{}, destination.Decision{},
	destination.Document{}, disclosure.Request{}, employer.Employer{}, history.Event{}, history.Evidence{}, history.Setting{}, intake.Options{},
	privacy.Request{}, release.Freezing{}, roster.Graduate{}, roster.ImportOptions{}, transfer.Options{}}

var (
	capital   = regexp.MustCompile(`([a-z0-9])([A-Z])`)
	fieldRead = regexp.MustCompile(`(?:FormValue|Form\.Get|Files)\("([^"]+)"\)|Form\["([^"]+)"\]`)
)

// allNames are the names of all columns, of all fields that verbs take, and of all
// that any handler reads from a form.
func (m *matrixCampus) allNames() []string {
	names := map[string]bool{}
	m.must(m.app.Store.Dump(m.t.Context(), func(d store.Dump) error {
		for _, t := range d.Tables {
			for _, c := range t.Columns {
				names[c] = true
			}
		}
		return nil
	}, func(int, []any) error { return nil }))
	for _, in := range inputs {
		for f := range reflect.TypeOf(in).Fields() {
			names[strings.ToLower(capital.ReplaceAllString(f.Name, "${1}_$2"))] = true
		}
	}
	files, err := filepath.Glob("../web/*.go")
	m.must(err)
	for _, f := range files {
		b, err := os.ReadFile(f)
		m.must(err)
		for _, found := range fieldRead.FindAllSubmatch(b, -1) {
			names[string(found[1])+string(found[2])] = true
		}
	}
	delete(names, "")
	delete(names, httpd.FormField)
	delete(names, httpd.OnceField)
	return slices.Sorted(maps.Keys(names))
}

// foreign is somebody else's value of what has this name.
func (m *matrixCampus) foreign(name string) string {
	f := m.figures[3] // of another college
	for _, x := range []struct{ in, value string }{
		{"graduate", f.graduate}, {"student_no", f.number}, {"exam_no", f.number}, {"number", f.number}, {"case", f.kase}, {"change", f.change}, {"sha256", f.sha256},
		{"evidence", f.sha256}, {"class", f.class}, {"unit", f.class}, {"college", m.unit("药学院")}, {"scope", "school"}, {"role", string(access.SecurityAdministrator)},
		{"account", m.objects["account"]["other"]}, {"login", "colleague"}, {"_by", m.objects["account"]["other"]}, {"_at", "2020-01-01"}, {"day", "2020-01-01"},
		{"begins", "2020-01-01"}, {"ends", "2098-01-01"}, {"cohort", "2022"}, {"code", "11"}, {"password", aPassword},
	} {
		if strings.Contains(name, x.in) {
			return x.value
		}
	}
	if name == "id" || name == "of" || name == "to" {
		return m.objects["account"]["other"]
	}
	return "1"
}

// spoken is a row as it is compared: what is drawn anew each time is left out.
func (m *matrixCampus) spoken(t store.DumpTable, cells []any, known map[string]bool) string {
	var b strings.Builder
	b.WriteString(t.Name)
	for i, c := range cells {
		text := fmt.Sprint(c)
		switch v := c.(type) {
		case []byte:
			text = fmt.Sprintf("%d bytes", len(v))
		case int64:
			if d := time.Until(time.UnixMilli(v)).Round(24 * time.Hour); v > 1e12 && d.Abs() < 1000*24*time.Hour {
				text = fmt.Sprint("today+", d) // to the day: what is made today, and what it ends with
			}
		case string:
			text = withoutDrawn(v, known)
		}
		fmt.Fprintf(&b, " %s=%s", t.Columns[i], text)
	}
	return b.String()
}

// drawn are ids, tokens and envelopes.
var drawn = regexp.MustCompile(`v1:[0-9A-Za-z:_+/=.-]{30,}|[0-9A-Za-z_+/=.-]{20,}`)

func withoutDrawn(text string, known map[string]bool) string {
	return drawn.ReplaceAllStringFunc(text, func(id string) string {
		if known[id] {
			return id
		}
		return fmt.Sprintf("new(%d)", len(id))
	})
}

// rows are all rows but those of the trail, as they lie, and as they are compared.
// Of those that are in but nothing is said again.
func (m *matrixCampus) rows(ctx context.Context, known map[string]bool, but map[string]string) map[string]string {
	out := map[string]string{}
	var tables []store.DumpTable
	m.must(m.app.Store.Dump(ctx, func(d store.Dump) error { tables = d.Tables; return nil }, func(i int, cells []any) error {
		name := tables[i].Name
		if name == "meta" || name == "checkpoint" || strings.HasPrefix(name, "audit") {
			return nil // the trail, and how far time has come: not of the form's
		}
		raw := []byte(name)
		for _, c := range cells {
			raw = append(raw, 0)
			switch v := c.(type) {
			case string:
				raw = append(raw, v...)
			case []byte:
				raw = append(raw, v...)
			case int64:
				raw = strconv.AppendInt(raw, v, 36)
			default:
				raw = fmt.Append(raw, v)
			}
		}
		key := string(raw)
		if _, same := but[key]; same {
			out[key] = ""
		} else {
			out[key] = m.spoken(tables[i], cells, known)
		}
		return nil
	}))
	return out
}

// knownIDs are all ids and the like that there are before anything is sent.
func (m *matrixCampus) knownIDs() map[string]bool {
	known := map[string]bool{}
	m.must(m.app.Store.Dump(m.t.Context(), func(store.Dump) error { return nil }, func(_ int, cells []any) error {
		for _, c := range cells {
			if text, ok := c.(string); ok {
				for _, id := range drawn.FindAllString(text, -1) {
					known[id] = true
				}
			}
		}
		return nil
	}))
	return known
}

// effect is what one form would have written: rows that came and went, and entries
// of the trail; and the status.
type effect struct {
	wrote  bool
	text   string
	status int
}

// send sends a form and says what it would have written.
func (m *matrixCampus) send(h http.Handler, v *viewer, target string, form url.Values, known map[string]bool) effect {
	if m.before == nil {
		m.before = m.rows(m.t.Context(), known, nil)
	}
	before := m.before
	var lines []string
	l := &ledger{}
	l.look = func(ctx context.Context, do func(context.Context) error) error {
		if err := do(ctx); err != nil {
			return err
		}
		after := m.rows(ctx, known, before)
		for key, r := range before {
			if _, still := after[key]; !still {
				lines = append(lines, "- "+r)
			}
		}
		for key, r := range after {
			if _, was := before[key]; !was {
				lines = append(lines, "+ "+r)
			}
		}
		return nil
	}
	got := v.askInto(l, h, http.MethodPost, target, form)
	for _, e := range l.entries {
		lines = append(lines, "entry "+withoutDrawn(e, known))
	}
	slices.Sort(lines)
	return effect{len(lines) > 0 && got.Code < 400, strings.Join(lines, "\n"), got.Code}
}

// movers are those of the names that change the effect of the form.
func (m *matrixCampus) movers(names []string, try func(names []string) bool) []string {
	if len(names) == 0 || !try(names) {
		return nil
	}
	if len(names) == 1 {
		return []string{names[0]}
	}
	half := len(names) / 2
	return append(m.movers(names[:half], try), m.movers(names[half:], try)...)
}

// narrowFirst are the roles in the order in which a sender of a form is looked for.
var narrowFirst = []string{"graduate", "tutor", "counsellor", "college_secretary", "college_leader", "support", "office", "school_leader", "administrator",
	"security_administrator", "auditor", "employer", "client", "anonymous"}

// sender is the viewer of the least scope whose form is right.
func (m *matrixCampus) sender(h http.Handler, t *httpd.Route, known map[string]bool) (v *viewer, target string, form url.Values, base effect) {
	for _, role := range narrowFirst {
		if strings.HasPrefix(t.Pattern, "/mine/register") && role == "graduate" {
			role = "newcomer"
		}
		i := slices.IndexFunc(m.viewers, func(v *viewer) bool { return v.role == role && (v.state == "active" || v.state == "") })
		if i < 0 {
			continue
		}
		own := *m.viewers[i]
		own.peer = fmt.Sprintf("10.%d.%d.7:5000", 20+len(t.Pattern), i) // tries are counted by network
		for relation := range m.figures {
			path, _, err := m.address(t, &own, relation)
			m.must(err)
			f := m.fields(&own, t, &m.figures[relation])
			for name, value := range m.right(t.Pattern) {
				f.Set(name, value)
			}
			if e := m.send(h, &own, path, f, known); e.wrote {
				return &own, path, f, e
			}
		}
	}
	return nil, "", nil, effect{}
}

// right is what makes those forms right that one filling for all does not fit.
func (m *matrixCampus) right(pattern string) map[string]string {
	return map[string]map[string]string{
		"/notice":                {"notice": "yes", "version": access.NoticeVersion},
		"/mine/requests":         {"kind": string(privacy.Explain), "purpose": privacy.Register()[0].ID},
		"/privacy/requests/{id}": {"do": "grant"},
		"/mine/register":         {"code": "72-NONE"},
		"/mine/register/form":    {"code": "72-NONE", "attest": "yes", "reason_text": "个人原因"},
		"/mine/register/draft":   {"code": "72-NONE"},
	}[pattern]
}

// begin lets somebody who has registered nothing begin.
func (m *matrixCampus) begin() {
	id := m.graduate("24990001")
	a := access.Account{ID: "v-newcomer", Login: "v-newcomer", Name: "查看人", Graduate: id, Password: "plain:x", Created: m.app.Now(),
		Grants: []access.Grant{{Role: access.Graduate, Over: access.Self(id)}}}
	m.keep(a)
	v := &viewer{role: "newcomer", state: "active", account: a, cookies: m.enter(a).cookies, peer: "10.9.8.7:5000"}
	v.token = m.formToken(v)
	m.viewers = append(m.viewers, v)
	_, err := m.app.Destinations.SaveDraft(m.t.Context(), a.Actor(m.today()), destination.SavedDraft{Graduate: id, Code: "72-NONE"})
	m.must(err)
}

// TestNoFieldButTheFormsOwnMoves: every name of every column, of every field that a
// verb takes and of every other form, with somebody else's value, is added to each
// form, in its body and in its address: nothing else is written than without, but for
// the fields that the reviewed file says (X2, X6, S53; B7).
func TestNoFieldButTheFormsOwnMoves(t *testing.T) {
	m := newMatrixCampus(t, store.Config{})
	h := handlerOf(t, m.site)
	m.begin()
	known, names := m.knownIDs(), m.allNames()
	var text strings.Builder
	text.WriteString(fieldsHead)
	for i := range m.site.Routes {
		if r := &m.site.Routes[i]; r.Method == http.MethodPost && !counted[r.Pattern] {
			text.WriteString(m.fieldsOf(h, r, names, known))
		}
	}
	if *update {
		if err := os.WriteFile(fieldsFile, []byte(text.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	compareText(t, fieldsFile, text.String())

	// The test can fail: a form that takes one name too many.
	i := slices.IndexFunc(m.site.Routes, func(r httpd.Route) bool { return r.Method == http.MethodPost && r.Pattern == "/views" })
	honest := m.site.Routes[i].Handle
	m.site.Routes[i].Handle = func(rw http.ResponseWriter, r *httpd.Request) error {
		if other := r.PostFormValue("account_id"); other != "" {
			r.Who.Account = other
		}
		return honest(rw, r)
	}
	if line := m.fieldsOf(handlerOf(t, m.site), &m.site.Routes[i], names, known); !strings.HasSuffix(line, " account_id\n") {
		t.Errorf("a form that takes the id of an account is not found: %s", line)
	}
}

// counted are the forms about passwords and sessions, which end what the test goes on
// with, and the one whose transaction runs alone and is not undone.
var counted = map[string]bool{"/snapshots": true, "/login": true, "/login/second": true, "/activate": true, "/me/password": true, "/me/prove": true, "/logout": true, "/me/logout": true}

// fieldsOf is the line of a form in the reviewed file.
func (m *matrixCampus) fieldsOf(h http.Handler, t *httpd.Route, names []string, known map[string]bool) string {
	m.before = nil // what is undone is as before; what sessions keep is not
	v, target, form, base := m.sender(h, t, known)
	if v == nil {
		return t.Pattern + " · nobody\n"
	}
	if again := m.send(h, v, target, form, known); again != base {
		m.t.Errorf("%s: sent twice it writes otherwise:\n%s\n%s", t.Pattern, base.text, again.text)
	}
	extra := func(names []string) url.Values {
		out := maps.Clone(form)
		for _, n := range names {
			out[n] = []string{m.foreign(n)}
		}
		return out
	}
	others := slices.DeleteFunc(slices.Clone(names), func(n string) bool { _, there := form[n]; return there })
	found := m.movers(others, func(names []string) bool { return m.send(h, v, target, extra(names), known) != base })
	others = slices.DeleteFunc(others, func(n string) bool { return slices.Contains(found, n) })
	if got := m.send(h, v, target, extra(others), known); got != base {
		m.t.Errorf("%s: names that do nothing alone do something together: %d\n%s\ninstead of\n%s", t.Pattern, got.status, got.text, base.text)
	}
	for part := range slices.Chunk(others, 60) {
		query := url.Values{}
		for _, n := range part {
			query.Set(n, m.foreign(n))
		}
		if got := m.send(h, v, target+"?"+query.Encode(), form, known); got != base {
			m.t.Errorf("%s: a name in the address does something: %d\n%s\ninstead of\n%s", t.Pattern, got.status, got.text, base.text)
		}
	}
	mentions := func(e effect) bool {
		return strings.Contains(e.text, m.figures[3].graduate) || strings.Contains(e.text, m.figures[3].class)
	}
	for _, n := range found { // a field of the form's own with somebody else's id
		if got := m.send(h, v, target, extra([]string{n}), known); mentions(got) && !mentions(base) {
			m.t.Errorf("%s: %s=%s reaches somebody out of sight:\n%s", t.Pattern, n, m.foreign(n), got.text)
		}
	}
	if got := m.sendJSON(h, v, target, extra(others)); got.Code < 400 {
		m.t.Errorf("%s: takes JSON: %d", t.Pattern, got.Code)
	}
	return t.Pattern + " · " + v.role + " · " + strings.Join(found, " ") + "\n"
}

// sendJSON sends the fields as no page of ours does.
func (m *matrixCampus) sendJSON(h http.Handler, v *viewer, target string, form url.Values) *httptest.ResponseRecorder {
	var b bytes.Buffer
	b.WriteByte('{')
	for name, values := range form {
		fmt.Fprintf(&b, "%q:%q,", name, values[0])
	}
	r := httptest.NewRequest(http.MethodPost, target, strings.NewReader(strings.TrimSuffix(b.String(), ",")+"}"))
	r = r.WithContext(context.WithValue(r.Context(), ledgerKey{}, &ledger{}))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.Host, r.RemoteAddr = "127.0.0.1:8080", v.peer
	for name, value := range v.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	out := httptest.NewRecorder()
	h.ServeHTTP(out, r)
	return out
}
