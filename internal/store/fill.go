package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"path/filepath"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"

	"quxiang/internal/domain/fault"
	"quxiang/internal/store/migrations"
)

// Loader takes rows of a table, in the order of its columns: nil, string, int64,
// bool and []byte. It may be called many times for one table.
type Loader func(t DumpTable, rows iter.Seq2[[]any, error]) error

// Newest is the number of the newest schema that this program knows.
func Newest() (int64, error) {
	p, err := goose.NewProvider(goose.DialectSQLite3, &sql.DB{}, migrations.Files, goose.WithDisableGlobalRegistry(true), goose.WithLogger(goose.NopLogger()))
	if err != nil {
		return 0, err
	}
	list := p.ListSources()
	return list[len(list)-1].Version, nil
}

// Fill makes an empty database of the schema and has load put rows into it. On
// PostgreSQL all of it stays, or nothing, and the database is as empty as before;
// on SQLite the file is the caller's, to drop or to flush to the disk.
//
// Error: fault.Conflict when something is in the database already.
func Fill(ctx context.Context, c Config, schema int64, load func(Loader) error) error {
	if c.URL != "" {
		return fillPostgres(ctx, c.URL, schema, load)
	}
	return fillSQLite(ctx, c.SQLite, schema, load)
}

// loadingPragmas are those of a file that nobody else opens and that is thrown away
// unless it becomes whole: no journal. The caller flushes it to the disk.
var loadingPragmas = []string{"journal_mode(OFF)", "synchronous(OFF)", "foreign_keys(1)", "cache_size(-65536)"}

func fillSQLite(ctx context.Context, path string, schema int64, load func(Loader) error) (err error) {
	if path, err = filepath.Abs(path); err != nil {
		return err
	}
	db, err := sql.Open("sqlite", dsn(path, loadingPragmas))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	db.SetMaxOpenConns(1)
	if err := makeSchema(ctx, db, goose.DialectSQLite3, schema); err != nil {
		return err
	}
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	ready := &prepared{conn: conn, kept: map[string]*sql.Stmt{}}
	defer func() { err = errors.Join(err, ready.forget(), conn.Close()) }()
	if _, err := conn.ExecContext(ctx, `begin`); err != nil {
		return err
	}
	if err := fill(ctx, &sqlite{}, newTx(ready), onSQLite, load); err != nil {
		return err
	}
	_, err = conn.ExecContext(ctx, `commit`)
	return err
}

func fillPostgres(ctx context.Context, url string, schema int64, load func(Loader) error) (err error) {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return errNoAddress()
	}
	config.RuntimeParams["application_name"] = "quxiang"
	db := stdlib.OpenDB(*config)
	defer func() { err = errors.Join(err, db.Close()) }()
	if err := mustBeBlank(ctx, db); err != nil {
		return err
	}
	kept := false
	defer func() {
		if !kept {
			err = errors.Join(err, dropAll(context.WithoutCancel(ctx), db))
		}
	}()
	if err := makeSchema(ctx, db, goose.DialectPostgres, schema); err != nil {
		return err
	}
	e := &postgres{db: db, wake: make(chan struct{}, 1)}
	if err := e.run(ctx, false, func(ctx context.Context, t *tx) error { return fill(ctx, e, t, onPostgres, load) }); err != nil {
		return err
	}
	kept = true
	return nil
}

// fill empties what migrations wrote, loads, and chains what a copy of PostgreSQL
// had not chained yet.
func fill(ctx context.Context, e engine, t *tx, d dialect, load func(Loader) error) error {
	have, err := readCatalogue(ctx, t.db, d)
	if err != nil {
		return err
	}
	for _, h := range slices.Backward(have) {
		n, err := number(ctx, t.db, `select count(1) from `+h.Name)
		if err != nil {
			return err
		}
		if n > 0 {
			if _, err := t.exec(ctx, `delete from `+h.Name); err != nil {
				return err
			}
		}
	}
	err = load(func(from DumpTable, rows iter.Seq2[[]any, error]) error {
		i := slices.IndexFunc(have, func(h described) bool { return h.Name == from.Name })
		if i < 0 {
			return foreign("没有表 %s", from.Name)
		}
		for k, c := range from.Columns {
			if j := slices.Index(have[i].Columns, c); j < 0 || have[i].Kinds[j] != from.Kinds[k] {
				return foreign("表 %s 没有这样的列 %s", from.Name, c)
			}
		}
		return e.load(ctx, t, table{from.Name, from.Columns, len(from.Columns)}, rows)
	})
	if err != nil {
		return t.spoil(err)
	}
	return t.sealWaiting(ctx)
}

func foreign(format string, args ...any) error {
	return fault.Usagef("file", "备份的内容与它自己说的结构不符（%s），请换一份备份；没有恢复任何内容", fmt.Sprintf(format, args...))
}

// mustBeBlank refuses a database that holds something. A schema without rows is
// what an interrupted filling left: it is dropped.
func mustBeBlank(ctx context.Context, db *sql.DB) error {
	var tables, ours int
	if err := db.QueryRowContext(ctx, `
		select count(1), count(1) filter (where table_name = 'goose_db_version') from information_schema.tables
		where table_schema = current_schema()`).Scan(&tables, &ours); err != nil {
		return fault.Usagef("database", "数据库连不上：%v，请检查 --database", err)
	}
	if tables == 0 {
		return nil
	}
	if ours == 0 {
		return errNotEmpty
	}
	have, err := readCatalogue(ctx, db, onPostgres)
	if err != nil {
		return err
	}
	for _, t := range have {
		query := `select count(1) from ` + t.Name
		if t.Name == "meta" {
			query += ` where key <> 'min_binary'`
		}
		n, err := number(ctx, db, query)
		if err != nil {
			return err
		}
		if n > 0 {
			return errNotEmpty
		}
	}
	return dropAll(ctx, db)
}

// dropAll drops the tables and functions of a database that held nothing before.
func dropAll(ctx context.Context, db *sql.DB) error {
	_, err := db.ExecContext(ctx, `
		do $$ declare x record; begin
			for x in select tablename from pg_tables where schemaname = current_schema() loop
				execute format('drop table if exists %I cascade', x.tablename);
			end loop;
			for x in select p.oid::regprocedure as f from pg_proc p where p.pronamespace = current_schema()::regnamespace
				and not exists (select 1 from pg_depend d where d.objid = p.oid and d.deptype = 'e') loop
				execute format('drop function if exists %s cascade', x.f);
			end loop;
		end $$`)
	return err
}
