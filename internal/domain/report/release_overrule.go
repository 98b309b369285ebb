package report

import (
	"context"
	"slices"
	"strings"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/fault"
)

// Overrule is why a problem of a draft stands (放行).
type Overrule struct {
	Draft  string // id
	Key    string // of the Problem: a changed text needs another
	Rule   string
	Where  string
	Words  string
	Reason string
	At     calendar.Instant
	By     string // account
}

// Overrule lets a problem of a version stand, with a reason. Once is enough: the same again
// changes nothing.
//
// Errors: fault.Forbidden; fault.Invalid for a reason that says nothing; fault.Conflict for
// a problem that the version does not have, that is law, or that stands with another reason
// already, and as Gate.
func (s *Service) Overrule(ctx context.Context, who access.Actor, id string, number int, key, reason string) (Overrule, error) {
	if err := whole(who, access.Release); err != nil {
		return Overrule{}, err
	}
	g, err := s.Gate(ctx, who, id, number)
	if err != nil {
		return Overrule{}, err
	}
	reason = strings.TrimSpace(reason)
	if at := slices.IndexFunc(g.Overruled, func(o Overruled) bool { return o.Problem.Key == key }); at >= 0 {
		have := g.Overruled[at].Overrule
		if have.Reason != reason {
			return have, fault.Conflictf("reason", "这一条已经放行过，理由是“%s”", have.Reason)
		}
		return have, nil
	}
	at := slices.IndexFunc(g.Problems, func(p Problem) bool { return p.Key == key })
	if at < 0 {
		return Overrule{}, fault.Conflictf("problem", "这一版没有这一条，可能已经改好了，请重新打开检查清单")
	}
	p := g.Problems[at]
	if p.Law {
		return Overrule{}, fault.Conflictf("problem", "“%s”是法规要求，不能放行，请改写这一处", RuleTitle(p.Rule))
	}
	if err := reasonable(reason, "请写明为什么这一处无误"); err != nil {
		return Overrule{}, err
	}
	o := Overrule{Draft: id, Key: key, Rule: p.Rule, Where: p.Where, Words: p.Words, Reason: reason, At: s.Now(), By: who.Account}
	return o, s.Store.InTx(ctx, func(ctx context.Context) error {
		if err := s.Store.AddOverrule(ctx, o); err != nil {
			return err
		}
		return s.Audit.Write(ctx, who, "report.overrule", id, map[string]string{"rule": o.Rule, "problem": key})
	})
}
