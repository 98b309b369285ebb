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
	Head       bool
	Cols, Rows int
	Pieces     []markedPiece
}

type markedPiece struct {
	Text     string
	Marks    []int // numbers of findings; the first place of each has its id
	Severity proofread.Severity
}

// AnnotatePage makes one page of a report that is no .docx or workbook: its text as it was
// read, the findings marked in it and listed beside it. It needs no script and nothing
// from elsewhere.
func AnnotatePage(d proofread.Document, list []proofread.Finding) ([]byte, error) {
	marks := proofread.Marks(d, list)
	placed := map[int]bool{}
	for _, m := range marks {
		placed[m.Finding] = true
	}
	page := markedPage{Name: d.Name, Summary: proofread.Summary(list)}
	for i, f := range list {
		page.Findings = append(page.Findings, markedFinding{
			N: i + 1, Severity: f.Severity, Title: f.Severity.Title(), At: strings.TrimSpace(f.Where + " " + f.Cell),
			Said: f.Said(), Why: f.Explanation, Others: proofread.SameFault(list, i), Placed: placed[i],
		})
	}
	for i, b := range d.Blocks {
		var own []proofread.Mark
		for len(marks) > 0 && marks[0].Block == i {
			own, marks = append(own, marks[0]), marks[1:]
		}
		page.Blocks = append(page.Blocks, markBlock(b, own, list))
	}
	var out bytes.Buffer
	err := pageTemplate.Execute(&out, page)
	return out.Bytes(), err
}

func markBlock(b proofread.Block, marks []proofread.Mark, list []proofread.Finding) markedBlock {
	if b.Table == nil {
		kind := []string{"p", "h", "c", "n", "t", "f"}[b.Kind]
		return markedBlock{Kind: kind, Pieces: markPieces(b.Text, marks, list)}
	}
	out := markedBlock{Kind: "t"}
	for r, row := range b.Table.Cells {
		var line []markedCell
		for c, cell := range row {
			if cell.Merged {
				continue
			}
			var own []proofread.Mark
			for _, m := range marks {
				if m.Row == r && m.Col == c {
					own = append(own, m)
				}
			}
			x := markedCell{Head: r < b.Table.Head, Pieces: markPieces(cell.Text, own, list)}
			x.Cols, x.Rows = b.Table.Reach(r, c)
			line = append(line, x)
		}
		out.Rows = append(out.Rows, line)
	}
	return out
}

func markPieces(text string, marks []proofread.Mark, list []proofread.Finding) []markedPiece {
	var out []markedPiece
	for _, p := range proofread.Pieces(text, marks) {
		m := markedPiece{Text: p.Text}
		for _, i := range p.Findings {
			m.Marks = append(m.Marks, i+1)
		}
		if len(p.Findings) > 0 {
			m.Severity = list[p.Findings[0]].Severity
		}
		out = append(out, m)
	}
	return out
}
