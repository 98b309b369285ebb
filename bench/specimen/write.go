package specimen

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// writer writes a report chapter by chapter.
type writer struct {
	*rand.Rand
	*style
	school *school
	out    *Report
	title  string
}

func (w *writer) report() {
	w.item(Heading, Run{Text: fmt.Sprintf("%s%d届毕业生就业质量年度报告", w.name, w.year)})
	w.item(Paragraph, Run{Text: fmt.Sprintf("本报告数据来源于学校就业管理系统，统计截止时间为%d年%d月31日。", w.year, pick(w.Rand, 8, 10, 12))})
	chapters := []struct {
		name  string
		write func()
	}{
		{"毕业生规模与结构", w.structure}, {"毕业去向", w.destinations}, {"就业流向", w.flows}, {"升学与重点单位", w.further},
		{"就业质量调查", w.survey}, {"就业趋势", w.trends}, {"就业工作举措", w.measures},
	}
	for i, c := range chapters {
		w.chapter, w.table, w.figure = i+1, 0, 0
		w.item(Heading, Run{Text: pick(w.Rand, fmt.Sprintf("第%s章 %s", numerals[i], c.name), fmt.Sprintf("%s、%s", numerals[i], c.name))})
		w.title = c.name
		c.write()
	}
}

var numerals = []string{"一", "二", "三", "四", "五", "六", "七", "八", "九"}

func (w *writer) item(k ItemKind, runs ...Run) *Item {
	it := &Item{Kind: k, Runs: runs, Title: w.title}
	w.out.Items = append(w.out.Items, it)
	return it
}

// section begins a section of the chapter.
func (w *writer) section(i int, name string) {
	w.item(Heading, Run{Text: fmt.Sprintf("（%s）%s", numerals[i], name)})
}

// say writes a paragraph of strings and figures.
func (w *writer) say(list ...any) {
	w.item(Paragraph, runs(list)...)
}

func runs(list []any) []Run {
	var out []Run
	for _, p := range list {
		switch p := p.(type) {
		case string:
			out = append(out, Run{Text: p})
		case int:
			out = append(out, Run{Text: fmt.Sprint(p)})
		case *Figure:
			out = append(out, Run{Fig: p})
		case []any:
			out = append(out, runs(p)...)
		default:
			panic(fmt.Sprintf("%T in a sentence", p))
		}
	}
	return out
}

// num is a count.
func (w *writer) num(key string, n int64, tags ...Tag) *Figure {
	f := &Figure{Text: w.number(n), Key: key, Value: n, digits: -1, Prior: w.number(prior(n))}
	for _, t := range tags {
		f.Tags |= t
	}
	return f
}

// prior is a likely figure of the year before.
func prior(n int64) int64 { return n - n/17 - 3 }

// pct is a share in a sentence.
func (w *writer) pct(key string, k, n int64, tags ...Tag) *Figure {
	f := &Figure{Text: w.share(k, n, w.digits), Sign: "%", Key: key, K: k, N: n, digits: w.digits}
	f.Prior = w.share(k*95/100, n, w.digits)
	for _, t := range tags {
		f.Tags |= t
	}
	return f
}

// words are a claim and what would be false.
func (w *writer) words(text string, wrong ...string) *Figure {
	return &Figure{Text: text, Wrong: wrong, Tags: Words}
}

// plainNum is a count that nothing else settles.
func plainNum(n int64) string { return fmt.Sprint(n) }

// sheet is a table being written.
type sheet struct {
	w     *writer
	name  string
	table *Table
	note  string
}

// sheet begins a table.
func (w *writer) sheet(name string) *sheet { return &sheet{w: w, name: name, table: &Table{}} }

// cell makes a cell of a string or figure; "<" and "^" are covered cells.
func (s *sheet) cell(p any) Cell {
	switch p := p.(type) {
	case string:
		switch p {
		case "<":
			return Cell{Left: true}
		case "^":
			return Cell{Above: true}
		}
		return Cell{Text: p}
	case int:
		return Cell{Text: fmt.Sprint(p)}
	case int64:
		return Cell{Text: fmt.Sprint(p)}
	case *Figure:
		return Cell{Fig: p}
	}
	panic(fmt.Sprintf("%T in a table", p))
}

func (s *sheet) head(cells ...any) { s.row(cells...); s.table.Head = len(s.table.Rows) }

func (s *sheet) row(cells ...any) {
	var out []Cell
	for _, c := range cells {
		if list, ok := c.([]any); ok {
			for _, c := range list {
				out = append(out, s.cell(c))
			}
			continue
		}
		out = append(out, s.cell(c))
	}
	s.table.Rows = append(s.table.Rows, out)
}

// done puts the table into the report, with its caption above or below; a long one may
// go on over a page under its caption said again.
func (s *sheet) done() {
	w := s.w
	caption := w.caption(fmt.Sprintf("%d届%s", w.year, s.name))
	parts := []*Table{s.table}
	if n := len(s.table.Rows); n > 24 && !w.below && !s.table.tall(n/2) && w.IntN(3) == 0 {
		parts = s.table.split(n / 2)
	}
	for i, t := range parts {
		title := caption
		if i > 0 && w.IntN(2) == 0 {
			title = "续" + caption
		}
		if !w.below {
			w.item(Caption, Run{Text: title})
		}
		w.item(TableItem).Table = t
		w.out.Items[len(w.out.Items)-1].Title = caption
		if w.below {
			w.item(Caption, Run{Text: title})
		}
	}
	if s.note != "" {
		w.item(Note, Run{Text: s.note})
	}
}

// tall tells whether a cell reaches over the row.
func (t *Table) tall(row int) bool {
	for _, c := range t.Rows[row] {
		if c.Above {
			return true
		}
	}
	return false
}

func (t *Table) split(at int) []*Table {
	again := append([][]Cell{}, t.Rows[:t.Head]...)
	return []*Table{{Head: t.Head, Rows: t.Rows[:at]}, {Head: t.Head, Rows: append(again, t.Rows[at:]...)}}
}

// label of a column of shares.
func (s *sheet) shares(name string) string {
	if s.w.cellSign == "" {
		return name + pickOf(s.w, "（%）", "(%)", " (%)")
	}
	return name
}

func pickOf(w *writer, list ...string) string { return list[w.table%len(list)] }

// k is a cell with a count.
func (s *sheet) k(key string, n int64, tags ...Tag) any {
	if n == 0 && s.w.noCount != "0" {
		return s.w.noCount
	}
	return s.w.num(key, n, tags...)
}

// p is a cell with a share.
func (s *sheet) p(key string, k, n int64, tags ...Tag) any {
	if n == 0 {
		return "—"
	}
	if k == 0 && s.w.zero != "" {
		return s.w.zero
	}
	f := s.w.pct(key, k, n, tags...)
	f.Sign = s.w.cellSign
	return f
}

// list joins names as a sentence does.
func list(names []string) string { return strings.Join(names, "、") }
