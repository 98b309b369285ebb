package store

import (
	"context"
	"errors"
	"maps"
	"slices"

	"quxiang/internal/domain/audit"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/history"
	"quxiang/internal/domain/ident"
)

// tx is one transaction function under way.
type tx struct {
	db     runner
	shared bool // a cancelled context must not reach the connection: others' work hangs on it

	failed  error // the first statement or nested function that failed; nothing of it may stay
	over    bool
	audit   string       // id of its audit entry
	entry   *audit.Entry // nil until written
	owes    string       // what was written that needs an audit entry
	events  []written
	papers  []written
	acts    []written                  // on snapshots
	prints  []written                  // imprints of rows that may change
	marked  map[string]map[string]bool // whose imprint is due: subjects by kind
	altered []altered                  // found so before they were written
	changed map[string]bool            // graduates whose histories changed
	units   bool                       // some may have been added
	frozen  bool                       // FreezeTx is kept out, or is this one
}

// written is the digest of one row, with its place in the entry's Items.
type written struct {
	graduate string // of an imprint: its kind
	seq      int
	kind     actKind
	key      string // of a document: hash and kind; of an act: the row's; of an imprint: its subject
	digest   [32]byte
}

type txKey struct{ s *Store }

func (s *Store) txOf(ctx context.Context) *tx {
	t, _ := ctx.Value(txKey{s}).(*tx)
	return t
}

// InTx runs do in one transaction: all of what it wrote stays, or nothing. It
// answers when that is durable. Reads with do's context see its own writes; a
// nested call joins, and its failure fails the whole. A panic of do rolls back.
//
// A transaction that wrote events, documents or records leaves exactly one audit
// entry; without one it fails.
func (s *Store) InTx(ctx context.Context, do func(context.Context) error) error {
	return s.transact(ctx, false, do)
}

// FreezeTx runs do alone: every writer that began has ended and OnCommit was told
// of it, none begins before it is over.
func (s *Store) FreezeTx(ctx context.Context, do func(context.Context) error) error {
	if s.txOf(ctx) != nil {
		return errors.New("store: FreezeTx inside a transaction")
	}
	return s.transact(ctx, true, do)
}

func (s *Store) transact(ctx context.Context, alone bool, do func(context.Context) error) error {
	if t := s.txOf(ctx); t != nil {
		return t.spoil(do(ctx))
	}
	if alone {
		s.running.Lock()
		defer s.running.Unlock()
	} else {
		s.running.RLock()
		defer s.running.RUnlock()
	}
	var done *tx
	err := s.engine.run(ctx, alone, func(ctx context.Context, t *tx) error {
		done = t
		defer func() { t.over = true }()
		ctx = context.WithValue(ctx, txKey{s}, t)
		if err := do(ctx); err != nil {
			return err
		}
		if t.failed != nil {
			return t.failed
		}
		return s.finish(ctx, t)
	})
	if err != nil {
		err = outage(err)
		if done != nil && fault.KindOf(err) == fault.Unavailable {
			s.tell(done) // a connection that broke over the answer to its commit may have kept it
		}
		return err
	}
	if done.entry != nil {
		s.entered(done.entry.Action)
	}
	s.tell(done)
	return nil
}

// tell has those who keep what they read look again.
func (s *Store) tell(t *tx) {
	if t.units {
		s.units.drop()
	}
	s.notify(slices.Sorted(maps.Keys(t.changed)))
}

// finish writes the audit entry with all that the transaction has to answer for.
func (s *Store) finish(ctx context.Context, t *tx) error {
	if t.entry == nil {
		if t.owes != "" {
			return errors.New("store: " + t.owes + " written without an audit entry")
		}
		return nil
	}
	if err := s.press(ctx, t); err != nil {
		return err
	}
	t.entry.Items = items(t.events, t.papers, t.acts, t.prints)
	if err := s.engine.chain(ctx, t, t.entry); err != nil {
		return err
	}
	return t.insertAudit(ctx, t.entry)
}

// inTx returns the transaction that the context carries; methods that only make
// sense together with others ask for it.
func (s *Store) inTx(ctx context.Context, what string) (*tx, error) {
	if t := s.txOf(ctx); t != nil {
		return t, nil
	}
	return nil, errors.New("store: " + what + " outside a transaction")
}

// Await lets one transaction on at a time, of those that name the same, until it is
// over: what it reads from here on no other of them changes. It waits inside a
// transaction only.
func (s *Store) Await(ctx context.Context, what string) error {
	t, err := s.inTx(ctx, "waiting for "+what)
	if err != nil {
		return err
	}
	return s.engine.await(ctx, t, what)
}

// audited runs write in the context's transaction, or in one that will fail for
// want of an audit entry, and notes that an entry is due.
func (s *Store) audited(ctx context.Context, what string, write func(context.Context, *tx) error) error {
	return s.InTx(ctx, func(ctx context.Context) error {
		t := s.txOf(ctx)
		t.owes = what
		return write(ctx, t)
	})
}

func newTx(db runner) *tx { return &tx{db: db, audit: ident.New()} }

// usable says why no further statement may run.
func (t *tx) usable(ctx context.Context) error {
	if t.over {
		return errors.New("store: the transaction of this context is over")
	}
	if t.failed != nil {
		return t.failed
	}
	return ctx.Err()
}

// shield returns the context for a statement. On SQLite an interrupt would roll
// back the work of a whole group.
func (t *tx) shield(ctx context.Context) context.Context {
	if t.shared {
		return context.WithoutCancel(ctx)
	}
	return ctx
}

// spoil notes a failure, so that nothing of the transaction can stay.
func (t *tx) spoil(err error) error {
	if err != nil && t.failed == nil {
		t.failed = err
	}
	return err
}

func (t *tx) exec(ctx context.Context, query string, args ...any) (int64, error) {
	if err := t.usable(ctx); err != nil {
		return 0, err
	}
	query, args = bind(query, args, false)
	r, err := t.db.ExecContext(t.shield(ctx), query, args...)
	if err != nil {
		return 0, t.spoil(err)
	}
	n, err := r.RowsAffected()
	return n, t.spoil(err)
}

// wrote notes an event for the audit entry and its graduate for OnCommit.
func (t *tx) wrote(e *history.Event, digest [32]byte) {
	t.events = append(t.events, written{graduate: e.Graduate, seq: e.Seq, digest: digest})
	t.touch(e.Graduate)
}

func (t *tx) touch(graduate string) {
	if t.changed == nil {
		t.changed = map[string]bool{}
	}
	t.changed[graduate] = true
}
