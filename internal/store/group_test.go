package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"sync"
	"testing"
	"time"
)

// breaking is a connection on which one statement fails.
type breaking struct {
	statement string
	mu        sync.Mutex
	ran       []string
}

var errBroken = errors.New("disk full")

func (b *breaking) ExecContext(_ context.Context, query string, _ ...any) (sql.Result, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.ran = append(b.ran, query)
	if query == b.statement {
		return nil, errBroken
	}
	return driver.RowsAffected(0), nil
}

func (b *breaking) QueryContext(context.Context, string, ...any) (*sql.Rows, error) {
	return nil, errors.New("not asked here")
}

// TestBrokenGroupLosesNobody: when even rolling back fails, whoever waits behind
// gets a turn in the next group.
func TestBrokenGroupLosesNobody(t *testing.T) {
	own := errors.New("own")
	db := &breaking{statement: `rollback to f`}
	w := newWriter(db)
	defer w.end()
	ctx, giveUp := context.WithTimeout(context.Background(), 10*time.Second)
	defer giveUp()
	const waiting = 3
	answers := make(chan error, waiting)
	err := w.run(ctx, false, func(context.Context, *tx) error {
		for range waiting {
			go func() { answers <- w.run(ctx, false, func(context.Context, *tx) error { return nil }) }()
		}
		for len(w.queue) < waiting && ctx.Err() == nil {
			time.Sleep(time.Millisecond)
		}
		return own
	})
	if !errors.Is(err, own) {
		t.Errorf("whoever failed is told %v, want the own error", err)
	}
	for range waiting {
		if err := <-answers; err != nil {
			t.Errorf("somebody behind a broken group is told %v", err)
		}
	}
}

// TestBrokenGroupIsSaidToBeLost: whoever shares a group that cannot be kept is
// told that nothing was saved.
func TestBrokenGroupIsSaidToBeLost(t *testing.T) {
	for _, statement := range []string{`commit`, `release f`} {
		w := newWriter(&breaking{statement: statement})
		err := w.run(context.Background(), false, func(context.Context, *tx) error { return nil })
		if !errors.Is(err, errBroken) {
			t.Errorf("%s fails: got %v", statement, err)
		}
		w.end()
	}
}
