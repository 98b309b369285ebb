//go:build !linux

package app

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// flushAll brings what was written below a folder to the disk, file by file.
func flushAll(dir string) error {
	return filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		f, err := os.OpenFile(path, os.O_RDWR, 0)
		if err != nil {
			return err
		}
		return errors.Join(f.Sync(), f.Close())
	})
}
