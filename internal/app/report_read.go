package app

import (
	"bytes"
	"strings"

	"quxiang/internal/domain/proofread"
	"quxiang/internal/domain/report"
	"quxiang/internal/gateway/paper"
)

// printed is a report that was read back: its text and tables, and what stands beside them.
type printed struct{ text, beside proofread.Document }

// readPrinted reads a report that was printed.
func readPrinted(name string, content []byte) (printed, error) {
	return survived(name, func() (printed, error) {
		text, err := readReport(name, content)
		if err != nil {
			return printed{}, err
		}
		beside, err := paper.Beside(name, bytes.NewReader(content), int64(len(content)))
		return printed{text, beside}, err
	})
}

// against says where a file differs from the report as it was printed, read alike. What stands
// beside the text of a pdf is that text once more, by pages, with heads, feet and charts: it is
// told where the text itself is as it was.
func (p printed) against(was printed, ending string) []string {
	out := report.Compare(p.text, was.text)
	if ending == ".pdf" && len(out) > 0 {
		return out
	}
	for _, place := range p.lost(was) {
		was = was.without(place)
	}
	return append(out, report.Compare(p.beside, was.beside)...)
}

// besideCharts end the names of places that some programs leave out when they save a file
// again. Where one is gone as a whole that is told once, and no change of what is said.
var besideCharts = []string{"图的数据表", "图的替代文字"}

// lost are those of besideCharts that a file had as it was printed, and has no more.
func (p printed) lost(was printed) []string {
	var out []string
	for _, place := range besideCharts {
		if was.has(place) && !p.has(place) {
			out = append(out, place)
		}
	}
	return out
}

func (p printed) has(place string) bool {
	for _, b := range p.beside.Blocks {
		if b.Kind == proofread.Caption && strings.HasSuffix(b.Text, place) {
			return true
		}
	}
	return false
}

// without leaves places out.
func (p printed) without(place string) printed {
	out := printed{text: p.text, beside: proofread.Document{Name: p.beside.Name}}
	keep := true
	for _, b := range p.beside.Blocks {
		if b.Kind == proofread.Caption {
			keep = !strings.HasSuffix(b.Text, place)
		}
		if keep {
			out.beside.Blocks = append(out.beside.Blocks, b)
		}
	}
	return out
}
