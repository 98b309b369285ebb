// Package migrations holds the schema as numbered SQL files, one text for both
// engines.
//
// Three spellings differ and are translated by the store when it reads a file:
// text is compared byte by byte on both engines, so that PostgreSQL gets it as
// text collate "C"; bytea is SQLite's blob; what follows the mark --sqlite: is
// read by SQLite alone; from a line --sqlite{ or --postgres{ to the next line --} is
// for that engine (triggers). Files are only ever added, never changed: expand first,
// contract at least one minor version later.
package migrations

import "embed"

// Files are the migrations, NNNN_what.sql.
//
//go:embed *.sql
var Files embed.FS
