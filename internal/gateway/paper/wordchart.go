package paper

import (
	"encoding/xml"
	"io"
	"path"
	"strconv"
	"strings"

	"quxiang/internal/domain/proofread"
)

// maxPoints bounds the points of one series: no chart that a page shows comes near it.
const maxPoints = 4096

// WordCharts reads the charts of a .docx in the order of the text: of each the name of the
// drawing as a caption and a table of what is plotted, series across, categories down. A
// file of another kind has none. Errors are those of Read.
func WordCharts(name string, src io.ReaderAt, size int64) (proofread.Document, error) {
	out := proofread.Document{Name: name}
	if size > maxSize {
		return out, refuse(name, tooBig)
	}
	if k, why := sniff(src, size); k != wordFile || why != "" {
		return out, nil
	}
	a, err := openArchive(src, size)
	if err == nil {
		out.Blocks, err = a.charts()
	}
	if err != nil {
		return out, refuse(name, err)
	}
	return out, nil
}

// charts follows the references to charts in the document.
func (a *archive) charts() ([]proofread.Block, error) {
	main, err := a.mainPart()
	if err != nil {
		return nil, err
	}
	dir, file := path.Split(main)
	targets := map[string]string{}
	err = a.each(dir+"_rels/"+file+".rels", func(_ *scanner, e xml.StartElement) error {
		if e.Name.Local == "Relationship" && path.Base(attr(e, "Type")) == "chart" && attr(e, "TargetMode") != "External" {
			targets[attr(e, "Id")] = partName(dir, attr(e, "Target"))
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	var blocks []proofread.Block
	title := ""
	err = a.each(main, func(_ *scanner, e xml.StartElement) error {
		switch e.Name.Local {
		case "docPr":
			title = attr(e, "name")
		case "chart":
			if part := targets[attr(e, "id")]; part != "" {
				table, err := a.chart(part)
				if err != nil {
					return err
				}
				blocks = append(blocks, proofread.Block{Kind: proofread.Caption, Text: title}, proofread.Block{Kind: proofread.TableBlock, Table: table})
			}
		}
		return nil
	})
	return blocks, err
}

// plottedSeries is a series as the chart keeps it.
type plottedSeries struct {
	name             string
	category, values map[int]string
}

// chart reads the numbers that a chart shows.
func (a *archive) chart(part string) (*proofread.Table, error) {
	var all []*plottedSeries
	role, at, rows := "", 0, 0
	err := a.each(part, func(s *scanner, e xml.StartElement) error {
		switch n := e.Name.Local; n {
		case "ser":
			all = append(all, &plottedSeries{category: map[int]string{}, values: map[int]string{}})
			role = ""
		case "tx", "cat", "val", "xVal", "yVal", "dLbls":
			role = n
		case "pt":
			at, _ = strconv.Atoi(attr(e, "idx"))
		case "v":
			text, err := s.chars()
			if err != nil || len(all) == 0 || at < 0 || at >= maxPoints {
				return err
			}
			if all[len(all)-1].take(role, at, text) {
				rows = max(rows, at+1)
			}
		}
		return nil
	})
	if len(all) > maxColumns {
		return nil, tooMuch
	}
	return chartTable(all, rows), err
}

// take keeps a text by its role; true of a point.
func (s *plottedSeries) take(role string, at int, text string) bool {
	switch role {
	case "tx":
		s.name = text
	case "cat", "xVal":
		s.category[at] = text
		return true
	case "val", "yVal":
		s.values[at] = text
		return true
	}
	return false
}

// chars is the text up to the end of the element just begun.
func (s *scanner) chars() (string, error) {
	var b strings.Builder
	for outside := s.depth - 1; s.depth > outside; {
		t, err := s.next()
		if err != nil {
			return "", unended(err)
		}
		if c, ok := t.(xml.CharData); ok {
			b.Write(c)
		}
	}
	return b.String(), nil
}

// chartTable has a row a category and a column a series; numbers are written the shortest
// way, since programs that save a chart again do not keep how they were.
func chartTable(all []*plottedSeries, rows int) *proofread.Table {
	t := &proofread.Table{Head: 1, Cells: [][]proofread.Cell{{{}}}}
	for _, s := range all {
		t.Cells[0] = append(t.Cells[0], proofread.Cell{Text: s.name})
	}
	for n := range rows {
		row := []proofread.Cell{{}}
		for _, s := range all {
			if row[0].Text == "" {
				row[0].Text = s.category[n]
			}
			text := s.values[n]
			if v, err := strconv.ParseFloat(text, 64); err == nil {
				text = strconv.FormatFloat(v, 'f', -1, 64)
			}
			row = append(row, proofread.Cell{Text: text})
		}
		t.Cells = append(t.Cells, row)
	}
	return t
}
