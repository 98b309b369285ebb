package exchange

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/fault"
)

// Values are what a row says, by field, each in the form that its column keeps.
// A field that is not there is left as it was; a blank one is emptied.
type Values map[string]string

// Line is one row of a file, read. A line with refusals has no usable values.
type Line struct {
	Number   int
	Values   Values
	Unread   map[string]string // coded cells that are in no table, by field
	Refusals []Refusal
	Notes    []Difference
}

// Reading takes the rows of a file one after another as values by field.
type Reading struct {
	Mapping
	file   File
	source Source
	book   *codes.Book
	fields []field
	rows   int
	known  map[string]coded // what coded cells mean: few differ
}

// field is one field with its one or two columns.
type field struct {
	name  string
	first matched  // of a pair the code column
	other *matched // of a pair the name column
}

// maxRunes is how long a text may be that is kept.
const maxRunes = 2000

// maxKnown bounds the memory of Reading.known.
const maxKnown = 20_000

// Begin opens the file and matches its header; see Match for columns and needs.
// The caller closes the reading.
//
// Error: fault.Usage naming file and sheet, when the file cannot be taken as a whole.
func Begin(ctx context.Context, f File, book *codes.Book, columns []Column, needs ...[]string) (*Reading, error) {
	source, err := f.Open(ctx)
	if err != nil {
		return nil, err
	}
	r := &Reading{file: f, source: source, book: book, known: map[string]coded{}}
	header, err := source.Next()
	if errors.Is(err, io.EOF) {
		err = fault.Usagef("", "文件是空的，没有表头，请检查是否选错了文件")
	}
	if err == nil {
		r.Mapping, err = Match(header, columns, needs...)
	}
	if err != nil {
		source.Close()
		return nil, r.whole(err)
	}
	r.pair()
	return r, nil
}

// pair puts the columns of one field together, the code column first.
func (r *Reading) pair() {
	at := map[string]int{}
	for i := range r.found {
		m := r.found[i]
		k, there := at[m.Field]
		if !there {
			at[m.Field] = len(r.fields)
			r.fields = append(r.fields, field{name: m.Field, first: m})
			continue
		}
		f := &r.fields[k]
		if m.Part == CodePart {
			f.first, m = m, f.first
		}
		f.other = &m
	}
}

// whole adds file and sheet to a refusal of the whole file.
func (r *Reading) whole(err error) error {
	var f *fault.Fault
	if !errors.As(err, &f) {
		return err
	}
	where := r.file.Name()
	if s := r.source.Sheet(); s != "" {
		where += " [" + s + "]"
	}
	return &fault.Fault{Kind: f.Kind, Field: f.Field, Message: where + "：" + f.Message}
}

// Close closes the file.
func (r *Reading) Close() error { return r.source.Close() }

// Progress returns how many bytes of the file are read, of how many.
func (r *Reading) Progress() (done, total int64) { return r.source.Progress() }

// Next returns the next row, and io.EOF after the last. Error: fault.Usage when
// there is no row at all.
func (r *Reading) Next() (Line, error) {
	row, err := r.source.Next()
	if errors.Is(err, io.EOF) && r.rows == 0 {
		return Line{}, r.whole(fault.Usagef("", "只有表头，没有数据行，请检查是否选错了文件或工作表"))
	}
	if err != nil {
		return Line{}, err
	}
	r.rows++
	l := Line{Number: row.Number, Values: make(Values, len(r.fields))}
	for i := range r.fields {
		if f := &r.fields[i]; f.first.Form == Coded {
			r.codedField(&l, f, row)
		} else {
			r.plainField(&l, f, row)
		}
	}
	return l, nil
}

// Refusal says what keeps a row from being taken. Field may be blank.
func (r *Reading) Refusal(row int, field, value, format string, args ...any) Refusal {
	x := Refusal{File: r.file.Name(), Sheet: r.source.Sheet(), Row: row, Value: value, Message: fmt.Sprintf(format, args...)}
	if field != "" {
		x.Column = r.Header(field)
	}
	return x
}

func (r *Reading) unread(l *Line, m *matched, value, message string) {
	if l.Unread == nil {
		l.Unread = map[string]string{}
	}
	l.Unread[m.Field] = value
	r.refuse(l, m, value, message)
}

func (r *Reading) refuse(l *Line, m *matched, value, message string) {
	l.Refusals = append(l.Refusals, Refusal{File: r.file.Name(), Sheet: r.source.Sheet(), Row: l.Number,
		Column: m.header, Value: value, Message: message})
}

// cell returns the text of a cell that can be kept; blank if there is none, or
// if it was refused.
func (r *Reading) cell(l *Line, m *matched, row Row) string {
	v := clean(row.Cell(m.index))
	switch {
	case v == "":
		return ""
	case !m.Stars && strings.ContainsAny(v, "*＊") && codes.Masked(v):
		r.refuse(l, m, v, "该值是打了星号的脱敏值，不能入库；请填写完整的值，或把单元格留空（留空不改动原值）")
		return ""
	case len(v) > maxRunes && utf8.RuneCountInString(v) > maxRunes:
		r.refuse(l, m, string([]rune(v)[:20])+"…", fmt.Sprintf("超过 %d 个字，请检查是否串列", maxRunes))
		return ""
	}
	return v
}

func (r *Reading) plainField(l *Line, f *field, row Row) {
	v := r.cell(l, &f.first, row)
	if v == "" {
		return
	}
	if cleared(v) {
		l.Values[f.name] = ""
		return
	}
	kept, problem := read(f.first.Form, v)
	if problem != "" {
		r.refuse(l, &f.first, v, problem)
		return
	}
	l.Values[f.name] = kept
}

func cleared(v string) bool { return v == Clear || codes.Normalize(v) == Clear }

// read turns a cell into the form that is kept, or says what is wrong with it.
func read(form Form, v string) (kept, problem string) {
	ok := true
	switch form {
	case Number:
		return number(v)
	case IDNumber:
		kept, problem = number(v)
		return strings.ToUpper(kept), problem
	case Phone:
		return phone(v)
	case DayForm:
		var d string
		d, ok = ParseMonth(v)
		kept, ok = d, ok && len(d) == len("2006-01-02")
		problem = "日期读不出来，请写成 2024-06-30、2024/6/30 或 20240630"
	case Month:
		kept, ok = ParseMonth(v)
		problem = "年月读不出来，请写成 2024-06-30、2024-06 或 202406"
	case Year:
		kept, ok = parseYear(v)
		problem = "年份读不出来，请写四位年份，如 2024"
	case Pay:
		kept, ok = parsePay(v)
		problem = "薪酬读不出来，请写每月多少元的一个数，如 5000"
	default:
		return v, ""
	}
	if ok {
		problem = ""
	}
	return kept, problem
}

// coded is what a coded cell, or a pair of them, means.
type coded struct {
	code    string
	said    bool   // false: nothing, as blank
	problem string // why it cannot be read
	onName  bool   // the problem is the name column's
	note    string // may be right, and yet somebody should look
}

func (r *Reading) codedField(l *Line, f *field, row Row) {
	code, name := r.cell(l, &f.first, row), ""
	if f.other != nil {
		name = r.cell(l, f.other, row)
	}
	if code == "" && name == "" {
		return
	}
	key := f.name + "\x00" + code + "\x00" + name
	c, ok := r.known[key]
	if !ok {
		c = r.decode(f, code, name)
		if len(r.known) < maxKnown {
			r.known[strings.Clone(key)] = c
		}
	}
	switch {
	case c.problem != "" && (c.onName || code == ""):
		r.unread(l, f.other, name, c.problem)
	case c.problem != "":
		r.unread(l, &f.first, code, c.problem)
	case c.said:
		l.Values[f.name] = c.code
	}
	if c.note != "" {
		l.Notes = append(l.Notes, Difference{Kind: Noted, Row: l.Number, Field: f.first.header, Text: c.note})
	}
}

// decode reads a code, a name, or both; the code wins. Of a person, two that
// contradict each other are refused, as nobody can say which is meant; of a
// destination they are noted, since history is taken as others hold it.
func (r *Reading) decode(f *field, code, name string) coded {
	if cleared(code) || cleared(name) {
		if code != "" && name != "" && !(cleared(code) && cleared(name)) {
			return coded{problem: fmt.Sprintf("一列要求清空，另一列却填了值（“%s”“%s”），请两列都清空或只留要填的值", code, name), onName: true}
		}
		return coded{said: true}
	}
	table := r.book.Table(f.first.Table)
	unknown := fmt.Sprintf("在“%s”代码表中找不到，请改填表中的代码或名称", table.Title)
	if table.ID == "region" {
		unknown = "在行政区划表中找不到或有重名，请改填六位代码或带省市的全称，如 天津市河西区"
	}
	if code == "" {
		c, ok := r.lookUp(table, name)
		if !ok {
			return coded{problem: unknown}
		}
		return coded{code: c.Code, said: c.Code != ""}
	}
	c, ok := r.lookUp(table, code)
	if !ok {
		return coded{problem: unknown}
	}
	out := coded{code: c.Code, said: c.Code != ""}
	if name == "" || c.Code == "" {
		return out
	}
	other, ok := r.lookUp(table, name)
	switch {
	case !ok:
		out.note = fmt.Sprintf("“%s”列的“%s”不在代码表中，已按代码“%s”（%s）入库", f.other.header, name, c.Code, c.Name)
	case agree(table, c, other, name):
	case f.first.Group == Person:
		return coded{onName: true, problem: fmt.Sprintf("与“%s”列的代码“%s”（%s）不一致，请改正其中一列", f.first.header, c.Code, c.Name)}
	default:
		out.note = fmt.Sprintf("“%s”列的“%s”与代码“%s”（%s）不一致，已按代码入库", f.other.header, name, c.Code, c.Name)
	}
	return out
}

// agree reports that a name means the code: the same row, one above it (升学 of
// 801), or another row of the same name, as of a withdrawn region.
func agree(t *codes.Table, c, named codes.Code, name string) bool {
	return t.Descends(c.Code, named.Code) || c.Name == named.Name || slices.Contains(c.Aliases, codes.Normalize(name))
}

// lookUp finds a row by code or name. A code that lost its leading zero or
// gained .0 in a spreadsheet is found all the same.
func (r *Reading) lookUp(t *codes.Table, cell string) (codes.Code, bool) {
	s := codes.Normalize(cell)
	if whole, ok := strings.CutSuffix(s, ".0"); ok && digits(whole) {
		s = whole
	}
	if c, ok := r.book.Resolve(t.ID, "", s); ok {
		return c, true
	}
	if len(s) == 1 && digits(s) {
		if c, ok := t.Find("0" + s); ok {
			return c, true
		}
	}
	return t.ByName(s)
}
