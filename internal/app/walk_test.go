package app_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
	"testing"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/destination"
	"quxiang/internal/domain/history"
	"quxiang/internal/store"
)

// unaudited are the tables whose rows change without an entry of the trail, and why.
var unaudited = map[string]string{
	"audit": "the trail itself", "checkpoint": "made of the trail", "meta": "how far time has come", "imprint": "of rows that changed",
	"form_answer": "of forms, once their verb has written", "draft": "nobody's word yet", "account": "when somebody was last here", "shown": "made of the trail",
}

// moment is what lies in the store between two steps: rows of what is audited, and
// the entries of the trail.
type moment struct {
	rows    map[string]bool
	entries map[string]string // id → action
}

func (c *campus) moment() moment {
	c.t.Helper()
	out := moment{map[string]bool{}, map[string]string{}}
	var tables []store.DumpTable
	err := c.app.Store.Dump(c.t.Context(), func(d store.Dump) error { tables = d.Tables; return nil }, func(i int, cells []any) error {
		switch t := tables[i]; {
		case t.Name == "audit":
			out.entries[fmt.Sprint(cells[slices.Index(t.Columns, "id")])] = fmt.Sprint(cells[slices.Index(t.Columns, "action")])
		case unaudited[t.Name] == "":
			out.rows[t.Name+fmt.Sprint(cells...)] = true
		}
		return nil
	})
	if err != nil {
		c.t.Fatal(err)
	}
	return out
}

// differs says how many rows of which tables came or went, and which entries came.
func (p moment) differs(before moment) (rows map[string]int, entries []string) {
	rows = map[string]int{}
	table := func(r string) string {
		return r[:strings.IndexFunc(r, func(x rune) bool { return (x < 'a' || x > 'z') && x != '_' })]
	}
	for r := range p.rows {
		if !before.rows[r] {
			rows[table(r)]++
		}
	}
	for r := range before.rows {
		if !p.rows[r] {
			rows[table(r)]++
		}
	}
	for id, action := range p.entries {
		if before.entries[id] == "" && action != "audit.checkpoint" && !strings.HasPrefix(action, "destination.draft.") {
			entries = append(entries, action)
		}
	}
	return rows, entries
}

// looks are the actions that are written down and change nothing.
var looks = map[string]bool{"people.reveal": true, "people.view": true, "evidence.view": true}

// walker is somebody who walks: a browser, and the token of its forms.
type walker struct {
	*window
	name, token string
}

func (c *campus) walker(name string, w *window) walker {
	found := tokenInPage.FindStringSubmatch(w.get("/me").Body.String())
	if found == nil {
		c.t.Fatal("no form for ", name)
	}
	return walker{w, name, found[1]}
}

func (w walker) does(to string, fields ...string) (string, int) {
	form := url.Values{"form_token": {w.token}}
	for i := 0; i+1 < len(fields); i += 2 {
		form.Set(fields[i], fields[i+1])
	}
	return w.name + " " + to, w.window.send("POST", to, form).Code
}

// step is one thing that somebody does on the pages, whether they may or not.
func (c *campus) step(rng *rand.Rand, students, staff []walker, numbers []string) (what string, status int) {
	n := rng.IntN(len(students))
	me, no := students[n], numbers[n]
	story := c.story(no)
	change := absentID
	if len(story) > 0 {
		change = story[len(story)-1].Change
	}
	level := rng.IntN(len(staff))
	word := staff[level]
	pick := func(of ...string) string { return of[rng.IntN(len(of))] }
	switch rng.IntN(15) {
	case 0, 1:
		return me.does("/mine/register", "code", pick("72-NONE", "70-SEEK", "99"))
	case 2, 3, 4:
		return me.does("/mine/register/form", "code", "72-NONE", "reason_text", pick("个人原因", "个人原因", ""), "attest", pick("yes", "yes", "no"), "do", "submit")
	case 5:
		return me.does("/mine/withdraw/"+change, "reason", pick("填错了", ""))
	case 6:
		return me.does("/mine/source/class", "value", c.unit("药学一班"), "note", pick("分班后没有更新", ""))
	case 7:
		return me.does("/mine/source/class/back")
	case 8:
		return word.does("/graduates/"+c.graduate(no)+"/reveal", "field", "phone", "reason", pick("联系不上", ""))
	default:
		return word.does("/review/"+c.graduate(no)+"/"+change+"/"+pick("pass", "pass", "return", "refuse"), "level", pick(fmt.Sprint(level+1), fmt.Sprint(level+1), "2"), "seen", "yes", "reason", "1", "note", "核过")
	}
}

// TestAWalkIsWrittenDown (Q9, Q4; S15, C8): graduates and staff do at random what pages
// let them and what they do not. Whatever is refused has written nothing; whatever
// changed a row of what is audited has written one entry, and only that; a look writes
// one and changes nothing; and nobody comes or goes by it.
func TestAWalkIsWrittenDown(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		rng := rand.New(rand.NewPCG(9, 4))
		numbers := []string{"240001", "240003", "240005"}
		var students, staff []walker
		for _, no := range numbers {
			students = append(students, c.walker(no, c.student(no)))
		}
		a, _, b, o := c.reviewers()
		for i, w := range []*window{a, b, o} { // in the order in which they decide
			staff = append(staff, c.walker([]string{"counsellor", "secretary", "office"}[i], w))
		}
		before, did := c.moment(), map[string]int{}
		steps := 160
		if strings.HasSuffix(t.Name(), "postgres") {
			steps = 40
		}
		people := c.people()
		for i := range steps {
			what, status := c.step(rng, students, staff, numbers)
			now := c.moment()
			rows, entries := now.differs(before)
			before = now
			looked := len(entries) == 1 && looks[entries[0]]
			switch {
			case status >= 500:
				t.Fatalf("step %d, %s: %d", i, what, status)
			case status >= 400 && len(rows)+len(entries) > 0:
				t.Errorf("step %d, %s: refused with %d, and wrote %v %v", i, what, status, rows, entries)
			case len(rows) > 0 && (len(entries) != 1 || looked):
				t.Errorf("step %d, %s: %v changed, %v written down", i, what, rows, entries)
			case len(rows) == 0 && len(entries) > 0 && !looked:
				t.Errorf("step %d, %s: nothing changed, %v written down", i, what, entries)
			}
			for _, e := range entries {
				did[e]++
			}
		}
		if n := c.people(); n != people {
			t.Errorf("%d people after the walk, %d before", n, people)
		}
		for _, e := range []string{"destination.submit", "destination.withdraw", "destination.pass", "destination.return", "people.reveal"} {
			if did[e] == 0 && steps > 100 {
				t.Errorf("the walk never came to %s: %v", e, did)
			}
		}
	})
}

// people is how many there are, each counted in one state and no more.
func (c *campus) people() int {
	c.t.Helper()
	list, err := c.app.Store.Graduates(c.t.Context(), access.School(), "2024", "", 500)
	if err != nil {
		c.t.Fatal(err)
	}
	return len(list)
}

// TestWithdrawingUndoesASubmission (Q4): on every day somebody is what they were before
// they submitted, and the history is longer by two.
func TestWithdrawingUndoesASubmission(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		for _, no := range []string{"240001", "240002"} { // without a destination, and with one
			at := func(day calendar.Day) string {
				cut := calendar.Cut{True: day.AddDays(1).Start(), Known: calendar.Forever}
				s := history.At(c.story(no), cut, destination.NoWork(codes.Builtin()))
				return fmt.Sprintf("%+v", s.Counts)
			}
			days := []calendar.Day{"2024-06-19", "2024-06-20", c.today(), c.today().AddDays(30)}
			var before []string
			for _, d := range days {
				before = append(before, at(d))
			}
			self := access.Actor{Account: "self-" + no, Grants: []access.Grant{{Role: access.Graduate, Over: access.Self(c.graduate(no))}}}
			n := len(c.story(no))
			change, err := c.app.Destinations.Submit(t.Context(), self, c.enlisting(self, no))
			if err != nil {
				t.Fatal(err)
			}
			if err := c.app.Destinations.Withdraw(t.Context(), self, c.graduate(no), change, "填错了"); err != nil {
				t.Fatal(err)
			}
			for i, d := range days {
				if got := at(d); got != before[i] {
					t.Errorf("%s on %s: %s, before %s", no, d, got, before[i])
				}
			}
			if got := len(c.story(no)); got != n+2 {
				t.Errorf("%s: %d events, before %d", no, got, n)
			}
		}
	})
}

// enlisting is a whole registration of somebody who joins the army.
func (c *campus) enlisting(self access.Actor, no string) destination.Draft {
	c.t.Helper()
	id := c.graduate(no)
	doc, err := c.app.Destinations.Upload(context.Background(), self, id, "MIL", photo(c.t, 40))
	if err != nil {
		c.t.Fatal(err)
	}
	return destination.Draft{Graduate: id, Act: history.Open, Code: "46", Fields: history.Fields{"enlist_day": "2024-06-20", "enlist_office": "丙县武装部"},
		Evidence: []history.Evidence{{SHA256: doc.SHA256, Kind: "MIL"}}}
}
