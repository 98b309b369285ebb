package access

import (
	"context"

	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/fault"
)

// IdleDays is after how many days without a login an account counts as idle (闲置):
// whoever reviews the accounts asks whether it is still needed (GB/T 22239, C14).
const IdleDays = 90

// Idle reports that nobody came in by the account for IdleDays; of one that was
// never used, since it was made. One that is disabled is not idle.
func (a *Account) Idle(now calendar.Instant) bool {
	const day = 24 * 60 * 60 * 1000
	return !a.Disabled && now-max(a.Seen, a.Created) >= IdleDays*day
}

// Separated reports that somebody else than the system administrator gives the
// roles: a security administrator whose term runs, who is not disabled and has set
// a password. A small school may have none; then the system administrator has
// their rights too, and the page of accounts says so.
func (s *Service) Separated(ctx context.Context) (bool, error) {
	n, err := s.securityAdministrators(ctx, "")
	return n > 0, err
}

// securityAdministrators counts those who can act, without the account given.
func (s *Service) securityAdministrators(ctx context.Context, without string) (n int, err error) {
	list, err := s.Store.Holding(ctx, SecurityAdministrator)
	if err != nil {
		return 0, err
	}
	today := calendar.DayOf(s.Now())
	for i := range list {
		if list[i].ID != without && list[i].secures(today) {
			n++
		}
	}
	return n, nil
}

// secures reports that the account can act as a security administrator.
func (a *Account) secures(today calendar.Day) bool {
	return !a.Disabled && a.Password != "" && a.Actor(today).Has(SecurityAdministrator)
}

// standsIn reports that the account is a system administrator's who has the rights
// of the security administrator that the school has not.
func (s *Service) standsIn(ctx context.Context, a *Account) (bool, error) {
	if !(Actor{Grants: a.Grants}).Has(Administrator) {
		return false, nil
	}
	separated, err := s.Separated(ctx)
	return !separated, err
}

// rolesTurn is what transactions wait for in turn that ask who gives the roles: two
// removals at one instant would each leave the other one's account, and none stay.
const rolesTurn = "roles"

func (s *Service) inRolesTurn(ctx context.Context, do func(context.Context) error) error {
	return s.Store.InTx(ctx, func(ctx context.Context) error {
		if err := s.Store.Await(ctx, rolesTurn); err != nil {
			return err
		}
		return do(ctx)
	})
}

// handsOut refuses a link to whoever would become their own overseer by it: the
// password of a security administrator is set anew from the command line, where
// whoever has the machine has all of it anyway.
func handsOut(who Actor, a *Account) error {
	if who.May(GrantRoles) == nil || !(Actor{Grants: a.Grants}).Has(SecurityAdministrator) {
		return nil
	}
	return fault.Conflictf("account", "“%s”是安全管理员，系统管理员不能给其发设置密码的链接：请管理服务器的人运行 quxiang user reset %s", a.Login, a.Login)
}

// becomesSecurity lets nobody become a security administrator on a password or a
// link that somebody else may hold: the account's holder has set one, and links
// made before are useless.
func (s *Service) becomesSecurity(ctx context.Context, who Actor, a *Account, was Actor) error {
	if was.Has(SecurityAdministrator) || !(Actor{Grants: a.Grants}).Has(SecurityAdministrator) {
		return nil
	}
	if who.Person() && a.Password == "" {
		return fault.Conflictf("role", "“%s”还没有设好密码：先请本人用链接设好，再给安全管理员的角色", a.Login)
	}
	return s.Store.DropLinks(ctx, a.ID)
}

// lastSecurity keeps a system administrator from becoming their own overseer: the
// last security administrator is ended by the command line only, where whoever has
// the machine has all of it anyway. It asks in its turn (rolesTurn).
func (s *Service) lastSecurity(ctx context.Context, who Actor, a *Account) error {
	if !who.Person() || !a.secures(calendar.DayOf(s.Now())) {
		return nil
	}
	left, err := s.securityAdministrators(ctx, a.ID)
	if err == nil && left == 0 {
		err = fault.Conflictf("account", "“%s”是唯一的安全管理员：停用或换人前，请先另设一位并让其设好密码", a.Login)
	}
	return err
}
