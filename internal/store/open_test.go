package store_test

import (
	"context"
	"os"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"quxiang/internal/domain/fault"
	"quxiang/internal/store"
	"quxiang/internal/store/storetest"
)

// eventually waits up to some seconds for a busy machine.
func eventually(t testing.TB, so func() bool) {
	t.Helper()
	for until := time.Now().Add(10 * time.Second); !so(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(until) {
			t.Fatal("it never came to be so")
		}
	}
}

func TestOpenAgainKeepsWhatIsThere(t *testing.T) {
	storetest.EachBlank(t, func(t *testing.T, c store.Config) {
		s, err := store.Open(ctx, c)
		if err != nil {
			t.Fatal(err)
		}
		enrol(t, s, 1)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if err := store.Migrate(ctx, c); err != nil {
			t.Fatal(err)
		}
		verified(t, storetest.Open(t, c))
	})
}

func TestManyMayStartAtOnce(t *testing.T) {
	storetest.EachBlank(t, func(t *testing.T, c store.Config) {
		if c.URL == "" {
			t.Skip("one process at a time holds a data folder")
		}
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				s, err := store.Open(ctx, c)
				if err != nil {
					t.Error(err)
					return
				}
				if err := s.Close(); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
	})
}

func TestOlderProgramIsRefused(t *testing.T) {
	storetest.EachConfig(t, func(t *testing.T, c store.Config) {
		storetest.Open(t, c)
		if _, err := raw(t, c).ExecContext(ctx, `update meta set value = '99' where key = 'min_binary'`); err != nil {
			t.Fatal(err)
		}
		_, err := store.Open(ctx, c)
		wantKind(t, err, fault.Conflict)
		if !strings.Contains(err.Error(), "请换用新版程序") {
			t.Errorf("got %v, want what to do", err)
		}
	})
}

func TestOpenRefuses(t *testing.T) {
	for name, c := range map[string]store.Config{
		"nothing":                  {},
		"two databases":            {SQLite: "a", URL: "postgres://b"},
		"a folder that is missing": {SQLite: t.TempDir() + "/none/quxiang.db"},
		"an address of nonsense":   {URL: "postgres://:x:y"},
		"a file of something else": {SQLite: textFile(t)},
	} {
		if s, err := store.Open(ctx, c); err == nil {
			s.Close()
			t.Errorf("%s: opened", name)
		}
	}
}

func textFile(t *testing.T) string {
	name := t.TempDir() + "/quxiang.db"
	if err := os.WriteFile(name, []byte(strings.Repeat("这不是数据库", 200)), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// TestFileIsPrivateAndDurable: whoever else is on the machine, and whenever the power fails (R4).
func TestFileIsPrivateAndDurable(t *testing.T) {
	c := storetest.BlankSQLite(t)
	c.SQLite += " 100%?#库.db"
	s := storetest.Open(t, c)
	enrol(t, s, 1)
	info, err := os.Stat(c.SQLite)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, want 0600", info.Mode())
	}
}

func TestOneServerADatabase(t *testing.T) {
	c := storetest.Postgres(t)
	a, b := storetest.Open(t, c), storetest.Open(t, c)
	release, err := a.HoldServer(ctx)
	if err != nil {
		t.Fatal(err)
	}
	_, err = b.HoldServer(ctx)
	wantKind(t, err, fault.Conflict)
	if host, _ := os.Hostname(); !strings.Contains(err.Error(), host) {
		t.Errorf("got %v, want the holder's name", err)
	}
	release()
	again, err := b.HoldServer(ctx)
	if err != nil {
		t.Fatal(err)
	}
	again()
}

// TestSchemasAreAlike reads both catalogues: same tables, same columns, types of
// one family.
func TestSchemasAreAlike(t *testing.T) {
	lite, post := storetest.BlankSQLite(t), storetest.BlankPostgres(t)
	storetest.Open(t, lite)
	storetest.Open(t, post)
	a := columns(t, lite, `
		select m.name, c.name, lower(c.type), c."notnull" = 1 or c.pk > 0 from sqlite_master m join pragma_table_info(m.name) c
		where m.type = 'table' and m.name not like 'sqlite%' and m.name not like 'goose%' order by m.name, c.name`)
	b := columns(t, post, `
		select table_name, column_name, data_type, is_nullable = 'NO' from information_schema.columns
		where table_schema = 'public' and table_name not like 'goose%' order by table_name, column_name`)
	if len(a) < 150 {
		t.Fatalf("only %d columns found", len(a))
	}
	if !reflect.DeepEqual(a, b) {
		for k, v := range a {
			if b[k] != v {
				t.Errorf("%s is %s on SQLite and %q on PostgreSQL", k, v, b[k])
			}
		}
		for k := range b {
			if a[k] == "" {
				t.Errorf("%s is on PostgreSQL alone", k)
			}
		}
	}
	var loose int
	if err := raw(t, post).QueryRowContext(ctx, `
		select count(1) from information_schema.columns
		where table_schema = 'public' and table_name not like 'goose%' and data_type = 'text' and collation_name is distinct from 'C'`).Scan(&loose); err != nil {
		t.Fatal(err)
	}
	if loose > 0 {
		t.Errorf("%d text columns do not sort byte by byte as on SQLite", loose)
	}
}

// columns reads table.column → type and whether blank is allowed.
func columns(t *testing.T, c store.Config, query string) map[string]string {
	t.Helper()
	rows, err := raw(t, c).QueryContext(ctx, query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	out := map[string]string{}
	for rows.Next() {
		var table, column, kind string
		var required bool
		if err := rows.Scan(&table, &column, &kind, &required); err != nil {
			t.Fatal(err)
		}
		if kind == "blob" {
			kind = "bytea"
		}
		if required {
			kind += " not null"
		}
		out[table+"."+column] = kind
	}
	return out
}

// TestReadingBesideAWriter: a command opens and reads while a long transaction of
// the server is under way, and does not see what is not committed.
func TestReadingBesideAWriter(t *testing.T) {
	storetest.EachConfig(t, func(t *testing.T, c store.Config) {
		server := storetest.Open(t, c)
		enrol(t, server, 1)
		write(t, server, func(ctx context.Context) error {
			if err := server.SaveSetting(ctx, "a", "b"); err != nil {
				return err
			}
			began := time.Now()
			command, err := store.Open(context.Background(), c)
			if err != nil {
				return err
			}
			defer func() {
				if err := command.Close(); err != nil {
					t.Error(err)
				}
			}()
			if got := setting(t, command, "a"); got != "" {
				t.Errorf("another's uncommitted write is seen: %q", got)
			}
			verified(t, command)
			if took := time.Since(began); took > 4*time.Second {
				t.Errorf("it waited %v for the writer", took)
			}
			return nil
		})
	})
}
