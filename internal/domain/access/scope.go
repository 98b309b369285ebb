package access

import "slices"

// Scope is a set of graduates: the whole school, or those of some colleges,
// classes, or named ones. The zero value is nobody.
type Scope struct {
	School    bool
	Colleges  []string // college ids
	Classes   []string // class ids
	Graduates []string // graduate ids, oneself among them
}

// School returns the scope that holds everybody.
func School() Scope { return Scope{School: true} }

// Colleges returns the scope of some colleges.
func Colleges(ids ...string) Scope { return Scope{Colleges: ids} }

// Classes returns the scope of some classes.
func Classes(ids ...string) Scope { return Scope{Classes: ids} }

// Self returns the scope of one graduate.
func Self(id string) Scope { return Scope{Graduates: []string{id}} }

// Empty reports that the scope holds nobody.
func (s Scope) Empty() bool {
	return !s.School && len(s.Colleges)+len(s.Classes)+len(s.Graduates) == 0
}

// Holds reports that a graduate of that college and class is inside.
func (s Scope) Holds(graduate, college, class string) bool {
	return s.School ||
		college != "" && slices.Contains(s.Colleges, college) ||
		class != "" && slices.Contains(s.Classes, class) ||
		graduate != "" && slices.Contains(s.Graduates, graduate)
}

// Union returns the scope that holds whoever one of the two holds.
func (s Scope) Union(t Scope) Scope {
	if s.School || t.School {
		return School()
	}
	return Scope{
		Colleges:  merge(s.Colleges, t.Colleges),
		Classes:   merge(s.Classes, t.Classes),
		Graduates: merge(s.Graduates, t.Graduates),
	}
}

func merge(a, b []string) []string {
	out := slices.Concat(a, b)
	slices.Sort(out)
	return slices.Compact(out)
}

// Both returns the scope that holds whoever both hold: one of them whole where
// the other is the school's, else nobody unless they name the same.
func (s Scope) Both(t Scope) Scope {
	switch {
	case s.School:
		return t
	case t.School:
		return s
	}
	return Scope{
		Colleges:  common(s.Colleges, t.Colleges),
		Classes:   common(s.Classes, t.Classes),
		Graduates: common(s.Graduates, t.Graduates),
	}
}

func common(a, b []string) []string {
	var out []string
	for _, x := range a {
		if slices.Contains(b, x) {
			out = append(out, x)
		}
	}
	return out
}
