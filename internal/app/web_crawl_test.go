package app_test

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"quxiang/internal/app"
	"quxiang/internal/domain/access"
	"quxiang/internal/httpd"
)

// crawl follows every link of every page that a role can reach, some addresses a
// pattern, in an invented school.
type crawl struct {
	t     *testing.T
	pages http.Handler
	seen  map[string]int // by pattern

	cookies map[string]string
	check   func(role, at string, doc *html.Node)
}

// mostOf is how many addresses of one pattern are opened for one role.
const mostOf = 6

// TestEveryLinkLeadsSomewhere: whatever a role is offered, it may open, and no
// page below the college ranks anybody by a rate (三不得, S55).
func TestEveryLinkLeadsSomewhere(t *testing.T) {
	a, err := app.OpenDemo(t.Context(), app.Config{Data: t.TempDir() + "/demo"}, app.Demo{Graduates: 120, Seed: 7})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	pages, err := a.Pages(httpd.Config{Listen: "127.0.0.1:8080"}, true)
	if err != nil {
		t.Fatal(err)
	}
	links, err := a.DemoLinks(t.Context(), access.Console("test"), "")
	if err != nil {
		t.Fatal(err)
	}
	names, numbers := counsellors(t, a), numbersOf(t, a)
	for _, l := range links {
		t.Run(l.Role, func(t *testing.T) {
			c := &crawl{t: t, pages: pages, seen: map[string]int{}}
			c.check = func(role, at string, doc *html.Node) {
				c.lawful(at, doc, names)
				c.light(role, at, doc)
				c.masked(role, at, doc, numbers)
			}
			c.walk(l.Role, l.URL)
			if len(c.seen) < 2 {
				t.Errorf("%s reaches only %v", l.Role, c.seen)
			}
		})
	}
}

// Most that a page may weigh with its stylesheet and scripts, in bytes as they
// travel, packed; pages with charts have a library more (U5).
const (
	lightest = 100 << 10 // what a graduate sees
	heaviest = 300 << 10
)

// light weighs the page with all that it fetches.
func (c *crawl) light(role, at string, doc *html.Node) {
	total, charts := packed(c.get(at, c.cookies).Body.Bytes()), false
	for n := range doc.Descendants() {
		from := attribute(n, "src")
		if n.Data == "link" {
			from = attribute(n, "href")
		}
		if n.Type != html.ElementNode || !strings.HasPrefix(from, "/static/") {
			continue
		}
		charts = charts || strings.Contains(from, "chart")
		total += packed(c.get(from, c.cookies).Body.Bytes())
	}
	most := heaviest
	if role == access.Graduate.Title() {
		most = lightest
	}
	if total > most && !charts {
		c.t.Errorf("%s weighs %d KB for %s", at, total>>10, role)
	}
}

// packed is how long the bytes are when they travel.
func packed(b []byte) int {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, _ = w.Write(b)
	_ = w.Close()
	return out.Len()
}

// counsellors are the names that must not stand beside a rate.
func counsellors(t *testing.T, a *app.App) (names []string) {
	t.Helper()
	all, err := a.Accounts.List(t.Context(), access.Console("test"))
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range all {
		for _, g := range x.Grants {
			if g.Role == access.Counsellor {
				names = append(names, x.Name)
			}
		}
	}
	return names
}

func (c *crawl) walk(role, enter string) {
	cookies := map[string]string{}
	c.cookies = cookies
	if got := c.get(enter, cookies); got.Code != http.StatusSeeOther {
		c.t.Fatalf("%s: %d", enter, got.Code)
	}
	queue, known := []string{"/"}, map[string]bool{"/": true}
	for len(queue) > 0 && len(known) < 5000 {
		at := queue[0]
		queue = queue[1:]
		pattern := patternOf(at)
		if c.seen[pattern]++; c.seen[pattern] > mostOf {
			continue
		}
		got := c.get(at, cookies)
		switch {
		case got.Code == http.StatusSeeOther:
			if to := got.Header().Get("Location"); !known[to] {
				known[to], queue = true, append(queue, to)
			}
			continue
		case got.Code != http.StatusOK:
			c.t.Errorf("%s is offered %s, which answers %d", role, at, got.Code)
			continue
		case !strings.HasPrefix(got.Header().Get("Content-Type"), "text/html"):
			continue
		}
		doc, err := html.Parse(strings.NewReader(got.Body.String()))
		if err != nil {
			c.t.Fatal(err)
		}
		c.check(role, at, doc)
		for _, to := range hrefs(at, doc) {
			if !known[to] {
				known[to], queue = true, append(queue, to)
			}
		}
	}
}

func (c *crawl) get(target string, cookies map[string]string) *httptest.ResponseRecorder {
	r := httptest.NewRequest("GET", target, nil)
	r.Host, r.RemoteAddr = "127.0.0.1:8080", "127.0.0.1:50000"
	for name, value := range cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	out := httptest.NewRecorder()
	c.pages.ServeHTTP(out, r)
	for _, k := range out.Result().Cookies() {
		cookies[k.Name] = k.Value
	}
	return out
}

var anID = regexp.MustCompile(`/[0-9a-z]{20,}|/[0-9a-f]{64}`)

// patternOf is the address without ids and values: pages of one pattern are alike.
func patternOf(target string) string {
	u, err := url.Parse(target)
	if err != nil {
		return target
	}
	var names []string
	for name := range u.Query() {
		names = append(names, name)
	}
	slices.Sort(names)
	return anID.ReplaceAllString(u.Path, "/*") + "?" + strings.Join(names, "&")
}

// hrefs are the addresses of this site that the page leads to.
func hrefs(at string, doc *html.Node) (out []string) {
	base, err := url.Parse(at)
	if err != nil {
		return nil
	}
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode || n.Data != "a" {
			continue
		}
		u, err := base.Parse(attribute(n, "href"))
		if err != nil || u.Host != "" || strings.HasPrefix(attribute(n, "href"), "#") || u.Path == "/logout" {
			continue
		}
		u.Fragment = ""
		out = append(out, u.String())
	}
	return out
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// words are what an element says.
func words(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// rates are words of a column or an order by a rate.
var rates = regexp.MustCompile(`率|percent|rate|pct|settled`)

// lawful looks for what the rules forbid: an order by a rate, a rate of a class
// or a person, a counsellor's name beside a rate.
func (c *crawl) lawful(at string, doc *html.Node, counsellors []string) {
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		switch n.Data {
		case "a", "option", "input":
			for _, value := range []string{attribute(n, "href"), attribute(n, "value")} {
				if order := orderOf(value, fieldOf(n)); rates.MatchString(order) {
					c.t.Errorf("%s can be ordered by %q", at, order)
				}
			}
		case "table":
			c.lawfulTable(at, n, counsellors)
		}
	}
}

// fieldOf is the name of the field that an element gives a value to.
func fieldOf(n *html.Node) string {
	for ; n != nil; n = n.Parent {
		if name := attribute(n, "name"); name != "" && n.Data != "form" {
			return name
		}
		if n.Data != "option" && n.Data != "optgroup" {
			return ""
		}
	}
	return ""
}

// orderOf is the order that an address or a field asks for.
func orderOf(value, name string) string {
	if name == "sort" || name == "order" {
		return value
	}
	if u, err := url.Parse(value); err == nil {
		return u.Query().Get("sort") + u.Query().Get("order")
	}
	return ""
}

func (c *crawl) lawfulTable(at string, table *html.Node, counsellors []string) {
	rated, byPerson := false, ""
	for n := range table.Descendants() {
		if n.Type != html.ElementNode || n.Data != "th" {
			continue
		}
		says := words(n)
		if strings.Contains(says, "落实率") || strings.Contains(says, "就业率") {
			rated = true
		}
		for _, word := range []string{"班级", "辅导员", "班导师", "负责人"} {
			if says == word {
				byPerson = word
			}
		}
	}
	if !rated {
		return
	}
	if byPerson != "" {
		c.t.Errorf("%s: a rate beside %s", at, byPerson)
	}
	said := words(table)
	for _, name := range counsellors {
		if strings.Contains(said, name) {
			c.t.Errorf("%s: a rate beside the counsellor %s", at, name)
		}
	}
}

func TestTheLawTestCanFail(t *testing.T) {
	for page, wrong := range map[string]bool{
		`<a href="/graduates?sort=rate">按落实率</a>`:                                        true,
		`<select name="sort"><option value="settled">x</option></select>`:                true,
		`<a href="/graduates?sort=age">等得最久</a>`:                                         false,
		`<table><tr><th>班级</th><th>落实率</th></tr></table>`:                                true,
		`<table><tr><th>学院</th><th>落实率 %</th></tr></table>`:                              false,
		`<table><tr><th>学院</th><th>落实率</th></tr><tr><td>陈亦舟</td><td>9</td></tr></table>`: true,
		`<table><tr><th>班级</th><th>未登记</th></tr></table>`:                                false,
	} {
		inner := &testing.T{}
		doc, err := html.Parse(strings.NewReader(page))
		if err != nil {
			t.Fatal(err)
		}
		(&crawl{t: inner}).lawful("/x", doc, []string{"陈亦舟"})
		if inner.Failed() != wrong {
			t.Errorf("%s: %v", page, inner.Failed())
		}
	}
}
