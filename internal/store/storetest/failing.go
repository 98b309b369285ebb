package storetest

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"net/url"
	"strings"
	"sync"
	"testing"

	"quxiang/internal/domain/ident"
	"quxiang/internal/store"
)

// ErrFault is what a statement answers that was made to fail.
var ErrFault = errors.New("storetest: made to fail")

// Faults make one operation fail, the nth from when they were armed: a statement, or
// whatever else a test counts with Strike.
type Faults struct {
	mu     sync.Mutex
	left   int // operations until the fault, 0: none to come
	struck bool
}

// Arm makes the nth operation from now fail, and none after it.
func (f *Faults) Arm(n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.left, f.struck = n, false
}

// Disarm says whether an operation was made to fail since Arm; none will be.
func (f *Faults) Disarm() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.left = 0
	return f.struck
}

// Strike counts an operation and returns ErrFault if it is the one.
func (f *Faults) Strike() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.left == 0 {
		return nil
	}
	if f.left--; f.left > 0 {
		return nil
	}
	f.struck = true
	return ErrFault
}

// Failing returns a place like c whose operations can be made to fail until the end of
// the test. With SQLite a statement answers an error and was not run, which holds for
// every store that is opened with its Driver. With PostgreSQL the connection breaks: at odd
// operations before the server had the message, at even ones before its answer came.
func Failing(t testing.TB, c store.Config) (store.Config, *Faults) {
	t.Helper()
	f := &Faults{}
	if c.URL == "" {
		c.Driver = "sqlite-failing-" + ident.New() // a name cannot be given back
		sql.Register(c.Driver, failingDriver{f})
		return c, f
	}
	u, err := url.Parse(c.URL)
	if err != nil {
		t.Fatal(err)
	}
	u.Host = breaking(t, c.URL, f)
	q := u.Query()
	q.Del("host")
	q.Set("sslmode", "disable")
	u.RawQuery = q.Encode()
	c.URL = u.String()
	return c, f
}

type failingDriver struct{ faults *Faults }

// Open opens a connection of SQLite's driver whose statements can fail.
func (d failingDriver) Open(name string) (driver.Conn, error) {
	db, err := sql.Open("sqlite", name)
	if err != nil {
		return nil, err
	}
	defer db.Close()
	c, err := db.Driver().Open(name)
	if err != nil {
		return nil, err
	}
	return failingConn{c.(sqliteConn), d.faults}, nil
}

// sqliteConn is what SQLite's driver gives.
type sqliteConn interface {
	driver.Conn
	driver.ConnPrepareContext
	driver.ConnBeginTx
	driver.ExecerContext
	driver.QueryerContext
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

type sqliteStmt interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

type failingConn struct {
	sqliteConn
	faults *Faults
}

// may says whether a statement runs. A rollback always does: SQLite has no way to fail
// at it while there is something to roll back.
func (f *Faults) may(query string) error {
	if strings.HasPrefix(query, "rollback") {
		return nil
	}
	return f.Strike()
}

// BeginTx implements driver.ConnBeginTx.
func (c failingConn) BeginTx(ctx context.Context, o driver.TxOptions) (driver.Tx, error) {
	if err := c.faults.may("begin"); err != nil {
		return nil, err
	}
	return c.sqliteConn.BeginTx(ctx, o)
}

// ExecContext implements driver.ExecerContext.
func (c failingConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	if err := c.faults.may(query); err != nil {
		return nil, err
	}
	return c.sqliteConn.ExecContext(ctx, query, args)
}

// QueryContext implements driver.QueryerContext.
func (c failingConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	if err := c.faults.may(query); err != nil {
		return nil, err
	}
	return c.sqliteConn.QueryContext(ctx, query, args)
}

// PrepareContext implements driver.ConnPrepareContext.
func (c failingConn) PrepareContext(ctx context.Context, query string) (driver.Stmt, error) {
	s, err := c.sqliteConn.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	return failingStmt{s.(sqliteStmt), query, c.faults}, nil
}

type failingStmt struct {
	sqliteStmt
	query  string
	faults *Faults
}

// ExecContext implements driver.StmtExecContext.
func (s failingStmt) ExecContext(ctx context.Context, args []driver.NamedValue) (driver.Result, error) {
	if err := s.faults.may(s.query); err != nil {
		return nil, err
	}
	return s.sqliteStmt.ExecContext(ctx, args)
}

// QueryContext implements driver.StmtQueryContext.
func (s failingStmt) QueryContext(ctx context.Context, args []driver.NamedValue) (driver.Rows, error) {
	if err := s.faults.may(s.query); err != nil {
		return nil, err
	}
	return s.sqliteStmt.QueryContext(ctx, args)
}
