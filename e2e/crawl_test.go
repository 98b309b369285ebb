package e2e

import (
	"context"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"quxiang/internal/app"
	"quxiang/internal/domain/access"
)

// demoSchool serves the invented school, a small one, and returns its address
// with a link for each role.
func demoSchool(t *testing.T) (address string, links []app.RoleLink) {
	t.Helper()
	a, err := app.OpenDemo(t.Context(), app.Config{Data: t.TempDir() + "/demo"}, app.Demo{Graduates: 100, Seed: 11})
	if err != nil {
		t.Fatal(err)
	}
	address = start(t, a)
	links, err = a.DemoLinks(t.Context(), access.Console("e2e"), address)
	if err != nil {
		t.Fatal(err)
	}
	return address, links
}

// TestEveryPageFitsAndIsAccessible opens one page of every pattern that any role
// is led to, and looks at it at every width (U1, U3).
func TestEveryPageFitsAndIsAccessible(t *testing.T) {
	ctx := browser(t)
	address, links := demoSchool(t)
	c := &crawler{ctx: ctx, address: address, examined: map[string]bool{}}
	for _, l := range links {
		c.walk(t, l)
	}
	if len(c.examined) < 40 {
		t.Errorf("only %d patterns found", len(c.examined))
	}
}

// crawler goes through the pages, each pattern once a frame.
type crawler struct {
	ctx      context.Context
	address  string
	examined map[string]bool
}

// variants is how many sets of parameters of one path are opened.
const variants = 2

// walk follows links from the role's home page, without what is downloaded.
func (c *crawler) walk(t *testing.T, l app.RoleLink) {
	visit(t, c.ctx, l.URL, widths["desk"], true)
	queue, known, paths := []string{"/"}, map[string]bool{patternOf("/"): true}, map[string]int{}
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		pattern := frameOf(l.Role) + patternOf(at)
		path, _, _ := strings.Cut(pattern, "?")
		if paths[path]++; c.examined[pattern] && at != "/" || paths[path] > variants {
			continue
		}
		if kind := eval[string](t, c.ctx, `fetch("`+at+`").then(r => r.headers.get("Content-Type") || "")`); !strings.HasPrefix(kind, "text/html") {
			continue
		}
		visit(t, c.ctx, c.address+at, widths["desk"], true)
		if !c.examined[pattern] {
			c.examined[pattern] = true
			t.Run(l.Role+" "+patternOf(at), func(t *testing.T) { c.examine(t) })
		}
		for _, to := range eval[[]string](t, c.ctx, `[...document.querySelectorAll("a[href]")].map(a => a.href).filter(h => h.startsWith(location.origin) && !h.includes("#")).map(h => h.slice(location.origin.length))`) {
			if p := patternOf(to); !known[p] {
				known[p], queue = true, append(queue, to)
			}
		}
	}
}

// examine looks at the open page at every width, and asks axe at the largest and
// at the smallest.
func (c *crawler) examine(t *testing.T) {
	accessible(t, c.ctx)
	for _, width := range []string{"desk", "tablet", "phone"} {
		size := widths[width]
		do(t, c.ctx, chromedp.EmulateViewport(size[0], size[1]))
		fits(t, c.ctx)
	}
	accessible(t, c.ctx)
	onlyOurs(t, c.ctx)
	do(t, c.ctx, chromedp.EmulateViewport(widths["desk"][0], widths["desk"][1]))
}

// frameOf tells whose frame a role's pages have.
func frameOf(role string) string {
	if role == access.Graduate.Title() {
		return "h5 "
	}
	return "desk "
}

// onlyOurs reports what was fetched from elsewhere.
func onlyOurs(t *testing.T, ctx context.Context) {
	t.Helper()
	foreign := eval[string](t, ctx, `performance.getEntriesByType("resource").map(e => e.name).filter(n => !n.startsWith(location.origin)).join(" ")`)
	if foreign != "" {
		t.Errorf("fetched from elsewhere: %s", foreign)
	}
}

var anID = regexp.MustCompile(`/[0-9a-z]{20,}|/[0-9a-f]{64}`)

// patternOf is the address without ids and values: pages of one pattern look alike.
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
