package store

import (
	"context"
	"errors"
	"strconv"

	"quxiang/internal/domain/calendar"
)

// Settings that the store keeps for itself.
const (
	settingMinBinary = "min_binary" // see migrate.go
	settingServer    = "server"     // who serves, on PostgreSQL
	settingTenure    = "server_id"  // of that hold on the database
	settingFloor     = "known_floor"
)

// Setting returns what is kept under the key, such as the school's name; blank
// if nothing.
func (s *Store) Setting(ctx context.Context, key string) (string, error) {
	v, err := one(s.query(ctx, `select value from meta where key = $1`, key), scanText)
	if errors.Is(err, errNoRow) {
		return "", nil
	}
	return v, err
}

// notes are settings that the program keeps for itself: nobody decides them, and
// no figure hangs on them. The school's clock is none: with it events are dated back.
var notes = map[string]bool{settingMinBinary: true, settingServer: true, settingTenure: true, settingDue: true,
	"keys": true, "public_url": true, "probe": true}

// SaveSetting keeps a value under the key. Of what the school decides the
// transaction's audit entry answers; verify names a value for which none does.
func (s *Store) SaveSetting(ctx context.Context, key, value string) error {
	return s.InTx(ctx, func(ctx context.Context) error {
		t := s.txOf(ctx)
		if !notes[key] {
			if err := s.mark(ctx, t, ofSetting, key); err != nil {
				return err
			}
		}
		_, err := t.exec(ctx, `
			insert into meta (key, value) values ($1, $2)
			on conflict (key) do update set value = excluded.value`, key, value)
		return err
	})
}

// floor is the K of the latest snapshot: nothing may become known before it.
func (s *Store) floor(ctx context.Context) (calendar.Instant, error) {
	v, err := s.Setting(ctx, settingFloor)
	if err != nil || v == "" {
		return 0, err
	}
	n, err := strconv.ParseInt(v, 10, 64)
	return calendar.Instant(n), err
}

func (s *Store) raiseFloor(ctx context.Context, to calendar.Instant) error {
	now, err := s.floor(ctx)
	if err != nil || to <= now {
		return err
	}
	return s.SaveSetting(ctx, settingFloor, strconv.FormatInt(int64(to), 10))
}
