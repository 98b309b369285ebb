package soak

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"quxiang/internal/app"
	"quxiang/internal/domain/access"
	"quxiang/internal/store/storetest"
)

// How many graduates one file brings: enough that a kill meets the work. PostgreSQL
// takes ten times as long for each.
const (
	fileOfLite = 8_000
	fileOfPost = 1_500
)

// TestKilledInAnImport: kill -9 while thousands of graduates are imported, by a server or
// by a command that works alone. Whoever was told that they are in finds them; else all of
// them are there or none; the same file again makes them whole and doubles nobody (R2).
func TestKilledInAnImport(t *testing.T) {
	soaking(t)
	path, err := program()
	if err != nil {
		t.Fatal(err)
	}
	t.Run("sqlite", func(t *testing.T) {
		killInImports(t, path, app.Config{Data: t.TempDir() + "/data"}, fileOfLite, roundsOf(t, "sqlite"))
	})
	t.Run("postgres", func(t *testing.T) {
		killInImports(t, path, app.Config{Data: t.TempDir() + "/data", Database: storetest.Postgres(t).URL}, fileOfPost, roundsOf(t, "postgres"))
	})
}

func killInImports(t *testing.T, path string, conf app.Config, size, n int) {
	c, seed := gather(t, conf, 1), uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	chance := rand.New(rand.NewPCG(seed, 3))
	first := newImported(t, 0, size)
	began := time.Now()
	if out, code := run(t, c.args("import", "roster", first.file, "--cohort", "2025")...); code != 0 {
		t.Fatalf("left alone: exit %d\n%s", code, out)
	}
	took := time.Since(began)
	if got := c.arrived(t, first); got != size {
		t.Fatalf("left alone: %d of %d", got, size)
	}
	none, all := 0, 0
	for round := range n {
		f := newImported(t, round+1, size)
		wait := time.Duration(chance.Int64N(int64(took * 11 / 10)))
		told := c.importAndKill(t, path, f, wait, round%2 == 0)
		got := c.arrived(t, f)
		t.Logf("round %d: killed after %v of about %v, told %v, %d there", round, wait.Round(time.Millisecond), took.Round(time.Millisecond), told, got)
		if got != 0 && got != size || told && got == 0 {
			t.Fatalf("told %v, and %d of %d are there\n%s", told, got, size, conf.Data)
		}
		if got == 0 {
			none++
		} else {
			all++
		}
		c.verified(t)
		if round == n-1 {
			c.importAgain(t, f)
		}
	}
	if none == 0 {
		t.Error("no kill met an import: nothing was tried")
	}
	t.Logf("%d left nothing, %d all", none, all)
}

// TestAnImportInPiecesIsCaught is the positive control of R2: a program that keeps the
// file chunk by chunk must be found out by killing it.
func TestAnImportInPiecesIsCaught(t *testing.T) {
	soaking(t)
	path := planted(t, "internal/domain/roster/import.go", "func(lines []exchange.Line) error { return r.take(ctx, lines) })", `func(lines []exchange.Line) error {
		if err := r.take(ctx, lines); err != nil {
			return err
		}
		if err := r.publish(ctx); err != nil {
			return err
		}
		r.planner.units.created, r.batch, r.staged = nil, s.NewID(), false
		return s.Store.BeginBatch(ctx, Batch{ID: r.batch, Kind: "roster", Cohort: opts.Cohort, Account: who.Account, Started: s.Now()})
	})`)
	c, f := gather(t, app.Config{Data: t.TempDir() + "/data"}, 1), newImported(t, 1, fileOfLite)
	for wait := 100 * time.Millisecond; wait < 30*time.Second; wait += wait / 2 {
		told := c.importAndKill(t, path, f, wait, false)
		if got := c.arrived(t, f); got > 0 && got < len(f.numbers) {
			t.Logf("%d of %d after %v, as planted", got, len(f.numbers), wait)
			return
		} else if told || got == len(f.numbers) {
			break
		}
	}
	t.Error("an import in pieces was not caught")
}

// imported is a file of graduates whom nobody has yet.
type imported struct {
	file    string
	numbers []string
}

func newImported(t *testing.T, round, size int) imported {
	t.Helper()
	f := imported{file: filepath.Join(t.TempDir(), fmt.Sprintf("生源%d.csv", round))}
	var rows strings.Builder
	rows.WriteString("学号,姓名,学院,专业,班级,学历,手机号\n")
	for i := range size {
		f.numbers = append(f.numbers, fmt.Sprintf("F%03d%05d", round, i))
		fmt.Fprintf(&rows, "%s,毕业生%d,学院%d,专业%d,%d班,本科,%s\n", f.numbers[i], i, i%20, i%60, i%300, phone(i))
	}
	if err := os.WriteFile(f.file, []byte(rows.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return f
}

// importAndKill imports the file, by the running server or alone, and kills whoever
// does it after the wait. It returns whether the command said that it was done.
func (c *crowd) importAndKill(t *testing.T, path string, f imported, wait time.Duration, served bool) (told bool) {
	t.Helper()
	command := exec.Command(path, c.args("import", "roster", f.file, "--cohort", "2025")...)
	kill := func() { _ = command.Process.Kill() }
	if served {
		s := serveWith(t, path, c.args("serve")...)
		defer s.kill()
		kill = s.kill
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	timer := time.AfterFunc(wait, kill)
	err := command.Wait()
	timer.Stop()
	return err == nil
}

// arrived is how many of the file are in the register.
func (c *crowd) arrived(t *testing.T, f imported) int {
	t.Helper()
	a, err := app.Open(t.Context(), c.conf, app.Reading)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	list, err := a.Store.GraduatesByNumber(t.Context(), access.School(), f.numbers, nil)
	if err != nil {
		t.Fatal(err)
	}
	return len(list)
}

// importAgain imports the same file as somebody does who was not told.
func (c *crowd) importAgain(t *testing.T, f imported) {
	t.Helper()
	for range 2 {
		if out, code := run(t, c.args("import", "roster", f.file, "--cohort", "2025")...); code != 0 {
			t.Fatalf("again: exit %d\n%s", code, out)
		}
		if got := c.arrived(t, f); got != len(f.numbers) {
			t.Fatalf("again: %d of %d", got, len(f.numbers))
		}
	}
	c.verified(t)
}
