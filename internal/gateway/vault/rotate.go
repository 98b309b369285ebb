package vault

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"quxiang/internal/domain/fault"
)

// Ciphers are those that a data key can be for, the usual one first.
var Ciphers = []string{aes256, sm4gcm}

// Key is what is known of a data key besides the key itself.
type Key struct {
	ID      string
	Cipher  string
	Made    time.Time // zero: not noted
	Current bool      // seals; the others only open
	Head    string    // what its envelopes begin with, text and files alike
}

// Keys returns the data keys of the ring, the oldest first.
func (v *Vault) Keys() []Key {
	u := v.keys.Load()
	out := make([]Key, len(u.ring.Data))
	for i, k := range u.ring.Data {
		out[i] = Key{ID: k.ID, Cipher: k.Alg, Current: k.ID == u.ring.Current, Head: k.head()}
		if k.Made > 0 {
			out[i].Made = time.UnixMilli(k.Made)
		}
	}
	return out
}

// Head is what an envelope that is sealed now begins with.
func (v *Vault) Head() string { return v.keys.Load().current }

// Renew makes the key of the id, for the cipher, the one that seals. One that the
// ring does not hold is made, and is on the disk before it seals anything. Doing it
// twice is doing it once.
//
// Error: fault.Usage for a cipher that there is none of.
func (v *Vault) Renew(id, cipher string, now time.Time) error {
	if err := v.CanSeal(cipher); err != nil {
		return err
	}
	return v.change(func(r *ring) error {
		if !slices.ContainsFunc(r.Data, func(k dataKey) bool { return k.ID == id }) {
			r.Data = append(r.Data, newKey(id, cipher, now))
		}
		r.Current = id
		return nil
	})
}

// CanSeal refuses a cipher that there is none of. Error: fault.Usage.
func (v *Vault) CanSeal(cipher string) error {
	if !slices.Contains(Ciphers, cipher) {
		return fault.Usagef("alg", "没有“%s”这种加密算法，可选：%s", cipher, strings.Join(Ciphers, "、"))
	}
	return nil
}

// Forget takes a key that does not seal out of the ring. Whatever it sealed, in
// older backups too, opens only with a ring that still holds it. Forgetting one
// that is not there is no error. Error: fault.Conflict for the key that seals.
func (v *Vault) Forget(id string) error {
	return v.change(func(r *ring) error {
		if id == r.Current {
			return fault.Conflictf("key", "密钥 %s 正在使用，不能停用；要换掉它，请先运行 quxiang keys rotate", id)
		}
		r.Data = slices.DeleteFunc(r.Data, func(k dataKey) bool { return k.ID == id })
		return nil
	})
}

// change writes a changed ring to the disk and uses it from then on. After a kill
// at any moment the folder holds the ring of before or that of after.
func (v *Vault) change(do func(*ring) error) error {
	v.changing.Lock()
	defer v.changing.Unlock()
	r := v.keys.Load().ring
	r.Data = slices.Clone(r.Data)
	if err := do(&r); err != nil {
		return err
	}
	u, err := r.unlock()
	if err != nil {
		return err
	}
	if v.dir != "" {
		if err := replaceRing(v.dir, r); err != nil {
			return err
		}
	}
	v.keys.Store(u)
	return nil
}

// replaceRing writes the ring beside the old one, down to the disk, and moves it
// into its place.
func replaceRing(dir string, r ring) error {
	fresh := filepath.Join(dir, "."+ringFile)
	if err := os.Remove(fresh); err != nil && !errors.Is(err, os.ErrNotExist) { // of a change that was cut off
		return err
	}
	if err := writeRing(fresh, r); err != nil {
		return errors.Join(err, os.Remove(fresh))
	}
	if err := os.Rename(fresh, filepath.Join(dir, ringFile)); err != nil {
		return err
	}
	return flush(dir)
}

// Reseal opens a value and seals it with the key that seals now.
func (v *Vault) Reseal(field, owner, sealed string) (string, error) {
	plain, err := v.Open(field, owner, sealed)
	if err != nil {
		return "", err
	}
	return v.Seal(field, owner, plain)
}
