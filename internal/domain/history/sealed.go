package history

import (
	"encoding/json"
	"fmt"
	"slices"
)

// Vault keeps secrets: ciphers and keyed digests (gateway/vault). Its calls are
// made outside transactions.
type Vault interface {
	// Seal encrypts; field and owner are bound to the ciphertext, so that it
	// cannot be moved to another record.
	Seal(field, owner string, plain []byte) (string, error)
	// Open is the inverse of Seal.
	Open(field, owner, sealed string) ([]byte, error)
	// Index is a keyed digest for exact search; blank for a blank value.
	Index(field, value string) string
	// Pseudonym is a keyed name of a graduate that never changes.
	Pseudonym(graduate string) string
}

// SecretFields are the payload fields that lie as ciphertext.
var SecretFields = []string{"employer_contact", "contact_phone", "contact_mobile", "contact_email", "contact_fax", "pay"}

// Seal moves what must not lie readable (difficulty, contacts, pay) into
// Sealed. An event without such values stays as it is. Sealing twice is sealing once.
func (e *Event) Seal(v Vault) error {
	secret := map[string]string{}
	if d, ok := e.Set.Value(Difficulty); ok {
		secret[string(Difficulty)] = d
	}
	var open Fields
	for k, val := range e.Fields {
		if slices.Contains(SecretFields, k) {
			secret[k] = val
			continue
		}
		if open == nil {
			open = Fields{}
		}
		open[k] = val
	}
	if len(secret) == 0 {
		return nil
	}
	plain, err := json.Marshal(secret)
	if err != nil {
		return err
	}
	if e.Sealed, err = v.Seal("event", e.Graduate, plain); err != nil {
		return err
	}
	e.Fields = open
	e.Set = slices.DeleteFunc(slices.Clone(e.Set), func(s Setting) bool { return s.Key == Difficulty })
	return nil
}

// Unseal puts what Seal took away back into Set and Fields and blanks Sealed.
func (e *Event) Unseal(v Vault) error {
	if e.Sealed == "" {
		return nil
	}
	secret, err := openEvent(v, e.Graduate, e.Sealed)
	if err != nil {
		return fmt.Errorf("event %s/%d: %w", e.Graduate, e.Seq, err)
	}
	delete(secret, firstEnvelope)
	e.Sealed = ""
	fields := Fields{}
	for k, val := range e.Fields {
		fields[k] = val
	}
	for k, val := range secret {
		if k == string(Difficulty) {
			e.Set = append(slices.Clone(e.Set), Setting{Difficulty, val})
			continue
		}
		fields[k] = val
	}
	slices.SortFunc(e.Set, func(a, b Setting) int { return indexOf(a.Key) - indexOf(b.Key) })
	if len(fields) > 0 {
		e.Fields = fields
	}
	return nil
}
