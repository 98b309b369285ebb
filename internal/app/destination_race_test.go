package app_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/destination"
	"quxiang/internal/domain/fault"
)

// bothRead is a store whose first two readers of a graduate's documents have both read
// before either goes on.
type bothRead struct {
	destination.Store
	readers atomic.Int32
	both    sync.WaitGroup
}

func (m *bothRead) Documents(ctx context.Context, within access.Scope, graduate string) ([]destination.Document, error) {
	list, err := m.Store.Documents(ctx, within, graduate)
	if m.readers.Add(1) <= 2 {
		m.both.Done()
		m.both.Wait()
	}
	return list, err
}

// atOnce hands both in, each having seen what was there before the other.
func (r *registry) atOnce(a, b destination.Document) (errs [2]error) {
	m := &bothRead{Store: r.store}
	m.both.Add(2)
	other := *r.Service
	other.Store = m
	var wg sync.WaitGroup
	for i, d := range []destination.Document{a, b} {
		wg.Go(func() { errs[i] = other.HandIn(r.ctx, bySelf(d.Graduate), d) })
	}
	wg.Wait()
	return errs
}

// paper is a document of that number.
func paper(graduate string, n int) destination.Document {
	return destination.Document{SHA256: fmt.Sprintf("%064x", n), Graduate: graduate, Kind: "CON", Media: "image/jpeg", Size: 1, At: 1, Account: "x"}
}

// TestTheLastPlaceIsTakenOnce: of two files that are handed in at once for the last place,
// one is refused; the same file twice at once is one, with one entry (X37, X25).
func TestTheLastPlaceIsTakenOnce(t *testing.T) {
	eachRegistry(t, func(t *testing.T, r *registry) {
		_, written := r.withFiles()
		for i, err := range r.atOnce(paper("g2", 1), paper("g2", 1)) {
			if err != nil {
				t.Errorf("the same file, %d: %v", i, err)
			}
		}
		if n := written["destination.document"]; n != 1 {
			t.Errorf("the same file twice at once: %d entries", n)
		}
		r.must(r.store.InTx(r.ctx, func(ctx context.Context) error {
			for n := range destination.MaxDocuments - 1 {
				if err := r.store.SaveDocument(ctx, paper("g1", n)); err != nil {
					return err
				}
			}
			return r.store.Write(ctx, access.Console("x"), "test.papers", "g1", nil)
		}))
		refused := 0
		for _, err := range r.atOnce(paper("g1", 1000), paper("g1", 1001)) {
			if err != nil {
				r.refused("the second one", err, fault.Conflict)
				refused++
			}
		}
		list, err := r.store.Documents(r.ctx, access.School(), "g1")
		r.must(err)
		if refused != 1 || len(list) != destination.MaxDocuments {
			t.Errorf("%d refused, %d documents, of %d that there may be", refused, len(list), destination.MaxDocuments)
		}
	})
}
