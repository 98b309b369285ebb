package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/gofrs/flock"

	"quxiang/internal/domain/fault"
)

// Hold says how a process holds the data folder.
type Hold int

// The ways to hold a folder.
const (
	Reading Hold = iota // beside other readers
	Writing             // alone, for one command
	Serving             // alone, until the server ends
)

// patience is how long a command waits for another command to end.
const patience = 60 * time.Second

// folder is a data folder while a process holds it.
type folder struct {
	dir  string
	lock *flock.Flock
}

// hold takes the lock of the folder, which it makes if it is not there. A
// command waits a while for another command; a server is never waited for.
// Error: fault.Conflict naming the process that holds it.
func hold(ctx context.Context, dir string, how Hold) (*folder, error) {
	_, missing := os.Stat(dir)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fault.Usagef("data", "数据文件夹 %s 建不了：%v", dir, plainCause(err))
	}
	f := &folder{dir: dir, lock: flock.New(filepath.Join(dir, "lock"))}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		got, err := f.try(how)
		if err != nil {
			return nil, fault.Usagef("data", "数据文件夹 %s 打不开：%v", dir, plainCause(err))
		}
		if got {
			if err := f.sign(how); err != nil {
				f.release()
				if missing != nil {
					err = errors.Join(err, os.RemoveAll(dir)) // it holds nothing but the lock
				}
				return nil, err
			}
			return f, nil
		}
		holder := f.holder()
		if how == Serving || strings.HasPrefix(holder, "serve") {
			return nil, fault.Conflictf("data", "数据文件夹 %s 正由另一个进程使用（%s），请先停掉它，或改用别的 --data", dir, holder)
		}
		select {
		case <-ctx.Done():
			return nil, fault.Conflictf("data", "数据文件夹 %s 正由另一条命令使用（%s），请等它结束后再试", dir, holder)
		case <-time.After(50 * time.Millisecond):
		}
	}
}

func (f *folder) try(how Hold) (bool, error) {
	if how == Reading {
		return f.lock.TryRLock()
	}
	return f.lock.TryLock()
}

// sign writes who holds the folder, for the words of a refusal.
func (f *folder) sign(how Hold) error {
	name := "command"
	if how == Serving {
		name = "serve"
	}
	text := fmt.Sprintf("%s pid %d\n", name, os.Getpid())
	return os.WriteFile(filepath.Join(f.dir, "holder"), []byte(text), 0o600)
}

func (f *folder) holder() string {
	b, err := os.ReadFile(filepath.Join(f.dir, "holder"))
	if err != nil {
		return "进程号不明"
	}
	return strings.TrimSpace(string(b))
}

// release lets the folder go.
func (f *folder) release() { f.lock.Unlock() }
