package store

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Limits of one group of transaction functions that share a COMMIT.
const (
	groupTime = 25 * time.Millisecond
	groupSize = 256
)

var errClosed = errors.New("store: closed")

// writer is SQLite's only writing connection. Transaction functions take turns
// on it, each in a savepoint; those that were waiting share one COMMIT, since it
// is the flush to the disk that costs time.
type writer struct {
	db    runner
	queue chan *turn
	quit  chan struct{} // closed: no new turns
	ended chan struct{} // closed: the loop has ended
	next  *turn         // taken from the queue for the next group
	flow  flow
}

// turn is one waiting transaction function. The function runs on the goroutine
// of its caller, so that a panic or a test's FailNow ends that one alone.
type turn struct {
	alone bool
	gone  <-chan struct{} // the caller waits no longer
	start chan *tx        // handed over to a caller who still waits
	end   chan outcome    // the function is over
	done  chan error      // the group is committed
}

// outcome of a function: kept is false when its savepoint was rolled back;
// broken means that not even that went well, and the group is lost.
type outcome struct {
	kept   bool
	broken error
}

func newWriter(db runner) *writer {
	w := &writer{db: db, queue: make(chan *turn, groupSize), quit: make(chan struct{}), ended: make(chan struct{})}
	go w.loop()
	return w
}

// run waits for a turn, takes it, and waits for the COMMIT.
func (w *writer) run(ctx context.Context, alone bool, do func(context.Context, *tx) error) error {
	n := &turn{alone: alone, gone: ctx.Done(), start: make(chan *tx), end: make(chan outcome, 1), done: make(chan error, 1)}
	select {
	case w.queue <- n:
	case <-ctx.Done():
		return ctx.Err()
	case <-w.quit:
		return errClosed
	}
	select {
	case t := <-n.start:
		err := w.take(ctx, t, n, do)
		// A function that failed is answered after the COMMIT as well: whoever tries
		// again must see what it failed on.
		if saved := <-n.done; err == nil {
			err = saved
		}
		return err
	case err := <-n.done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	case <-w.ended:
		return errClosed
	}
}

// take runs the function in its savepoint and gives the turn back, whatever
// happens.
func (w *writer) take(ctx context.Context, t *tx, n *turn, do func(context.Context, *tx) error) (err error) {
	kept := false
	defer func() { n.end <- w.leave(kept) }()
	if _, err := w.db.ExecContext(context.Background(), `savepoint f`); err != nil {
		return err
	}
	if err := do(ctx, t); err != nil {
		return err
	}
	kept = true
	return nil
}

// leave closes the savepoint. When SQLite rolled back the whole transaction by
// itself (disk full), there is none to close.
func (w *writer) leave(keep bool) outcome {
	if !keep {
		if _, err := w.db.ExecContext(context.Background(), `rollback to f`); err != nil {
			return outcome{broken: err}
		}
	}
	if _, err := w.db.ExecContext(context.Background(), `release f`); err != nil {
		return outcome{broken: err}
	}
	return outcome{kept: keep}
}

func (w *writer) loop() {
	defer close(w.ended)
	for {
		if w.next == nil {
			select {
			case w.next = <-w.queue:
			case <-w.quit:
				return
			}
		}
		w.group()
	}
}

// group runs turns until the queue is empty or a limit is reached, commits, and
// answers.
func (w *writer) group() {
	first := w.next
	w.next = nil
	if _, err := w.db.ExecContext(context.Background(), `begin immediate`); err != nil {
		first.done <- err
		return
	}
	var taken []*turn
	var kept bool
	var broken error
	until := time.Now().Add(groupTime)
	for n, size := first, 1; n != nil && broken == nil; size++ {
		t := newTx(w.db)
		t.shared = true
		select {
		case n.start <- t:
			o := <-n.end
			taken, kept, broken = append(taken, n), kept || o.kept, o.broken
		case <-n.gone:
		}
		// Of a group that is lost nobody else's work may become a part.
		if n = nil; broken == nil && !first.alone && size < groupSize && time.Now().Before(until) {
			n = w.more()
		}
	}
	began := time.Now()
	err := w.commit(kept, broken)
	w.flow.committed(len(taken), time.Since(began))
	for _, n := range taken {
		n.done <- err
	}
}

// more takes the next waiting turn into the group; one that must run alone waits
// for the next group.
func (w *writer) more() *turn {
	select {
	case n := <-w.queue:
		if n.alone {
			w.next = n
			return nil
		}
		return n
	default:
		return nil
	}
}

func (w *writer) commit(any bool, broken error) error {
	ctx := context.Background()
	if broken == nil && any {
		_, err := w.db.ExecContext(ctx, `commit`)
		if err == nil {
			return nil
		}
		broken = err
	}
	// Nothing to keep, or nothing that can be kept. After an error SQLite may
	// have ended the transaction already.
	if _, err := w.db.ExecContext(ctx, `rollback`); err != nil && broken == nil {
		broken = err
	}
	if broken != nil {
		return fmt.Errorf("store: not saved: %w", broken)
	}
	return nil
}

// end lets the group under way end and takes no more turns.
func (w *writer) end() {
	close(w.quit)
	<-w.ended
}
