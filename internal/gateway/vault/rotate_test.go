package vault

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"quxiang/internal/domain/fault"
)

// TestRenewedKeyIsOnTheDiskBeforeItSeals (C2): what a killed program sealed last
// opens with the ring that it left.
func TestRenewedKeyIsOnTheDiskBeforeItSeals(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "keys")
	v, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	old := seal(t, v, "old")
	index, name := v.Index("phone", "10000000001"), v.Pseudonym("g1")
	for range 2 { // doing it twice is doing it once
		if err := v.Renew("k2", sm4gcm, time.UnixMilli(1000)); err != nil {
			t.Fatal(err)
		}
	}
	fresh := seal(t, v, "new")
	if !strings.HasPrefix(fresh, "v1:sm4gcm:k2:") || !strings.HasPrefix(fresh, v.Head()) {
		t.Errorf("sealed with an old key: %s", fresh)
	}
	again, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	for want, sealed := range map[string]string{"old": old, "new": fresh} {
		if plain, err := again.Open("graduate", "g1", sealed); err != nil || string(plain) != want {
			t.Errorf("%s: %q, %v", want, plain, err)
		}
	}
	if again.Index("phone", "10000000001") != index || again.Pseudonym("g1") != name {
		t.Error("index or pseudonym moved")
	}
	keys := again.Keys()
	if len(keys) != 2 || keys[0].Current || !keys[1].Current || keys[1].Cipher != sm4gcm || keys[1].Made != time.UnixMilli(1000) {
		t.Errorf("%+v", keys)
	}
	if list, _ := os.ReadDir(dir); len(list) != 1 {
		t.Errorf("left behind: %v", list)
	}
}

// TestChangeCutOffLeavesAWholeRing: whatever a kill leaves beside the ring, the ring
// opens, and the next change succeeds.
func TestChangeCutOffLeavesAWholeRing(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "keys")
	if _, err := Open(dir); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "."+ringFile), []byte(`{"current":"k2`), 0o600); err != nil {
		t.Fatal(err)
	}
	v, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := v.Renew("k2", aes256, time.Now()); err != nil {
		t.Fatal(err)
	}
	if v, err = Open(dir); err != nil || len(v.Keys()) != 2 {
		t.Errorf("%v", err)
	}
}

func TestRingThatCannotBeWrittenChangesNothing(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "keys")
	v, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	head := v.Head()
	if err := os.Rename(dir, dir+"-away"); err != nil {
		t.Fatal(err)
	}
	if err := v.Renew("k2", aes256, time.Now()); err == nil {
		t.Error("no word that the ring was not written")
	}
	if v.Head() != head || len(v.Keys()) != 1 {
		t.Error("a key that is nowhere on the disk seals")
	}
}

func TestForgottenKeyOpensNothing(t *testing.T) {
	v := NewMemory()
	old := seal(t, v, "x")
	if err := v.Forget("k1"); fault.KindOf(err) != fault.Conflict {
		t.Errorf("the key that seals was forgotten: %v", err)
	}
	if err := v.Renew("k2", aes256, time.Now()); err != nil {
		t.Fatal(err)
	}
	moved, err := v.Reseal("graduate", "g1", old)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := v.Forget("k1"); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := v.Open("graduate", "g1", old); err == nil || !strings.Contains(err.Error(), "k1") {
		t.Errorf("want an error that names the missing key, got %v", err)
	}
	if plain, err := v.Open("graduate", "g1", moved); err != nil || string(plain) != "x" {
		t.Errorf("%q, %v", plain, err)
	}
	if err := v.Renew("k3", "rot13", time.Now()); fault.KindOf(err) != fault.Usage {
		t.Errorf("unknown cipher: %v", err)
	}
}

// TestResealKeepsPlainTextAndPlace (Q12): whatever is sealed anew says the same and
// opens in its own place only; the keyed index stays.
func TestResealKeepsPlainTextAndPlace(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := NewMemory()
		plain := rapid.SliceOf(rapid.Byte()).Draw(t, "plain")
		field := rapid.SampledFrom([]string{"graduate", "event", "draft"}).Draw(t, "field")
		owner := rapid.StringMatching(`[a-z0-9]{1,8}`).Draw(t, "owner")
		value := rapid.StringMatching(`[0-9]{11}`).Draw(t, "value")
		index := v.Index("phone", value)
		text, _ := v.Seal(field, owner, plain)
		file, _ := v.SealBytes(field, owner, plain)
		for i := range rapid.IntRange(1, 3).Draw(t, "rotations") {
			if err := v.Renew(string(rune('a'+i)), rapid.SampledFrom(Ciphers).Draw(t, "cipher"), time.Now()); err != nil {
				t.Fatal(err)
			}
			var err error
			if text, err = v.Reseal(field, owner, text); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := v.Open(field, owner, text); err != nil || !bytes.Equal(got, plain) {
			t.Fatalf("%q, %v", got, err)
		}
		if got, err := v.OpenBytes(field, owner, file); err != nil || !bytes.Equal(got, plain) {
			t.Fatalf("file of the first key: %q, %v", got, err)
		}
		for _, place := range [][2]string{{field + "x", owner}, {field, owner + "x"}, {owner, field}} {
			if _, err := v.Open(place[0], place[1], text); err == nil {
				t.Fatalf("opened as %q", place)
			}
			if _, err := v.OpenBytes(place[0], place[1], file); err == nil {
				t.Fatalf("file opened as %q", place)
			}
		}
		if v.Index("phone", value) != index {
			t.Fatal("the index moved")
		}
	})
}

func TestRotatingUnderUse(t *testing.T) {
	v := NewMemory()
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 300 {
				s, err := v.Seal("event", "g", []byte("值"))
				if err != nil {
					t.Error(err)
				}
				if p, err := v.Open("event", "g", s); err != nil || string(p) != "值" {
					t.Error(string(p), err)
				}
			}
		})
	}
	for i := range 20 {
		if err := v.Renew(string(rune('a'+i)), Ciphers[i%2], time.Now()); err != nil {
			t.Fatal(err)
		}
	}
	wg.Wait()
}
