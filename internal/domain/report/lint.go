package report

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"quxiang/internal/domain/proofread"
)

// Problem is what keeps a report from being released until it is put right or answered for.
type Problem struct {
	Rule    string // L1 to L17, or a rule of the proofreader
	At      int    // place in Document.Blocks; -1: the whole report
	Line    int    // of the template; 0: of none
	Where   string // the chapter, table or figure, as the report names it
	Words   string // as they stand
	Text    string // what is wrong, and what to do
	Instead string // what to write, such as {% destination.settled}; blank: nothing to propose
	Law     bool   // nobody overrules it
	Key     string // the same as long as rule, block and words are: an overruling hangs on it
}

// Rules of the lint, by id, as the officer calls them (domain.md §6.3).
var rules = map[string]string{
	"L1": "百分比与人数不符", "L2": "一行各项相加不等于人数", "L3": "各组相加不等于合计", "L4": "手输的数", "L5": "同一届用了不同的快照",
	"L6": "没有写明基数", "L7": "手写的届别、年份", "L8": "手写的增减", "L9": "手写的趋势用语", "L10": "人群与数字不一致", "L11": "小数位数不一致",
	"L12": "百分比相加得来", "L13": "调查没有写明对象、样本数和回收率", "L14": "表号、图号或引用", "L15": "违反“三不得”的用语", "L16": "敏感人群的小数字", "L17": "同一文件两个名称",
	"X1": "外部数据没有复核", "X2": "还没有填写", "X3": "外部数据已改由本系统统计",
}

// lawful are the rules that nobody overrules: what the law asks for, what one
// person alone says that others measured, and what is not written yet.
var lawful = []string{"L15", "L16", "X1", "X2"}

// RuleTitle is what people call a rule of a Problem.
func RuleTitle(rule string) string {
	if t, ok := rules[rule]; ok {
		return t
	}
	return "前后矛盾"
}

// Lint checks a composed report before it is released: by the rules of the lint, from what
// is printed and from the integers behind it, whatever made them, and then by the
// proofreader. In order of the report; the same report has the same problems.
func Lint(t Template, d Document) []Problem {
	l := newLint(t, &d)
	for _, check := range []func(*lint){
		(*lint).shares, (*lint).sums, (*lint).printedAlike, (*lint).oneSnapshot, (*lint).bases, (*lint).decimals, (*lint).smallCells,
		(*lint).typedNumbers, (*lint).typedYears, (*lint).typedChanges, (*lint).typedTrends, (*lint).people,
		(*lint).surveys, (*lint).numbering, (*lint).targets, (*lint).smallWords, (*lint).titles, (*lint).externals, (*lint).blanks, (*lint).contradictions,
	} {
		check(l)
	}
	slices.SortStableFunc(l.found, func(a, b Problem) int { return a.At - b.At })
	return l.found
}

// lint is one report under check.
type lint struct {
	doc      *Document
	passages []passage
	facts    []fact
	found    []Problem
	seen     map[string]bool
}

// passage is a text of the report as its author wrote it, and as it is printed.
type passage struct {
	at     int      // block
	typed  string   // what is bound is a boundMark
	orders []*order // of each boundMark
	said   string
	ours   order // the table or figure whose caption it is; else zero
}

// boundMark stands for what is bound.
const boundMark = "￼"

func newLint(t Template, d *Document) *lint {
	l := &lint{doc: d, seen: map[string]bool{}}
	lines := map[int]*Line{}
	for i := range t.Lines {
		lines[t.Lines[i].No] = &t.Lines[i]
	}
	for i := range d.Blocks {
		if line := lines[d.Blocks[i].Line]; line != nil {
			if p, ok := passageOf(i, line, &d.Blocks[i]); ok {
				l.passages = append(l.passages, p)
			}
		}
	}
	l.facts = factsOf(d)
	return l
}

// passageOf is the text of a block: of a table and a figure its caption.
func passageOf(at int, line *Line, b *Block) (passage, bool) {
	p := passage{at: at}
	parts := line.Parts
	switch {
	case b.Heading != nil:
		p.said = b.Heading.Text
	case b.Paragraph != nil:
		p.said = textOf(b.Paragraph.Spans)
	case b.Table != nil && line.Kind == tableLine:
		p.said, p.ours = b.Table.Caption, line.Order
	case b.Figure != nil:
		p.said, p.ours = b.Figure.Caption, line.Order
	default:
		return p, false
	}
	if p.ours.verb != "" {
		parts, _ = parseText(line.Order.opt("caption", "")) // it was composed: it parses
	}
	var typed strings.Builder
	for _, x := range parts {
		if x.expr == nil {
			typed.WriteString(x.text)
			continue
		}
		typed.WriteString(boundMark)
		p.orders = append(p.orders, x.expr)
	}
	p.typed, p.said = halfWidth(typed.String()), halfWidth(p.said)
	return p, true
}

// halfWidth writes digits and their marks as they are typed on most keyboards.
var halfWidth = strings.NewReplacer("０", "0", "１", "1", "２", "2", "３", "3", "４", "4", "５", "5", "６", "6", "７", "7", "８", "8", "９", "9",
	"％", "%", "．", ".", "﹪", "%").Replace

// report notes a problem once.
func (l *lint) report(p Problem) {
	p.Law = slices.Contains(lawful, p.Rule)
	text := ""
	if p.At >= 0 {
		text, p.Line = l.doc.Blocks[p.At].plain(), l.doc.Blocks[p.At].Line
	}
	sum := sha256.Sum256([]byte(p.Rule + "\x00" + text + "\x00" + p.Words))
	p.Key = hex.EncodeToString(sum[:8])
	p.Where = l.where(p.At)
	if !l.seen[p.Key] {
		l.seen[p.Key] = true
		l.found = append(l.found, p)
	}
}

// where names the place of a block: a table or figure by its number, else the heading above.
func (l *lint) where(at int) string {
	if at < 0 {
		return "全文"
	}
	switch b := l.doc.Blocks[at]; {
	case b.Table != nil:
		return strings.TrimSpace(b.Table.Number + " " + b.Table.Caption)
	case b.Figure != nil:
		return strings.TrimSpace(b.Figure.Number + " " + b.Figure.Caption)
	}
	for i := at; i >= 0; i-- {
		if h := l.doc.Blocks[i].Heading; h != nil {
			return h.Text
		}
	}
	return "开头"
}

// sentences cuts a text after each of the marks.
func sentences(s, marks string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(marks, r) })
}

const (
	fullStops = "。！？；\n"
	anyStops  = fullStops + "，：、（）()"
)

// contradictions are what the proofreader finds, but what a rule of the lint says already.
func (l *lint) contradictions() {
	for _, f := range proofread.Check(Reading(*l.doc)) {
		at := BlockAt(f.Place)
		if slices.ContainsFunc(l.found, func(p Problem) bool {
			return p.At == at && f.Printed != "" && strings.Contains(p.Words, f.Printed)
		}) {
			continue
		}
		words := f.Cell
		if f.Printed != "" {
			words = strings.TrimSpace(f.Cell + " " + f.Printed)
		}
		text := f.Explanation
		if f.Expected != "" {
			text = fmt.Sprintf("应为 %s。%s", f.Expected, text)
		}
		l.report(Problem{Rule: string(f.Rule), At: at, Words: words, Text: text})
	}
}
