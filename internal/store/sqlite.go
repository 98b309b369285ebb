package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"sync"

	"github.com/pressly/goose/v3"
	driver "modernc.org/sqlite"
	codes "modernc.org/sqlite/lib"

	"quxiang/internal/domain/audit"
	"quxiang/internal/store/migrations"
)

// sqlite is the embedded engine: one writing connection and a few readers.
type sqlite struct {
	write  *sql.DB // one connection, that of the writer
	read   *sql.DB
	writer *writer
	ready  *prepared
	known  *knownReads
}

// Pragmas of both handles. FULL: with NORMAL a power cut lost acknowledged rows.
// A cached page takes twice its size, since the driver's allocator rounds a page
// and its header up to a power of two: 16 and 8 MiB are 32 and 16 in memory.
var (
	writing = []string{"journal_mode(WAL)", "synchronous(FULL)", "busy_timeout(5000)", "foreign_keys(1)", "cache_size(-16384)"}
	reading = []string{"busy_timeout(5000)", "query_only(1)", "cache_size(-8192)"}
)

const readers = 4

func openSQLite(ctx context.Context, path, driver string, migrate bool) (engine, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600) // SQLite itself would let everybody read
	if err != nil {
		return nil, err
	}
	f.Close()
	e := &sqlite{}
	if e.write, err = sql.Open(driver, dsn(path, writing)); err != nil {
		return nil, err
	}
	e.write.SetMaxOpenConns(1)
	if err := e.begin(ctx, path, driver, migrate); err != nil {
		return nil, errors.Join(err, e.write.Close())
	}
	return e, nil
}

// begin brings the schema up to date and starts the writer.
func (e *sqlite) begin(ctx context.Context, path, driver string, migrate bool) error {
	if err := checkPragmas(ctx, e.write); err != nil {
		return err
	}
	if err := bringUp(ctx, e.write, migrations.Files, goose.DialectSQLite3, nil, migrate); err != nil {
		return err
	}
	conn, err := e.write.Conn(ctx)
	if err != nil {
		return err
	}
	if e.read, err = sql.Open(driver, dsn(path, reading)); err != nil {
		return errors.Join(err, conn.Close())
	}
	e.read.SetMaxOpenConns(readers)
	e.read.SetMaxIdleConns(readers)
	e.known = &knownReads{db: e.read, kept: map[string]*sql.Stmt{}}
	e.ready = &prepared{conn: conn, kept: map[string]*sql.Stmt{}}
	e.writer = newWriter(e.ready)
	return nil
}

func dsn(path string, pragmas []string) string {
	u := url.URL{Scheme: "file", Path: path, RawQuery: url.Values{"_pragma": pragmas, "_txlock": {"immediate"}}.Encode()}
	return u.String()
}

// checkPragmas reads back what durability hangs on: a driver that dropped a
// pragma, or a file system without shared memory, must not go unnoticed.
func checkPragmas(ctx context.Context, db *sql.DB) error {
	var mode string
	if err := db.QueryRowContext(ctx, `pragma journal_mode`).Scan(&mode); err != nil {
		return err
	}
	var flush int
	if err := db.QueryRowContext(ctx, `pragma synchronous`).Scan(&flush); err != nil {
		return err
	}
	if mode != "wal" || flush != 2 {
		return fmt.Errorf("store: journal_mode is %s and synchronous %d, want wal and 2: is the folder on a network drive?", mode, flush)
	}
	return nil
}

func (e *sqlite) run(ctx context.Context, alone bool, do func(context.Context, *tx) error) error {
	return e.writer.run(ctx, alone, do)
}

func (e *sqlite) reader() runner { return e.known }

// share has nothing to do: a function that runs alone is alone on the writer.
func (e *sqlite) share(context.Context, *tx) error { return nil }

// await has nothing to do either: there is one writer.
func (e *sqlite) await(context.Context, *tx, string) error { return nil }

// chain seals at once, since there is one writer.
func (e *sqlite) chain(ctx context.Context, t *tx, entry *audit.Entry) error {
	n, hash, err := newest(ctx, t.db)
	if err != nil {
		return t.spoil(err)
	}
	entry.Seal(n+1, hash)
	return nil
}

func (e *sqlite) guards() string { return `select name from sqlite_schema where type = 'trigger'` }

func (e *sqlite) counted() *flow { return &e.writer.flow }

func (e *sqlite) settle(context.Context) error { return nil }

func (e *sqlite) snapshot(ctx context.Context, do func(runner) error) error {
	t, err := e.read.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return err
	}
	defer t.Rollback()
	return do(t)
}

func (e *sqlite) hold(context.Context, *Store) (func(), error) { return func() {}, nil }

// close ends the writer first, since its last group may still be running
// statements: a function that failed is told so before its group is rolled back.
func (e *sqlite) close() error {
	e.writer.end()
	return errors.Join(e.ready.forget(), e.ready.conn.Close(), e.known.forget(), e.read.Close(), e.write.Close())
}

// prepared keeps the statements of one connection ready: compiling them took
// longer than running them.
type prepared struct {
	conn *sql.Conn
	kept map[string]*sql.Stmt
}

// maxPrepared bounds the statements kept; lists of every length have texts of their own.
const maxPrepared = 256

func (p *prepared) statement(ctx context.Context, query string) (*sql.Stmt, error) {
	if st, ok := p.kept[query]; ok {
		return st, nil
	}
	if len(p.kept) >= maxPrepared {
		if err := p.forget(); err != nil {
			return nil, err
		}
	}
	st, err := p.conn.PrepareContext(ctx, query)
	if err == nil {
		p.kept[query] = st
	}
	return st, err
}

// ExecContext runs a statement, prepared before or now.
func (p *prepared) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	st, err := p.statement(ctx, query)
	if err != nil {
		return nil, err
	}
	return st.ExecContext(ctx, args...)
}

// QueryContext runs a query, prepared before or now.
func (p *prepared) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	st, err := p.statement(ctx, query)
	if err != nil {
		return nil, err
	}
	return st.QueryContext(ctx, args...)
}

func (p *prepared) forget() error {
	var errs []error
	for _, st := range p.kept {
		errs = append(errs, st.Close())
	}
	clear(p.kept)
	return errors.Join(errs...)
}

// knownReads keeps the queries of the readers ready: compiling them took a third
// of what a page costs. The first texts that come are kept, which are those of the
// pages; a list with many values has a text of its own and is compiled each time.
type knownReads struct {
	db   *sql.DB
	mu   sync.RWMutex
	kept map[string]*sql.Stmt
}

// longestKept is how many values a query may have that is kept.
const longestKept = 24

func (k *knownReads) statement(ctx context.Context, query string, values int) (*sql.Stmt, error) {
	if values > longestKept {
		return nil, nil
	}
	k.mu.RLock()
	st, n := k.kept[query], len(k.kept)
	k.mu.RUnlock()
	if st != nil || n >= maxPrepared {
		return st, nil
	}
	st, err := k.db.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if other := k.kept[query]; other != nil {
		return other, st.Close() // somebody else asked the same at the same time
	}
	k.kept[query] = st
	return st, nil
}

// ExecContext runs a statement on a reader, which can only read.
func (k *knownReads) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	return k.db.ExecContext(ctx, query, args...)
}

// QueryContext runs a query, prepared before or now.
func (k *knownReads) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	st, err := k.statement(ctx, query, len(args))
	if err != nil {
		return nil, err
	}
	if st == nil {
		return k.db.QueryContext(ctx, query, args...)
	}
	return st.QueryContext(ctx, args...)
}

func (k *knownReads) forget() error {
	k.mu.Lock()
	defer k.mu.Unlock()
	var errs []error
	for _, st := range k.kept {
		errs = append(errs, st.Close())
	}
	clear(k.kept)
	return errors.Join(errs...)
}

func duplicateSQLite(err error) bool {
	var e *driver.Error
	return errors.As(err, &e) && (e.Code() == codes.SQLITE_CONSTRAINT_UNIQUE || e.Code() == codes.SQLITE_CONSTRAINT_PRIMARYKEY)
}
