package app

import (
	"bytes"
	"context"
	"io"
	"slices"
	"strings"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/disclosure"
	"quxiang/internal/domain/exchange"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/privacy"
	"quxiang/internal/gateway/sheet"
	"quxiang/internal/web"
)

// PeopleExports writes tables of people for pages.
type PeopleExports struct {
	*disclosure.Service
	app *App
}

// ExportPeople writes an xlsx table. Errors: those of Export.
func (e PeopleExports) ExportPeople(ctx context.Context, who access.Actor, ask web.ExportAsk, w io.Writer) error {
	return e.app.Export(ctx, who, ask.Kind, ExportOptions{Cohorts: ask.Cohorts, AsOf: ask.AsOf, Layout: ask.Layout, Format: "xlsx", Purpose: ask.Purpose}, w)
}

// TakeRevealed writes the file of an approved request, once; a second sheet says
// who took it and what for. Errors: those of disclosure.Service.Take.
func (e PeopleExports) TakeRevealed(ctx context.Context, who access.Actor, id string, w io.Writer) error {
	var b bytes.Buffer
	var whom []string
	r, err := e.Take(ctx, who, id, func(r *disclosure.Request) error {
		whom = nil
		return e.write(ctx, who, r, &b, &whom)
	})
	if err == nil { // what could not be written down is not handed out
		err = e.app.Privacy.Showed(ctx, who, privacy.ActionExported, r.ID, whom, map[string]string{"fields": strings.Join(r.Fields, ","), "purpose": r.Purpose})
	}
	if err != nil {
		return err
	}
	_, err = w.Write(b.Bytes())
	return err
}

// write makes the file of a request and notes whom it holds. For employers only
// those are in it who agree to that now, with no column that the words of consent
// do not name.
func (e PeopleExports) write(ctx context.Context, who access.Actor, r *disclosure.Request, b *bytes.Buffer, whom *[]string) error {
	o := ExportOptions{Cohorts: r.Cohorts, Purpose: r.Purpose, Reveal: r.Fields, Whom: func(id string) { *whom = append(*whom, id) }}
	if r.Kind == "destinations" {
		o.Layout = exchange.MOE39 // the layout that has columns of the person
	}
	if r.Recipient == disclosure.ForEmployers {
		o.Keep = func(ctx context.Context, ids []string) (map[string]bool, error) {
			return e.app.Privacy.Agreed(ctx, privacy.ForEmployers, ids)
		}
	}
	rows, err := preparedExport(e.app, who, r.Kind, o)
	if err != nil {
		return err
	}
	if r.Recipient == disclosure.ForEmployers {
		rows = rows.only(append([]string{"name", "college", "major", "education"}, r.Fields...))
	}
	t := sheet.Table{Name: r.Kind, Rows: pulled(ctx, rows.walk)}
	for _, h := range rows.header {
		t.Columns = append(t.Columns, sheet.Column{Title: h})
	}
	err = sheet.WriteXLSX(b, sheet.Book{Made: e.app.Now().Time(), Tables: []sheet.Table{t, e.mark(*r)}})
	r.People, r.LeftOut = len(*whom), rows.left()
	return err
}

// only keeps the columns of the fields of a person.
func (r rowsOf) only(fields []string) rowsOf {
	var at []int
	out := rowsOf{left: r.left}
	for _, f := range fields {
		for _, c := range exchange.Field(exchange.Person, f) {
			if i := slices.Index(r.header, c.Title); i >= 0 && !slices.Contains(at, i) {
				at, out.header = append(at, i), append(out.header, c.Title)
			}
		}
	}
	out.walk = func(ctx context.Context, fn func([]string) error) error {
		return r.walk(ctx, func(cells []string) error {
			kept := make([]string, len(at))
			for i, k := range at {
				kept[i] = cells[k]
			}
			return fn(kept)
		})
	}
	return out
}

// mark is the sheet that says whose file it is.
func (e PeopleExports) mark(r disclosure.Request) sheet.Table {
	return plainTable("导出说明", []string{"项", "内容"}, [][]string{
		{"本文件含敏感个人信息", "只用于下面写的用途，用完删除，不要转发"},
		{"用途", r.Purpose}, {"给谁", recipientTitle(r.Recipient)}, {"申请账号", r.Account}, {"批准账号", r.DecidedBy},
		{"申请编号", r.ID}, {"导出时间", e.app.Now().Time().Format("2006-01-02 15:04")},
	})
}

func recipientTitle(r string) string {
	if r == disclosure.ForEmployers {
		return "用人单位：只含本人同意提供的毕业生"
	}
	return "校内"
}

func preparedExport(a *App, who access.Actor, kind string, o ExportOptions) (rowsOf, error) {
	for _, k := range exportKinds {
		if k.kind == kind {
			return k.prepare(a, who, o)
		}
	}
	return rowsOf{}, fault.Usagef("kind", "不能导出“%s”", kind)
}

// ExportRevealed is the command's way: it makes a request, says that it waits, and
// once another person approved it writes the file, as xlsx.
//
// Error: fault.Conflict while the request waits or when it was refused.
func (a *App) ExportRevealed(ctx context.Context, who access.Actor, r disclosure.Request, w io.Writer) error {
	e := PeopleExports{a.Disclosures, a}
	list, err := e.Requests(ctx, who)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(list, func(x disclosure.Request) bool {
		return x.Account == who.Account && x.Kind == r.Kind && slices.Equal(x.Cohorts, r.Cohorts) && slices.Equal(x.Fields, r.Fields) &&
			(x.State == disclosure.Asked || x.Open(a.Now()))
	})
	switch {
	case i >= 0 && list[i].State == disclosure.Approved:
		return e.TakeRevealed(ctx, who, list[i].ID, w)
	case i < 0:
		if r, err = e.Ask(ctx, who, r); err != nil {
			return err
		}
	default:
		r = list[i]
	}
	return fault.Conflictf("", "申请 %s（%s）等另一位就业中心的同事在“导出—敏感列申请”页批准；批准后 24 小时内再运行同一条命令即可取得文件",
		r.ID, strings.Join(r.Fields, "、"))
}
