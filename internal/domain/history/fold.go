package history

import "quxiang/internal/domain/calendar"

// Fold is what the events applied so far say of one graduate, for every day at
// once. Applying events in seq order moves along the known time; People and
// Destinations lay out the true time.
type Fold struct {
	noWork   NoWork
	enrolled bool
	settings [nKeys][]setting
	changes  []*Change
	cases    []*Case
	lastSeq  int
	lastKnow calendar.Instant
	scratch  []run // of Destinations, kept to be used again
}

// NoWork reports that a code is of the class 未就业 (70, 71, 72 and what an
// administrator put under them). Classes are data: codes.Book has them.
type NoWork func(scheme, code string) bool

// NewFold returns the fold of an empty history.
func NewFold(noWork NoWork) *Fold { return &Fold{noWork: noWork} }

// Reset empties the fold, so that one fold serves many graduates without garbage.
// Changes and cases that it gave out before are no longer valid.
func (f *Fold) Reset() {
	for i := range f.settings {
		f.settings[i] = f.settings[i][:0]
	}
	f.changes, f.cases = f.changes[:0], f.cases[:0]
	f.enrolled, f.lastSeq, f.lastKnow = false, 0, 0
}

// extend adds one element, the one that Reset left behind if there is one.
func extend[T any](list []*T) []*T {
	if n := len(list); n < cap(list) && list[:n+1][n] != nil {
		return list[:n+1]
	}
	return append(list, new(T))
}

// setting is one value of one attribute, true from a day on.
type setting struct {
	on    calendar.Day // blank: from the beginning
	value string
}

// Change is one act on one case on its way through review.
type Change struct {
	ID   string
	Act  Act
	Case string
	Last Step // the newest step
	// Level that the newest step was taken at; of a submitted change 0.
	Level     int
	Submitter string   // account that submitted last
	Reviewers []string // accounts that passed since the last submission
	Given     Content  // what was given last, step by step
	Coded     bool     // a code was given
	openSeq   int      // seq of the first step
}

// UnderWay reports that the change is not over.
func (c *Change) UnderWay() bool {
	switch c.Last {
	case Withdrawn, Refused, Approved, Recorded:
		return false
	}
	return true
}

// Content of a case: since when, what, with which counted and kept fields.
type Content struct {
	TrueOn calendar.Day
	Scheme string
	Code   string
	Counts Counted
	Fields Fields
}

// Case is one claim: from its day on, this graduate is so.
type Case struct {
	ID       string
	openSeq  int
	effects  []effect // in the order of becoming effective
	Disputed bool
	Struck   bool
	Facts    Facts
}

// effect is an effective change of a case, with its content at that moment.
type effect struct {
	change  string
	act     Act
	content Content
}

// Facts say what stands behind a case, each once it is so; not a ladder.
type Facts struct {
	Imported, Declared, Seen, EmployerConfirmed, National bool
}

// Apply takes the next event in seq order.
func (f *Fold) Apply(e *Event) {
	f.lastSeq, f.lastKnow = e.Seq, e.KnownAt
	switch {
	case e.Step != "":
		f.step(e)
	case e.Mark != "":
		f.mark(e)
	default:
		f.person(e)
	}
}

// LastSeq is the seq of the newest event applied; 0 before the first.
func (f *Fold) LastSeq() int { return f.lastSeq }

// LastKnown is the instant of the newest event applied.
func (f *Fold) LastKnown() calendar.Instant { return f.lastKnow }

// Enrolled reports that a person event was applied.
func (f *Fold) Enrolled() bool { return f.enrolled }

func (f *Fold) person(e *Event) {
	f.enrolled = true
	for _, s := range e.Set {
		i := indexOf(s.Key)
		if i < 0 {
			continue
		}
		f.settings[i] = insertByDay(f.settings[i], setting{e.TrueOn, s.Value})
	}
}

// insertByDay keeps the settings in order of their day; of one day the one
// applied last stands last and so wins (greatest true_on, then greatest seq).
func insertByDay(list []setting, s setting) []setting {
	i := len(list)
	for i > 0 && list[i-1].on > s.on {
		i--
	}
	list = append(list, setting{})
	copy(list[i+1:], list[i:])
	list[i] = s
	return list
}

func (f *Fold) step(e *Event) {
	c := f.Change(e.Change)
	if c == nil {
		f.changes = extend(f.changes)
		c = f.changes[len(f.changes)-1]
		*c = Change{ID: e.Change, Act: e.Act, Case: e.Case, openSeq: e.Seq}
	}
	if c.Last == Approved || c.Last == Recorded {
		return // effective for good: what comes after it is another change's business
	}
	c.Given.give(e)
	c.Coded = c.Coded || e.Code != ""
	c.Last, c.Level = e.Step, e.Level
	k := f.caseOf(c)
	switch e.Step {
	case Submitted:
		c.Submitter, c.Reviewers = e.Actor, nil
		k.Facts.Declared = true
		if f.provisional(c) {
			k.take(c)
		} else {
			k.drop(c.ID) // it may have been, and now says something that needs approval
		}
	case Passed:
		c.Reviewers = append(c.Reviewers, e.Actor)
	case Approved:
		c.Reviewers = append(c.Reviewers, e.Actor)
		k.take(c)
	case Recorded:
		k.Facts.Imported = true
		k.Facts.National = k.Facts.National || e.Source == SourceNational
		k.take(c)
	case Returned, Withdrawn, Refused:
		k.drop(c.ID)
	}
}

// Sources of recorded steps.
const (
	SourceLegacy   = "legacy"   // history that others held
	SourceNational = "national" // the national register
	SourceUndo     = "undo"     // the inverse of an import
	SourceMaster   = "master"   // the employer's master record filled a blank
)

// caseOf returns the case of a change, made on its first mention.
func (f *Fold) caseOf(c *Change) *Case {
	k := f.Case(c.Case)
	if k == nil {
		f.cases = extend(f.cases)
		k = f.cases[len(f.cases)-1]
		*k = Case{ID: c.Case, openSeq: c.openSeq, effects: k.effects[:0]}
	}
	if c.Act == Open {
		k.openSeq = c.openSeq
	}
	return k
}

func (f *Fold) mark(e *Event) {
	k := f.Case(e.Case)
	if k == nil {
		return // a mark on a case that nobody opened says nothing
	}
	switch e.Mark {
	case Disputed:
		k.Disputed = true
	case Upheld:
		k.Disputed = false
	case Struck:
		k.Struck = true
	case Restored:
		k.Struck = false
	case Seen:
		k.Facts.Seen = true
	case EmployerConfirmed:
		k.Facts.EmployerConfirmed = true
	}
}

// Change returns the change of that id, or nil.
func (f *Fold) Change(id string) *Change {
	for _, c := range f.changes {
		if c.ID == id {
			return c
		}
	}
	return nil
}

// Case returns the case of that id, or nil.
func (f *Fold) Case(id string) *Case {
	for _, k := range f.cases {
		if k.ID == id {
			return k
		}
	}
	return nil
}

// Cases returns all cases in the order of their first mention.
func (f *Fold) Cases() []*Case { return f.cases }

// UnderWay returns the change under way, or nil; there is at most one.
func (f *Fold) UnderWay() *Change {
	for _, c := range f.changes {
		if c.UnderWay() {
			return c
		}
	}
	return nil
}

// provisional reports that the change counts from its submission on: saying
// that one has no work needs nobody's approval.
func (f *Fold) provisional(c *Change) bool {
	return (c.Act == Open || c.Act == Amend) && c.Coded && f.noWork(c.Given.Scheme, c.Given.Code)
}

// take makes the change effective, or brings the content of one that already is
// up to date; its place in the order is that of its first becoming so.
func (k *Case) take(c *Change) {
	for i := range k.effects {
		if k.effects[i].change == c.ID {
			k.effects[i].content = c.Given
			return
		}
	}
	k.effects = append(k.effects, effect{c.ID, c.Act, c.Given})
}

// drop ends a provisional effect.
func (k *Case) drop(change string) {
	for i := range k.effects {
		if k.effects[i].change == change {
			k.effects = append(k.effects[:i:i], k.effects[i+1:]...)
			return
		}
	}
}

// Standing is a case as its effective changes leave it.
type Standing struct {
	Content
	Opened bool
	Voided bool
	Ends   calendar.Day // first day on which it is no longer so; blank: open
}

// Standing folds the effective changes in the order of becoming effective.
func (k *Case) Standing() Standing {
	var s Standing
	for _, e := range k.effects {
		switch e.act {
		case Open:
			s.Content, s.Opened = e.content, true
		case Amend:
			s.amend(&e.content)
		case End:
			if e.content.TrueOn != "" { // an end that names no day ends nothing
				s.Ends = e.content.TrueOn
			}
		case Void:
			s.Voided = true
			return s
		}
	}
	return s
}
