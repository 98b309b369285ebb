package app

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/destination"
	"quxiang/internal/domain/history"
	"quxiang/internal/store"
)

// Worklists keeps the list of what waits, brought up to date before each look,
// so that what was acknowledged is seen.
type Worklists struct {
	store  *store.Store
	review func() destination.Review
	now    func() calendar.Instant

	building sync.Mutex // held while histories are read into the list
	list     *destination.Worklist
	rules    string // the destination codes and the review chain that the list was made by

	mu    sync.Mutex
	stale []string // graduates with events that the list has not seen
}

// Worklist returns the list, up to date: everything that was committed before
// the call is in it.
func (w *Worklists) Worklist(ctx context.Context) (*destination.Worklist, error) {
	w.building.Lock()
	defer w.building.Unlock()
	ctx = context.WithoutCancel(ctx) // a visitor who leaves does not break off what the next one needs
	review := w.review()
	if w.list == nil || w.rules != rulesOf(review) {
		if err := w.build(ctx, review); err != nil {
			return nil, err
		}
	}
	stale := append(w.forgetStale(), w.list.Turn(calendar.DayOf(w.now()))...)
	slices.Sort(stale)
	for some := range slices.Chunk(slices.Compact(stale), batch) {
		if err := w.read(ctx, w.list, store.HistorySelection{Graduates: some, Brief: true}); err != nil {
			w.list = nil // a half-read list is built anew
			return nil, err
		}
	}
	return w.list, nil
}

func (w *Worklists) build(ctx context.Context, review destination.Review) error {
	return w.renew(review, func(fresh *destination.Worklist) error {
		return w.read(ctx, fresh, store.HistorySelection{Brief: true})
	})
}

// beside has the list built from what somebody reads of everybody anyhow: at the
// start of a server histories are read once, not twice. Put must not keep its events.
func (w *Worklists) beside(read func(put func(string, []history.Event)) error) error {
	w.building.Lock()
	defer w.building.Unlock()
	return w.renew(w.review(), func(fresh *destination.Worklist) error { return read(fresh.Put) })
}

// renew fills a new list and puts it in the old one's place. The caller holds w.building.
func (w *Worklists) renew(review destination.Review, fill func(*destination.Worklist) error) error {
	w.forgetStale() // what is read now has it
	w.list = nil
	fresh := destination.NewWorklist(review, calendar.DayOf(w.now()))
	if err := fill(fresh); err != nil {
		return err
	}
	w.list, w.rules = fresh, rulesOf(review)
	return nil
}

// rulesOf names what the list hangs on besides the histories.
func rulesOf(r destination.Review) string {
	return fmt.Sprint(r.Book.Versions()["destination"], r.Chain)
}

func (w *Worklists) read(ctx context.Context, into *destination.Worklist, sel store.HistorySelection) error {
	return w.store.EachHistory(ctx, sel, func(graduate string, events []history.Event) error {
		into.Put(graduate, events)
		return nil
	})
}

func (w *Worklists) forgetStale() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	stale := w.stale
	w.stale = nil
	return stale
}

// touch notes that the graduates' histories changed.
func (w *Worklists) touch(graduates []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.stale = append(w.stale, graduates...)
}
