package transfer

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"strings"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/destination"
	"quxiang/internal/domain/exchange"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/history"
	"quxiang/internal/domain/ident"
	"quxiang/internal/domain/roster"
)

// Undo takes a published import back by appending the inverse of each of its
// rows, a roster's profiles included; it is itself a batch. Master records of
// employers stay: only what their import wrote into cases goes.
//
// Errors: fault.Forbidden; fault.NotFound; fault.Conflict when the import was
// undone already, when it is itself an undo, or when a later event stands on
// one of its rows: the message names the first of these graduates.
func (s *Service) Undo(ctx context.Context, who access.Actor, batch string) (exchange.Report, error) {
	r, err := s.undoOnce(ctx, who, batch)
	if errors.Is(err, errMoved) { // somebody wrote between reading and publishing
		r, err = s.undoOnce(ctx, who, batch)
	}
	return r, err
}

// errMoved marks a conflict that another try may solve.
var errMoved = errors.New("histories moved on")

// undoing is one undo as it grows.
type undoing struct {
	pass
	of        roster.Batch
	before    map[string]string // sealed former profiles by graduate
	cancelled map[string]bool   // batches that were undone, and those that undid them
	blocked   []string          // numbers of graduates with later events
	locked    string            // a released snapshot in the way
}

func (s *Service) undoOnce(ctx context.Context, who access.Actor, id string) (exchange.Report, error) {
	u := &undoing{pass: pass{Service: s, who: who, batch: s.NewID(), book: s.Book(), locks: map[string][]destination.Lock{}}, cancelled: map[string]bool{}}
	ids, err := u.find(ctx, id)
	if err != nil {
		return u.report, err
	}
	err = s.Store.BeginBatch(ctx, roster.Batch{ID: u.batch, Kind: u.of.Kind, Cohort: u.of.Cohort, Source: history.SourceUndo,
		File: u.of.File, FileSHA256: u.of.FileSHA256, Account: who.Account, Started: s.Now()})
	if err != nil {
		return u.report, err
	}
	for part := range slices.Chunk(ids, chunkSize) {
		if err = u.chunkBack(ctx, part); err != nil {
			break
		}
	}
	if err == nil {
		err = u.standing()
	}
	if err == nil {
		err = u.publishUndo(ctx)
	}
	if err != nil {
		return u.report, errors.Join(err, s.Store.DropBatch(context.WithoutCancel(ctx), u.batch))
	}
	u.report.Batch = u.batch
	return u.report, nil
}

// right is the permission that an import of the kind needs, and so its undo.
func right(kind string) access.Permission {
	switch kind {
	case "roster":
		return access.ImportRoster
	case "destinations", "admissions":
		return access.ImportCases
	}
	return access.ImportReference
}

// find reads the batch and returns the graduates whom it touched.
func (u *undoing) find(ctx context.Context, id string) ([]string, error) {
	list, err := u.Store.BatchList(ctx)
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(list, func(b roster.Batch) bool { return b.ID == id })
	if at < 0 {
		return nil, fault.NotFoundf("batch", "没有编号为“%s”的导入，请用 import list 查看", id)
	}
	u.of = list[at]
	if err := u.who.May(right(u.of.Kind)); err != nil {
		return nil, err
	}
	u.within = u.who.Within(right(u.of.Kind))
	switch {
	case u.of.Undone != 0:
		return nil, fault.Conflictf("batch", "这次导入已经撤销过了")
	case u.of.Source == history.SourceUndo:
		return nil, fault.Conflictf("batch", "这一条本身就是撤销，不能再撤销；需要时请重新导入原文件")
	}
	if u.before, err = u.Store.BatchBefore(ctx, id); err != nil {
		return nil, err
	}
	ids, err := u.Store.BatchGraduates(ctx, id)
	if err != nil {
		return nil, err
	}
	ids = slices.AppendSeq(ids, maps.Keys(u.before))
	slices.Sort(ids)
	return slices.Compact(ids), u.followers(ctx, list)
}

// followers notes which batches cancel each other out, and whose profile a
// later import or correction replaced: profiles leave no event.
func (u *undoing) followers(ctx context.Context, list []roster.Batch) error {
	for _, b := range list {
		if b.Undone != 0 {
			u.cancelled[b.ID], u.cancelled[b.UndoneBy] = true, true
		}
	}
	for _, b := range list {
		if b.Published < u.of.Published || b.ID == u.of.ID || b.Kind != "roster" || u.cancelled[b.ID] || len(u.before) == 0 {
			continue
		}
		later, err := u.Store.BatchBefore(ctx, b.ID)
		if err != nil {
			return err
		}
		for id := range later {
			if _, ok := u.before[id]; ok {
				u.blocked = append(u.blocked, id)
			}
		}
	}
	corrected, err := u.Store.CorrectedSince(ctx, u.of.Published)
	if err != nil {
		return err
	}
	for _, id := range corrected {
		if _, ok := u.before[id]; ok {
			u.blocked = append(u.blocked, id)
		}
	}
	slices.Sort(u.blocked)
	u.blocked = slices.Compact(u.blocked)
	return nil
}

// chunkBack stages the inverse for some graduates.
func (u *undoing) chunkBack(ctx context.Context, ids []string) error {
	known, err := readHistories(ctx, u.Store, u.within, ids)
	if err != nil {
		return err
	}
	var people []roster.StagedGraduate
	var events []history.Event
	for _, id := range ids {
		back, former, err := u.oneBack(ctx, known.people[id], known.events[id])
		if err != nil {
			return err
		}
		events, people = append(events, back...), append(people, former...)
	}
	for i := range events {
		if err := events[i].Seal(u.Vault); err != nil {
			return err
		}
	}
	u.events += len(events)
	return u.Store.Stage(ctx, u.batch, people, events)
}

// oneBack returns the inverse for one graduate, with the former profile if the
// batch replaced it; nothing for who stands in the way, who is noted.
func (u *undoing) oneBack(ctx context.Context, g roster.Graduate, list []history.Event) (back []history.Event, former []roster.StagedGraduate, err error) {
	num := cmp.Or(g.StudentNo, g.ExamNo)
	if i := slices.Index(u.blocked, g.ID); i >= 0 {
		u.blocked[i] = num // a later import replaced the profile
		return nil, nil, nil
	}
	for i := range list {
		if err := list[i].Unseal(u.Vault); err != nil {
			return nil, nil, err
		}
	}
	back, free := u.inverse(list)
	if !free {
		u.blocked = append(u.blocked, num)
		return nil, nil, nil
	}
	f, err := u.after(ctx, g, list, back)
	if err != nil {
		return nil, nil, err
	}
	if sealed := u.before[g.ID]; sealed != "" {
		s, err := u.profileBack(g, f, sealed)
		if err != nil {
			return nil, nil, err
		}
		former = append(former, s)
	}
	u.report.Note(exchange.Difference{Kind: exchange.Changed, Who: num, Text: "恢复到导入以前"})
	return back, former, nil
}

// inverse returns the events that take back those of the batch, newest first;
// false if a later event stands on one of them.
func (u *undoing) inverse(list []history.Event) ([]history.Event, bool) {
	var back []history.Event
	for i := len(list) - 1; i >= 0; i-- {
		e := &list[i]
		if e.Import != u.of.ID {
			continue
		}
		before := history.NewFold(destination.NoWork(u.book))
		for j := range list[:i] {
			before.Apply(&list[j])
		}
		for j := range list[i+1:] {
			if l := &list[i+1+j]; l.Import != u.of.ID && standsOn(l, e, before) && (l.Act == history.Void || !u.cancelled[l.Import]) {
				return nil, false
			}
		}
		for _, b := range inverseOf(e, before, u.NewID) {
			b.Graduate, b.Seq, b.Actor, b.Import = e.Graduate, list[len(list)-1].Seq+1+len(back), u.who.Account, u.batch
			back = append(back, b)
		}
	}
	return back, true
}

// standsOn reports that the later event builds on e: everything does on an
// enrolment, what sets the same attribute on a person event, what is about the
// same case on a step.
func standsOn(later, e *history.Event, before *history.Fold) bool {
	switch {
	case len(e.Set) > 0 && !before.Enrolled():
		return true
	case len(e.Set) > 0:
		return slices.ContainsFunc(e.Set, func(s history.Setting) bool { _, ok := later.Set.Value(s.Key); return ok })
	}
	return later.Case == e.Case
}

// inverseOf are the events that take e back, given the state before it. The mark
// of a document stays true and has none. A void is final: its inverse opens the
// case anew.
func inverseOf(e *history.Event, before *history.Fold, newID ident.Source) []history.Event {
	if len(e.Set) > 0 {
		return []history.Event{personBack(e, before)}
	}
	if e.Mark != "" {
		return nil
	}
	if e.Step == history.Proposed {
		return []history.Event{{Change: e.Change, Act: e.Act, Case: e.Case, Step: history.Withdrawn, Source: history.SourceUndo}}
	}
	b := history.Event{Change: newID(), Step: history.Recorded, Case: e.Case, Source: history.SourceUndo}
	if e.Act == history.Open {
		b.Act = history.Void
		return []history.Event{b}
	}
	s := before.Case(e.Case).Standing()
	if e.Act == history.Void {
		return reopened(s, b, newID)
	}
	after := s.Content
	after.Counts, after.Fields = merged(s.Content, e.Counts, e.Fields)
	b.Act = history.Amend
	b.Counts, b.Fields = delta(after, s.Content)
	if e.TrueOn != "" {
		b.TrueOn = s.TrueOn
	}
	if e.Code != "" {
		b.Scheme, b.Code = s.Scheme, s.Code
	}
	return []history.Event{b}
}

// reopened opens a case that was voided once more, and ends it where it had ended.
func reopened(s history.Standing, b history.Event, newID ident.Source) []history.Event {
	b.Act, b.Case, b.TrueOn, b.Scheme, b.Code = history.Open, newID(), s.TrueOn, s.Scheme, s.Code
	b.Counts, b.Fields = s.Counts.Plain(), s.Fields.Plain()
	if s.Ends == "" {
		return []history.Event{b}
	}
	return []history.Event{b, {Change: newID(), Step: history.Recorded, Act: history.End, Case: b.Case, TrueOn: s.Ends, Source: history.SourceUndo}}
}

// personBack sets the former values as of the same day; of an enrolment it says left.
func personBack(e *history.Event, before *history.Fold) history.Event {
	b := history.Event{TrueOn: e.TrueOn, Source: history.SourceUndo}
	if !before.Enrolled() {
		b.Set = history.Settings{{Key: history.Left, Value: history.True}}
		return b
	}
	var former history.Attributes
	for _, p := range before.People() {
		if p.From <= e.TrueOn {
			former = p.Attrs
		}
	}
	for _, s := range e.Set {
		b.Set = append(b.Set, history.Setting{Key: s.Key, Value: former.Value(s.Key)})
	}
	return b
}

// after folds the history as the undo leaves it, and notes a released snapshot in the way.
func (u *undoing) after(ctx context.Context, g roster.Graduate, list, back []history.Event) (*history.Fold, error) {
	f := history.NewFold(destination.NoWork(u.book))
	for i := range list {
		f.Apply(&list[i])
	}
	locks, err := u.locksOf(ctx, g.Attrs.Value(history.Cohort))
	for i := range back {
		for _, day := range daysOf(f, &back[i]) {
			if l, ok := lockOn(locks, day); ok {
				u.locked = l.Snapshot
			}
		}
		f.Apply(&back[i])
	}
	return f, err
}

// profileBack is the graduate with the former profile, sealed.
func (u *undoing) profileBack(g roster.Graduate, f *history.Fold, sealed string) (roster.StagedGraduate, error) {
	out := roster.StagedGraduate{Graduate: g, ExpectSeq: g.Seq}
	former, err := roster.OpenFormer(u.Vault, g.ID, sealed)
	if err != nil {
		return out, err
	}
	if err := out.Unseal(u.Vault); err != nil {
		return out, err
	}
	if out.Before, err = out.Former().Seal(u.Vault, g.ID); err != nil {
		return out, err
	}
	former.Restore(&out.Graduate)
	pieces := f.People()
	out.Attrs, out.Seq = pieces[len(pieces)-1].Attrs, f.LastSeq()
	out.Attrs[slices.Index(history.Keys, history.Difficulty)] = "" // lies sealed only
	return out, out.Graduate.Seal(u.Vault)
}

// daysOf are the days, old and new, of a case that an undoing event moves.
func daysOf(f *history.Fold, e *history.Event) []calendar.Day {
	if e.Step != history.Recorded || e.Act == history.Open || e.Act == history.End {
		return nil
	}
	out := []calendar.Day{f.Case(e.Case).Standing().TrueOn}
	if e.TrueOn != "" {
		out = append(out, e.TrueOn)
	}
	return out
}

// standing says what keeps the undo from being made.
func (u *undoing) standing() error {
	if n := len(u.blocked); n > 0 {
		return fault.Conflictf("batch", "这次导入之后，%d 名毕业生又有了新的记录，不能整批撤销：%s%s。请先处理这些记录，或逐人更正",
			n, strings.Join(u.blocked[:min(n, 10)], "、"), map[bool]string{true: " 等"}[n > 10])
	}
	if u.locked != "" {
		return fault.Conflictf("batch", "已发布的“%s”锁定了其中的记录，须校级解锁后再撤销", u.locked)
	}
	return nil
}

func (u *undoing) publishUndo(ctx context.Context) error {
	counts := map[string]int{string(exchange.Changed): u.report.Counts[exchange.Changed]}
	return u.Store.InTx(ctx, func(ctx context.Context) error {
		if _, err := u.Store.PublishBatch(ctx, u.batch, counts); err != nil {
			if fault.KindOf(err) == fault.Conflict {
				err = errors.Join(err, errMoved)
			}
			return err
		}
		if err := u.Store.MarkUndone(ctx, u.of.ID, u.batch); err != nil {
			return err
		}
		return u.Audit.Write(ctx, u.who, "import.undo", u.of.ID, map[string]string{"kind": u.of.Kind, "batch": u.batch, "events": number(u.events)})
	})
}
