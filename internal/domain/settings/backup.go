package settings

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
)

// Backup is the last backup of the school that became whole.
type Backup struct {
	At      calendar.Instant `json:"at"`
	Account string           `json:"account"`
	Bytes   int64            `json:"bytes"`
	Missing int              `json:"missing"` // files of evidence that could not be read
}

// keyBackup keeps the last Backup as JSON.
const keyBackup = "backup_last"

// BackupAge is how old the last backup may be before somebody is told: one is
// made every night, and may take two hours longer than the last.
const BackupAge = 26 * time.Hour

// NoteBackup keeps that a backup was made, with what it holds.
func (s *Service) NoteBackup(ctx context.Context, who access.Actor, b Backup, detail map[string]string) error {
	text, err := json.Marshal(b)
	if err != nil {
		return err
	}
	return s.Store.InTx(ctx, func(ctx context.Context) error {
		if err := s.Store.SaveSetting(ctx, keyBackup, string(text)); err != nil {
			return err
		}
		return s.Audit.Write(ctx, who, "backup.done", "school", detail)
	})
}

// LastBackup returns the last backup; false when there was none.
func (s *Service) LastBackup(ctx context.Context) (Backup, bool, error) {
	text, err := s.Store.Setting(ctx, keyBackup)
	if err != nil || text == "" {
		return Backup{}, false, err
	}
	var b Backup
	if err := json.Unmarshal([]byte(text), &b); err != nil {
		return b, false, fmt.Errorf("setting %s: %w", keyBackup, err)
	}
	return b, true, nil
}

// Overdue reports that the next backup should have been made by now.
func (b Backup) Overdue(now calendar.Instant) bool {
	return now.Time().Sub(b.At.Time()) > BackupAge
}
