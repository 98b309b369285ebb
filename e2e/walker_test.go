package e2e

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

// walker is one person at a window of their own. They find things by their words,
// as people do.
type walker struct {
	t       *testing.T
	ctx     context.Context
	address string // of the school
	size    [2]int64
	scripts bool
	taps    int // how often they touched the screen
}

// patience is how long somebody waits for a page; it is long for machines that do
// much else, and costs nothing where they do not.
const patience = 15 * time.Second

// window opens one with cookies of its own.
func (c *campus) window(browser context.Context, size string, scripts bool) *walker {
	c.t.Helper()
	ctx, stop := chromedp.NewContext(browser, chromedp.WithNewBrowserContext())
	c.t.Cleanup(stop)
	w := &walker{t: c.t, ctx: ctx, address: c.address, size: widths[size], scripts: scripts}
	begin(c.t, ctx)
	visit(c.t, ctx, "about:blank", w.size, scripts)
	return w
}

// open goes to an address of the school.
func (w *walker) open(path string) {
	w.t.Helper()
	do(w.t, w.ctx, chromedp.Navigate(w.address+path))
}

// at is the address that is shown.
func (w *walker) at() string {
	w.t.Helper()
	return eval[string](w.t, w.ctx, `location.pathname + location.search`)
}

// finders mark the field, or the button, link or fold, that has the words; those of
// the page itself before those of its frame.
const finders = `(() => {
	const plain = s => (s || "").replace(/\s+/g, " ").trim()
	const seen = e => e.getClientRects().length > 0
	const words = e => [e.getAttribute("aria-label"), e.textContent].map(plain)
	const best = (list, want) => list.find(e => words(e).includes(want)) || list.find(e => words(e).some(x => x.startsWith(want)))
	const fields = want => {
		const label = best([...document.querySelectorAll("label")].filter(seen), want)
		return label && (label.htmlFor ? document.getElementById(label.htmlFor) : label.querySelector("input, select, textarea"))
	}
	const things = want => best([...document.querySelectorAll("main button, main a[href], main summary, main label, button, a[href], summary")].filter(seen), want)
	const mark = (e) => {
		document.querySelectorAll("[data-walk]").forEach(x => x.removeAttribute("data-walk"))
		if (e) { e.setAttribute("data-walk", "") }
		return Boolean(e)
	}
	return {field: want => mark(fields(want)), thing: want => mark(things(want)), none: () => mark(null)}
})()`

// marked is what find marked.
const marked = "[data-walk]"

func (w *walker) find(kind, words string) {
	w.t.Helper()
	for end := time.Now().Add(patience); ; time.Sleep(50 * time.Millisecond) {
		found, err := chromedp.Run(w.ctx, chromedp.Evaluate[bool](finders+"."+kind+"("+strconv.Quote(words)+")"))
		if err == nil && found {
			return
		}
		if time.Now().After(end) {
			w.t.Fatalf("no %s %q at %s (%v): %s", kind, words, w.at(), err, text(w.t, w.ctx))
		}
	}
}

// fill types into the field of that label, in place of what stands there. Days and
// choices are set as their pickers do.
func (w *walker) fill(label, value string) {
	w.t.Helper()
	w.find("field", label)
	w.taps++
	typed := eval[bool](w.t, w.ctx, `(() => {
		const e = document.querySelector("`+marked+`")
		e.scrollIntoView({block: "center"})
		e.focus()
		if (e.tagName !== "SELECT" && e.type !== "date") { e.select(); return true }
		e.value = `+strconv.Quote(value)+`
		if (e.value !== `+strconv.Quote(value)+`) { throw new Error("not to be chosen") }
		for (const kind of ["input", "change"]) { e.dispatchEvent(new Event(kind, {bubbles: true})) }
		return false
	})()`)
	if !typed {
		return
	}
	if _, err := chromedp.Call(w.ctx, input.InsertText, input.InsertTextParams{Text: value}); err != nil {
		w.t.Fatal(err)
	}
}

// value is what stands in the field of that label.
func (w *walker) value(label string) string {
	w.t.Helper()
	w.find("field", label)
	return eval[string](w.t, w.ctx, `document.querySelector("`+marked+`").value`)
}

// attach chooses files in the field of that label.
func (w *walker) attach(label string, files ...string) {
	w.t.Helper()
	w.find("field", label)
	w.taps++
	do(w.t, w.ctx, chromedp.SetUploadFiles(chromedp.CSS(marked), files, chromedp.NodeReady))
}

// tap touches what has the words, and stays on the page: a tick, a fold.
func (w *walker) tap(words string) {
	w.t.Helper()
	w.find("thing", words)
	w.touch()
}

// touch clicks on the middle of what was marked, if nothing covers it.
func (w *walker) touch() {
	w.t.Helper()
	w.taps++
	spot := eval[[]float64](w.t, w.ctx, `(() => {
		const e = document.querySelector("`+marked+`")
		e.scrollIntoView({block: "center"})
		const r = e.getClientRects()[0], x = r.left + r.width / 2, y = r.top + r.height / 2
		const top = document.elementFromPoint(x, y)
		return top && (e.contains(top) || top.contains(e)) ? [x, y] : []
	})()`)
	if len(spot) != 2 {
		w.t.Fatalf("something covers %s at %s", eval[string](w.t, w.ctx, `document.querySelector("`+marked+`").outerHTML`), w.at())
	}
	do(w.t, w.ctx, chromedp.MouseClickXY(spot[0], spot[1]))
}

// press touches what has the words, and waits until it is gone and the page says
// what is expected next.
func (w *walker) press(words string, says ...string) {
	w.t.Helper()
	w.find("thing", words)
	w.touch()
	w.arrive("pressed "+words, says...)
}

// held touches what has the words, and the browser itself stays at the field of that
// label, which is not filled in.
func (w *walker) held(words, label string) {
	w.t.Helper()
	w.tap(words)
	got := eval[string](w.t, w.ctx, `(() => {
		const e = document.querySelector("`+marked+`").form.querySelector("input:invalid, select:invalid, textarea:invalid")
		return e ? [...e.labels].map(l => l.textContent).join() + ((e.closest("fieldset") || {}).textContent || "") : ""
	})()`)
	if !strings.Contains(got, label) {
		w.t.Errorf("pressed %s, and it is not held at %s but at %q", words, label, got)
	}
}

// key hits one key, and waits as press does.
func (w *walker) key(key string, says ...string) {
	w.t.Helper()
	w.find("thing", says[0])
	w.taps++
	do(w.t, w.ctx, chromedp.KeyEvent(key))
	w.arrive("hit "+key, says[1:]...)
}

// arrive waits until what was marked is gone and the new page says it all.
func (w *walker) arrive(how string, says ...string) {
	w.t.Helper()
	script := `document.readyState === "complete" && !document.querySelector("` + marked + `") && document.title + " " + document.body.innerText || ""`
	var got string
	var err error
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		got, err = chromedp.Run(w.ctx, chromedp.Evaluate[string](script))
		if err == nil && got != "" && lacks(got, says) == "" {
			return
		}
	}
	w.t.Fatalf("%s, and no %q at %s (%v): %s", how, lacks(got, says), w.at(), err, text(w.t, w.ctx))
}

// lacks returns the first that the text does not say.
func lacks(text string, says []string) string {
	text = strings.Join(strings.Fields(text), " ")
	for _, s := range says {
		if !strings.Contains(text, s) {
			return s
		}
	}
	return ""
}

// sees waits until the page says it all.
func (w *walker) sees(says ...string) {
	w.t.Helper()
	eval[bool](w.t, w.ctx, finders+`.none()`)
	w.arrive("looked", says...)
}

// examined says that the page fits and that axe finds nothing.
func (w *walker) examined() {
	w.t.Helper()
	before := w.t.Failed()
	fits(w.t, w.ctx)
	if w.scripts {
		accessible(w.t, w.ctx)
	} else {
		examine(w.t, w.ctx)
	}
	if w.t.Failed() && !before {
		w.t.Errorf("at %s", w.at())
	}
}

// lost sends the form of the button, and no answer comes back: the line broke.
func (w *walker) lost(words string) {
	w.t.Helper()
	w.find("thing", words)
	eval[bool](w.t, w.ctx, `(async () => {
		const button = document.querySelector("`+marked+`")
		const form = button.form
		const data = new FormData(form, button)
		const body = form.enctype === "multipart/form-data" ? data : new URLSearchParams(data)
		await fetch(button.hasAttribute("formaction") ? button.formAction : form.action, {method: "POST", body})
		return true
	})()`)
}

// back is the browser's own button. The old page may come back as it was left.
func (w *walker) back(says ...string) {
	w.t.Helper()
	from := w.at()
	eval[bool](w.t, w.ctx, `history.back(), true`)
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		at, err := chromedp.Run(w.ctx, chromedp.Evaluate[string](finders+`.none() || location.pathname + location.search`))
		if err == nil && at != from {
			break
		}
	}
	w.sees(says...)
}

// twice clicks two times before the first answer comes.
func (w *walker) twice(words string, says ...string) {
	w.t.Helper()
	w.find("thing", words)
	w.taps++
	eval[bool](w.t, w.ctx, fmt.Sprintf(`(() => { const e = document.querySelector(%q); e.click(); e.click(); return true })()`, marked))
	w.arrive("clicked twice "+words, says...)
}
