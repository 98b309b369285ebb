package paper

import (
	"encoding/xml"
	"fmt"
	"path"
	"strconv"
	"strings"

	"quxiang/internal/domain/proofread"
)

// maxPoints bounds the points of one series: no chart that a page shows comes near it.
const maxPoints = 4096

// charts follows the references to charts in the document, in the order of the text. Programs
// give charts other names: they are counted.
func (a *archive) charts() ([]proofread.Block, error) {
	main, err := a.mainPart()
	if err != nil {
		return nil, err
	}
	targets, err := a.relations(main, "chart")
	if err != nil {
		return nil, err
	}
	var blocks []proofread.Block
	var said []string
	alt, n := "", 0
	err = a.each(main, func(_ *scanner, e xml.StartElement) error {
		switch e.Name.Local {
		case "docPr":
			alt = attr(e, "descr")
		case "chart":
			part := targets[attr(e, "id")]
			if part == "" {
				return nil
			}
			c, err := a.chart(part)
			if err != nil {
				return err
			}
			n++
			if alt != "" {
				said = append(said, alt)
			}
			blocks = append(blocks, c.blocks(fmt.Sprintf("第%d个图", n))...)
			book, err := a.chartBook(part)
			if err != nil || book == nil {
				return err
			}
			blocks = append(append(blocks, regionOf(fmt.Sprintf("第%d个图的数据表", n))...), proofread.Block{Kind: proofread.TableBlock, Table: book})
		}
		return nil
	})
	return append(blocks, altTexts(said)...), err
}

// altTexts are what is said of charts to who does not see them.
func altTexts(said []string) []proofread.Block {
	if len(said) == 0 {
		return nil
	}
	return regionOf("图的替代文字", said...)
}

// relations are the parts that a part names, by id, of the kind.
func (a *archive) relations(part, kind string) (map[string]string, error) {
	dir, file := path.Split(part)
	out := map[string]string{}
	err := a.each(dir+"_rels/"+file+".rels", func(_ *scanner, e xml.StartElement) error {
		if e.Name.Local == "Relationship" && path.Base(attr(e, "Type")) == kind && attr(e, "TargetMode") != "External" {
			out[attr(e, "Id")] = partName(dir, attr(e, "Target"))
		}
		return nil
	})
	return out, err
}

// seenChart is what a chart shows.
type seenChart struct {
	sheet string // that it draws, if it names one
	table *proofread.Table
	words []string // titles, labels that somebody typed, ends of axes
}

func (c *seenChart) blocks(at string) []proofread.Block {
	return append(regionOf(at, c.words...), proofread.Block{Kind: proofread.TableBlock, Table: c.table})
}

// plottedSeries is a series as the chart keeps it.
type plottedSeries struct {
	name             string
	category, values map[int]string
}

// chart reads the numbers that a chart shows, its words, and where its axes begin and end.
func (a *archive) chart(part string) (*seenChart, error) {
	r := &chartReader{seen: &seenChart{}}
	if err := a.each(part, r.element); err != nil {
		return nil, err
	}
	if len(r.all) > maxColumns {
		return nil, tooMuch
	}
	r.seen.table = chartTable(r.all, r.rows)
	return r.seen, nil
}

// chartReader reads a chart element by element.
type chartReader struct {
	seen *seenChart
	all  []*plottedSeries
	role string // of the texts that follow
	at   int    // point that follows
	rows int
}

func (r *chartReader) element(s *scanner, e xml.StartElement) error {
	switch n := e.Name.Local; n {
	case "ser":
		r.all = append(r.all, &plottedSeries{category: map[int]string{}, values: map[int]string{}})
		r.role = ""
	case "tx", "cat", "val", "xVal", "yVal", "dLbls":
		if attr(e, "val") == "" {
			r.role = n
		}
	case "pt":
		r.at, _ = strconv.Atoi(attr(e, "idx"))
	case "max", "min", "majorUnit":
		r.seen.say("坐标轴 " + n + " " + shortest(attr(e, "val")))
	case "t":
		text, err := s.chars()
		r.seen.say(text)
		return err
	case "f":
		text, err := s.chars()
		if i := strings.LastIndexByte(text, '!'); i > 0 && r.seen.sheet == "" {
			r.seen.sheet = strings.ReplaceAll(strings.Trim(text[:i], "'"), "''", "'")
		}
		return err
	case "v":
		text, err := s.chars()
		if err == nil && len(r.all) > 0 && r.at >= 0 && r.at < maxPoints && r.all[len(r.all)-1].take(r.role, r.at, text) {
			r.rows = max(r.rows, r.at+1)
		}
		return err
	}
	return nil
}

func (c *seenChart) say(text string) {
	if len(c.words) < maxPoints {
		c.words = append(c.words, text)
	}
}

// shortest writes a number the shortest way, since programs that save a file again do not
// keep how it was written; another text is what it is.
func shortest(text string) string {
	if v, err := strconv.ParseFloat(text, 64); err == nil {
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return text
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

// chartTable has a row a category and a column a series.
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
			row = append(row, proofread.Cell{Text: shortest(s.values[n])})
		}
		t.Cells = append(t.Cells, row)
	}
	return t
}
