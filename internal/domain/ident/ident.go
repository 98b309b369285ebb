// Package ident makes the ids of records: text, sortable by the moment of
// making, 128 bits, nothing derived from a person.
package ident

import (
	"crypto/rand"
	"encoding/base32"
	"encoding/binary"
	"time"
)

// Source makes ids. The program uses New; the demo school's is seeded.
type Source func() string

var alphabet = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

// New returns 26 characters: 48 bits of milliseconds, then 80 random bits.
func New() string {
	var b [16]byte
	binary.BigEndian.PutUint64(b[:8], uint64(time.Now().UnixMilli())<<16)
	rand.Read(b[6:]) // never fails: it ends the program instead
	return Encode(b)
}

// Encode writes 16 bytes as an id.
func Encode(b [16]byte) string { return alphabet.EncodeToString(b[:]) }
