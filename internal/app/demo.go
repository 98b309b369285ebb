package app

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"quxiang/internal/demo"
	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/fault"
)

// Demo says which invented school is built.
type Demo struct {
	Graduates int    // of the 2024 cohort; the others in proportion
	Seed      uint64 // same seed, same school
	Progress  func(done, total int64)
}

// RoleLink lets somebody in as a role of the demo school.
type RoleLink struct{ Role, Login, URL string }

// DemoLinks returns one fresh link for each role that somebody has, the widest
// role first.
func (a *App) DemoLinks(ctx context.Context, who access.Actor, address string) ([]RoleLink, error) {
	all, err := a.Accounts.List(ctx, who)
	if err != nil {
		return nil, err
	}
	var out []RoleLink
	for _, role := range append(access.Roles(), string(access.Graduate)) {
		for _, account := range all {
			if account.Disabled || len(account.Grants) == 0 || string(account.Grants[0].Role) != role {
				continue
			}
			token, err := a.Accounts.DemoLink(ctx, who, account.ID)
			if err != nil {
				return nil, err
			}
			out = append(out, RoleLink{access.Role(role).Title(), account.Login, address + "/enter/" + token})
			break
		}
	}
	return out, nil
}

// building is the file that marks a folder in which the demo school is being
// built; what an interrupted building left there is thrown away.
const building = "demo-building"

// OpenDemo opens the demo school of the folder, which it builds first where
// there is none.
//
// Errors: fault.Usage for a folder that demo did not make, or a size that cannot
// be built; fault.Conflict when another process holds the folder.
func OpenDemo(ctx context.Context, c Config, d Demo) (*App, error) {
	fresh, err := prepareDemo(ctx, c)
	if err != nil {
		return nil, err
	}
	a, err := Open(ctx, c, Serving)
	if err != nil {
		return nil, err
	}
	mark, err := a.Store.Setting(ctx, settingDemo)
	if err == nil && mark == "" {
		if !fresh && a.School().Name != "" {
			err = notDemo(c)
		} else {
			err = a.buildDemo(ctx, d)
		}
	}
	if err != nil {
		return nil, errors.Join(err, a.Close())
	}
	return a, nil
}

// ours are what lies in a data folder beside the database.
var ours = []string{"lock", "holder", "keys", "socket", "evidence", "held", erasures}

// prepareDemo looks at the folder before anything is written; fresh says that no
// school can be in it.
func prepareDemo(ctx context.Context, c Config) (fresh bool, err error) {
	entries, err := os.ReadDir(c.Data)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return false, fault.Usagef("data", "数据文件夹 %s 打不开：%v", c.Data, plainCause(err))
	}
	interrupted, held := false, false
	for _, e := range entries {
		switch name := e.Name(); {
		case name == building:
			interrupted = true
		case strings.HasPrefix(name, database):
			held = true
		case !slices.Contains(ours, name):
			return false, notDemo(c)
		}
	}
	if interrupted {
		f, err := hold(ctx, c.Data, Serving) // nobody is building now
		if err != nil {
			return false, err
		}
		defer f.release()
		for _, tail := range []string{"", "-wal", "-shm"} {
			if err := os.Remove(filepath.Join(c.Data, database+tail)); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return false, err
			}
		}
		return true, os.RemoveAll(filepath.Join(c.Data, "evidence"))
	}
	return !held && c.Database == "", nil
}

func notDemo(c Config) error {
	return fault.Usagef("data", "文件夹 %s 不是演示学校的，不能在里面建演示学校，请换一个 --data", c.Data)
}

// buildDemo writes the school; until it is done, the folder is marked.
func (a *App) buildDemo(ctx context.Context, d Demo) error {
	mark := filepath.Join(a.Data, building)
	if err := os.WriteFile(mark, nil, 0o600); err != nil {
		return err
	}
	if err := a.Store.SaveSetting(ctx, settingKeys, a.keyMark()); err != nil {
		return err
	}
	err := demo.Build(ctx, demo.Target{Store: a.Store, Vault: a.Vault, Files: a.Files, Releases: a.Releases, External: a.Externals, Reload: func(ctx context.Context) error {
		if err := a.readSettings(ctx); err != nil {
			return err
		}
		return a.reloadCodes(ctx)
	}}, demo.Options{Graduates: d.Graduates, Seed: d.Seed, Progress: d.Progress,
		Machine: func() calendar.Instant { return calendar.At(time.Now()) }})
	if err != nil {
		return err
	}
	if err := a.readSettings(ctx); err != nil {
		return err
	}
	return os.Remove(mark)
}
