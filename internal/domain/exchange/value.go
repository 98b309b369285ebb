package exchange

import (
	"context"
	"io"

	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/fault"
)

// Value reads what somebody typed for one field exactly as the cell of an import
// is read, and returns it in the form that is kept: of a coded field the code, by
// code or name. Blank stays blank.
//
// Error: fault.Invalid with the field, in the words of the import.
func Value(book *codes.Book, group Group, field, text string) (string, error) {
	columns := Field(group, field)
	if len(columns) == 0 {
		return "", fault.Invalidf(field, "没有“%s”这一项，请从页面上的项目里选", field)
	}
	column := columns[len(columns)-1] // of a pair the name's, which takes codes as well
	typed := &typed{rows: [][]string{{column.Title}, {text}}}
	r, err := Begin(context.Background(), typed, book, []Column{column})
	if err != nil {
		return "", err
	}
	defer r.Close()
	line, err := r.Next()
	switch {
	case err != nil:
		return "", err
	case len(line.Refusals) > 0:
		return "", fault.Invalidf(field, "%s：%s", Title(group, field), line.Refusals[0].Message)
	}
	return line.Values[field], nil
}

// typed is a file of one cell, written by hand.
type typed struct {
	rows [][]string
	at   int
}

// Name is blank: what is typed comes from no file.
func (*typed) Name() string { return "" }

// SHA256 is blank.
func (*typed) SHA256() string { return "" }

// Sheet is blank.
func (*typed) Sheet() string { return "" }

// Progress is none.
func (*typed) Progress() (done, total int64) { return 0, 0 }

// Close has nothing to close.
func (*typed) Close() error { return nil }

// Open returns the cell as a table of its own.
func (t *typed) Open(context.Context) (Source, error) { return t, nil }

// Next returns the header, then the one row.
func (t *typed) Next() (Row, error) {
	if t.at >= len(t.rows) {
		return Row{}, io.EOF
	}
	t.at++
	return Row{Number: t.at, Cells: t.rows[t.at-1]}, nil
}
