package app

import (
	"context"
	"errors"
	"io/fs"
	"os"

	"quxiang/internal/domain/fault"
	"quxiang/internal/gateway/vault"
)

// openKeys opens the school's key ring; only a school that is just being made
// gets a new one. Without its keys nothing that lies sealed can be read again,
// and what a foreign ring would write could not be read beside it.
//
// Error: fault.Usage for a ring that is missing or belongs to another school.
func (a *App) openKeys(ctx context.Context) (err error) {
	mark, err := a.Store.Setting(ctx, settingKeys)
	if err != nil {
		return err
	}
	if mark != "" {
		if list, err := os.ReadDir(a.Keys); errors.Is(err, fs.ErrNotExist) || err == nil && len(list) == 0 {
			return fault.Usagef("keys", "密钥文件夹 %s 里没有这所学校的密钥，已加密的内容读不出来。请用 --data 或 --keys 指明原来的文件夹，或从备份恢复密钥", a.Keys)
		}
	}
	if a.Vault, err = vault.Open(a.Keys); err != nil {
		return err
	}
	if mark != "" && mark != a.keyMark() {
		return fault.Usagef("keys", "密钥文件夹 %s 是另一所学校的，打不开这里已加密的内容。请用 --data 或 --keys 指明原来的文件夹", a.Keys)
	}
	return nil
}

// keyMark tells two key rings apart and nothing else.
func (a *App) keyMark() string { return a.Vault.Index("keys", "quxiang") }
