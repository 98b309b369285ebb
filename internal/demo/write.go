package demo

import (
	"context"
	"strconv"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/destination"
	"quxiang/internal/domain/history"
	"quxiang/internal/domain/roster"
)

// batchSize is how many people are written in one transaction: what is held of
// the school at a time, whatever its size.
const batchSize = 2000

// batch is some people with their histories, sealed.
type batch struct {
	people    []roster.StagedGraduate
	events    []history.Event
	samples   []destination.Sample
	documents []destination.Document
	err       error
}

// write tells everybody's story and writes it, one batch being told while the
// one before is written. It returns the accounts of graduates to show around.
func (s *school) write(ctx context.Context, to Target, progress func(done, total int64)) ([]access.Account, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	batches, guests := make(chan batch, 1), &guests{}
	go func() {
		defer close(batches)
		s.tellAll(to, guests, func(b batch) bool {
			select {
			case batches <- b:
				return b.err == nil
			case <-ctx.Done():
				return false
			}
		})
	}()
	var done int64
	for b := range batches {
		if b.err != nil {
			return nil, b.err
		}
		if err := b.write(ctx, to.Store); err != nil {
			return nil, err
		}
		if done += int64(len(b.people)); progress != nil {
			progress(done, int64(s.people))
		}
	}
	return guests.accounts, ctx.Err()
}

func (b *batch) write(ctx context.Context, to Store) error {
	if err := to.Load(ctx, builder, "demo.load", b.people, b.events); err != nil {
		return err
	}
	if len(b.samples)+len(b.documents) == 0 {
		return nil
	}
	return to.InTx(ctx, func(ctx context.Context) error {
		if err := to.SaveSamples(ctx, b.samples); err != nil {
			return err
		}
		for _, d := range b.documents {
			if err := to.SaveDocument(ctx, d); err != nil {
				return err
			}
		}
		return to.Write(ctx, builder, "demo.samples", "", map[string]string{
			"samples": strconv.Itoa(len(b.samples)), "documents": strconv.Itoa(len(b.documents))})
	})
}

// tellAll hands on all people in batches, until take says that it has enough.
func (s *school) tellAll(to Target, guests *guests, take func(batch) bool) {
	var b batch
	papers := 0
	for _, g := range s.groups {
		for i := range g.slots {
			t := s.tell(s.person(g, i))
			guests.meet(t)
			var proof []destination.Document
			if papers < mostPapers {
				proof, b.err = t.prove(to.Files)
				papers += len(proof)
				b.documents = append(b.documents, proof...)
			}
			if b.err == nil {
				b.err = t.seal(to.Vault)
			}
			if b.err != nil {
				take(b)
				return
			}
			b.people = append(b.people, roster.StagedGraduate{Graduate: t.Graduate})
			b.events = append(b.events, t.events...)
			b.samples = append(b.samples, t.samples...)
			if len(b.people) == batchSize {
				if !take(b) {
					return
				}
				b = batch{}
			}
		}
	}
	if len(b.people) > 0 {
		take(b)
	}
}

func (t *teller) seal(v history.Vault) error {
	for i := range t.events {
		if err := t.events[i].Seal(v); err != nil {
			return err
		}
	}
	return t.Graduate.Seal(v)
}

// guests are the graduates of the running cohort whose accounts are shown
// around: the first whose newest step is each of these, and one without any.
type guests struct {
	accounts []access.Account
	met      map[history.Step]bool
}

func (g *guests) meet(t *teller) {
	if t.group.year != years[len(years)-1] || t.goal.fate >= unqualified {
		return
	}
	last := t.events[len(t.events)-1].Step
	switch last {
	case "", history.Proposed, history.Submitted, history.Returned, history.Approved:
	default:
		return
	}
	if g.met[last] {
		return
	}
	if g.met == nil {
		g.met = map[history.Step]bool{}
	}
	g.met[last] = true
	g.accounts = append(g.accounts, access.Account{ID: t.ID, Login: t.StudentNo, Name: t.Name, Graduate: t.ID, Created: t.season.roster,
		Grants: []access.Grant{{Role: access.Graduate, Over: access.Self(t.ID)}}})
}
