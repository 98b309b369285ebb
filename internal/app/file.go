package app

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"quxiang/internal/domain/fault"
)

// ReadLocal reads a file of this process's for a command, into room of its size:
// a buffer that grows would take the file's size twice over.
func ReadLocal(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, cannotRead(name, plainCause(err))
	}
	defer f.Close()
	room := int64(bytes.MinRead)
	if info, err := f.Stat(); err == nil {
		if info.Mode().IsRegular() && info.Size() > MaxFile {
			return nil, tooLarge(name)
		}
		room += min(info.Size(), MaxFile)
	}
	b := bytes.NewBuffer(make([]byte, 0, room))
	_, err = b.ReadFrom(io.LimitReader(f, MaxFile+1))
	switch {
	case err != nil:
		return nil, cannotRead(name, plainCause(err))
	case b.Len() > MaxFile:
		return nil, tooLarge(name)
	}
	return b.Bytes(), nil
}

// CreateLocal opens a file of this process's: it appears under its name when it
// is closed, whole or not at all.
func CreateLocal(name string) (io.WriteCloser, error) {
	f, err := os.CreateTemp(filepath.Dir(name), ".quxiang-*")
	if err != nil {
		return nil, cannotWrite(name, plainCause(err))
	}
	if err := f.Chmod(0o600); err != nil {
		return nil, cannotWrite(name, plainCause(err))
	}
	return &localFile{f, name}, nil
}

type localFile struct {
	*os.File
	name string
}

// Write writes; an error names the file that it will be.
func (f *localFile) Write(p []byte) (int, error) {
	n, err := f.File.Write(p)
	var path *fs.PathError
	if errors.As(err, &path) {
		err = &fs.PathError{Op: path.Op, Path: f.name, Err: path.Err}
	}
	return n, err
}

// Close makes the file appear.
func (f *localFile) Close() error {
	err := f.Sync()
	if e := f.File.Close(); err == nil {
		err = e
	}
	if err == nil {
		err = os.Rename(f.File.Name(), f.name)
	}
	if err == nil {
		err = flushFolder(filepath.Dir(f.name))
	}
	if err != nil {
		os.Remove(f.File.Name())
		return cannotWrite(f.name, plainCause(err))
	}
	return nil
}

// Abandon removes what was written so far.
func (f *localFile) Abandon() {
	f.File.Close()
	os.Remove(f.File.Name())
}

func cannotRead(name string, why string) error {
	return fault.Usagef("file", "文件 %s 读不了：%v，请检查文件名和权限", name, why)
}

func cannotWrite(name string, why string) error {
	return fault.Usagef("file", "文件 %s 写不了：%v，请换一个位置", name, why)
}

func tooLarge(name string) error {
	return fault.Usagef("file", "文件 %s 超过 %d MB，请拆成几个文件", name, MaxFile>>20)
}
