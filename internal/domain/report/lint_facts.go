package report

import (
	"slices"
	"strings"

	"quxiang/internal/domain/indicator"
)

// fact is a figure that the report prints because it counted it, for who types one beside it.
type fact struct {
	title string // what is counted: 毕业去向落实率
	row   string // of whom: 本科; blank: of everybody
	share int    // hundredths of a percent; -1: it is a count
	count int
	place string // where it stands
	bind  string // how to write it: {% destination.settled level=本科}
}

// text is the figure as it is printed.
func (f *fact) text() string {
	if f.share >= 0 {
		return hundredths(f.share) + "%"
	}
	return itoa(f.count)
}

// factsOf are the figures of a report: its bound numbers, and the cells of its tables.
func factsOf(d *Document) []fact {
	var out []fact
	for i := range d.Numbers {
		if f, ok := factOf(&d.Numbers[i], d); ok {
			out = append(out, f)
		}
	}
	for i := range d.Blocks {
		if t := d.Blocks[i].Table; t != nil && t.ID != provenance && t.ID != snapshotsTable {
			out = append(out, tableFacts(t, d)...)
		}
	}
	return out
}

func factOf(n *Number, d *Document) (fact, bool) {
	if n.Format == "" || n.Hidden || n.Snapshot == "" || n.Format == Share && n.Base == 0 {
		return fact{}, false
	}
	f := fact{title: n.Title, share: -1, count: n.K, bind: n.expression(d), place: "文中的" + n.Title}
	switch n.Format {
	case Base:
		f.count = n.Base
	case Share:
		f.share = (n.K*20000 + n.Base) / (2 * n.Base)
	}
	for _, w := range n.Where {
		_, f.row, _ = strings.Cut(w, "=")
	}
	return f, true
}

// expression is how a template writes a bound number.
func (n *Number) expression(d *Document) string {
	out := "{" + string(n.Format) + " " + n.Table
	if n.Cell != "" {
		out += "." + n.Cell
	}
	for _, w := range n.Where {
		title, value, _ := strings.Cut(w, "=")
		for _, dim := range indicator.Dims() {
			if indicator.DimTitle(dim) == title {
				out += " " + string(dim) + "=" + strings.ReplaceAll(value, "、", "+")
			}
		}
	}
	for back := range 10 {
		if own := d.cohort(); own != "" && back > 0 && earlier(own, back) == n.Cohort {
			out += " cohort=-" + itoa(back)
		}
	}
	return out + "}"
}

// cohort is what the report is about, by its title: 2024.
func (d *Document) cohort() string {
	year, _, ok := strings.Cut(d.Title, "届")
	if !ok {
		return ""
	}
	return strings.TrimSpace(year)
}

// tableFacts are the cells of a table that was counted, by row and head.
func tableFacts(t *Table, d *Document) []fact {
	l := layout(t)
	var out []fact
	for _, row := range l.body {
		for x := 1; x < len(row); x++ {
			if row[x].cell == nil || row[x].cell.Number == 0 || row[x].covered {
				continue
			}
			entry := &d.Numbers[row[x].cell.Number-1]
			f := fact{title: titleIn(l.heads[x]), row: row[0].text, share: -1, place: t.Number, bind: "{ref " + t.ID + "}"}
			if f.row == "合计" {
				f.row = ""
			}
			k, whole := row[x].whole()
			switch {
			case l.share[x] && shareText.MatchString(row[x].text):
				whole, f.share = true, hundredthsOf(row[x].text)
			case l.count[x] && whole:
				f.count = k
			default:
				continue
			}
			if entry.Format != "" { // one of several cohorts: the number says which
				f.bind, f.row = entry.expression(d), row[0].text
			} else if e := cellExpression(entry, &f, row[0].text); e != "" {
				f.bind = e
			}
			out = append(out, f)
		}
	}
	return out
}

// titleIn is a head without what only says how it is counted.
func titleIn(head string) string {
	for _, s := range []string{"人数", "比例（%）", "（%）", " "} {
		head = strings.ReplaceAll(head, s, "")
	}
	if head == "" || head == "毕业生数" || head == "落实单位" {
		return "人数"
	}
	return head
}

// cellExpression binds one cell of a table whose columns are cells and whose rows are
// groups; blank where that cannot be said.
func cellExpression(entry *Number, f *fact, row string) string {
	def, err := indicator.DefinitionByID(entry.Definition)
	if err != nil || len(entry.Where) != 1 {
		return ""
	}
	at := slices.IndexFunc(def.Cells, func(c indicator.Cell) bool {
		return strings.TrimSuffix(c.Title, "率") == strings.TrimSuffix(f.title, "率")
	})
	if at < 0 {
		return ""
	}
	verb := string(Count)
	if f.share >= 0 {
		verb = string(Share)
	}
	out := "{" + verb + " " + entry.Table + "." + def.Cells[at].ID
	if f.row != "" {
		for _, dim := range indicator.Dims() {
			if "按"+indicator.DimTitle(dim) == entry.Where[0] {
				return out + " " + string(dim) + "=" + row + "}"
			}
		}
		return ""
	}
	return out + "}"
}

// hundredthsOf reads 82.45 as 8245; -1: it is no such number.
func hundredthsOf(s string) int {
	whole, rest, _ := strings.Cut(s, ".")
	for len(rest) < 2 {
		rest += "0"
	}
	n := 0
	for _, r := range whole + rest[:2] {
		if r < '0' || r > '9' {
			return -1
		}
		n = n*10 + int(r-'0')
	}
	return n
}

// stems are the words by which a sentence names what is counted.
func (f *fact) stems() []string {
	t := strings.TrimPrefix(f.title, "毕业去向")
	for _, s := range []string{"境内", "境外"} {
		t = strings.TrimPrefix(t, s)
	}
	t = strings.TrimSuffix(t, "情况")
	out := []string{t}
	switch {
	case t == "落实率":
		out = append(out, "就业率", "去向落实")
	case f.title == "人数":
		out = []string{"毕业生共", "毕业生总数", "毕业生人数", "毕业生总", "毕业人数", "毕业生数"}
	case strings.HasSuffix(t, "率"):
		out = append(out, strings.TrimSuffix(t, "率"))
	}
	return out
}

// named tells whether a sentence speaks of the fact: of what is counted, and of whom.
func (f *fact) named(sentence string) bool {
	if !slices.ContainsFunc(f.stems(), func(s string) bool { return s != "" && strings.Contains(sentence, s) }) {
		return false
	}
	if f.row != "" {
		return strings.Contains(sentence, f.row)
	}
	return !slices.ContainsFunc(levelNames, func(l string) bool { return strings.Contains(sentence, l) })
}

// levelNames are the levels as reports name them.
var levelNames = []string{"本科", "硕士", "博士", "专科", "研究生"}
