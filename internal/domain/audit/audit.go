// Package audit writes down who did what, about whom, when and why.
//
// Each writing transaction leaves exactly one entry, chained by hash to the one
// before it; the entry holds the SHA-256 of every event, evidence and snapshot row
// that the transaction wrote, and of an imprint of every other row that matters, so
// that a changed, missing or added row is found.
package audit

import (
	"context"
	"crypto/sha256"
	"encoding/binary"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
)

// Entry is one line of the audit trail. Detail holds no personal data: ids,
// counts, names of fields.
type Entry struct {
	ID      string
	N       int64 // place in the chain, from 1; 0 while it waits for the sealer
	At      calendar.Instant
	Account string
	Action  string // such as roster.import
	Subject string // id of what it is about
	Detail  string // JSON object, may be blank
	Items   []byte // SHA-256 of the rows written, 32 bytes each: events by graduate and seq, then evidence, then what was done to snapshots, then imprints of rows that may change
	Prev    [32]byte
	Hash    [32]byte
}

// Log takes the one entry of the transaction that the context carries.
// Writing without a transaction, or a second time in it, is an error.
type Log interface {
	Write(ctx context.Context, who access.Actor, action, subject string, detail map[string]string) error
}

// Seal chains the entry behind the hash of the one before it.
func (e *Entry) Seal(n int64, prev [32]byte) {
	e.N, e.Prev = n, prev
	e.Hash = e.Sum()
}

// Sum returns the hash that the entry must have: over every field but itself,
// each with its length before it.
func (e *Entry) Sum() [32]byte {
	h := sha256.New()
	var word [8]byte
	number := func(n int64) {
		binary.BigEndian.PutUint64(word[:], uint64(n))
		h.Write(word[:])
	}
	number(e.N)
	number(int64(e.At))
	for _, s := range [][]byte{[]byte(e.ID), []byte(e.Account), []byte(e.Action), []byte(e.Subject), []byte(e.Detail), e.Items, e.Prev[:]} {
		number(int64(len(s)))
		h.Write(s)
	}
	return [32]byte(h.Sum(nil))
}
