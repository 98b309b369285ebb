package app

import (
	"context"
	"slices"

	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/destination"
	"quxiang/internal/domain/history"
	"quxiang/internal/domain/indicator"
	"quxiang/internal/domain/roster"
	"quxiang/internal/store"
)

// warm brings the arrays up to date for the query's cohorts. A visitor who leaves
// does not break off what the next one needs.
func (f *Figures) warm(ctx context.Context, q *indicator.Query) (*indicator.Columns, indicator.Env, error) {
	f.building.Lock()
	defer f.building.Unlock()
	ctx = context.WithoutCancel(ctx)
	if err := f.build(ctx); err != nil {
		return nil, indicator.Env{}, err
	}
	if err := f.catchUp(ctx, q.Cohorts); err != nil {
		f.columns = nil // half-read arrays are built anew
		return nil, indicator.Env{}, err
	}
	env, err := f.Env(ctx)
	return f.columns, env, err
}

// build makes the arrays anew where there are none, or where the table that says
// which codes stand for no work is another than the arrays were folded by.
func (f *Figures) build(ctx context.Context) error {
	book := f.book()
	classes := book.Versions()["destination"]
	if f.columns != nil && f.classes == classes {
		return nil
	}
	fresh := indicator.NewColumns(destination.NoWork(book))
	if f.held == nil {
		f.forgetStale() // what is read now has it
		err := f.work.beside(func(put func(string, []history.Event)) error {
			return f.read(ctx, fresh, store.HistorySelection{Brief: true}, put)
		})
		if err != nil {
			return err
		}
	} else {
		f.held = map[string]bool{}
	}
	f.columns, f.classes = fresh, classes
	return nil
}

func (f *Figures) forgetStale() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	stale := f.stale
	f.stale = nil
	slices.Sort(stale)
	return slices.Compact(stale)
}

// batch is how many graduates one question to the store names.
const batch = 5000

func (f *Figures) catchUp(ctx context.Context, cohorts []string) error {
	for some := range slices.Chunk(f.forgetStale(), batch) {
		if err := f.read(ctx, f.columns, store.HistorySelection{Graduates: some, Brief: true}); err != nil {
			return err
		}
	}
	var missing []string
	for _, c := range cohorts {
		if f.held != nil && !f.held[c] {
			missing = append(missing, c)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	if err := f.read(ctx, f.columns, store.HistorySelection{Cohorts: missing, Brief: true}); err != nil {
		return err
	}
	for _, c := range missing {
		f.held[c] = true
	}
	return nil
}

// read puts the selected histories into the arrays, and hands them on to others
// who want them too.
func (f *Figures) read(ctx context.Context, into *indicator.Columns, sel store.HistorySelection, also ...func(string, []history.Event)) error {
	return f.store.EachHistory(ctx, sel, func(graduate string, events []history.Event) error {
		for i := range events {
			if err := events[i].Unseal(f.vault); err != nil {
				return err
			}
		}
		into.Put(graduate, events)
		for _, put := range also {
			put(graduate, events)
		}
		return nil
	})
}

// currentNames returns the names of the school's units and of the code tables.
// They are those made before, as long as the book and the list of units are the same.
func (f *Figures) currentNames(ctx context.Context, book *codes.Book) (indicator.Names, error) {
	units, err := f.store.Units(ctx)
	if err != nil {
		return nil, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.names != nil && f.namers.book == book && sameList(f.namers.units, units) {
		return f.names, nil
	}
	byDim := map[indicator.Dim][]indicator.Unit{"college": {}, "major": {}, "class": {}}
	for _, u := range units {
		d := indicator.Dim(u.Kind)
		byDim[d] = append(byDim[d], indicator.Unit{ID: u.ID, Name: u.Name})
	}
	f.names, f.namers = indicator.NewNames(book, byDim), namers{book, units}
	return f.names, nil
}

// namers are what names are made from.
type namers struct {
	book  *codes.Book
	units []roster.Unit
}

// sameList reports that two lists are one: the store gives the same until units
// are added.
func sameList(a, b []roster.Unit) bool {
	return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0])
}

// touch notes that the graduates' histories changed.
func (f *Figures) touch(graduates []string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.stale = append(f.stale, graduates...)
	f.news++
}
