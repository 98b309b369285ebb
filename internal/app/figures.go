package app

import (
	"context"
	"slices"
	"strings"
	"sync"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/history"
	"quxiang/internal/domain/indicator"
	"quxiang/internal/domain/release"
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
	work   *Worklists // reads everybody's histories along with the arrays
	memory remembered

	building sync.Mutex // held while histories are read into the arrays
	columns  *indicator.Columns
	classes  string          // version of the destination codes that the arrays were folded by
	held     map[string]bool // cohorts whose people are in the arrays; nil: everybody is

	mu     sync.Mutex
	stale  []string // graduates with events that the arrays have not seen
	news   int      // counts the touches
	names  *indicator.CodeNames
	namers namers // of names
}

// sensitive dimensions need a permission of their own.
var sensitive = []indicator.Dim{"difficulty", "ethnicity"}

// Count counts a table for the actor, within the actor's scope.
func (f *Figures) Count(ctx context.Context, who access.Actor, q indicator.Query) (indicator.Table, error) {
	g := f.ground()
	columns, env, err := f.ready(ctx, who, &q, access.ViewFigures)
	if err != nil {
		return indicator.Table{}, err
	}
	return f.count(g, q, columns, env)
}

// Public counts a table for everybody: of the whole school, or by level. What is
// finer leaves the house with a release only, frozen and with small numbers
// withheld: two days of it would tell what happened to one person in between.
// Error: fault.Invalid for such a table.
func (f *Figures) Public(ctx context.Context, q indicator.Query) (indicator.Table, error) {
	if !release.AsItIs(q) {
		return indicator.Table{}, fault.Invalidf("by", "未发布的数据对外只有全校合计和按学历层次的表；更细的表随快照发布，请用 snapshot show --public")
	}
	q.Within = access.School()
	g := f.ground()
	columns, env, err := f.warm(ctx, &q)
	if err != nil {
		return indicator.Table{}, err
	}
	return f.count(g, q, columns, env)
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
// It is asked on every page, and the store reads everybody to answer it.
func (f *Figures) Cohorts(ctx context.Context) ([]string, error) {
	return recall(f, f.ground(), "cohorts", func() ([]string, error) { return f.store.Cohorts(ctx) })
}

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
	asked := sensitiveOf(q)
	if len(asked) > 0 {
		q.Within = q.Within.Both(who.Within(access.ViewSensitiveAgg))
	}
	if q.Within.Empty() {
		return nil, indicator.Env{}, fault.Forbiddenf("", "当前账号无权查看这项统计，请联系就业中心")
	}
	if len(asked) > 0 {
		if err := f.noteSensitive(ctx, who, q.Table, asked); err != nil {
			return nil, indicator.Env{}, err
		}
	}
	return f.warm(ctx, q)
}

// sensitiveOf lists the dimensions of the query that need a permission of their own.
func sensitiveOf(q *indicator.Query) (out []string) {
	dims := slices.Clone(q.By)
	for _, c := range q.Where {
		dims = append(dims, c.Dim)
	}
	for _, d := range sensitive {
		if slices.Contains(dims, d) {
			out = append(out, string(d))
		}
	}
	return out
}

// noteSensitive writes down who looked at figures by such dimensions.
func (f *Figures) noteSensitive(ctx context.Context, who access.Actor, table string, dims []string) error {
	return f.store.InTx(ctx, func(ctx context.Context) error {
		return f.store.Write(ctx, who, string(access.ViewSensitiveAgg), table, map[string]string{"by": strings.Join(dims, ",")})
	})
}
