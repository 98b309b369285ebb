package destination

import (
	"context"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/history"
	"quxiang/internal/domain/roster"
)

// Claim is a disputed case as the office reads it.
type Claim struct {
	Person   roster.Graduate // without Secret
	Case     string
	Content  history.Content // as the case stands
	Disputed history.Event   // the graduate's own words
	Replies  []history.Event // since then, oldest first
	Events   []history.Event // all marks of the case
}

// Claims reads the disputed cases of the graduates named, in their order; those
// that are no longer disputed are left out.
func (s *Service) Claims(ctx context.Context, who access.Actor, graduates []string) ([]Claim, error) {
	if err := who.May(access.StrikeCase); err != nil {
		return nil, err
	}
	list, err := s.dossiers(ctx, who.Within(access.StrikeCase), graduates)
	if err != nil {
		return nil, err
	}
	var out []Claim
	for _, g := range list {
		for _, k := range g.fold.Cases() {
			if k.Disputed && k.Standing().Opened && !k.Standing().Voided {
				out = append(out, g.claim(k))
			}
		}
	}
	return out, nil
}

func (d *dossier) claim(k *history.Case) Claim {
	c := Claim{Person: d.person, Case: k.ID, Content: plain(k.Standing().Content)}
	c.Person.Secret = nil
	for i := range d.events {
		e := &d.events[i]
		if e.Mark == "" || e.Case != k.ID {
			continue
		}
		c.Events = append(c.Events, *e)
		switch e.Mark {
		case history.Disputed:
			c.Disputed, c.Replies = *e, nil
		case history.Replied:
			c.Replies = append(c.Replies, *e)
		}
	}
	return c
}

// Day is since when the claim waits.
func (c *Claim) Day() calendar.Day { return calendar.DayOf(c.Disputed.KnownAt) }
