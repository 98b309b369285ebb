package e2e

import (
	"strings"
	"testing"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// violations notes, from a page's beginning, what its policy refuses.
const violations = `window.refused = []; document.addEventListener("securitypolicyviolation", e => window.refused.push(e.violatedDirective))`

// TestDashboard: the desk's first page fits every screen, draws its curve anew
// where scripts run within the policy, and shows and prints it where none do (U1, U6).
func TestDashboard(t *testing.T) {
	ctx := browser(t)
	s := serve(t)
	visit(t, ctx, s.office, widths["desk"], true)
	home := s.address + "/?cohort=2024&as_of=2024-08-31"
	for name, size := range widths {
		visit(t, ctx, home, size, true)
		fits(t, ctx)
		accessible(t, ctx)
		wants := map[string]string{"phone": "slim", "tablet": "live", "desk": "live"}[name]
		if got := eval[string](t, ctx, seenDrawing); got != wants {
			t.Errorf("%s: shows the drawings %q, want %q", name, got, wants)
		}
	}
	if _, err := chromedp.Call(ctx, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: violations}); err != nil {
		t.Fatal(err)
	}
	visit(t, ctx, home, widths["desk"], true)
	tip := eval[string](t, ctx, `(async () => {
		const box = document.querySelector(".live"), r = box.getBoundingClientRect()
		box.firstElementChild.dispatchEvent(new MouseEvent("mousemove", {clientX: r.left + 400, clientY: r.top + 100, bubbles: true}))
		await new Promise(done => setTimeout(done, 300))
		return box.textContent
	})()`)
	if !strings.Contains(tip, "落实人数") {
		t.Errorf("a point does not tell its numbers: %s", tip)
	}
	if refused := eval[string](t, ctx, `window.refused.join(" ")`); refused != "" {
		t.Errorf("the policy refuses %s", refused)
	}
	visit(t, ctx, home, widths["desk"], false)
	if words := text(t, ctx); !strings.Contains(words, "看表") || !strings.Contains(words, "分学院") {
		t.Errorf("without scripts: %s", words)
	}
}

// seenDrawing names the drawings of the curve that can be seen.
const seenDrawing = `[...document.querySelectorAll(".curve .wide, .curve .slim, .curve .live")].filter(e => e.getBoundingClientRect().height > 0)
	.map(e => ["wide", "slim", "live"].find(c => e.classList.contains(c))).join(" ")`
