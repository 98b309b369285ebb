package access

import (
	"context"
	"slices"
	"strings"

	"quxiang/internal/domain/calendar"
)

// Keeper is a member of staff whose scope holds a graduate (谁在帮).
type Keeper struct {
	Account string
	Name    string
	Role    Role
	Since   calendar.Day // blank: from the beginning
	Until   calendar.Day // blank: open
}

// keeping are the roles that look after somebody, the nearest first.
var keeping = []Role{Tutor, Counsellor, CollegeSecretary}

// Keepers returns the tutors, counsellors and secretaries whose scope holds the graduate
// of that college and class today, the nearest first. Error: fault.Forbidden.
func (s *Service) Keepers(ctx context.Context, who Actor, graduate, college, class string) ([]Keeper, error) {
	if err := who.May(ViewPeople); err != nil {
		return nil, err
	}
	all, err := s.Store.StaffList(ctx)
	if err != nil {
		return nil, err
	}
	today := calendar.DayOf(s.Now())
	var out []Keeper
	for _, a := range all {
		for _, g := range a.Grants {
			if !a.Disabled && slices.Contains(keeping, g.Role) && g.InForce(today) && g.Over.Holds(graduate, college, class) {
				out = append(out, Keeper{a.ID, a.Name, g.Role, g.Begins, g.Ends})
				break
			}
		}
	}
	slices.SortStableFunc(out, func(a, b Keeper) int { return slices.Index(keeping, a.Role) - slices.Index(keeping, b.Role) })
	return out, nil
}

// Called is how somebody is called in a history: name and what they are.
type Called struct{ Name, Title string }

// Called returns how the accounts are called; one that is not there, such as a
// command line's, is called by what it is.
func (s *Service) Called(ctx context.Context, accounts []string) (map[string]Called, error) {
	list, err := s.Store.AccountsAmong(ctx, accounts, nil, nil)
	if err != nil {
		return nil, err
	}
	out := map[string]Called{}
	for _, id := range accounts {
		if name, console := strings.CutPrefix(id, "console:"); console {
			out[id] = Called{"命令行", name}
		}
	}
	for _, a := range list {
		title := "本人"
		if a.Graduate == "" {
			title = Actor{Grants: a.Grants}.Title()
		}
		out[a.ID] = Called{a.Name, title}
	}
	return out, nil
}
