package web

import (
	"net/http"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/a-h/templ"

	"quxiang/internal/domain/access"
	"quxiang/internal/httpd"
	"quxiang/internal/web/part"
)

// body parses a page and returns it with its visible text.
func body(t *testing.T, page string) (*html.Node, string) {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	var words []string
	for n := range doc.Descendants() {
		if n.Type == html.TextNode {
			words = append(words, strings.Fields(n.Data)...)
		}
	}
	return doc, strings.Join(words, " ")
}

// elements returns those of a name.
func elements(doc *html.Node, name string) []*html.Node {
	var out []*html.Node
	for n := range doc.Descendants() {
		if n.Type == html.ElementNode && n.Data == name {
			out = append(out, n)
		}
	}
	return out
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func TestHomeShowsTableOneOneToEverybody(t *testing.T) {
	h := newSchool().handler(t)
	w := get(h, "/?definition=school-2024")
	if w.Code != http.StatusOK {
		t.Fatalf("%d: %s", w.Code, w.Body)
	}
	doc, text := body(t, w.Body.String())
	for _, want := range []string{
		"2024 届毕业去向", "滨海医科大学", "86.47 %", "2,300 / 2,660 人", "截至 2024-08-31（含当日）", "不凑 100",
		"本科 毕业生 1,117 毕业去向落实率 921 82.45 签约 229 20.50 升学 657 58.82 出国 11 0.98 其他录用形式就业 24 2.15 不就业拟升学 1 0.09 其他暂不就业 0 0.00 待就业 195 17.46",
		"硕士 毕业生 1,227 毕业去向落实率 1,078 87.86 签约 701 57.13",
		"博士 毕业生 316 毕业去向落实率 301 95.25",
		"合计 毕业生 2,660 毕业去向落实率 2,300 86.47 签约 1,208 45.41",
		"分母 统计范围内的全部毕业生", "硕士 99.99%",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q on the page:\n%s", want, text)
		}
	}
	for _, never := range []string{"测试", "未登记", "名单", "990101", "第一人民医院"} {
		if strings.Contains(w.Body.String(), never) {
			t.Errorf("%q is on the public page", never)
		}
	}
	for _, a := range elements(doc, "a") {
		if strings.HasPrefix(attr(a, "href"), "/people") {
			t.Error("the public page links to people")
		}
	}
}

func TestHomeByAddress(t *testing.T) {
	h := newSchool().handler(t)
	for name, c := range map[string]struct {
		query  string
		status int
		says   string
	}{
		"nothing asked: the newest cohort whose count is over": {"", 200, "2024 届毕业去向"},
		"its usual definition":                                 {"", 200, "教育部 2024 口径"},
		"the running cohort, now":                              {"?cohort=2025&as_of=", 200, "50.00 % 20 / 40 人 截至 2025-06-16 09:00"},
		"before anything was recorded":                         {"?as_of=2024-03-31&known_at=2024-03-31", 200, "0.00 %"},
		"before anybody was enrolled":                          {"?as_of=2024-01-31&known_at=2024-01-31", 200, "没有要统计的毕业生"},
		"what was known then is labelled":                      {"?known_at=2024-09-10", 200, "所知至 2024-09-10（含当日）"},
		"hindsight is labelled":                                {"?as_of=2024-06-22", 200, "事后口径"},
		"a month and day":                                      {"?as_of=08-31", 200, "截至 2024-08-31"},
		"a full instant":                                       {"?as_of=2024-09-01T00:00:00%2B08:00", 200, "截至 2024-08-31"},
		"an unknown cohort":                                    {"?cohort=1999", 400, "没有“1999”这一届，现有 2024、2025"},
		"no cohort at all":                                     {"?cohort=abc", 400, "没有“abc”这一届"},
		"a day that is none":                                   {"?as_of=2024-02-30", 400, "时点“2024-02-30”读不出来"},
		"a day beyond the calendar":                            {"?as_of=9999-12-31", 400, "时点“9999-12-31”读不出来"},
		"an unknown definition":                                {"?definition=best", 400, "没有口径“best”"},
		"a definition of something else":                       {"?definition=region", 400, "不用于毕业去向"},
		"nonsense":                                             {"?cohort=2024%00&as_of=%27%22%3E%3Csvg%20onload%3Dx%3E", 400, "没有“2024"},
	} {
		w := get(h, "/"+c.query)
		_, text := body(t, w.Body.String())
		if w.Code != c.status || !strings.Contains(text, c.says) {
			t.Errorf("%s: %d\n%s", name, w.Code, text)
		}
	}
}

// TestWhatIsTypedIsNeverMarkup: a name and an address stay text (S1, X12).
func TestWhatIsTypedIsNeverMarkup(t *testing.T) {
	s := newSchool()
	s.name = `"><svg onload=x>'{{`
	h := s.handler(t)
	for _, target := range []string{"/", "/?as_of=%22%3E%3Csvg%20onload%3Dx%3E", "/login?next=%22%3E%3Csvg%20onload%3Dx%3E", "/%3Csvg%20onload%3Dx%3E"} {
		w := get(h, target)
		doc, _ := body(t, w.Body.String())
		for n := range doc.Descendants() {
			if n.Type == html.ElementNode && attr(n, "onload") != "" {
				t.Errorf("%s: markup out of text", target)
			}
		}
	}
}

func TestEveryPageHasItsFrame(t *testing.T) {
	h := newSchool().handler(t)
	for _, target := range []string{"/", "/login", "/nowhere", "/?cohort=1999"} {
		w := get(h, target)
		if got := w.Header().Get("Content-Type"); got != "text/html; charset=utf-8" {
			t.Errorf("%s: %s", target, got)
		}
		doc, _ := body(t, w.Body.String())
		if lang := attr(elements(doc, "html")[0], "lang"); lang != "zh-CN" {
			t.Errorf("%s: language %q", target, lang)
		}
		for _, name := range []string{"title", "header", "main", "footer", "h1"} {
			if name == "footer" && target == "/login" { // a phone's page has none
				continue
			}
			if len(elements(doc, name)) != 1 {
				t.Errorf("%s: %d of %s", target, len(elements(doc, name)), name)
			}
		}
		first := elements(doc, "a")[0]
		if attr(first, "class") != "skip" || attr(first, "href") != "#main" {
			t.Errorf("%s: the first link does not skip to the text", target)
		}
		for n := range doc.Descendants() {
			for _, a := range n.Attr {
				if a.Key == "style" || strings.HasPrefix(a.Key, "on") {
					t.Errorf("%s: inline %s on %s", target, a.Key, n.Data)
				}
				if (a.Key == "href" || a.Key == "src" || a.Key == "action") && !strings.HasPrefix(a.Val, "/") && !strings.HasPrefix(a.Val, "#") {
					t.Errorf("%s: fetches or leads elsewhere: %s", target, a.Val)
				}
			}
		}
		if len(elements(doc, "script"))+len(elements(doc, "style"))+len(elements(doc, "iframe")) > 0 {
			t.Errorf("%s: script, style or frame in the page", target)
		}
	}
}

func TestStaticFilesAreNamedByContent(t *testing.T) {
	h := newSchool().handler(t)
	doc, _ := body(t, get(h, "/").Body.String())
	for _, l := range elements(doc, "link") {
		w := get(h, attr(l, "href"))
		if w.Code != 200 || !strings.Contains(w.Header().Get("Cache-Control"), "immutable") || w.Header().Get("Content-Type") == "" {
			t.Errorf("%s: %d %v", attr(l, "href"), w.Code, w.Header())
		}
	}
	for _, target := range []string{"/static/app.css", "/static/app.0000000000000000.css", "/static/..%2Fweb.go", "/static/"} {
		if w := get(h, target); w.Code != http.StatusNotFound {
			t.Errorf("%s: %d", target, w.Code)
		}
	}
	for name, css := range newAssets().content {
		if strings.HasSuffix(name, ".css") && (strings.Contains(string(css), "http") || strings.Contains(string(css), "url(")) {
			t.Errorf("%s fetches something", name)
		}
	}
}

func TestEmptySchoolSaysWhatToDo(t *testing.T) {
	s := newSchool()
	s.cohorts = nil
	w := get(s.handler(t), "/")
	if w.Code != 200 || !strings.Contains(w.Body.String(), "还没有毕业生") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

// TestFirstSteps: who comes into a new school is led to what they can do.
func TestFirstSteps(t *testing.T) {
	render := func(c templ.Component) string {
		var b strings.Builder
		if err := c.Render(t.Context(), &b); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	for what, c := range map[string]struct {
		page        string
		says, never string
	}{
		"the office, no graduates": {render(emptyView(part.Page{}, true)), `href="/import"`, "命令行"},
		"others, no graduates":     {render(emptyView(part.Page{}, false)), "就业中心导入生源后", "/import"},
		"an administrator":         {render(nothingPublishedView(part.Page{}, false, true, true, true)), `href="/accounts/new"`, "请登录"},
		"another account":          {render(nothingPublishedView(part.Page{}, false, true, false, false)), `href="/me"`, "/outcomes"},
		"a visitor":                {render(nothingPublishedView(part.Page{}, false, false, false, false)), "请登录", "/accounts"},
	} {
		if !strings.Contains(c.page, c.says) || strings.Contains(c.page, c.never) {
			t.Errorf("%s: %s", what, c.page)
		}
	}
}

func TestInsecureTrialHasARedBanner(t *testing.T) {
	d := newSchool().deps()
	for insecure, want := range map[bool]bool{false: false, true: true} {
		d.Config = httpd.Config{Listen: "127.0.0.1:80"}
		if insecure {
			d.Config = httpd.Config{Listen: "0.0.0.0:80", InsecureHTTP: true}
		}
		h, err := New(d)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(get(h, "/").Body.String(), "连接没有加密"); got != want {
			t.Errorf("insecure %v: banner %v", insecure, got)
		}
	}
}

// TestNoRouteNamesPersonsBesideRates: no address sorts by a rate, none has a
// dimension of counsellor, tutor or keeper.
func TestNoRouteNamesPersonsBesideRates(t *testing.T) {
	for _, r := range (&Web{Deps: Deps{Demo: true}}).routes() {
		for _, never := range []string{"rank", "sort", "top", "counsellor", "tutor", "keeper"} {
			if strings.Contains(r.Pattern, never) {
				t.Errorf("%s", r.Pattern)
			}
		}
	}
	for _, d := range rowDims {
		if d == "counsellor" || d == "tutor" || d == "keeper" {
			t.Errorf("dimension %s", d)
		}
	}
	h := newSchool().handler(t)
	plain, sorted := get(h, "/?cohort=2024").Body.String(), get(h, "/?cohort=2024&sort=rate&order=desc").Body.String()
	if plain != sorted {
		t.Error("a parameter changes the order")
	}
}

func TestDemoLinksExistInTheDemoOnly(t *testing.T) {
	d := newSchool().deps()
	d.Demo = false
	h, err := New(d)
	if err != nil {
		t.Fatal(err)
	}
	if w := get(h, "/enter/abc"); w.Code != http.StatusNotFound || strings.Contains(w.Body.String(), "演示") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func TestAMissingPartDoesNotStart(t *testing.T) {
	d := newSchool().deps()
	d.Accounts = (*access.Service)(nil)
	if _, err := New(d); err == nil {
		t.Error("started without accounts")
	}
}
