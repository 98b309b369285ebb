package report

import (
	"slices"

	"quxiang/internal/domain/indicator"
)

// areas are groups of provinces that do not overlap: a region's code begins with the digit.
var areas = []struct{ digits, name string }{
	{"1", "华北"}, {"2", "东北"}, {"3", "华东"}, {"4", "中南"}, {"5", "西南"}, {"6", "西北"}, {"78", "港澳台"},
}

// unknownArea is where nothing says from where somebody came or whereto they went.
const unknownArea = "未填"

// areaOf puts a province into its group; the school's own stands for itself.
func (f *figures) areaOf(province string) string {
	if f.home != "" && province == f.home {
		return ownProvince
	}
	for _, a := range areas {
		if province != "" && slices.Contains([]byte(a.digits), province[0]) {
			return a.name
		}
	}
	return unknownArea
}

// areaNames are all groups in their order.
func areaNames() []string {
	out := []string{ownProvince}
	for _, a := range areas {
		out = append(out, a.name)
	}
	return append(out, unknownArea)
}

// layFlow has a row for each group of provinces that graduates came from and a column for
// each that they work in: @flow.
func (c *composer) layFlow(out *Table) error {
	s, err := c.figures.table(c.ctx, view{"region", "origin", 0})
	if err != nil {
		return err
	}
	froms, tos := c.flowFrom(&s.Table), c.flowTo(&s.Table)
	if len(froms) == 0 || len(tos) == 0 {
		return errAbsent{out.Caption}
	}
	total, err := rowsOf(&s.Table, condition{})
	if err != nil {
		return err
	}
	froms = append(froms, group{totalName, total})
	entry := c.enterView(s, "region", "origin")
	head := []Cell{{Text: "生源地＼就业地"}, {Text: baseTitle(&s.Table)}}
	for _, to := range tos {
		head = append(head, Cell{Text: to.name})
	}
	out.Head = [][]Cell{head}
	for _, from := range froms {
		line := []Cell{{Text: from.name, Left: true, Bold: from.name == totalName}}
		for _, cols := range append([]columnGroup{{at: []int{-1}}}, tos...) {
			b := bound{Binding: Binding{Format: Count}}
			for _, r := range from.rows {
				for _, at := range cols.at {
					b.add(r, at)
				}
			}
			line = append(line, Cell{Text: b.text(), Bold: from.name == totalName, Number: entry})
		}
		out.Body = append(out.Body, line)
	}
	out.Notes = append(notes(&s.Table), "单位：人。“"+ownProvince+"”指学校所在省（自治区、直辖市），不再计入所在地区；地区按行政区划代码首位划分。")
	return nil
}

// totalName is what a table's last row is called.
const totalName = "合计"

// group are rows that are counted together.
type group struct {
	name string
	rows []*indicator.Row
}

type columnGroup struct {
	name string
	at   []int
}

func (c *composer) flowFrom(t *indicator.Table) []group {
	var out []group
	for _, name := range areaNames() {
		g := group{name: name}
		for _, r := range rows(t) {
			if c.figures.areaOf(r.Values[0].Key) == name {
				g.rows = append(g.rows, r)
			}
		}
		if len(g.rows) > 0 {
			out = append(out, g)
		}
	}
	return out
}

func (c *composer) flowTo(t *indicator.Table) []columnGroup {
	parts := t.Parts()
	var out []columnGroup
	for _, name := range areaNames() {
		g := columnGroup{name: name}
		somebody := false
		for i, h := range t.Headings {
			if !slices.Contains(parts, h.ID) || c.figures.areaOf(codeOf(h.ID)) != name {
				continue
			}
			g.at = append(g.at, i)
			somebody = somebody || slices.ContainsFunc(t.Rows, func(r indicator.Row) bool { return !r.Hidden && r.Cells[i].K > 0 })
		}
		if somebody {
			out = append(out, g)
		}
	}
	return out
}

// codeOf is the code of a region's column; blank of the one for who has none.
func codeOf(id string) string {
	if id[0] < '0' || id[0] > '9' {
		return ""
	}
	return id
}
