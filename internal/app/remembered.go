package app

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/indicator"
)

// remembered keeps what was counted last, for as long as it holds: until
// something is written, or the codes or the school's settings change. A
// statistics page asks for the same dozen answers again and again. What is
// kept is shared: nobody may change it.
type remembered struct {
	mu     sync.Mutex
	holds  ground
	kept   map[string]any
	oldest []string // keys, the longest unused first
}

// ground is what every counted answer stands on.
type ground struct {
	news   int // touches
	book   *codes.Book
	school indicator.School
}

// maxRemembered bounds the answers that are kept. A table is some kilobytes; who
// moved between two days of a large cohort is the largest, some hundred.
const maxRemembered = 256

// ground is what an answer given now stands on.
func (f *Figures) ground() ground {
	f.mu.Lock()
	defer f.mu.Unlock()
	return ground{f.news, f.book(), f.school()}
}

// recall returns the answer that is kept under the key, or else the one that
// count gives, which is kept. The ground is to be noted before the arrays are
// brought up to date: what is written meanwhile makes the answer one of before.
func recall[T any](f *Figures, g ground, key string, count func() (T, error)) (T, error) {
	if v, ok := f.memory.get(g, key); ok {
		return v.(T), nil
	}
	v, err := count()
	if err == nil {
		f.memory.put(g, key, v)
	}
	return v, err
}

func (m *remembered) get(g ground, key string) (any, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	v, ok := m.kept[key]
	if !ok || m.holds != g {
		return nil, false
	}
	at := slices.Index(m.oldest, key)
	m.oldest = append(slices.Delete(m.oldest, at, at+1), key)
	return v, true
}

func (m *remembered) put(g ground, key string, v any) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.holds != g {
		if m.holds.news > g.news {
			return // counted on what is no longer so
		}
		m.holds, m.kept, m.oldest = g, nil, nil
	}
	if m.kept == nil {
		m.kept = map[string]any{}
	}
	if _, ok := m.kept[key]; ok {
		return
	}
	if len(m.oldest) >= maxRemembered {
		delete(m.kept, m.oldest[0])
		m.oldest = m.oldest[1:]
	}
	m.kept[key], m.oldest = v, append(m.oldest, key)
}

// keyOf names a question. Where it asks about now, the day is part of it:
// with nothing written, a day says the same from morning to evening. Texts are
// quoted: two conditions never read as one with a space in it.
func (f *Figures) keyOf(what string, q indicator.Query, more ...any) string {
	return fmt.Sprintf("%s %s %#v %#v", what, calendar.DayOf(f.now()), q, more)
}

// count counts a table, or remembers it. What was asked of now is told of the
// present moment, also if it was counted an hour ago.
func (f *Figures) count(g ground, q indicator.Query, columns *indicator.Columns, env indicator.Env) (indicator.Table, error) {
	t, err := recall(f, g, f.keyOf("count", q), func() (indicator.Table, error) { return columns.Count(q, env) })
	if err != nil {
		return t, err
	}
	now := env.Now + 1
	t.Rows = slices.Clone(t.Rows)
	if q.AsOf.IsZero() {
		t.AsOf = &now
	}
	if q.KnownAt.IsZero() {
		t.KnownAt = &now
	}
	for i := range t.Rows {
		if q.AsOf.IsZero() {
			t.Rows[i].AsOf = now
		}
		if q.KnownAt.IsZero() {
			t.Rows[i].KnownAt = now
		}
	}
	return t, nil
}

// Curve follows one cell of one cohort over some days, within the actor's scope.
func (f *Figures) Curve(ctx context.Context, who access.Actor, q indicator.Query, cell string, days []calendar.Day) ([]indicator.Point, error) {
	g := f.ground()
	columns, env, err := f.ready(ctx, who, &q, access.ViewFigures)
	if err != nil {
		return nil, err
	}
	return recall(f, g, f.keyOf("curve", q, cell, days), func() ([]indicator.Point, error) { return columns.Curve(q, env, cell, days) })
}

// Evidence sorts the people of a cell by the strongest fact behind their case,
// within the actor's scope.
func (f *Figures) Evidence(ctx context.Context, who access.Actor, q indicator.Query, cell string) (indicator.Evidence, error) {
	g := f.ground()
	columns, env, err := f.ready(ctx, who, &q, access.ViewFigures)
	if err != nil {
		return indicator.Evidence{}, err
	}
	return recall(f, g, f.keyOf("evidence", q, cell), func() (indicator.Evidence, error) { return columns.Evidence(q, env, cell) })
}

// Moves returns how many moved between two moments and which way, within the
// actor's scope; who they are is Differences'.
func (f *Figures) Moves(ctx context.Context, who access.Actor, q indicator.Query, from, to indicator.Moment) (indicator.Differences, error) {
	g := f.ground()
	columns, env, err := f.ready(ctx, who, &q, access.ViewFigures)
	if err != nil {
		return indicator.Differences{}, err
	}
	return recall(f, g, f.keyOf("moves", q, from, to), func() (indicator.Differences, error) {
		d, err := columns.Differences(q, env, from, to)
		for i := range d.Moves {
			d.Moves[i].Graduates = nil
		}
		return d, err
	})
}
