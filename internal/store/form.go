package store

import (
	"context"
	"errors"
	"time"
)

// formTerm is how long an answered form is remembered: longer than anybody
// leaves a page open and comes back to it.
const formTerm = 14 * 24 * time.Hour

// sweepAnswers is how long answers that are too old may stay.
const sweepAnswers = time.Hour

// Answered returns where the first answer to a form led.
func (s *Store) Answered(ctx context.Context, form string) (location string, ok bool, err error) {
	location, err = one(s.query(ctx, `select location from form_answer where form = $1`, form), scanText)
	if errors.Is(err, errNoRow) {
		return "", false, nil
	}
	return location, err == nil, err
}

// KeepAnswer notes the answer to a form. Now and then it forgets what is too old
// to return: at each answer that would be half of the work.
func (s *Store) KeepAnswer(ctx context.Context, form, location string) error {
	now := int64(s.clock())
	return s.InTx(ctx, func(ctx context.Context) error {
		if _, err := s.exec(ctx, `insert into form_answer (form, location, at) values ($1, $2, $3)
			on conflict (form) do nothing`, form, location, now); err != nil {
			return err
		}
		if last := s.answersSwept.Load(); now-last < sweepAnswers.Milliseconds() || !s.answersSwept.CompareAndSwap(last, now) {
			return nil
		}
		_, err := s.exec(ctx, `delete from form_answer where at < $1`, now-formTerm.Milliseconds())
		return err
	})
}
