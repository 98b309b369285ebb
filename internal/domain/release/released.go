package release

import (
	"cmp"
	"context"
	"slices"
	"strings"
)

// Released returns, for each cohort that has one, the snapshot that was released
// last, the newest cohort first. It is for everybody: what was released is public.
func (s *Service) Released(ctx context.Context) ([]Snapshot, error) {
	all, err := s.Store.Snapshots(ctx)
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(n Snapshot) bool { return n.Release == nil })
	slices.SortFunc(all, func(a, b Snapshot) int {
		return cmp.Or(strings.Compare(b.Cohort, a.Cohort), cmp.Compare(b.Release.At, a.Release.At), strings.Compare(b.Name, a.Name))
	})
	return slices.CompactFunc(all, func(a, b Snapshot) bool { return a.Cohort == b.Cohort }), nil
}
