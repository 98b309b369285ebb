package transfer

import (
	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/exchange"
)

// Line is one thing that a reconciliation found, as a table shows it.
type Line struct {
	Kind   string // 只在本校, 只在上级系统, 字段不同 or 读不出
	Row    int    // of the file; 0: the file has none
	Number string
	Name   string
	Field  string
	Here   string
	There  string
	Text   string // of what cannot be read: why
}

// The kinds of a Line, in their order.
const (
	LineHere    = "只在本校"
	LineThere   = "只在上级系统"
	LineDiffers = "字段不同"
	LineUnread  = "读不出"
)

// Lines returns what a reconciliation found, line by line, codes with their
// names: what differs first, as it is most often what to mend.
func Lines(r Reconciliation, book *codes.Book) []Line {
	named := namer(book)
	code := exchange.Field(exchange.Destination, "code")[0].Title
	var out []Line
	for _, x := range r.Differing {
		out = append(out, Line{Kind: LineDiffers, Row: x.Row, Number: x.Number, Name: x.Name, Field: x.Field, Here: named(x.Field, x.Here), There: named(x.Field, x.There)})
	}
	for _, x := range r.OnlyHere {
		out = append(out, Line{Kind: LineHere, Number: x.Number, Name: x.Name, Field: "毕业去向", Here: named(code, x.Code)})
	}
	for _, x := range r.OnlyThere {
		out = append(out, Line{Kind: LineThere, Row: x.Row, Number: x.Number, Name: x.Name, Field: "毕业去向", There: named(code, x.Code)})
	}
	for _, x := range r.Unreadable {
		out = append(out, Line{Kind: LineUnread, Row: x.Row, Field: x.Column, There: x.Value, Text: x.Message})
	}
	return out
}

// namer puts its name behind a code of a field, by the field's title.
func namer(book *codes.Book) func(field, value string) string {
	tables := map[string]string{}
	for _, c := range exchange.Columns(exchange.Destination) {
		if c.Form == exchange.Coded {
			tables[c.Title], tables[exchange.Title(c.Group, c.Field)] = c.Table, c.Table
		}
	}
	return func(field, value string) string {
		table, coded := tables[field]
		if !coded || value == "" {
			return value
		}
		if c, ok := book.Table(table).Find(value); ok && c.Name != value {
			return value + " " + c.Name
		}
		return value
	}
}
