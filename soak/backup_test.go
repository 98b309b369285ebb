package soak

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"quxiang/internal/app"
	"quxiang/internal/store/storetest"
)

// TestRestoreDrill: a backup that was made while graduates register holds everything that
// was acknowledged before it began, evidence included; it is restored elsewhere, on both
// engines, whole, within the time that was promised (R20, R22, P6).
func TestRestoreDrill(t *testing.T) {
	soaking(t)
	const early, all = 60, 300
	c := gather(t, app.Config{Data: t.TempDir() + "/data"}, all)
	phones(t, c, 2000)
	dir := t.TempDir()
	identity, recipient := newKey(t, dir)
	s, a := serve(t, c.args("serve")...), newAcks(t)
	seats := c.ready(t, s, all)
	burst(t, s, seats[:early], a)
	if a.count() != early {
		t.Fatalf("%d of %d came through", a.count(), early)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		burst(t, s, seats[early:], a)
	}()
	file := filepath.Join(dir, "school.age")
	if out, code := run(t, c.args("backup", "-o", file, "--recipient", recipient)...); code != 0 {
		t.Fatalf("backup: exit %d\n%s", code, out)
	}
	<-done
	s.stop(t)
	private(t, file)
	for name, conf := range map[string]app.Config{"sqlite": {Data: dir + "/lite"}, "postgres": {Data: dir + "/post", Database: storetest.BlankPostgres(t).URL}} {
		began := time.Now()
		there := &crowd{conf: conf}
		if out, code := run(t, there.args("restore", file, "--identity", identity)...); code != 0 {
			t.Fatalf("%s: restore: exit %d\n%s", name, code, out)
		}
		t.Logf("%s: restored and checked in %v", name, time.Since(began))
		there.verified(t)
		if lost, doubled := there.compare(t, a, seats[:early]); len(lost)+len(doubled) > 0 {
			t.Errorf("%s: lost %v, doubled %v", name, lost, doubled)
		}
		changes, papers := there.stored(t, seats[early:])
		for id := range changes {
			if !papers[id] {
				t.Errorf("%s: the registration of %s came without its evidence: two moments", name, id)
			}
		}
		if out, code := run(t, there.args("stats", "destination", "--cohort", "2024", "--format", "csv")...); code != 0 {
			t.Errorf("%s: stats: %s", name, out)
		}
	}
}

// newKey makes an identity on the command line.
func newKey(t *testing.T, dir string) (file, recipient string) {
	t.Helper()
	file = filepath.Join(dir, "identity.txt")
	out, code := run(t, "backup", "keygen", "-o", file)
	for word := range strings.FieldsSeq(out) {
		if strings.HasPrefix(word, "age1") {
			recipient = word
		}
	}
	if code != 0 || recipient == "" {
		t.Fatalf("keygen: exit %d\n%s", code, out)
	}
	return file, recipient
}

// private: nobody else reads the file, and nothing in it can be read (R22, P9, C1).
func private(t *testing.T, file string) {
	t.Helper()
	info, err := os.Stat(file)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("%v %v", info, err)
	}
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, known := range []string{phone(0), phone(50_000), "毕业生", "2400000", "滨海医科大学", `"current"`, "header.json"} {
		if bytes.Contains(content, []byte(known)) {
			t.Errorf("%s lies open in the backup", known)
		}
	}
}

// TestKilledInABackup: under the name of a backup there is a whole one or none, whoever
// is killed, the command or the server; and the server is none the worse (R22).
func TestKilledInABackup(t *testing.T) {
	soaking(t)
	c := gather(t, app.Config{Data: t.TempDir() + "/data"}, 50)
	phones(t, c, 20_000)
	dir := t.TempDir()
	identity, recipient := newKey(t, dir)
	path, err := program()
	if err != nil {
		t.Fatal(err)
	}
	n, whole := rounds(t, 20), 0
	for round := range n {
		file := filepath.Join(dir, fmt.Sprintf("%d.age", round))
		s := serve(t, c.args("serve")...)
		command := exec.Command(path, c.args("backup", "-o", file, "--recipient", recipient)...)
		if err := command.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(rand.IntN(3000)) * time.Millisecond)
		if round%2 == 0 {
			_ = command.Process.Kill()
		} else {
			s.kill()
		}
		_ = command.Wait()
		s.kill()
		if _, err := os.Stat(file); err == nil {
			whole++
			if out, code := run(t, "restore", file, "--identity", identity, "--check"); code != 0 {
				t.Fatalf("round %d: half a backup under its name: %s", round, out)
			}
		}
	}
	t.Logf("%d of %d were whole before the kill", whole, n)
	if whole == n {
		t.Error("nothing was killed in time: nothing was tried")
	}
	c.verified(t)
}
