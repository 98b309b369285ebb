package vault

import (
	"bytes"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strings"

	"quxiang/internal/domain/fault"
)

// KeyFiles are the files of a key folder as they lie there, by name, for a backup.
type KeyFiles map[string][]byte

// ReadKeys reads the files of a key folder.
func ReadKeys(dir string) (KeyFiles, error) {
	list, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	out := KeyFiles{}
	for _, e := range list {
		if !e.Type().IsRegular() || strings.HasPrefix(e.Name(), ".") {
			continue // being written
		}
		if out[e.Name()], err = os.ReadFile(filepath.Join(dir, e.Name())); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Same reports that two states of a key folder are one.
func (k KeyFiles) Same(as KeyFiles) bool { return maps.EqualFunc(k, as, bytes.Equal) }

// WriteKeys makes a key folder of the files, down to the disk. A folder that is
// there must be empty. Error: fault.Usage.
func WriteKeys(dir string, k KeyFiles) error {
	if k[ringFile] == nil {
		return fault.Usagef("file", "备份里没有密钥，请换一份备份；没有恢复任何内容")
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	if err := os.Chmod(dir, 0o700); err != nil {
		return err
	}
	switch list, err := os.ReadDir(dir); {
	case err != nil:
		return err
	case len(list) > 0:
		return fault.Usagef("keys", "密钥文件夹 %s 不是空的，恢复不会覆盖它，请换一个 --keys", dir)
	}
	for name, content := range k {
		if err := writePrivate(filepath.Join(dir, name), content); err != nil {
			return err
		}
	}
	return flush(dir)
}

func writePrivate(path string, content []byte) (err error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		if errors.Is(err, fs.ErrExist) {
			return fault.Usagef("keys", "密钥文件 %s 已在，恢复不会覆盖它", path)
		}
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if _, err := f.Write(content); err != nil {
		return err
	}
	return f.Sync()
}
