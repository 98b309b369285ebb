package app

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"maps"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"

	"filippo.io/age"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/settings"
	"quxiang/internal/gateway/backup"
	"quxiang/internal/gateway/vault"
	"quxiang/internal/store"
)

// Backup says for whom a backup is encrypted.
type Backup struct {
	Recipients     []string // age1… each; or
	PassphraseFile []byte   // content of the file: its first line
	Progress       func(done, total int64)
}

// Made says what a backup holds.
type Made struct {
	Header   backup.Header
	Manifest backup.Manifest
	Bytes    int64 // of the file
}

// recipients are those that the caller named. Error: fault.Usage.
func (b *Backup) recipients() ([]age.Recipient, error) {
	switch {
	case len(b.Recipients) > 0 && b.PassphraseFile != nil:
		return nil, fault.Usagef("recipient", "--recipient 和 --passphrase-file 只能给一种")
	case b.PassphraseFile != nil:
		r, err := backup.Passphrase(b.PassphraseFile)
		if err != nil {
			return nil, err
		}
		return []age.Recipient{r}, nil
	case len(b.Recipients) > 0:
		return backup.Recipients(b.Recipients)
	}
	return nil, fault.Usagef("recipient", "请用 --recipient 写明备份加密给谁（age1 开头的公钥，由 quxiang backup keygen 生成），或用 --passphrase-file 给一个口令文件")
}

// mode says in the trail how a backup is locked, without naming anybody.
func (b *Backup) mode() string {
	if b.PassphraseFile != nil {
		return "passphrase"
	}
	return strconv.Itoa(len(b.Recipients)) + " recipients"
}

// Backup writes the whole school as it is at one moment, encrypted, while others go
// on working. It is written down when it begins, since from then on a copy of
// everything may leave the house, and when it is whole.
//
// Errors: fault.Usage for recipients that cannot be read; fault.Forbidden;
// fault.Conflict when the key ring changes meanwhile.
func (a *App) Backup(ctx context.Context, who access.Actor, to io.Writer, b Backup) (Made, error) {
	if err := who.May(access.BackUp); err != nil {
		return Made{}, err
	}
	recipients, err := b.recipients()
	if err != nil {
		return Made{}, err
	}
	if err := a.Store.InTx(ctx, func(ctx context.Context) error {
		return a.Store.Write(ctx, who, "backup.begin", "school", map[string]string{"locked": b.mode()})
	}); err != nil {
		return Made{}, err
	}
	keys, err := vault.ReadKeys(a.Keys)
	if err != nil {
		return Made{}, err
	}
	out := &measured{to: to}
	c := &copying{app: a, Backup: b, ctx: ctx, out: out, recipients: recipients, keys: keys}
	made, err := c.run()
	if err != nil {
		return made, err
	}
	made.Bytes = out.n
	return made, a.Settings.NoteBackup(ctx, who, settings.Backup{At: a.Now(), Account: who.Account, Bytes: made.Bytes, Missing: made.Manifest.Files.Missing},
		map[string]string{"made": made.Header.Made, "rows": strconv.FormatInt(made.Manifest.Rows(), 10), "files": strconv.Itoa(made.Manifest.Files.Count),
			"audit_n": strconv.FormatInt(made.Manifest.Audit.N, 10), "bytes": strconv.FormatInt(made.Bytes, 10)})
}

// measured counts what is written.
type measured struct {
	to io.Writer
	n  int64
}

// Write writes and counts.
func (c *measured) Write(p []byte) (int, error) {
	n, err := c.to.Write(p)
	c.n += int64(n)
	return n, err
}

// copying is a backup under way.
type copying struct {
	Backup
	app        *App
	ctx        context.Context
	out        io.Writer
	recipients []age.Recipient
	keys       vault.KeyFiles

	w           *backup.Writer
	rows        *backup.Rows
	at          int // table that rows are of; -1 before the first
	header      backup.Header
	end         backup.Audit
	done, total int64

	documents    int        // table of evidence
	hash, purged int        // its columns
	named        [][32]byte // files that must be there
}

func (c *copying) run() (Made, error) {
	c.at = -1
	if err := c.app.Store.Dump(c.ctx, c.begin, c.row); err != nil {
		return Made{}, err
	}
	if err := c.closeTables(len(c.header.Tables)); err != nil {
		return Made{}, err
	}
	if err := c.files(); err != nil {
		return Made{}, err
	}
	// Values and files are sealed with keys of the ring as it was written at the
	// start, only if it is still the same.
	now, err := vault.ReadKeys(c.app.Keys)
	if err != nil {
		return Made{}, err
	}
	if !now.Same(c.keys) {
		return Made{}, fault.Conflictf("keys", "备份期间密钥有了变动，这份备份作废，请再备份一次")
	}
	m, err := c.w.Close(c.end)
	return Made{Header: c.header, Manifest: m}, err
}

func (c *copying) begin(d store.Dump) (err error) {
	c.header = backup.Header{Program: Version(), Schema: d.Schema, Engine: d.Engine, School: c.app.School().Name, Made: c.app.Now().String()}
	for name, why := range store.LeftOut {
		c.header.LeftOut = append(c.header.LeftOut, backup.Left{Table: name, Why: why})
	}
	slices.SortFunc(c.header.LeftOut, func(a, b backup.Left) int { return strings.Compare(a.Table, b.Table) })
	for i, t := range d.Tables {
		c.header.Tables = append(c.header.Tables, backup.Table(t))
		if t.Name == "document" {
			c.documents, c.hash, c.purged = i, slices.Index(t.Columns, "sha256"), slices.Index(t.Columns, "purged_at")
		}
	}
	c.total, c.end = d.Rows, backup.Audit{N: d.AuditN, Hash: hex.EncodeToString(d.Audit[:])}
	if c.w, err = backup.NewWriter(c.out, c.header, c.recipients...); err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(c.keys)) {
		if err := c.w.Key(name, c.keys[name]); err != nil {
			return err
		}
	}
	return nil
}

// row takes a row, after closing the tables before its own.
func (c *copying) row(table int, cells []any) error {
	if table != c.at {
		if err := c.closeTables(table); err != nil {
			return err
		}
	}
	if table == c.documents && cells[c.purged] == int64(0) {
		if hash, err := hex.DecodeString(cells[c.hash].(string)); err == nil && len(hash) == 32 {
			c.named = append(c.named, [32]byte(hash))
		}
	}
	c.step(1)
	return c.rows.Add(cells)
}

// closeTables ends the tables before one and begins that; blank ones on the way as
// well.
func (c *copying) closeTables(before int) (err error) {
	for {
		if c.rows != nil {
			if err := c.rows.Close(); err != nil {
				return err
			}
			c.rows = nil
		}
		if c.at++; c.at >= len(c.header.Tables) {
			return nil
		}
		if c.rows, err = c.w.Table(c.header.Tables[c.at].Name); err != nil || c.at == before {
			return err
		}
	}
}

// files copies the evidence that the rows name. What was uploaded meanwhile is not
// of this moment.
func (c *copying) files() error {
	slices.SortFunc(c.named, func(a, b [32]byte) int { return bytes.Compare(a[:], b[:]) })
	names := slices.Compact(c.named)
	c.total += int64(len(names))
	for _, n := range names {
		if err := c.ctx.Err(); err != nil {
			return err
		}
		hash := hex.EncodeToString(n[:])
		sealed, err := c.app.Files.Sealed(hash)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			c.w.Lost(hash)
		case err != nil:
			return err
		default:
			if err := c.w.File(hash, sealed); err != nil {
				return err
			}
		}
		c.step(1)
	}
	return nil
}

func (c *copying) step(n int64) {
	if c.done += n; c.Progress != nil && c.done%256 == 0 {
		c.Progress(c.done, c.total)
	}
}

// NewIdentity makes an identity that backups can be encrypted for: its file, and the
// recipient that is named when backing up.
func NewIdentity(now time.Time) (file []byte, recipient string, err error) {
	return backup.NewIdentity(now)
}

// Version is what this program was built from.
func Version() string {
	b, ok := debug.ReadBuildInfo()
	if !ok {
		return "dev"
	}
	for _, kv := range b.Settings {
		if kv.Key == "vcs.revision" && len(kv.Value) >= 12 && (b.Main.Version == "" || b.Main.Version == "(devel)") {
			return kv.Value[:12]
		}
	}
	if b.Main.Version == "" || b.Main.Version == "(devel)" {
		return "dev"
	}
	return b.Main.Version
}
