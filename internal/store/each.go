package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/history"
)

// HistorySelection says which histories EachHistory reads: of the graduates
// named, else of whoever was ever in one of the cohorts, else all.
type HistorySelection struct {
	Cohorts   []string
	Graduates []string
	// Brief leaves out what is neither counted nor waited for: Fields, Evidence,
	// Reason, Import, Sealed of all but person events, Actor of all but submissions
	// and passes, and Source of all but recorded steps.
	Brief bool
}

func (sel HistorySelection) write(b *binding) {
	switch {
	case sel.Graduates != nil:
		b.text.WriteString("e.graduate_id in (")
		in(sel.Graduates).write(b)
		b.text.WriteString(")")
	case sel.Cohorts != nil:
		b.text.WriteString("e.graduate_id in (select c.graduate_id from graduate_cohort c where c.cohort in (")
		in(sel.Cohorts).write(b)
		b.text.WriteString("))")
	default:
		b.text.WriteString("true")
	}
}

// EachHistory gives the histories one by one in order of graduate, each in seq
// order and sealed. The slice is the callee's until it returns: the next history
// uses it again. Settings and texts are shared and may be kept, not changed.
// Inside a transaction do must not call the store with the transaction's context.
func (s *Store) EachHistory(ctx context.Context, sel HistorySelection, do func(graduate string, events []history.Event) error) error {
	h := &gathering{do: do, said: sayings{}}
	var err error
	if sel.Brief {
		err = s.query(ctx, `
			select e.graduate_id, e.seq, e.known_at, e.level, e.true_on || $2 || e.change_id || $2 || e.step || $2 || e.act || $2 ||
				e.case_id || $2 || e.mark || $2 || e.scheme || $2 || e.code || $2 || case when e.step = '' then e.sealed else '' end
				|| $2 || case when e.step in ('submitted', 'passed') then e.actor when e.step = 'recorded' then e.source else '' end
				|| $2 || e.said
			from event e where $1
			order by e.graduate_id, e.seq`, sel, between).each(h.brief)
	} else {
		err = s.query(ctx, `
			select e.graduate_id, e.seq, e.known_at, e.true_on, e.change_id, e.step, e.act, e.case_id, e.level, e.mark,
				e.scheme, e.code, e.said, e.fields, e.sealed, e.actor, e.source, e.reason, e.batch_id, e.evidence
			from event e where $1
			order by e.graduate_id, e.seq`, sel).each(h.full)
	}
	if err != nil {
		return err
	}
	return h.give()
}

// gathering puts events together into histories.
type gathering struct {
	do     func(string, []history.Event) error
	events []history.Event
	said   sayings
}

// counted is what a text of the column said means.
type counted struct {
	set    history.Settings
	counts history.Counted
}

// sayings are decoded texts of the column said: the same few thousand come again and
// again. Nil remembers nothing.
type sayings map[string]counted

// of decodes what is said, or finds that it was decoded before.
func (s sayings) of(text string) (counted, error) {
	if c, ok := s[text]; ok {
		return c, nil
	}
	set, counts, err := decodeSaid(text)
	if err != nil || s == nil {
		return counted{set, counts}, err
	}
	if len(s) >= maxSaid {
		clear(s)
	}
	s[text] = counted{set, counts}
	return s[text], nil
}

// maxSaid bounds the decoded texts that are kept.
const maxSaid = 1 << 16

// between parts the texts that a brief query returns as one: fetching a column
// costs more than all the rest of a row. mayLie keeps it out of them, and JSON
// writes it as an escape.
const between = "\x1f"

func (h *gathering) brief(rows *sql.Rows) error {
	e := h.grow()
	var text string
	var known int64
	if err := rows.Scan(&e.Graduate, &e.Seq, &known, &e.Level, &text); err != nil {
		return err
	}
	e.KnownAt = calendar.Instant(known)
	var part [10]string
	for i := range part {
		var more bool
		if part[i], text, more = strings.Cut(text, between); !more {
			return fmt.Errorf("event %s/%d: a text holds %q", e.Graduate, e.Seq, between)
		}
	}
	e.TrueOn, e.Change, e.Step, e.Act = calendar.Day(part[0]), part[1], history.Step(part[2]), history.Act(part[3])
	e.Case, e.Mark, e.Scheme, e.Code, e.Sealed = part[4], history.Mark(part[5]), part[6], part[7], part[8]
	e.Actor, e.Source = part[9], ""
	if e.Step == history.Recorded {
		e.Actor, e.Source = "", part[9]
	}
	if text != "" {
		c, err := h.said.of(text)
		if err != nil {
			return fmt.Errorf("event %s/%d: %w", e.Graduate, e.Seq, err)
		}
		e.Set, e.Counts = c.set, c.counts
	}
	return h.turn()
}

func (h *gathering) full(rows *sql.Rows) error {
	if err := scanEvent(rows, h.grow()); err != nil {
		return err
	}
	return h.turn()
}

// grow returns the place of the next event.
func (h *gathering) grow() *history.Event {
	h.events = append(h.events, history.Event{})
	return &h.events[len(h.events)-1]
}

// turn gives the history before the newest event away, if that begins another.
func (h *gathering) turn() error {
	n := len(h.events)
	if n < 2 || h.events[n-1].Graduate == h.events[n-2].Graduate {
		return nil
	}
	newest := h.events[n-1]
	h.events = h.events[:n-1]
	if err := h.give(); err != nil {
		return err
	}
	h.events = append(h.events, newest)
	return nil
}

func (h *gathering) give() error {
	if len(h.events) == 0 {
		return nil
	}
	err := h.do(h.events[0].Graduate, h.events)
	h.events = h.events[:0]
	return err
}
