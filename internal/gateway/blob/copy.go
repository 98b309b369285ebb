package blob

import (
	"fmt"
	"io/fs"
	"os"
)

// Sealed returns a file of evidence as it lies on the disk, encrypted, for a backup.
// Error: fs.ErrNotExist for one that is not there.
func (f *Files) Sealed(hash string) ([]byte, error) {
	if !isHash(hash) {
		return nil, fmt.Errorf("blob: %q is no hash: %w", hash, fs.ErrNotExist)
	}
	_, path := f.place(hash)
	return os.ReadFile(path)
}

// Restore writes files of evidence as backups hold them into a folder that nobody
// uses yet. They are not flushed to the disk one by one: the caller does that once,
// for all.
func Restore(dir, hash string, sealed []byte) error {
	if !isHash(hash) {
		return fmt.Errorf("blob: %q is no hash", hash)
	}
	folder, path := (&Files{dir: dir}).place(hash)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	return os.WriteFile(path, sealed, 0o600)
}
