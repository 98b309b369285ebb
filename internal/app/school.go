package app

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/indicator"
	"quxiang/internal/httpd"
	"quxiang/internal/store"
)

// NewSchool is what init asks for.
type NewSchool struct {
	Name   string
	Code   string // 院校代码 or 学校标识码
	Admin  string // login of the administrator
	Region string // GB/T 2260 code of the home city; may be blank

	PublicURL string // how users will reach it, for the link; may be blank
}

// Init makes an empty school and returns the link with which the administrator
// sets a password. What it made of files goes again when it fails, so that the same
// command works once the reason is mended.
//
// Errors: fault.Invalid for what cannot be right, fault.Conflict when the folder
// or database holds a school already.
func Init(ctx context.Context, c Config, n NewSchool) (link string, err error) {
	if err := n.check(); err != nil {
		return "", err
	}
	before := lookAround(c)
	a, err := Open(ctx, c, Serving)
	if err == nil {
		link, err = a.found(ctx, n)
		if e := a.Close(); err == nil {
			err = e
		}
	}
	if err != nil {
		before.leave()
		return "", err
	}
	return link, nil
}

// found makes the school of a database that has none. Its name comes last: what has
// no name is not founded yet, and may be founded again.
func (a *App) found(ctx context.Context, n NewSchool) (link string, err error) {
	switch {
	case a.School().Name != "" && a.Database != "":
		return "", fault.Conflictf("database", "这个数据库里已有学校“%s”，请换一个数据库", a.School().Name)
	case a.School().Name != "":
		return "", fault.Conflictf("data", "文件夹 %s 里已有学校“%s”，请换一个 --data", a.Data, a.School().Name)
	}
	if n.PublicURL != "" {
		if err := a.Store.SaveSetting(ctx, settingURL, strings.TrimSuffix(n.PublicURL, "/")); err != nil {
			return "", err
		}
	}
	_, link, err = a.AddAccount(ctx, access.Console("init"), access.Account{Login: n.Admin, Name: "系统管理员",
		Grants: []access.Grant{{Role: access.Administrator, Over: access.School()}}})
	if err != nil {
		return "", err
	}
	return link, a.saveSettings(ctx, map[string]string{
		settingSchool: n.Name, settingSchoolCode: n.Code, settingRegion: n.Region, settingKeys: a.keyMark()})
}

// surroundings are the folders of a school as they were before somebody began.
type surroundings struct {
	Config
	data, keys, school bool // was there
}

func lookAround(c Config) surroundings {
	there := func(path string) bool { _, err := os.Stat(path); return err == nil }
	if c.Keys == "" {
		c.Keys = filepath.Join(c.Data, "keys")
	}
	return surroundings{c, there(c.Data), there(c.Keys), there(filepath.Join(c.Data, database))}
}

// leave removes what was not there before, and nothing else. Where a database was
// there it may be somebody's, and its keys with it.
func (s surroundings) leave() {
	if s.school {
		return
	}
	for _, name := range []string{database, database + "-wal", database + "-shm", "holder", "lock"} {
		os.Remove(filepath.Join(s.Data, name))
	}
	if !s.keys {
		os.RemoveAll(s.Keys)
	}
	if !s.data {
		os.Remove(s.Data)
	}
}

func (n *NewSchool) check() error {
	n.Name, n.Code, n.Admin = strings.TrimSpace(n.Name), strings.TrimSpace(n.Code), strings.TrimSpace(n.Admin)
	switch {
	case n.Name == "":
		return fault.Invalidf("school", "请用 --school 写明学校全称")
	case n.Code == "":
		return fault.Invalidf("school-code", "请用 --school-code 写明院校代码（5 位）或学校标识码（10 位）")
	case n.Admin == "":
		return fault.Invalidf("admin", "请用 --admin 写明管理员账号")
	}
	if _, err := access.CheckLogin(n.Admin); err != nil {
		return err
	}
	if err := httpd.CheckPublicURL(n.PublicURL); err != nil {
		return err
	}
	if n.Region == "" {
		return nil
	}
	if _, ok := codes.Builtin().Table("region").Find(n.Region); !ok || codes.CityOf(n.Region) == "" {
		return fault.Invalidf("region", "--region “%s”不是一个城市的行政区划代码，请写六位代码，例如天津市 120000", n.Region)
	}
	return nil
}

// AddAccount keeps a new account and returns the one-time link to its password.
func (a *App) AddAccount(ctx context.Context, who access.Actor, n access.Account) (access.Account, string, error) {
	n, token, err := a.Accounts.Add(ctx, who, n)
	if err != nil {
		return n, "", err
	}
	link, err := a.passwordAddress(ctx, token)
	return n, link, err
}

// ResetAccount returns the address of a new one-time link to set an account's
// password.
func (a *App) ResetAccount(ctx context.Context, who access.Actor, id string) (string, error) {
	token, err := a.Accounts.PasswordLink(ctx, who, id)
	if err != nil {
		return "", err
	}
	return a.passwordAddress(ctx, token)
}

func (a *App) passwordAddress(ctx context.Context, token string) (string, error) {
	base, err := a.Store.Setting(ctx, settingURL)
	if base == "" {
		base = "http://127.0.0.1:8080"
	}
	return base + "/password/" + token, err
}

// saveSettings keeps settings of the school in one transaction.
func (a *App) saveSettings(ctx context.Context, values map[string]string) error {
	err := a.Store.InTx(ctx, func(ctx context.Context) error {
		for k, v := range values {
			if err := a.Store.SaveSetting(ctx, k, v); err != nil {
				return err
			}
		}
		return a.Store.Write(ctx, access.Console("init"), "school.settings", "school", nil)
	})
	if err != nil {
		return err
	}
	return a.readSettings(ctx)
}

// readSettings brings the school's name, home and clock into memory.
func (a *App) readSettings(ctx context.Context) error {
	values := map[string]string{}
	for _, k := range []string{settingSchool, settingRegion, settingClock} {
		v, err := a.Store.Setting(ctx, k)
		if err != nil {
			return err
		}
		values[k] = v
	}
	a.school.Store(&indicator.School{Name: values[settingSchool], HomeCity: values[settingRegion]})
	if values[settingClock] == "" {
		return nil
	}
	offset, err := strconv.ParseInt(values[settingClock], 10, 64)
	if err != nil {
		return fmt.Errorf("setting %s: %w", settingClock, err)
	}
	a.offset.Store(offset)
	return nil
}

// Pending returns the steps that Migrate would take. A server may be running.
func Pending(ctx context.Context, c Config) ([]string, error) {
	if err := MustExist(c); err != nil {
		return nil, err
	}
	return store.Pending(ctx, store.Config{SQLite: sqlitePath(c), URL: c.Database})
}

// Migrate brings the database up to this program's schema; it tells whether
// there was anything to do.
func Migrate(ctx context.Context, c Config) error {
	if err := MustExist(c); err != nil {
		return err
	}
	f, err := hold(ctx, c.Data, Serving)
	if err != nil {
		return err
	}
	defer f.release()
	return store.Migrate(ctx, store.Config{SQLite: sqlitePath(c), URL: c.Database, Log: c.Log})
}

// sqlitePath is the embedded database's file; blank where PostgreSQL is used.
func sqlitePath(c Config) string {
	if c.Database != "" {
		return ""
	}
	return filepath.Join(c.Data, database)
}
