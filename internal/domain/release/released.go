package release

import (
	"cmp"
	"context"
	"slices"
	"strings"
)

// Released returns, for each cohort that has one, the released snapshot of the latest day, the
// newest cohort first; of two as of one day the one released last. It is for everybody: what
// was released is public.
func (s *Service) Released(ctx context.Context) ([]Snapshot, error) {
	all, err := s.Store.Snapshots(ctx)
	return shownFirst(all), err
}

// shownFirst keeps one released snapshot of each cohort. The latest day goes first, not the
// last release: an earlier cohort's figures that a later report compares with, as of August,
// do not take the place of its figures of December.
func shownFirst(all []Snapshot) []Snapshot {
	all = slices.DeleteFunc(slices.Clone(all), func(n Snapshot) bool { return n.Release == nil })
	slices.SortFunc(all, func(a, b Snapshot) int {
		return cmp.Or(strings.Compare(b.Cohort, a.Cohort), cmp.Compare(b.Cut.True, a.Cut.True), cmp.Compare(b.Release.At, a.Release.At), strings.Compare(b.Name, a.Name))
	})
	return slices.CompactFunc(all, func(a, b Snapshot) bool { return a.Cohort == b.Cohort })
}
