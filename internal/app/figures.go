package app

import (
	"context"
	"slices"
	"sync"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/history"
	"quxiang/internal/domain/indicator"
	"quxiang/internal/store"
)

// Figures counts statistics from warm arrays: built when first asked for, and
// brought up to date before each count, so that what was acknowledged counts.
type Figures struct {
	store  *store.Store
	vault  history.Vault
	book   func() *codes.Book
	school func() indicator.School
	now    func() calendar.Instant

	building sync.Mutex // held while histories are read into the arrays
	columns  *indicator.Columns
	noWork   *codes.Book     // the book whose classes the arrays were folded by
	held     map[string]bool // cohorts whose people are in the arrays; nil: everybody is

	mu    sync.Mutex
	stale []string // graduates with events that the arrays have not seen
	names *indicator.CodeNames
}

// touch notes that the graduates' histories changed.
func (f *Figures) touch(graduates []string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.stale = append(f.stale, graduates...)
	f.names = nil // a new unit may have come with them
}

// sensitive dimensions need a permission of their own.
var sensitive = []indicator.Dim{"difficulty", "ethnicity"}

// Count counts a table for the actor, within the actor's scope.
func (f *Figures) Count(ctx context.Context, who access.Actor, q indicator.Query) (indicator.Table, error) {
	columns, env, err := f.ready(ctx, who, &q, access.ViewFigures)
	if err != nil {
		return indicator.Table{}, err
	}
	return columns.Count(q, env)
}

// Public counts a table for everybody, with small numbers withheld.
func (f *Figures) Public(ctx context.Context, q indicator.Query) (indicator.Table, []indicator.Hidden, error) {
	q.Within = access.School()
	columns, env, err := f.warm(ctx, &q)
	if err != nil {
		return indicator.Table{}, nil, err
	}
	t, err := columns.Count(q, env)
	if err != nil {
		return t, nil, err
	}
	t, hidden := indicator.Suppress(t)
	return t, hidden, nil
}

// People returns whom a number counts, within the actor's scope.
func (f *Figures) People(ctx context.Context, who access.Actor, q indicator.Query, sel indicator.Selection) ([]string, error) {
	columns, env, err := f.ready(ctx, who, &q, access.ViewPeople)
	if err != nil {
		return nil, err
	}
	return columns.People(q, env, sel)
}

// Differences returns who moved between two moments, within the actor's scope.
func (f *Figures) Differences(ctx context.Context, who access.Actor, q indicator.Query, from, to indicator.Moment) (indicator.Differences, error) {
	columns, env, err := f.ready(ctx, who, &q, access.ViewPeople)
	if err != nil {
		return indicator.Differences{}, err
	}
	return columns.Differences(q, env, from, to)
}

// Rows returns everybody whom a table counts, for frozen figures.
func (f *Figures) Rows(ctx context.Context, q indicator.Query) ([]indicator.PersonRow, error) {
	q.Within = access.School()
	columns, env, err := f.warm(ctx, &q)
	if err != nil {
		return nil, err
	}
	return columns.Rows(q, env)
}

// Cohorts returns the years that somebody was ever in, oldest first.
func (f *Figures) Cohorts(ctx context.Context) ([]string, error) { return f.store.Cohorts(ctx) }

// Names returns what keys of dimensions are called.
func (f *Figures) Names(ctx context.Context) (indicator.Names, error) {
	return f.currentNames(ctx, f.book())
}

// Env is what tables are named and laid out by.
func (f *Figures) Env(ctx context.Context) (indicator.Env, error) {
	book := f.book()
	names, err := f.currentNames(ctx, book)
	return indicator.Env{Now: f.now(), Book: book, School: f.school(), Names: names}, err
}

// ready checks the permission, narrows the query to the actor's scope and warms
// the arrays.
func (f *Figures) ready(ctx context.Context, who access.Actor, q *indicator.Query, p access.Permission) (*indicator.Columns, indicator.Env, error) {
	if err := who.May(p); err != nil {
		return nil, indicator.Env{}, err
	}
	q.Within = who.Within(p)
	for _, d := range q.By {
		if slices.Contains(sensitive, d) {
			q.Within = q.Within.Both(who.Within(access.ViewSensitiveAgg))
		}
	}
	for _, c := range q.Where {
		if slices.Contains(sensitive, c.Dim) {
			q.Within = q.Within.Both(who.Within(access.ViewSensitiveAgg))
		}
	}
	if q.Within.Empty() {
		return nil, indicator.Env{}, fault.Forbiddenf("", "当前账号无权查看这项统计，请联系就业中心")
	}
	return f.warm(ctx, q)
}

// warm brings the arrays up to date for the query's cohorts.
func (f *Figures) warm(ctx context.Context, q *indicator.Query) (*indicator.Columns, indicator.Env, error) {
	f.building.Lock()
	defer f.building.Unlock()
	book := f.book()
	if f.columns == nil || f.noWork != book {
		f.columns, f.noWork = indicator.NewColumns(noWork(book)), book
		if f.held != nil {
			f.held = map[string]bool{}
		} else if err := f.read(ctx, store.HistorySelection{Brief: true}); err != nil {
			return nil, indicator.Env{}, err
		}
	}
	if err := f.catchUp(ctx, q.Cohorts); err != nil {
		f.columns = nil // half-read arrays are built anew
		return nil, indicator.Env{}, err
	}
	env, err := f.Env(ctx)
	return f.columns, env, err
}

func (f *Figures) catchUp(ctx context.Context, cohorts []string) error {
	f.mu.Lock()
	stale := f.stale
	f.stale = nil
	f.mu.Unlock()
	var missing []string
	for _, c := range cohorts {
		if f.held != nil && !f.held[c] {
			missing = append(missing, c)
		}
	}
	if len(stale) > 0 {
		slices.Sort(stale)
		if err := f.read(ctx, store.HistorySelection{Graduates: slices.Compact(stale), Brief: true}); err != nil {
			f.touch(stale)
			return err
		}
	}
	if len(missing) == 0 {
		return nil
	}
	if err := f.read(ctx, store.HistorySelection{Cohorts: missing, Brief: true}); err != nil {
		return err
	}
	for _, c := range missing {
		f.held[c] = true
	}
	return nil
}

// read puts the selected histories into the arrays.
func (f *Figures) read(ctx context.Context, sel store.HistorySelection) error {
	return f.store.EachHistory(ctx, sel, func(graduate string, events []history.Event) error {
		for i := range events {
			if err := events[i].Unseal(f.vault); err != nil {
				return err
			}
		}
		f.columns.Put(graduate, events)
		return nil
	})
}

// noWork asks the code table for the class 未就业.
func noWork(book *codes.Book) history.NoWork {
	table := book.Table("destination")
	return func(_, code string) bool {
		c, ok := table.Find(code)
		return ok && c.Class == "未就业"
	}
}

// currentNames returns the names of the school's units and of the code tables.
func (f *Figures) currentNames(ctx context.Context, book *codes.Book) (indicator.Names, error) {
	f.mu.Lock()
	names := f.names
	f.mu.Unlock()
	if names != nil {
		return names, nil
	}
	units, err := f.store.Units(ctx)
	if err != nil {
		return nil, err
	}
	byDim := map[indicator.Dim][]indicator.Unit{"college": {}, "major": {}, "class": {}}
	for _, u := range units {
		d := indicator.Dim(u.Kind)
		byDim[d] = append(byDim[d], indicator.Unit{ID: u.ID, Name: u.Name})
	}
	names = indicator.NewNames(book, byDim)
	f.mu.Lock()
	f.names = names
	f.mu.Unlock()
	return names, nil
}
