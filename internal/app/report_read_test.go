package app

import (
	"archive/zip"
	"bytes"
	"compress/zlib"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"regexp"
	"strings"
	"testing"

	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/report"
)

// smallReport has something of each kind that a form prints.
func smallReport() report.Document {
	cell := func(list ...string) (out []report.Cell) {
		for i, s := range list {
			out = append(out, report.Cell{Text: s, Left: i == 0})
		}
		return out
	}
	d := report.Document{School: "清河医科大学", Title: "2024届毕业生就业质量年度报告", Issued: "2024年12月", Code: "ABCD-EFGH-IJKL-2345", Blocks: []report.Block{
		{Heading: &report.Heading{ID: "a", Level: 1, Text: "一、2024届基本情况"}},
		{Paragraph: &report.Paragraph{Spans: []report.Span{{Text: "毕业生共1117人，落实921人", Footnote: "截至8月31日。"}, {Text: "，见"}, {Text: "表 1-1", Ref: "t"}, {Text: "。"}}}},
		{Table: &report.Table{ID: "t", Number: "表 1-1", Caption: "近三届毕业去向", Head: [][]report.Cell{cell("届别", "2023届", "2024届", "比例（%）")}, Body: [][]report.Cell{cell("本科", "887", "921", "82.45"), cell("硕士", "1034", "1078", "87.86")}, Notes: []string{"基数2344人。"}}},
	}}
	for i, c := range []report.Chart{report.Columns, report.Stacked, report.Bars, report.Lines, report.Pie} {
		f := &report.Figure{ID: fmt.Sprint("f", i), Number: fmt.Sprint("图 1-", i+1), Caption: "近两届升学率", Alt: "本科由12.50升到41.20。", Chart: c, Unit: "%", Categories: []string{"本科", "硕士", "博士"}}
		for _, s := range [][4]string{{"2023届", "12.50", "30.06", ""}, {"2024届", "41.20", "※", "58.94"}} {
			f.Series = append(f.Series, report.Series{Name: s[0], Points: []report.Point{{Text: s[1], K: 1, N: 8}, {Text: s[2], K: 3, N: 9}, {Text: s[3], K: 1, N: 2}}})
		}
		if c == report.Pie {
			f.Series = f.Series[:1]
		}
		d.Blocks = append(d.Blocks, report.Block{Figure: f})
	}
	mark := report.Mark{Code: d.Code, Template: "annual", Version: "1", Snapshots: []string{"report-2024-20240831"}}
	d.Blocks = append(d.Blocks, report.Block{Paragraph: &report.Paragraph{Kind: report.Note, Spans: []report.Span{{Text: mark.String()}}}})
	return d
}

// digitPlace is where a digit of a file stands, and how to write another one there.
type digitPlace struct {
	what  string
	alter func(by int) []byte
}

func another(c byte, by int) byte { return '0' + (c-'0'+byte(1+by%9))%10 }

// digitsIn are the digits in the groups of a pattern.
func digitsIn(content string, pattern *regexp.Regexp, whole func(string) []byte, what string) []digitPlace {
	var out []digitPlace
	for _, m := range pattern.FindAllStringSubmatchIndex(content, -1) {
		for at := m[2]; at < m[3]; at++ {
			if c := content[at]; c >= '0' && c <= '9' {
				out = append(out, digitPlace{what + " " + content[m[0]:m[1]], func(by int) []byte {
					return whole(content[:at] + string(another(c, by)) + content[at+1:])
				}})
			}
		}
	}
	return out
}

// Digits that a reader of a part sees. What is not here is format.
var (
	wordDigits  = regexp.MustCompile(`<w:t(?: [^>]*)?>([^<]*)<`)
	chartDigits = regexp.MustCompile(`<(?:c:v|a:t)>([^<]*)<`)
	axisDigits  = regexp.MustCompile(`<c:(?:max|min|majorUnit) val="([^"]*)"`)
	cellDigits  = regexp.MustCompile(`<(?:v|t)(?: [^>]*)?>([^<]*)</`)
	altDigits   = regexp.MustCompile(` descr="([^"]*)"`)
	pageDigits  = regexp.MustCompile(`>([^<>]*)<`)
	shapeDigits = regexp.MustCompile(` (?:points|x|y|viewBox|height)="([^"]*)"`)
)

// officeDigits are those of a docx or xlsx, the workbooks in it too.
func officeDigits(t *testing.T, content []byte, pack func([]byte) []byte) []digitPlace {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		t.Fatal(err)
	}
	var out []digitPlace
	for i, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		part, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		put := func(b []byte) []byte { return pack(withPart(t, z, i, b)) }
		if strings.HasSuffix(f.Name, ".xlsx") {
			out = append(out, officeDigits(t, part, put)...)
			continue
		}
		var patterns []*regexp.Regexp
		switch {
		case strings.Contains(f.Name, "charts/chart"):
			patterns = []*regexp.Regexp{chartDigits, axisDigits}
		case strings.HasPrefix(f.Name, "word/"):
			patterns = []*regexp.Regexp{wordDigits, altDigits}
		case strings.HasPrefix(f.Name, "xl/drawings/"):
			patterns = []*regexp.Regexp{altDigits}
		case strings.HasPrefix(f.Name, "xl/worksheets/"), strings.HasPrefix(f.Name, "xl/sharedStrings"):
			patterns = []*regexp.Regexp{cellDigits}
		}
		for _, p := range patterns {
			out = append(out, digitsIn(string(part), p, func(s string) []byte { return put([]byte(s)) }, f.Name)...)
		}
	}
	return out
}

// withPart packs a package again with another part.
func withPart(t *testing.T, z *zip.Reader, at int, part []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	out := zip.NewWriter(&b)
	for i, f := range z.File {
		if i != at {
			if err := out.Copy(f); err != nil {
				t.Fatal(err)
			}
			continue
		}
		w, err := out.Create(f.Name)
		if err == nil {
			_, err = w.Write(part)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

var (
	pdfStreams = regexp.MustCompile(`(?s)/Length (\d+)\n?>>\nstream\n`)
	pdfGlyphs  = regexp.MustCompile(`\[<([0-9A-F]+)>\]`)
	pdfNumber  = regexp.MustCompile(`<([0-9A-F]{4})><[0-9A-F]{4}><003([0-9])>`)
)

// pdfDigits are the glyphs of digits in the text of the pages. Fonts number them alike.
func pdfDigits(t *testing.T, content []byte) []digitPlace {
	t.Helper()
	glyph, digit := map[byte]string{}, map[string]byte{}
	for _, m := range pdfNumber.FindAllSubmatch(content, -1) {
		if was := glyph[m[2][0]]; was != "" && was != string(m[1]) {
			t.Fatalf("the fonts number %s otherwise", m[2])
		}
		glyph[m[2][0]], digit[string(m[1])] = string(m[1]), m[2][0]
	}
	if len(glyph) != 10 {
		t.Fatalf("%d digits have glyphs", len(glyph))
	}
	var out []digitPlace
	for _, m := range pdfStreams.FindAllSubmatchIndex(content, -1) {
		var n int
		fmt.Sscan(string(content[m[2]:m[3]]), &n)
		z, err := zlib.NewReader(bytes.NewReader(content[m[1] : m[1]+n]))
		if err != nil {
			continue
		}
		page, err := io.ReadAll(z)
		if err != nil {
			continue
		}
		for _, g := range pdfGlyphs.FindAllSubmatchIndex(page, -1) {
			for at := g[2]; at+4 <= g[3]; at += 4 {
				c, ok := digit[string(page[at:at+4])]
				if !ok {
					continue
				}
				out = append(out, digitPlace{fmt.Sprintf("%c", c), func(by int) []byte {
					return repacked(content, m, joined(page[:at], []byte(glyph[another(c, by)]), page[at+4:]))
				}})
			}
		}
	}
	return out
}

func joined(parts ...[]byte) []byte { return bytes.Join(parts, nil) }

// repacked puts a page into a pdf in place of that of the match. The table of objects then
// points beside them: programs that read pdf mend that.
func repacked(content []byte, m []int, page []byte) []byte {
	var n int
	fmt.Sscan(string(content[m[2]:m[3]]), &n)
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	if _, err := w.Write(page); err != nil || w.Close() != nil {
		panic("memory refuses")
	}
	return joined(content[:m[2]], fmt.Append(nil, b.Len()), content[m[3]:m[1]], b.Bytes(), content[m[1]+n:])
}

// TestEveryDigitIsNamed: one digit changed anywhere that a reader of the file sees is named,
// in any form; page numbers of Word's contents, which programs count anew, are listed as unread.
func TestEveryDigitIsNamed(t *testing.T) {
	tries := 40
	if os.Getenv("QUXIANG_SOAK") != "" {
		tries = 4000
	}
	d := smallReport()
	for _, ending := range ReportEndings {
		t.Run(ending, func(t *testing.T) {
			var b bytes.Buffer
			if err := WriteReport(&b, "r"+ending, d); err != nil {
				t.Fatal(err)
			}
			was, err := readPrinted("r"+ending, b.Bytes())
			if err != nil {
				t.Fatal(err)
			}
			if again := was.against(was, ending); len(again) > 0 {
				t.Fatalf("it differs from itself: %q", again)
			}
			var places []digitPlace
			self := func(b []byte) []byte { return b }
			switch ending {
			case ".pdf":
				places = pdfDigits(t, b.Bytes())
			case ".html":
				page := b.String()
				body := strings.Index(page, "</style>")
				whole := func(s string) []byte { return []byte(page[:body] + s) }
				places = append(digitsIn(page[body:], pageDigits, whole, "text"), digitsIn(page[body:], shapeDigits, whole, "shape")...)
			default:
				places = officeDigits(t, b.Bytes(), self)
			}
			named := 0
			r := rand.New(rand.NewPCG(20241231, uint64(len(places))))
			for range tries {
				at := places[r.IntN(len(places))]
				file, err := readPrinted("r"+ending, at.alter(r.IntN(9)))
				if fault.KindOf(err) == fault.Usage { // a number of a shared text that is not there: refused
					named++
					continue
				}
				if err != nil {
					t.Fatalf("%s: %v", at.what, err)
				}
				if len(file.against(was, ending)) > 0 {
					named++
				} else if ending != ".docx" || !countedPage(at.what) {
					t.Errorf("not named: %s", at.what)
				}
			}
			if named < tries*9/10 {
				t.Errorf("%d of %d are named", named, tries)
			}
		})
	}
}

// countedPage is true of a page number that Word counts: a run of nothing else.
func countedPage(what string) bool {
	return regexp.MustCompile(`^word/(?:document|footer1)\.xml <w:t xml:space="preserve">\d+<$`).MatchString(what)
}
