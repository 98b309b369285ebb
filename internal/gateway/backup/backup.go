// Package backup is the file format of a whole school: a tar stream encrypted with
// age (https://age-encryption.org/v1), so that the tools of every Unix read it with
// the right identity, also when this program is no longer to be had:
//
//	age -d -i identity.txt school.age | tar x && cat sums/*.txt | sha256sum -c
//
// The parts in their order:
//
//	header.json               format, version, schema, tables and their columns
//	keys/NAME                 the key ring
//	tables/NAME/000001.jsonl.gz  rows in the order of the primary key: one JSON array a line,
//	                          bytes in base64, text that is no UTF-8 as {"base64":…}
//	evidence/ab/HASH          encrypted files as they lie on the disk
//	sums/000001.txt           after each thousand parts: their SHA-256
//	manifest.json             the last part: rows and digest of each table, files, end of the audit chain
//
// Rows are written alike whatever the database, so that the digests of a school on
// SQLite and on PostgreSQL are the same. Writing and reading keep one part in memory.
package backup

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"strings"
)

// Format is the version of the format that is written; older ones are read.
const Format = 1

// Bounds of one part, in bytes.
const (
	chunk   = 1 << 20  // rows of a table are cut behind this
	maxPart = 64 << 20 // whatever is larger is no part of ours
)

// sumsEvery is how many parts one list of digests is for.
const sumsEvery = 1000

// Names of parts.
const (
	headerName   = "header.json"
	manifestName = "manifest.json"
	keysFolder   = "keys/"
	tablesFolder = "tables/"
	filesFolder  = "evidence/"
	sumsFolder   = "sums/"
	rowsEnding   = ".jsonl.gz"
)

// Kinds of columns.
const (
	Text    = "text"
	Bigint  = "bigint"
	Boolean = "boolean"
	Bytea   = "bytea"
)

// Table is a table by its columns and their kinds, side by side.
type Table struct {
	Name    string   `json:"name"`
	Columns []string `json:"columns"`
	Kinds   []string `json:"kinds"`
}

// Header says what the file is; it comes first, so that what cannot be taken is
// refused at once.
type Header struct {
	Format  int     `json:"format"`
	Program string  `json:"program"` // version that wrote it
	Schema  int64   `json:"schema"`  // number of its newest migration
	Engine  string  `json:"engine"`  // sqlite or postgres, for people
	School  string  `json:"school"`
	Made    string  `json:"made"` // RFC 3339, on the school's clock: the moment that the file is of
	LeftOut []Left  `json:"left_out"`
	Tables  []Table `json:"tables"`
}

// Left is a table of which no rows are kept, and why.
type Left struct {
	Table string `json:"table"`
	Why   string `json:"why"`
}

// Manifest closes the file: what must have come before it.
type Manifest struct {
	Tables []TableSum `json:"tables"`
	Files  Files      `json:"files"`
	Audit  Audit      `json:"audit"`
	Parts  int        `json:"parts"`  // all before the manifest, lists of digests left out
	SHA256 string     `json:"sha256"` // over the lists of digests, one after another
}

// TableSum is the content of a table: SHA256 is over its lines, uncompressed.
type TableSum struct {
	Name   string `json:"name"`
	Rows   int64  `json:"rows"`
	SHA256 string `json:"sha256"`
}

// Files are those of evidence. Missing ones were named by the database and not to
// be read when the backup was made; the first ones are listed.
type Files struct {
	Count   int      `json:"count"`
	Bytes   int64    `json:"bytes"`
	Missing int      `json:"missing"`
	First   []string `json:"first_missing,omitempty"`
}

// Audit is the end of the chain that the backup holds.
type Audit struct {
	N    int64  `json:"n"`
	Hash string `json:"hash"`
}

// Rows is the sum of all tables.
func (m *Manifest) Rows() (n int64) {
	for _, t := range m.Tables {
		n += t.Rows
	}
	return n
}

// RowsOf is how many rows of a table there are; 0 for one that is not there.
func (m *Manifest) RowsOf(table string) int64 {
	for _, t := range m.Tables {
		if t.Name == table {
			return t.Rows
		}
	}
	return 0
}

// tally is what writer and reader both keep, and must agree about.
type tally struct {
	pending []string // lines of the next list of digests
	lists   int
	parts   int
	sum     hash.Hash // over the lists
	tables  []TableSum
	lines   hash.Hash // of the last table
	files   Files
}

func newTally() tally { return tally{sum: sha256.New(), lines: sha256.New()} }

// part notes a part. Lines are as sha256sum prints them.
func (t *tally) part(name string, content []byte) {
	digest := sha256.Sum256(content)
	t.pending = append(t.pending, hex.EncodeToString(digest[:])+"  "+name+"\n")
	t.parts++
	if strings.HasPrefix(name, filesFolder) {
		t.files.Count++
		t.files.Bytes += int64(len(content))
	}
}

// list closes the digests that are pending and returns their list.
func (t *tally) list() (name, content string) {
	content = strings.Join(t.pending, "")
	t.pending = t.pending[:0]
	t.sum.Write([]byte(content))
	t.lists++
	return fmt.Sprintf(sumsFolder+"%06d.txt", t.lists), content
}

// table begins the rows of a table.
func (t *tally) table(name string) {
	t.lines.Reset()
	t.tables = append(t.tables, TableSum{Name: name, SHA256: hex.EncodeToString(t.lines.Sum(nil))})
}

// rows notes lines of the last table.
func (t *tally) rows(lines []byte, n int64) {
	last := &t.tables[len(t.tables)-1]
	t.lines.Write(lines)
	last.Rows += n
	last.SHA256 = hex.EncodeToString(t.lines.Sum(nil))
}

// manifest is the tally as it must stand at the end.
func (t *tally) manifest() Manifest {
	return Manifest{Tables: t.tables, Files: t.files, Parts: t.parts, SHA256: hex.EncodeToString(t.sum.Sum(nil))}
}
