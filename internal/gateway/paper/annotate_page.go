package paper

import (
	"bytes"
	_ "embed"
	"html/template"
	"strings"

	"quxiang/internal/domain/proofread"
)

//go:embed annotate_page.html
var pageText string

var pageTemplate = template.Must(template.New("page").Parse(pageText))

// markedPage is a report as a page of its own, with the marks in place.
type markedPage struct {
	Name     string
	Summary  string
	Extent   string
	Findings []markedFinding
	Blocks   []markedBlock
}

type markedFinding struct {
	N        int
	Severity proofread.Severity
	Title    string
	At       string
	Said     string
	Why      string
	Others   string
	Placed   bool
}

// markedBlock is a paragraph or a table.
type markedBlock struct {
	Kind   string // p, h, c, n, f or t
	Pieces []markedPiece
	Rows   [][]markedCell
}

type markedCell struct {
	proofread.MarkedCell
	Pieces []markedPiece
}

type markedPiece struct {
	Text     string
	Marked   bool
	Ends     []int // numbers of findings whose mark ends here
	Severity proofread.Severity
}

// AnnotatePage makes one page of a report that is no .docx or workbook: its text as it was
// read, the findings marked in it and listed beside it. It needs no script and nothing
// from elsewhere.
func AnnotatePage(d proofread.Document, list []proofread.Finding) ([]byte, error) {
	blocks, placed := proofread.Marked(d, list)
	page := markedPage{Name: d.Name, Summary: proofread.Summary(list), Extent: d.Extent()}
	for i, f := range list {
		page.Findings = append(page.Findings, markedFinding{
			N: i + 1, Severity: f.Severity, Title: f.Severity.Title(), At: strings.TrimSpace(f.Where + " " + f.Cell),
			Said: f.Said(), Why: f.Explanation, Others: proofread.SameFault(list, i), Placed: placed[i],
		})
	}
	for _, b := range blocks {
		out := markedBlock{Kind: []string{"p", "h", "c", "n", "t", "f"}[b.Kind], Pieces: markPieces(b.Pieces, list)}
		for _, row := range b.Rows {
			var line []markedCell
			for _, c := range row {
				line = append(line, markedCell{c, markPieces(c.Pieces, list)})
			}
			out.Rows = append(out.Rows, line)
		}
		page.Blocks = append(page.Blocks, out)
	}
	var out bytes.Buffer
	err := pageTemplate.Execute(&out, page)
	return out.Bytes(), err
}

func markPieces(pieces []proofread.Piece, list []proofread.Finding) []markedPiece {
	var out []markedPiece
	for _, p := range pieces {
		m := markedPiece{Text: p.Text, Marked: len(p.Findings) > 0}
		for _, i := range p.Ends {
			m.Ends = append(m.Ends, i+1)
		}
		if m.Marked {
			m.Severity = list[p.Findings[0]].Severity
		}
		out = append(out, m)
	}
	return out
}
