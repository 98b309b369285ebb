package app

import (
	"cmp"
	"context"
	"io"
	"slices"
	"strings"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/disclosure"
	"quxiang/internal/domain/exchange"
	"quxiang/internal/gateway/sheet"
)

// exportMark says whose file an export is (水印): to everybody above and below each
// page and on a sheet of its own, in the file's properties, and by the order of its
// rows.
type exportMark struct {
	number  string // of the export
	who     string
	at      calendar.Instant
	purpose string
	more    [][]string // further lines of its sheet
}

// newMark is the mark of the actor's export.
func (a *App) newMark(ctx context.Context, who access.Actor, number, purpose string) (exportMark, error) {
	people, err := a.Accounts.People(ctx, []string{who.Account})
	m := exportMark{number: number, who: who.Account, at: a.Now(), purpose: purpose}
	if p, ok := people[who.Account]; ok {
		m.who = cmp.Or(p.Name, p.Login) + "（" + p.Login + "）"
	}
	return m, err
}

// write writes a file with the mark.
func (m exportMark) write(ctx context.Context, w io.Writer, format, title string, rows rowsOf) error {
	rows = rows.inOrderOf(m.number)
	if format == "csv" {
		return writeTable(w, format, m.at, title, rows.header, nil, pulled(ctx, m.closed(rows.walk)))
	}
	t := sheet.Table{Name: title, Rows: pulled(ctx, rows.walk)}
	for _, h := range rows.header {
		t.Columns = append(t.Columns, sheet.Column{Title: h})
	}
	return sheet.WriteXLSX(w, sheet.Book{Made: m.at.Time(), Tables: []sheet.Table{t, m.sheet()}, Mark: sheet.Mark{
		Head: "个人信息，只用于申报的用途，用完删除　导出编号 " + disclosure.Prefix + m.number,
		Foot: short(m.who, 60) + "　" + minute(m.at) + " 导出", Word: disclosure.Prefix + m.number,
	}})
}

// sheet is the one that says it in full.
func (m exportMark) sheet() sheet.Table {
	rows := [][]string{
		{"本文件含个人信息", "只用于下面写的用途，用完删除，不要转发"},
		{"用途", cmp.Or(m.purpose, "没有写")}, {"导出的人", m.who}, {"导出时间", minute(m.at)}, {"导出编号", disclosure.Prefix + m.number},
	}
	return plainTable("导出说明", []string{"项", "内容"}, append(rows, m.more...))
}

// closing opens the last line of a marked csv file, which imports pass over.
const closing = "导出说明：编号 " + disclosure.Prefix

// closed adds the line that says whose file a csv is.
func (m exportMark) closed(walk func(context.Context, func([]string) error) error) func(context.Context, func([]string) error) error {
	return func(ctx context.Context, fn func([]string) error) error {
		if err := walk(ctx, fn); err != nil {
			return err
		}
		return fn([]string{closing + m.number + "，" + m.who + "，" + minute(m.at) + " 导出；含个人信息，用完删除"})
	}
}

// isClosing reports that a row is the line of closed.
func isClosing(cells []string) bool {
	for i, c := range cells {
		if i > 0 && c != "" || i == 0 && !strings.HasPrefix(c, closing) {
			return false
		}
	}
	return len(cells) > 0
}

// inOrderOf lets neighbours change places as the number of an export says.
func (r rowsOf) inOrderOf(number string) rowsOf {
	at := nameColumn(r.header)
	if at < 0 {
		return r
	}
	out := r
	out.walk = func(ctx context.Context, fn func([]string) error) error {
		var first []string
		err := r.walk(ctx, func(cells []string) error {
			if first == nil {
				first = slices.Clone(cells) // the walk reuses its slice
				return nil
			}
			a, b := first, cells
			if disclosure.Swapped(number, first[at], cells[at]) {
				a, b = b, a
			}
			first = nil
			if err := fn(slices.Clone(a)); err != nil {
				return err
			}
			return fn(b)
		})
		if err == nil && first != nil {
			err = fn(first)
		}
		return err
	}
	return out
}

// nameColumn is where the names stand, -1 for nowhere.
func nameColumn(header []string) int {
	title := exchange.Field(exchange.Person, "name")[0].Title
	return slices.IndexFunc(header, func(h string) bool { return strings.TrimSpace(h) == title })
}

func minute(i calendar.Instant) string { return i.Time().Format("2006-01-02 15:04") }

// short cuts a text to n characters.
func short(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return s
}
