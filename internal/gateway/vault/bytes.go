package vault

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
)

// SealBytes encrypts a file with a random nonce. What it gives out is v1:alg:kid:
// and then nonce and ciphertext as they are: text would take a third more.
func (v *Vault) SealBytes(field, owner string, plain []byte) ([]byte, error) {
	k := v.keys.Load()
	size := k.seal.NonceSize()
	out := make([]byte, len(k.current)+size, len(k.current)+size+len(plain)+k.seal.Overhead())
	nonce := out[copy(out, k.current):]
	rand.Read(nonce) // never fails: it ends the program instead
	return k.seal.Seal(out, nonce, plain, place(field, owner)), nil
}

// OpenBytes returns what SealBytes was given. A value that was altered, moved or
// sealed with a key that the ring does not hold is an error.
func (v *Vault) OpenBytes(field, owner string, sealed []byte) ([]byte, error) {
	head := headOf(sealed)
	if head == nil {
		return nil, errors.New("vault: not a sealed file")
	}
	aead, ok := v.keys.Load().open[string(head)]
	if !ok {
		return nil, fmt.Errorf("vault: the ring has no key for %q", head)
	}
	rest := sealed[len(head):]
	if len(rest) < aead.NonceSize() {
		return nil, errSealed
	}
	plain, err := aead.Open(nil, rest[:aead.NonceSize()], rest[aead.NonceSize():], place(field, owner))
	if err != nil {
		return nil, errSealed
	}
	return plain, nil
}

// maxHead is longer than any v1:alg:kid: of a ring.
const maxHead = 128

// headOf cuts v1:alg:kid: from the rest; nil if there is none.
func headOf(sealed []byte) []byte {
	end := 0
	for range 3 {
		n := bytes.IndexByte(sealed[end:min(len(sealed), maxHead)], ':')
		if n < 0 {
			return nil
		}
		end += n + 1
	}
	return sealed[:end]
}
