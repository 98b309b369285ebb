// Package external is the ledger of what others measured (外部数据): results of surveys,
// pass rates of licences, visits made. Such a figure is printed with its source and never
// counted together with our own.
//
// The ledger is only ever added to: entered, checked by a second person, withdrawn or
// replaced by an indicator of our own. What it said at an earlier entry is found for good,
// so that a printed report can be made again.
package external

import (
	"slices"

	"quxiang/internal/domain/calendar"
)

// Step is what an entry of the ledger says of a figure.
type Step string

// The steps.
const (
	Entered   Step = "entered"   // a new version, which nobody has checked yet
	Checked   Step = "checked"   // a second person compared it with its document
	Withdrawn Step = "withdrawn" // it is not to be printed any more
	Replaced  Step = "replaced"  // we count it ourselves by now
)

// State is where a figure stands: that of its newest step.
type State = Step

// Title is the state as people read it.
func Title(s State) string {
	switch s {
	case Entered:
		return "待复核"
	case Checked:
		return "已复核"
	case Withdrawn:
		return "已撤回"
	case Replaced:
		return "已改由本系统统计"
	}
	return string(s)
}

// Content is what a version says. Numbers are texts, exactly as the document prints them.
type Content struct {
	Title   string `json:"title"`             // 工作与专业相关度
	Value   string `json:"value"`             // decimal: 91, 71.3
	Unit    string `json:"unit"`              // %, 人, 家, 次, 分, 元 …
	K       string `json:"k,omitempty"`       // how many of N; blank: not told
	N       string `json:"n,omitempty"`       // of how many; blank: not told
	Subject string `json:"subject"`           // of whom: 2024 届毕业生, 用人单位
	Source  string `json:"source"`            // title of the document, without 《》
	Issuer  string `json:"issuer"`            // whose document it is
	Page    string `json:"page,omitempty"`    // 12, 12-14, or a place in words
	Dated   string `json:"dated"`             // of the document: 2024-12 or 2024-12-05
	Method  string `json:"method,omitempty"`  // how it was measured: 网络问卷
	Replies string `json:"replies,omitempty"` // response rate in percent, decimal
}

// Entry is a line of the ledger.
type Entry struct {
	No      int64 // from 1, without gaps
	At      calendar.Instant
	Account string
	Cohort  string
	Key     string
	Step    Step
	Content        // of Entered
	Reason  string // of Withdrawn and Replaced
	Own     string // of Replaced: see Own
}

// Mark says when and by whom a step was taken; zero: not yet.
type Mark struct {
	No      int64
	At      calendar.Instant
	Account string
}

// Figure is what the ledger says of a key of a cohort.
type Figure struct {
	Cohort  string
	Key     string
	Version int // from 1
	Content
	State   State
	Entered Mark
	Checked Mark
	Ended   Mark   // withdrawn or replaced
	Reason  string // why it ended
	Own     string // what counts it now, of a replaced one
}

// Last is the number of the newest entry about the figure.
func (f *Figure) Last() int64 { return max(f.Entered.No, f.Checked.No, f.Ended.No) }

// Stands reports that the figure may be printed, checked or not.
func (f *Figure) Stands() bool { return f.State != "" && f.State != Withdrawn }

// Sure reports that a second person has checked it.
func (f *Figure) Sure() bool { return f.State == Checked || f.State == Replaced }

// Ledger is the entries in their order.
type Ledger []Entry

// UpTo is the ledger as it was at an entry; 0 is before the first.
func (l Ledger) UpTo(no int64) Ledger {
	at, found := slices.BinarySearchFunc(l, no, func(e Entry, no int64) int { return int(e.No - no) })
	if found {
		at++
	}
	return l[:at]
}

// Find returns the newest version of a key; ok is false of one that was never entered.
func (l Ledger) Find(cohort, key string) (f Figure, ok bool) {
	for i := range l {
		if e := &l[i]; e.Cohort == cohort && e.Key == key {
			f.take(e)
		}
	}
	return f, f.Version > 0
}

// Figures are the newest versions of a cohort (blank: of all), by cohort, the newest
// first, and in the order in which they were first entered.
func (l Ledger) Figures(cohort string) []Figure {
	at, out := map[[2]string]int{}, []Figure(nil)
	for i := range l {
		e := &l[i]
		if cohort != "" && e.Cohort != cohort {
			continue
		}
		n, ok := at[[2]string{e.Cohort, e.Key}]
		if !ok {
			n, out = len(out), append(out, Figure{})
			at[[2]string{e.Cohort, e.Key}] = n
		}
		out[n].take(e)
	}
	slices.SortStableFunc(out, func(a, b Figure) int {
		switch {
		case a.Cohort > b.Cohort:
			return -1
		case a.Cohort < b.Cohort:
			return 1
		}
		return 0
	})
	return out
}

// Versions are all versions of a key, the newest first.
func (l Ledger) Versions(cohort, key string) []Figure {
	var out []Figure
	var f Figure
	for i := range l {
		e := &l[i]
		if e.Cohort != cohort || e.Key != key {
			continue
		}
		if e.Step == Entered && f.Version > 0 {
			out = append(out, f)
		}
		f.take(e)
	}
	if f.Version > 0 {
		out = append(out, f)
	}
	slices.Reverse(out)
	return out
}

// take goes one step on.
func (f *Figure) take(e *Entry) {
	mark := Mark{e.No, e.At, e.Account}
	switch e.Step {
	case Entered:
		*f = Figure{Cohort: e.Cohort, Key: e.Key, Version: f.Version + 1, Content: e.Content, Entered: mark}
	case Checked:
		f.Checked = mark
	default:
		f.Ended, f.Reason, f.Own = mark, e.Reason, e.Own
	}
	f.State = e.Step
}
