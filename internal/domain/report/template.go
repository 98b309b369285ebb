package report

import (
	"fmt"
	"strings"

	"quxiang/internal/domain/fault"
)

// Template is a report's text with its bindings: data that a school can edit.
//
// A line is a heading (#, ##, ###), an item (-), a note (>), a table (@table, @flow), a figure
// (@figure), the appendix (@appendix) or a paragraph; a blank line ends nothing, since a
// paragraph is one line. Lines that begin with // are for who edits. In the text, {…} is
// bound: see words.go for the verbs. What others measured is {external KEY} and a table
// @external (external.go). A line [level=本科] … stands only where the school
// has such a row.
type Template struct {
	ID, Version string
	Lines       []Line
}

// Line of a template.
type Line struct {
	No    int // 1-based, for messages
	Kind  lineKind
	Level int       // of a heading
	If    condition // zero: always
	Parts []part    // of text
	Order order     // of a table, a figure or the appendix
}

type lineKind string

const (
	headingLine  lineKind = "heading"
	textLine     lineKind = "text"
	itemLine     lineKind = "item"
	noteLine     lineKind = "note"
	tableLine    lineKind = "table"
	figureLine   lineKind = "figure"
	appendixLine lineKind = "appendix"
)

// part is plain text or a bound expression.
type part struct {
	text string
	expr *order // nil: text
}

// order is a verb with its arguments: % destination.settled level=本科 cohort=-1.
type order struct {
	verb string
	args []string
	opts map[string]string
}

func (o order) opt(name, otherwise string) string {
	if v, ok := o.opts[name]; ok {
		return v
	}
	return otherwise
}

// condition keeps one row of a breakdown: level=硕士+博士 is two rows together.
type condition struct {
	dim    string
	values []string
}

// ParseTemplate reads a template. Error: fault.Invalid, with the line.
func ParseTemplate(id, version, text string) (Template, error) {
	return parse(id, version, text, func(no int, err error) error {
		return fault.Invalidf("template", "模板第 %d 行：%s", no, err)
	})
}

// parse reads the lines; refuse says what becomes of one that cannot be read.
func parse(id, version, text string, refuse func(no int, err error) error) (Template, error) {
	t, ids := Template{ID: id, Version: version}, map[string]bool{}
	for i, raw := range strings.Split(text, "\n") {
		s := strings.TrimSpace(raw)
		if s == "" || strings.HasPrefix(s, "//") {
			continue
		}
		l, err := parseLine(s)
		name := l.Order.opts["id"]
		if err == nil && name != "" && ids[name] {
			err = fmt.Errorf("“%s”已有别的表或图在用", name)
		}
		if err != nil {
			if err := refuse(i+1, err); err != nil {
				return Template{}, err
			}
			continue
		}
		ids[name] = true
		l.No = i + 1
		t.Lines = append(t.Lines, l)
	}
	return t, nil
}

func parseLine(s string) (l Line, err error) {
	if strings.HasPrefix(s, "[") {
		inside, rest, ok := strings.Cut(s[1:], "]")
		if !ok {
			return l, fmt.Errorf("“[”没有对应的“]”")
		}
		if l.If, err = parseCondition(inside); err != nil {
			return l, err
		}
		s = strings.TrimSpace(rest)
	}
	switch {
	case strings.HasPrefix(s, "@"):
		return parseDirective(l, s[1:])
	case strings.HasPrefix(s, "#"):
		text := strings.TrimLeft(s, "#")
		l.Kind, l.Level, s = headingLine, min(len(s)-len(text), 3), strings.TrimSpace(text)
	case strings.HasPrefix(s, "- "):
		l.Kind, s = itemLine, s[2:]
	case strings.HasPrefix(s, "> "):
		l.Kind, s = noteLine, s[2:]
	default:
		l.Kind = textLine
	}
	if l.Parts, err = parseText(s); err == nil && l.Kind == headingLine {
		err = plainOnly(l.Parts)
	}
	return l, err
}

func parseDirective(l Line, s string) (Line, error) {
	o, err := parseOrder(s)
	if err != nil {
		return l, err
	}
	switch o.verb {
	case "table", "flow", externalVerb:
		l.Kind = tableLine
	case "figure":
		l.Kind = figureLine
	case "appendix":
		l.Kind = appendixLine
	default:
		return l, fmt.Errorf("没有“@%s”，可用的有：@table、@flow、@figure、@external、@appendix", o.verb)
	}
	if l.Order = o; l.Kind != appendixLine && o.opts["id"] == "" {
		return l, fmt.Errorf("@%s 要有 id", o.verb)
	}
	caption, err := parseText(o.opts["caption"])
	if err == nil {
		err = plainOnly(caption)
	}
	return l, err
}

// parseText splits plain text from {bound} expressions.
func parseText(s string) ([]part, error) {
	var out []part
	for s != "" {
		before, rest, ok := strings.Cut(s, "{")
		if before != "" {
			out = append(out, part{text: before})
		}
		if !ok {
			break
		}
		inside, after, ok := strings.Cut(rest, "}")
		if !ok {
			return nil, fmt.Errorf("“{”没有对应的“}”")
		}
		o, err := parseOrder(inside)
		if err != nil {
			return nil, err
		}
		out, s = append(out, part{expr: &o}), after
	}
	return out, nil
}

// parseOrder reads a verb, arguments and name=value options; a value with blanks stands
// in quotes.
func parseOrder(s string) (order, error) {
	o := order{opts: map[string]string{}}
	for i, w := range fields(s) {
		name, value, ok := strings.Cut(w, "=")
		switch {
		case i == 0:
			o.verb = w
		case ok && name != "":
			if _, twice := o.opts[name]; twice {
				return o, fmt.Errorf("“%s”写了两次", name)
			}
			o.opts[name] = strings.Trim(value, `"`)
		default:
			o.args = append(o.args, w)
		}
	}
	if o.verb == "" {
		return o, fmt.Errorf("花括号或 @ 后面是空的")
	}
	return o, o.check()
}

// fields are the words of s; what stands in quotes is one word.
func fields(s string) []string {
	quoted := false
	return strings.FieldsFunc(s, func(r rune) bool {
		if r == '"' {
			quoted = !quoted
		}
		return !quoted && (r == ' ' || r == '\t' || r == '\u3000')
	})
}

func parseCondition(s string) (condition, error) {
	dim, value, ok := strings.Cut(strings.TrimSpace(s), "=")
	if !ok || dim == "" || value == "" {
		return condition{}, fmt.Errorf("条件“%s”应写成 维度=值", s)
	}
	return condition{dim, strings.Split(value, "+")}, nil
}
