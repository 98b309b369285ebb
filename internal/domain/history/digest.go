package history

import (
	"crypto/sha256"
	"encoding/binary"
	"maps"
	"slices"

	"quxiang/internal/domain/calendar"
)

// Digest is the SHA-256 that the audit trail keeps of an event as it is stored
// (sealed, in the envelope that it was first written with): over its content, then over the instant of knowing, so that an
// import can prepare the content before it knows the instant.
func (e *Event) Digest() [32]byte { return DigestAt(e.ContentDigest(), e.KnownAt) }

// DigestAt adds the instant of knowing to a content digest.
func DigestAt(content [32]byte, known calendar.Instant) [32]byte {
	return sha256.Sum256(binary.BigEndian.AppendUint64(content[:], uint64(known)))
}

// ContentDigest is over everything but KnownAt, each text with its length
// before it, so that no two events share a form.
func (e *Event) ContentDigest() [32]byte {
	b := make([]byte, 0, 512)
	text := func(s string) {
		b = binary.BigEndian.AppendUint32(b, uint32(len(s)))
		b = append(b, s...)
	}
	number := func(n int) { b = binary.BigEndian.AppendUint64(b, uint64(n)) }
	text(e.Graduate)
	number(e.Seq)
	text(string(e.TrueOn))
	number(len(e.Set))
	for _, s := range e.Set {
		text(string(s.Key))
		text(s.Value)
	}
	for _, s := range []string{e.Change, string(e.Step), string(e.Act), e.Case, string(e.Mark), e.Scheme, e.Code} {
		text(s)
	}
	number(e.Level)
	for _, s := range e.Counts.Values() {
		text(s)
	}
	number(len(e.Fields))
	for _, k := range slices.Sorted(maps.Keys(e.Fields)) {
		text(k)
		text(e.Fields[k])
	}
	for _, s := range []string{e.Sealed, e.Actor, e.Source, e.Reason, e.Import} {
		text(s)
	}
	number(len(e.Evidence))
	for _, v := range e.Evidence {
		text(v.SHA256)
		text(v.Kind)
	}
	return sha256.Sum256(b)
}
