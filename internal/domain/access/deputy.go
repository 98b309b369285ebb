package access

import (
	"context"
	"slices"
	"strings"

	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/fault"
)

// MaxDeputyDays is how long somebody's place may be taken at most: July and August.
const MaxDeputyDays = 62

// Deputing asks that one takes another's place (代理).
type Deputing struct {
	Of     string // account id of who is absent; blank: the actor
	To     string // login of who takes the place
	Role   Role   // of the absent; blank: all that can be given
	Begins calendar.Day
	Ends   calendar.Day // last day
	Reason string
}

// Deputyship is a place that is taken, as people read it.
type Deputyship struct {
	Of, To Account // without grants and passwords
	Grant  Grant
}

// lendable are the roles that a deputy can take over, with the roles whose holders
// may arrange it for somebody absent who lies within their scope. Whoever has the
// role may arrange it for themselves. A leader's signature is nobody else's to
// give away, and who keeps the accounts or reads the trail has no deputy.
var lendable = map[Role][]Role{
	Tutor:            {CollegeSecretary, Office},
	Counsellor:       {CollegeSecretary, Office},
	CollegeSecretary: {CollegeSecretary, Office},
	CollegeLeader:    {Office},
	Support:          {Office},
	Office:           {Office},
	SchoolLeader:     nil,
}

// checkDeputing says what is wrong with the term and the reason.
func checkDeputing(d *Deputing, today calendar.Day) error {
	if d.Begins == "" {
		d.Begins = today
	}
	d.To, d.Reason = narrow(d.To), strings.TrimSpace(d.Reason)
	switch {
	case d.To == "":
		return fault.Invalidf("to", "请写明由谁代理：对方的工号")
	case d.Begins < today:
		return fault.Invalidf("begins", "起始日 %s 已经过去，请从 %s 或以后开始", d.Begins, today)
	case d.Ends == "":
		return fault.Invalidf("ends", "请写明代理到哪一天，最长 %d 天", MaxDeputyDays)
	case d.Ends < d.Begins:
		return fault.Invalidf("ends", "截止日 %s 早于起始日 %s，请改过来", d.Ends, d.Begins)
	case d.Ends >= d.Begins.AddDays(MaxDeputyDays):
		return fault.Invalidf("ends", "代理最长 %d 天，从 %s 起最晚到 %s", MaxDeputyDays, d.Begins, d.Begins.AddDays(MaxDeputyDays-1))
	case len([]rune(d.Reason)) < shortestReason || len([]rune(d.Reason)) > 100:
		return fault.Invalidf("reason", "请写明为什么请人代理，%d 到 100 个字，例如：暑期休假", shortestReason)
	}
	return nil
}

// Deputise gives a colleague the absent one's grants, or one of them, from day to
// day. The deputy acts under their own account: where two persons are asked for,
// one cannot be both. The same role of the same person to the same colleague again
// replaces the term.
//
// Errors: fault.Invalid, fault.NotFound for a colleague who is none, fault.Forbidden
// for a place that is not the actor's to give.
func (s *Service) Deputise(ctx context.Context, who Actor, d Deputing) ([]Deputyship, error) {
	if err := who.May(NameDeputy); err != nil {
		return nil, err
	}
	if err := checkDeputing(&d, calendar.DayOf(s.Now())); err != nil {
		return nil, err
	}
	if d.Of == "" {
		d.Of = who.Account
	}
	var out []Deputyship
	err := s.Store.InTx(ctx, func(ctx context.Context) error {
		of, to, err := s.pair(ctx, who, &d)
		if err != nil {
			return err
		}
		lent, err := s.lent(ctx, who, &of, &d)
		if err != nil {
			return err
		}
		before := record(to.Grants)
		for _, g := range lent {
			to.Grants = slices.DeleteFunc(to.Grants, func(h Grant) bool { return h.For == g.For && h.Role == g.Role })
		}
		to.Grants = append(to.Grants, lent...)
		out = nil
		for _, g := range lent {
			out = append(out, Deputyship{Of: bare(of), To: bare(to), Grant: g})
		}
		if record(to.Grants) == before {
			return nil
		}
		if err := s.Store.SaveAccount(ctx, to); err != nil {
			return err
		}
		return s.Audit.Write(ctx, who, "account.deputise", of.ID,
			map[string]string{"to": to.ID, "grants": record(lent), "reason": d.Reason})
	})
	return out, err
}

// pair finds the two accounts of a deputing.
func (s *Service) pair(ctx context.Context, who Actor, d *Deputing) (of, to Account, err error) {
	if of, err = s.Store.Account(ctx, d.Of); err != nil {
		return of, to, err
	}
	to, err = s.find(ctx, d.To)
	if err != nil && fault.KindOf(err) != fault.NotFound {
		return of, to, err
	}
	apart := slices.ContainsFunc(to.Grants, func(g Grant) bool { return slices.Contains(alone, g.Role) })
	switch {
	case err != nil || to.Graduate != "" || to.Disabled:
		return of, to, fault.NotFoundf("to", "没有工号“%s”的教职工账号，或者已停用，请核对", d.To)
	case of.Graduate != "" || of.Disabled:
		return of, to, fault.NotFoundf("of", "没有这位老师的账号，或者已停用，请核对")
	case to.ID == of.ID:
		return of, to, fault.Invalidf("to", "代理人不能是本人，请写另一位老师的工号")
	case to.ID == who.Account:
		return of, to, fault.Invalidf("to", "不能指定自己去代理别人，请由 %s 本人或上一级来办", of.Name)
	case apart:
		return of, to, fault.Invalidf("to", "%s是%s，不能代理别的工作", to.Name, to.Grants[0].Role.Title())
	}
	return of, to, nil
}

// lent returns the grants that the absent one's place gives, cut to the term.
func (s *Service) lent(ctx context.Context, who Actor, of *Account, d *Deputing) ([]Grant, error) {
	var out []Grant
	for _, g := range of.Grants {
		if g.For != "" || d.Role != "" && g.Role != d.Role {
			continue // a place that is taken is not passed on
		}
		g.Begins, g.Ends, g.For = max(g.Begins, d.Begins), earlier(g.Ends, d.Ends), of.ID
		if g.Begins > g.Ends {
			continue
		}
		ok, err := s.mayLend(ctx, who, of, g)
		if err != nil {
			return nil, err
		}
		if ok {
			out = append(out, g)
		}
	}
	if len(out) == 0 {
		return nil, fault.Forbiddenf("of", "%s在这段时间里没有可以由你安排代理的角色", of.Name)
	}
	return out, nil
}

func earlier(a, b calendar.Day) calendar.Day {
	if a == "" || b < a {
		return b
	}
	return a
}

// mayLend reports that the place is the actor's own, or that of somebody within
// their scope whom they may stand up for.
func (s *Service) mayLend(ctx context.Context, who Actor, of *Account, g Grant) (bool, error) {
	by, can := lendable[g.Role]
	if !can || of.ID == who.Account {
		return can, nil
	}
	var over Scope
	for _, h := range who.Grants {
		if h.For == "" && slices.Contains(by, h.Role) {
			over = over.Union(h.Over)
		}
	}
	return s.contains(ctx, over, g.Over)
}

// contains reports that everybody of the inner scope is of the outer one by what
// the roster says of classes and colleges.
func (s *Service) contains(ctx context.Context, outer, inner Scope) (bool, error) {
	if outer.School {
		return true, nil
	}
	if inner.School || outer.Empty() {
		return false, nil
	}
	colleges, err := s.Store.CollegesOf(ctx, inner.Classes)
	if err != nil {
		return false, err
	}
	for _, c := range inner.Colleges {
		if !outer.Holds("", c, "") {
			return false, nil
		}
	}
	for _, k := range inner.Classes {
		if !outer.Holds("", colleges[k], k) {
			return false, nil
		}
	}
	for _, g := range inner.Graduates {
		if !outer.Holds(g, "", "") {
			return false, nil
		}
	}
	return true, nil
}

// EndDeputy takes the place of a role back before its term is over: by the absent
// one, by the deputy, or by who could have arranged it. Ending twice is ending once.
func (s *Service) EndDeputy(ctx context.Context, who Actor, of, to string, role Role) error {
	return s.Store.InTx(ctx, func(ctx context.Context) error {
		a, err := s.Store.Account(ctx, to)
		if err != nil {
			return err
		}
		principal, err := s.Store.Account(ctx, of)
		if err != nil {
			return err
		}
		// A place over two classes is two grants: all that the actor may end ends.
		var kept, ended []Grant
		refused := false
		for _, g := range a.Grants {
			ok := g.For == of && g.Role == role
			if ok && who.Account != to && who.May(GrantRoles) != nil {
				if ok, err = s.mayLend(ctx, who, &principal, g); err != nil {
					return err
				}
				refused = refused || !ok
			}
			if ok {
				ended = append(ended, g)
			} else {
				kept = append(kept, g)
			}
		}
		switch {
		case len(ended) == 0 && refused:
			return fault.Forbiddenf("", "这项代理不由你安排，请联系 %s 或就业中心", principal.Name)
		case len(ended) == 0:
			return nil
		}
		a.Grants = kept
		if err := s.Store.SaveAccount(ctx, a); err != nil {
			return err
		}
		return s.Audit.Write(ctx, who, "account.deputy_end", of, map[string]string{"to": to, "grants": record(ended)})
	})
}

// Deputyships returns the places taken that concern the actor: of or by
// themselves, and those that they may arrange; the first to end comes first. Those
// that are over are left out.
func (s *Service) Deputyships(ctx context.Context, who Actor) ([]Deputyship, error) {
	list, err := s.Store.Deputies(ctx)
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, a := range list {
		for _, g := range a.Grants {
			ids = append(ids, g.For)
		}
	}
	names, err := s.People(ctx, ids)
	if err != nil {
		return nil, err
	}
	today := calendar.DayOf(s.Now())
	var out []Deputyship
	for _, a := range list {
		for _, g := range a.Grants {
			of, known := names[g.For]
			if !known || g.Ends < today {
				continue
			}
			ok := a.ID == who.Account || of.ID == who.Account || who.May(GrantRoles) == nil
			if !ok {
				if ok, err = s.mayLend(ctx, who, &of, g); err != nil {
					return nil, err
				}
			}
			if ok {
				out = append(out, Deputyship{Of: of, To: bare(a), Grant: g})
			}
		}
	}
	slices.SortStableFunc(out, func(x, y Deputyship) int { return strings.Compare(string(x.Grant.Ends), string(y.Grant.Ends)) })
	return out, nil
}

// Absentees returns the colleagues whose place the actor may give to somebody, by
// login, without grants and passwords; the actor themselves is not among them.
func (s *Service) Absentees(ctx context.Context, who Actor) ([]Account, error) {
	if err := who.May(NameDeputy); err != nil {
		return nil, err
	}
	if !who.Has(Office) && !who.Has(CollegeSecretary) {
		return nil, nil
	}
	all, err := s.Store.StaffList(ctx)
	if err != nil {
		return nil, err
	}
	today := calendar.DayOf(s.Now())
	var out []Account
	for i := range all {
		a := &all[i]
		if a.ID == who.Account || a.Disabled {
			continue
		}
		for _, g := range a.Grants {
			if g.For != "" || !g.InForce(today) {
				continue
			}
			ok, err := s.mayLend(ctx, who, a, g)
			if err != nil {
				return nil, err
			}
			if ok {
				out = append(out, bare(*a))
				break
			}
		}
	}
	return out, nil
}

// People returns who the accounts are: id, login and name, by id.
func (s *Service) People(ctx context.Context, ids []string) (map[string]Account, error) {
	slices.Sort(ids)
	list, err := s.Store.AccountsAmong(ctx, slices.DeleteFunc(slices.Compact(ids), func(id string) bool { return id == "" }), nil, nil)
	out := map[string]Account{}
	for _, a := range list {
		out[a.ID] = bare(a)
	}
	return out, err
}

// bare leaves of an account who it is.
func bare(a Account) Account {
	return Account{ID: a.ID, Login: a.Login, Name: a.Name, Graduate: a.Graduate, Disabled: a.Disabled}
}
