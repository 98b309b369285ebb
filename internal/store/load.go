package store

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/history"
	"quxiang/internal/domain/roster"
)

var (
	intoGraduate = table{"graduate", []string{"id", "student_no", "exam_no", "name",
		"cohort", "level_id", "college_id", "major_id", "class_id", "sex", "ethnicity", "origin", "training", "in_statistics", "has_left",
		"seq", "known_at", "profile", "sealed", "id_index", "phone_index"}, 21}
	intoEvent = table{"event", []string{"graduate_id", "seq", "known_at", "audit_id", "true_on", "change_id", "step", "act", "case_id",
		"level", "mark", "scheme", "code", "said", "fields", "sealed", "actor", "source", "reason", "batch_id", "evidence"}, 4}
	intoCohort        = table{"graduate_cohort", []string{"cohort", "graduate_id"}, 2}
	intoBatchGraduate = table{"batch_graduate", []string{"batch_id", "graduate_id"}, 2}
)

// Load writes many graduates and events at once, for the demo school and for
// restores: one transaction, one audit entry. Events carry their own Seq and
// KnownAt; they may be of the new people or of graduates who are there already,
// whose histories they continue. Of a person Attrs, Seq, Before and ExpectSeq are
// not looked at: the events say.
//
// Errors: fault.Conflict when a number or a seq is taken; others are defects of the
// caller, such as an event known before the one before it or before the latest
// snapshot.
func (s *Store) Load(ctx context.Context, who access.Actor, action string, people []roster.StagedGraduate, events []history.Event) error {
	return s.InTx(ctx, func(ctx context.Context) error {
		l := loading{Store: s, t: s.txOf(ctx), events: slices.Clone(events)}
		slices.SortStableFunc(l.events, func(a, b history.Event) int { return strings.Compare(a.Graduate, b.Graduate) })
		if err := l.load(ctx, people); err != nil {
			if duplicate(err) {
				err = errNewer()
			}
			return l.t.spoil(err)
		}
		return s.Write(ctx, who, action, "", map[string]string{
			"graduates": strconv.Itoa(len(people)), "events": strconv.Itoa(len(events)),
		})
	})
}

// loading is one call of Load under way.
type loading struct {
	*Store
	t      *tx
	events []history.Event // by graduate and seq
	heads  map[string]head // of graduates who were there before
}

func (l *loading) load(ctx context.Context, people []roster.StagedGraduate) error {
	l.t.owes = "events"
	if err := l.engine.share(ctx, l.t); err != nil {
		return err
	}
	if err := l.findHeads(ctx, people); err != nil {
		return err
	}
	spans, err := l.spans(ctx)
	if err != nil {
		return err
	}
	for _, step := range []func() error{
		func() error { return l.loadPeople(ctx, people, spans) },
		func() error { return l.moveHeads(ctx, spans) },
		func() error { return l.loadEvents(ctx) },
		func() error { return l.loadCohorts(ctx) },
		func() error { return l.loadBatches(ctx) },
		func() error { return l.refold(ctx, l.changedPersons(spans)) },
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// findHeads looks up where the histories of graduates end who are not new.
func (l *loading) findHeads(ctx context.Context, people []roster.StagedGraduate) (err error) {
	fresh := make(map[string]bool, len(people))
	for i := range people {
		fresh[people[i].ID] = true
	}
	old := slices.DeleteFunc(graduatesOf(l.events), func(id string) bool { return fresh[id] })
	l.heads, err = l.Store.heads(ctx, old)
	return err
}

// spans checks that the events of each graduate follow each other and returns
// them by graduate.
func (l *loading) spans(ctx context.Context) (map[string][]history.Event, error) {
	floor, err := l.floor(ctx)
	if err != nil {
		return nil, err
	}
	out := map[string][]history.Event{}
	for rest := l.events; len(rest) > 0; {
		last, n := l.heads[rest[0].Graduate], 0
		for ; n < len(rest) && rest[n].Graduate == rest[0].Graduate; n++ {
			e := &rest[n]
			switch {
			case e.Seq != last.seq+1:
				return nil, errNewer()
			case e.KnownAt < max(last.known, floor):
				return nil, fmt.Errorf("store: event %s/%d known before the one before it or before a snapshot", e.Graduate, e.Seq)
			}
			last = head{e.Seq, e.KnownAt}
		}
		out[rest[0].Graduate] = rest[:n]
		rest = rest[n:]
	}
	return out, nil
}

func (l *loading) loadPeople(ctx context.Context, people []roster.StagedGraduate, spans map[string][]history.Event) error {
	if err := l.mark(ctx, l.t, ofGraduate, subjects(people, func(p *roster.StagedGraduate) string { return p.ID })...); err != nil {
		return err
	}
	return l.engine.load(ctx, l.t, intoGraduate, func(yield func([]any, error) bool) {
		for i := range people {
			if !yield(graduateRow(&people[i].Graduate, spans[people[i].ID])) {
				return
			}
		}
	})
}

func graduateRow(g *roster.Graduate, events []history.Event) ([]any, error) {
	profile, err := encodeMap(g.Profile)
	if g.Secret != nil {
		err = errors.New("store: graduate " + g.ID + " not sealed")
	}
	var attrs history.Attributes
	var last history.Event
	f := history.NewFold(nil)
	for i := range events {
		if last = events[i]; last.Step == "" && last.Mark == "" {
			f.Apply(&events[i])
		}
	}
	if pieces := f.People(); len(pieces) > 0 {
		attrs = pieces[len(pieces)-1].Attrs
	}
	row := append([]any{g.ID, orNull(g.StudentNo), orNull(g.ExamNo), g.Name}, derived(attrs)...)
	return append(row, int64(last.Seq), int64(last.KnownAt), profile, g.Sealed, g.IDIndex, g.PhoneIndex), err
}

// orNull keeps blank numbers out of the way of a unique key.
func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// moveHeads moves the ends of histories that the events continue.
func (l *loading) moveHeads(ctx context.Context, spans map[string][]history.Event) error {
	for _, id := range slices.Sorted(maps.Keys(l.heads)) {
		last := spans[id][len(spans[id])-1]
		n, err := l.t.exec(ctx, `update graduate set seq = $1, known_at = $2 where id = $3 and seq = $4`,
			last.Seq, int64(last.KnownAt), id, l.heads[id].seq)
		if err != nil {
			return err
		}
		if n == 0 {
			return errNewer()
		}
	}
	return nil
}

func (l *loading) loadEvents(ctx context.Context) error {
	row := make([]any, len(intoEvent.columns))
	return l.engine.load(ctx, l.t, intoEvent, func(yield func([]any, error) bool) {
		for i := range l.events {
			e := &l.events[i]
			c, err := encode(e)
			copy(row, []any{e.Graduate, int64(e.Seq), int64(e.KnownAt), l.t.audit, string(e.TrueOn), e.Change, string(e.Step), string(e.Act),
				e.Case, int64(e.Level), string(e.Mark), e.Scheme, e.Code, c.said, c.fields, e.Sealed, e.Actor, e.Source, e.Reason,
				e.Import, c.evidence})
			l.t.wrote(e, e.Digest())
			if !yield(row, err) {
				return
			}
		}
	})
}

// loadCohorts notes in which cohorts the graduates ever were; of those who are
// not new some may be noted already.
func (l *loading) loadCohorts(ctx context.Context) error {
	fresh := map[[2]string]bool{}
	for i := range l.events {
		e := &l.events[i]
		cohort, ok := e.Set.Value(history.Cohort)
		if !ok || cohort == "" {
			continue
		}
		if _, old := l.heads[e.Graduate]; !old {
			fresh[[2]string{cohort, e.Graduate}] = true
		} else if err := l.t.ever(ctx, e.Graduate, cohort); err != nil {
			return err
		}
	}
	return l.engine.load(ctx, l.t, intoCohort, pairs(fresh))
}

// loadBatches notes the graduates of each import among the events.
func (l *loading) loadBatches(ctx context.Context) error {
	touched := map[[2]string]bool{}
	for i := range l.events {
		if e := &l.events[i]; e.Import != "" {
			touched[[2]string{e.Import, e.Graduate}] = true
		}
	}
	return l.engine.load(ctx, l.t, intoBatchGraduate, pairs(touched))
}

// pairs yields rows of two texts, in order.
func pairs(set map[[2]string]bool) bulk {
	list := slices.SortedFunc(maps.Keys(set), func(a, b [2]string) int { return slices.Compare(a[:], b[:]) })
	return func(yield func([]any, error) bool) {
		for _, p := range list {
			if !yield([]any{p[0], p[1]}, nil) {
				return
			}
		}
	}
}

// changedPersons are the graduates who were there before and got a person event.
func (l *loading) changedPersons(spans map[string][]history.Event) []string {
	var out []string
	for id := range l.heads {
		if slices.ContainsFunc(spans[id], func(e history.Event) bool { return e.Step == "" && e.Mark == "" }) {
			out = append(out, id)
		}
	}
	slices.Sort(out)
	return out
}
