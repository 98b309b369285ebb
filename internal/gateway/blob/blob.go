// Package blob keeps files encrypted in the data folder: evidence under the hash
// of its content, for years; held files under a random id, until somebody decides.
//
// A file is whole or not there: it is written beside its place, flushed and moved.
// No plain text ever reaches the disk.
package blob

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"

	"quxiang/internal/domain/fault"
)

// Sealer encrypts files for their place (vault.Vault).
type Sealer interface {
	SealBytes(field, owner string, plain []byte) ([]byte, error)
	OpenBytes(field, owner string, sealed []byte) ([]byte, error)
}

// Folders below the data folder, which are the fields that files are sealed for.
const (
	evidence = "evidence"
	held     = "held"
)

// unfinished opens the name of a file that is being written.
const unfinished = ".tmp-"

// What can be wrong with a file of evidence. One that is not there is fs.ErrNotExist.
var (
	ErrUnreadable = errors.New("blob: the file does not open: altered, moved, or sealed with another key")
	ErrChanged    = errors.New("blob: the file holds something else than its name says")
)

// Files are those of one data folder. The folders are made when something is
// first kept. It is safe for concurrent use, by several processes as well.
type Files struct {
	// Room says why no new file is taken, and nil while there is room; nil: there
	// always is. Set it before the files are used.
	Room     func() error
	dir      string
	seal     Sealer
	removing sync.Mutex        // a rotation must not bring back what is being removed
	kept     [256]sync.RWMutex // by the first byte of the hash: who hands in reads, who removes writes
}

// New returns the files of the data folder.
func New(dir string, s Sealer) *Files { return &Files{dir: dir, seal: s} }

// Put keeps a file of evidence and returns the SHA-256 of its content in hex. It is
// on the disk when Put returns. Keeping the same file twice is keeping it once; one
// that was damaged meanwhile is made whole.
//
// Error: fault.Unavailable when the disk is full, or Room's.
func (f *Files) Put(plain []byte) (hash string, err error) {
	sum := sha256.Sum256(plain)
	hash = hex.EncodeToString(sum[:])
	folder, path := f.place(hash)
	if _, err := f.Get(hash); err == nil {
		return hash, flush(folder) // whoever wrote it may have been stopped before this
	}
	if err := f.taken(); err != nil {
		return "", err
	}
	if err := f.folder(evidence, filepath.Base(folder)); err != nil {
		return "", full(err)
	}
	return hash, full(f.write(path, evidence, hash, plain))
}

// taken says why no new file is taken.
func (f *Files) taken() error {
	if f.Room == nil {
		return nil
	}
	return f.Room()
}

// Get returns a file of evidence by its hash. Errors: fs.ErrNotExist for one that is
// not there, ErrUnreadable, ErrChanged.
func (f *Files) Get(hash string) ([]byte, error) {
	if !isHash(hash) {
		return nil, fmt.Errorf("blob: %q is no hash: %w", hash, fs.ErrNotExist)
	}
	_, path := f.place(hash)
	plain, err := f.read(path, evidence, hash)
	if err != nil {
		return nil, err
	}
	if sum := sha256.Sum256(plain); hex.EncodeToString(sum[:]) != hash {
		return nil, ErrChanged
	}
	return plain, nil
}

// Each calls do with the hash of every file of evidence that has its place, in
// order, until it returns an error.
func (f *Files) Each(do func(hash string) error) error {
	folders, err := os.ReadDir(filepath.Join(f.dir, evidence))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, folder := range folders {
		files, err := os.ReadDir(filepath.Join(f.dir, evidence, folder.Name()))
		if err != nil {
			return err
		}
		for _, file := range files {
			if name := file.Name(); isHash(name) && name[:2] == folder.Name() {
				if err := do(name); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// Remove removes the file of a hash that nothing needs any more; one that is not
// there is removed already.
func (f *Files) Remove(hash string) error {
	if !isHash(hash) {
		return fmt.Errorf("blob: %q is no hash", hash)
	}
	folder, path := f.place(hash)
	if err := f.remove(path); err != nil {
		return ignoreGone(err)
	}
	return flush(folder)
}

// Guard keeps the file of a hash from being removed until it is let go of: whoever
// keeps a file and then names it in a row guards it meanwhile. It may not be there yet.
func (f *Files) Guard(hash string) (release func()) {
	if !isHash(hash) {
		return func() {}
	}
	lock := f.lockOf(hash)
	lock.RLock()
	return lock.RUnlock
}

// RemoveIf removes the file of a hash if nothing needs it, asked while nobody guards
// it. Errors: those of unneeded and of Remove.
func (f *Files) RemoveIf(hash string, unneeded func() (bool, error)) error {
	if !isHash(hash) {
		return fmt.Errorf("blob: %q is no hash", hash)
	}
	lock := f.lockOf(hash)
	lock.Lock()
	defer lock.Unlock()
	if ok, err := unneeded(); err != nil || !ok {
		return err
	}
	return f.Remove(hash)
}

func (f *Files) lockOf(hash string) *sync.RWMutex {
	first, _ := hex.DecodeString(hash[:2])
	return &f.kept[first[0]]
}

// place returns the folder and the path of a file of evidence.
func (f *Files) place(hash string) (folder, path string) {
	folder = filepath.Join(f.dir, evidence, hash[:2])
	return folder, filepath.Join(folder, hash)
}

func isHash(s string) bool {
	return len(s) == 2*sha256.Size && strings.Trim(s, "0123456789abcdef") == ""
}

// folder makes the folders below each other, and the entries of what it made last.
func (f *Files) folder(names ...string) error {
	at := f.dir
	for _, name := range names {
		parent := at
		at = filepath.Join(at, name)
		switch err := os.Mkdir(at, 0o700); {
		case errors.Is(err, fs.ErrExist):
		case err != nil:
			return err
		default:
			if err := flush(parent); err != nil {
				return err
			}
		}
	}
	return nil
}

// write seals a file and moves it to its place, whole.
func (f *Files) write(path, field, owner string, plain []byte) error {
	sealed, err := f.seal.SealBytes(field, owner, plain)
	if err != nil {
		return err
	}
	folder := filepath.Dir(path)
	beside, err := writeBeside(folder, sealed)
	if err == nil {
		err = os.Rename(beside, path)
	}
	if err != nil {
		_ = os.Remove(beside) // Sweep takes what stays
		return err
	}
	return flush(folder)
}

// writeBeside writes a file of a passing name, down to the disk.
func writeBeside(folder string, sealed []byte) (path string, err error) {
	t, err := os.CreateTemp(folder, unfinished) // mode 0600
	if err != nil {
		return "", err
	}
	_, err = t.Write(sealed)
	if err == nil {
		err = t.Sync()
	}
	return t.Name(), errors.Join(err, t.Close())
}

func (f *Files) read(path, field, owner string) ([]byte, error) {
	sealed, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	plain, err := f.seal.OpenBytes(field, owner, sealed)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnreadable, err)
	}
	return plain, nil
}

// flush makes the entries of a folder survive a power cut.
func flush(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// full says in words that the disk is, or that it takes nothing (R6, R7):
// registrations go on without files.
func full(err error) error {
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT), errors.Is(err, syscall.EFBIG):
		return fault.Outagef(err, "file", "服务器的存储空间不足，这份文件没有存下，请稍后再传，并告诉就业中心")
	case errors.Is(err, syscall.EROFS):
		return fault.Outagef(err, "file", "服务器现在只能查看，这份文件没有存下，请稍后再传，并告诉就业中心")
	case errors.Is(err, syscall.EIO):
		return fault.Outagef(err, "file", "服务器的磁盘读写出错，这份文件没有存下，请稍后再传，并告诉就业中心")
	}
	return err
}
