// Package scrutiny says what a registration must bring along and what makes one
// doubtful: fields and evidence per code, and the audit rules A01 to A30.
//
// Both are data with their sources (profiles.json, rules.json); the predicates
// are functions of one View, so that page, import and screening ask the same.
package scrutiny

import (
	_ "embed"
	"slices"
	"strings"
	"sync"

	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/employer"
	"quxiang/internal/domain/history"
	"quxiang/internal/domain/roster"
)

// Severity of a rule (domain.md §3.3).
type Severity string

// The severities.
const (
	Blocks  Severity = "B" // refuses the step named
	Warns   Severity = "W" // needs a reviewer's note
	Samples Severity = "Q" // goes to the sampling queue
)

// Employers answers from the master records of employers.
type Employers interface {
	ByCode(creditCode string) (employer.Employer, bool)
	ByName(name string) (employer.Employer, bool)
	Of(creditCode, name string) (employer.Employer, bool) // by code, else by name
}

// Rule is one audit rule of domain.md §3.3. Its wording and numbers are data
// (rules.json), its predicate is the function of the same id.
type Rule struct {
	ID       string              `json:"id"`
	Severity Severity            `json:"severity"`
	Step     history.Step        `json:"step"` // the step that a B refuses
	Title    string              `json:"title"`
	Message  string              `json:"message"`
	Info     bool                `json:"info,omitempty"` // a warning that asks for no note
	Numbers  map[string]int      `json:"numbers,omitempty"`
	Months   map[string]string   `json:"months,omitempty"` // month and day, such as 08-31
	Codes    map[string][]string `json:"codes,omitempty"`
	Switches map[string]bool     `json:"switches,omitempty"`
	Source   string              `json:"source"`
	Why      string              `json:"why,omitempty"` // the parameters are set as they are
}

//go:embed rules.json
var rulesJSON []byte

var defaultRules = sync.OnceValue(func() (list []Rule) {
	mustDecode(rulesJSON, &list)
	return list
})

// DefaultRules returns the rules that the program carries, by id.
func DefaultRules() []Rule { return slices.Clone(defaultRules()) }

// View is all that the rules look at: one case as a change would leave it.
// Whatever is not known is zero, and no rule finds fault with what it cannot know.
type View struct {
	Graduate roster.Graduate // unsealed
	Case     string
	Change   string
	Act      history.Act
	Content  history.Content // emptied fields are absent
	Copied   history.Counted // what of it comes from the master records
	Evidence []history.Evidence
	Shared   []string // hashes of the evidence that others handed in too

	Masters Employers // never nil
	Wages   []codes.MinimumWage
	Book    *codes.Book
	Today   calendar.Day

	Entered   calendar.Day // when the graduate submitted it
	Proposed  calendar.Day // when staff proposed it; blank: they did not
	Confirmed bool         // the graduate submitted it
	Submitter string       // account
	Earlier   []string     // accounts that passed it
	Reviewer  string       // account that is about to pass it; blank: nobody
	Decided   []Tier       // tiers that decided, the reviewer's included
	Disputed  bool
	Drawn     bool     // by a random draw
	Lock      string   // released snapshot that stands against it; blank: none
	Figures   *Figures // of all cases of the cohort; nil: not counted
}

// family is the code's topmost ancestor, such as 27 of 271.
func (v *View) family() string {
	t := v.Book.Table("destination")
	row, _ := t.Find(v.Content.Code)
	for row.Parent != "" {
		row, _ = t.Find(row.Parent)
	}
	if row.Fields["counts_as"] != "" {
		return row.Fields["counts_as"]
	}
	return row.Code
}

// Profile returns what the case's code asks for.
func (v *View) Profile() Profile { return ProfileOf(v.Book, v.Content.Code) }

func (v *View) field(name string) string { return v.Content.Fields[name] }

// Hit is what a rule says of a case.
type Hit struct {
	Rule     string
	Severity Severity
	Step     history.Step
	Message  string // in full, without phone numbers, pay or identity numbers
	Info     bool
}

// verdict of a predicate.
type verdict struct {
	hit    bool
	detail string
	// as are the severities to report instead of the rule's own, where the data at
	// hand cannot decide; none: the rule's own.
	as []Severity
}

func when(hit bool, detail string) verdict { return verdict{hit: hit, detail: detail} }

// Examine asks every rule about the case. The hits come in the order of the rules.
func Examine(v *View, rules []Rule) []Hit {
	var out []Hit
	for i := range rules {
		r := &rules[i]
		check, ok := checks[r.ID]
		if !ok {
			continue // rules.json and checks match by test
		}
		d := check(v, r)
		if !d.hit {
			continue
		}
		h := Hit{Rule: r.ID, Step: r.Step, Message: r.Message, Info: r.Info}
		if d.detail != "" {
			h.Message += "：" + d.detail
		}
		if d.as == nil {
			d.as = []Severity{r.Severity}
		}
		for _, s := range d.as {
			h.Severity = s
			out = append(out, h)
		}
	}
	return out
}

// Blocking returns the messages of those hits that refuse the step, one a line;
// blank if none does.
func Blocking(hits []Hit, step history.Step) string {
	var out []string
	for _, h := range hits {
		if h.Severity == Blocks && h.Step == step {
			out = append(out, h.Message+"（"+h.Rule+"）")
		}
	}
	return strings.Join(out, "\n")
}

// checks are the predicates by rule id.
var checks = map[string]func(*View, *Rule) verdict{
	"A01": creditCodeWrong, "A02": creditCodeUnknown, "A03": nameDiffers, "A04": recordsConflict, "A05": masterDiffers,
	"A06": postRejected, "A07": phoneIsOwn, "A08": phoneIsHome, "A09": phoneOfSeveral, "A10": phoneOfStudent,
	"A11": evidenceLacks, "A12": internshipOnly, "A13": datesOdd, "A14": crowded, "A15": evidenceShared,
	"A16": employerNew, "A17": notAFounder, "A18": alwaysChecked, "A18b": payTooLow, "A18c": notDecided,
	"A19": shareOdd, "A20": boundElsewhere, "A21": registeredElsewhere, "A22": schoolUnknown, "A23": partTime,
	"A24": unconfirmed, "A25": disputed, "A26": released, "A27": natureOdd, "A28": identityOdd, "A29": drawn, "A30": onePerson,
}
