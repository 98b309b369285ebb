package store

import (
	"database/sql"
	sqldriver "database/sql/driver"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"quxiang/internal/domain/fault"
)

// TestOutages: what the machine cannot do now is said in words, whatever the engine
// calls it; what is our own defect stays one (R6, R7, R18).
func TestOutages(t *testing.T) {
	for name, c := range map[string]struct {
		err  error
		says string
	}{
		"nothing":                   {nil, ""},
		"a refusal":                 {fault.Conflictf("x", "已有"), ""},
		"a defect":                  {errors.New("store: no such column"), ""},
		"a unique key":              {&pgconn.PgError{Code: "23505"}, ""},
		"disk of PostgreSQL":        {&pgconn.PgError{Code: "53100"}, saysFull},
		"too many connections":      {&pgconn.PgError{Code: "53300"}, saysCrowded},
		"shutting down":             {fmt.Errorf("store: not saved: %w", &pgconn.PgError{Code: "57P01"}), saysAway},
		"starting up":               {&pgconn.PgError{Code: "57P03"}, saysAway},
		"a standby":                 {&pgconn.PgError{Code: "25006"}, saysReadOnly},
		"connection refused":        {&net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}, saysAway},
		"connection broken":         {sqldriver.ErrBadConn, saysAway},
		"no space for a file":       {&fs.PathError{Op: "write", Err: syscall.ENOSPC}, saysFull},
		"a quota":                   {&fs.PathError{Op: "write", Err: syscall.EDQUOT}, saysFull},
		"a read-only file system":   {&fs.PathError{Op: "open", Err: syscall.EROFS}, saysReadOnly},
		"a broken disk":             {&fs.PathError{Op: "read", Err: syscall.EIO}, saysBroken},
		"a permission is a defect":  {&fs.PathError{Op: "open", Err: syscall.EACCES}, ""},
		"deadlock is not an outage": {&pgconn.PgError{Code: "40P01"}, ""},
	} {
		got := outage(c.err)
		if c.says == "" {
			if got != c.err {
				t.Errorf("%s became %v", name, got)
			}
			continue
		}
		if fault.KindOf(got) != fault.Unavailable || got.Error() != c.says {
			t.Errorf("%s: %s %q", name, fault.KindOf(got), got)
		}
		if !errors.Is(got, c.err) {
			t.Errorf("%s: the log is not told why", name)
		}
	}
}

// TestOutagesOfSQLite are real ones: a database that may not grow says that the disk
// is full, one that may not be written says so.
func TestOutagesOfSQLite(t *testing.T) {
	place := dsn(filepath.Join(t.TempDir(), "x.db"), writing)
	db, err := sql.Open("sqlite", place)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	do := func(text string) error { _, err := db.Exec(text); return err }
	if err := errors.Join(do(`create table a (x text)`), do(`pragma max_page_count = 3`)); err != nil {
		t.Fatal(err)
	}
	if err := outage(do(`insert into a select hex(randomblob(40000))`)); fault.KindOf(err) != fault.Unavailable || err.Error() != saysFull {
		t.Errorf("full: %v", err)
	}
	if err := errors.Join(do(`pragma max_page_count = 1000`), do(`insert into a values ('y')`)); err != nil {
		t.Errorf("after there is room again: %v", err)
	}
	if err := do(`pragma query_only = 1`); err != nil {
		t.Fatal(err)
	}
	if err := outage(do(`insert into a values ('z')`)); fault.KindOf(err) != fault.Unavailable || err.Error() != saysReadOnly {
		t.Errorf("read-only: %v", err)
	}
}
