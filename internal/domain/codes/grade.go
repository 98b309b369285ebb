package codes

// Grade of a checked identifier.
type Grade string

// The grades, from good to bad.
const (
	Fine        Grade = "ok"
	Warning     Grade = "warning"     // may be right: say so and go on
	Overridable Grade = "overridable" // most likely wrong: go on only with a reason
	Malformed   Grade = "malformed"   // cannot be right
)
