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
	_, err := e.Take(ctx, who, id, func(r disclosure.Request) error {
		layout := ""
		if r.Kind == "destinations" {
			layout = exchange.MOE39 // the layout that has columns of the person
		}
		rows, err := preparedExport(e.app, who, r.Kind, ExportOptions{Cohorts: r.Cohorts, Layout: layout, Purpose: r.Purpose, Reveal: r.Fields})
		if err != nil {
			return err
		}
		t := sheet.Table{Name: r.Kind, Rows: pulled(ctx, rows.walk)}
		for _, h := range rows.header {
			t.Columns = append(t.Columns, sheet.Column{Title: h})
		}
		return sheet.WriteXLSX(&b, sheet.Book{Made: e.app.Now().Time(), Tables: []sheet.Table{t, e.mark(r)}})
	})
	if err != nil {
		return err
	}
	_, err = w.Write(b.Bytes())
	return err
}

// mark is the sheet that says whose file it is.
func (e PeopleExports) mark(r disclosure.Request) sheet.Table {
	return plainTable("导出说明", []string{"项", "内容"}, [][]string{
		{"本文件含敏感个人信息", "只用于下面写的用途，用完删除，不要转发"},
		{"用途", r.Purpose}, {"申请账号", r.Account}, {"批准账号", r.DecidedBy},
		{"申请编号", r.ID}, {"导出时间", e.app.Now().Time().Format("2006-01-02 15:04")},
	})
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
