package app

import (
	"context"
	"path/filepath"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/privacy"
	"quxiang/internal/gateway/vault"
)

// erasures is the list of what was let go of, in the data folder: it is copied beside
// the backups, and a restore takes it.
const erasures = "erasures.txt"

// listErasures writes the list of all that ever went.
func (a *App) listErasures(ctx context.Context) error {
	content, err := a.Retention.Erasures(ctx, a.Trail.Notary)
	if err != nil {
		return err
	}
	f, err := CreateLocal(filepath.Join(a.Data, erasures))
	if err != nil {
		return err
	}
	if _, err := f.Write(content); err != nil {
		f.(*localFile).Abandon()
		return err
	}
	return f.Close()
}

// replay lets go again of what a list says had gone.
func (a *App) replay(ctx context.Context, list []byte) (int, error) {
	papers, err := privacy.ReadErasures(list, a.Trail.Notary)
	if err != nil {
		return 0, err
	}
	return a.Retention.Replay(ctx, access.Console("restore"), papers)
}

// erasuresFit refuses a list that the key of a ring did not sign, before anything of a
// backup stays.
func erasuresFit(list []byte, keys string) error {
	if list == nil {
		return nil
	}
	_, err := privacy.ReadErasures(list, vault.NewNotary(keys, func() string { return "quxiang" }))
	return err
}
