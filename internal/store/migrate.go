package store

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"regexp"
	"strconv"
	"strings"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"quxiang/internal/domain/fault"
	"quxiang/internal/store/migrations"
)

// bringUp makes the schema of an empty database, checks that of another one, and
// brings an older one up to date if it may.
func bringUp(ctx context.Context, db *sql.DB, files fs.FS, dialect goose.Dialect, locker lock.SessionLocker, migrate bool) error {
	provider, err := migrationsOf(db, files, dialect, locker)
	if err != nil {
		return err
	}
	has, knows, err := provider.GetVersions(ctx)
	if err != nil {
		return err
	}
	if has > 0 {
		if err := mayRun(ctx, db, knows); err != nil {
			return err
		}
	}
	switch {
	case has >= knows:
		return nil
	case has > 0 && !migrate:
		return fault.Conflictf("database", "数据是旧版本的，请先备份，再运行 quxiang migrate 升级")
	}
	if _, err = provider.Up(ctx); err != nil {
		return stopped(ctx, provider, has, err)
	}
	return nil
}

// stopped says where an upgrade came to a halt. Each step is one transaction: the
// schema is that of the last whole one, which the older program goes on reading.
// Error: fault.Unavailable with the cause, or the cause alone for a new database.
func stopped(ctx context.Context, provider *goose.Provider, from int64, cause error) error {
	now, err := provider.GetDBVersion(context.WithoutCancel(ctx))
	if err != nil || from == 0 {
		return errors.Join(cause, err)
	}
	why, ok := briefly[TroubleOf(cause)]
	if !ok {
		why = cause.Error()
	}
	if now == from {
		return fault.Outagef(cause, "database", "升级没有做成，数据没有改动，仍是第 %d 版：原来的程序照常可用。请按原因处理后再运行 quxiang migrate。原因：%s", from, why)
	}
	return fault.Outagef(cause, "database", "升级停在第 %d 版（原为第 %d 版），已做的步骤完整，没有做一半的。请按原因处理后再运行 quxiang migrate，会接着做完；"+
		"要换回原来的程序，请用升级前的备份恢复。原因：%s", now, from, why)
}

func migrationsOf(db *sql.DB, files fs.FS, dialect goose.Dialect, locker lock.SessionLocker) (*goose.Provider, error) {
	options := []goose.ProviderOption{goose.WithDisableGlobalRegistry(true), goose.WithLogger(goose.NopLogger())}
	if locker != nil {
		options = append(options, goose.WithSessionLocker(locker))
	}
	return goose.NewProvider(dialect, db, translated{files, dialect}, options...)
}

// makeSchema makes the schema of an empty database as it was at a version.
func makeSchema(ctx context.Context, db *sql.DB, dialect goose.Dialect, version int64) error {
	provider, err := migrationsOf(db, migrations.Files, dialect, nil)
	if err != nil {
		return err
	}
	_, err = provider.UpTo(ctx, version)
	return err
}

// mayRun refuses a schema that asks for a newer program.
func mayRun(ctx context.Context, db *sql.DB, knows int64) error {
	var text string
	err := db.QueryRowContext(ctx, `select value from meta where key = $1`, settingMinBinary).Scan(&text)
	if err != nil {
		return fmt.Errorf("store: min_binary: %w", err)
	}
	needs, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return fmt.Errorf("store: min_binary: %w", err)
	}
	if needs > knows {
		return fault.Conflictf("database", "数据已由更新的版本升级（需要第 %d 版结构，本程序只到第 %d 版），请换用新版程序", needs, knows)
	}
	return nil
}

// translated is the migrations in one engine's spelling.
type translated struct {
	fs.FS
	dialect goose.Dialect
}

var (
	wordText  = regexp.MustCompile(`\btext\b`)
	wordBytea = regexp.MustCompile(`\bbytea\b`)
	forSQLite = regexp.MustCompile(`(?s)--sqlite\{.*?--\}\n`)
	forServer = regexp.MustCompile(`(?s)--postgres\{.*?--\}\n`)
)

// Open reads a file and translates it.
func (t translated) Open(name string) (fs.File, error) {
	f, err := t.FS.Open(name)
	if err != nil || !strings.HasSuffix(name, ".sql") {
		return f, err
	}
	plain, err := io.ReadAll(f)
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	if t.dialect == goose.DialectPostgres {
		plain = forSQLite.ReplaceAll(plain, nil)
		plain = wordText.ReplaceAll(plain, []byte(`text collate "C"`))
	} else {
		plain = forServer.ReplaceAll(plain, nil)
		plain = wordBytea.ReplaceAll(plain, []byte("blob"))
		plain = bytes.ReplaceAll(plain, []byte("--sqlite:"), nil)
	}
	return spelled{f, bytes.NewReader(plain)}, nil
}

// spelled is a file with another content.
type spelled struct {
	fs.File
	content io.Reader
}

// Read reads the translated content.
func (s spelled) Read(p []byte) (int, error) { return s.content.Read(p) }
