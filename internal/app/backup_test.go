package app_test

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"quxiang/internal/app"
	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/indicator"
	"quxiang/internal/gateway/backup"
	"quxiang/internal/store/storetest"
)

// keyPair is an identity file and its recipient.
func keyPair(t testing.TB) (file []byte, recipient string) {
	t.Helper()
	file, recipient, err := app.NewIdentity(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return file, recipient
}

// backedUp is a backup of the school in memory.
func backedUp(t testing.TB, a *app.App, recipient string) ([]byte, app.Made) {
	t.Helper()
	var out bytes.Buffer
	made, err := a.Backup(context.Background(), access.Console("test"), &out, app.Backup{Recipients: []string{recipient}})
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes(), made
}

// figuresOf is every table that has rows by level, as JSON: what a school publishes.
func figuresOf(t testing.TB, a *app.App) string {
	t.Helper()
	var out []any
	for _, name := range []string{"destination", "further-study", "employer-kind", "region", "industry", "post"} {
		table, err := a.Figures.Count(context.Background(), access.Console("test"), indicator.Query{Table: name, Cohorts: []string{"2022", "2023", "2024", "2025"},
			AsOf: figuresDay(t), KnownAt: figuresDay(t), By: []indicator.Dim{"level"}})
		if err != nil {
			t.Fatal(name, err)
		}
		out = append(out, table.Rows)
	}
	text, err := json.Marshal(out)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func figuresDay(t testing.TB) calendar.When {
	t.Helper()
	w, err := calendar.ParseWhen("2025-06-15")
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// restored restores a backup and opens the school.
func restored(t *testing.T, content, identity []byte, c app.Config) (*app.App, app.Restored) {
	t.Helper()
	done, err := app.RestoreBackup(t.Context(), c, bytes.NewReader(content), app.Restore{IdentityFile: identity})
	if err != nil {
		t.Fatal(err)
	}
	if len(done.Problems) > 0 {
		t.Fatalf("the restored school is not whole: %s", strings.Join(done.Problems, "\n"))
	}
	a, err := app.Open(t.Context(), c, app.Serving)
	if err != nil {
		t.Fatal(err)
	}
	return a, done
}

// TestBackupMovesASchool: from SQLite to PostgreSQL and back nothing is lost and every
// figure is the same (R20, P6, C24).
func TestBackupMovesASchool(t *testing.T) {
	identity, recipient := keyPair(t)
	a := buildDemo(t, app.Config{Data: t.TempDir() + "/data"}, 120, 1)
	want, clock := figuresOf(t, a), a.Now()
	content, first := backedUp(t, a, recipient)
	if first.Manifest.Files.Count == 0 || first.Manifest.Files.Missing > 0 || first.Manifest.RowsOf("event") == 0 {
		t.Fatalf("the backup holds %+v", first.Manifest.Files)
	}
	for _, at := range []struct{ name, database string }{{"postgres", storetest.BlankPostgres(t).URL}, {"sqlite", ""}} {
		b, done := restored(t, content, identity, app.Config{Data: filepath.Join(t.TempDir(), at.name), Database: at.database})
		if got := figuresOf(t, b); got != want {
			t.Errorf("%s: other figures", at.name)
		}
		if done.Checked.Documents != int(first.Manifest.RowsOf("document")) || done.Checked.Strays > 0 {
			t.Errorf("%s: evidence: %+v", at.name, done.Checked)
		}
		if b.School() != a.School() || b.Now() < clock || b.Now() > clock+600_000 {
			t.Errorf("%s: school %v, clock %s", at.name, b.School(), b.Now())
		}
		var again app.Made
		content, again = backedUp(t, b, recipient)
		sameRows(t, at.name, first.Manifest, again.Manifest)
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	}
}

// sameRows: each table has the same rows, but for the trail and the settings, which
// say that there was a backup.
func sameRows(t *testing.T, name string, a, b backup.Manifest) {
	t.Helper()
	if len(a.Tables) < 20 || len(a.Tables) != len(b.Tables) {
		t.Fatalf("%s: %d tables, %d tables", name, len(a.Tables), len(b.Tables))
	}
	for i, was := range a.Tables {
		if slices.Contains([]string{"audit", "meta"}, was.Name) {
			continue
		}
		if was != b.Tables[i] {
			t.Errorf("%s: %+v became %+v", name, was, b.Tables[i])
		}
	}
	if a.Files.Count != b.Files.Count || a.Files.Bytes != b.Files.Bytes {
		t.Errorf("%s: files %+v became %+v", name, a.Files, b.Files)
	}
}

// TestLoginAfterRestore: the password that held at the backup holds after it, and no
// session does.
func TestLoginAfterRestore(t *testing.T) {
	identity, recipient := keyPair(t)
	c := newCampus(t, storetest.SQLite(t))
	_, token := c.account("keeper", "", access.Grant{Role: access.Office, Over: access.School()})
	const password = "Seven-green-umbrellas-7"
	if err := c.app.Accounts.SetPassword(t.Context(), token, password); err != nil {
		t.Fatal(err)
	}
	old, err := c.app.Accounts.Login(t.Context(), "keeper", password, access.From{})
	if err != nil {
		t.Fatal(err)
	}
	content, _ := backedUp(t, c.app, recipient)
	b, _ := restored(t, content, identity, app.Config{Data: t.TempDir() + "/new"})
	defer b.Close()
	if _, err := b.Accounts.Login(t.Context(), "keeper", password, access.From{}); err != nil {
		t.Errorf("the password does not hold: %v", err)
	}
	if _, _, err := b.Accounts.Resume(t.Context(), old); err == nil {
		t.Error("a session of before the backup lives on")
	}
	last, ok, err := c.app.Settings.LastBackup(t.Context())
	if err != nil || !ok || last.Bytes != int64(len(content)) || last.Overdue(c.app.Now()) || !last.Overdue(c.app.Now()+27*3_600_000) {
		t.Errorf("the last backup: %+v %t %v", last, ok, err)
	}
}

// TestBackupNeedsARight: who has not the right gets not one byte (X1).
func TestBackupNeedsARight(t *testing.T) {
	_, recipient := keyPair(t)
	c := newCampus(t, storetest.SQLite(t))
	for _, role := range []access.Role{access.Graduate, access.Counsellor, access.Office, access.SchoolLeader, access.Auditor} {
		who := access.Actor{Account: "x", Grants: []access.Grant{{Role: role, Over: access.School()}}}
		var out bytes.Buffer
		if _, err := c.app.Backup(t.Context(), who, &out, app.Backup{Recipients: []string{recipient}}); fault.KindOf(err) != fault.Forbidden || out.Len() > 0 {
			t.Errorf("%s: %v, %d bytes", role, err, out.Len())
		}
	}
}

// TestWhomABackupIsFor: recipients and passphrases that cannot be right are named.
func TestWhomABackupIsFor(t *testing.T) {
	identity, recipient := keyPair(t)
	other, _ := keyPair(t)
	c := newCampus(t, storetest.SQLite(t))
	for name, b := range map[string]app.Backup{
		"nobody":             {},
		"no key":             {Recipients: []string{"age1nonsense"}},
		"a secret key":       {Recipients: []string{string(identity[bytes.Index(identity, []byte("AGE-SECRET")):])}},
		"both":               {Recipients: []string{recipient}, PassphraseFile: []byte("a-long-enough-passphrase\n")},
		"a short passphrase": {PassphraseFile: []byte("secret\n")},
	} {
		if _, err := c.app.Backup(t.Context(), access.Console("test"), &bytes.Buffer{}, b); fault.KindOf(err) != fault.Usage {
			t.Errorf("%s: %v", name, err)
		}
	}
	var out bytes.Buffer
	if _, err := c.app.Backup(t.Context(), access.Console("test"), &out, app.Backup{PassphraseFile: []byte("a-long-enough-passphrase\nmore\n")}); err != nil {
		t.Fatal(err)
	}
	for name, x := range map[string]struct {
		r    app.Restore
		want string
	}{
		"right":            {app.Restore{PassphraseFile: []byte("a-long-enough-passphrase")}, ""},
		"wrong":            {app.Restore{PassphraseFile: []byte("b-long-enough-passphrase")}, "口令不对"},
		"an identity":      {app.Restore{IdentityFile: other}, "口令"},
		"nothing":          {app.Restore{}, "--identity"},
		"no identity file": {app.Restore{IdentityFile: []byte("age1")}, "AGE-SECRET-KEY-"},
	} {
		x.r.Check = true
		_, err := app.RestoreBackup(t.Context(), app.Config{}, bytes.NewReader(out.Bytes()), x.r)
		if x.want == "" && err != nil || x.want != "" && (fault.KindOf(err) != fault.Usage || !strings.Contains(err.Error(), x.want)) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// folderNow lists what lies below a folder, for comparison.
func folderNow(t *testing.T, dir string) []string {
	t.Helper()
	var out []string
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && path != dir {
			out = append(out, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestOnlyIntoWhatIsEmpty: a restore never touches what is there.
func TestOnlyIntoWhatIsEmpty(t *testing.T) {
	identity, recipient := keyPair(t)
	c := newCampus(t, storetest.SQLite(t))
	content, _ := backedUp(t, c.app, recipient)
	full := storetest.Postgres(t)
	if _, err := app.Init(t.Context(), app.Config{Data: t.TempDir() + "/x", Database: full.URL}, app.NewSchool{Name: "另一所", Code: "99002", Admin: "root"}); err != nil {
		t.Fatal(err)
	}
	used := t.TempDir()
	if err := os.WriteFile(filepath.Join(used, "notes.txt"), []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, x := range map[string]struct {
		c    app.Config
		kind fault.Kind
	}{
		"a school's folder":      {app.Config{Data: filepath.Dir(filepath.Join(c.app.Data, "x"))}, fault.Usage},
		"somebody's folder":      {app.Config{Data: used}, fault.Usage},
		"a school's database":    {app.Config{Data: t.TempDir(), Database: full.URL}, fault.Conflict},
		"a key folder with keys": {app.Config{Data: t.TempDir(), Keys: c.app.Keys}, fault.Usage},
	} {
		before := folderNow(t, x.c.Data)
		_, err := app.RestoreBackup(t.Context(), x.c, bytes.NewReader(content), app.Restore{IdentityFile: identity})
		if fault.KindOf(err) != x.kind {
			t.Errorf("%s: %v", name, err)
		}
		if after := folderNow(t, x.c.Data); !reflect.DeepEqual(before, after) && name != "a school's folder" {
			t.Errorf("%s: the folder has now %v", name, after)
		}
	}
	// What an interrupted restore left is cleared away.
	dir := t.TempDir()
	for _, name := range []string{"restoring", "evidence/ab", "keys"} {
		if err := os.MkdirAll(filepath.Join(dir, name), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	b, _ := restored(t, content, identity, app.Config{Data: dir})
	if err := b.Close(); err != nil {
		t.Error(err)
	}
}

// TestLostAndPurgedEvidence: a file that should be there and is not is told; one that was
// deleted at the end of its term is not missed.
func TestLostAndPurgedEvidence(t *testing.T) {
	_, recipient := keyPair(t)
	a := buildDemo(t, app.Config{Data: t.TempDir() + "/data"}, 100, 1)
	_, whole := backedUp(t, a, recipient)
	var hashes []string
	if err := a.Files.Each(func(hash string) error { hashes = append(hashes, hash); return nil }); err != nil || len(hashes) < 2 {
		t.Fatal(err, len(hashes))
	}
	for _, hash := range hashes[:2] {
		if err := os.Remove(filepath.Join(a.Data, "evidence", hash[:2], hash)); err != nil {
			t.Fatal(err)
		}
	}
	db, err := sql.Open("sqlite", filepath.Join(a.Data, "quxiang.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(t.Context(), `update document set purged_at = 1, purged_audit = audit_id where sha256 = $1`, hashes[0]); err != nil {
		t.Fatal(err)
	}
	_, now := backedUp(t, a, recipient)
	if f := now.Manifest.Files; f.Missing != 1 || !slices.Equal(f.First, hashes[1:2]) || f.Count != whole.Manifest.Files.Count-2 {
		t.Errorf("%+v, before %+v", f, whole.Manifest.Files)
	}
	if last, _, err := a.Settings.LastBackup(t.Context()); err != nil || last.Missing != 1 {
		t.Errorf("%+v %v", last, err)
	}
}
