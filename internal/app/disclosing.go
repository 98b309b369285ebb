package app

import (
	"bytes"
	"context"
	"io"
	"slices"
	"strings"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/disclosure"
	"quxiang/internal/domain/exchange"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/privacy"
	"quxiang/internal/domain/roster"
	"quxiang/internal/web"
)

// PeopleExports writes tables of people for pages.
type PeopleExports struct {
	*disclosure.Service
	app *App
}

// ExportPeople writes an xlsx table of as many people as one person may take alone.
// Errors: those of Export; fault.Invalid without a purpose; fault.Conflict, field
// "alone", with more people.
func (e PeopleExports) ExportPeople(ctx context.Context, who access.Actor, ask web.ExportAsk, w io.Writer) error {
	if err := disclosure.CheckPurpose(ask.Purpose); err != nil {
		return err
	}
	return e.app.Export(ctx, who, ask.Kind, ExportOptions{Cohorts: ask.Cohorts, AsOf: ask.AsOf, Layout: ask.Layout, Format: "xlsx", Purpose: ask.Purpose,
		Most: e.app.Settings.Values().Privacy.ExportAlone}, w)
}

// ExportList writes a list of people as it is on a page. Errors: those of
// ExportPeople.
func (e PeopleExports) ExportList(ctx context.Context, who access.Actor, l web.ListFile, w io.Writer) error {
	if err := disclosure.CheckPurpose(l.Purpose); err != nil {
		return err
	}
	if most := e.app.Settings.Values().Privacy.ExportAlone; len(l.People) > most {
		return roster.TooMany(most)
	}
	m, err := e.app.newMark(ctx, who, e.NewID(), l.Purpose)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	rows := rowsOf{header: l.Header, walk: func(_ context.Context, fn func([]string) error) error {
		for _, r := range l.Rows {
			if err := fn(r); err != nil {
				return err
			}
		}
		return nil
	}}
	if err := m.write(ctx, &b, "xlsx", l.Title, rows); err != nil {
		return err
	}
	taken := roster.TakenList{Number: m.number, List: l.List, Purpose: l.Purpose, People: l.People, Shown: e.app.Store.MarkShown}
	if err := e.app.Roster.Exported(ctx, who, taken); err != nil {
		return err // what could not be written down is not handed out
	}
	_, err = w.Write(b.Bytes())
	return err
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
	o := ExportOptions{Cohorts: r.Cohorts, Purpose: r.Purpose, Reveal: r.Fields, Layout: r.Layout, Number: r.ID, Whom: func(id string) { *whom = append(*whom, id) }}
	if r.AsOf != "" {
		when, err := calendar.ParseWhen(r.AsOf)
		if err != nil {
			return err
		}
		o.AsOf = when
	}
	if r.Kind == "destinations" && len(r.Fields) > 0 {
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
	m, err := e.app.newMark(ctx, who, r.ID, r.Purpose)
	if err != nil {
		return err
	}
	people, err := e.app.Accounts.People(ctx, []string{r.DecidedBy})
	if err != nil {
		return err
	}
	m.more = [][]string{{"给谁", recipientTitle(r.Recipient)}, {"批准的人", people[r.DecidedBy].Name}}
	if len(r.Fields) > 0 {
		m.more = append(m.more, []string{"含敏感列", strings.Join(titlesOf(r.Fields), "、")})
	}
	err = m.write(ctx, b, "xlsx", r.Kind, rows)
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

// titlesOf are fields of a person as columns are headed.
func titlesOf(fields []string) (out []string) {
	for _, f := range fields {
		out = append(out, exchange.Title(exchange.Person, f))
	}
	return out
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
	return fault.Conflictf("", "申请 %s（%s）等另一位就业中心的同事在“导出—导出申请”页批准；批准后 24 小时内再运行同一条命令即可取得文件",
		r.ID, strings.Join(r.Fields, "、"))
}
