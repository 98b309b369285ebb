package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"quxiang/internal/domain/fault"
)

// DumpTable is a table as a copy of the whole database names it: its columns and
// their kinds (text, bigint, boolean, bytea), side by side.
type DumpTable struct {
	Name    string
	Columns []string
	Kinds   []string
}

// Dump is one moment of the whole database.
type Dump struct {
	Schema int64  // number of the newest migration
	Engine string // sqlite or postgres
	Tables []DumpTable
	Rows   int64 // of all tables
	AuditN int64 // end of the audit chain
	Audit  [32]byte
}

// LeftOut are the tables that no copy holds, and why. What is not listed is copied.
var LeftOut = map[string]string{
	"login_session":  "everybody logs in again",
	"stage_graduate": "imports that were not finished",
	"stage_event":    "imports that were not finished",
	"held_file":      "uploads that wait a day at most; their files are not copied either",
}

// ownSettings are those of one database, which no copy takes along.
var ownSettings = []string{settingServer, settingTenure}

// Dump reads the whole database as it is at one moment, while others go on writing:
// begin is told what there is, then row is called with each row, table by table in
// an order in which none refers to a later one, and within by primary key, the same
// on both engines. A row is nil, string, int64, bool and []byte; the slice is used
// again. Inside a transaction it reads what that wrote so far, as all reading does.
func (s *Store) Dump(ctx context.Context, begin func(Dump) error, row func(table int, row []any) error) error {
	if t := s.txOf(ctx); t != nil {
		return s.dump(ctx, t.db, begin, row)
	}
	if err := s.engine.settle(ctx); err != nil {
		return err
	}
	return s.engine.snapshot(ctx, func(db runner) error { return s.dump(ctx, db, begin, row) })
}

func (s *Store) dump(ctx context.Context, db runner, begin func(Dump) error, row func(table int, row []any) error) error {
	c, err := readCatalogue(ctx, db, s.dialect())
	if err != nil {
		return err
	}
	d := Dump{Engine: string(s.dialect())}
	for _, t := range c {
		d.Tables = append(d.Tables, t.DumpTable)
		n, err := number(ctx, db, `select count(1) from `+t.Name)
		if err != nil {
			return err
		}
		d.Rows += n
	}
	if d.Schema, err = number(ctx, db, `select max(version_id) from goose_db_version`); err != nil {
		return err
	}
	if d.AuditN, d.Audit, err = newest(ctx, db); err != nil {
		return err
	}
	if err := begin(d); err != nil {
		return err
	}
	for i, t := range c {
		if err := t.each(ctx, db, func(cells []any) error { return row(i, cells) }); err != nil {
			return fmt.Errorf("table %s: %w", t.Name, err)
		}
	}
	return nil
}

type dialect string

const (
	onSQLite   dialect = "sqlite"
	onPostgres dialect = "postgres"
)

func (s *Store) dialect() dialect {
	if _, ok := s.engine.(*sqlite); ok {
		return onSQLite
	}
	return onPostgres
}

// described is a table of the catalogue.
type described struct {
	DumpTable
	key    []string // columns of the primary key
	refers []string // tables
}

// Each engine describes its tables in its own catalogue.
var catalogueOf = map[dialect]struct{ columns, keys, refers string }{
	onSQLite: {
		`select m.name, c.name, lower(c.type) from sqlite_master m join pragma_table_info(m.name) c
		where m.type = 'table' and m.name not like 'sqlite%' and m.name not like 'goose%' order by m.name, c.cid`,
		`select m.name, c.name, '' from sqlite_master m join pragma_table_info(m.name) c
		where m.type = 'table' and c.pk > 0 order by m.name, c.pk`,
		`select m.name, f."table", '' from sqlite_master m join pragma_foreign_key_list(m.name) f
		where m.type = 'table' order by m.name, f."table"`,
	},
	onPostgres: {
		`select c.table_name, c.column_name, c.data_type from information_schema.columns c
		join information_schema.tables t on t.table_schema = c.table_schema and t.table_name = c.table_name
		where c.table_schema = current_schema() and t.table_type = 'BASE TABLE' and c.table_name not like 'goose%'
		order by c.table_name collate "C", c.ordinal_position`,
		`select k.table_name, k.column_name, '' from information_schema.key_column_usage k
		join information_schema.table_constraints t on t.constraint_schema = k.constraint_schema and t.constraint_name = k.constraint_name and t.table_name = k.table_name
		where k.table_schema = current_schema() and t.constraint_type = 'PRIMARY KEY' order by k.table_name, k.ordinal_position`,
		`select a.relname, b.relname, '' from pg_constraint f join pg_class a on a.oid = f.conrelid join pg_class b on b.oid = f.confrelid
		where f.contype = 'f' and a.relnamespace = current_schema()::regnamespace order by a.relname, b.relname`,
	},
}

// readCatalogue describes the tables that are copied, each behind those that it
// refers to, else by name.
func readCatalogue(ctx context.Context, db runner, d dialect) ([]described, error) {
	var list []*described
	byName := map[string]*described{}
	read := func(query string, do func(table, name, kind string)) error {
		rows, err := db.QueryContext(ctx, query)
		return result{rows: rows, err: err}.each(func(r *sql.Rows) error {
			var table, name, kind string
			if err := r.Scan(&table, &name, &kind); err != nil {
				return err
			}
			if _, out := LeftOut[table]; !out {
				do(table, name, kind)
			}
			return nil
		})
	}
	q := catalogueOf[d]
	if err := read(q.columns, func(table, name, kind string) {
		t := byName[table]
		if t == nil {
			t = &described{DumpTable: DumpTable{Name: table}}
			list, byName[table] = append(list, t), t
		}
		if kind == "blob" {
			kind = "bytea"
		}
		t.Columns, t.Kinds = append(t.Columns, name), append(t.Kinds, kind)
	}); err != nil {
		return nil, err
	}
	if err := read(q.keys, func(table, name, _ string) {
		if t := byName[table]; t != nil {
			t.key = append(t.key, name)
		}
	}); err != nil {
		return nil, err
	}
	if err := read(q.refers, func(table, name, _ string) {
		if t := byName[table]; t != nil && name != table {
			t.refers = append(t.refers, name)
		}
	}); err != nil {
		return nil, err
	}
	return inOrder(list)
}

// inOrder puts each table behind those that it refers to.
func inOrder(list []*described) ([]described, error) {
	var out []described
	done := map[string]bool{}
	for len(out) < len(list) {
		before := len(out)
		for _, t := range list {
			if done[t.Name] || slices.ContainsFunc(t.refers, func(n string) bool { return !done[n] }) {
				continue
			}
			if len(t.key) == 0 {
				return nil, fmt.Errorf("store: table %s has no primary key: a copy of it has no order", t.Name)
			}
			out, done[t.Name] = append(out, *t), true
		}
		if len(out) == before {
			return nil, fmt.Errorf("store: tables refer to each other in a circle")
		}
	}
	return out, nil
}

// each reads the rows of a table in the order of its key.
func (t *described) each(ctx context.Context, db runner, do func([]any) error) error {
	query := `select ` + strings.Join(t.Columns, ", ") + ` from ` + t.Name
	var args []any
	if t.Name == "meta" {
		b := &binding{}
		in(ownSettings).write(b)
		query, args = query+` where key not in (`+b.text.String()+`)`, b.args
	}
	cells, to, take := cellsOf(t.Kinds)
	rows, err := db.QueryContext(ctx, query+` order by `+strings.Join(t.key, ", "), args...)
	return result{rows: rows, err: err}.each(func(r *sql.Rows) error {
		if err := r.Scan(to...); err != nil {
			return err
		}
		take()
		return do(cells)
	})
}

// cellsOf returns where a row of these kinds is scanned to, and what makes of that
// the row's cells.
func cellsOf(kinds []string) (cells, to []any, take func()) {
	cells, to = make([]any, len(kinds)), make([]any, len(kinds))
	for i, k := range kinds {
		switch k {
		case "bigint":
			to[i] = new(sql.NullInt64)
		case "boolean":
			to[i] = new(sql.NullBool)
		case "bytea":
			to[i] = new(any) // tells no bytes from none
		default:
			to[i] = new(sql.NullString)
		}
	}
	return cells, to, func() {
		for i := range to {
			cells[i] = nil
			switch v := to[i].(type) {
			case *sql.NullInt64:
				if v.Valid {
					cells[i] = v.Int64
				}
			case *sql.NullBool:
				if v.Valid {
					cells[i] = v.Bool
				}
			case *any:
				if b, ok := (*v).([]byte); ok {
					cells[i] = append([]byte{}, b...)
				}
			case *sql.NullString:
				if v.Valid {
					cells[i] = v.String
				}
			}
		}
	}
}

func number(ctx context.Context, db runner, query string) (int64, error) {
	rows, err := db.QueryContext(ctx, query)
	n, err := one(result{rows: rows, err: err}, scanNumber)
	return n, err
}

// errNotEmpty says that a copy has no place in a database that holds something.
var errNotEmpty = fault.Conflictf("database", "这个数据库里已有内容，备份只能恢复到空的数据库，请另建一个空库")
