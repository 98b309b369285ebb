package transfer

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

// Lines returns what a reconciliation found, line by line: what differs first, as
// it is most often what to mend.
func Lines(r Reconciliation) []Line {
	var out []Line
	for _, x := range r.Differing {
		out = append(out, Line{Kind: LineDiffers, Row: x.Row, Number: x.Number, Name: x.Name, Field: x.Field, Here: x.Here, There: x.There})
	}
	for _, x := range r.OnlyHere {
		out = append(out, Line{Kind: LineHere, Number: x.Number, Name: x.Name, Field: "毕业去向", Here: x.Code})
	}
	for _, x := range r.OnlyThere {
		out = append(out, Line{Kind: LineThere, Row: x.Row, Number: x.Number, Name: x.Name, Field: "毕业去向", There: x.Code})
	}
	for _, x := range r.Unreadable {
		out = append(out, Line{Kind: LineUnread, Row: x.Row, Field: x.Column, There: x.Value, Text: x.Message})
	}
	return out
}
