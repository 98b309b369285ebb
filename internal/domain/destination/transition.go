package destination

import (
	"slices"
	"unicode/utf8"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/history"
)

// Capacity says in which quality somebody acts (身份).
type Capacity string

// The capacities.
const (
	Self    Capacity = "self"    // the graduate
	Staff   Capacity = "staff"   // a person of the school with an own account
	Console Capacity = "console" // the command line: the office's rights, never a second person
)

// CapacityOf returns the quality in which an actor acts for this graduate.
func CapacityOf(who access.Actor, graduate string) Capacity {
	switch {
	case !who.Person():
		return Console
	case slices.Contains(who.Within(access.RegisterOwn).Graduates, graduate):
		return Self
	}
	return Staff
}

// NoWork returns the test for codes of the class 未就业, as the book has them.
func NoWork(book *codes.Book) history.NoWork {
	return func(scheme, code string) bool {
		c, ok := book.Resolve("destination", scheme, code)
		return ok && c.Class == "未就业"
	}
}

// follows is the state machine of a change: the newest step, then what may come.
var follows = map[history.Step][]history.Step{
	"":                {history.Proposed, history.Submitted, history.Recorded},
	history.Proposed:  {history.Proposed, history.Submitted, history.Withdrawn},
	history.Submitted: {history.Passed, history.Approved, history.Returned, history.Refused, history.Withdrawn},
	history.Passed:    {history.Passed, history.Approved, history.Returned, history.Refused, history.Withdrawn},
	history.Returned:  {history.Submitted, history.Withdrawn},
	// withdrawn, refused, approved, recorded: the change is over
}

// takers says by whom a step or mark may be made.
var takers = map[history.Step][]Capacity{
	history.Proposed: {Staff, Console}, history.Submitted: {Self}, history.Withdrawn: {Self},
	history.Passed: {Staff}, history.Approved: {Staff}, history.Returned: {Staff}, history.Refused: {Staff},
	history.Recorded: {Staff, Console},
}

var markers = map[history.Mark][]Capacity{
	history.Disputed: {Self}, history.Upheld: {Staff, Console}, history.Restored: {Staff, Console},
	history.Struck: {Staff}, history.Replied: {Staff, Console, Self}, history.Seen: {Staff, Console},
	history.EmployerConfirmed: {Staff, Console},
}

// longestWord is how long a reason, an answer or a graduate's own words may be, in
// signs. History keeps them for good.
const longestWord = 1000

// Check says whether the event may be the next one of the history that the fold
// holds, made by that party; nil if so. Its Level must be the one that the
// change waits at. Errors: fault.Conflict (right by itself, not now),
// fault.Invalid (a value is missing), fault.Forbidden (not by this party or person).
func (r Review) Check(f *history.Fold, e *history.Event, by Capacity) error {
	if utf8.RuneCountInString(e.Reason) > longestWord {
		return fault.Invalidf("reason", "请写在 %d 个字以内", longestWord)
	}
	if err := codes.NoNumbers("reason", e.Reason); err != nil {
		return err
	}
	if e.Mark != "" {
		return checkMark(f, e, by)
	}
	if !slices.Contains(takers[e.Step], by) {
		return wrongCapacity(e.Step)
	}
	ch := f.Change(e.Change)
	var last history.Step
	if ch != nil {
		last = ch.Last
		if ch.Act != e.Act && e.Act != "" || ch.Case != e.Case && e.Case != "" {
			return fault.Conflictf("change", "一项申请的事由和所指去向定下后不能改，请撤回后另行提交")
		}
	}
	if !slices.Contains(follows[last], e.Step) {
		return notNow(last)
	}
	if ch == nil {
		if err := checkNew(f, e); err != nil {
			return err
		}
	}
	switch e.Step {
	case history.Proposed, history.Submitted, history.Recorded:
		return checkContent(f, ch, e)
	case history.Withdrawn:
		return nil
	}
	return r.checkReview(f, ch, e)
}

func wrongCapacity(s history.Step) error {
	switch s {
	case history.Submitted, history.Withdrawn:
		return fault.Forbiddenf("", "去向须由毕业生本人提交或撤回，老师只能代填后请本人确认")
	case history.Proposed:
		return fault.Forbiddenf("", "代填由老师办理；本人请直接提交")
	}
	return fault.Forbiddenf("", "审核须由有审核权的老师用自己的账号办理")
}

func notNow(last history.Step) error {
	switch last {
	case history.Submitted, history.Passed:
		return fault.Conflictf("change", "这项申请已提交，正在审核；要修改请先撤回，或等老师退回")
	case history.Proposed:
		return fault.Conflictf("change", "这项登记是老师代填的，本人还没有提交，不能审核")
	case history.Returned:
		return fault.Conflictf("change", "这项申请已退回，等本人修改后重新提交")
	case history.Withdrawn:
		return fault.Conflictf("change", "这项申请已由本人撤回，请刷新后再看")
	case history.Refused:
		return fault.Conflictf("change", "这项申请已不予通过；如有新材料，请本人另行提交")
	case history.Approved, history.Recorded:
		return fault.Conflictf("change", "这项申请已经生效；要改请提交更正、终止或作废申请")
	}
	return fault.NotFoundf("change", "没有找到这项申请，请刷新后再试")
}

// checkNew is for the first step of a change.
func checkNew(f *history.Fold, e *history.Event) error {
	if u := f.UnderWay(); u != nil && e.Step != history.Recorded {
		return fault.Conflictf("change", "已有一项申请正在办理，请先完成或撤回，再提交新的申请")
	}
	k := f.Case(e.Case)
	switch e.Act {
	case history.Open:
		if k != nil && k.Standing().Opened {
			return fault.Conflictf("case", "这条去向已经登记过，要改请提交更正申请")
		}
		return nil
	case history.Amend, history.End, history.Void:
		return effective(k)
	}
	return fault.Invalidf("act", "请选择新登记、更正、终止或作废")
}

// effective says whether a case stands, so that it can be amended, ended, voided
// or marked.
func effective(k *history.Case) error {
	switch {
	case k == nil:
		return fault.NotFoundf("case", "没有找到这条去向，请刷新后再试")
	case k.Standing().Voided:
		return fault.Conflictf("case", "这条去向已作废，不能再办理；请重新登记")
	case !k.Standing().Opened:
		return fault.Conflictf("case", "这条去向还没有生效，不能更正、终止或作废；请先等审核完成，或撤回后重新提交")
	}
	return nil
}

// checkContent is for the steps that carry content: what was given last, this
// step included, must be enough for the act.
func checkContent(f *history.Fold, ch *history.Change, e *history.Event) error {
	act, day, coded := e.Act, e.TrueOn, e.Code != ""
	if ch != nil {
		act, coded = ch.Act, coded || ch.Coded
		if day == "" {
			day = ch.Given.TrueOn
		}
	}
	if act == history.Open {
		switch {
		case !coded:
			return fault.Invalidf("code", "请选择毕业去向类别")
		case day == "":
			return fault.Invalidf("true_on", "请填写从哪一天起")
		}
		return nil
	}
	k := f.Case(caseID(ch, e))
	if err := effective(k); err != nil {
		return err
	}
	switch from := k.Standing().TrueOn; {
	case act == history.End && day == "":
		return fault.Invalidf("true_on", "请填写从哪一天起不再如此")
	case act == history.End && day <= from:
		return fault.Invalidf("true_on", "终止日须晚于起始日 %s；如果从来没有过这回事，请提交作废申请", from)
	}
	return nil
}

func caseID(ch *history.Change, e *history.Event) string {
	if ch != nil {
		return ch.Case
	}
	return e.Case
}

// Waiting returns the levels that the change goes through and the one, counted
// from 1, that it waits at; 0 if it waits for nobody.
func (r Review) Waiting(f *history.Fold, ch *history.Change) (levels []Level, at int) {
	levels = r.For(codeOf(f, ch))
	switch ch.Last {
	case history.Submitted:
		return levels, 1
	case history.Passed: // a chain made shorter meanwhile ends at its last level
		return levels, min(ch.Level+1, len(levels))
	}
	return levels, 0
}

// codeOf returns the code that the case will have when an opening or amendment
// is approved; blank for an end or a voiding, which are not about the code.
func codeOf(f *history.Fold, ch *history.Change) string {
	switch {
	case ch.Act == history.End || ch.Act == history.Void:
		return ""
	case ch.Coded:
		return ch.Given.Code
	}
	if k := f.Case(ch.Case); k != nil {
		return k.Standing().Code
	}
	return ""
}

// checkReview holds the two-person rule: a reviewer is neither the submitter nor
// an earlier reviewer of the same submission.
func (r Review) checkReview(f *history.Fold, ch *history.Change, e *history.Event) error {
	levels, at := r.Waiting(f, ch)
	last := at == len(levels)
	switch {
	case e.Level != at:
		return fault.Conflictf("level", "这项申请现在等“%s”审核，请刷新后再试", levels[at-1].Title)
	case e.Actor == ch.Submitter:
		return fault.Forbiddenf("", "提交人不能审核自己提交的申请，请由其他老师审核")
	case slices.Contains(ch.Reviewers, e.Actor):
		return fault.Forbiddenf("", "这项申请已由本账号审核过，下一级须由另一位老师审核")
	case e.Step == history.Approved && !last, e.Step == history.Refused && !last:
		return fault.Conflictf("level", "只有最后一级“%s”可以终审，本级请选择通过或退回", levels[len(levels)-1].Title)
	case e.Step == history.Passed && last:
		return fault.Conflictf("level", "本级是最后一级，通过即为终审通过")
	case e.Reason == "" && (e.Step == history.Returned || e.Step == history.Refused):
		return fault.Invalidf("reason", "请写明理由，让本人知道要改什么")
	}
	return nil
}

// checkMark is for marks, which need no review.
func checkMark(f *history.Fold, e *history.Event, by Capacity) error {
	if !slices.Contains(markers[e.Mark], by) {
		if e.Mark == history.Disputed {
			return fault.Forbiddenf("", "异议须由毕业生本人提出")
		}
		return fault.Forbiddenf("", "此项须由老师用自己的账号办理")
	}
	k := f.Case(e.Case)
	switch e.Mark {
	case history.Replied, history.Seen, history.EmployerConfirmed:
		if k != nil && !k.Standing().Voided { // what is under review has documents too
			break
		}
		return effective(k)
	default:
		if err := effective(k); err != nil {
			return err
		}
	}
	switch {
	case e.Mark == history.Upheld && !k.Disputed:
		return fault.Conflictf("case", "这条去向没有异议，不需要维持")
	case e.Mark == history.Restored && !k.Struck:
		return fault.Conflictf("case", "这条去向没有被核减，不需要恢复")
	case e.Mark == history.Disputed && k.Disputed:
		return fault.Conflictf("case", "已经提出过异议，请等就业中心核实")
	case e.Mark == history.Struck && k.Struck:
		return fault.Conflictf("case", "这条去向已经核减")
	case e.Reason == "" && slices.Contains([]history.Mark{history.Disputed, history.Struck, history.Upheld, history.Restored, history.Replied}, e.Mark):
		return fault.Invalidf("reason", "请写明情况或理由")
	case e.Mark == history.Seen && len(e.Evidence) != 1:
		return fault.Invalidf("evidence", "请选择见到的那一份材料")
	}
	return nil
}

// Locked returns the lock, if any, that stands against the event: its act or
// mark would change what was so on a day inside a released snapshot
// (history.md, "Frozen figures"). New cases go free, and so does a change that
// was submitted before and touches no released day that it did not touch then.
// Replies, documents seen and an employer's word move no figure and go free.
func Locked(f *history.Fold, e *history.Event, locks []Lock) (Lock, bool) {
	ch := f.Change(e.Change)
	days, before := touched(f, ch, e)
	for _, l := range locks {
		if slices.ContainsFunc(days, l.Holds) && !slices.ContainsFunc(before, l.Holds) {
			return l, true
		}
	}
	return Lock{}, false
}

// touched returns the days, old and new, that the event is about, and those
// that its change was about when it was submitted before.
func touched(f *history.Fold, ch *history.Change, e *history.Event) (days, before []calendar.Day) {
	act := e.Act
	if ch != nil {
		act = ch.Act
	}
	k := f.Case(caseID(ch, e))
	if k == nil {
		return nil, nil
	}
	s := k.Standing()
	switch e.Mark {
	case history.Disputed, history.Upheld, history.Struck, history.Restored:
		return []calendar.Day{s.TrueOn}, nil
	}
	if e.Step != history.Proposed && e.Step != history.Submitted || act == history.Open {
		return nil, nil
	}
	old := s.TrueOn
	if act == history.End {
		old = s.Ends
	}
	days = []calendar.Day{old, e.TrueOn}
	if ch != nil {
		days = append(days, ch.Given.TrueOn)
		if ch.Submitter != "" {
			before = []calendar.Day{old, ch.Given.TrueOn}
		}
	}
	return days, before
}
