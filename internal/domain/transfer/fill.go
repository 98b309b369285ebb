package transfer

import (
	"cmp"
	"context"
	"errors"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/destination"
	"quxiang/internal/domain/employer"
	"quxiang/internal/domain/exchange"
	"quxiang/internal/domain/history"
	"quxiang/internal/domain/roster"
)

var _ employer.Filler = (*Service)(nil).FillFromMaster

// FillFromMaster is the employer.Filler: it stages a recorded amend for every
// case that copied a blank of one of the employers where the master record now
// has a value. What was emptied on purpose stays empty, and so does what lies
// inside a released snapshot, which is listed.
func (s *Service) FillFromMaster(ctx context.Context, who access.Actor, kind string, f exchange.File, changed []employer.Master) (employer.Filling, error) {
	fl := &filler{pass: pass{Service: s, who: who, within: who.Within(access.ImportReference), book: s.Book(), batch: s.NewID(), locks: map[string][]destination.Lock{}}}
	var employers []employer.Employer
	var levels []employer.HospitalLevel
	for _, m := range changed {
		employers, levels = append(employers, m.Employer), append(levels, m.Levels...)
	}
	fl.masters = destination.NewMasters(fl.book, employers, levels)
	out := employer.Filling{
		Publish: func(context.Context) error { return nil },
		Drop:    func(context.Context) error { return nil },
	}
	err := s.Store.BeginBatch(ctx, roster.Batch{ID: fl.batch, Kind: kind, Source: history.SourceMaster, File: f.Name(),
		FileSHA256: f.SHA256(), Account: who.Account, Started: s.Now()})
	if err != nil {
		return out, err
	}
	drop := func(ctx context.Context) error { return s.Store.DropBatch(context.WithoutCancel(ctx), fl.batch) }
	err = eachPage(ctx, s.Store, fl.within, "", fl.page)
	if err != nil || fl.events == 0 {
		return out, errors.Join(err, drop(ctx))
	}
	out.Batch, out.Differences, out.Drop = fl.batch, fl.report.Differences, drop
	out.Publish = func(ctx context.Context) error {
		_, err := s.Store.PublishBatch(ctx, fl.batch, map[string]int{string(exchange.Changed): fl.events})
		return err
	}
	return out, nil
}

// filler is one filling as it grows.
type filler struct {
	pass
	masters destination.Masters
}

// eachPage calls do for all graduates of a cohort within the scope, a chunk at a time.
func eachPage(ctx context.Context, s destination.Store, within access.Scope, cohort string, do func(context.Context, histories, []string) error) error {
	for after := ""; ; {
		list, err := s.Graduates(ctx, within, cohort, after, chunkSize)
		if err != nil || len(list) == 0 {
			return err
		}
		known := histories{people: make(map[string]roster.Graduate, len(list))}
		ids := make([]string, len(list))
		for i, g := range list {
			ids[i], known.people[g.ID] = g.ID, g
		}
		if known.events, err = s.Histories(ctx, within, ids); err != nil {
			return err
		}
		if err := do(ctx, known, ids); err != nil {
			return err
		}
		after = ids[len(ids)-1]
	}
}

// page fills the cases of one page of graduates.
func (fl *filler) page(ctx context.Context, known histories, ids []string) error {
	var events []history.Event
	for _, id := range ids {
		g := known.people[id]
		f := history.NewFold(destination.NoWork(fl.book))
		for i := range known.events[id] {
			f.Apply(&known.events[id][i])
		}
		n := len(events)
		for _, k := range f.Cases() {
			e, ok, err := fl.amend(ctx, g, k)
			if err != nil {
				return err
			}
			if ok {
				e.Seq = f.LastSeq() + 1 + len(events) - n
				events = append(events, e)
			}
		}
	}
	if len(events) == 0 {
		return nil
	}
	fl.events += len(events)
	return fl.Store.Stage(ctx, fl.batch, nil, events)
}

// amend is what the master records add to a case; false if nothing. None of it
// lies sealed, so that the stored content can be compared as it is.
func (fl *filler) amend(ctx context.Context, g roster.Graduate, k *history.Case) (history.Event, bool, error) {
	s := k.Standing()
	if !s.Opened || s.Voided {
		return history.Event{}, false, nil
	}
	after := s.Content
	fl.masters.Fill(&after, g.Attrs.Value(history.Cohort))
	for i, v := range s.Counts.Values() {
		if name := history.CountedNames[i]; v == history.Emptied || name == "school_tier" { // no employer's
			after.Counts.Put(name, v)
		}
	}
	if after.Counts == s.Counts {
		return history.Event{}, false, nil
	}
	d := exchange.Difference{Kind: exchange.Changed, Who: cmp.Or(g.StudentNo, g.ExamNo), Text: "按单位主数据补全"}
	destination.EachDifference(s.Content, after, func(field, _, now string) {
		d.Field, d.After = joined(d.Field, titles()[field]), joined(d.After, now)
	})
	locks, err := fl.locksOf(ctx, g.Attrs.Value(history.Cohort))
	if err != nil {
		return history.Event{}, false, err
	}
	if l, locked := lockOn(locks, s.TrueOn); locked {
		d.Kind, d.Text = exchange.Untouched, "已发布的“"+l.Snapshot+"”锁定了这一天以前的记录，未补全"
		fl.report.Note(d)
		return history.Event{}, false, nil
	}
	fl.report.Note(d)
	e := history.Event{Graduate: g.ID, Change: fl.NewID(), Step: history.Recorded, Act: history.Amend, Case: k.ID,
		Actor: fl.who.Account, Source: history.SourceMaster, Import: fl.batch}
	e.Counts, e.Fields = delta(s.Content, after)
	return e, true, nil
}

func joined(list, one string) string {
	if list == "" {
		return one
	}
	return list + "、" + one
}
