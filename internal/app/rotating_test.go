package app_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"quxiang/internal/app"
	"quxiang/internal/domain/access"
	"quxiang/internal/domain/audit"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/roster"
)

var keeper = access.Console("test")

// clean fails the test when verify finds anything.
func clean(t *testing.T, a *app.App, when string) {
	t.Helper()
	if problems, _, err := a.Verify(t.Context()); err != nil || len(problems) > 0 {
		t.Fatalf("%s: %v %v", when, err, problems)
	}
}

// seals is how much each key has sealed, by id.
func seals(t *testing.T, a *app.App) map[string]int {
	t.Helper()
	state, err := a.KeyState(t.Context(), keeper)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]int{}
	for _, k := range state.Keys {
		out[k.ID] = k.Seals
	}
	return out
}

// openRaw opens the embedded database of a folder that nobody holds.
func openRaw(t *testing.T, data string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(data, "quxiang.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// somebody returns a graduate of the school with a phone, unsealed.
func somebody(t *testing.T, a *app.App) roster.Graduate {
	t.Helper()
	list, err := a.Store.Graduates(t.Context(), access.School(), "", "", 500)
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range list {
		if err := g.Unseal(a.Vault); err != nil {
			t.Fatal(err)
		}
		if g.Secret["phone"] != "" {
			return g
		}
	}
	t.Fatal("nobody has a phone")
	return roster.Graduate{}
}

// TestRotationMovesEverything (C2, Q12): under the new key and cipher everything says
// what it said, verify is clean before, half way and after, a second rotation starts
// from the first, and the old keys can go.
func TestRotationMovesEverything(t *testing.T) {
	onDemo(t, 100, func(t *testing.T, a *app.App) {
		if _, err := a.Files.Hold([]byte("待导入")); err != nil {
			t.Fatal(err)
		}
		before, one := content(t, a), somebody(t, a)
		clean(t, a, "before")
		sealed := seals(t, a)["k1"]
		if sealed < 500 {
			t.Fatalf("only %d sealed: the test shows nothing", sealed)
		}

		ctx, cut := context.WithCancel(t.Context())
		if _, err := a.RotateKeys(ctx, keeper, "sm4gcm", func(done, _ int64) {
			if done > int64(sealed/2) {
				cut()
			}
		}); !errors.Is(err, context.Canceled) {
			t.Fatalf("cut off: %v", err)
		}
		if n := seals(t, a); n["k1"] == 0 || n["k2"] == 0 {
			t.Fatalf("not cut half way: %v", n)
		}
		clean(t, a, "half way")
		if !maps.Equal(before, content(t, a)) {
			t.Error("half way something else is said")
		}
		if err := a.RetireKey(t.Context(), keeper, "k1"); fault.KindOf(err) != fault.Conflict {
			t.Errorf("retired half way: %v", err)
		}
		r, err := a.RotateKeys(t.Context(), keeper, "aes256gcm", nil)
		if err != nil || !r.Resumed || r.Key != "k2" || r.Cipher != "sm4gcm" || r.Broken > 0 || r.Done != sealed {
			t.Errorf("resumed: %+v, %v, %d were sealed", r, err, sealed)
		}
		clean(t, a, "after")
		if n := seals(t, a); n["k1"] != 0 || n["k2"] != sealed {
			t.Errorf("%v, %d were sealed", n, sealed)
		}

		if r, err = a.RotateKeys(t.Context(), keeper, "", nil); err != nil || r.Key != "k3" || r.Cipher != "sm4gcm" || r.Done != sealed || r.Resumed {
			t.Errorf("a second rotation: %+v, %v", r, err)
		}
		if err := a.RetireKey(t.Context(), keeper, "k1"); fault.KindOf(err) != fault.Conflict {
			t.Errorf("retired at once: %v", err)
		}
		a.PassTime(11 * time.Minute)
		for _, id := range []string{"k1", "k2"} {
			if err := a.RetireKey(t.Context(), keeper, id); err != nil {
				t.Error(err)
			}
		}
		for id, want := range map[string]fault.Kind{"k1": fault.NotFound, "k3": fault.Conflict} {
			if err := a.RetireKey(t.Context(), keeper, id); fault.KindOf(err) != want {
				t.Errorf("retire %s: %v", id, err)
			}
		}
		clean(t, a, "without the old keys")
		if !maps.Equal(before, content(t, a)) {
			t.Error("something else is said")
		}
		found, _, err := a.Roster.Find(t.Context(), keeper, one.Secret["phone"], 5)
		if err != nil || len(found) != 1 || found[0].Graduate != one.ID {
			t.Errorf("search by phone: %v, %v", found, err)
		}
		if found, _, err = a.Roster.Find(t.Context(), keeper, one.Secret["id_number"], 5); err != nil || len(found) != 1 {
			t.Errorf("search by identity number: %v, %v", found, err)
		}
	})
}

// TestRotatedEnvelopesHoldTheirPlaces: after a rotation an envelope that was put into
// the place of another event of the same graduate is named, like any changed byte.
func TestRotatedEnvelopesHoldTheirPlaces(t *testing.T) {
	a := buildDemo(t, app.Config{Data: t.TempDir() + "/data"}, 100, 1)
	if _, err := a.RotateKeys(t.Context(), keeper, "", nil); err != nil {
		t.Fatal(err)
	}
	clean(t, a, "after")
	a.Close()
	db := openRaw(t, a.Data)
	var graduate, first, second string
	var n, m int
	if err := db.QueryRow(`select a.graduate_id, a.seq, a.sealed, b.seq, b.sealed from event a join event b on b.graduate_id = a.graduate_id and b.seq > a.seq
		where a.sealed <> '' and b.sealed <> '' limit 1`).Scan(&graduate, &n, &first, &m, &second); err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct {
		sealed string
		seq    int
	}{{second, n}, {first, m}} {
		if _, err := db.Exec(`update event set sealed = $1 where graduate_id = $2 and seq = $3`, x.sealed, graduate, x.seq); err != nil {
			t.Fatal(err)
		}
	}
	db.Close()
	b, err := app.Open(t.Context(), app.Config{Data: a.Data}, app.Reading)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	problems, _, err := b.Verify(t.Context())
	if err != nil || len(problems) < 2 || !strings.Contains(fmt.Sprint(problems), graduate) {
		t.Errorf("%v, %v", problems, err)
	}
}

// TestRotationBesideAnImport: what an import has staged when the key changes is
// published under the new key, and the digests hold.
func TestRotationBesideAnImport(t *testing.T) {
	onDemo(t, 100, func(t *testing.T, a *app.App) {
		var b strings.Builder
		b.WriteString("学号,姓名,学历,困难生类别代码,手机号\n")
		for i := range 1200 {
			fmt.Fprintf(&b, "T%05d,甲,本科,2,100000%05d\n", i, i)
		}
		turned := 0
		_, err := a.Import(t.Context(), keeper, "roster", app.TableFile("roster.csv", []byte(b.String())), app.ImportOptions{Cohort: "2025",
			Progress: func(done, total int64) {
				if turned++; done > total*3/4 && turned > 0 {
					turned = -1000
					if _, err := a.RotateKeys(t.Context(), keeper, "", nil); err != nil {
						t.Error(err)
					}
				}
			}})
		if err != nil || turned > 0 {
			t.Fatal(turned, err)
		}
		clean(t, a, "after")
		if n := seals(t, a); n["k1"] > 0 || n["k2"] < 1200 {
			t.Errorf("%v", n)
		}
	})
}

// TestRotationAsksForItsRight: who keeps no keys neither sees nor turns them; both are
// written down.
func TestRotationAsksForItsRight(t *testing.T) {
	a := buildDemo(t, app.Config{Data: t.TempDir() + "/data"}, 100, 1)
	office := access.Actor{Account: "x", Grants: []access.Grant{{Role: access.Office, Over: access.School()}}}
	_, err1 := a.RotateKeys(t.Context(), office, "", nil)
	_, err2 := a.KeyState(t.Context(), office)
	for _, err := range []error{err1, err2, a.RetireKey(t.Context(), office, "k1")} {
		if fault.KindOf(err) != fault.Forbidden {
			t.Errorf("%v", err)
		}
	}
	if _, err := a.RotateKeys(t.Context(), keeper, "des", nil); fault.KindOf(err) != fault.Usage {
		t.Errorf("an unknown cipher: %v", err)
	}
	if _, err := a.RotateKeys(t.Context(), keeper, "", nil); err != nil {
		t.Fatal(err)
	}
	a.PassTime(time.Hour)
	if err := a.RetireKey(t.Context(), keeper, "k1"); err != nil {
		t.Fatal(err)
	}
	for _, action := range []string{"keys.rotate", "keys.rotated", "keys.retire"} {
		if list, err := a.Store.Entries(t.Context(), audit.Filter{Action: action}, audit.Key{}, 10); err != nil || len(list) != 1 {
			t.Errorf("%s: %d entries, %v", action, len(list), err)
		}
	}
}
