package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"quxiang/internal/domain/destination"
	"quxiang/internal/gateway/blob"
)

// verifyEvidence opens the file of every document, and counts the files that no
// document names: an upload that was broken off between file and row leaves one.
func (a *App) verifyEvidence(ctx context.Context, c *Checked, found *differences) error {
	wrong, named := "", map[string]bool{}
	err := a.Store.EachDocument(ctx, func(d destination.Document) error {
		c.Documents++
		if d.Purged != 0 { // let go of on purpose; an imprint says that it was us
			return nil
		}
		if !named[d.SHA256] { // rows come by hash: each file is opened once
			named[d.SHA256] = true
			var err error
			if wrong, err = a.wrongWith(d); err != nil {
				return err
			}
		}
		if wrong != "" {
			found.add("毕业生 %s 的佐证材料 %s %s", d.Graduate, d.SHA256, wrong)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return a.Files.Each(func(hash string) error {
		if !named[hash] {
			c.Strays++
		}
		return nil
	})
}

// wrongWith says what is wrong with the file of a document; blank if nothing is.
func (a *App) wrongWith(d destination.Document) (string, error) {
	file, err := a.Files.Get(d.SHA256)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "的文件不见了，请从备份恢复 evidence 文件夹", nil
	case errors.Is(err, blob.ErrUnreadable):
		return "的文件打不开，已被改动或密钥不符", nil
	case errors.Is(err, blob.ErrChanged):
		return "的文件内容与登记的校验值不符，已被替换", nil
	case err != nil:
		return "", err
	case int64(len(file)) != d.Size:
		return fmt.Sprintf("登记为 %d 字节，文件有 %d 字节", d.Size, len(file)), nil
	}
	return "", nil
}
