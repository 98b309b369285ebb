package e2e

import (
	"context"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"quxiang/internal/app"
	"quxiang/internal/domain/access"
)

// demoSchool serves the invented school, a small one, and returns its address
// with a link for each role.
func demoSchool(t *testing.T) (address string, links []app.RoleLink) {
	t.Helper()
	a, err := app.OpenDemo(t.Context(), app.Config{Data: t.TempDir() + "/demo"}, app.Demo{Graduates: 200, Seed: 11})
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
// is led to, at every width (U1, U3).
func TestEveryPageFitsAndIsAccessible(t *testing.T) {
	ctx := browser(t)
	address, links := demoSchool(t)
	examined := map[string]bool{}
	for _, l := range links {
		visit(t, ctx, l.URL, widths["desk"], true)
		for _, at := range pagesOf(t, ctx, address) {
			pattern := patternOf(at)
			if kind := frameOf(l.Role); examined[kind+pattern] {
				continue
			} else {
				examined[kind+pattern] = true
			}
			for width, size := range widths {
				t.Run(l.Role+" "+width+" "+pattern, func(t *testing.T) {
					visit(t, ctx, address+at, size, true)
					fits(t, ctx)
					accessible(t, ctx)
					onlyOurs(t, ctx)
				})
			}
		}
	}
	if len(examined) < 10 {
		t.Errorf("only %d patterns found", len(examined))
	}
}

// frameOf tells whose frame a role's pages have.
func frameOf(role string) string {
	if role == access.Graduate.Title() {
		return "h5 "
	}
	return "desk "
}

// onlyOurs reports what was fetched from elsewhere, and what the policy stopped.
func onlyOurs(t *testing.T, ctx context.Context) {
	t.Helper()
	foreign := eval[string](t, ctx, `performance.getEntriesByType("resource").map(e => e.name).filter(n => !n.startsWith(location.origin)).join(" ")`)
	if foreign != "" {
		t.Errorf("fetched from elsewhere: %s", foreign)
	}
}

// pagesOf follows links from the home page and returns one address of each
// pattern, without what is downloaded.
func pagesOf(t *testing.T, ctx context.Context, address string) (out []string) {
	t.Helper()
	queue, known := []string{"/"}, map[string]bool{patternOf("/"): true}
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		if kind := eval[string](t, ctx, `fetch("`+at+`").then(r => r.headers.get("Content-Type") || "")`); !strings.HasPrefix(kind, "text/html") {
			continue
		}
		visit(t, ctx, address+at, widths["desk"], true)
		out = append(out, at)
		for _, to := range eval[[]string](t, ctx, `[...document.querySelectorAll("a[href]")].map(a => a.href).filter(h => h.startsWith(location.origin) && !h.includes("#")).map(h => h.slice(location.origin.length))`) {
			if p := patternOf(to); !known[p] {
				known[p], queue = true, append(queue, to)
			}
		}
	}
	return out
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
