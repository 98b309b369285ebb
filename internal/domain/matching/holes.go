package matching

import (
	"slices"
	"strings"
)

// Relaxation is one thing that a graduate could give way in, and what it would open.
type Relaxation struct {
	Criterion Criterion
	To        string // name of a wider choice, such as 京津冀; blank: any
	More      int    // positions opened
}

// Circle is a group of codes with a name: 京津冀 is 11, 12 and 13.
type Circle struct {
	Name  string
	Codes []string
}

// Relaxations counts what each single concession of a graduate would open, the most first;
// those that open nothing are left out. Regions are widened to each circle that has one of
// the graduate's own in it as well. The employers' conditions stay: no graduate can waive them.
func (m *Market) Relaxations(w Wish, circles []Circle) []Relaxation {
	r := m.reader()
	now := len(r.eligible(m.ask(&w)))
	var out []Relaxation
	try := func(c Criterion, to string, change func(*Wish)) {
		wider := w
		change(&wider)
		if more := len(r.eligible(m.ask(&wider))) - now; more > 0 {
			out = append(out, Relaxation{c, to, more})
		}
	}
	for _, c := range circles {
		if wider := joined(w.Wants[Region], c.Codes); touches(w.Wants[Region], c.Codes) {
			try(Region, c.Name, func(x *Wish) { x.Wants[Region] = wider })
		}
	}
	for c := range coded {
		if len(w.Wants[c]) > 0 {
			try(c, "", func(x *Wish) { x.Wants[c] = nil })
		}
	}
	if w.Salary > 0 {
		try(Salary, "", func(x *Wish) { x.Salary = 0 })
	}
	slices.SortStableFunc(out, func(a, b Relaxation) int { return b.More - a.More })
	return out
}

// touches is true where one of the codes lies in the circle.
func touches(codes, circle []string) bool {
	return slices.ContainsFunc(codes, func(code string) bool {
		return slices.ContainsFunc(circle, func(c string) bool { return within(code, c) })
	})
}

func joined(a, b []string) []string {
	out := slices.Clone(a)
	for _, c := range b {
		if !slices.Contains(out, c) {
			out = append(out, c)
		}
	}
	return out
}

// Short is a graduate with few eligible positions, and what would open most.
type Short struct {
	Graduate string
	Eligible int
	Most     *Relaxation // nil: no single concession helps
}

// Shorts lists who is eligible for fewer than n positions, in the order of Wishes.
func (m *Market) Shorts(n int, circles []Circle) []Short {
	var out []Short
	r := m.reader()
	for i := range m.Wishes {
		k := len(r.eligible(m.asks[i]))
		if k >= n {
			continue
		}
		s := Short{Graduate: m.Wishes[i].Graduate, Eligible: k}
		if list := m.Relaxations(m.Wishes[i], circles); len(list) > 0 {
			s.Most = &list[0]
		}
		out = append(out, s)
	}
	return out
}

// Balance is supply and demand in one place: graduates of a kind of major who would go
// there, and places there that are open to the major. One graduate is in several places.
type Balance struct {
	Major, Region, Kind string // beginnings of codes: 4, 2 digits, kind of the employer
	Graduates, Places   int
}

// Balances counts supply and demand by kind of major × province × kind of employer, where there
// is any, in the order of codes. A position open to any major counts for every major there is.
func (m *Market) Balances() []Balance {
	type key struct{ major, region, kind string }
	sum := map[key]*Balance{}
	at := func(k key) *Balance {
		if sum[k] == nil {
			sum[k] = &Balance{Major: k.major, Region: k.region, Kind: k.kind}
		}
		return sum[k]
	}
	majors := m.majorGroups()
	regions, kinds := m.values(Region, 2), m.values(Kind, 99)
	for i := range m.Wishes {
		w := &m.Wishes[i]
		for _, region := range accepted(w.Wants[Region], regions) {
			for _, kind := range accepted(w.Wants[Kind], kinds) {
				at(key{head(w.Major, 4), region, kind}).Graduates++
			}
		}
	}
	for i := range m.Positions {
		p := &m.Positions[i]
		for _, major := range majors {
			if len(p.Majors) == 0 || slices.ContainsFunc(p.Majors, func(c string) bool { return overlap(c, major) }) {
				at(key{major, head(p.Is[Region], 2), p.Is[Kind]}).Places += p.Headcount
			}
		}
	}
	out := make([]Balance, 0, len(sum))
	for _, b := range sum {
		out = append(out, *b)
	}
	slices.SortFunc(out, func(a, b Balance) int {
		return slices.Compare([]string{a.Major, a.Region, a.Kind}, []string{b.Major, b.Region, b.Kind})
	})
	return out
}

func (m *Market) majorGroups() []string {
	var out []string
	for i := range m.Wishes {
		out = append(out, head(m.Wishes[i].Major, 4))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// values are the beginnings of a criterion's codes, n long.
func (m *Market) values(c Criterion, n int) []string {
	var out []string
	for _, v := range m.codes[c].values {
		out = append(out, head(v, n))
	}
	return slices.Compact(out)
}

// accepted are the values that a wish takes; an open one takes all.
func accepted(codes, values []string) []string {
	if len(codes) == 0 {
		return values
	}
	var out []string
	for _, v := range values {
		if slices.ContainsFunc(codes, func(c string) bool { return overlap(c, v) }) {
			out = append(out, v)
		}
	}
	return out
}

// overlap is true of codes where one is the beginning of the other; a may be several.
func overlap(a, b string) bool {
	for one := range strings.SplitSeq(a, "|") {
		if head(one, len(b)) == head(b, len(one)) {
			return true
		}
	}
	return false
}

func head(code string, n int) string { return code[:min(n, len(code))] }

// Eligible is how many positions a graduate of Wishes is eligible for.
func (m *Market) Eligible(i int) int { return len(m.reader().eligible(m.asks[i])) }

// Closed counts the positions that a wish is not eligible for by the first condition that
// closes each, in the words of the criterion.
func (m *Market) Closed(w *Wish) map[string]int {
	out := map[string]int{}
	for p := range m.Positions {
		if title := closes(w, &m.Positions[p]); title != "" {
			out[title]++
		}
	}
	return out
}
