package app_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/history"
	"quxiang/internal/domain/indicator"
	"quxiang/internal/domain/roster"
	"quxiang/internal/store"
	"quxiang/internal/store/storetest"
)

// recountScript is the script that docs/recount.md gives to an inspector.
const recountScript = "../../docs/recount.py"

// runRecount runs the script. It is part of what is promised, so CI needs it.
func runRecount(t *testing.T, args ...string) string {
	t.Helper()
	path, err := exec.LookPath("python3")
	if err != nil {
		if os.Getenv("QUXIANG_CI") != "" {
			t.Fatal("no python3: ", err)
		}
		t.Skip("no python3: ", err)
	}
	var complaint bytes.Buffer
	run := exec.Command(path, append([]string{recountScript}, args...)...)
	run.Stderr = &complaint
	out, err := run.Output()
	if err != nil {
		t.Fatalf("recount.py %v: %v\n%s", args, err, complaint.String())
	}
	return string(out)
}

// recountRows is a table in the form that both sides can be brought into: row →
// column → text.
type recountRows map[string]map[string]string

// recountPrinted reads what the script printed.
func recountPrinted(printed string) recountRows {
	lines := strings.Split(strings.TrimSuffix(printed, "\n"), "\n")
	heads := strings.Split(lines[0], "\t")
	out := recountRows{}
	for _, l := range lines[1:] {
		row := map[string]string{}
		for i, v := range strings.Split(l, "\t") {
			row[heads[i]] = v
		}
		out[row["level"]] = row
	}
	return out
}

// recountTable reads a table by level.
func recountTable(table indicator.Table) recountRows {
	out := recountRows{}
	for _, r := range table.Rows {
		row := map[string]string{"level": "total", "n": fmt.Sprint(r.N)}
		if !r.Total {
			row["level"] = r.Values[0].Key
		}
		for i, c := range r.Cells {
			row[table.Headings[i].ID], row[table.Headings[i].ID+"_pct"] = fmt.Sprint(c.K), c.Percent()
		}
		out[row["level"]] = row
	}
	return out
}

// recountQuery is Table 1-1: the school's own definition by level.
func recountQuery(asOf calendar.Day, known calendar.Instant) indicator.Query {
	return indicator.Query{Table: "destination", Definition: "school-2024", Cohorts: []string{"2024"}, By: []indicator.Dim{"level"},
		AsOf: calendar.WhenAt(asOf.AddDays(1).Start()), KnownAt: calendar.WhenAt(known), Within: access.School()}
}

// TestRecount: at random cuts of random histories the script, which knows of the
// program only the file, counts what the program counts (P2, Q1).
func TestRecount(t *testing.T) {
	cuts := map[string]int{"sqlite": 20, "postgres": 4}
	storetest.EachConfig(t, func(t *testing.T, c store.Config) {
		f := newFrozen(t, c)
		rng := rand.New(rand.NewPCG(7, 11))
		w := newWalk(rng, "2024", 500)
		f.load(w)
		path := f.export("2024")
		seen := map[string]bool{}
		for range cuts[filepath.Base(t.Name())] {
			asOf, known := walkDay(rng.IntN(110)), walkPick(rng, w.events...).KnownAt // to the millisecond: the bound is outside
			if rng.IntN(2) > 0 {
				known = calendar.Day("2024-10-01").Start()
			}
			table, err := f.count(t.Context(), recountQuery(asOf, known))
			if err != nil {
				t.Fatal(err)
			}
			want := recountTable(table)
			got := recountPrinted(runRecount(t, path, "--cohort", "2024", "--as-of", string(asOf), "--known-at", known.String()))
			if !maps.EqualFunc(got, want, maps.Equal) {
				t.Fatalf("as of %s, known at %s:\n script  %v\n program %v", asOf, known, got, want)
			}
			for column, v := range want["total"] {
				seen[column] = seen[column] || v != "0"
			}
		}
		for _, column := range []string{"n", "signed", "study", "abroad", "other", "preparing", "not_seeking", "seeking"} {
			if !seen[column] {
				t.Errorf("no cut put anybody into %s", column)
			}
		}
	})
}

// TestRecountTable11 is the reconstruction of the published table, down to the
// last digit, recounted from the file.
func TestRecountTable11(t *testing.T) {
	f := newFrozen(t, storetest.SQLite(t))
	w := newWalk(rand.New(rand.NewPCG(1, 1)), "2024", 0)
	codes := []string{"10", "801", "85", "12", "71", "72-NONE", ""}
	for _, level := range []struct {
		id string
		k  []int
	}{
		{"undergraduate", []int{229, 657, 11, 24, 1, 0, 195}},
		{"master", []int{701, 301, 15, 61, 0, 0, 149}},
		{"doctor", []int{278, 0, 5, 18, 0, 0, 15}},
	} {
		for i, n := range level.k {
			for range n {
				w.one(level.id, codes[i])
			}
		}
	}
	f.load(w)
	printed := recountPrinted(runRecount(t, f.export("2024"), "--cohort", "2024", "--as-of", "2024-08-31", "--known-at", "2024-09-10"))
	for level, want := range map[string]map[string]string{
		"undergraduate": {"n": "1117", "settled": "921", "settled_pct": "82.45", "study": "657", "signed": "229", "seeking": "195", "seeking_pct": "17.46"},
		"master":        {"n": "1227", "settled": "1078", "settled_pct": "87.86", "signed": "701", "signed_pct": "57.13"},
		"doctor":        {"n": "316", "settled": "301", "settled_pct": "95.25"},
		"total":         {"n": "2660", "settled": "2300", "settled_pct": "86.47", "signed": "1208", "signed_pct": "45.41", "preparing": "1", "preparing_pct": "0.04"},
	} {
		for column, v := range want {
			if got := printed[level][column]; got != v {
				t.Errorf("%s %s: the script prints %s, want %s", level, column, got, v)
			}
		}
	}
	table, err := f.count(t.Context(), recountQuery("2024-08-31", calendar.Day("2024-09-11").Start()))
	if err != nil || !maps.EqualFunc(printed, recountTable(table), maps.Equal) {
		t.Errorf("stats says otherwise: %v, %v", recountTable(table), err)
	}
}

// TestRecountPage: the page carries the script as it is.
func TestRecountPage(t *testing.T) {
	script, err := os.ReadFile(recountScript)
	if err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile("../../docs/recount.md")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(page), "```python\n"+string(script)+"```\n") {
		t.Error("docs/recount.md does not carry docs/recount.py as it is")
	}
}

// TestExportEvents: everyone who was ever in the cohort, by pseudonym and seq,
// and nothing that a stranger must not read.
func TestExportEvents(t *testing.T) {
	storetest.EachConfig(t, func(t *testing.T, c store.Config) {
		f := newFrozen(t, c)
		w := newWalk(rand.New(rand.NewPCG(3, 5)), "2024", 40)
		moved, other := w.one("master", "10"), w.one("master", "10")
		w.person(moved, "2024-07-01", history.Setting{Key: history.Cohort, Value: "2025"})
		w.events[w.first[other]].Set[0].Value = "2023"
		f.load(w)
		file, err := os.ReadFile(f.export("2024"))
		if err != nil {
			t.Fatal(err)
		}
		var order []string
		lines := map[string]int{}
		for l := range strings.Lines(string(file)) {
			var line struct {
				Graduate string
				Seq      int
				Set      map[string]any
			}
			if err := json.Unmarshal([]byte(l), &line); err != nil {
				t.Fatal(err)
			}
			if lines[line.Graduate]++; line.Seq != lines[line.Graduate] {
				t.Errorf("%s: seq %d on line %d", line.Graduate, line.Seq, lines[line.Graduate])
			}
			if line.Seq == 1 {
				order = append(order, line.Graduate)
			}
			for _, key := range []string{"ethnicity", "origin", "difficulty"} {
				if _, ok := line.Set[key]; ok {
					t.Errorf("%s stands in %s", key, l)
				}
			}
		}
		if !slices.IsSorted(order) {
			t.Error("not in the order of pseudonyms")
		}
		for id, n := range w.seq {
			if got := lines[f.vault.Pseudonym(id)]; id != other && got != n {
				t.Errorf("%s: %d of %d events", id, got, n)
			}
		}
		if lines[f.vault.Pseudonym(other)] != 0 {
			t.Error("somebody of another cohort is in the file")
		}
		for _, secret := range append(slices.Collect(maps.Keys(w.seq)), "某医院", "8000", "reason", "actor") {
			if bytes.Contains(file, []byte(secret)) {
				t.Errorf("%q is in the file", secret)
			}
		}
		secretary := access.Actor{Account: "a1", Grants: []access.Grant{{Role: access.CollegeSecretary, Over: access.Colleges("c1")}}}
		if _, _, err := f.releases.ExportEvents(t.Context(), secretary, "2024", &bytes.Buffer{}); err == nil {
			t.Error("a college's secretary exported the whole cohort")
		}
	})
}

// walk makes random histories, wilder than the rules of review allow: what the
// fold makes of them is what docs/history.md says, and nothing else.
type walk struct {
	rng    *rand.Rand
	cohort string
	people []roster.StagedGraduate
	events []history.Event
	seq    map[string]int
	known  map[string]calendar.Instant
	first  map[string]int // graduate → index of the first event
}

// walkStart is when the first of a walk's events become known.
var walkStart = calendar.Day("2024-06-01").Start()

// walkDay is the n-th day of a walk.
func walkDay(n int) calendar.Day { return calendar.DayOf(walkStart).AddDays(n) }

func newWalk(rng *rand.Rand, cohort string, people int) *walk {
	w := &walk{rng: rng, cohort: cohort, seq: map[string]int{}, known: map[string]calendar.Instant{}, first: map[string]int{}}
	for range people {
		id := w.enrol(walkPick(rng, "undergraduate", "undergraduate", "master", "doctor"))
		for range rng.IntN(16) {
			w.step(id)
		}
	}
	return w
}

// walkName is the id of a graduate's n-th change or case, without that of the graduate.
func walkName(kind, id string, n int) string { return fmt.Sprintf("%s%s-%d", kind, id[len(id)-5:], n) }

func walkPick[T any](rng *rand.Rand, list ...T) T { return list[rng.IntN(len(list))] }

// add appends an event some hours after the graduate's newest.
func (w *walk) add(id string, e history.Event) {
	w.seq[id]++
	if w.known[id] == 0 {
		w.known[id] = walkStart
	}
	w.known[id] += calendar.Instant(w.rng.Int64N(12*24*3600*1000)) * calendar.Instant(w.rng.IntN(2))
	e.Graduate, e.Seq, e.KnownAt, e.Actor = id, w.seq[id], w.known[id], "actor"
	w.events = append(w.events, e)
}

func (w *walk) enrol(level string) string {
	id := fmt.Sprintf("graduate-%s-%05d", w.cohort, len(w.people))
	w.people = append(w.people, roster.StagedGraduate{Graduate: roster.Graduate{ID: id, StudentNo: "S" + id, Name: "某某"}})
	w.first[id] = len(w.events)
	w.add(id, history.Event{Set: history.Settings{
		{Key: history.Cohort, Value: w.cohort}, {Key: history.Level, Value: level}, {Key: history.College, Value: walkPick(w.rng, "c1", "c2")},
		{Key: history.Class, Value: walkPick(w.rng, "k1", "k2", "k3")}, {Key: history.Sex, Value: walkPick(w.rng, "1", "2")},
		{Key: history.Ethnicity, Value: walkPick(w.rng, "01", "01", "05")}, {Key: history.Origin, Value: "120101"},
		{Key: history.Difficulty, Value: walkPick(w.rng, "0", "0", "1", "2", "4")},
		{Key: history.InStatistics, Value: history.True}}})
	return id
}

// one is somebody whose one case was submitted and approved; without a code
// nobody heard of them.
func (w *walk) one(level, code string) string {
	id := w.enrol(level)
	if code == "" {
		return id
	}
	e := history.Event{Change: walkName("x", id, 0), Step: history.Submitted, Act: history.Open, Case: walkName("k", id, 0), TrueOn: "2024-06-20", Scheme: "MOE-2021", Code: code}
	w.add(id, e)
	e.Step, e.TrueOn, e.Scheme, e.Code = history.Approved, "", "", ""
	w.add(id, e)
	return id
}

func (w *walk) person(id string, on calendar.Day, set ...history.Setting) {
	w.add(id, history.Event{TrueOn: on, Set: set})
}

// step adds a random event: mostly the next step of some change.
func (w *walk) step(id string) {
	rng := w.rng
	day := calendar.Day("")
	if rng.IntN(3) > 0 {
		day = walkDay(7 * rng.IntN(14)) // few days, so that cases meet on one
	}
	kase := walkName("k", id, rng.IntN(3))
	switch n := rng.IntN(20); {
	case n == 0:
		w.person(id, day, walkPick(rng,
			history.Setting{Key: history.Level, Value: walkPick(rng, "master", "associate", "")},
			history.Setting{Key: history.Cohort, Value: walkPick(rng, "2023", w.cohort)},
			history.Setting{Key: history.Left, Value: walkPick(rng, history.True, history.False)},
			history.Setting{Key: history.InStatistics, Value: walkPick(rng, history.True, history.False)}))
	case n < 4:
		w.add(id, history.Event{Case: kase, Reason: "reason", Mark: walkPick(rng, history.Disputed, history.Disputed, history.Upheld,
			history.Struck, history.Restored, history.Replied, history.Seen, history.EmployerConfirmed)})
	default:
		w.change(id, kase, day)
	}
}

// change takes some change further, or begins it; its number fixes act and case.
func (w *walk) change(id, kase string, day calendar.Day) {
	rng := w.rng
	e := history.Event{TrueOn: day, Act: walkPick(rng, history.Open, history.Open, history.Open, history.Open, history.Amend, history.Amend,
		history.Amend, history.End, history.End, history.End, history.Void),
		Change: walkName("x", id, rng.IntN(5)), Case: kase,
		Step: walkPick(rng, history.Submitted, history.Submitted, history.Submitted, history.Approved, history.Approved, history.Recorded,
			history.Proposed, history.Passed, history.Returned, history.Withdrawn, history.Refused)}
	begun := -1
	for i := w.first[id]; i < len(w.events) && begun < 0; i++ {
		if b := &w.events[i]; b.Change == e.Change {
			begun, e.Act, e.Case = i, b.Act, b.Case
		}
	}
	if e.Act == history.End && rng.IntN(4) > 0 {
		e.TrueOn = walkDay(40 + 20*rng.IntN(4))
	}
	if rng.IntN(4) > 0 || begun < 0 && e.Act == history.Open { // no case is opened without a code
		e.Scheme, e.Code = "MOE-2021", walkPick(rng, "10", "11", "12", "271", "46", "502", "512", "75", "76", "77", "801", "81", "85",
			"70", "70-SEEK", "71", "72-NONE", "72-ABROAD")
		e.Counts = history.Counted{Nature: walkPick(rng, "", "23", "39", history.Emptied), Region: walkPick(rng, "", "120101")}
		e.Fields = history.Fields{"employer_name": "某医院", "pay": "8000"}
	}
	w.add(id, e)
}
