package store

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/history"
)

// errNewer says that another writer came first.
func errNewer() error {
	return fault.Conflictf("", "刚有人更新了这位毕业生的记录，请刷新后再试")
}

// Histories returns the sealed events of those of the graduates that lie within
// the scope, in seq order, by graduate.
func (s *Store) Histories(ctx context.Context, within access.Scope, graduates []string) (map[string][]history.Event, error) {
	out := map[string][]history.Event{}
	if within.Empty() {
		return out, nil
	}
	for ids := range slices.Chunk(distinct(graduates), listSize) {
		err := s.query(ctx, `
			select e.graduate_id, e.seq, e.known_at, e.true_on, e.change_id, e.step, e.act, e.case_id, e.level, e.mark,
				e.scheme, e.code, e.said, e.fields, e.sealed, e.actor, e.source, e.reason, e.batch_id, e.evidence
			from event e join graduate g on g.id = e.graduate_id
			where $1 and e.graduate_id in ($2)
			order by e.graduate_id, e.seq`, inside(within), in(ids)).each(func(rows *sql.Rows) error {
			var e history.Event
			if err := scanEvent(rows, &e); err != nil {
				return err
			}
			out[e.Graduate] = append(out[e.Graduate], e)
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// listSize bounds the values of one list in a query.
const listSize = 500

// distinct returns the values in order, each once.
func distinct(list []string) []string { return slices.Compact(slices.Sorted(slices.Values(list))) }

// Publish appends events inside a transaction; see history.Ledger.
func (s *Store) Publish(ctx context.Context, events []history.Event) (known calendar.Instant, err error) {
	t, err := s.inTx(ctx, "event")
	if err != nil {
		return 0, err
	}
	t.owes = "events"
	events = slices.Clone(events)
	slices.SortStableFunc(events, func(a, b history.Event) int { return strings.Compare(a.Graduate, b.Graduate) })
	if err := s.engine.share(ctx, t); err != nil {
		return 0, err
	}
	heads, err := s.heads(ctx, graduatesOf(events))
	if err != nil {
		return 0, err
	}
	floor, err := s.floor(ctx)
	if err != nil {
		return 0, err
	}
	known = max(s.clock(), floor)
	for _, h := range heads {
		known = max(known, h.known)
	}
	for i := range events {
		events[i].KnownAt = known
	}
	return known, t.spoil(s.append(ctx, t, heads, events))
}

// head is where a graduate's history ends.
type head struct {
	seq   int
	known calendar.Instant
}

// heads returns where the histories of the graduates end.
// Error: fault.NotFound when one is not in the roster.
func (s *Store) heads(ctx context.Context, graduates []string) (map[string]head, error) {
	heads := make(map[string]head, len(graduates))
	for ids := range slices.Chunk(graduates, listSize) {
		err := s.query(ctx, `select id, seq, known_at from graduate where id in ($1)`, in(ids)).each(func(rows *sql.Rows) error {
			var id string
			var h head
			if err := rows.Scan(&id, &h.seq, &h.known); err != nil {
				return err
			}
			heads[id] = h
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	for _, id := range graduates {
		if _, ok := heads[id]; !ok {
			return nil, fault.NotFoundf("graduate", "名单里没有这位毕业生，可能已被删除，请刷新后再试")
		}
	}
	return heads, nil
}

// graduatesOf returns each graduate of events that are sorted by graduate, once.
func graduatesOf(events []history.Event) []string {
	var out []string
	for i := range events {
		if len(out) == 0 || out[len(out)-1] != events[i].Graduate {
			out = append(out, events[i].Graduate)
		}
	}
	return out
}

// append writes events, sorted by graduate, whose KnownAt is set behind the heads
// of their graduates. Error: fault.Conflict when one is not the next.
func (s *Store) append(ctx context.Context, t *tx, heads map[string]head, events []history.Event) error {
	var people []string // whose attributes may have changed
	for len(events) > 0 {
		id := events[0].Graduate
		n := 1
		for n < len(events) && events[n].Graduate == id {
			n++
		}
		own := events[:n]
		events = events[n:]
		if err := s.advance(ctx, t, heads[id], own); err != nil {
			return err
		}
		for i := range own {
			if own[i].Step == "" && own[i].Mark == "" {
				people = append(people, id)
				break
			}
		}
	}
	return s.refold(ctx, people)
}

// advance writes the events of one graduate and moves the end of the history. The
// update makes two writers meet: the later one finds no row.
func (s *Store) advance(ctx context.Context, t *tx, h head, events []history.Event) error {
	last := head{h.seq, h.known}
	for i := range events {
		e := &events[i]
		if e.Seq != last.seq+1 {
			return errNewer()
		}
		if e.KnownAt < last.known {
			return errors.New("store: event " + e.Graduate + " known before the one before it")
		}
		last = head{e.Seq, e.KnownAt}
	}
	id := events[0].Graduate
	n, err := t.exec(ctx, `update graduate set seq = $1, known_at = $2 where id = $3 and seq = $4`,
		last.seq, int64(last.known), id, h.seq)
	if err != nil {
		return err
	}
	if n == 0 {
		return errNewer()
	}
	for i := range events {
		if err := t.insertEvent(ctx, &events[i]); err != nil {
			if duplicate(err) {
				return errNewer()
			}
			return err
		}
	}
	return nil
}

func (t *tx) insertEvent(ctx context.Context, e *history.Event) error {
	c, err := encode(e)
	if err != nil {
		return err
	}
	_, err = t.exec(ctx, `
		insert into event (graduate_id, seq, known_at, true_on, change_id, step, act, case_id, level, mark,
			scheme, code, said, fields, sealed, actor, source, reason, batch_id, evidence, audit_id)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)`,
		e.Graduate, e.Seq, int64(e.KnownAt), string(e.TrueOn), e.Change, string(e.Step), string(e.Act), e.Case, e.Level, string(e.Mark),
		e.Scheme, e.Code, c.said, c.fields, e.Sealed, e.Actor, e.Source, e.Reason, e.Import, c.evidence, t.audit)
	if err != nil {
		return err
	}
	t.wrote(e, e.Digest())
	if cohort, ok := e.Set.Value(history.Cohort); ok {
		return t.ever(ctx, e.Graduate, cohort)
	}
	return nil
}

// ever notes that a graduate was in a cohort.
func (t *tx) ever(ctx context.Context, graduate, cohort string) error {
	_, err := t.exec(ctx, `
		insert into graduate_cohort (cohort, graduate_id) values ($1, $2)
		on conflict (cohort, graduate_id) do nothing`, cohort, graduate)
	return err
}

// refold brings the derived attributes of the graduates up to what the newest
// events say.
func (s *Store) refold(ctx context.Context, graduates []string) error {
	for ids := range slices.Chunk(graduates, listSize) {
		attrs := map[string]history.Attributes{}
		err := s.persons(ctx, ids, func(id string, f *history.Fold) {
			if pieces := f.People(); len(pieces) > 0 {
				attrs[id] = pieces[len(pieces)-1].Attrs
			}
		})
		if err != nil {
			return err
		}
		for _, id := range ids {
			a := attrs[id]
			_, err := s.exec(ctx, `
				update graduate set cohort = $1, level_id = $2, college_id = $3, major_id = $4, class_id = $5, sex = $6,
					ethnicity = $7, origin = $8, training = $9, in_statistics = $10, has_left = $11
				where id = $12`, append(derived(a), id)...)
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// persons folds the person events of each graduate, in order of id.
func (s *Store) persons(ctx context.Context, ids []string, then func(id string, f *history.Fold)) error {
	var f *history.Fold
	var id string
	err := s.query(ctx, `
		select graduate_id, seq, known_at, true_on, said from event
		where graduate_id in ($1) and step = '' and mark = ''
		order by graduate_id, seq`, in(ids)).each(func(rows *sql.Rows) error {
		var e history.Event
		var c encoded
		if err := rows.Scan(&e.Graduate, &e.Seq, &e.KnownAt, &e.TrueOn, &c.said); err != nil {
			return err
		}
		if err := c.into(&e, nil); err != nil {
			return err
		}
		if e.Graduate != id {
			if f != nil {
				then(id, f)
			}
			id, f = e.Graduate, history.NewFold(nil)
		}
		f.Apply(&e)
		return nil
	})
	if f != nil {
		then(id, f)
	}
	return err
}

// derivedKeys are the attributes that lie with the graduate, in the order of the
// columns; the difficulty is in the sealed events only.
var derivedKeys = slices.DeleteFunc(slices.Clone(history.Keys), func(k history.Key) bool { return k == history.Difficulty })

func derived(a history.Attributes) []any {
	out := make([]any, 0, len(derivedKeys)+1)
	for _, k := range derivedKeys {
		out = append(out, a.Value(k))
	}
	return out
}
