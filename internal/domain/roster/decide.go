package roster

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/exchange"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/history"
)

// Waiting is a correction in the queue, with whom it is about.
type Waiting struct {
	Correction          // of a secret field values are blank, see Now and After, and numbers in the note hidden
	Person     Graduate // without secrets
	Now        string   // what is kept today, as people read it, masked
	After      string   // what it should be, as people read it, masked
	Moves      []Move   // of a major or class: all units that change with it
}

// Waits are the corrections that wait for one settler.
type Waits struct {
	By     Settler
	N      int
	Oldest calendar.Instant // 0: none waits
}

// Settlers returns whose queues the actor may work on, the college's first.
func Settlers(who access.Actor) []Settler {
	var out []Settler
	for _, by := range []Settler{Faculty, Registry} {
		if who.May(by.permission()) == nil {
			out = append(out, by)
		}
	}
	return out
}

// CorrectionCounts counts what waits, by settler, within the actor's scope.
func (s *Service) CorrectionCounts(ctx context.Context, who access.Actor) ([]Waits, error) {
	var out []Waits
	for _, by := range Settlers(who) {
		n, oldest, err := s.Store.CorrectionsOpen(ctx, who.Within(by.permission()), fieldsOf(by), by == Registry)
		if err != nil {
			return nil, err
		}
		out = append(out, Waits{by, n, oldest})
	}
	return out, nil
}

// Corrections returns the queue of a settler within the actor's scope, oldest
// first, at most limit (≤ 100), those after the id given. Error: fault.Forbidden.
func (s *Service) Corrections(ctx context.Context, who access.Actor, by Settler, after string, limit int) ([]Waiting, error) {
	if err := who.May(by.permission()); err != nil {
		return nil, err
	}
	within := who.Within(by.permission())
	list, err := s.Store.Corrections(ctx, within, fieldsOf(by), by == Registry, after, min(limit, 100))
	if err != nil || len(list) == 0 {
		return nil, err
	}
	units, err := s.Store.Units(ctx)
	if err != nil {
		return nil, err
	}
	show := NewShower(s.Book(), units)
	ids := make([]string, len(list))
	for i := range list {
		ids[i] = list[i].Graduate
	}
	slices.Sort(ids)
	people, err := s.Store.GraduatesByID(ctx, within, slices.Compact(ids))
	if err != nil {
		return nil, err
	}
	var out []Waiting
	for _, c := range list {
		i := slices.IndexFunc(people, func(g Graduate) bool { return g.ID == c.Graduate })
		if i < 0 {
			continue // left the scope between the two reads
		}
		w, err := s.waiting(c, people[i], show)
		if err != nil {
			return nil, err
		}
		out = append(out, w)
	}
	return out, nil
}

// longNumber is what may be an identity or phone number in somebody's own words.
var longNumber = regexp.MustCompile(`[\p{Nd}Xx*]{6,}`)

func (s *Service) waiting(c Correction, g Graduate, show Shower) (Waiting, error) {
	if err := c.Unseal(s.Vault); err != nil {
		return Waiting{}, err
	}
	if err := g.Unseal(s.Vault); err != nil {
		return Waiting{}, err
	}
	w := Waiting{Correction: c, Now: show.Masked(c.Field, g.Kept(c.Field)), After: show.Masked(c.Field, c.Value), Moves: show.Moves(&c, &g)}
	if slices.Contains(SecretFields, c.Field) {
		w.Before, w.Value, w.Note = "", "", longNumber.ReplaceAllString(w.Note, "****")
	}
	g.Secret, g.Sealed, g.IDIndex, g.PhoneIndex = nil, "", "", ""
	w.Person = g
	return w, nil
}

// RevealCorrection returns a correction with its values in full, of a secret field
// too, for whoever has to compare them, after it was written down. One that was
// decided has nothing left to compare; a console is nobody to show it to.
// Errors: as of Decide.
func (s *Service) RevealCorrection(ctx context.Context, who access.Actor, id string) (before, after string, err error) {
	if !who.Person() {
		return "", "", fault.Forbiddenf("", "这一项不能显示")
	}
	c, by, err := s.decidable(ctx, who, Decision{Correction: id})
	if err != nil {
		return "", "", err
	}
	if c.State != Asked {
		return "", "", errDecided
	}
	g, err := s.one(ctx, who.Within(by.permission()), c.Graduate)
	if err != nil {
		return "", "", err
	}
	err = s.Store.InTx(ctx, func(ctx context.Context) error {
		return s.Audit.Write(ctx, who, ActionReveal, c.Graduate, map[string]string{"field": c.Field, "reason": "核对更正"})
	})
	if err != nil {
		return "", "", err
	}
	return g.Kept(c.Field), c.Value, nil
}

// Decision is what is decided on a correction.
type Decision struct {
	Correction string
	Accept     bool
	Note       string       // what was looked at; needed to refuse
	Day        calendar.Day // since when it is so; blank: always was
}

// Decide accepts a correction, which then is kept as an import of that one value
// would keep it, or refuses it with a reason that the graduate reads. Deciding the
// same again is deciding once.
//
// Errors: fault.Forbidden; fault.NotFound outside the scope; fault.Invalid with
// the field; fault.Conflict when it was decided otherwise, taken back, or when
// somebody changed the graduate meanwhile.
func (s *Service) Decide(ctx context.Context, who access.Actor, d Decision) error {
	c, by, err := s.decidable(ctx, who, d)
	if err != nil {
		return err
	}
	want := Rejected
	if d.Accept {
		want = Accepted
	}
	switch {
	case c.State == want && c.Reason == d.Note:
		return nil
	case c.State != Asked:
		return errDecided
	case !d.Accept && d.Note == "":
		return fault.Invalidf("note", "不改要写明理由，本人会看到")
	}
	if !d.Accept {
		return s.Store.InTx(ctx, func(ctx context.Context) error {
			if err := s.end(ctx, who, c, Rejected, d.Note); err != nil {
				return err
			}
			return s.Audit.Write(ctx, who, "roster.correction.refuse", c.Graduate, map[string]string{"field": c.Field, "correction": c.ID})
		})
	}
	return s.accept(ctx, who, c, d, by)
}

var errDecided = fault.Conflictf("", "这一条已经有人办过或本人已经改回，请刷新后看下一条")

var errNoCorrection = fault.NotFoundf("correction", "没有这一条更正，可能地址不完整，请从更正列表进入")

// sameRefusal makes one refusal of a correction that is not there and one of
// somebody out of reach: nobody learns which there are.
func sameRefusal(err error) error {
	if fault.KindOf(err) == fault.NotFound {
		return errNoCorrection
	}
	return err
}

// decidable reads the correction that the actor may decide, unsealed.
func (s *Service) decidable(ctx context.Context, who access.Actor, d Decision) (Correction, Settler, error) {
	c, err := s.Store.Correction(ctx, d.Correction)
	if err != nil {
		return c, "", sameRefusal(err)
	}
	f, _ := FindCheckField(c.Field)
	if f.By == Own {
		return c, "", errNoCorrection
	}
	by, err := s.settled(ctx, who, c, f)
	if err != nil {
		return c, "", sameRefusal(err)
	}
	if utf8.RuneCountInString(d.Note) > longestNote {
		return c, "", fault.Invalidf("note", "理由请写在 %d 个字以内", longestNote)
	}
	if err := codes.NoNumbers("note", d.Note); err != nil {
		return c, "", err
	}
	if err := dayOr(d.Day); err != nil {
		return c, "", err
	}
	return c, by, c.Unseal(s.Vault)
}

// accept keeps the value. Reading, planning and encrypting come first; then all
// that changes is kept together.
func (s *Service) accept(ctx context.Context, who access.Actor, c Correction, d Decision, by Settler) error {
	g, err := s.one(ctx, who.Within(by.permission()), c.Graduate)
	if err != nil {
		return err
	}
	if g.Attrs.Value(history.Left) == history.True {
		return fault.Conflictf("", "%s已不在名单中，请先由就业中心核对名单", g.Name)
	}
	check, err := s.Store.SourceCheck(ctx, g.ID)
	if err != nil {
		return err
	}
	stood := check.Stands(&g)
	p, created, err := s.planOne(ctx, g, c, d.Day)
	if err != nil {
		return err
	}
	for i := range p.events {
		p.events[i].Actor, p.events[i].Reason = who.Account, strings.TrimSpace("本人提出更正 "+d.Note)
		if err := p.events[i].Seal(s.Vault); err != nil {
			return err
		}
	}
	after := p.graduate
	if err := after.Seal(s.Vault); err != nil {
		return err
	}
	return s.Store.InTx(ctx, func(ctx context.Context) error {
		if err := addUnits(ctx, s.Store, created); err != nil {
			return err
		}
		if len(p.events) > 0 {
			if _, err := s.Store.Publish(ctx, p.events); err != nil {
				return err
			}
		}
		if err := s.Store.SaveProfile(ctx, after); err != nil {
			return err
		}
		if stood {
			check.Rev, check.Basis = g.Rev+1, basisOf(after.Attrs)
			if err := s.Store.SaveSourceCheck(ctx, check); err != nil {
				return err
			}
		}
		if err := s.end(ctx, who, c, Accepted, d.Note); err != nil {
			return err
		}
		return s.Audit.Write(ctx, who, "roster.correction.accept", g.ID, map[string]string{"field": c.Field, "correction": c.ID})
	})
}

// planOne plans the correction as an import of one cell would be planned.
func (s *Service) planOne(ctx context.Context, g Graduate, c Correction, day calendar.Day) (planned, []Unit, error) {
	units, err := s.Store.Units(ctx)
	if err != nil {
		return planned{}, nil, err
	}
	histories, err := s.historiesOf(ctx, []string{g.ID})
	if err != nil {
		return planned{}, nil, err
	}
	p := planner{book: s.Book(), units: newDirectory(units), opts: ImportOptions{TrueFrom: day}, newID: s.NewID}
	values := exchange.Values{c.Field: c.Value}
	if (CheckField{ID: c.Field}).Unit() {
		values = p.units.path(c.Value)
	}
	out := p.update(exchange.Line{Values: values}, g, histories[g.ID])
	return out, p.units.created, nil
}

// path names a unit and those above it, as the row of an import does.
func (d *directory) path(id string) exchange.Values {
	v := exchange.Values{}
	for u, ok := d.byID[id]; ok; u, ok = d.byID[u.Parent] {
		v[string(u.Kind)] = u.Name
	}
	return v
}
