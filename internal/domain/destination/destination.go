// Package destination says where each graduate went (毕业去向登记): cases and
// their changes, on their way through review, with evidence.
//
// Nothing is registered without the graduate's own submission, nothing counts
// before the last level of review, and nothing is ever overwritten.
package destination

import (
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/destination/scrutiny"
)

// Finding is what a rule says about a case (核查提示).
type Finding struct {
	ID       string
	Graduate string
	Case     string
	Change   string
	Rule     string // A01 … A30
	Severity scrutiny.Severity
	Message  string
	At       calendar.Instant
	Batch    string // import that found it; blank if none
	Answer   string // the reviewer's note; blank while open
	By       string // account that answered
}

// Sample is one case drawn for checking (抽查).
type Sample struct {
	ID       string
	Graduate string
	Case     string
	Reason   string // rule, or the draw's name
	Stratum  string // college and code, of a random draw
	Seed     int64  // of a random draw
	At       calendar.Instant
	Result   string // 属实, 不属实, 联系不上, 已联系处理; blank while open
	Note     string // of checking; of a graduate's own word the answer that they read
	By       string
	Said     string           // the graduate's own words (ReasonTold); never overwritten
	Answered calendar.Instant // when the result was recorded; 0 while open
}

// Document is one file of evidence by content (佐证材料). The file itself lies
// encrypted under its hash.
type Document struct {
	SHA256   string // hex
	Graduate string
	Kind     string // AGR, CON, ADM …
	Media    string // such as image/jpeg
	Size     int64
	At       calendar.Instant
	Account  string
	Purged   calendar.Instant // when its file was let go of (到期清理); 0: it is there
}

// Lock says that figures up to a day were released (history.md, "Frozen
// figures"): an amendment, end, voiding or mark inside needs an unlock.
type Lock struct {
	Snapshot string
	Cohort   string
	LastDay  calendar.Day // the last day inside the snapshot's T
	Known    calendar.Instant
	Unlocked bool // a reasoned unlock is open
}

// Holds reports that the day lies inside the release and nobody unlocked it.
func (l Lock) Holds(day calendar.Day) bool {
	return !l.Unlocked && day != "" && day <= l.LastDay
}
