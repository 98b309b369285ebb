package roster

import (
	"context"
	"strings"
	"unicode/utf8"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/fault"
)

// View is a list that an account asks for again and again (常用视图).
type View struct {
	ID      string
	Account string
	Page    string // path, such as /graduates
	Name    string
	Query   string // of the address, without the question mark
	At      calendar.Instant
}

// Views keeps saved views.
type Views interface {
	// SaveView adds, or replaces the one of the same account, page and name.
	SaveView(ctx context.Context, v View) error
	// ViewsOf returns those of an account and page, by name.
	ViewsOf(ctx context.Context, account, page string) ([]View, error)
	// DropView forgets one of the account and says whether it was there.
	DropView(ctx context.Context, account, id string) (bool, error)
}

// Limits of saved views.
const (
	longestName  = 20   // signs
	longestQuery = 1000 // bytes
	mostViews    = 30   // of an account and page
)

// Views returns the actor's own views of a page, by name.
func (s *Service) Views(ctx context.Context, who access.Actor, page string) ([]View, error) {
	return s.Store.ViewsOf(ctx, who.Account, page)
}

// KeepView keeps a list under a name; a name that is there already is replaced.
// Errors: fault.Invalid with the field, fault.Conflict when there are too many.
func (s *Service) KeepView(ctx context.Context, who access.Actor, page, name, query string) error {
	name = strings.TrimSpace(name)
	switch n := utf8.RuneCountInString(name); {
	case n == 0:
		return fault.Invalidf("name", "给这个视图起个名字，如 我的两个班未登记")
	case n > longestName:
		return fault.Invalidf("name", "视图的名字请写在 %d 个字以内", longestName)
	case len(query) > longestQuery:
		return fault.Invalidf("query", "筛选条件太长，存不下，请减少勾选的项")
	}
	have, err := s.Store.ViewsOf(ctx, who.Account, page)
	if err != nil {
		return err
	}
	if len(have) >= mostViews {
		return fault.Conflictf("name", "常用视图已有 %d 个，请先删掉不用的", len(have))
	}
	v := View{ID: s.NewID(), Account: who.Account, Page: page, Name: name, Query: query, At: s.Now()}
	return s.Store.InTx(ctx, func(ctx context.Context) error {
		if err := s.Store.SaveView(ctx, v); err != nil {
			return err
		}
		return s.Audit.Write(ctx, who, "roster.view.keep", page, nil)
	})
}

// DropView forgets one of the actor's own views. What is not there, or somebody
// else's, is forgotten already.
func (s *Service) DropView(ctx context.Context, who access.Actor, id string) error {
	return s.Store.InTx(ctx, func(ctx context.Context) error {
		dropped, err := s.Store.DropView(ctx, who.Account, id)
		if err != nil || !dropped {
			return err
		}
		return s.Audit.Write(ctx, who, "roster.view.drop", id, nil)
	})
}
