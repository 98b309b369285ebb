package proofread

import (
	"cmp"
	"slices"
	"strings"
)

// Check finds what contradicts itself, the worst first; findings of one fault share a
// root and stand together, the likeliest cause first. The same document gives the same
// findings in the same order.
func Check(d Document) []Finding {
	gs := grids(d)
	doubts := tableDoubts(d, gs)
	doubts = append(doubts, claimDoubts(d, gs)...)
	return ordered(distinct(settle(doubts)))
}

// severities from the worst to the least.
var severities = []Severity{Fault, Scope, Claim, Label, Rounding}

// distinct drops what is said twice of one figure by one rule.
func distinct(list []Finding) []Finding {
	type key struct {
		at    Place
		other Place
		rule  Rule
	}
	seen := map[key]bool{}
	var out []Finding
	for _, f := range list {
		k := key{f.Place, f.Other, f.Rule}
		if f.Expected != "" {
			k.other = Place{Cell: f.Expected}
		}
		if !seen[k] {
			seen[k] = true
			out = append(out, f)
		}
	}
	return out
}

// ordered puts the findings of one root together, the worst of them first, and the roots
// by their worst finding and then as the report reads.
func ordered(list []Finding) []Finding {
	var roots []string
	byRoot := map[string][]Finding{}
	for _, f := range list {
		if byRoot[f.Root] == nil {
			roots = append(roots, f.Root)
		}
		byRoot[f.Root] = append(byRoot[f.Root], f)
	}
	for _, r := range roots {
		slices.SortStableFunc(byRoot[r], worse)
	}
	slices.SortStableFunc(roots, func(a, b string) int {
		x, y := byRoot[a][0], byRoot[b][0]
		return cmp.Or(worse(x, y), comparePlaces(x.Place, y.Place), strings.Compare(a, b))
	})
	var out []Finding
	for _, r := range roots {
		out = append(out, byRoot[r]...)
	}
	return out
}

// worse orders by severity, then what says how it should stand before what does not.
func worse(a, b Finding) int {
	return cmp.Or(
		slices.Index(severities, a.Severity)-slices.Index(severities, b.Severity),
		cmp.Compare(unsaid(a), unsaid(b)),
	)
}

func unsaid(f Finding) int {
	if f.Expected == "" {
		return 1
	}
	return 0
}

// comparePlaces orders places as a report is read.
func comparePlaces(a, b Place) int {
	return cmp.Or(
		cmp.Compare(a.Page, b.Page), strings.Compare(a.Sheet, b.Sheet), cmp.Compare(a.Line, b.Line),
		cmp.Compare(len(a.Cell), len(b.Cell)), strings.Compare(a.Cell, b.Cell), cmp.Compare(a.Rune, b.Rune),
	)
}
