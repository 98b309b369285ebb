package indicator

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/history"
)

// TestEvidenceIsTheFold: whoever counts is sorted by the facts of the case that a
// fold of their own history finds running at the cut (Q1).
func TestEvidenceIsTheFold(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 8))
	c := NewColumns(ministryNoWork)
	all := map[string][]history.Event{}
	for i := range 80 {
		id := fmt.Sprintf("g%02d", i)
		all[id] = confirmed(r, randomHistory(r, id))
		c.Put(id, all[id])
	}
	seen := map[Proof]int{}
	for range 100 {
		q := whole("destination", "school-2024")
		cut := calendar.Cut{True: randomInstant(r), Known: randomKnown(r, all)}
		q.AsOf, q.KnownAt = calendar.WhenAt(cut.True), calendar.WhenAt(cut.Known)
		got, err := c.Evidence(q, env(), "settled")
		if err != nil {
			t.Fatal(err)
		}
		ids, err := c.People(q, env(), Selection{Cell: "settled"})
		if err != nil || len(ids) != got.N {
			t.Fatalf("%d people, %d counted: %v", len(ids), got.N, err)
		}
		want := map[Proof][]string{}
		for _, id := range ids {
			p := strongest(all[id], cut)
			want[p] = append(want[p], id)
			seen[p]++
		}
		for i, p := range Proofs {
			opened, err := c.People(q, env(), Selection{Cell: "settled", Proof: p})
			if err != nil || got.By[i].K != len(want[p]) || got.By[i].Base != got.N || !slices.Equal(opened, want[p]) {
				t.Fatalf("%s: %v, opens %v, want %v: %v", p, got.By[i], opened, want[p], err)
			}
		}
	}
	for _, p := range Proofs {
		if seen[p] == 0 || p.Title() == "" {
			t.Errorf("%s never came", p)
		}
	}
}

// confirmed gives some events a national source or a confirmation.
func confirmed(r *rand.Rand, events []history.Event) []history.Event {
	for i := range events {
		if e := &events[i]; e.Step == history.Recorded && r.IntN(3) == 0 {
			e.Source = history.SourceNational
		} else if e.Mark == history.Replied {
			e.Mark = history.EmployerConfirmed
		}
	}
	return events
}

func strongest(events []history.Event, cut calendar.Cut) Proof {
	f := history.NewFold(ministryNoWork)
	for i := range events {
		if events[i].KnownAt < cut.Known {
			f.Apply(&events[i])
		}
	}
	facts := f.Case(f.On(cut.LastDay()).Case).Facts
	switch {
	case facts.National:
		return ProofNational
	case facts.EmployerConfirmed:
		return ProofEmployer
	case facts.Seen:
		return ProofSeen
	case facts.Declared:
		return ProofDeclared
	}
	return ProofImported
}

func TestEvidenceRefused(t *testing.T) {
	c := tableOne()
	if _, err := c.Evidence(whole("destination", ""), env(), "best"); fault.KindOf(err) != fault.Invalid {
		t.Errorf("%v", err)
	}
	if _, err := c.People(whole("destination", ""), env(), Selection{Proof: "rumour"}); fault.KindOf(err) != fault.Invalid {
		t.Errorf("%v", err)
	}
}
