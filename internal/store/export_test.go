package store

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
)

// BringUp is bringUp on a database of either engine, with the steps of a program that
// does not exist yet.
func BringUp(ctx context.Context, c Config, files fs.FS) (err error) {
	db, dialect, err := openBare(c)
	if err == nil && c.SQLite != "" {
		err = db.Close()
		db, _ = sql.Open("sqlite", dsn(c.SQLite, writing))
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	return bringUp(ctx, db, files, dialect, nil, true)
}
