package app_test

import (
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"quxiang/internal/app"
	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/roster"
	"quxiang/internal/domain/transfer"
	"quxiang/internal/httpd"
	"quxiang/internal/store"
	"quxiang/internal/store/storetest"
)

// campus is a small school with its pages, as the program builds them.
type campus struct {
	t     *testing.T
	app   *app.App
	pages http.Handler
	clock time.Duration // how far the accounts' clock is ahead
}

// placed is a program on that place, with a folder of its own.
func placed(t *testing.T, s store.Config) app.Config {
	if s.SQLite == "" {
		return app.Config{Data: t.TempDir() + "/data", Database: s.URL}
	}
	return app.Config{Data: filepath.Dir(s.SQLite)}
}

// onCampus runs the test on both engines: 60 graduates of one college, 5 of
// another, half of each with a destination.
func onCampus(t *testing.T, do func(t *testing.T, c *campus)) {
	storetest.EachConfig(t, func(t *testing.T, s store.Config) { do(t, newCampus(t, s)) })
}

// newCampus is the school of onCampus, on one engine.
func newCampus(t *testing.T, s store.Config) *campus {
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
	a.Accounts.Now = func() calendar.Instant { return calendar.At(time.Now().Add(c.clock)) }
	c.fill()
	c.pages, err = a.Pages(httpd.Config{Listen: "127.0.0.1:8080"}, true)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func (c *campus) fill() {
	c.t.Helper()
	people, went := "学号,姓名,学院,专业,班级,学历,身份证号,手机号\n", "学号,毕业去向类别代码,签约日期\n"
	for i := range 65 {
		college, class := "临床医学院", "临床一班"
		if i >= 60 {
			college, class = "药学院", "药学一班"
		}
		people += fmt.Sprintf("24%04d,林%s%d,%s,专业,%s,本科,,1000000%04d\n", i, college[:3], i, college, class, i)
		if i%2 == 0 {
			went += fmt.Sprintf("24%04d,10,2024-06-20\n", i)
		}
	}
	who := access.Console("test")
	report, err := c.app.Roster.Import(c.t.Context(), who, app.TableFile("生源.csv", []byte(people)), roster.ImportOptions{Cohort: "2024"})
	if err != nil || len(report.Refusals) > 0 {
		c.t.Fatal(err, report.Refusals)
	}
	report, err = c.app.Importer.Destinations(c.t.Context(), who, app.TableFile("去向.csv", []byte(went)),
		transfer.Options{Source: "legacy", Cohort: "2024"})
	if err != nil || len(report.Refusals) > 0 {
		c.t.Fatal(err, report.Refusals)
	}
}

// unit returns the id of a unit by its name.
func (c *campus) unit(name string) string {
	c.t.Helper()
	units, err := c.app.Store.Units(c.t.Context())
	if err != nil {
		c.t.Fatal(err)
	}
	for _, u := range units {
		if u.Name == name {
			return u.ID
		}
	}
	c.t.Fatalf("no unit %s", name)
	return ""
}

// graduate returns the id of a student number.
func (c *campus) graduate(no string) string {
	c.t.Helper()
	list, err := c.app.Store.GraduatesByNumber(c.t.Context(), access.School(), []string{no}, nil)
	if err != nil || len(list) != 1 {
		c.t.Fatal(err, len(list))
	}
	return list[0].ID
}

// account makes one and returns it with the token of its password link.
func (c *campus) account(login, graduate string, grants ...access.Grant) (access.Account, string) {
	c.t.Helper()
	a, token, err := c.app.Accounts.Add(c.t.Context(), access.Console("test"), access.Account{Login: login, Name: "账号" + login, Graduate: graduate, Grants: grants})
	if err != nil {
		c.t.Fatal(err)
	}
	return a, token
}

// window is one browser: it keeps cookies and follows nothing by itself.
type window struct {
	c       *campus
	cookies map[string]string
	remote  string
}

func (c *campus) window() *window {
	return &window{c: c, cookies: map[string]string{}, remote: "127.0.0.1:50000"}
}

func (w *window) send(method, target string, form url.Values) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, target, strings.NewReader(form.Encode()))
	r.Host, r.RemoteAddr = "127.0.0.1:8080", w.remote
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "same-origin") // as browsers say of a form of ours
	}
	for name, value := range w.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	out := httptest.NewRecorder()
	w.c.pages.ServeHTTP(out, r)
	for _, k := range out.Result().Cookies() {
		if w.cookies[k.Name] = k.Value; k.MaxAge < 0 {
			delete(w.cookies, k.Name)
		}
	}
	return out
}

func (w *window) get(target string) *httptest.ResponseRecorder { return w.send("GET", target, nil) }

var tokenInPage = regexp.MustCompile(`name="form_token" value="([^"]+)"`)

// post opens the page of a form, fills it in and sends it.
func (w *window) post(page, action string, fields ...string) *httptest.ResponseRecorder {
	w.c.t.Helper()
	found := tokenInPage.FindStringSubmatch(w.get(page).Body.String())
	if found == nil {
		w.c.t.Fatalf("no form on %s", page)
	}
	form := url.Values{"form_token": {found[1]}}
	for i := 0; i+1 < len(fields); i += 2 {
		form.Set(fields[i], fields[i+1])
	}
	return w.send("POST", action, form)
}

// enter comes in by a demo link.
func (c *campus) enter(a access.Account) *window {
	c.t.Helper()
	token, err := c.app.Accounts.DemoLink(c.t.Context(), access.Console("test"), a.ID)
	if err != nil {
		c.t.Fatal(err)
	}
	w := c.window()
	if got := w.get("/enter/" + token); got.Code != http.StatusSeeOther {
		c.t.Fatalf("%d %s", got.Code, got.Body)
	}
	return w
}

func (w *window) want(what, target string, status int, says ...string) string {
	w.c.t.Helper()
	got := w.get(target)
	body := got.Body.String()
	if got.Code != status {
		w.c.t.Errorf("%s: %s: %d, want %d", what, target, got.Code, status)
	}
	for _, s := range says {
		if !strings.Contains(body, s) {
			w.c.t.Errorf("%s: %s: no %q on the page", what, target, s)
		}
	}
	return body
}

var nextPage = regexp.MustCompile(`href="([^"]+)" rel="next"`)

// list returns the pages of a list, from the first to the last.
func (w *window) list(target string, status int) (pages []string) {
	w.c.t.Helper()
	for target != "" && len(pages) < 10 {
		page := w.want("list", target, status)
		pages, target = append(pages, page), ""
		if next := nextPage.FindStringSubmatch(page); next != nil {
			target = html.UnescapeString(next[1])
		}
	}
	return pages
}

// TestScopes: role × page, every cell written down.
func TestScopes(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		pharmacy := c.unit("药学院")
		all, other := c.graduate("240000"), c.graduate("240062")
		for name, row := range map[string]struct {
			graduate string
			grants   []access.Grant
			base     string // of the headline that they see
			people   int    // status of the list
			sees     []string
			never    []string
			mine     int
		}{
			"office":           {"", []access.Grant{{Role: access.Office, Over: access.School()}}, "65", 200, []string{"240000", "240001"}, nil, 403},
			"secretary":        {"", []access.Grant{{Role: access.CollegeSecretary, Over: access.Colleges(pharmacy)}}, "5", 200, []string{"240060", "240064"}, []string{"240000", "240059"}, 403},
			"counsellor":       {"", []access.Grant{{Role: access.Counsellor, Over: access.Classes(c.unit("药学一班"))}}, "5", 200, []string{"240060"}, []string{"240000"}, 403},
			"of two people":    {"", []access.Grant{{Role: access.Counsellor, Over: access.Scope{Graduates: []string{all, other}}}}, "2", 200, []string{"240000", "240062"}, []string{"240060"}, 403},
			"term is over":     {"", []access.Grant{{Role: access.Office, Over: access.School(), Ends: "2020-12-31"}}, "65", 403, nil, []string{"240000"}, 403},
			"school leader":    {"", []access.Grant{{Role: access.SchoolLeader, Over: access.School()}}, "65", 403, nil, []string{"240000", `href="/people`}, 403},
			"auditor":          {"", []access.Grant{{Role: access.Auditor, Over: access.School()}}, "65", 403, nil, []string{"240000", `href="/people`}, 403},
			"administrator":    {"", []access.Grant{{Role: access.Administrator, Over: access.School()}}, "65", 403, nil, []string{"240000", `href="/people`}, 403},
			"graduate":         {other, []access.Grant{{Role: access.Graduate, Over: access.Self(other)}}, "65", 403, nil, []string{"240000", `href="/people`}, 200},
			"graduate of none": {"nobody", []access.Grant{{Role: access.Graduate, Over: access.Self("nobody")}}, "65", 403, nil, nil, 404},
		} {
			a, _ := c.account(strings.ReplaceAll(name, " ", "-"), row.graduate, row.grants...)
			w := c.enter(a)
			home := w.want(name, "/?cohort=2024", 200)
			text := strings.Join(strings.Fields(regexp.MustCompile(`<[^>]*>`).ReplaceAllString(home, " ")), " ")
			if !strings.Contains(text, " / "+row.base+" 人") {
				t.Errorf("%s: the base is not %s: %s", name, row.base, text)
			}
			list := strings.Join(w.list("/people?cohort=2024", row.people), "")
			for _, n := range row.sees {
				if !strings.Contains(list, n) {
					t.Errorf("%s does not see %s", name, n)
				}
			}
			for _, n := range row.never {
				if strings.Contains(home+list, n) {
					t.Errorf("%s sees %s", name, n)
				}
			}
			w.want(name, "/mine", row.mine)
		}
		nobody := c.window()
		for _, target := range []string{"/people?cohort=2024", "/mine"} {
			if got := nobody.get(target); got.Code != 303 || !strings.HasPrefix(got.Header().Get("Location"), "/login?next=") {
				t.Errorf("nobody: %s: %d", target, got.Code)
			}
		}
	})
}

// TestEveryNumberOpensItsPeople: each link of the office's table leads to a list
// of just as many, and no list shows an identity number or a phone.
func TestEveryNumberOpensItsPeople(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		a, _ := c.account("office", "", access.Grant{Role: access.Office, Over: access.School()})
		w := c.enter(a)
		home := w.want("office", "/?cohort=2024&definition=school-2024", 200)
		links := regexp.MustCompile(`href="(/people[^"]+)"[^>]*>([0-9,]+)</a>`).FindAllStringSubmatch(home, -1)
		if len(links) < 8 {
			t.Fatalf("%d links", len(links))
		}
		for _, l := range links {
			n, _ := strconv.Atoi(strings.ReplaceAll(l[2], ",", ""))
			target, seen := html.UnescapeString(l[1]), 0
			for _, list := range w.list(target, 200) {
				seen += strings.Count(list, `<th role="rowheader"`)
				if !strings.Contains(list, fmt.Sprintf("共 %d 人", n)) || strings.Contains(list, "1000000") {
					t.Errorf("%s: another total, or a phone number", target)
				}
			}
			if seen != n {
				t.Errorf("%s says %d and lists %d", l[1], n, seen)
			}
		}
		w.want("a cell that is none", "/people?cohort=2024&cell=best", 400, "没有“best”这一列")
		w.want("a reason that is none", "/people?cohort=2024&reason=laziness", 400)
		w.want("beyond the last", "/people?cohort=2024&after=zzzz", 200, "这里没有人")
	})
}
