package paper

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"quxiang/internal/domain/report"
)

func sampleHTML(t *testing.T, d report.Document) string {
	t.Helper()
	var b bytes.Buffer
	if err := WriteHTML(&b, d); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// pageTag is a start tag as it was parsed.
type pageTag struct {
	name  string
	attrs map[string]string
}

// parsed are the page's elements in order; all text is one string.
func parsed(t *testing.T, page string) ([]pageTag, string) {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	var out []pageTag
	var text strings.Builder
	for n := range root.Descendants() {
		switch n.Type {
		case html.TextNode:
			text.WriteString(n.Data)
		case html.ElementNode:
			e := pageTag{n.Data, map[string]string{}}
			for _, a := range n.Attr {
				e.attrs[a.Key] = a.Val
			}
			out = append(out, e)
		}
	}
	return out, text.String()
}

func TestHTMLHasEveryWord(t *testing.T) {
	page := sampleHTML(t, sample())
	_, text := parsed(t, page)
	all := marksOfNotes.Replace(noBlank(text))
	for _, w := range everyWord(sample()) {
		if !strings.Contains(all, noBlank(w)) {
			t.Errorf("not found: %s", w)
		}
	}
	if again := sampleHTML(t, sample()); again != page {
		t.Error("the same document gave other bytes")
	}
}

// One page: nothing is fetched, nothing runs, ids are unique, every link leads somewhere, what
// assistive programs need is there.
func TestHTMLIsOnePage(t *testing.T) {
	d := sample()
	page := sampleHTML(t, d)
	elements, _ := parsed(t, page)
	ids := map[string]bool{}
	count := map[string]int{}
	for _, e := range elements {
		count[e.name]++
		if id := e.attrs["id"]; id != "" {
			if ids[id] {
				t.Errorf("id %s is there twice", id)
			}
			ids[id] = true
		}
		for a := range e.attrs {
			if strings.HasPrefix(a, "on") || a == "style" || a == "src" {
				t.Errorf("<%s %s>", e.name, a)
			}
		}
		if e.name == "th" && e.attrs["scope"] == "" {
			t.Error("a head without scope")
		}
	}
	for _, e := range elements {
		for _, ref := range append(strings.Fields(e.attrs["aria-labelledby"]), strings.TrimPrefix(e.attrs["href"], "#")) {
			if ref != "" && !ids[ref] {
				t.Errorf("<%s> names %s, which is not there", e.name, ref)
			}
		}
	}
	tables, figures := 0, 0
	for _, b := range d.Blocks {
		if b.Table != nil {
			tables++
		}
		if b.Figure != nil {
			figures++
		}
	}
	for name, n := range map[string]int{"script": 0, "link": 0, "img": 0, "iframe": 0, "h1": 1, "main": 1, "nav": 1, "caption": tables, "svg": figures, "desc": figures, "figcaption": figures} {
		if count[name] != n {
			t.Errorf("%d <%s>, want %d", count[name], name, n)
		}
	}
	if m := regexp.MustCompile(`url\(|@import|https?://`).FindString(page); m != "" {
		t.Errorf("the page fetches: %s", m)
	}
}

// Each bound number leads to its definition, conditions, count, base and snapshot.
func TestHTMLNumbersOpen(t *testing.T) {
	d := sample()
	page := sampleHTML(t, d)
	for i := range d.Numbers {
		n := d.Numbers[i]
		if !strings.Contains(page, fmt.Sprintf(`<li id="n-%d">`, i+1)+esc(n.Entry())) {
			t.Errorf("number %d has no entry: %s", i+1, n.Entry())
		}
		if !strings.Contains(page, fmt.Sprintf(`href="#n-%d">%s`, i+1, n.Text)) {
			t.Errorf("number %d (%s) leads nowhere", i+1, n.Text)
		}
	}
	list := report.Table{ID: "provenance", Head: [][]report.Cell{{{Text: "序号"}}}}
	for i := range d.Numbers {
		list.Body = append(list.Body, []report.Cell{{Text: fmt.Sprint(i + 1)}})
	}
	d.Blocks = append(d.Blocks, report.Block{Table: &list})
	if page := sampleHTML(t, d); !strings.Contains(page, `<tr id="n-1">`) || strings.Contains(page, `class="sources"`) {
		t.Error("a table of the report that lists the numbers is not what they lead to")
	}
}

// Our own reader finds the same tables.
func TestHTMLReadsBack(t *testing.T) {
	readsBack(t, []byte(sampleHTML(t, sample())), true, []string{"t-ways", "t-majors", "t-flow", "t-study"})
}

// Markup in a text is text.
func TestHTMLOddTexts(t *testing.T) {
	odd := "<script>alert(1)</script>\"'&\u0000\u0008𬭸"
	page := sampleHTML(t, report.Document{School: odd, Title: odd, Issued: odd, Code: odd, Numbers: make([]report.Number, 1), Blocks: []report.Block{
		{Heading: &report.Heading{ID: "\"><script>", Level: 9, Text: odd}},
		{Heading: &report.Heading{ID: "b", Level: 1, Text: odd}},
		{Paragraph: &report.Paragraph{Spans: []report.Span{{Text: odd, Number: 7, Footnote: odd}, {Text: odd, Ref: odd}}}},
		{Table: &report.Table{ID: odd, Number: odd, Caption: odd, Notes: []string{odd}, Body: [][]report.Cell{{{Text: odd, Number: 1}}}}},
		{Figure: &report.Figure{ID: odd, Caption: odd, Alt: odd, Unit: odd, Chart: report.Bars, Categories: []string{odd}, Series: []report.Series{{Name: odd, Points: []report.Point{{Text: odd}}}}}},
	}})
	elements, text := parsed(t, page)
	for _, e := range elements {
		if e.name == "script" {
			t.Fatal("a text became a script")
		}
	}
	if !strings.Contains(text, "<script>alert(1)</script>\"'&𬭸") {
		t.Error("the text is not what it was")
	}
}
