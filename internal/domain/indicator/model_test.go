package indicator

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/history"
)

// The model is docs/history.md read a second time, slowly and without a fold:
// for each cut everything is searched for anew. It shares no rule with package
// history or with the columns.

// modelState is one graduate at one cut.
type modelState struct {
	attrs  map[history.Key]string
	member bool // in_statistics and not left
	runs   bool // a case runs, neither disputed nor struck
	code   string
	nature string
	detail string
}

// modelEffect is an effective change.
type modelEffect struct {
	order        int // seq at which it became effective
	act          history.Act
	trueOn       calendar.Day
	code, nature string
}

func modelAt(events []history.Event, t, k calendar.Instant) modelState {
	inside := func(d calendar.Day) bool { return d == "" || d.Start() < t }
	var known []history.Event
	for _, e := range events {
		if e.KnownAt < k {
			known = append(known, e)
		}
	}
	s := modelState{attrs: map[history.Key]string{}}
	for _, key := range history.Keys {
		var best *history.Event
		for i, e := range known {
			if _, sets := e.Set.Value(key); sets && inside(e.TrueOn) && (best == nil || e.TrueOn >= best.TrueOn) {
				best = &known[i]
			}
		}
		if best != nil {
			s.attrs[key], _ = best.Set.Value(key)
		}
	}
	s.member = s.attrs[history.InStatistics] == "true" && s.attrs[history.Left] != "true"
	modelCases(&s, known, inside)
	return s
}

func modelCases(s *modelState, known []history.Event, inside func(calendar.Day) bool) {
	type kase struct {
		id             string
		openSeq        int
		trueOn, ends   calendar.Day
		code, nature   string
		disputed, gone bool
		struck         bool
	}
	var last *kase
	waiting := ""
	for _, id := range modelNames(known, func(e history.Event) string { return e.Case }) {
		k := kase{id: id}
		var effects []modelEffect
		for _, change := range modelNames(known, func(e history.Event) string { return e.Change }) {
			steps := slices.DeleteFunc(slices.Clone(known), func(e history.Event) bool { return e.Change != change })
			if steps[0].Case != id {
				continue
			}
			if steps[0].Act == history.Open {
				k.openSeq = steps[0].Seq
			}
			if e, ok := modelEffective(steps); ok {
				effects = append(effects, e)
			}
			switch steps[len(steps)-1].Step {
			case history.Returned:
				waiting = "returned"
			case history.Submitted, history.Passed:
				waiting = "in_review"
			}
		}
		slices.SortFunc(effects, func(a, b modelEffect) int { return a.order - b.order })
		opened := false
		for _, e := range effects {
			switch e.act {
			case history.Open:
				opened, k.trueOn, k.code, k.nature = true, e.trueOn, e.code, e.nature
			case history.Amend:
				k.trueOn, k.code, k.nature = modelKeep(e.trueOn, k.trueOn), modelKeep(e.code, k.code), modelKeep(e.nature, k.nature)
			case history.End:
				k.ends = modelKeep(e.trueOn, k.ends)
			case history.Void:
				k.gone = true
			}
		}
		for _, e := range known {
			if e.Case == id && e.Mark != "" {
				k.disputed = e.Mark == history.Disputed || k.disputed && e.Mark != history.Upheld
				k.struck = e.Mark == history.Struck || k.struck && e.Mark != history.Restored
			}
		}
		if !opened || k.gone || !inside(k.trueOn) {
			continue
		}
		if last == nil || k.trueOn > last.trueOn || k.trueOn == last.trueOn && k.openSeq > last.openSeq {
			last = &k
		}
	}
	running := last != nil && !(last.ends != "" && inside(last.ends))
	switch {
	case running && last.struck:
		s.detail = "struck"
	case running && last.disputed:
		s.detail = "disputed"
	case running:
		s.runs, s.code, s.nature, s.detail = true, last.code, last.nature, "registered"
	case waiting != "":
		s.detail = waiting
	default:
		s.detail = "unregistered"
	}
}

func modelKeep[T ~string](given, held T) T {
	if given == "" {
		return held
	}
	return given
}

func modelNames(events []history.Event, name func(history.Event) string) []string {
	var out []string
	for _, e := range events {
		if n := name(e); n != "" && !slices.Contains(out, n) {
			out = append(out, n)
		}
	}
	return out
}

// modelEffective says whether, since when and with what one change is effective.
func modelEffective(steps []history.Event) (e modelEffect, ok bool) {
	e.act = steps[0].Act
	var given modelEffect
	for _, s := range steps {
		given.trueOn, given.code = modelKeep(s.TrueOn, given.trueOn), modelKeep(s.Code, given.code)
		given.nature = modelKeep(s.Counts.Nature, given.nature)
		take := func() {
			if !ok {
				e.order = s.Seq
			}
			ok, e.trueOn, e.code, e.nature = true, given.trueOn, given.code, given.nature
		}
		switch s.Step {
		case history.Recorded, history.Approved:
			take()
			return e, true
		case history.Submitted:
			noWork := strings.HasPrefix(given.code, "70") || strings.HasPrefix(given.code, "71") || strings.HasPrefix(given.code, "72")
			if noWork && (e.act == history.Open || e.act == history.Amend) {
				take()
			} else {
				ok = false
			}
		case history.Returned, history.Withdrawn, history.Refused:
			ok = false
		}
	}
	return e, ok
}

// modelCells says in which cells of school-2024 a state counts; the part is first.
func modelCells(s modelState) []string {
	if !s.runs {
		return []string{"seeking"}
	}
	switch s.code {
	case "10", "11", "271", "512", "46":
		return []string{"signed", "settled"}
	case "801", "82":
		return []string{"study", "settled"}
	case "85":
		return []string{"abroad", "settled"}
	case "12", "75", "76", "77":
		return []string{"other", "settled"}
	case "71":
		return []string{"preparing"}
	case "72-NONE":
		return []string{"not_seeking"}
	}
	return []string{"seeking"} // 70x
}

// TestModel compares the fold, the columns and the tables with the model: 1,200
// random histories at random cuts, hindsight and people included (Q1, Q2).
func TestModel(t *testing.T) {
	const schools, size, cuts = 40, 30, 12
	e := env()
	for school := range schools {
		r := rand.New(rand.NewPCG(7, uint64(school)))
		all := map[string][]history.Event{}
		c := NewColumns(ministryNoWork)
		for g := range size {
			id := fmt.Sprintf("g%02d", g)
			all[id] = randomHistory(r, id)
			c.Put(id, all[id][:r.IntN(len(all[id])+1)]) // as it grew
			c.Put(id, all[id])
		}
		for range cuts {
			cut := calendar.Cut{True: randomInstant(r), Known: randomKnown(r, all)}
			checkFold(t, all, cut)
			checkTable(t, c, e, all, cut)
		}
		if t.Failed() {
			t.Fatalf("school %d", school)
		}
	}
}

func checkFold(t *testing.T, all map[string][]history.Event, cut calendar.Cut) {
	t.Helper()
	for id, events := range all {
		want, got := modelAt(events, cut.True, cut.Known), history.At(events, cut, ministryNoWork)
		for _, k := range history.Keys {
			if got.Attrs.Value(k) != want.attrs[k] {
				t.Errorf("%s at %v: %s is %q, want %q", id, cut, k, got.Attrs.Value(k), want.attrs[k])
			}
		}
		if string(got.Detail) != want.detail || got.Code != want.code || got.Counts.Nature != want.nature {
			t.Errorf("%s at %v: %s %s %s, want %s %s %s\n%s", id, cut, got.Detail, got.Code, got.Counts.Nature, want.detail, want.code, want.nature, printed(events))
		}
	}
}

// checkTable compares a whole table by level and nature.
func checkTable(t *testing.T, c *Columns, e Env, all map[string][]history.Event, cut calendar.Cut) {
	t.Helper()
	q := Query{Table: "destination", Definition: "school-2024", Cohorts: []string{"2023", "2024"}, By: []Dim{"level", "nature"},
		AsOf: calendar.WhenAt(cut.True), KnownAt: calendar.WhenAt(cut.Known), Within: access.School()}
	want := map[string]int{}
	hindsight := 0
	people := map[string][]string{}
	for id, events := range all {
		now, then := modelAt(events, cut.True, cut.Known), modelAt(events, cut.True, min(cut.True, cut.Known))
		row, ok := modelRow(now)
		if !ok {
			continue
		}
		total := now.attrs[history.Cohort] + " total"
		for _, r := range []string{row, total} {
			want[r+" n"]++
			for _, cell := range modelCells(now) {
				want[r+" "+cell]++
				people[r+" "+cell] = append(people[r+" "+cell], id)
			}
			if modelCells(now)[0] == "seeking" {
				want[r+" seeking "+now.detail]++
			}
		}
		if was, in := modelRow(then); !in || was != row || !slices.Equal(modelCells(then), modelCells(now)) {
			hindsight++
		}
	}
	got, err := c.Count(q, e)
	if err != nil {
		t.Fatal(err)
	}
	if got.Hindsight != hindsight {
		t.Errorf("at %v: hindsight %d, want %d", cut, got.Hindsight, hindsight)
	}
	have := map[string]int{}
	for _, r := range got.Rows {
		key, sel := r.Cohort+" total", Selection{Cohort: r.Cohort}
		if !r.Total {
			key = r.Cohort + "/" + r.Values[0].Key + "/" + r.Values[1].Key
			sel.Keys = []Condition{{"level", r.Values[0].Key}, {"nature", r.Values[1].Key}}
		}
		have[key+" n"] = r.N
		for i, f := range r.Cells {
			if f.K == 0 {
				continue
			}
			cell := got.Headings[i].ID
			have[key+" "+cell] = f.K
			sel.Cell = cell
			ids, err := c.People(q, e, sel)
			slices.Sort(people[key+" "+cell])
			if err != nil || !slices.Equal(ids, people[key+" "+cell]) {
				t.Errorf("%s %s at %v: %v (%v), want %v", key, cell, cut, ids, err, people[key+" "+cell])
			}
		}
		for _, reason := range r.Seeking {
			if reason.K > 0 {
				have[key+" seeking "+string(reason.ID)] = reason.K
			}
		}
	}
	if !maps.Equal(have, want) {
		t.Errorf("at %v:\n got %v\nwant %v", cut, have, want)
	}
}

func modelRow(s modelState) (string, bool) {
	cohort := s.attrs[history.Cohort]
	return cohort + "/" + s.attrs[history.Level] + "/" + s.nature, s.member && (cohort == "2023" || cohort == "2024")
}

// TestDestinationsFold: the catalogue knows every code that can be registered.
func TestDestinationsFold(t *testing.T) {
	book := codes.Builtin()
	for _, d := range Catalogue() {
		p := plan{def: d.expand(book, School{HomeCity: "120000"}), env: Env{Book: book}}
		s := newSigner(&p)
		for _, c := range book.Table("destination").All() {
			look := s.look(&history.Destination{Detail: history.Registered, Scheme: c.Scheme, Code: c.Code})
			sign, in := s.sign(&look)
			if refused := c.Fields["refused"] != ""; in && (sign.part < 0) != (refused && d.Table == "destination") {
				t.Errorf("%s: code %s: part %d", d.ID, c.Code, sign.part)
			}
		}
	}
}
