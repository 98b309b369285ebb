// Package e2e walks the pages in a real browser, as users do.
package e2e

import (
	"context"
	_ "embed"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// axe is axe-core 4.14.1 (MPL-2.0), which only these tests use.
//
//go:embed testdata/axe-core/axe.min.js
var axe string

// widths that every page must fit: a small phone, a tablet, an office screen.
var widths = map[string][2]int64{"phone": {360, 740}, "tablet": {768, 1024}, "desk": {1366, 768}}

// browser starts Chromium. Without one the test is skipped, but not in CI.
func browser(t *testing.T) context.Context {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		if os.Getenv("QUXIANG_CI") != "" {
			t.Fatal("chromium is missing: make setup installs it")
		}
		t.Skip("chromium is missing: make setup installs it")
	}
	ctx, stop := chromedp.NewExecAllocator(t.Context(),
		append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox)...)
	t.Cleanup(stop)
	ctx, stop = chromedp.NewContext(ctx)
	t.Cleanup(stop)
	ctx, stop = context.WithTimeout(ctx, 10*time.Minute)
	t.Cleanup(stop)
	begin(t, ctx)
	return ctx
}

// begin opens the window, which lives as long as the context.
func begin(t *testing.T, ctx context.Context) {
	t.Helper()
	if err := chromedp.Do(ctx, chromedp.Navigate("about:blank")); err != nil {
		t.Fatal(err)
	}
}

// visit opens the address in a window of that size. Without scripts the page
// must do all the same.
func visit(t *testing.T, ctx context.Context, url string, size [2]int64, scripts bool) {
	t.Helper()
	do(t, ctx, chromedp.EmulateViewport(size[0], size[1]))
	allowScripts(t, ctx, scripts)
	do(t, ctx, chromedp.Navigate(url))
}

// allowScripts lets pages run scripts, or not.
func allowScripts(t *testing.T, ctx context.Context, on bool) {
	t.Helper()
	if _, err := chromedp.Call(ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !on}); err != nil {
		t.Fatal(err)
	}
}

// stuck is when an action is given up: what it waits for never comes.
const stuck = 30 * time.Second

func do(t *testing.T, ctx context.Context, a chromedp.Action[chromedp.Void]) {
	t.Helper()
	ctx, stop := context.WithTimeout(ctx, stuck)
	defer stop()
	if err := chromedp.Do(ctx, a); err != nil {
		t.Fatal(err)
	}
}

// eval runs an expression in the page.
func eval[T any](t *testing.T, ctx context.Context, expression string) T {
	t.Helper()
	ctx, stop := context.WithTimeout(ctx, stuck)
	defer stop()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatalf("%s: %v", expression, err)
	}
	return v
}

// fits reports that nothing of the page is wider than the window.
func fits(t *testing.T, ctx context.Context) {
	t.Helper()
	wide := eval[string](t, ctx, `(() => {
		const d = document.documentElement
		if (d.scrollWidth <= d.clientWidth) return ""
		const out = [...document.querySelectorAll("body *")].filter(e => e.getBoundingClientRect().right > d.clientWidth + 1)
		return d.scrollWidth + " > " + d.clientWidth + ": " + out.slice(0, 3).map(e => e.outerHTML.slice(0, 120)).join(" | ")
	})()`)
	if wide != "" {
		t.Errorf("the page is wider than the window: %s", wide)
	}
}

// accessible reports what axe finds wrong. It needs scripts.
func accessible(t *testing.T, ctx context.Context) {
	t.Helper()
	eval[string](t, ctx, axe+`;""`)
	found := eval[string](t, ctx, `axe.run(document, {resultTypes: ["violations"]}).then(r =>
		r.violations.map(v => v.id + ": " + v.help + " " + v.nodes.map(n => n.target.join(" ")).slice(0, 3).join(", ")).join("\n"))`)
	if found != "" {
		t.Errorf("axe:\n%s", found)
	}
}

// text of the page as it is read.
func text(t *testing.T, ctx context.Context) string {
	t.Helper()
	return strings.Join(strings.Fields(eval[string](t, ctx, `document.body.innerText`)), " ")
}
