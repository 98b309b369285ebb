// Package store keeps the school's data in SQLite or PostgreSQL, with one SQL
// text for both engines.
//
// What a transaction function wrote is there when InTx has answered, even after
// a power cut, and it is there together with its audit entry or not at all.
package store

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/audit"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/destination"
	"quxiang/internal/domain/employer"
	"quxiang/internal/domain/release"
	"quxiang/internal/domain/roster"
)

// One type implements what every concept needs kept.
var (
	_ access.Accounts   = (*Store)(nil)
	_ audit.Log         = (*Store)(nil)
	_ codes.Store       = (*Store)(nil)
	_ roster.Store      = (*Store)(nil)
	_ employer.Store    = (*Store)(nil)
	_ destination.Store = (*Store)(nil)
	_ release.Store     = (*Store)(nil)
)

// Config says where the data lies. Exactly one of SQLite and URL is given.
type Config struct {
	SQLite      string                  // path of the file; made if it is not there
	URL         string                  // postgres://…
	Driver      string                  // what database/sql calls SQLite's driver; blank: sqlite. Tests have one that fails
	Clock       func() calendar.Instant // nil: the machine's
	Log         *slog.Logger            // nil: slog.Default
	AutoMigrate bool                    // bring an older schema up to date
}

// Store is an open database. It is safe for concurrent use.
type Store struct {
	engine engine
	clock  func() calendar.Instant
	log    *slog.Logger

	// FirstEnvelope returns the envelope that an event of a graduate was written with,
	// out of the one that it has after rotations of the key; nil: there were none. Set
	// it before the store is used.
	FirstEnvelope func(graduate, sealed string) (string, error)

	// running is shared by transactions until OnCommit was told of them, and taken
	// alone by FreezeTx: who freezes finds the warm arrays told of all that is there.
	running sync.RWMutex

	units unitList // as they were last read

	flow         flow
	answersSwept atomic.Int64 // when old answers to forms were last forgotten, in ms

	hooks   sync.Mutex // held while OnCommit functions run
	onWrite []func(graduates []string)
}

// engine is what differs between the two databases.
type engine interface {
	// run gives do a transaction and returns when it is durable, or when it left
	// nothing behind. Alone means that no other writer runs meanwhile.
	run(ctx context.Context, alone bool, do func(context.Context, *tx) error) error
	// reader is where queries outside a transaction go.
	reader() runner
	// share keeps FreezeTx out until the transaction is over.
	share(ctx context.Context, t *tx) error
	// await lets one transaction on at a time, of those that name the same, until it is over.
	await(ctx context.Context, t *tx, what string) error
	// chain places a new entry behind the newest one, or leaves it to the sealer.
	chain(ctx context.Context, t *tx, e *audit.Entry) error
	// load inserts many rows inside the transaction, in the order given.
	load(ctx context.Context, t *tx, into table, rows bulk) error
	// guards is the query for the names of all triggers.
	guards() string
	// settle chains the audit entries that still wait.
	settle(ctx context.Context) error
	// snapshot runs do with a runner whose queries all see one state.
	snapshot(ctx context.Context, do func(runner) error) error
	hold(ctx context.Context, s *Store) (release func(), err error)
	close() error
	// counted is what commits were counted.
	counted() *flow
}

// Open opens the database; a new one gets its schema.
//
// Errors: fault.Conflict when the schema is older than this program (and
// AutoMigrate is not set) or too new for it.
func Open(ctx context.Context, c Config) (*Store, error) {
	s := &Store{clock: c.Clock, log: c.Log}
	if s.clock == nil {
		s.clock = func() calendar.Instant { return calendar.At(time.Now()) }
	}
	if s.log == nil {
		s.log = slog.Default()
	}
	var err error
	switch {
	case c.SQLite != "" && c.URL == "":
		s.engine, err = openSQLite(ctx, c.SQLite, cmp.Or(c.Driver, "sqlite"), c.AutoMigrate)
	case c.URL != "" && c.SQLite == "":
		s.engine, err = openPostgres(ctx, c.URL, c.AutoMigrate, s.log)
	default:
		err = errors.New("store: one of SQLite and URL must be given")
	}
	if err != nil {
		return nil, err
	}
	if err := errors.Join(s.firstImprints(ctx), s.dropLeftovers(ctx, time.Now().Add(-24*time.Hour))); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// Migrate brings the schema up to date.
func Migrate(ctx context.Context, c Config) error {
	c.AutoMigrate = true
	s, err := Open(ctx, c)
	if err != nil {
		return err
	}
	return s.Close()
}

// Close ends the writer, chains what waits in the audit trail and closes the
// connections. Transactions under way end first.
func (s *Store) Close() error {
	return s.engine.close()
}

// OnCommit has do called after each commit of this process that changed
// histories, with the graduates concerned, by id. Calls are made one at a time and
// before InTx answers, so that whoever wrote sees the arrays that do keeps up to
// date; do may read from the store and must not write to it.
func (s *Store) OnCommit(do func(graduates []string)) {
	s.hooks.Lock()
	defer s.hooks.Unlock()
	s.onWrite = append(s.onWrite, do)
}

func (s *Store) notify(graduates []string) {
	if len(graduates) == 0 {
		return
	}
	s.hooks.Lock()
	defer s.hooks.Unlock()
	for _, do := range s.onWrite {
		do(graduates)
	}
}

// HoldServer makes this process the one server of the database until release,
// and clears what an earlier one's unfinished imports left, and logins that are
// long over. On SQLite the lock is
// that of the data folder, which the caller holds.
//
// Error: fault.Conflict naming the process that serves already.
func (s *Store) HoldServer(ctx context.Context) (release func(), err error) {
	release, err = s.engine.hold(ctx, s)
	if err != nil {
		return nil, err
	}
	if err := errors.Join(s.dropLeftovers(ctx, time.Now()), s.dropLogins(ctx)); err != nil {
		release()
		return nil, err
	}
	return release, nil
}
