// Package release decides what may leave the house: frozen figures, their
// approval, and what small numbers hide.
//
// A frozen figure never moves: it is stored row by row with its hash, and can be
// recounted from the events at any time.
package release

import (
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/history"
)

// Snapshot is the frozen state of a cohort (快照).
type Snapshot struct {
	Name         string
	Cohort       string
	Cut          calendar.Cut
	Definition   string            // id
	Version      string            // of the definition
	CodeVersions map[string]string // table id → version
	FrozenAt     calendar.Instant
	FrozenBy     string
	People       int
	SHA256       string // hex, over the canonical plain form
	Release      *Approval
}

// Approval is what makes a snapshot releasable: the school's chain and the
// province's consent (domain.md §0 fact 14).
type Approval struct {
	At               calendar.Instant // when it was released here
	By               string
	Office           string       // person in charge of the office
	Leader           string       // school leader in charge
	Approved         calendar.Day // day of the leader's approval
	Record           string       // number of the record or minutes
	ConsentAuthority string       // the province's authority
	ConsentNumber    string       // number of its consent; or
	ConsentDay       calendar.Day // its day
	ConsentFile      string       // SHA-256 of the file, hex
	Hidden           []string     // what was suppressed, a line each
}

// Row is one person of a snapshot under a pseudonym. Attrs.Difficulty is blank
// while sealed.
type Row struct {
	Pseudonym string
	Attrs     history.Attributes
	Cell      string // the part of the definition that it counts in
	history.Destination
	Sealed string // envelope of the difficulty, owner = snapshot name + pseudonym
}

// Unlock opens a released snapshot for corrections (解锁).
type Unlock struct {
	ID       string
	Snapshot string
	Account  string
	Reason   string
	At       calendar.Instant
	Until    calendar.Instant // exclusive
}
