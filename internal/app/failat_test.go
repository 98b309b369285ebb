package app_test

import (
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"quxiang/internal/app"
	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/destination"
	"quxiang/internal/domain/fault"
	"quxiang/internal/store"
	"quxiang/internal/store/storetest"
)

// trial is a small school in which the nth operation of a verb fails, n = 1, 2, …
// until a run goes through (R5): a statement, a file of evidence, or the clock, which
// cannot fail and jumps instead.
type trial struct {
	t      *testing.T
	a      *app.App
	faults *storetest.Faults
	step   int     // from one n to the next
	raw    *sql.DB // past the faults
	ids    []string
	taken  int // of ids
	jumps  int // of the clock
}

// unsureFiles are files of evidence whose writing may fail: before it began, or when
// all lies on the disk but for the answer.
type unsureFiles struct {
	destination.Files
	faults *storetest.Faults
}

// Put counts as two operations.
func (u unsureFiles) Put(plain []byte) (string, error) {
	if err := u.faults.Strike(); err != nil {
		return "", err
	}
	hash, err := u.Files.Put(plain)
	return hash, errors.Join(err, u.faults.Strike())
}

// thorough reports that every n is tried, whatever it takes: make soak.
func thorough() bool { return os.Getenv("QUXIANG_SOAK") != "" }

// eachTrial runs the test on both engines: every n with SQLite, every third with
// PostgreSQL, where a fault is a connection that breaks and a new one takes a while.
func eachTrial(t *testing.T, graduates int, do func(x *trial)) {
	storetest.EachConfig(t, func(t *testing.T, place store.Config) {
		x := newTrial(t, place, graduates)
		if place.URL != "" && !thorough() {
			x.step = 3
		}
		do(x)
	})
}

func newTrial(t *testing.T, place store.Config, graduates int) *trial {
	conf := app.Config{Data: t.TempDir() + "/data"}
	driver, source := "sqlite", "file:"+filepath.Join(conf.Data, "quxiang.db")
	if place.URL != "" {
		driver, source = "pgx", place.URL
	}
	failing, faults := storetest.Failing(t, place)
	conf.Database, conf.Driver = failing.URL, failing.Driver
	a, err := app.Open(t.Context(), conf, app.Serving)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Close() })
	raw, err := sql.Open(driver, source)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { raw.Close() })
	x := &trial{t: t, a: a, faults: faults, step: 1, raw: raw}
	a.Destinations.Files = unsureFiles{a.Destinations.Files, faults}
	for _, now := range []*func() calendar.Instant{&a.Destinations.Now, &a.Roster.Now, &a.Releases.Now, &a.Importer.Now} {
		*now = x.now
	}
	x.ids = x.enrol("B", graduates)
	return x
}

// now is the school's clock. Where it is to fail it jumps: back by an hour, at every
// other time on by a day (R8).
func (x *trial) now() calendar.Instant {
	if x.faults.Strike() != nil {
		if x.jumps++; x.jumps%2 == 1 {
			x.a.PassTime(-time.Hour)
		} else {
			x.a.PassTime(24 * time.Hour)
		}
	}
	return x.a.Now()
}

// roster is a file of so many graduates.
func (x *trial) roster(prefix string, n int) (text string, numbers []string) {
	var b strings.Builder
	b.WriteString("学号,姓名,学院,专业,学历层次,班级,手机号\n")
	for i := range n {
		numbers = append(numbers, fmt.Sprintf("%s%03d", prefix, i))
		fmt.Fprintf(&b, "%s,毕业生,临床医学院,临床医学,硕士研究生,一班,100%08d\n", numbers[i], i)
	}
	return b.String(), numbers
}

func (x *trial) load(text string) error {
	report, err := x.a.Import(x.t.Context(), keeper, "roster", app.TableFile("生源.csv", []byte(text)), app.ImportOptions{Cohort: "2024"})
	if err == nil && report.Refused > 0 {
		x.t.Fatal(report.Refusals)
	}
	return err
}

func (x *trial) enrol(prefix string, n int) (ids []string) {
	x.t.Helper()
	text, numbers := x.roster(prefix, n)
	x.must(x.load(text))
	list, err := x.a.Store.GraduatesByNumber(x.t.Context(), access.School(), numbers, nil)
	x.must(err)
	for _, g := range list {
		ids = append(ids, g.ID)
	}
	return ids
}

func (x *trial) must(err error) {
	x.t.Helper()
	if err != nil {
		x.t.Fatal(err)
	}
}

// somebody is a graduate whom no other verb was tried on.
func (x *trial) somebody() string {
	x.taken++
	return x.ids[x.taken-1]
}

// counts are the rows of each table that a verb writes. The checkpoint that follows a
// freeze is signed after it, and left to the next one where that fails.
func (x *trial) counts() map[string]int {
	x.t.Helper()
	out := map[string]int{}
	for name, from := range map[string]string{"event": "event", "audit": "audit where action <> 'audit.checkpoint'", "graduate": "graduate", "document": "document", "finding": "finding",
		"snapshot": "snapshot", "released": "snapshot where approval <> ''", "snapshot row": "snapshot_row", "unlock": "snapshot_unlock",
		"batch": "batch where published_at > 0", "of a batch": "batch_graduate", "correction": "correction", "decided": "correction where state <> 'open'"} {
		var n int
		x.must(x.raw.QueryRow("select count(*) from " + from).Scan(&n))
		out[name] = n
	}
	return out
}

// verb is what is tried. It is prepared for somebody anew whenever it was done.
type verb struct {
	name    string
	prepare func()
	do      func() error
	repeats bool // twice is twice
}

// outcome is what a try found.
type outcome struct {
	whole         map[string]int // that the verb leaves behind when nothing fails
	before, after int            // faults that left nothing, and all of it
	wrong         []string
}

func (o *outcome) say(format string, args ...any) {
	o.wrong = append(o.wrong, fmt.Sprintf(format, args...))
}

// try makes operation n of the verb fail for every n.
func (x *trial) try(v verb) (o outcome) {
	x.t.Helper()
	v.prepare()
	before := x.counts()
	var made []map[string]int // by a run after which something was there
	for n := 1; ; n += x.step {
		x.faults.Arm(n)
		err := v.do()
		struck := x.faults.Disarm()
		now := x.counts()
		if maps.Equal(before, now) {
			if err == nil || !struck {
				o.say("operation %d: nothing is there, and the answer was %v", n, err)
				return o
			}
			o.before++
			continue
		}
		made = append(made, grown(before, now))
		x.again(v, n, now, &o)
		if !struck {
			if err != nil {
				o.say("with nothing to fail: %v", err)
			}
			break
		}
		v.prepare()
		before = x.counts()
	}
	o.whole, o.after = made[len(made)-1], len(made)-1
	for _, m := range made {
		if !maps.Equal(m, o.whole) {
			o.say("a fault left %v, and the whole is %v", m, o.whole)
		}
	}
	return o
}

// again does what was done once more: it must be refused, or done already.
func (x *trial) again(v verb, n int, now map[string]int, o *outcome) {
	if v.repeats {
		return
	}
	if err := v.do(); err != nil && fault.KindOf(err) != fault.Conflict {
		o.say("operation %d failed, and again: %v", n, err)
	}
	if again := x.counts(); !maps.Equal(now, again) {
		o.say("operation %d failed, and doing it again doubled %v", n, grown(now, again))
	}
}

func grown(from, to map[string]int) map[string]int {
	out := map[string]int{}
	for name, n := range to {
		if n != from[name] {
			out[name] = n - from[name]
		}
	}
	return out
}
