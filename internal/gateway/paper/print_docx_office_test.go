package paper

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"quxiang/internal/domain/report"
	"quxiang/internal/gateway/chart"
)

// pagesOf converts a document by another program and returns the text of each page.
func pagesOf(t *testing.T, content []byte) []string {
	t.Helper()
	office, poppler := program(t, "soffice"), program(t, "pdftotext")
	dir := t.TempDir()
	file := filepath.Join(dir, "a.docx")
	if err := os.WriteFile(file, content, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(office, "--headless", "-env:UserInstallation=file://"+dir+"/profile", "--convert-to", "pdf", "--outdir", dir, file).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	text, err := exec.Command(poppler, "-layout", filepath.Join(dir, "a.pdf"), "-").Output()
	if err != nil {
		if os.Getenv("QUXIANG_CI") != "" {
			t.Fatalf("soffice has no Writer: %s", out)
		}
		t.Skipf("soffice has no Writer: %s", out)
	}
	return strings.Split(strings.TrimSuffix(string(text), "\f"), "\f")
}

// withoutBlanks is a text as it is read, wherever lines end.
func withoutBlanks(s string) string { return strings.Join(strings.Fields(s), "") }

// TestDocxOpens: another program lays the document out. Everything that it says is on its
// pages, captions and references keep their numbers, and the contents name the page that a
// heading stands on, or its neighbour: programs and fonts differ by a line.
func TestDocxOpens(t *testing.T) {
	d := sample()
	pages := pagesOf(t, docxOf(t, d))
	if len(pages) < 12 || len(pages) > 15 {
		t.Errorf("%d pages", len(pages))
	}
	whole := withoutBlanks(strings.Join(pages, ""))
	for _, b := range d.Blocks {
		for _, want := range wordsLaidOut(b) {
			if !strings.Contains(whole, withoutBlanks(want)) {
				t.Errorf("%q is not on the pages", want)
			}
		}
	}
	if got := strings.Count(whole, withoutBlanks(d.Code)); got != len(pages)-1 {
		t.Errorf("the code stands at the foot of %d of %d pages", got, len(pages))
	}
	entries := regexp.MustCompile(`(?m)^\s*(\S.*?)\.{5,}\s*(\d+)\s*$`).FindAllStringSubmatch(pages[1], -1)
	if len(entries) != 11 {
		t.Errorf("%d entries of the contents:\n%s", len(entries), pages[1])
	}
	exact := 0
	for _, e := range entries {
		page, _ := strconv.Atoi(e[2])
		near := false
		for n := page - 1; n <= page+1; n++ {
			if at := n + 1; at > 1 && at < len(pages) && strings.Contains(withoutBlanks(pages[at]), withoutBlanks(e[1])) {
				near = true
				if n == page {
					exact++
				}
			}
		}
		if !near {
			t.Errorf("%s does not stand on page %d", e[1], page)
		}
	}
	if exact < len(entries)-2 {
		t.Errorf("only %d of %d entries name the right page", exact, len(entries))
	}
}

// wordsLaidOut is what a block says, in pieces that stand together on a page.
func wordsLaidOut(b report.Block) []string {
	var out []string
	switch {
	case b.Heading != nil:
		out = append(out, b.Heading.Text)
	case b.Paragraph != nil:
		for _, s := range b.Paragraph.Spans {
			out = append(out, s.Footnote)
			for _, part := range strings.SplitAfter(s.Text, "。") {
				if r := []rune(part); len(r) < 12 {
					out = append(out, part)
				}
			}
		}
	case b.Table != nil:
		out = append(out, b.Table.Number+b.Table.Caption)
		out = append(out, b.Table.Notes...)
		for _, r := range append(b.Table.Head, b.Table.Body...) {
			for _, c := range r {
				if _, ok := chart.Plot(c.Text); ok || len([]rune(c.Text)) <= 2 {
					out = append(out, c.Text)
				}
			}
		}
	case b.Figure != nil:
		out = append(out, b.Figure.Number+b.Figure.Caption)
		for _, s := range b.Figure.Series {
			for _, p := range s.Points {
				if _, ok := chart.Plot(p.Text); ok {
					out = append(out, p.Text)
				}
			}
		}
	}
	return out
}
