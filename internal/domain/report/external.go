package report

import (
	"fmt"
	"slices"
	"strings"

	"quxiang/internal/domain/external"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/indicator"
)

// External is a figure of others that a report prints. It is no Number: nobody counts it
// again, and it is compared and added up with none.
type External struct {
	external.Figure
	Line    int    // of the template that it is printed first by
	Problem string // why the report may not be released with it; blank: nothing
}

// externalVerb binds what others measured.
const externalVerb = "external"

// unchecked stands behind a figure of others that nobody has checked yet.
const unchecked = "（未复核）"

// checkExternal refuses what would mix figures of others with counted ones.
func (o order) checkExternal() error {
	if o.verb == externalVerb {
		for name := range o.opts {
			if name != "cohort" && slices.Contains(indicator.Dims(), indicator.Dim(name)) {
				return fmt.Errorf("外部数据不能按“%s”筛选，要哪一部分人的数就另录一项", name)
			}
		}
		return nil
	}
	for _, a := range o.args {
		if a == externalVerb || strings.HasPrefix(a, externalVerb+".") {
			return fmt.Errorf("外部数据不和统计的数字比较，也不排在一张表里；文字里用 {external 代号}，单独列表用 @external")
		}
	}
	return nil
}

// plainOnly refuses figures of others where no footnote can say whose they are.
func plainOnly(parts []part) error {
	if slices.ContainsFunc(parts, func(p part) bool { return p.expr != nil && p.expr.verb == externalVerb }) {
		return fmt.Errorf("外部数据要注明来源，只写在正文里，不写进标题和表题、图题")
	}
	return nil
}

// find returns a figure of the ledger, the report's cohort unless cohort=-1 names one
// before. Errors: errAbsent where there is none that stands; fault.Conflict for one that
// nobody has checked, in a report of released figures.
func (c *composer) find(o order, key string) (external.Figure, error) {
	n, err := back(o, "cohort")
	if err != nil {
		return external.Figure{}, err
	}
	f, ok := c.subject.External.Find(earlier(c.subject.Cohort, n), key)
	c.looked(f.Last())
	switch {
	case !ok || !f.Stands():
		return f, errAbsent{"外部数据 " + key}
	case !f.Sure() && !c.subject.Draft:
		return f, fault.Conflictf("template", "外部数据“%s”（%s）还没有复核，不能印进正式的报告；请先到外部数据台账里复核", key, f.Title)
	}
	return f, nil
}

// looked notes how far the report has read the ledger. What it left out counts as well:
// composed again up to there, the report leaves it out again.
func (c *composer) looked(no int64) { *c.ledger = max(*c.ledger, no) }

// enterExternal gives a figure of others its place among those printed.
func (c *composer) enterExternal(f external.Figure) int {
	for i := range c.doc.Externals {
		if x := &c.doc.Externals[i]; x.Cohort == f.Cohort && x.Key == f.Key {
			return i + 1
		}
	}
	x := External{Figure: f, Line: c.at}
	switch {
	case f.State == external.Replaced:
		x.Problem = fmt.Sprintf("“%s”（外部数据 %s）已改由本系统统计：%s，请改用本系统的数", f.Title, f.Key, f.Own)
	case !f.Sure():
		x.Problem = fmt.Sprintf("“%s”（外部数据 %s）还没有复核，请先到外部数据台账里复核", f.Title, f.Key)
	}
	c.doc.Externals = append(c.doc.Externals, x)
	return len(c.doc.Externals)
}

// external prints a figure of others, or with part= what is known of it: of whom it is, of
// how many, the title of its document.
func (c *composer) external(o order) ([]Span, error) {
	if len(o.args) != 1 {
		return nil, fault.Invalidf("template", "external 后面写一个代号，例如 {external job-relevance}")
	}
	f, err := c.find(o, o.args[0])
	if err != nil {
		return nil, err
	}
	text := ""
	switch part := o.opt("part", "value"); part {
	case "value":
		text = f.Text()
		if !f.Sure() {
			text += unchecked
		}
	case "k":
		text = f.K
	case "n":
		text = f.N
	case "replies":
		if text = f.Replies; text != "" {
			text += external.Percent
		}
	case "subject":
		text = f.Subject
	case "method":
		text = f.Method
	case "source":
		text = "《" + f.Source + "》"
	default:
		return nil, fault.Invalidf("template", "external 没有“part=%s”，可用的有：value、k、n、replies、subject、method、source", part)
	}
	if text == "" {
		return nil, errAbsent{"外部数据 " + f.Key + " 的 " + o.opts["part"]}
	}
	return []Span{{Text: text, External: c.enterExternal(f)}}, nil
}

// cited hangs a footnote behind the last figure of each document of others in a paragraph.
func (c *composer) cited(spans []Span) []Span {
	last, of := map[string]int{}, map[string][]*External{}
	for i, s := range spans {
		if s.External > 0 {
			x := &c.doc.Externals[s.External-1]
			last[x.Source] = i
			if !slices.Contains(of[x.Source], x) {
				of[x.Source] = append(of[x.Source], x)
			}
		}
	}
	for source, i := range last {
		spans[i].Footnote = footnote(of[source])
	}
	return spans
}

// footnote says where figures of one document come from, and of how many they are.
func footnote(list []*External) string {
	var pages, about []string
	add := func(to *[]string, s string) {
		if s != "" && !slices.Contains(*to, s) {
			*to = append(*to, s)
		}
	}
	for _, x := range list {
		add(&pages, x.Page)
		add(&about, x.Method)
		if x.N != "" && (x.K == "" || x.Surveyed()) {
			add(&about, "有效样本"+x.N+"份")
		}
		if x.K != "" {
			add(&about, x.Title+" "+x.Sample())
		}
		if x.Replies != "" {
			add(&about, "回收率"+x.Replies+external.Percent)
		}
	}
	one := list[0].Content
	one.Page = strings.Join(pages, "、")
	out := "〔外部数据：" + one.Cite()
	if len(about) > 0 {
		out += "；" + strings.Join(about, "，")
	}
	return out + "〕"
}

// layExternal lays a table of figures of others out, each with its document.
func (c *composer) layExternal(out *Table, o order) error {
	keys := strings.Split(o.opt("keys", ""), ",")
	if keys[0] == "" || len(o.args) > 0 {
		return fault.Invalidf("template", "@external 要用 keys 写明代号，例如 @external id=survey keys=job-relevance,satisfaction caption=…")
	}
	out.Head = [][]Cell{{{Text: "项目"}, {Text: "数值"}, {Text: "对象"}, {Text: "样本"}, {Text: "来源"}}}
	for _, key := range keys {
		f, err := c.find(o, key)
		if isAbsent(err) {
			continue
		}
		if err != nil {
			return err
		}
		at := c.enterExternal(f)
		text := f.Text()
		if !f.Sure() {
			text += unchecked
		}
		out.Body = append(out.Body, []Cell{{Text: f.Title, Left: true}, {Text: text, External: at}, {Text: f.Subject, Left: true}, {Text: dash(f.Sample())}, {Text: f.Cite(), Left: true}})
	}
	if len(out.Body) == 0 {
		return errAbsent{"外部数据"}
	}
	out.Notes = []string{"外部数据，由来源单位统计或调查得出，不是本系统统计的数字。"}
	return nil
}

// externals are figures of others that nobody has checked, or that we count ourselves.
func (l *lint) externals() {
	for i := range l.doc.Externals {
		x := &l.doc.Externals[i]
		if x.Problem == "" {
			continue
		}
		p := Problem{Rule: "X1", At: slices.IndexFunc(l.doc.Blocks, func(b Block) bool { return b.Line == x.Line }), Words: x.Text(), Text: x.Problem}
		if x.State == external.Replaced {
			p.Rule, p.Instead = "X3", ownBinding(x)
		}
		l.report(p)
	}
}

// ownBinding is what to write instead of a figure that we count ourselves by now.
func ownBinding(x *External) string {
	verb := Count
	if x.Unit == external.Percent {
		verb = Share
	}
	return "{" + string(verb) + " " + x.Own + "}"
}

func dash(s string) string {
	if s == "" {
		return "—"
	}
	return s
}

// externalsTable is the id of the appendix's list of figures of others.
const externalsTable = "externals"

// externalAppendix lists the figures of others with their documents, and where they stand
// in the ledger.
func (c *composer) externalAppendix(number string) {
	if len(c.doc.Externals) == 0 {
		return
	}
	t := &Table{ID: externalsTable, Caption: "外部数据", Number: number}
	t.Head = [][]Cell{{{Text: "项目"}, {Text: "数值"}, {Text: "样本"}, {Text: "来源"}, {Text: "台账"}}}
	for i := range c.doc.Externals {
		x := &c.doc.Externals[i]
		t.Body = append(t.Body, []Cell{{Text: x.Title + "（" + x.Subject + "）", Left: true}, {Text: x.Text()}, {Text: dash(x.Sample())}, {Text: x.Cite(), Left: true},
			{Text: fmt.Sprintf("%s届，第%d条，%s", x.Cohort, x.Last(), external.Title(x.State))}})
	}
	c.add(Block{Table: t})
}
