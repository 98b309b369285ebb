package intake

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"quxiang/internal/domain/exchange"
)

// Refused is the kind of a group of refused rows, beside those of differences.
const Refused exchange.Kind = "refused"

// Line is one row of the file as the report speaks of it.
type Line struct {
	Row    int // 0: the file as a whole
	Number string
	Name   string
	Column string
	File   string // what the file says
	Here   string // what is kept here
	Text   string
}

// Group is all lines that have one cause.
type Group struct {
	Kind   exchange.Kind
	Column string
	Lines  []Line // in the order of the file
	Text   string // what it means and what to do
}

// Rows is how many rows of the file the group speaks of.
func (g Group) Rows() int {
	rows := map[int]bool{}
	for _, l := range g.Lines {
		rows[l.Row] = true
	}
	return len(rows)
}

// order of the groups: what blocks, what wants a look, what will be written.
var order = []exchange.Kind{Refused, exchange.Untouched, exchange.Noted, exchange.Assumed, exchange.LeftOut, exchange.Skipped,
	exchange.Created, exchange.Changed, exchange.Added}

// Groups puts the lines of a report together by cause, so that five hundred rows
// with one mistake are one line.
func (r Result) Groups() []Group {
	type key struct {
		kind         exchange.Kind
		column, text string
	}
	at := map[key]int{}
	var out []Group
	put := func(kind exchange.Kind, l Line, cause string) {
		k := key{kind, l.Column, cause}
		i, ok := at[k]
		if !ok {
			i = len(out)
			at[k] = i
			out = append(out, Group{Kind: kind, Column: l.Column})
		}
		out[i].Lines = append(out[i].Lines, l)
	}
	for _, x := range r.Report.Refusals {
		put(Refused, r.line(x.Row, "", x.Column, x.Value, "", x.Message), cause(x.Message))
	}
	for _, d := range r.Report.Differences {
		l := r.line(d.Row, d.Who, d.Field, d.After, d.Before, d.Text)
		switch d.Kind {
		case exchange.Changed:
			put(d.Kind, l, cause(d.Text)+blankness(d))
		case exchange.Added:
			l.File, l.Text = "整行", strings.TrimSpace(d.Text)
			put(d.Kind, l, map[bool]string{true: "outside"}[strings.Contains(d.Text, "不纳入统计")])
		default:
			put(d.Kind, l, cause(d.Text))
		}
	}
	for i := range out {
		out[i].Text = meaning(out[i])
	}
	slices.SortStableFunc(out, func(a, b Group) int {
		return cmp.Compare(slices.Index(order, a.Kind), slices.Index(order, b.Kind))
	})
	return out
}

// line says whom a row speaks of.
func (r Result) line(row int, who, column, file, here, text string) Line {
	n := r.Named[row]
	l := Line{Row: row, Number: cmp.Or(n.Number, who), Name: n.Name, Column: column, File: file, Here: here, Text: Plain(text)}
	if l.Number == l.Name { // of an employer both are its name
		l.Number = ""
	}
	return l
}

// blankness tells what is filled in anew, what is emptied and what is replaced.
func blankness(d exchange.Difference) string {
	switch {
	case d.Before == "" && d.After == "":
		return ""
	case d.Before == "":
		return "+"
	case d.After == "":
		return "-"
	}
	return "~"
}

// quoted is what differs between two messages with one cause.
var quoted = regexp.MustCompile(`“[^”]*”|[0-9]+|（[^）]*）`)

// cause is a message without what is said of the one row.
func cause(text string) string { return quoted.ReplaceAllString(text, "") }

// Plain is a message without what only the command line can do.
func Plain(text string) string {
	return strings.ReplaceAll(text, "（--cohort 2024）", "")
}

// meaning says in one line what becomes of the group's rows, and what to do.
func meaning(g Group) string {
	first := g.Lines[0]
	switch g.Kind {
	case exchange.Changed:
		return changes(g)
	case exchange.Added:
		if strings.Contains(first.Text, "不纳入统计") {
			return "新增；结业、肄业，不计入统计"
		}
		return "新增"
	case exchange.Created:
		return strings.TrimSuffix("新建"+first.Column+"；"+first.Text, "；")
	}
	return first.Text
}

// changes says what a group of changed values has in common.
func changes(g Group) string {
	first := g.Lines[0]
	same := !slices.ContainsFunc(g.Lines, func(l Line) bool { return l.File != first.File || l.Here != first.Here })
	var said string
	switch {
	case first.File == "" && first.Here == "":
		return first.Text
	case first.Here == "":
		said = "新填"
	case first.File == "":
		said = "清空"
	case same && len(g.Lines) > 1:
		said = first.Here + " 改为 " + first.File
	default:
		said = "改为文件里的值"
	}
	return strings.TrimSuffix(said+"；"+first.Text, "；")
}

// Words names a kind of line as people read it.
func Words(k exchange.Kind) string {
	switch k {
	case Refused:
		return "被拒"
	case exchange.Untouched:
		return "不改动"
	case exchange.LeftOut:
		return "不收录"
	case exchange.Skipped:
		return "跳过"
	case exchange.Noted, exchange.Assumed:
		return "提示"
	case exchange.Created:
		return "新建"
	case exchange.Changed:
		return "修改"
	}
	return "新增"
}
