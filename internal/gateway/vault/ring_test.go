package vault

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"quxiang/internal/domain/fault"
)

func TestOpenMakesAPrivateRingOnce(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data", "keys")
	first, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	second, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	if p, err := second.Open("graduate", "g1", seal(t, first, "x")); err != nil || string(p) != "x" {
		t.Errorf("the second opening has other keys: %q, %v", p, err)
	}
	for path, want := range map[string]os.FileMode{dir: 0o700, filepath.Join(dir, ringFile): 0o600} {
		info, err := os.Stat(path)
		if err != nil || info.Mode().Perm() != want {
			t.Errorf("%s: mode %v, want %v (%v)", path, info.Mode().Perm(), want, err)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "..", ".keys-*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestOpeningAtOnceGivesOneRing(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "keys")
	names := make([]string, 8)
	var wg sync.WaitGroup
	for i := range names {
		wg.Go(func() {
			v, err := Open(dir)
			if err != nil {
				t.Error(err)
				return
			}
			names[i] = v.Pseudonym("g1")
		})
	}
	wg.Wait()
	for _, n := range names {
		if n != names[0] {
			t.Fatal("two rings were made")
		}
	}
}

func TestUnsafeOrBrokenRingIsRefused(t *testing.T) {
	for name, c := range map[string]struct {
		harm func(dir, file string) error
		says string
	}{
		"folder open to others": {func(d, _ string) error { return os.Chmod(d, 0o750) }, "chmod 700"},
		"file open to others":   {func(_, f string) error { return os.Chmod(f, 0o604) }, "chmod 600"},
		"ring lost":             {func(_, f string) error { return os.Remove(f) }, "从备份恢复"},
		"no json":               {func(_, f string) error { return os.WriteFile(f, []byte("{"), 0o600) }, "已损坏"},
		"unknown field": {func(_, f string) error {
			return os.WriteFile(f, []byte(`{"keys":[]}`), 0o600)
		}, "已损坏"},
		"no keys": {func(_, f string) error { return os.WriteFile(f, []byte("{}"), 0o600) }, "不能使用"},
		"folder is a file": {func(d, _ string) error {
			if err := os.RemoveAll(d); err != nil {
				return err
			}
			return os.WriteFile(d, nil, 0o600)
		}, "不是文件夹"},
		"file is a link": {func(d, f string) error {
			if err := os.Rename(f, d+"-away"); err != nil {
				return err
			}
			return os.Symlink(d+"-away", f)
		}, "不是文件"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "keys")
			if _, err := Open(dir); err != nil {
				t.Fatal(err)
			}
			if err := c.harm(dir, filepath.Join(dir, ringFile)); err != nil {
				t.Fatal(err)
			}
			_, err := Open(dir)
			if fault.KindOf(err) != fault.Usage || !strings.Contains(err.Error(), c.says) {
				t.Errorf("got %v, want a refusal with %q", err, c.says)
			}
		})
	}
}

func TestRingsThatCannotBeRight(t *testing.T) {
	for name, harm := range map[string]func(r *ring){
		"current key missing": func(r *ring) { r.Current = "k9" },
		"two keys of one id":  func(r *ring) { r.Data = append(r.Data, r.Data[0]) },
		"colon in the id":     func(r *ring) { r.Data[0].ID, r.Current = "k:1", "k:1" },
		"unknown cipher":      func(r *ring) { r.Data[0].Alg = "rot13" },
		"short key":           func(r *ring) { r.Data[0].Key = r.Data[0].Key[:16] },
		"long SM4 key":        func(r *ring) { r.Data[0].Alg = sm4gcm },
		"short index key":     func(r *ring) { r.Index = nil },
		"no pseudonym key":    func(r *ring) { r.Pseudonym = nil },
	} {
		r := newRing()
		harm(&r)
		if _, err := r.unlock(); err == nil {
			t.Errorf("%s: unlocked", name)
		}
	}
}
