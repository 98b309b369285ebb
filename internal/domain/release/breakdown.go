package release

import (
	"cmp"
	"slices"

	"quxiang/internal/domain/indicator"
)

// inOrder sorts dimensions and drops repetitions, so that one breakdown has one form.
func inOrder(by []indicator.Dim) []indicator.Dim {
	all := indicator.Dims()
	out := slices.Clone(by)
	slices.SortFunc(out, func(a, b indicator.Dim) int { return cmp.Compare(slices.Index(all, a), slices.Index(all, b)) })
	return slices.Compact(out)
}

// coarser lists the breakdowns whose numbers are sums of this one's, the coarsest
// first: each dimension may be dropped, and a unit may be replaced by one in which
// it nests. With each goes the one that tells levels apart too: units are mostly of
// one level, so that both are nearly sums.
func (s *suppression) coarser(by []indicator.Dim) [][]indicator.Dim {
	out := [][]indicator.Dim{nil}
	for _, d := range by {
		before := out
		for _, wider := range s.wider(d) {
			for _, b := range before {
				out = append(out, append(slices.Clone(b), wider))
			}
		}
	}
	for i, b := range out {
		out[i] = inOrder(b)
		if !slices.Equal(out[i], by) {
			out = append(out, inOrder(slices.Concat(b, s.AsTheyAre)))
		}
	}
	slices.SortFunc(out, func(a, b []indicator.Dim) int { return cmp.Or(s.depth(a)-s.depth(b), slices.Compare(a, b)) })
	out = slices.CompactFunc(out, slices.Equal)
	return slices.DeleteFunc(out, func(b []indicator.Dim) bool { return slices.Equal(b, by) })
}

// wider are the dimension itself and those in which it nests.
func (s *suppression) wider(d indicator.Dim) []indicator.Dim {
	if at := slices.Index(s.Nested, d); at >= 0 {
		return s.Nested[:at+1]
	}
	return []indicator.Dim{d}
}

// depth is higher for a breakdown than for any that is coarser.
func (s *suppression) depth(by []indicator.Dim) int {
	sum := 0
	for _, d := range by {
		sum += len(s.wider(d))
	}
	return sum
}

// axes are the dimensions that tell apart all people whom any coarser breakdown
// does; units are one axis, since one is not changed without the other.
func (s *suppression) axes(by []indicator.Dim) [][]indicator.Dim {
	deepest := -1
	var out [][]indicator.Dim
	for _, d := range inOrder(slices.Concat(by, s.AsTheyAre)) {
		if at := slices.Index(s.Nested, d); at >= 0 {
			deepest = max(deepest, at)
		} else {
			out = append(out, []indicator.Dim{d})
		}
	}
	if deepest >= 0 {
		out = append(out, s.Nested[:deepest+1])
	}
	return out
}
