package transfer

import (
	"cmp"
	"context"
	"slices"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/audit"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/destination"
	"quxiang/internal/domain/exchange"
	"quxiang/internal/domain/history"
	"quxiang/internal/domain/roster"
)

// Export yields, for each graduate, the case that runs at a moment, in columns
// that Destinations reads: importing the file again changes nothing.
type Export struct {
	Header  []string
	Purpose string   // as of a roster's export
	Reveal  []string // as of a roster's export
	Keep    func(ctx context.Context, graduates []string) (map[string]bool, error)
	Whom    func(graduate string)
	Number  string // as of a roster's export
	Most    int    // as of a roster's export
	Shown   func(ctx context.Context, graduates []string) error
	service *Service
	within  access.Scope
	asOf    calendar.When
	columns []exchange.Column
	people  *roster.Export // fills the columns of the person
	from    []int          // for each column of a person its place in the row of people
}

// Export prepares the destinations of the cohorts (all for none) within the
// actor's scope at a moment (now if zero), in the layout moe-39 or moe-74, or
// blank for the two numbers, the name and every column of a destination. Secret
// cells are blank, and so is the destination of who is unregistered, disputed or
// struck ones included.
//
// Errors: fault.Forbidden; fault.Usage for an unknown layout.
func (s *Service) Export(who access.Actor, cohorts []string, asOf calendar.When, layout string) (*Export, error) {
	people := &roster.Service{Store: s.Store, Audit: exportLog{s.Audit}, Vault: s.Vault, Book: s.Book, NewID: s.NewID, Now: s.Now}
	e := &Export{service: s, within: who.Within(access.ExportPeople), asOf: asOf}
	var err error
	if e.people, err = people.Export(who, cohorts, layout); err != nil {
		return nil, err
	}
	if layout == "" {
		e.columns = append(exchange.Numbers(), exchange.Field(exchange.Person, "name")...)
		e.columns = append(e.columns, exchange.Columns(exchange.Destination)...)
	} else if e.columns, err = exchange.Layout(layout); err != nil {
		return nil, err
	}
	for _, c := range e.columns {
		e.Header = append(e.Header, c.Title)
		e.from = append(e.from, slices.Index(e.people.Header, c.Title))
	}
	return e, nil
}

// exportLog writes the export down under its own name.
type exportLog struct{ audit.Log }

// Write takes the audit entry of the roster's export as one of destinations.
func (l exportLog) Write(ctx context.Context, who access.Actor, _, subject string, detail map[string]string) error {
	return l.Log.Write(ctx, who, "destination.export", subject, detail)
}

// Rows calls fn with one row after another, by cohort and id, and writes down that
// somebody exports. Errors: those of a roster's export.
func (e *Export) Rows(ctx context.Context, fn func(cells []string) error) error {
	e.people.Purpose, e.people.Reveal, e.people.Keep, e.people.Whom = e.Purpose, e.Reveal, e.Keep, e.Whom
	e.people.Number, e.people.Most, e.people.Shown = e.Number, e.Most, e.Shown
	var page [][]string
	err := e.people.Rows(ctx, func(cells []string) error {
		page = append(page, slices.Clone(cells))
		if len(page) < chunkSize {
			return nil
		}
		defer func() { page = page[:0] }()
		return e.page(ctx, page, fn)
	})
	if err != nil {
		return err
	}
	return e.page(ctx, page, fn)
}

// LeftOut is how many were kept out of the file.
func (e *Export) LeftOut() int { return e.people.LeftOut }

// page completes some rows of people with their destinations.
func (e *Export) page(ctx context.Context, rows [][]string, fn func([]string) error) error {
	numbers := make([]exchange.Values, len(rows))
	for i, r := range rows {
		numbers[i] = exchange.Values{}
		for _, c := range exchange.Numbers() {
			numbers[i][c.Field] = r[slices.Index(e.people.Header, c.Title)]
		}
	}
	found, err := findPeople(ctx, e.service.Store, e.within, numbers)
	if err != nil {
		return err
	}
	ids := make([]string, len(rows))
	for i, v := range numbers {
		ids[i] = cmp.Or(found.exam[v["exam_no"]].ID, found.student[v["student_no"]].ID)
	}
	events, err := e.service.Store.Histories(ctx, e.within, ids)
	if err != nil {
		return err
	}
	book := e.service.Book()
	for i, r := range rows {
		c := running(book, events[ids[i]], e.asOf, found.byID[ids[i]].Attrs.Value(history.Cohort), e.service.Now())
		out := make([]string, len(e.columns))
		for k, col := range e.columns {
			switch {
			case col.Group == exchange.Destination:
				out[k] = cell(book, c, col)
			case e.from[k] >= 0:
				out[k] = r[e.from[k]]
			}
		}
		if err := fn(out); err != nil {
			return err
		}
	}
	return nil
}

// running is what the case that runs at the moment says; zero for who is
// unregistered then. Sealed fields stay out of it.
func running(book *codes.Book, events []history.Event, asOf calendar.When, cohort string, now calendar.Instant) history.Content {
	f := history.NewFold(destination.NoWork(book))
	for i := range events {
		f.Apply(&events[i])
	}
	cut := calendar.Cut{True: now}
	if !asOf.IsZero() {
		cut.True = asOf.For(cohort)
	}
	s := f.On(cut.LastDay())
	if s.Detail != history.Registered {
		return history.Content{}
	}
	return f.Case(s.Case).Standing().Content
}

// cell is the value of a column as Destinations reads it back. What an import
// would take for something else (**CLEAR**, a masked value) stays blank.
func cell(book *codes.Book, c history.Content, col exchange.Column) string {
	v := payload(book, c, col.Field)
	switch {
	case v == "" || col.Secret:
		return ""
	case col.Form == exchange.Coded && col.Part == exchange.NamePart:
		return nameOf(book.Table(col.Table), v)
	case col.Form == exchange.Coded:
		return cmp.Or(book.Export(col.Table, v), v)
	case codes.Normalize(v) == exchange.Clear || !col.Stars && codes.Masked(v):
		return ""
	}
	return v
}

// payload is the value of a field of a content. Of further study the ministry's
// 单位名称 names the school.
func payload(book *codes.Book, c history.Content, field string) string {
	switch {
	case field == "code":
		return c.Code
	case field == "true_on":
		return string(c.TrueOn)
	case field == "employer_name" && c.Code != "" && destination.DomesticStudy(book, c.Scheme, c.Code):
		field = "school_name"
	}
	if i := slices.Index(history.CountedNames[:], field); i >= 0 {
		return c.Counts.Plain().Values()[i]
	}
	return c.Fields.Plain()[field]
}

// nameOf is the name of a code; of a region whose name several have, with the
// names above it; the code itself where no name leads back to it.
func nameOf(t *codes.Table, code string) string {
	name := ""
	for c, ok := t.Find(code); ok; c, ok = t.Find(c.Parent) {
		name = c.Name + name
		if back, found := t.ByName(name); found && back.Code == code {
			return name
		}
	}
	return code
}
