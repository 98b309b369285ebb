package report

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/external"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/indicator"
	"quxiang/internal/domain/release"
)

// Standing says what a cohort of a draft is counted from.
type Standing struct {
	Cohort   string
	Snapshot string // blank: what is registered today
	Released bool
	Cut      calendar.Cut
}

// grounds are the figures of a draft: those of its own cohort and of the ones before.
type grounds struct {
	own    release.Snapshot
	source opened
	list   []Standing // the draft's own cohort first
	mark   string     // the same as long as the figures are
	ledger external.Ledger
}

// workroom keeps what drafts were counted from lately, so that a page that is looked at
// again and again is not counted anew. Its zero value is ready.
type workroom struct {
	mu       sync.Mutex
	figures  []heldFigures // the last used at the end
	previews []heldPreview // as well
}

type heldFigures struct {
	key string
	*release.Opened
}

type heldPreview struct {
	key    string
	at     calendar.Instant
	source opened // keeps what the key names from being somebody else's place in memory
	Preview
}

// How much a workroom keeps: three drafts of three cohorts and another stage, and a few
// texts of each, which are composed anew after a minute: somebody may have renamed a college.
const (
	figuresHeld  = 12
	previewsHeld = 8
	previewAge   = calendar.Instant(60_000)
)

// recent takes what lies under the key to the end of the list.
func recent[T any](list []T, is func(T) bool) ([]T, *T) {
	i := slices.IndexFunc(list, is)
	if i < 0 {
		return list, nil
	}
	x := list[i]
	list = append(slices.Delete(list, i, i+1), x)
	return list, &list[len(list)-1]
}

// figuresOf returns what is held under a key; nil: nothing is.
func (w *workroom) figuresOf(key string) *release.Opened {
	w.mu.Lock()
	defer w.mu.Unlock()
	var x *heldFigures
	if w.figures, x = recent(w.figures, func(h heldFigures) bool { return h.key == key }); x == nil {
		return nil
	}
	return x.Opened
}

func (w *workroom) holdFigures(key string, o *release.Opened) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.figures = slices.DeleteFunc(w.figures, func(h heldFigures) bool { return h.key == key })
	w.figures = append(w.figures, heldFigures{key, o})
	w.figures = slices.Clone(w.figures[max(0, len(w.figures)-figuresHeld):])
}

func (w *workroom) preview(key string, now calendar.Instant) (Preview, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.previews = slices.DeleteFunc(w.previews, func(h heldPreview) bool { return now-h.at > previewAge })
	var x *heldPreview
	if w.previews, x = recent(w.previews, func(h heldPreview) bool { return h.key == key }); x == nil {
		return Preview{}, false
	}
	return x.Preview, true
}

func (w *workroom) holdPreview(p heldPreview) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.previews = append(w.previews, p)
	w.previews = slices.Clone(w.previews[max(0, len(w.previews)-previewsHeld):])
}

// grounds opens the figures of a draft's cohorts: its snapshot, or one of the same cut that is
// there, the released one rather than another, or what is registered today. Nothing is frozen.
// Error: fault.Invalid for a cohort without people.
func (s *Service) grounds(ctx context.Context, who access.Actor, cohort string, g Ground) (grounds, error) {
	all, err := s.Releases.List(ctx, who)
	if err != nil {
		return grounds{}, err
	}
	out := grounds{source: opened{}}
	if out.ledger, err = s.External(ctx); err != nil {
		return out, err
	}
	var mark strings.Builder
	fmt.Fprintf(&mark, "%d;", len(out.ledger))
	definition := ""
	for n := range years {
		c := earlier(cohort, n)
		snap, err := standing(all, c, g, n, definition)
		if err != nil {
			return out, err
		}
		held, err := s.open(ctx, who, snap)
		if err != nil {
			return out, err
		}
		if held.Snapshot.People == 0 && n == 0 {
			return out, fault.Invalidf("cohort", "%s 届在 %s 没有纳入统计的毕业生，报告没有数字可写；请换一个截止日", cohort, g.LastDay())
		}
		if held.Snapshot.People == 0 {
			continue
		}
		out.source[c] = held
		at := Standing{Cohort: c, Released: held.Snapshot.Release != nil, Cut: held.Snapshot.Cut}
		if snap.SHA256 != "" {
			at.Snapshot = snap.Name
		}
		if n == 0 {
			out.own, definition = held.Snapshot, held.Snapshot.Definition
		}
		out.list = append(out.list, at)
		fmt.Fprintf(&mark, "%s %s %p;", c, snap.Name, held)
	}
	if x := twin(all, out.own); x != nil {
		held, err := s.open(ctx, who, *x)
		if err != nil {
			return out, err
		}
		out.source[twinOf(cohort)] = held
		fmt.Fprintf(&mark, "%s %p;", x.Name, held)
	}
	out.mark = mark.String()
	return out, nil
}

// standing finds the snapshot of a cohort n before the draft's; where there is none it is
// one that was never frozen, without SHA256.
func standing(all []release.Snapshot, cohort string, g Ground, n int, definition string) (release.Snapshot, error) {
	at := yearsBefore(g.AsOf, n)
	if definition == "" {
		d, err := indicator.DefaultFor("destination", []string{cohort})
		if err != nil {
			return release.Snapshot{}, err
		}
		definition = d.ID
	}
	var best *release.Snapshot
	for i := range all {
		x := &all[i]
		switch {
		case n == 0 && g.Snapshot != "" && x.Name == g.Snapshot:
			return *x, nil
		case n == 0 && g.Snapshot != "", x.Cohort != cohort, x.Cut.True != at, x.Definition != definition:
		case best == nil, best.Release == nil || x.Release != nil:
			best = x
		}
	}
	if best != nil {
		return *best, nil
	}
	d, err := indicator.DefinitionByID(definition)
	return release.Snapshot{Name: unfrozen + cohort, Cohort: cohort, Cut: calendar.Cut{True: at}, Definition: d.ID, Version: d.Version}, err
}

// unfrozen begins the name of figures that no snapshot holds.
const unfrozen = "unfrozen-"

// open holds a snapshot, or what is registered today, and keeps it for the next time.
func (s *Service) open(ctx context.Context, who access.Actor, snap release.Snapshot) (*release.Opened, error) {
	key := fmt.Sprintf("%s %s %d %s %t", snap.Name, snap.SHA256, snap.Cut.True, snap.Definition, snap.Release != nil)
	held := s.work.figuresOf(key)
	if snap.SHA256 != "" {
		if held != nil {
			return held, nil
		}
		held, err := s.Releases.Open(ctx, who, snap.Name)
		if err == nil {
			s.work.holdFigures(key, held)
		}
		return held, err
	}
	now, err := s.Releases.OpenToday(ctx, who, snap)
	if err != nil || held != nil && held.Same(now) {
		return held, err
	}
	s.work.holdFigures(key, now)
	return now, nil
}

// yearsBefore is the same day of an earlier year.
func yearsBefore(at calendar.Instant, n int) calendar.Instant {
	return calendar.At(at.Time().AddDate(-n, 0, 0))
}
