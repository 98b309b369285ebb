package blob

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"quxiang/internal/domain/fault"
)

// keyed is bound with a key's name in front.
type keyed struct{ key string }

func (k *keyed) SealBytes(field, owner string, plain []byte) ([]byte, error) {
	body, err := bound{}.SealBytes(field, owner, plain)
	return append([]byte(k.key+":"), body...), err
}

func (k *keyed) OpenBytes(field, owner string, sealed []byte) ([]byte, error) {
	_, body, ok := bytes.Cut(sealed, []byte(":"))
	if !ok {
		return nil, errors.New("no head")
	}
	return bound{}.OpenBytes(field, owner, body)
}

func (k *keyed) fresh(head []byte) bool { return bytes.HasPrefix(head, []byte(k.key+":")) }

// TestResealMovesEveryFile (C2): evidence and held files alike; what does not open
// stays as it is, and stopping half way is no loss.
func TestResealMovesEveryFile(t *testing.T) {
	key := &keyed{"k1"}
	f := New(t.TempDir(), key)
	var hashes []string
	for _, text := range []string{"contract", "offer", "", "a third"} {
		hash, _ := put(t, f, text)
		hashes = append(hashes, hash)
	}
	waiting, err := f.Hold([]byte("roster"))
	if err != nil {
		t.Fatal(err)
	}
	_, broken := f.place(hashes[3])
	if err := os.WriteFile(broken, append([]byte("k1:"), make([]byte, sha256.Size+3)...), 0o600); err != nil {
		t.Fatal(err)
	}
	key.key = "k2"

	stop := errors.New("stop")
	if _, err := f.Reseal(t.Context(), key.fresh, func() error { return stop }); !errors.Is(err, stop) {
		t.Fatalf("%v", err)
	}
	moved := 0
	bad, err := f.Reseal(t.Context(), key.fresh, func() error { moved++; return nil })
	if err != nil || bad != 1 || moved != 3 {
		t.Errorf("%d moved, %d bad, %v", moved, bad, err)
	}
	for i, text := range []string{"contract", "offer", ""} {
		if got, err := f.Get(hashes[i]); err != nil || string(got) != text {
			t.Errorf("%q: %q, %v", text, got, err)
		}
	}
	if got, err := f.Held(waiting); err != nil || string(got) != "roster" {
		t.Errorf("held: %q, %v", got, err)
	}
	is := func(key string) int {
		n, err := f.SealedWith(func(head []byte) bool { return bytes.HasPrefix(head, []byte(key+":")) })
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	if is("k1") != 1 || is("k2") != 4 {
		t.Errorf("%d of the old key, %d of the new", is("k1"), is("k2"))
	}
	if left, _ := filepath.Glob(filepath.Join(f.dir, "*", unfinished+"*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	key.key = "k3"
	if _, err := f.Reseal(ctx, key.fresh, func() error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("goes on after its end: %v", err)
	}
}

// TestResealBringsNothingBack: a held file that was dropped between the look at its
// head and the writing stays away.
func TestResealBringsNothingBack(t *testing.T) {
	key := &keyed{"k1"}
	f := New(t.TempDir(), key)
	id, err := f.Hold([]byte("roster"))
	if err != nil {
		t.Fatal(err)
	}
	dropping := func([]byte) bool {
		if err := f.Drop(id); err != nil {
			t.Error(err)
		}
		return false
	}
	if bad, err := f.Reseal(t.Context(), dropping, func() error { return errors.New("counted") }); bad != 0 || err != nil {
		t.Errorf("%d, %v", bad, err)
	}
	if _, err := f.Held(id); fault.KindOf(err) != fault.NotFound {
		t.Errorf("back again: %v", err)
	}
}

// TestRemovalWaitsForReseal: evidence that was let go of while a rotation had it in
// hand is not brought back.
func TestRemovalWaitsForReseal(t *testing.T) {
	key := &keyed{"k1"}
	f := New(t.TempDir(), key)
	hash, err := f.Put([]byte("paper"))
	if err != nil {
		t.Fatal(err)
	}
	f.removing.Lock() // as a rotation between reading and writing
	removed := make(chan error)
	go func() { removed <- f.Remove(hash) }()
	select {
	case <-removed:
		t.Error("removed under the hands of a rotation")
	case <-time.After(20 * time.Millisecond):
	}
	f.removing.Unlock()
	if err := <-removed; err != nil {
		t.Error(err)
	}
}
