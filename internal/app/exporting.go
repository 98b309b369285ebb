package app

import (
	"cmp"
	"context"
	"errors"
	"io"
	"iter"
	"strings"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/employer"
	"quxiang/internal/domain/external"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/reference"
	"quxiang/internal/gateway/sheet"
)

// ExportOptions are what an export may be told.
type ExportOptions struct {
	Cohorts []string                                                               // none: all
	AsOf    calendar.When                                                          // of destinations; zero: now
	Layout  string                                                                 // moe-39, moe-74, or blank for all our columns
	Format  string                                                                 // xlsx or csv
	Purpose string                                                                 // what it is for; written down; may be blank
	Keep    func(ctx context.Context, graduates []string) (map[string]bool, error) // who may be in it; nil: all
	Whom    func(graduate string)                                                  // is told who is
	Number  string                                                                 // of the export; blank: Export gives one
	Most    int                                                                    // people that may be in it; 0: any number
	Shown   func(ctx context.Context, graduates []string) error                    // notes whom it held; nil: nobody is noted
	Reveal  []string                                                               // secret fields of persons, as an approved request says; set by nobody else
}

// rowsOf is a prepared export: header and rows.
type rowsOf struct {
	header []string
	walk   func(ctx context.Context, fn func(cells []string) error) error
	left   func() int // how many the walk kept out; nil: it keeps nobody out
}

// exportKinds are the tables that can be exported with what prepares them.
// Reference data is the school's: it has no cohort, cut or layout.
var exportKinds = []struct {
	kind    string
	ofAll   bool
	prepare func(a *App, who access.Actor, o ExportOptions) (rowsOf, error)
}{
	{"roster", false, func(a *App, who access.Actor, o ExportOptions) (rowsOf, error) {
		e, err := a.Roster.Export(who, o.Cohorts, o.Layout)
		if err != nil {
			return rowsOf{}, err
		}
		e.Purpose, e.Reveal, e.Keep, e.Whom, e.Number, e.Most, e.Shown = o.Purpose, o.Reveal, o.Keep, o.Whom, o.Number, o.Most, o.Shown
		return rowsOf{e.Header, e.Rows, func() int { return e.LeftOut }}, nil
	}},
	{"destinations", false, func(a *App, who access.Actor, o ExportOptions) (rowsOf, error) {
		e, err := a.Importer.Export(who, o.Cohorts, o.AsOf, o.Layout)
		if err != nil {
			return rowsOf{}, err
		}
		e.Purpose, e.Reveal, e.Keep, e.Whom, e.Number, e.Most, e.Shown = o.Purpose, o.Reveal, o.Keep, o.Whom, o.Number, o.Most, o.Shown
		return rowsOf{e.Header, e.Rows, e.LeftOut}, nil
	}},
	{"employers", true, func(a *App, who access.Actor, _ ExportOptions) (rowsOf, error) {
		return ofEmployers(a.Employers.Export(who))
	}},
	{"hospital-levels", true, func(a *App, who access.Actor, _ ExportOptions) (rowsOf, error) {
		return ofEmployers(a.Employers.ExportLevels(who))
	}},
	{"minimum-wages", true, referenceRows(reference.MinimumWages)},
	{"institutions", true, referenceRows(reference.Institutions)},
	{"codes", true, referenceRows(reference.Codes)},
	{external.Kind, true, func(a *App, who access.Actor, _ ExportOptions) (rowsOf, error) {
		e, err := a.Externals.Export(who)
		if err != nil {
			return rowsOf{}, err
		}
		return rowsOf{header: e.Header, walk: e.Rows}, nil
	}},
}

func ofEmployers(e *employer.Export, err error) (rowsOf, error) {
	if err != nil {
		return rowsOf{}, err
	}
	return rowsOf{header: e.Header, walk: e.Rows}, nil
}

func referenceRows(kind reference.Kind) func(a *App, who access.Actor, _ ExportOptions) (rowsOf, error) {
	return func(a *App, who access.Actor, _ ExportOptions) (rowsOf, error) {
		e, err := a.Reference.Export(who, kind)
		if err != nil {
			return rowsOf{}, err
		}
		return rowsOf{header: e.Header, walk: e.Rows}, nil
	}
}

// exportEvents is the export that is no table and that no import reads.
const exportEvents = "events"

// ExportKinds lists what can be exported.
var ExportKinds = func() []string {
	var out []string
	for _, k := range exportKinds {
		out = append(out, k.kind)
	}
	return append(out, exportEvents)
}()

// Export writes a file that import reads, or the events of a cohort. A file of
// people is marked with whose it is.
// Error: fault.Usage for an unknown kind, layout or format, and for a cohort, cut
// or layout of what has none.
func (a *App) Export(ctx context.Context, who access.Actor, kind string, o ExportOptions, w io.Writer) error {
	if kind == exportEvents {
		if len(o.Cohorts) != 1 {
			return fault.Usagef("cohort", "事件按届导出，请用 --cohort 写明一届")
		}
		_, _, err := a.Releases.ExportEvents(ctx, who, o.Cohorts[0], w)
		return err
	}
	for _, k := range exportKinds {
		if k.kind != kind {
			continue
		}
		if k.ofAll && (len(o.Cohorts) > 0 || !o.AsOf.IsZero() || o.Layout != "") {
			return fault.Usagef("kind", "“%s”是全校共用的资料，不分届别、时点和样式，请去掉 --cohort、--as-of 和 --layout", kind)
		}
		if !k.ofAll {
			return a.exportPeople(ctx, who, kind, o, w)
		}
		rows, err := k.prepare(a, who, o)
		if err != nil {
			return err
		}
		return writeTable(w, o.Format, a.Now(), kind, rows.header, nil, pulled(ctx, rows.walk))
	}
	return fault.Usagef("kind", "不能导出“%s”，可导出的有：%s", kind, strings.Join(ExportKinds, "、"))
}

// exportPeople writes a marked file of people and notes whom it held. A command's
// are not noted one by one: it may run each night over the whole school.
func (a *App) exportPeople(ctx context.Context, who access.Actor, kind string, o ExportOptions, w io.Writer) error {
	m, err := a.newMark(ctx, who, cmp.Or(o.Number, a.Disclosures.NewID()), o.Purpose)
	if err != nil {
		return err
	}
	o.Number = m.number
	if who.Person() {
		o.Shown = a.Store.MarkShown
	}
	rows, err := preparedExport(a, who, kind, o)
	if err != nil {
		return err
	}
	return m.write(ctx, w, o.Format, kind, rows)
}

// errStop ends a walk whose reader wants no more.
var errStop = errors.New("stop")

// pulled turns a walk with a callback into a sequence.
func pulled(ctx context.Context, walk func(context.Context, func([]string) error) error) iter.Seq2[[]string, error] {
	return func(yield func([]string, error) bool) {
		err := walk(ctx, func(cells []string) error {
			if !yield(cells, nil) {
				return errStop
			}
			return nil
		})
		if err != nil && !errors.Is(err, errStop) {
			yield(nil, err)
		}
	}
}

// WriteTable writes a table as csv or xlsx; number marks the columns of numbers.
func WriteTable(w io.Writer, format, title string, header []string, number []bool, rows [][]string) error {
	return writeTable(w, format, 0, title, header, number, func(yield func([]string, error) bool) {
		for _, r := range rows {
			if !yield(r, nil) {
				return
			}
		}
	})
}

func writeTable(w io.Writer, format string, made calendar.Instant, title string, header []string, number []bool, rows iter.Seq2[[]string, error]) error {
	t := sheet.Table{Name: title, Rows: rows}
	for i, h := range header {
		t.Columns = append(t.Columns, sheet.Column{Title: h, Number: i < len(number) && number[i]})
	}
	switch format {
	case "csv":
		return sheet.WriteCSV(w, t)
	case "xlsx":
		return sheet.WriteXLSX(w, sheet.Book{Made: made.Time(), Tables: []sheet.Table{t}})
	}
	return fault.Usagef("format", "不能写成“%s”，请用 .xlsx 或 .csv", format)
}

// FormatOf tells the format of a table file from its name: xlsx unless it ends
// in .csv.
func FormatOf(name string) string {
	if strings.HasSuffix(strings.ToLower(name), ".csv") {
		return "csv"
	}
	return "xlsx"
}
