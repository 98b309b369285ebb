package roster

import (
	"context"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/exchange"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/history"
)

// Move is one unit that a correction of a major or class changes, as people read it.
type Move struct {
	Kind          Kind
	Before, After string // blank Before: none
}

// Title names the kind as people read it.
func (m Move) Title() string { return exchange.Title(exchange.Person, string(m.Kind)) }

// collegeOf returns the college that a unit belongs to or is; blank if there is none.
func (s Shower) collegeOf(id string) string {
	for u, ok := s.units[id]; ok; u, ok = s.units[u.Parent] {
		if u.Kind == College {
			return u.ID
		}
	}
	return ""
}

// Settler says whose word settles a correction of an unsealed graduate. A major or
// class of another college is none of the college's business alone: accepting it
// moves somebody out of its own scope into another's.
func (s Shower) Settler(c *Correction, g *Graduate) Settler {
	f, _ := FindCheckField(c.Field)
	if f.Unit() && s.collegeOf(c.Value) != g.Attrs.Value(history.College) {
		return Registry
	}
	return f.By
}

// Moves lists all units that the correction changes, from the college down; nil for
// a field that is no unit.
func (s Shower) Moves(c *Correction, g *Graduate) []Move {
	if !(CheckField{ID: c.Field}).Unit() {
		return nil
	}
	after := map[Kind]Unit{}
	for u, ok := s.units[c.Value]; ok; u, ok = s.units[u.Parent] {
		after[u.Kind] = u
	}
	var out []Move
	for _, kind := range []Kind{College, Major, Class} {
		now := s.units[g.Kept(string(kind))]
		u, named := after[kind]
		switch {
		case named && u.ID != now.ID:
			out = append(out, Move{kind, now.Name, u.Name})
		case !named && now.Name != "" && len(out) > 0: // a class under another major is another class
			out = append(out, Move{kind, now.Name, now.Name + "（归到新的" + out[len(out)-1].Title() + "）"})
		}
	}
	return out
}

// settled says whose word settles the correction and that the actor may give it.
func (s *Service) settled(ctx context.Context, who access.Actor, c Correction, f CheckField) (Settler, error) {
	if err := who.May(f.By.permission()); err != nil {
		return "", err
	}
	g, err := s.one(ctx, who.Within(f.By.permission()), c.Graduate)
	if err != nil || !f.Unit() {
		return f.By, err
	}
	units, err := s.Store.Units(ctx)
	if err != nil {
		return "", err
	}
	by := NewShower(s.Book(), units).Settler(&c, &g)
	if by == f.By {
		return by, nil
	}
	if who.May(by.permission()) != nil {
		return "", fault.Forbiddenf("", "这一条会把人转到另一个学院，由就业中心问过学籍部门再改")
	}
	_, err = s.one(ctx, who.Within(by.permission()), c.Graduate)
	return by, err
}
