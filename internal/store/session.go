package store

import (
	"context"

	"quxiang/internal/domain/access"
)

// Sessions returns those of an account, the one seen last first, over or not.
func (s *Store) Sessions(ctx context.Context, account string) ([]access.Session, error) {
	return collect(s.query(ctx, `
		select digest, account_id, began_at, seen_at, proved_at, demo, network, device from login_session
		where account_id = $1 order by seen_at desc, began_at desc, digest`, account), scanSession)
}

// DropOtherSessions ends all of an account but one.
func (s *Store) DropOtherSessions(ctx context.Context, account, but string) error {
	_, err := s.exec(ctx, `delete from login_session where account_id = $1 and digest <> $2`, account, but)
	return err
}
