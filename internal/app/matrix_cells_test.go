package app_test

import (
	"cmp"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"quxiang/internal/domain/privacy"
	"quxiang/internal/httpd"
)

// address fills the pattern of a route with the record of a relation, and says
// whether the record is in it at all.
func (m *matrixCampus) address(t *httpd.Route, v *viewer, relation int) (path string, named bool, err error) {
	f := figure{graduate: absentID, change: absentID, sha256: strings.Repeat("0", 64), wish: absentID, class: absentID, second: absentID, kase: absentID, sample: absentID, request: absentID}
	if relation < len(m.figures) {
		f = m.figures[relation]
	}
	object := func(kind string) string {
		switch id, own := m.objects[kind][v.account.ID]; {
		case relation == len(relations)-1:
			return absentID
		case relation == 0 && own:
			return id
		}
		return m.objects[kind]["other"]
	}
	parts := strings.Split(t.Pattern, "/")
	for i, p := range parts {
		if p == "{$}" {
			parts[i] = ""
			continue
		}
		if !strings.HasPrefix(p, "{") {
			continue
		}
		named = true
		area := "/" + parts[1] + "/" + p
		switch {
		case strings.HasPrefix(t.Pattern, "/graduates/{id}/strike"), strings.HasPrefix(t.Pattern, "/graduates/{id}/restore"), strings.HasPrefix(t.Pattern, "/disputes/{graduate}"):
			parts[i] = map[string]string{"{id}": f.second, "{graduate}": f.second, "{case}": f.kase}[p]
		case p == "{graduate}", area == "/graduates/{id}", strings.HasPrefix(t.Pattern, "/slips/graduate/"):
			parts[i] = f.graduate
		case area == "/evidence/{sha256}":
			parts[i] = f.sha256
		case p == "{change}":
			parts[i] = f.change
		case p == "{case}":
			parts[i] = f.kase
		case area == "/slips/{unit}":
			parts[i] = f.class
		case area == "/corrections/{id}":
			parts[i] = f.wish
		case area == "/samples/{id}":
			parts[i] = f.sample
		case area == "/accounts/{id}":
			parts[i] = object("account")
			if relation == 0 && v.account.ID != "" {
				parts[i] = v.account.ID
			}
		case strings.HasPrefix(t.Pattern, "/mine/requests/"), area == "/privacy/{id}":
			parts[i] = f.request
		case area == "/mine/{purpose}":
			if parts[i] = privacy.Optional()[0].ID; relation == len(relations)-1 {
				parts[i] = "nothing"
			}
		case area == "/views/{id}":
			parts[i] = object("view")
		case strings.HasPrefix(t.Pattern, "/export/requests/{id}"):
			parts[i] = object("request")
		case strings.HasPrefix(t.Pattern, "/import/history/{id}"):
			if parts[i] = absentID; relation == 0 && t.Method == http.MethodGet {
				parts[i] = m.batch
			}
		case area == "/import/{id}":
			// Publishing goes on in the background, beyond the request that is undone;
			// what was found of a file that is dropped is forgotten, undone or not.
			switch parts[i] = object("held"); {
			case t.Method == http.MethodPost && strings.HasSuffix(t.Pattern, "{id}"):
				parts[i] = absentID
			case t.Method == http.MethodPost:
				parts[i] = object("dropped")
			}
		case area == "/import/{kind}":
			if parts[i] = "roster"; !strings.Contains(t.Pattern, "{id}") && relation == len(relations)-1 {
				parts[i] = "nothing"
			}
		case area == "/reconcile/{id}":
			parts[i] = cmp.Or(object("reconcile"), absentID)
		case area == "/reports/{id}":
			if parts[i] = m.report; relation == len(relations)-1 {
				parts[i] = absentID
			}
		case p == "{ending}":
			parts[i] = "html"
		case area == "/snapshots/{name}":
			if parts[i] = "INIT-2024"; relation == len(relations)-1 {
				parts[i] = "NOPE"
			}
		case area == "/outcomes/{id}":
			if parts[i] = "2024-1"; relation == len(relations)-1 {
				parts[i] = "2024-9"
			}
		case area == "/outcomes/{file}":
			parts[i] = "report.pdf"
		case area == "/external-figures/{cohort}":
			if parts[i] = "2024"; relation == len(relations)-1 {
				parts[i] = "1999"
			}
		case p == "{key}":
			parts[i] = "visits"
		case p == "{field}":
			if parts[i] = "class"; relation == len(relations)-1 {
				parts[i] = "nothing"
			}
		case p == "{n}":
			if parts[i] = "1"; relation == len(relations)-1 {
				parts[i] = "999"
			}
		case p == "{act}":
			parts[i] = "end"
		case area == "/password/{token}":
			if parts[i] = absentID + ".x"; relation == 0 && v.role == "link" {
				parts[i] = m.link
			}
		case area == "/retention/{id}", p == "{token}", p == "{ticket}", area == "/static/{name}":
			parts[i] = absentID
		default:
			return "", true, fmt.Errorf("%s %s: the matrix has no value for %s; say in address what stands there", t.Method, t.Pattern, p)
		}
	}
	return strings.Join(parts, "/"), named, nil
}

// asks are the queries with which pages are opened that need one.
var asks = map[string]string{
	"/people": "?cohort=COHORT", "/graduates": "?cohort=COHORT", "/classes": "?cohort=COHORT", "/slips": "?cohort=COHORT",
	"/samples": "?cohort=COHORT", "/strikes": "?cohort=COHORT", "/search": "?q=甘", "/snapshots/diff": "?from=INIT-2024&to=INIT-2024",
	"/review/bulk": "?left=GRADUATE&passed=0", "/graduates/{id}/strike": "?case=CASE", "/graduates/{id}/restore": "?case=CASE", "/{$}": "?cohort=COHORT",
}

// fields are what every form of the matrix is filled in with; a form takes what it
// knows. They are right as far as one filling can be right for all.
func (m *matrixCampus) fields(v *viewer, t *httpd.Route, f *figure) url.Values {
	out := url.Values{"form_token": {v.token}}
	for name, value := range map[string]string{
		"reason": "暑期休假，请同事代办", "note": "电话核实过", "text": "我没有签过这份协议", "purpose": "银行批量开户", "answer": "已经说明", "words": "请说明谁看过", "grant": "1", "kind": "roster", "cohort": "2024", "fields": "phone",
		"name": "INIT-2024", "as_of": "08-31", "per_stratum": "3", "seed": "7", "result": "属实", "level": "1", "to": "colleague", "login": "nobody" + strings.ReplaceAll(v.peer, ".", "-"),
		"role-0": "support", "over-0": "全校", "reach": "inactive", "field": "phone", "by": "college", "day": "", "q": "甘", "list": "", "format": "csv",
		"code": "46", "value": m.figures[3].class, "right": "1", "true_on": "2024-07-01", "number": "1", "version": "x", "password": "short", "again": "short", "old": "wrong",
		"case": f.kase, "notice": "x", "do": "submit", "attest": "1", "ends": "2099-01-01",
	} {
		out.Set(name, value)
	}
	switch t.Pattern {
	case "/login", "/login/second", "/activate", "/me/password", "/me/prove", "/me/factor", "/me/factor/confirm": // one try each: they are counted
		out.Del("case")
		out.Set("number", out.Get("login"))
		return out
	}
	out["id"] = []string{f.graduate}
	out["unit"] = []string{f.class}
	out["pick"] = []string{f.graduate + " " + f.change + " 1"}
	if strings.HasPrefix(t.Pattern, "/deputy") {
		out.Set("ends", string(m.today().AddDays(5)))
		out.Del("role")
	}
	if t.Pattern == "/accounts" {
		out.Set("login", "added")
		out.Set("name", "新人")
		out.Del("role-0") // the security administrator's to give
	}
	if t.Pattern == "/views" {
		out.Set("name", "另一个")
	}
	if t.Pattern == "/deputy/end" {
		out.Set("of", m.objects["account"]["other"])
		out.Set("to", "v-office-deputy")
		out.Set("role", "office")
	}
	return out
}

// cell is the answer of a route to a viewer about a record.
type cell struct {
	status  string
	shows   bool // the record is on the page
	wrote   bool
	body    string
	problem string
	header  http.Header
	entries []string
}

// String is how the cell is written in the reviewed file: the status, login for
// the way to the login; * for a record that is on the page, w for what was written.
func (c cell) String() string {
	out := c.status
	if c.shows {
		out += "*"
	}
	if c.wrote {
		out += "w"
	}
	return out
}

// row asks a route about every record in turn.
func (m *matrixCampus) row(h http.Handler, t *httpd.Route, v *viewer) ([]cell, error) {
	var out []cell
	answers := map[string]cell{}
	from := *v // tries are counted by network: each form of a password has its own
	from.peer = fmt.Sprintf("10.%d.%d.1:5000", 100+len(t.Pattern), slices.Index(m.viewers, v))
	for i := range relations {
		path, _, err := m.address(t, v, i)
		if err != nil {
			return nil, err
		}
		f := &figure{graduate: absentID, change: absentID, class: absentID, kase: absentID}
		cohort := "2024"
		if i < len(m.figures) {
			f = &m.figures[i]
		}
		if relations[i] == "cohort" {
			cohort = "2022"
		}
		query := strings.NewReplacer("COHORT", cohort, "GRADUATE", f.graduate, "CASE", f.kase).Replace(asks[t.Pattern])
		var form url.Values
		if t.Method != http.MethodGet {
			query, form = "", m.fields(v, t, f)
		}
		target := path + query
		key := target + "\n" + form.Encode()
		c, ok := answers[key]
		if !ok {
			got, l := from.ask(h, t.Method, target, form)
			c = answerOf(t, got, l)
			answers[key] = c
		}
		for _, mark := range f.marks() {
			c.shows = c.shows || mark != "" && mark != absentID && c.status == "200" && strings.Contains(c.body, mark)
		}
		out = append(out, c)
	}
	for i := range out { // a refusal tells nobody whether there is something (X1)
		a := &out[i]
		if last := out[len(out)-1]; a.status == "404" && last.status == "404" && m.plain(a.body) != m.plain(last.body) {
			a.problem = "says of a record out of reach otherwise than of one that is not there: " + firstDifference(m.plain(a.body), m.plain(last.body))
		}
	}
	return out, nil
}

// firstDifference is where two pages part.
func firstDifference(a, b string) string {
	x, y := []rune(a), []rune(b)
	i := 0
	for i < min(len(x), len(y)) && x[i] == y[i] {
		i++
	}
	from := max(0, i-10)
	return fmt.Sprintf("%q, %q", string(x[from:min(len(x), i+40)]), string(y[from:min(len(y), i+40)]))
}

var hexID = regexp.MustCompile(`[0-9a-z]{26}|[0-9a-f]{64}|[A-Za-z0-9_-]{86}|[A-Z2-7]{26}|编号 [0-9a-z]{16}`)

// plain is a page without ids and tokens.
func (m *matrixCampus) plain(body string) string { return hexID.ReplaceAllString(body, "#") }

func answerOf(t *httpd.Route, got *httptest.ResponseRecorder, l *ledger) cell {
	c := cell{status: fmt.Sprint(got.Code), wrote: len(l.entries) > 0, body: got.Body.String(), header: got.Header(), entries: l.entries}
	if got.Code == http.StatusSeeOther && strings.HasPrefix(got.Header().Get("Location"), "/login") {
		c.status = "login"
	}
	refused := got.Code == 403 || got.Code == 404
	for _, e := range l.entries {
		if refused && !strings.Contains(e, "_failed ") {
			c.problem = "refused, and wrote " + e
		}
	}
	if got.Code >= 500 {
		c.problem = "fails"
	}
	c.problem = cmp.Or(c.problem, kept(t, got))
	return c
}

// kept says what is wrong with how the answer may be kept (X9, S23, S59).
func kept(t *httpd.Route, got *httptest.ResponseRecorder) string {
	control := got.Header().Get("Cache-Control")
	switch {
	case strings.HasPrefix(t.Pattern, "/static/") && got.Code == 200:
		return ""
	case t.Class != httpd.Public && control != "no-store":
		return "may be kept by a cache: " + control
	case control != "no-store" && (control != "no-cache" || got.Header().Get("Vary") != "Cookie"):
		return "shared by a cache: " + control
	case got.Header().Get("ETag") != "" || got.Header().Get("Last-Modified") != "":
		return "carries a mark that a cache compares"
	case t.Class == httpd.Secret && got.Header().Get("Referrer-Policy") != "no-referrer":
		return "tells others the address that lets in"
	}
	return ""
}

// block is what the reviewed file says of one route: a line for each set of
// viewers who get the same answers.
type block struct {
	head string
	rows map[string][]*viewer // cells → viewers
}

func headOf(t *httpd.Route) string {
	return fmt.Sprintf("%s %s · %s · %s · %s", t.Method, t.Pattern, t.Permission, t.Class, t.Audit)
}

func (m *matrixCampus) text(b *block) string {
	var lines []string
	for cells, list := range b.rows {
		lines = append(lines, cells+"  "+m.who(list))
	}
	slices.SortFunc(lines, func(x, y string) int { // those who see most first
		return cmp.Or(cmp.Compare(strings.Count(y, "200")+strings.Count(y, "303"), strings.Count(x, "200")+strings.Count(x, "303")), strings.Compare(x, y))
	})
	return b.head + "\n" + strings.Join(lines, "\n") + "\n"
}

// who names the viewers of a line: everyone/state for a state in which all roles
// are on it, then role/state,state.
func (m *matrixCampus) who(list []*viewer) string {
	all, here := map[string]int{}, map[string]int{}
	for _, v := range m.viewers {
		all[v.state]++
	}
	for _, v := range list {
		here[v.state]++
	}
	var out, order, whole []string
	states := map[string][]string{}
	for _, v := range list {
		switch {
		case v.state == "":
			out = append(out, v.role)
		case here[v.state] == all[v.state]:
			if !slices.Contains(whole, v.state) {
				whole = append(whole, v.state)
			}
		default:
			if _, ok := states[v.role]; !ok {
				order = append(order, v.role)
			}
			states[v.role] = append(states[v.role], v.state)
		}
	}
	if len(whole) > 0 {
		out = append(out, "everyone/"+strings.Join(whole, ","))
	}
	for _, r := range order {
		out = append(out, r+"/"+strings.Join(states[r], ","))
	}
	return strings.Join(out, " ")
}

func cellsOf(row []cell) string {
	var out []string
	for _, c := range row {
		out = append(out, fmt.Sprintf("%-6s", c))
	}
	return strings.Join(out, " ")
}
