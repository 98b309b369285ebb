package app_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"quxiang/internal/app"
	"quxiang/internal/domain/access"
	"quxiang/internal/domain/audit"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/destination"
	"quxiang/internal/domain/disclosure"
	"quxiang/internal/domain/external"
	"quxiang/internal/domain/history"
	"quxiang/internal/domain/intake"
	"quxiang/internal/domain/privacy"
	"quxiang/internal/domain/release"
	"quxiang/internal/domain/report"
	"quxiang/internal/domain/roster"
	"quxiang/internal/domain/settings"
	"quxiang/internal/domain/transfer"
	"quxiang/internal/httpd"
	"quxiang/internal/store"
	"quxiang/internal/web"
)

// relations are the records of the matrix, by how they stand to who looks: the
// viewer's own scope holds the first; a college holds the first three.
var relations = []string{"own", "class", "college", "sibling", "cohort", "absent"}

// figure is a record of the matrix: a graduate whose registration waits, and a
// second one of the same class whose registration is in force.
type figure struct {
	graduate, number, name string
	change, sha256, wish   string // of the first: change, evidence, open correction
	class                  string
	request                string // of the first: about their personal data
	second, kase, sample   string // of the second: graduate, case, drawn sample
}

// marks are what shows that the record is on a page.
func (f *figure) marks() []string {
	return []string{f.graduate, f.number, f.name, f.second, f.change}
}

// matrixCampus is a school with a record of each relation and a viewer of each role
// and state. Nothing that its pages do is kept: each request's transactions are
// undone, so that cells do not lean on each other.
type matrixCampus struct {
	*campus
	site    httpd.Site
	figures [5]figure // of relations but the last
	viewers []*viewer
	objects map[string]map[string]string // kind → account or "other" → id
	batch   string
	report  string            // id of a draft of the annual report
	link    string            // token of a link to set a password
	before  map[string]string // all rows, as TestNoFieldButTheFormsOwnMoves compares them
}

// viewer is a role in a state, with a browser.
type viewer struct {
	role, state string
	account     access.Account
	cookies     map[string]string
	token       string // of forms
	peer        string
}

// absentID is nobody's.
const absentID = "01zzzzzzzzzzzzzzzzzzzzzzzz"

func newMatrixCampus(t *testing.T, s store.Config) *matrixCampus {
	t.Helper()
	conf := placed(t, s)
	if _, err := app.Init(t.Context(), conf, app.NewSchool{Name: "滨海医科大学", Code: "99001", Admin: "root"}); err != nil {
		t.Fatal(err)
	}
	a, err := app.Open(t.Context(), conf, app.Serving)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	c := &campus{t: t, app: a}
	a.Accounts.Passwords = plainPasswords{}
	if c.pages, err = a.Pages(httpd.Config{Listen: "127.0.0.1:8080"}, true); err != nil {
		t.Fatal(err)
	}
	m := &matrixCampus{campus: c, objects: map[string]map[string]string{}}
	m.people()
	m.stories()
	m.hire()
	m.own()
	m.undoWrites()
	if m.site, err = web.Site(m.deps()); err != nil {
		t.Fatal(err)
	}
	return m
}

func (m *matrixCampus) deps() web.Deps {
	d := m.app.PageDeps()
	d.Config = httpd.Config{Listen: "127.0.0.1:8080"}
	return d
}

// plainPasswords takes a hash's time out of 7,000 cells.
type plainPasswords struct{}

// Hash keeps the password as it is.
func (plainPasswords) Hash(password string) (string, error) { return "plain:" + password, nil }

// Match compares.
func (plainPasswords) Match(hash, password string) (bool, error) {
	return hash == "plain:"+password, nil
}

func (m *matrixCampus) must(err error) {
	m.t.Helper()
	if err != nil {
		m.t.Fatal(err)
	}
}

func (m *matrixCampus) people() {
	head, went := "学号,姓名,学院,专业,班级,学历,身份证号,手机号\n", "学号,毕业去向类别代码,签约日期\n"
	file := map[string]string{"2024": head, "2022": head}
	places := [][3]string{{"2024", "临床医学院", "临床一班"}, {"2024", "临床医学院", "临床一班"}, {"2024", "临床医学院", "临床二班"},
		{"2024", "药学院", "药学一班"}, {"2022", "临床医学院", "临床老一班"}}
	names := []string{"甘一", "甘二", "甘三", "甘四", "甘五"}
	wentTo := map[string]string{"2024": went, "2022": went}
	for i, p := range places {
		f := &m.figures[i]
		f.number, f.name = fmt.Sprintf("%s8800%d", p[0][2:], i+1), names[i]+"明远"
		file[p[0]] += fmt.Sprintf("%s,%s,%s,专业,%s,本科,,1370000880%d\n", f.number, f.name, p[1], p[2], i)
		second := f.number + "7"
		file[p[0]] += fmt.Sprintf("%s,%s,%s,专业,%s,本科,,1370000890%d\n", second, names[i]+"知行", p[1], p[2], i)
		wentTo[p[0]] += fmt.Sprintf("%s,10,%s-06-20\n", second, p[0])
	}
	for i := range 4 { // whose accounts are in another state than the first record's
		file["2024"] += fmt.Sprintf("2477000%d,白%d,药学院,专业,药学二班,本科,,1370000770%d\n", i, i, i)
	}
	file["2024"] += "24990001,路人甲,药学院,专业,药学二班,本科,,13700009901\n"
	file["2022"] += "22990001,路人乙,临床医学院,专业,临床老二班,本科,,13700009902\n"
	who := access.Console("test")
	for _, cohort := range []string{"2024", "2022"} {
		report, err := m.app.Roster.Import(m.t.Context(), who, app.TableFile("生源.csv", []byte(file[cohort])), roster.ImportOptions{Cohort: cohort})
		if err != nil || len(report.Refusals) > 0 {
			m.t.Fatal(err, report.Refusals)
		}
		report, err = m.app.Importer.Destinations(m.t.Context(), who, app.TableFile("去向.csv", []byte(wentTo[cohort])), transfer.Options{Source: "legacy", Cohort: cohort})
		if err != nil || len(report.Refusals) > 0 {
			m.t.Fatal(err, report.Refusals)
		}
	}
	batches, err := m.app.Store.BatchList(m.t.Context())
	m.must(err)
	m.batch = batches[0].ID
}

// stories gives each record what its pages are about.
func (m *matrixCampus) stories() {
	ctx, d, who := m.t.Context(), m.app.Destinations, access.Console("test")
	move := []string{"临床二班", "临床二班", "临床一班", "药学二班", "临床老二班"}
	here := []string{"临床一班", "临床一班", "临床二班", "药学一班", "临床老一班"}
	for i := range m.figures {
		f := &m.figures[i]
		f.graduate, f.second, f.class = m.graduate(f.number), m.graduate(f.number+"7"), m.unit(here[i])
		self := access.Actor{Account: "self-" + f.number, Grants: []access.Grant{{Role: access.Graduate, Over: access.Self(f.graduate)}}}
		doc, err := d.Upload(ctx, self, f.graduate, "MIL", photo(m.t, uint8(40+20*i)))
		m.must(err)
		f.sha256 = doc.SHA256
		f.change, err = d.Submit(ctx, self, destination.Draft{Graduate: f.graduate, Act: history.Open, Code: "46",
			Fields:   history.Fields{"enlist_day": "2024-06-20", "enlist_office": "丙县武装部"},
			Evidence: []history.Evidence{{SHA256: doc.SHA256, Kind: "MIL"}}})
		m.must(err)
		m.must(m.app.Roster.Ask(ctx, self, f.graduate, string(history.Class), m.unit(move[i]), "分班后没有更新"))
		wishes, err := m.app.Store.CorrectionsOf(ctx, f.graduate)
		m.must(err)
		f.wish = wishes[0].ID
		request, err := m.app.Privacy.Ask(ctx, self, f.graduate, privacy.Explain, privacy.Register()[0].ID, "请说明谁看过我的资料")
		m.must(err)
		f.request = request.ID
		all, err := m.app.Store.Histories(ctx, access.School(), []string{f.second})
		m.must(err)
		for _, e := range all[f.second] {
			if e.Case != "" {
				f.kase = e.Case
			}
		}
	}
	for _, cohort := range []string{"2024", "2022"} {
		_, err := d.DrawSample(ctx, who, cohort, "抽查"+cohort, 9, 7)
		m.must(err)
		list, err := m.app.Store.Samples(ctx, access.School(), cohort, true)
		m.must(err)
		for _, s := range list {
			for i := range m.figures {
				if m.figures[i].second == s.Graduate {
					m.figures[i].sample = s.ID
				}
			}
		}
	}
	_, err := m.app.Releases.Freeze(ctx, who, release.Freezing{Name: "INIT-2024", Cohort: "2024", AsOf: calendar.WhenAt(calendar.DayOf(m.app.Now()).Start())})
	m.must(err)
	_, err = m.app.Externals.Enter(ctx, who, external.Entering{Cohort: "2024", Key: "visits", Content: external.Content{
		Title: "走访用人单位", Value: "3", Unit: "家", Subject: "学校", Source: "就业工作总结", Issuer: "就业中心", Dated: "2024-01"}})
	m.must(err)
	m.reports(who)
}

// reports begins an annual report, and has one that was released.
func (m *matrixCampus) reports(who access.Actor) {
	ctx := m.t.Context()
	d, err := m.app.Annual.Begin(ctx, who, report.Beginning{Cohort: "2024", Snapshot: "INIT-2024"})
	m.must(err)
	m.report = d.ID
	body := []byte("%PDF")
	form := report.Form{Ending: ".pdf", SHA256: fmt.Sprintf("%x", sha256.Sum256(body)), Size: len(body)}
	page := []byte("<nav></nav><main>")
	other := report.Form{Ending: ".html", SHA256: fmt.Sprintf("%x", sha256.Sum256(page)), Size: len(page)}
	m.must(m.app.Store.InTx(ctx, func(ctx context.Context) error {
		x := report.Release{ID: "2024-1", Cohort: "2024", Title: "报告", Draft: d.ID, Version: 1, Code: "ABCD-EFGH-2345-ABCD", At: m.app.Now(), Forms: []report.Form{form, other}}
		if err := m.app.Store.AddReportRelease(ctx, x, []report.File{{Form: form, Body: body}, {Form: other, Body: page}}); err != nil {
			return err
		}
		return m.app.Store.Write(ctx, who, "report.release", x.ID, nil)
	}))
}

// scopeOf is over whom each role is given in the matrix.
func (m *matrixCampus) scopeOf(r access.Role) access.Scope {
	switch r {
	case access.Graduate:
		return access.Self(m.figures[0].graduate)
	case access.Tutor:
		return access.Scope{Graduates: []string{m.figures[0].graduate, m.figures[0].second}}
	case access.Counsellor:
		return access.Classes(m.figures[0].class)
	case access.CollegeSecretary, access.CollegeLeader:
		return access.Colleges(m.unit("临床医学院"))
	}
	return access.School()
}

var matrixRoles = []access.Role{access.Graduate, access.Tutor, access.Counsellor, access.CollegeSecretary, access.CollegeLeader, access.Office,
	access.SchoolLeader, access.Support, access.Auditor, access.Administrator, access.SecurityAdministrator, access.Employer, access.Client}

// lent are the roles that a deputy can take over.
var lent = []access.Role{access.Tutor, access.Counsellor, access.CollegeSecretary, access.CollegeLeader, access.Office, access.SchoolLeader, access.Support}

// hire makes a viewer of each role and state, each with a session from before what
// ended it.
func (m *matrixCampus) hire() {
	today := calendar.DayOf(m.app.Now())
	other, _ := m.account("colleague", "", access.Grant{Role: access.Office, Over: access.School()})
	_, m.link = m.account("newcomer", "", access.Grant{Role: access.Support, Over: access.School()})
	m.objects["account"] = map[string]string{"other": other.ID}
	m.viewers = append(m.viewers, &viewer{role: "anonymous", cookies: map[string]string{}}, &viewer{role: "link", cookies: map[string]string{}})
	for _, role := range matrixRoles {
		states := []string{"active", "disabled", "over", "future", "revoked"}
		for _, r := range lent {
			if r == role {
				states = append(states, "deputy", "lapsed")
			}
		}
		for _, state := range states {
			m.viewers = append(m.viewers, m.newViewer(role, state, today, other.ID))
		}
	}
	for i, v := range m.viewers {
		v.peer = fmt.Sprintf("10.0.%d.%d:5000", i/200, i%200+1)
		if v.token == "" {
			v.token = m.formToken(v)
		}
	}
}

func (m *matrixCampus) newViewer(role access.Role, state string, today calendar.Day, principal string) *viewer {
	g := access.Grant{Role: role, Over: m.scopeOf(role)}
	a := access.Account{ID: "v-" + string(role) + "-" + state, Login: "v-" + string(role) + "-" + state, Name: "查看人", Grants: []access.Grant{g},
		Password: "plain:x", Created: m.app.Now()}
	if role == access.Graduate {
		a.Graduate = m.figures[0].graduate
		if i := slices.Index([]string{"disabled", "over", "future", "revoked"}, state); i >= 0 {
			a.Graduate = m.graduate(fmt.Sprint(24770000 + i))
			a.Grants[0].Over = access.Self(a.Graduate)
		}
	}
	m.keep(a)
	v := &viewer{role: string(role), state: state, account: a, cookies: m.enter(a).cookies, peer: "10.9.9.9:5000"}
	v.token = m.formToken(v) // of before: a page that stayed open
	switch state {
	case "disabled":
		a.Disabled = true
	case "over":
		a.Grants[0].Begins, a.Grants[0].Ends = today.AddDays(-30), today.AddDays(-1)
	case "future":
		a.Grants[0].Begins = today.AddDays(1)
	case "revoked":
		a.Grants = nil
	case "lapsed":
		a.Grants[0].Begins, a.Grants[0].Ends, a.Grants[0].For = today.AddDays(-9), today.AddDays(-1), principal
	case "deputy":
		a.Grants[0].Begins, a.Grants[0].Ends, a.Grants[0].For = today.AddDays(-1), today.AddDays(1), principal
	}
	m.keep(a)
	v.account = a
	return v
}

func (m *matrixCampus) keep(a access.Account) {
	m.t.Helper()
	m.must(m.app.Store.InTx(m.t.Context(), func(ctx context.Context) error {
		if err := m.app.Store.SaveAccount(ctx, a); err != nil {
			return err
		}
		return m.app.Store.Write(ctx, access.Console("test"), "account.add", a.ID, nil)
	}))
}

// formToken is what the forms of the viewer's pages carry.
func (m *matrixCampus) formToken(v *viewer) string {
	page := "/me"
	if v.account.ID == "" {
		page = "/login"
	}
	w := &window{c: m.campus, cookies: v.cookies, remote: v.peer}
	found := tokenInPage.FindStringSubmatch(w.get(page).Body.String())
	if found == nil {
		m.t.Fatalf("no form for %s %s", v.role, v.state)
	}
	return found[1]
}

// own gives two viewers objects of their own, and another account the same.
func (m *matrixCampus) own() {
	ctx := m.t.Context()
	for _, kind := range []string{"request", "view", "held", "dropped", "reconcile"} {
		m.objects[kind] = map[string]string{}
	}
	for _, who := range []access.Actor{
		{Account: "v-office-active", Grants: []access.Grant{{Role: access.Office, Over: access.School()}}},
		{Account: "v-college_secretary-active", Grants: []access.Grant{{Role: access.CollegeSecretary, Over: m.scopeOf(access.CollegeSecretary)}}},
		{Account: m.objects["account"]["other"], Grants: []access.Grant{{Role: access.Office, Over: access.School()}}},
	} {
		key := who.Account
		if key == m.objects["account"]["other"] {
			key = "other"
		}
		r, err := m.app.Disclosures.Ask(ctx, who, disclosure.Request{Kind: "roster", Cohorts: []string{"2024"}, Fields: []string{"phone"}, Purpose: "银行批量开户"})
		m.must(err)
		m.objects["request"][key] = r.ID
		m.must(m.app.Roster.KeepView(ctx, who, "/graduates", "我的", "cohort=2024"))
		views, err := m.app.Roster.Views(ctx, who, "/graduates")
		m.must(err)
		m.objects["view"][key] = views[0].ID
		h, err := m.app.Intake.Bring(ctx, who, intake.Reconciliation, "省平台.csv", []byte("学号,姓名,毕业去向类别代码,签约日期\n"+m.figures[0].number+"7,甘一,11,2024-06-20\n"), intake.Options{Cohort: "2024"})
		m.must(err)
		m.objects["reconcile"][key] = h.ID
		// A file with a row that is refused: there is nothing in it to publish.
		if who.May(access.ImportRoster) == nil {
			for _, kind := range []string{"held", "dropped"} {
				h, err := m.app.Intake.Bring(ctx, who, "roster", kind+".csv", []byte("学号,姓名,学院,专业,班级,学历\n,无号,药学院,专业,药学一班,本科\n"), intake.Options{Cohort: "2024"})
				m.must(err)
				m.objects[kind][key] = h.ID
			}
		}
	}
}

// undone is what a transaction of a cell ends with.
type undone struct{}

// Error says that it is no failure.
func (undone) Error() string { return "undone" }

// ledger notes what the transactions of one request would have kept.
type ledger struct {
	entries []string                                                        // action subject
	look    func(ctx context.Context, do func(context.Context) error) error // around each transaction; nil: nobody looks
}

type ledgerKey struct{}

// undo runs a transaction and takes it back, if the request is a cell's.
func undo(ctx context.Context, inTx func(context.Context, func(context.Context) error) error, do func(context.Context) error) error {
	l, ok := ctx.Value(ledgerKey{}).(*ledger)
	if !ok {
		return inTx(ctx, do)
	}
	if l.look != nil {
		inner := do
		do = func(ctx context.Context) error { return l.look(ctx, inner) }
	}
	err := inTx(ctx, func(ctx context.Context) error {
		if err := do(ctx); err != nil {
			return err
		}
		return undone{}
	})
	if err == (undone{}) {
		return nil
	}
	return err
}

type undoneAccess struct{ access.Accounts }
type undoneRoster struct{ roster.Store }
type undoneDestination struct{ destination.Store }
type undoneDisclosure struct{ disclosure.Store }
type undoneRelease struct{ release.Store }
type undoneReport struct{ report.Store }
type undoneSettings struct{ settings.Store }
type undoneIntake struct{ intake.Store }
type undonePrivacy struct{ privacy.Store }
type undoneTrail struct{ audit.Reader }

func (u undoneAccess) InTx(ctx context.Context, do func(context.Context) error) error {
	return undo(ctx, u.Accounts.InTx, do)
}
func (u undoneReport) InTx(ctx context.Context, do func(context.Context) error) error {
	return undo(ctx, u.Store.InTx, do)
}
func (u undoneRoster) InTx(ctx context.Context, do func(context.Context) error) error {
	return undo(ctx, u.Store.InTx, do)
}
func (u undoneDestination) InTx(ctx context.Context, do func(context.Context) error) error {
	return undo(ctx, u.Store.InTx, do)
}
func (u undoneDisclosure) InTx(ctx context.Context, do func(context.Context) error) error {
	return undo(ctx, u.Store.InTx, do)
}
func (u undoneRelease) InTx(ctx context.Context, do func(context.Context) error) error {
	return undo(ctx, u.Store.InTx, do)
}
func (u undoneSettings) InTx(ctx context.Context, do func(context.Context) error) error {
	return undo(ctx, u.Store.InTx, do)
}
func (u undoneIntake) InTx(ctx context.Context, do func(context.Context) error) error {
	return undo(ctx, u.Store.InTx, do)
}

func (u undonePrivacy) InTx(ctx context.Context, do func(context.Context) error) error {
	return undo(ctx, u.Store.InTx, do)
}
func (u undoneTrail) InTx(ctx context.Context, do func(context.Context) error) error {
	return undo(ctx, u.Reader.InTx, do)
}
func (u undoneTrail) Write(ctx context.Context, who access.Actor, action, subject string, detail map[string]string) error {
	return noting{u.Reader}.Write(ctx, who, action, subject, detail)
}

// noting notes the entries of a cell.
type noting struct{ access.Log }

// Write notes the entry and writes it.
func (n noting) Write(ctx context.Context, who access.Actor, action, subject string, detail map[string]string) error {
	if l, ok := ctx.Value(ledgerKey{}).(*ledger); ok {
		l.entries = append(l.entries, action+" "+subject)
	}
	return n.Log.Write(ctx, who, action, subject, detail)
}

// undoWrites has every verb of the pages run in transactions that are taken back.
func (m *matrixCampus) undoWrites() {
	a, s := m.app, m.app.Store
	log := noting{s}
	a.Accounts.Store, a.Accounts.Audit = undoneAccess{s}, log
	a.Roster.Store, a.Roster.Audit = undoneRoster{s}, log
	a.Destinations.Store, a.Destinations.Audit = undoneDestination{s}, log
	a.Importer.Store, a.Importer.Audit = undoneDestination{s}, log
	a.Disclosures.Store, a.Disclosures.Audit = undoneDisclosure{s}, log
	a.Releases.Store, a.Releases.Audit = undoneRelease{s}, log
	a.Annual.Store, a.Annual.Audit = undoneReport{s}, log
	a.Settings.Store, a.Settings.Audit = undoneSettings{s}, log
	a.Privacy.Store, a.Privacy.Audit = undonePrivacy{s}, log
	a.Trail.Store = undoneTrail{s}
	a.Intake.Service.Store, a.Intake.Service.Audit = undoneIntake{s}, log
}

// ask sends one request as the viewer; nothing of it is kept.
func (v *viewer) ask(h http.Handler, method, target string, form url.Values) (*httptest.ResponseRecorder, *ledger) {
	l := &ledger{}
	return v.askInto(l, h, method, target, form), l
}

func (v *viewer) askInto(l *ledger, h http.Handler, method, target string, form url.Values) *httptest.ResponseRecorder {
	var r *http.Request
	if method == http.MethodGet {
		r = httptest.NewRequest(method, target, nil)
	} else {
		r = httptest.NewRequest(method, target, strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	r = r.WithContext(context.WithValue(r.Context(), ledgerKey{}, l))
	r.Host, r.RemoteAddr = "127.0.0.1:8080", v.peer
	for name, value := range v.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	out := httptest.NewRecorder()
	h.ServeHTTP(out, r)
	return out
}
