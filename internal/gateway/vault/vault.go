// Package vault keeps secrets readable for the program and for nobody who only
// has the database: field ciphers, the blind index, and pseudonyms.
//
// What Seal gives out opens again only under the same field and owner, so that
// a ciphertext that was copied to another record is refused, never read.
package vault

import (
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"

	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/history"
	"quxiang/internal/domain/ident"
)

// version opens every envelope, so that another form can stand beside this one.
const version = "v1"

// encoding is strict: one ciphertext has one text.
var encoding = base64.RawURLEncoding.Strict()

// errSealed is all that is said of an envelope that does not open: whether key,
// place or content is wrong cannot be told apart.
var errSealed = errors.New("vault: sealed value does not open: altered, moved to another record, or sealed with another key")

// Vault is an opened key ring, which a rotation changes under those who use it. It
// is safe for concurrent use.
type Vault struct {
	keys     atomic.Pointer[unlocked]
	dir      string     // folder of the ring; blank: in memory only
	changing sync.Mutex // held while the ring is written
}

// unlocked is a ring with its ciphers ready. It is never changed.
type unlocked struct {
	ring    ring
	current string // "v1:alg:kid:" of the key that seals
	seal    cipher.AEAD
	open    map[string]cipher.AEAD // by "v1:alg:kid:"
}

var _ history.Vault = (*Vault)(nil)

// NewMemory returns a vault with keys of its own that are gone with the process.
func NewMemory() *Vault {
	v, err := opened("", newRing())
	if err != nil {
		panic("vault: fresh ring does not unlock: " + err.Error())
	}
	return v
}

func opened(dir string, r ring) (*Vault, error) {
	u, err := r.unlock()
	if err != nil {
		return nil, err
	}
	v := &Vault{dir: dir}
	v.keys.Store(u)
	return v, nil
}

// Seal encrypts with a random nonce. The text is v1:alg:kid:nonce:ct, the last
// two in base64url.
func (v *Vault) Seal(field, owner string, plain []byte) (string, error) {
	k := v.keys.Load()
	size, over := k.seal.NonceSize(), k.seal.Overhead()
	raw := make([]byte, size, size+len(plain)+over)
	rand.Read(raw) // never fails: it ends the program instead
	raw = k.seal.Seal(raw, raw[:size], plain, place(field, owner))
	text := make([]byte, 0, len(k.current)+1+encoding.EncodedLen(size)+encoding.EncodedLen(len(plain)+over))
	text = append(text, k.current...)
	text = encoding.AppendEncode(text, raw[:size])
	text = append(text, ':')
	return string(encoding.AppendEncode(text, raw[size:])), nil
}

// Open returns what Seal was given. A value that was altered, moved or sealed
// with a key that the ring does not hold is an error.
func (v *Vault) Open(field, owner, sealed string) ([]byte, error) {
	head, nonceText, ctText, ok := split(sealed)
	if !ok {
		return nil, errors.New("vault: not a sealed value")
	}
	aead, ok := v.keys.Load().open[head]
	if !ok {
		return nil, fmt.Errorf("vault: the ring has no key for %q", head)
	}
	nonce, err := encoding.DecodeString(nonceText)
	if err != nil || len(nonce) != aead.NonceSize() {
		return nil, errSealed
	}
	ct, err := encoding.DecodeString(ctText)
	if err != nil {
		return nil, errSealed
	}
	plain, err := aead.Open(ct[:0], nonce, ct, place(field, owner))
	if err != nil {
		return nil, errSealed
	}
	return plain, nil
}

// split cuts v1:alg:kid: from the nonce and the ciphertext.
func split(sealed string) (head, nonce, ct string, ok bool) {
	end := strings.LastIndexByte(sealed, ':')
	if end < 0 {
		return "", "", "", false
	}
	mid := strings.LastIndexByte(sealed[:end], ':')
	if mid < 0 {
		return "", "", "", false
	}
	return sealed[:mid+1], sealed[mid+1 : end], sealed[end+1:], true
}

// place binds a ciphertext to its field and record. No field name holds a NUL,
// so that two places never give one text.
func place(field, owner string) []byte { return []byte(field + "\x00" + owner) }

// Index is HMAC-SHA256 over field and value, the value normalised and in upper
// case (110…x is 110…X), in base64url; blank for a blank value.
func (v *Vault) Index(field, value string) string {
	value = strings.ToUpper(codes.Normalize(value))
	if value == "" {
		return ""
	}
	sum := mac(v.keys.Load().ring.Index, field+"\x00"+value)
	return encoding.EncodeToString(sum[:])
}

// Pseudonym is p and 128 bits of HMAC-SHA256 over the graduate's id, under a key
// that is never rotated: snapshots of all years name one person alike.
func (v *Vault) Pseudonym(graduate string) string {
	sum := mac(v.keys.Load().ring.Pseudonym, graduate)
	return "p" + ident.Encode([16]byte(sum[:16]))
}

func mac(key []byte, text string) (sum [sha256.Size]byte) {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(text))
	h.Sum(sum[:0])
	return sum
}
