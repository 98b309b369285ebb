package paper

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"quxiang/internal/domain/proofread"
)

// needPDF skips where pdftotext is missing; the checks must have it.
func needPDF(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("pdftotext"); err != nil {
		if os.Getenv("QUXIANG_CI") == "1" {
			t.Fatal("pdftotext is missing: scripts/setup.sh installs poppler-utils")
		}
		t.Skip("pdftotext (poppler-utils) is missing")
	}
}

// plain is a text without what pdf and txt set differently: spaces, raised digits.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if r == ' ' || strings.ContainsRune("⁰¹²³⁴⁵⁶⁷⁸⁹", r) {
			return -1
		}
		return r
	}, s)
}

func plainTables(d proofread.Document) []string {
	var out []string
	for _, b := range d.Blocks {
		if b.Table == nil {
			continue
		}
		var s strings.Builder
		for _, r := range b.Table.Cells {
			for _, c := range r {
				s.WriteString(plain(c.Text) + "|")
			}
			s.WriteString("\n")
		}
		out = append(out, s.String())
	}
	return out
}

// TestPDFSame: a report has the same tables as pdf and as text drawn with spaces, and
// nothing is told of one that has no faults.
func TestPDFSame(t *testing.T) {
	needPDF(t)
	report := read(t, reference(t, "xijing_2023.pdf"))
	for _, f := range proofread.Check(report) {
		t.Errorf("%s: %s %s, %s", f.Where, f.Cell, f.Printed, f.Explanation)
	}
	pdf := plainTables(report)
	text := plainTables(read(t, reference(t, "xijing_2023.txt")))
	if len(pdf) != len(text) || len(pdf) == 0 {
		t.Fatalf("%d tables in the pdf, %d in the text", len(pdf), len(text))
	}
	for i := range pdf {
		a, b := strings.Split(pdf[i], "\n"), strings.Split(text[i], "\n")
		for k := range a {
			if k >= len(b) || a[k] != b[k] {
				t.Errorf("table %d, row %d:\npdf  %s\ntext %s", i+1, k+1, a[k], b[min(k, len(b)-1)])
				break
			}
		}
	}
}

// TestPDFBare: pages without a word are named, a file of them is a scan.
func TestPDFBare(t *testing.T) {
	word := []box{{left: 1000, top: 1000, right: 9000, bottom: 11000, text: "本科毕业生"}}
	d, err := pdfDocument([][]box{nil, word, nil, nil, nil, word})
	if err != nil || d.Unread != "第 1、3-5 页没有文字（空白，或整页是图片），没有检查" {
		t.Errorf("%q, %v", d.Unread, err)
	}
	if d, err := pdfDocument([][]box{word, word}); err != nil || d.Unread != "" {
		t.Errorf("%q, %v", d.Unread, err)
	}
	for _, pages := range [][][]box{nil, {nil, nil}, {word, nil, nil, nil, nil, nil, nil, nil, nil, nil}} {
		if _, err := pdfDocument(pages); err != isScan {
			t.Errorf("%d pages: %v, want a scan", len(pages), err)
		}
	}
}

// TestPDFSigns: a % below its figure belongs to it; one below a word, or far below, does not.
func TestPDFSigns(t *testing.T) {
	at := func(left, top int, text string) box {
		return box{left: left, top: top, right: left + 5000*len([]rune(text)), bottom: top + 10000, text: text}
	}
	in := []box{at(10000, 0, "26.92"), at(50000, 0, "比例"), at(90000, 0, "8.99"), at(20000, 12000, "%"), at(52000, 12000, "%"), at(95000, 40000, "%")}
	var got []string
	for _, b := range withSigns(in) {
		got = append(got, b.text)
	}
	if s := strings.Join(got, " "); s != "26.92% 比例 8.99 % %" {
		t.Errorf("got %s", s)
	}
	if in[0].text != "26.92" {
		t.Error("the words of the page were changed")
	}
}
