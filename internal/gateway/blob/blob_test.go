package blob

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"quxiang/internal/domain/fault"
)

// bound is a Sealer that binds what it seals to its place, as the vault does, and
// turns every byte around so that plain text is recognised.
type bound struct{}

func (bound) SealBytes(field, owner string, plain []byte) ([]byte, error) {
	sum := sha256.Sum256([]byte(field + "\x00" + owner + "\x00" + string(plain)))
	return append(sum[:], turned(plain)...), nil
}

func (b bound) OpenBytes(field, owner string, sealed []byte) ([]byte, error) {
	if len(sealed) < sha256.Size {
		return nil, errors.New("short")
	}
	plain := turned(sealed[sha256.Size:])
	again, _ := b.SealBytes(field, owner, plain)
	if !bytes.Equal(again, sealed) {
		return nil, errors.New("altered")
	}
	return plain, nil
}

func turned(b []byte) []byte {
	out := make([]byte, len(b))
	for i := range b {
		out[i] = b[i] ^ 0xff
	}
	return out
}

func put(t *testing.T, f *Files, plain string) (hash, path string) {
	t.Helper()
	hash, err := f.Put([]byte(plain))
	if err != nil {
		t.Fatal(err)
	}
	_, path = f.place(hash)
	return hash, path
}

// TestEvidenceIsKeptByItsHash: under no name that anybody gave it (S31).
func TestEvidenceIsKeptByItsHash(t *testing.T) {
	dir := t.TempDir()
	f := New(dir, bound{})
	sum := sha256.Sum256([]byte("contract"))
	hash, path := put(t, f, "contract")
	if hash != hex.EncodeToString(sum[:]) || path != filepath.Join(dir, "evidence", hash[:2], hash) {
		t.Errorf("%s at %s", hash, path)
	}
	before, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if again, _ := put(t, f, "contract"); again != hash {
		t.Errorf("the same file has another name: %s", again)
	}
	if after, _ := os.Stat(path); !os.SameFile(before, after) {
		t.Error("the same file was written twice")
	}
	if got, err := f.Get(hash); err != nil || string(got) != "contract" {
		t.Errorf("%q, %v", got, err)
	}
	if before.Mode().Perm() != 0o600 {
		t.Errorf("mode %v", before.Mode())
	}
	raw, _ := os.ReadFile(path)
	if bytes.Contains(raw, []byte("contract")) {
		t.Error("plain text on the disk")
	}
}

func TestDamageIsNoticedAndHealed(t *testing.T) {
	for name, c := range map[string]struct {
		harm func(t *testing.T, f *Files, path string) error
		want error
	}{
		"gone":     {func(_ *testing.T, _ *Files, path string) error { return os.Remove(path) }, fs.ErrNotExist},
		"altered":  {func(_ *testing.T, _ *Files, path string) error { return os.WriteFile(path, []byte("x"), 0o600) }, ErrUnreadable},
		"cut off":  {func(_ *testing.T, _ *Files, path string) error { return os.Truncate(path, 35) }, ErrUnreadable},
		"replaced": {moveOther, ErrUnreadable},
		"another content under its name": {func(_ *testing.T, f *Files, path string) error {
			return f.write(path, evidence, filepath.Base(path), []byte("other"))
		}, ErrChanged},
	} {
		f := New(t.TempDir(), bound{})
		hash, path := put(t, f, "contract")
		if err := c.harm(t, f, path); err != nil {
			t.Fatal(err)
		}
		if _, err := f.Get(hash); !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", name, err, c.want)
		}
		put(t, f, "contract")
		if got, err := f.Get(hash); err != nil || string(got) != "contract" {
			t.Errorf("%s: handed in again, still %v", name, err)
		}
	}
}

func moveOther(t *testing.T, f *Files, path string) error {
	_, other := put(t, f, "another contract")
	return os.Rename(other, path)
}

// TestNamesThatAreNoHash: a file has no name but its hash (X27, S31).
func TestNamesThatAreNoHash(t *testing.T) {
	f := New(t.TempDir(), bound{})
	for _, name := range []string{"", "..", "../keys/ring.json", strings.Repeat("a", 63), strings.Repeat("A", 64), strings.Repeat("a", 62) + "/.", "\x00"} {
		if _, err := f.Get(name); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%q: %v", name, err)
		}
	}
}

func TestPuttingAtOnce(t *testing.T) {
	f := New(t.TempDir(), bound{})
	plain := bytes.Repeat([]byte("page"), 50_000)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			hash, err := f.Put(plain)
			if err != nil {
				t.Error(err)
				return
			}
			if got, err := f.Get(hash); err != nil || !bytes.Equal(got, plain) {
				t.Errorf("seen half: %d bytes, %v", len(got), err)
			}
		})
	}
	wg.Wait()
	n := 0
	if err := f.Each(func(string) error { n++; return nil }); err != nil || n != 1 {
		t.Errorf("%d files, %v", n, err)
	}
	if left, _ := filepath.Glob(filepath.Join(f.dir, "evidence", "*", unfinished+"*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestEachPassesOverWhatIsNoEvidence(t *testing.T) {
	f := New(t.TempDir(), bound{})
	if err := f.Each(func(string) error { return errors.New("called") }); err != nil {
		t.Error("no folder yet: ", err)
	}
	hash, path := put(t, f, "contract")
	for _, stray := range []string{unfinished + "1", "readme", strings.Repeat("0", 64)} {
		if err := os.WriteFile(filepath.Join(filepath.Dir(path), stray), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var seen []string
	if err := f.Each(func(h string) error { seen = append(seen, h); return nil }); err != nil || len(seen) != 1 || seen[0] != hash {
		t.Errorf("%v, %v", seen, err)
	}
}

func TestHeldFiles(t *testing.T) {
	f := New(t.TempDir(), bound{})
	first, err := f.Hold([]byte("roster"))
	if err != nil {
		t.Fatal(err)
	}
	second, err := f.Hold([]byte("roster"))
	if err != nil || first == second {
		t.Fatalf("%s, %s: %v", first, second, err)
	}
	if got, err := f.Held(first); err != nil || string(got) != "roster" {
		t.Errorf("%q, %v", got, err)
	}
	if err := errors.Join(f.Drop(first), f.Drop(first), f.Drop("../keys")); err != nil {
		t.Error(err)
	}
	for _, id := range []string{first, "", "../../etc/passwd", strings.ToUpper(second)} {
		if _, err := f.Held(id); fault.KindOf(err) != fault.NotFound {
			t.Errorf("%q: %v", id, err)
		}
	}
	from, _ := f.heldPath(second)
	if err := os.Rename(from, filepath.Join(filepath.Dir(from), first)); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Held(first); !errors.Is(err, ErrUnreadable) {
		t.Errorf("moved to another id: %v", err)
	}
}

func TestSweepTakesWhatIsOld(t *testing.T) {
	f := New(t.TempDir(), bound{})
	hash, path := put(t, f, "contract")
	old, err := f.Hold([]byte("old"))
	if err != nil {
		t.Fatal(err)
	}
	young, err := f.Hold([]byte("young"))
	if err != nil {
		t.Fatal(err)
	}
	broken := filepath.Join(filepath.Dir(path), unfinished+"7")
	elsewhere := filepath.Join(f.dir, "held") + "-not"
	oldPath, _ := f.heldPath(old)
	for _, p := range []string{broken, elsewhere} {
		if err := os.WriteFile(p, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, p := range []string{broken, elsewhere, oldPath, path} {
		if err := os.Chtimes(p, time.Time{}, time.Now().Add(-48*time.Hour)); err != nil {
			t.Fatal(err)
		}
	}
	if n, err := f.Sweep(24 * time.Hour); n != 2 || err != nil {
		t.Errorf("%d went, %v", n, err)
	}
	if _, err := f.Held(old); fault.KindOf(err) != fault.NotFound {
		t.Errorf("old: %v", err)
	}
	if _, err := f.Held(young); err != nil {
		t.Errorf("young: %v", err)
	}
	if _, err := f.Get(hash); err != nil {
		t.Errorf("evidence: %v", err)
	}
	if _, err := os.Stat(elsewhere); err != nil {
		t.Error("a file of somebody else went")
	}
}
