package paper

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"io"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"quxiang/internal/domain/report"
)

// structureOf is what poppler makes of a pdf's tags, with the text that each holds.
func structureOf(t *testing.T, pdf []byte) string {
	t.Helper()
	path, err := exec.LookPath("pdfinfo")
	if err != nil {
		t.Skip("poppler-utils is not installed: ", err)
	}
	cmd := exec.Command(path, "-struct-text", "-")
	cmd.Stdin = bytes.NewReader(pdf)
	out, err := cmd.CombinedOutput()
	if err != nil || strings.Contains(string(out), "rror") {
		t.Fatalf("pdfinfo: %v\n%s", err, out)
	}
	return string(out)
}

// What programs that read aloud are told: every word once, in the order of the text, with its
// role; tables by their rows, charts in words. Heads that are printed again on the next page,
// heads and feet of pages are not read.
func TestPDFTags(t *testing.T) {
	d := sample()
	told := structureOf(t, samplePDF(t))
	quoted := regexp.MustCompile(`(?m)^ +"(.*)"$`)
	var said strings.Builder
	for _, m := range quoted.FindAllStringSubmatch(told, -1) {
		said.WriteString(noBlank(m[1]))
	}
	all, at := marksOfNotes.Replace(said.String()), 0
	rows, heads, tight := 0, 0, noBlank(told)
	for _, b := range d.Blocks {
		var want []string
		switch {
		case b.Heading != nil:
			want = append(want, b.Heading.Text)
			if !strings.Contains(tight, noBlank(fmt.Sprintf("H%d (block) %q", b.Heading.Level, b.Heading.Text))) {
				t.Errorf("no heading %s of level %d", b.Heading.Text, b.Heading.Level)
			}
		case b.Table != nil:
			want = append(want, b.Table.Number+b.Table.Caption)
			rows += len(b.Table.Head) + len(b.Table.Body)
			for _, r := range b.Table.Head {
				heads += len(r)
			}
			for _, r := range append(append([][]report.Cell{}, b.Table.Head...), b.Table.Body...) {
				for _, c := range r {
					want = append(want, c.Text)
				}
			}
			want = append(want, b.Table.Notes...)
		case b.Figure != nil:
			want = append(want, b.Figure.Number+b.Figure.Caption)
		}
		for _, w := range want {
			i := strings.Index(all[at:], noBlank(w))
			if i < 0 {
				t.Fatalf("%q does not follow", w)
			}
			at += i + len(noBlank(w))
		}
	}
	if n := strings.Count(told, " TR\n"); n != rows {
		t.Errorf("%d rows, want %d", n, rows)
	}
	if n := strings.Count(told, "/Scope /Column"); n != heads {
		t.Errorf("%d heads of columns, want %d", n, heads)
	}
	if strings.Count(all, noBlank(d.Code)) != 1 {
		t.Error("feet of pages are read")
	}
	small := strings.Join(unpackedStreams(t, samplePDF(t)), "")
	for _, b := range d.Blocks {
		if b.Figure != nil && !strings.Contains(small, "/Alt"+pdfText(b.Figure.Alt)+"/A<</O/Layout") {
			t.Errorf("%s has no words", b.Figure.Number)
		}
	}
}

// unpackedStreams are the streams of a pdf that are text.
func unpackedStreams(t *testing.T, pdf []byte) []string {
	t.Helper()
	var out []string
	for _, s := range regexp.MustCompile(`(?s)stream\n(.*?)\nendstream`).FindAllSubmatch(pdf, -1) {
		z, err := zlib.NewReader(bytes.NewReader(s[1]))
		if err != nil {
			continue
		}
		if text, err := io.ReadAll(z); err == nil && !bytes.Contains(text, []byte{0}) {
			out = append(out, string(text))
		}
	}
	return out
}

// Marks of a page begin and end in turn, and every stroke and letter stands between them.
func TestPDFMarks(t *testing.T) {
	pages := 0
	for _, page := range unpackedStreams(t, samplePDF(t)) {
		if !strings.Contains(page, " Tf ") {
			continue
		}
		pages++
		open, n := false, 0
		for line := range strings.Lines(page) {
			switch line = strings.TrimSpace(line); {
			case strings.HasSuffix(line, "BDC"), strings.HasSuffix(line, "BMC"):
				if open {
					t.Fatalf("page %d: %s within another", pages, line)
				}
				open = true
				if id := regexp.MustCompile(`/MCID (\d+)`).FindStringSubmatch(line); id != nil {
					if id[1] != fmt.Sprint(n) {
						t.Errorf("page %d: %s is not the %dth", pages, line, n)
					}
					n++
				}
			case line == "EMC":
				open = false
			case !open && (strings.HasSuffix(line, "TJ") || strings.HasSuffix(line, " S") || strings.HasSuffix(line, " f")):
				t.Errorf("page %d: %s is in no mark", pages, line)
			}
		}
		if open || pageMarks.MatchString(page) {
			t.Errorf("page %d: a mark is left", pages)
		}
	}
	if pages < 10 {
		t.Errorf("%d pages", pages)
	}
}
