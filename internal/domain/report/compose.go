package report

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/external"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/release"
)

// Subject is what a report is about.
type Subject struct {
	School string
	Home   string // code of the school's province; blank: not told
	Cohort string
	Title  string       // on the cover; blank: the usual one
	Cut    calendar.Cut // of the cohort's snapshot
	Draft  bool         // its figures are not released

	External external.Ledger // what others measured
}

// composer makes a document out of a template and the figures.
type composer struct {
	ctx     context.Context
	subject Subject
	figures figures
	labels  map[string]string // id of a table or figure → 表 1-1
	order   map[string]int    // binding → place in doc.Numbers
	doc     Document
	chapter int
	heads   int
	at      int // line that is composed
	// Where the appendix is to stand among the blocks, and by which line; 0: nowhere.
	appendixAt, appendixLine int

	ledger *int64 // entry up to which the ledger of external figures was read

	refuse func(l Line, err error) error // what becomes of a line that cannot be composed
	left   func(l Line, err error)       // told of lines that fall away
}

// Compose writes the document: what the template says, with the numbers of the source.
// Errors: fault.Invalid for a template that asks for what is not there, fault.Conflict
// for a claim that the data denies, both with the line; what the source says.
func Compose(ctx context.Context, t Template, s Subject, src Source) (Document, error) {
	c := newComposer(ctx, s, src)
	if err := c.compose(t); err != nil {
		return Document{}, err
	}
	return c.doc, nil
}

func newComposer(ctx context.Context, s Subject, src Source) *composer {
	c := &composer{ctx: ctx, subject: s, labels: map[string]string{}, order: map[string]int{},
		figures: figures{src: src, cohort: s.Cohort, home: s.Home,
			stage: stageOf(s.Cohort, s.Cut.LastDay()), shown: map[string]*release.Shown{}}, ledger: new(int64), refuse: atLine, left: func(Line, error) {}}
	c.doc = Document{School: s.School, Title: s.Title, Issued: issued(s.Cut), Cut: s.Cut.Known}
	if s.Title == "" {
		c.doc.Title = usualTitle(s.Cohort)
	}
	if s.Draft {
		c.doc.Issued += "（未发布稿）"
	}
	return c
}

// compose goes through the template, line by line.
func (c *composer) compose(t Template) error {
	standing, err := c.labelled(t)
	if err != nil {
		return err
	}
	for _, l := range standing {
		n, x := len(c.doc.Numbers), len(c.doc.Externals)
		c.at = l.No
		err := c.line(l)
		if err != nil {
			c.forget(n)
			c.doc.Externals = c.doc.Externals[:x]
		}
		if err := c.without(l, err); err != nil {
			return err
		}
	}
	c.withoutEmpty()
	c.appended()
	c.doc.Ledger = *c.ledger
	c.at, c.doc.Code = 0, c.code(t)
	mark := Mark{c.doc.Code, t.ID, t.Version, c.snapshots(), c.subject.Draft, c.doc.Ledger}
	c.add(Block{Paragraph: &Paragraph{Kind: Note, Spans: []Span{{Text: mark.String()}}}})
	return nil
}

// withoutEmpty takes out sections of which every line fell away; a chapter stays, since
// tables are numbered by it.
func (c *composer) withoutEmpty() {
	var out []Block // the last first
	for i, b := range slices.Backward(c.doc.Blocks) {
		h := b.Heading
		if h != nil && h.Level > 1 && i != c.appendixAt-1 {
			if n := len(out); n == 0 || out[n-1].Heading != nil && out[n-1].Heading.Level <= h.Level {
				if c.appendixAt > i {
					c.appendixAt--
				}
				continue
			}
		}
		out = append(out, b)
	}
	slices.Reverse(out)
	c.doc.Blocks = out
}

// appended puts the appendix where its line stands, once every number is known.
func (c *composer) appended() {
	if c.appendixLine == 0 {
		return
	}
	rest := slices.Clone(c.doc.Blocks[c.appendixAt:])
	c.doc.Blocks, c.at = c.doc.Blocks[:c.appendixAt], c.appendixLine
	c.appendix()
	c.doc.Blocks = append(c.doc.Blocks, rest...)
}

// without says what becomes of the report where a line cannot be composed: one that has
// nothing to stand on falls away.
func (c *composer) without(l Line, err error) error {
	switch {
	case err == nil:
		return nil
	case isAbsent(err):
		c.left(l, err)
		return nil
	}
	return c.refuse(l, err)
}

// issued is the month that the cover names: that in which the figures were known.
func issued(c calendar.Cut) string {
	t := c.Known.Time()
	return fmt.Sprintf("%d年%d月", t.Year(), int(t.Month()))
}

// asOf is the last day that counts, such as 2024 年 8 月 31 日.
func (c *composer) asOf() string {
	t := (c.subject.Cut.True - 1).Time()
	return fmt.Sprintf("%d年%d月%d日", t.Year(), int(t.Month()), t.Day())
}

func earlier(cohort string, n int) string {
	y, err := strconv.Atoi(cohort)
	if err != nil {
		return cohort
	}
	return strconv.Itoa(y - n)
}

func isAbsent(err error) bool {
	var a errAbsent
	return errors.As(err, &a)
}

func atLine(l Line, err error) error {
	var f *fault.Fault
	if errors.As(err, &f) && f.Field == "template" {
		return &fault.Fault{Kind: f.Kind, Field: f.Field, Message: fmt.Sprintf("模板第 %d 行：%s", l.No, f.Message)}
	}
	return err
}

// holds asks for the row that a line stands for. Error: errAbsent where the school has none.
func (c *composer) holds(of condition) error {
	if of.dim == "" {
		return nil
	}
	s, err := c.figures.table(c.ctx, view{"destination", of.dim, 0})
	if err == nil {
		_, err = rowsOf(&s.Table, of)
	}
	return err
}

// labelled gives tables and figures their numbers, in a first walk: a text may name a table
// that comes later. It returns the lines that stand.
func (c *composer) labelled(t Template) ([]Line, error) {
	var out []Line
	tables, figs := 0, 0
	for _, l := range t.Lines {
		if err := c.holds(l.If); err != nil {
			if err := c.without(l, err); err != nil {
				return nil, err
			}
			continue
		}
		if numbered(l) {
			c.chapter, tables, figs = c.chapter+1, 0, 0
		}
		if l.Kind == tableLine || l.Kind == figureLine {
			stands, err := c.stands(l)
			if err == nil && !stands {
				err = errAbsent{"数据"}
			}
			if err != nil {
				if err := c.without(l, err); err != nil {
					return nil, err
				}
				continue
			}
			kind, n := "表", &tables
			if l.Kind == figureLine {
				kind, n = "图", &figs
			}
			*n++
			c.labels[l.Order.opt("id", "")] = fmt.Sprintf("%s %d-%d", kind, c.chapter, *n)
		}
		out = append(out, l)
	}
	return out, nil
}

// numbered tells whether a line begins a chapter that counts: 一、基本情况, not 报告说明.
func numbered(l Line) bool {
	if l.Kind != headingLine || l.Level != 1 || len(l.Parts) == 0 {
		return false
	}
	before, _, ok := strings.Cut(l.Parts[0].text, "、")
	return ok && strings.Trim(before, "一二三四五六七八九十") == ""
}

func (c *composer) line(l Line) error {
	switch l.Kind {
	case tableLine:
		return c.table(l.Order)
	case figureLine:
		return c.figure(l.Order)
	case appendixLine:
		c.appendixAt, c.appendixLine = len(c.doc.Blocks), c.at
		return nil
	}
	spans, err := c.spans(c.ctx, l.Parts)
	if err != nil {
		return err
	}
	spans = c.cited(spans)
	switch l.Kind {
	case headingLine:
		c.add(Block{Heading: &Heading{ID: c.headingID(), Level: l.Level, Text: textOf(spans)}})
	case itemLine:
		c.add(Block{Paragraph: &Paragraph{Kind: Item, Spans: spans}})
	case noteLine:
		c.add(Block{Paragraph: &Paragraph{Kind: Note, Spans: spans}})
	default:
		c.add(Block{Paragraph: &Paragraph{Spans: spans}})
	}
	return nil
}

func (c *composer) add(b Block) {
	b.Line = c.at
	c.doc.Blocks = append(c.doc.Blocks, b)
}

func (c *composer) headingID() string {
	c.heads++
	return fmt.Sprintf("h-%d", c.heads)
}

func textOf(spans []Span) string {
	var b strings.Builder
	for _, s := range spans {
		b.WriteString(s.Text)
	}
	return b.String()
}

// withNotes is the text with its footnotes where they hang.
func withNotes(spans []Span) string {
	var b strings.Builder
	for _, s := range spans {
		b.WriteString(s.Text + s.Footnote)
	}
	return b.String()
}

// enter gives a number its place among the bound ones; the same binding has one.
func (c *composer) enter(b bound) int {
	key := fmt.Sprint(b.Binding)
	if n, ok := c.order[key]; ok {
		return n
	}
	c.doc.Numbers = append(c.doc.Numbers, Number{Binding: b.Binding, Title: b.title, Figure: b.Figure, Text: b.text()})
	c.order[key] = len(c.doc.Numbers)
	return len(c.doc.Numbers)
}

// forget takes out the numbers of a line that fell away.
func (c *composer) forget(n int) {
	c.doc.Numbers = c.doc.Numbers[:n]
	for key, at := range c.order {
		if at > n {
			delete(c.order, key)
		}
	}
}

// code is what the footer of every page says: a hash over the name of the template, the
// snapshots, and every heading, paragraph, cell and value, in the alphabet of RFC 4648 base 32, 16 characters.
func (c *composer) code(t Template) string {
	h := sha256.New()
	fmt.Fprintf(h, "quxiang report 1\n%s\t%s\n%s\t%s\n", t.ID, t.Version, c.doc.School, c.doc.Title)
	for _, n := range c.doc.Numbers {
		fmt.Fprintf(h, "%s\t%s\t%s\n", n.SHA256, n.Title, n.Text)
	}
	for i := range c.doc.Externals {
		x := &c.doc.Externals[i]
		fmt.Fprintf(h, "external %d\t%s\t%s\n", x.Last(), x.Key, x.Text())
	}
	for _, b := range c.doc.Blocks {
		h.Write([]byte(b.plain()))
	}
	s := base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(h.Sum(nil))
	return s[:4] + "-" + s[4:8] + "-" + s[8:12] + "-" + s[12:16]
}

// plain is a block as lines of text, for hashing.
func (b *Block) plain() string {
	var out strings.Builder
	line := func(s ...string) { out.WriteString(strings.Join(s, "\t") + "\n") }
	switch {
	case b.Heading != nil:
		line("h", b.Heading.Text)
	case b.Paragraph != nil:
		line("p", withNotes(b.Paragraph.Spans))
	case b.Table != nil:
		line("t", b.Table.Number, b.Table.Caption)
		for _, r := range append(b.Table.Head, b.Table.Body...) {
			for _, cell := range r {
				line("c", cell.Text)
			}
			line("r")
		}
		line(b.Table.Notes...)
	case b.Figure != nil:
		line("f", b.Figure.Number, b.Figure.Caption, strings.Join(b.Figure.Categories, "|"))
		for _, s := range b.Figure.Series {
			for _, p := range s.Points {
				line(s.Name, p.Text)
			}
		}
	}
	return out.String()
}
