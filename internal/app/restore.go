package app

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"filippo.io/age"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/fault"
	"quxiang/internal/gateway/backup"
	"quxiang/internal/gateway/blob"
	"quxiang/internal/gateway/vault"
	"quxiang/internal/store"
)

// Restore says what a backup is opened with, and where it goes.
type Restore struct {
	IdentityFile   []byte // content of the file; or
	PassphraseFile []byte // content of the file: its first line
	Check          bool   // read and check it only
	Erasures       []byte // list of what was let go of since, to be let go of again; nil: none is at hand
}

// Restored says what was read, and what verify found afterwards.
type Restored struct {
	Header   backup.Header
	Manifest backup.Manifest
	Checked  Checked
	Erased   int      // documents that the list let go of again
	Problems []string // none where only the file was checked
}

func (r *Restore) identities() ([]age.Identity, error) {
	switch {
	case r.IdentityFile != nil && r.PassphraseFile != nil:
		return nil, fault.Usagef("identity", "--identity 和 --passphrase-file 只能给一种")
	case r.PassphraseFile != nil:
		id, err := backup.PassphraseIdentity(r.PassphraseFile)
		return []age.Identity{id}, err
	case r.IdentityFile != nil:
		return backup.Identities(r.IdentityFile)
	}
	return nil, fault.Usagef("identity", "请用 --identity 给出身份文件（quxiang backup keygen 生成的那一份），或用 --passphrase-file 给出口令文件")
}

// staging is the folder, below the data folder, in which a school is put together.
// While it is there the restore is not over, and what lies beside it is its own.
const staging = "restoring"

// RestoreBackup reads a backup and makes of it the school of an empty folder, or of
// an empty folder and an empty database. The file is checked on the way; only when
// all of it agrees with its manifest something stays, brought up to date and checked
// by Verify, whose problems are those of the school that was backed up.
//
// Errors: fault.Usage with the reason for a backup that cannot be taken or a folder
// that is not empty, fault.Conflict for a database that is not; nothing is left then.
func RestoreBackup(ctx context.Context, c Config, from io.Reader, r Restore) (out Restored, err error) {
	ids, err := r.identities()
	if err != nil {
		return out, err
	}
	b, err := backup.Open(from, ids...)
	if err != nil {
		return out, err
	}
	out.Header = b.Header
	if err := mayTake(&b.Header); err != nil {
		return out, err
	}
	if r.Check {
		err = readAll(ctx, b)
		out.Manifest = b.Manifest
		return out, err
	}
	if c.Keys == "" {
		c.Keys = filepath.Join(c.Data, "keys")
	}
	p, err := preparePlace(ctx, c)
	if err != nil {
		return out, err
	}
	p.erasures = r.Erasures
	if err := p.fill(ctx, b); err != nil {
		return out, errors.Join(err, p.clear())
	}
	out.Manifest = b.Manifest
	p.folder.release()
	if err := Migrate(ctx, c); err != nil {
		return out, err
	}
	err = out.verify(ctx, c, r.Erasures)
	return out, err
}

// mayTake refuses a schema that this program does not know.
func mayTake(h *backup.Header) error {
	knows, err := store.Newest()
	if err == nil && h.Schema > knows {
		err = fault.Usagef("file", "这份备份由更新的程序（%s）写成，需要第 %d 版结构，本程序只到第 %d 版，请换用 %s 或更新的程序恢复",
			h.Program, h.Schema, knows, h.Program)
	}
	return err
}

// readAll reads a backup to its end.
func readAll(ctx context.Context, b *backup.Reader) error {
	for {
		p, err := b.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if p.Table != nil {
			for _, err := range p.Rows() {
				if err != nil {
					return unreadable(err)
				}
			}
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
}

func unreadable(err error) error {
	return fault.Usagef("file", "备份里有读不出的行（%v），请换一份备份；没有恢复任何内容", err)
}

// verify opens the school and checks it whole.
func (out *Restored) verify(ctx context.Context, c Config, erased []byte) error {
	a, err := Open(ctx, c, Serving)
	if err != nil {
		return err
	}
	err = a.Store.InTx(ctx, func(ctx context.Context) error {
		return a.Store.Write(ctx, access.Console("restore"), "backup.restored", "school", map[string]string{
			"made": out.Header.Made, "audit_hash": out.Manifest.Audit.Hash})
	})
	if err == nil && erased != nil {
		out.Erased, err = a.replay(ctx, erased)
	}
	if err == nil {
		out.Problems, out.Checked, err = a.Verify(ctx)
		if err == nil {
			return a.Close()
		}
	}
	return errors.Join(err, a.Close())
}

// place is where a school is being put together.
type place struct {
	Config
	folder *folder
	stage  string
	made   bool // the data folder is ours

	erasures []byte
	moved    []string
}

// preparePlace holds the folder and sees that it is empty, or that only an
// interrupted restore lies in it, which goes.
func preparePlace(ctx context.Context, c Config) (*place, error) {
	_, err := os.Stat(c.Data)
	p := &place{Config: c, stage: filepath.Join(c.Data, staging), made: errors.Is(err, fs.ErrNotExist)}
	list, err := os.ReadDir(c.Data)
	if err != nil && !p.made {
		return nil, fault.Usagef("data", "数据文件夹 %s 打不开：%v", c.Data, plainCause(err))
	}
	interrupted := slices.ContainsFunc(list, func(e fs.DirEntry) bool { return e.Name() == staging })
	for _, e := range list {
		name := e.Name()
		if name == "lock" || name == "holder" || interrupted && slices.Contains([]string{staging, "keys", "evidence"}, name) {
			continue
		}
		return nil, fault.Usagef("data", "文件夹 %s 不是空的（里面有 %s），备份只能恢复到空文件夹，请换一个 --data", c.Data, name)
	}
	if !p.keysInside() {
		if list, err := os.ReadDir(c.Keys); err == nil && len(list) > 0 {
			return nil, fault.Usagef("keys", "密钥文件夹 %s 不是空的，恢复不会覆盖它，请换一个 --keys", c.Keys)
		}
	}
	if p.folder, err = hold(ctx, c.Data, Serving); err != nil {
		return nil, err
	}
	if interrupted {
		if err := p.sweep(); err != nil {
			p.folder.release()
			return nil, err
		}
	}
	if err := os.Mkdir(p.stage, 0o700); err != nil {
		return nil, errors.Join(err, p.clear())
	}
	return p, nil
}

func (p *place) keysInside() bool { return filepath.Clean(p.Keys) == filepath.Join(p.Data, "keys") }

// sweep removes what an unfinished restore put into the folder.
func (p *place) sweep() error {
	var errs []error
	for _, name := range []string{"keys", "evidence", staging} { // the mark goes last
		errs = append(errs, os.RemoveAll(filepath.Join(p.Data, name)))
	}
	return errors.Join(errs...)
}

// clear leaves nothing behind.
func (p *place) clear() error {
	err := p.sweep()
	for _, path := range p.moved {
		err = errors.Join(err, os.RemoveAll(path))
	}
	for _, name := range []string{"holder", "lock"} {
		os.Remove(filepath.Join(p.Data, name))
	}
	p.folder.release()
	if p.made {
		err = errors.Join(err, os.Remove(p.Data))
	}
	return err
}

// fill puts the school together and moves it in place; the database comes last.
func (p *place) fill(ctx context.Context, b *backup.Reader) error {
	conf := store.Config{URL: p.Database, Log: p.Log}
	if p.Database == "" {
		conf.SQLite = filepath.Join(p.stage, database)
	}
	err := store.Fill(ctx, conf, b.Header.Schema, func(load store.Loader) error {
		if err := p.read(ctx, b, load); err != nil {
			return err
		}
		if err := os.Chmod(p.stage, 0o700); err != nil {
			return err
		}
		if p.Database == "" {
			return nil
		}
		return p.move() // the rows stay if this went well
	})
	if err == nil && p.Database == "" {
		if err = os.Chmod(conf.SQLite, 0o600); err == nil {
			err = p.move()
		}
	}
	if err == nil && p.Database == "" {
		err = os.Rename(conf.SQLite, filepath.Join(p.Data, database))
	}
	if err == nil {
		err = errors.Join(os.RemoveAll(p.stage), flushFolder(p.Data))
	}
	return err
}

// read takes every part.
func (p *place) read(ctx context.Context, b *backup.Reader, load store.Loader) error {
	keys := vault.KeyFiles{}
	for {
		part, err := b.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		switch {
		case part.Key != "":
			keys[part.Key] = part.Content
		case part.File != "":
			err = blob.Restore(p.stage, part.File, part.Content)
		default:
			err = load(store.DumpTable(*part.Table), part.Rows())
		}
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return err
		}
	}
	ring := filepath.Join(p.stage, "keys")
	if err := vault.WriteKeys(ring, keys); err != nil {
		return err
	}
	return erasuresFit(p.erasures, ring)
}

// move puts keys and evidence in their place, after all that was written has
// reached the disk.
func (p *place) move() error {
	if err := flushAll(p.stage); err != nil {
		return err
	}
	if err := p.moveKeys(); err != nil {
		return err
	}
	from := filepath.Join(p.stage, "evidence")
	if _, err := os.Stat(from); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return os.Rename(from, filepath.Join(p.Data, "evidence"))
}

func (p *place) moveKeys() error {
	from := filepath.Join(p.stage, "keys")
	if p.keysInside() {
		return os.Rename(from, p.Keys)
	}
	keys, err := vault.ReadKeys(from) // another file system, it may be
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(p.Keys), 0o700); err != nil {
		return err
	}
	for name := range keys {
		p.moved = append(p.moved, filepath.Join(p.Keys, name))
	}
	return vault.WriteKeys(p.Keys, keys)
}

// flushFolder makes the entries of a folder survive a power cut.
func flushFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
