package app_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"quxiang/internal/app"
	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/privacy"
	"quxiang/internal/store/storetest"
)

// TestOldBackupBringsNothingBack: what was let go of after a backup was made goes again
// with the list that lies in the data folder, on either engine, and verify knows that
// it was us; a list that somebody wrote or changed is refused and leaves nothing; the
// trail keeps every entry, however old (Q14, C11, C16).
func TestOldBackupBringsNothingBack(t *testing.T) {
	identity, recipient := keyPair(t)
	dir := filepath.Join(t.TempDir(), "data")
	a := buildDemo(t, app.Config{Data: dir}, 100, 1)
	content, _ := backedUp(t, a, recipient)
	papers, err := a.Store.Papers(t.Context(), a.Now()+1)
	if err != nil || len(papers) == 0 {
		t.Fatal(err, "no evidence")
	}
	trail := func(a *app.App) int64 {
		end, _, err := a.Store.ChainEnd(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return end.N
	}
	before := trail(a)
	a.Privacy.Now = func() calendar.Instant { return calendar.At(time.Now().AddDate(20, 0, 0)) }
	if _, err := a.Retention.Run(t.Context(), access.Console("test")); err != nil {
		t.Fatal(err)
	}
	if err := a.Store.Settle(t.Context()); err != nil || trail(a) <= before {
		t.Errorf("entries of the trail went: %d, then %d (%v)", before, trail(a), err)
	}
	list, err := os.ReadFile(filepath.Join(dir, "erasures.txt"))
	if err != nil || strings.Count(string(list), papers[0].SHA256) == 0 {
		t.Fatalf("no list: %v", err)
	}
	for name, forged := range map[string][]byte{
		"a line more":  append(bytes.Clone(list), []byte(papers[0].Graduate+" x EMP 1\n")...),
		"a digest":     bytes.Replace(list, []byte(papers[0].SHA256[:8]), []byte("00000000"), 1),
		"no signature": list[bytes.Index(list, []byte("----")):],
		"nothing":      {},
	} {
		to := filepath.Join(t.TempDir(), "new")
		_, err := app.RestoreBackup(t.Context(), app.Config{Data: to}, bytes.NewReader(content), app.Restore{IdentityFile: identity, Erasures: forged})
		if fault.KindOf(err) != fault.Usage {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := os.Stat(to); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: something is left", name)
		}
	}
	for _, c := range []app.Config{{Data: filepath.Join(t.TempDir(), "lite")}, {Data: filepath.Join(t.TempDir(), "post"), Database: storetest.BlankPostgres(t).URL}} {
		done, err := app.RestoreBackup(t.Context(), c, bytes.NewReader(content), app.Restore{IdentityFile: identity, Erasures: list})
		if err != nil || done.Erased != len(papers) || len(done.Problems) > 0 {
			t.Fatalf("erased %d of %d: %v %v", done.Erased, len(papers), err, done.Problems)
		}
		b, err := app.Open(t.Context(), c, app.Serving)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := b.Files.Get(papers[0].SHA256); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("the file came back: %v", err)
		}
		if again, err := os.ReadFile(filepath.Join(c.Data, "erasures.txt")); err != nil || !bytes.Contains(again, []byte(papers[0].SHA256)) {
			t.Errorf("the restored school has no list: %v", err)
		}
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	}
}

// TestNoRuleForTheTrail: no rule lets go of the audit trail, and the store knows none;
// that the database refuses to delete from it is tested with its guards (C16).
func TestNoRuleForTheTrail(t *testing.T) {
	for _, r := range privacy.Rules {
		if strings.Contains(r.ID, "audit") || strings.Contains(r.Title, "审计") {
			t.Errorf("the rule %s lets go of the trail", r.ID)
		}
	}
	onCampus(t, func(t *testing.T, c *campus) {
		if _, err := c.app.Store.DropExpired(t.Context(), "audit", c.app.Now()); err == nil {
			t.Error("the store knows how to let go of it")
		}
	})
}
