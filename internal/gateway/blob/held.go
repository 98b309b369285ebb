package blob

import (
	"crypto/rand"
	"errors"
	"io/fs"
	"path/filepath"
	"strings"
	"time"

	"quxiang/internal/domain/fault"
)

// idLength is that of rand.Text: 130 bits that nobody guesses.
const idLength = 26

// Hold keeps a file until somebody decides about it, such as an import that waits
// to be confirmed, and returns the id that it is found by. Error: fault.Unavailable
// when the disk is full, or Room's.
func (f *Files) Hold(plain []byte) (id string, err error) {
	if err := f.taken(); err != nil {
		return "", err
	}
	if err := f.folder(held); err != nil {
		return "", full(err)
	}
	id = strings.ToLower(rand.Text())
	return id, full(f.write(filepath.Join(f.dir, held, id), held, id, plain))
}

// Held returns a file that is held. Error: fault.NotFound for one that was never
// there, dropped or swept.
func (f *Files) Held(id string) ([]byte, error) {
	path, ok := f.heldPath(id)
	if !ok {
		return nil, errGone
	}
	plain, err := f.read(path, held, id)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, errGone
	}
	return plain, err
}

// Drop lets a held file go. Dropping what is not there is no error.
func (f *Files) Drop(id string) error {
	path, ok := f.heldPath(id)
	if !ok {
		return nil
	}
	if err := f.remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// Sweep drops the held files that are older, and what writings that were broken
// off left behind, of evidence as well. It returns how many went.
func (f *Files) Sweep(olderThan time.Duration) (n int, err error) {
	before := time.Now().Add(-olderThan)
	err = filepath.WalkDir(f.dir, func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil // gone meanwhile
		}
		if err != nil {
			return err
		}
		within, err := filepath.Rel(f.dir, path)
		if err != nil {
			return err
		}
		top := strings.SplitN(within, string(filepath.Separator), 2)[0]
		if d.IsDir() {
			if top != "." && top != held && top != evidence {
				return fs.SkipDir
			}
			return nil
		}
		if !(top == held && top != within) && !strings.HasPrefix(d.Name(), unfinished) {
			return nil
		}
		info, err := d.Info()
		if err != nil || !info.ModTime().Before(before) {
			return ignoreGone(err)
		}
		if err := f.remove(path); err != nil {
			return ignoreGone(err)
		}
		n++
		return nil
	})
	return n, err
}

func ignoreGone(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

var errGone = fault.NotFoundf("file", "上传的文件已经过期或处理过了，请重新上传")

// heldPath returns the path of a held file; false for an id that none can have.
func (f *Files) heldPath(id string) (string, bool) {
	if len(id) != idLength || strings.Trim(id, "abcdefghijklmnopqrstuvwxyz234567") != "" {
		return "", false
	}
	return filepath.Join(f.dir, held, id), true
}
