package store

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"

	"quxiang/internal/store/migrations"
)

// Pending returns the steps that Migrate would take, by the names of their files,
// and changes nothing.
//
// Error: fault.Conflict when the schema asks for a newer program.
func Pending(ctx context.Context, c Config) (names []string, err error) {
	db, dialect, err := openBare(c)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	provider, err := migrationsOf(db, migrations.Files, dialect, nil)
	if err != nil {
		return nil, err
	}
	knows, err := Newest()
	if err != nil {
		return nil, err
	}
	if err := mayRun(ctx, db, knows); err != nil {
		return nil, err
	}
	list, err := provider.Status(ctx)
	if err != nil {
		return nil, err
	}
	for _, m := range list {
		if m.State == goose.StatePending {
			names = append(names, filepath.Base(m.Source.Path))
		}
	}
	return names, nil
}

// openBare opens a database of whatever schema, for looking.
func openBare(c Config) (*sql.DB, goose.Dialect, error) {
	if c.URL == "" {
		path, err := filepath.Abs(c.SQLite)
		if err != nil {
			return nil, "", err
		}
		db, err := sql.Open("sqlite", dsn(path, reading))
		return db, goose.DialectSQLite3, err
	}
	config, err := pgx.ParseConfig(c.URL)
	if err != nil {
		return nil, "", errNoAddress()
	}
	return stdlib.OpenDB(*config), goose.DialectPostgres, nil
}
