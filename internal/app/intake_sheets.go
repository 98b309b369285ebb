package app

import (
	"bytes"
	"context"
	"io"
	"strconv"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/intake"
	"quxiang/internal/domain/transfer"
	"quxiang/internal/gateway/sheet"
)

// Template writes the empty file of a kind as xlsx: the columns, how to fill them,
// and what codes there are. Errors: fault.NotFound, fault.Forbidden.
func (i *Intake) Template(who access.Actor, kind string, w io.Writer) error {
	k, err := intake.KindOf(who, kind)
	if err != nil {
		return err
	}
	t := k.Template(i.app.Book())
	tables := []sheet.Table{plainTable(k.Title, t.Header, nil), plainTable("填写说明", []string{"列", "要不要填", "怎么填"}, threes(t.Guide))}
	if len(t.Codes) > 0 {
		tables = append(tables, plainTable("可填的代码", []string{"列", "代码", "名称"}, threes(t.Codes)))
	}
	return sheet.WriteXLSX(w, sheet.Book{Made: i.app.Now().Time(), Tables: tables})
}

func threes(list [][3]string) [][]string {
	out := make([][]string, len(list))
	for n := range list {
		out[n] = list[n][:]
	}
	return out
}

func plainTable(name string, header []string, rows [][]string) sheet.Table {
	t := sheet.Table{Name: name, Rows: func(yield func([]string, error) bool) {
		for _, r := range rows {
			if !yield(r, nil) {
				return
			}
		}
	}}
	for _, h := range header {
		t.Columns = append(t.Columns, sheet.Column{Title: h})
	}
	return t
}

// MendSheet writes the refused rows of a held file as xlsx, with what to do.
// Errors: fault.NotFound; fault.Conflict when nothing is refused.
func (i *Intake) MendSheet(ctx context.Context, who access.Actor, id string, w io.Writer) error {
	st, err := i.checked(ctx, who, id)
	if err != nil {
		return err
	}
	if st.Result.Report.Refused == 0 {
		return fault.Conflictf("held", "这份文件没有被拒的行，不用改")
	}
	rows, err := i.ToMend(ctx, st.Held, st.Result.Report)
	if err != nil {
		return err
	}
	return i.write(w, plainTable("要改的行", rows.Header, rows.Rows))
}

// ResultSheet writes all lines of a check as xlsx. Error: fault.NotFound.
func (i *Intake) ResultSheet(ctx context.Context, who access.Actor, id string, w io.Writer) error {
	st, err := i.checked(ctx, who, id)
	if err != nil {
		return err
	}
	var rows [][]string
	for _, g := range st.Result.Groups() {
		for _, l := range g.Lines {
			rows = append(rows, []string{intake.Words(g.Kind), rowNumber(l.Row), l.Number, l.Name, l.Column, l.File, l.Here, l.Text})
		}
	}
	return i.write(w, plainTable("检查结果", []string{"结果", "行", "号码", "姓名或名称", "列", "文件里", "库里", "说明"}, rows))
}

// CompareSheet writes a comparison as xlsx. Error: fault.NotFound.
func (i *Intake) CompareSheet(ctx context.Context, who access.Actor, id string, w io.Writer) error {
	st, err := i.State(ctx, who, id)
	if err != nil {
		return err
	}
	if st.Compare == nil {
		return notReady
	}
	var rows [][]string
	for _, x := range transfer.Lines(*st.Compare, i.app.Book()) {
		rows = append(rows, []string{x.Kind, rowNumber(x.Row), x.Number, x.Name, x.Field, x.Here, x.There, x.Text})
	}
	return i.write(w, plainTable("核对结果", []string{"类别", "对方文件的行", "号码", "姓名", "字段", "本校", "上级系统", "说明"}, rows))
}

var notReady = fault.Conflictf("held", "检查还没有结束，请稍后再下载")

func (i *Intake) checked(ctx context.Context, who access.Actor, id string) (intake.State, error) {
	st, err := i.State(ctx, who, id)
	if err == nil && st.Result == nil {
		err = notReady
	}
	return st, err
}

func (i *Intake) write(w io.Writer, t sheet.Table) error {
	return sheet.WriteXLSX(w, sheet.Book{Made: i.app.Now().Time(), Tables: []sheet.Table{t}})
}

func rowNumber(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// writeLines makes a table file of lines whose places are their row numbers: the
// first may be blank.
func writeLines(lines [][]string) ([]byte, error) {
	width := 0
	for _, l := range lines {
		width = max(width, len(l))
	}
	header := make([]string, width)
	copy(header, lines[0])
	var b bytes.Buffer
	err := sheet.WriteXLSX(&b, sheet.Book{Tables: []sheet.Table{plainTable("已改", header, lines[1:])}})
	return b.Bytes(), err
}
