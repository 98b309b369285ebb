package release

import "context"

// Steps are how often what was done: with one graduate's changes, or with a cohort's.
type Steps struct {
	People    int // who submitted at least once
	Submitted int // by the graduates themselves
	Decided   int // passed, returned, refused or approved, at any level
	Returned  int
	Seen      int // documents that somebody looked at
	Confirmed int // by employers
	Disputed  int // by graduates
}

// Activity counts what was done with the people's changes by what was known when the
// snapshot was frozen. It can be counted again at any time: events stay.
func (o *Opened) Activity(ctx context.Context) (Steps, error) {
	each, err := o.service.Store.CountSteps(ctx, o.Snapshot.Cohort, o.Snapshot.Cut.Known)
	if err != nil {
		return Steps{}, err
	}
	inside := make(map[string]bool, len(o.people))
	for i := range o.people {
		inside[o.people[i].Graduate] = true
	}
	var sum Steps
	for id, n := range each {
		if !inside[o.service.Vault.Pseudonym(id)] {
			continue // came into the cohort later, or does not count
		}
		if n.Submitted > 0 {
			sum.People++
		}
		sum.Submitted += n.Submitted
		sum.Decided += n.Decided
		sum.Returned += n.Returned
		sum.Seen += n.Seen
		sum.Confirmed += n.Confirmed
		sum.Disputed += n.Disputed
	}
	return sum, nil
}
