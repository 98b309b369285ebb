package blob

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
)

// headSize is how much of a file tells which key sealed it.
const headSize = 128

// Reseal seals anew every file, held ones too, of whose beginning fresh says no, and
// calls each after every one of them. Those that do not open stay as they are; bad
// is how many. It runs beside whoever reads, keeps and drops files.
func (f *Files) Reseal(ctx context.Context, fresh func(head []byte) bool, each func() error) (bad int, err error) {
	err = f.walk(func(field, path string) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		done, err := f.resealOne(field, path, fresh)
		switch {
		case errors.Is(err, ErrUnreadable):
			bad++
			return nil
		case err != nil || !done:
			return err
		}
		return each()
	})
	return bad, err
}

// SealedWith counts the files, held ones too, of whose beginning is says yes.
func (f *Files) SealedWith(is func(head []byte) bool) (n int, err error) {
	err = f.walk(func(_, path string) error {
		head, err := headOf(path)
		if err == nil && is(head) {
			n++
		}
		return ignoreGone(err)
	})
	return n, err
}

// walk calls do with each file that has its place.
func (f *Files) walk(do func(field, path string) error) error {
	if err := f.Each(func(hash string) error {
		_, path := f.place(hash)
		return do(evidence, path)
	}); err != nil {
		return err
	}
	list, err := os.ReadDir(filepath.Join(f.dir, held))
	if err != nil {
		return ignoreGone(err)
	}
	for _, entry := range list {
		if path, ok := f.heldPath(entry.Name()); ok {
			if err := do(held, path); err != nil {
				return err
			}
		}
	}
	return nil
}

// resealOne writes the file anew beside its place and moves it there. One that was
// dropped meanwhile is not brought back.
func (f *Files) resealOne(field, path string, fresh func(head []byte) bool) (done bool, err error) {
	head, err := headOf(path)
	if err != nil || fresh(head) {
		return false, ignoreGone(err)
	}
	f.removing.Lock()
	defer f.removing.Unlock()
	name := filepath.Base(path)
	plain, err := f.read(path, field, name)
	if err != nil {
		return false, ignoreGone(err)
	}
	return true, f.write(path, field, name, plain)
}

func headOf(path string) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	head := make([]byte, headSize)
	n, err := io.ReadFull(file, head)
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		err = nil
	}
	return head[:n], err
}

// remove takes a file away, when no rotation is writing it.
func (f *Files) remove(path string) error {
	f.removing.Lock()
	defer f.removing.Unlock()
	return os.Remove(path)
}
