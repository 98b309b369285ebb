package paper

import (
	"bytes"
	"fmt"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"quxiang/internal/domain/report"
)

// printedPDF is the sample as a pdf, written once.
var printedPDF = sync.OnceValues(func() ([]byte, error) {
	var b bytes.Buffer
	err := WritePDF(&b, sample())
	return b.Bytes(), err
})

var testFaces = sync.OnceValues(loadFaces)

func samplePDF(t *testing.T) []byte {
	t.Helper()
	b, err := printedPDF()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// poppler runs one of its programs on a pdf.
func poppler(t *testing.T, pdf []byte, program string, args ...string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	if err != nil {
		t.Skip("poppler-utils is not installed: ", err)
	}
	cmd := exec.Command(path, args...)
	cmd.Stdin = bytes.NewReader(pdf)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", program, err, out)
	}
	if strings.Contains(string(out), "Syntax") {
		t.Errorf("%s says:\n%s", program, out)
	}
	return string(out)
}

func noBlank(s string) string { return strings.Join(strings.Fields(s), "") }

// everyWord are all texts of a document that a writer must print.
func everyWord(d report.Document) []string {
	out := []string{d.School, d.Title, d.Issued, d.Code}
	for _, b := range d.Blocks {
		switch {
		case b.Heading != nil:
			out = append(out, b.Heading.Text)
		case b.Paragraph != nil:
			var all string
			for _, s := range b.Paragraph.Spans {
				all += s.Text
				out = append(out, s.Footnote)
			}
			out = append(out, all)
		case b.Table != nil:
			out = append(append(out, b.Table.Number+b.Table.Caption), b.Table.Notes...)
			for _, r := range append(append([][]report.Cell{}, b.Table.Head...), b.Table.Body...) {
				for _, c := range r {
					out = append(out, c.Text)
				}
			}
		case b.Figure != nil:
			out = append(append(out, b.Figure.Number+b.Figure.Caption), b.Figure.Categories...)
			for _, s := range b.Figure.Series {
				out = append(out, s.Name)
				for _, p := range s.Points {
					out = append(out, p.Text)
				}
			}
		}
	}
	return out
}

// printed says whether a text stands in a page, or over the end of one.
func printed(all, text string) bool {
	if strings.Contains(all, text) {
		return true
	}
	for i := range text {
		if strings.Contains(all, text[:i]) && strings.Contains(all, text[i:]) {
			return i > 0
		}
	}
	return false
}

var marksOfNotes = strings.NewReplacer("①", "", "②", "")

// Every word of the document is found where it is searched, characters beyond U+FFFF too.
func TestPDFHasEveryWord(t *testing.T) {
	all := marksOfNotes.Replace(noBlank(poppler(t, samplePDF(t), "pdftotext", "-raw", "-enc", "UTF-8", "-", "-")))
	n := 0
	for _, w := range everyWord(sample()) {
		if w = noBlank(w); w != "" {
			n++
			if !printed(all, w) {
				t.Errorf("not found: %s", w)
			}
		}
	}
	if n < 700 || !strings.Contains(all, "𬭸") || !strings.Contains(all, "𫖮") {
		t.Errorf("the sample has lost its texts: %d", n)
	}
	if strings.Contains(all, string(missing)) {
		t.Error("a character has no glyph")
	}
}

// Fonts are embedded, subset, and say what their glyphs mean.
func TestPDFFonts(t *testing.T) {
	rows := strings.Split(strings.TrimSpace(poppler(t, samplePDF(t), "pdffonts", "-")), "\n")[2:]
	if len(rows) != 2 {
		t.Errorf("fonts:\n%s", strings.Join(rows, "\n"))
	}
	for _, r := range rows {
		if !regexp.MustCompile(`^[A-Z]{6}\+Noto\S+ +CID TrueType +Identity-H +yes yes yes`).MatchString(r) {
			t.Errorf("font: %s", r)
		}
	}
	if n := len(samplePDF(t)); n > 600_000 {
		t.Errorf("%d bytes: the fonts are not subset", n)
	}
}

func TestPDFIsReproducible(t *testing.T) {
	var again bytes.Buffer
	if err := WritePDF(&again, sample()); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(samplePDF(t), again.Bytes()) {
		t.Error("the same document gave other bytes")
	}
	if info := poppler(t, again.Bytes(), "pdfinfo", "-isodates", "-"); !strings.Contains(info, "2024-08-31T") || !strings.Contains(info, "清河医科大学 2024 届毕业生就业质量年度报告") {
		t.Errorf("information:\n%s", info)
	}
}

// The bookmarks on top are the chapters, each reached from the one before, and theirs are below.
func TestPDFBookmarks(t *testing.T) {
	pdf := samplePDF(t)
	object := func(n string) string {
		_, o, _ := bytes.Cut(pdf, []byte("\n"+n+" 0 obj\n"))
		o, _, _ = bytes.Cut(o, []byte("endobj"))
		return string(o)
	}
	field := func(o, name string) string {
		m := regexp.MustCompile(`/` + name + ` (<[0-9A-F]+>|\d+)`).FindStringSubmatch(o)
		if m == nil {
			return ""
		}
		return m[1]
	}
	root := object(field(string(pdf), "Outlines"))
	var walk func(at, last string) []string
	walk = func(at, last string) []string {
		var out []string
		for ; at != ""; at = field(object(at), "Next") {
			o := object(at)
			out = append(out, field(o, "Title"))
			if first := field(o, "First"); first != "" {
				out = append(out, walk(first, field(o, "Last"))...)
			}
			if len(out) > 100 || field(o, "Next") == "" && at != last {
				t.Fatalf("the chain ends with %s instead of %s", at, last)
			}
		}
		return out
	}
	var want []string
	for _, b := range sample().Blocks {
		if b.Heading != nil {
			want = append(want, pdfText(b.Heading.Text))
		}
	}
	if got := walk(field(root, "First"), field(root, "Last")); !slices.Equal(got, want) {
		t.Errorf("bookmarks\n%q\nwant\n%q", got, want)
	}
}

// Titles and bookmarks hold characters beyond U+FFFF and of markup; an empty report is a file.
func TestPDFOddTexts(t *testing.T) {
	d := report.Document{Title: "𬭸(年报)\\", Blocks: []report.Block{
		{Heading: &report.Heading{ID: "a", Level: 2, Text: "𫖮\u0001<&>"}},
		{Paragraph: &report.Paragraph{Spans: []report.Span{{Text: strings.Repeat("W", 300) + "\t\u0007完"}, {Ref: "nowhere", Text: "x"}}}},
		{Table: &report.Table{ID: "t", Body: [][]report.Cell{{{Text: strings.Repeat("长", 90), Cols: 3, Rows: 9}}, {}}}},
		{Figure: &report.Figure{ID: "f", Chart: report.Pie, Categories: []string{"甲"}, Series: []report.Series{{Points: []report.Point{{Text: "0"}, {Text: "-1"}}}}}},
		{Figure: &report.Figure{ID: "g", Chart: report.Lines}},
	}}
	for _, d := range []report.Document{d, {}} {
		var b bytes.Buffer
		if err := WritePDF(&b, d); err != nil {
			t.Fatal(err)
		}
		text := noBlank(poppler(t, b.Bytes(), "pdftotext", "-raw", "-", "-"))
		if d.Title != "" && (!strings.Contains(text, "𬭸(年报)\\") || strings.Count(text, "W") != 300 || strings.Count(text, "长") != 90 || !strings.Contains(text, "𫖮<&>")) {
			t.Errorf("text: %s", text)
		}
	}
}

// Our own reader finds the same rows. Heads of two rows and names that stand in the middle of
// several are for a reader of pdf files to guess.
func TestPDFReadsBack(t *testing.T) {
	if _, err := exec.LookPath("pdftotext"); err != nil {
		t.Skip("poppler-utils is not installed: ", err)
	}
	readsBack(t, samplePDF(t), false, []string{"t-ways", "t-study"})
}

// readsBack compares the tables of a file with the sample's, by id.
func readsBack(t *testing.T, file []byte, heads bool, ids []string) {
	t.Helper()
	var found []string
	for _, b := range read(t, file).Blocks {
		if b.Table == nil {
			continue
		}
		for _, r := range b.Table.Cells {
			var cells []string
			for _, c := range r {
				if !c.Merged {
					cells = append(cells, noBlank(c.Text))
				}
			}
			found = append(found, strings.Join(cells, "|"))
		}
	}
	for _, b := range sample().Blocks {
		if b.Table == nil || !slices.Contains(ids, b.Table.ID) {
			continue
		}
		rows := b.Table.Body
		if heads {
			rows = append(append([][]report.Cell{}, b.Table.Head...), rows...)
		}
		for _, r := range rows {
			var cells []string
			for _, c := range r {
				cells = append(cells, noBlank(c.Text))
			}
			if row := strings.Join(cells, "|"); !slices.Contains(found, row) {
				t.Errorf("%s: row %s is not read back", b.Table.ID, row)
			}
		}
	}
}

// laid breaks a text and returns its lines' words.
func laid(t rapid.TB, text string, width, indent float64) ([]line, []string) {
	t.Helper()
	faces, err := testFaces()
	if err != nil {
		t.Fatal(err)
	}
	ls := breakLines(glyphs(faces, nil, text, &look{size: 12}), width, indent, true)
	var out []string
	for _, l := range ls {
		var b strings.Builder
		for _, s := range l.segments {
			b.WriteString(s.text)
		}
		out = append(out, b.String())
	}
	return ls, out
}

// Kinsoku: where lines may not break.
func TestKinsoku(t *testing.T) {
	for _, c := range []struct {
		width      float64
		text, want string
	}{
		{126, "一二三四五六七八九十，甲", "一二三四五六七八九十，/甲"}, // the mark gives its half
		{125, "一二三四五六七八九十，甲", "一二三四五六七八九/十，甲"},
		{125, "一二三，五六七八九十，甲", "一二三，五六七八九十，/甲"}, // and the one within some of its
		{122, "一二三四五六七八九（甲）乙", "一二三四五六七八九/（甲）乙"},
		{132, "一二三四五六七八“甲”，乙丙", "一二三四五六七八“甲”，/乙丙"},
		{122, "一二三四五六七共有 1,117 人", "一二三四五六七共有/1,117 人"},
		{122, "一二三四五六七八占82.45%，甲", "一二三四五六七八占/82.45%，甲"},
		{122, "一二三四五六七八九见表 1-1。", "一二三四五六七八九见/表 1-1。"},
		{122, "一二三四五六七 Word Excel", "一二三四五六七 Word/Excel"},
	} {
		if _, got := laid(t, c.text, c.width, 0); strings.Join(got, "/") != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.text, strings.Join(got, "/"), c.want)
		}
	}
}

// No text loses a character at a line's end. Where its longest piece fits, no line is longer
// than its column, begins with a closing mark or ends with an opening one.
func TestLinesKeepEveryCharacter(t *testing.T) {
	alphabet := []rune("毕业生就业率本科硕博年报一二三，。、；：（）《》“”％%0123456789.Wi 𬭸䶮—…·※")
	faces, err := testFaces()
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		text := strings.TrimSpace(string(rapid.SliceOfN(rapid.SampledFrom(alphabet), 1, 120).Draw(t, "text")))
		width := float64(rapid.IntRange(60, 432).Draw(t, "width"))
		ls, words := laid(t, text, width, 24)
		if got := noBlank(strings.Join(words, "")); got != noBlank(text) {
			t.Fatalf("lost: %q", got)
		}
		if longest, _ := extent(glyphs(faces, nil, text, &look{size: 12}), 0); longest > width-24 {
			return
		}
		for i, w := range words {
			rs := []rune(w)
			first, last := string(rs[0]), string(rs[len(rs)-1])
			if i > 0 && strings.Contains(notFirst, first) || i+1 < len(words) && strings.Contains(notLast, last) {
				t.Errorf("line %q of %q", w, text)
			}
			room := width
			if strings.Contains(closers, last) {
				room += 6
			}
			if end := ls[i].segments[len(ls[i].segments)-1]; end.x+end.w > room+0.01 {
				t.Errorf("line %q ends at %.2f of %.2f", w, end.x+end.w, width)
			}
		}
	})
}

// A merged head and merged cells stand where they belong.
func TestGridPlaces(t *testing.T) {
	g := &grid{head: 2, table: &report.Table{
		Head: [][]report.Cell{{{Text: "a", Rows: 2}, {Text: "b", Cols: 2}}, {{Text: "c"}, {Text: "d"}}},
		Body: [][]report.Cell{{{Text: "e", Rows: 5}, {Text: "f"}, {Text: "g"}}, {{Text: "h"}, {Text: "i"}}},
	}}
	g.place()
	var got string
	for _, c := range g.cells {
		got += fmt.Sprintf("%s%d%d%d%d ", c.Text, c.row, c.col, c.rows, c.cols)
	}
	if want := "a0021 b0112 c1111 d1211 e2021 f2111 g2211 h3111 i3211 "; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// The column of long texts gets the room, since it makes the rows high; short ones get no
// more than they need.
func TestPour(t *testing.T) {
	cols, most := []float64{40, 40, 40}, []float64{50, 60, 400}
	pour(cols, most, 180)
	if sum := sumOf(cols); sum < 299.9 || sum > 300.1 {
		t.Errorf("%v are %v together", cols, sum)
	}
	if cols[2] < 200 || most[2]/cols[2] < most[1]/cols[1]-0.1 {
		t.Errorf("the long texts stand in %v", cols)
	}
	pour(cols, most, 1000)
	for i := range cols {
		if cols[i] > most[i]+0.01 {
			t.Errorf("%v are wider than %v", cols, most)
		}
	}
}
