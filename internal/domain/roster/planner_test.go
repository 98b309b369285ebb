package roster

import (
	"strings"
	"testing"

	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/exchange"
	"quxiang/internal/domain/history"
)

func planning(opts ImportOptions) *planner {
	return &planner{book: codes.Builtin(), units: school(), opts: opts, newID: func() string { return "g1" }}
}

func row(pairs ...string) exchange.Line {
	l := exchange.Line{Number: 2, Values: exchange.Values{}}
	for i := 0; i < len(pairs); i += 2 {
		l.Values[pairs[i]] = pairs[i+1]
	}
	return l
}

func TestEnrol(t *testing.T) {
	base := []string{"student_no", "S1", "name", "某甲", "education", "31"}
	for name, c := range map[string]struct {
		opts ImportOptions
		more []string
		says string
	}{
		"the cohort of the import":     {ImportOptions{Cohort: "2024"}, nil, "- cohort=2024 level=undergraduate in_statistics=true"},
		"the import's before the rows": {ImportOptions{Cohort: "2024"}, []string{"cohort", "2023"}, "- cohort=2024 level=undergraduate in_statistics=true"},
		"the cohort of the row":        {ImportOptions{}, []string{"cohort", "2023"}, "- cohort=2023 level=undergraduate in_statistics=true"},
		"the year of graduation":       {ImportOptions{}, []string{"graduation_year", "2023", "graduation_day", "2024-01-05"}, "- cohort=2023 level=undergraduate in_statistics=true"},
		"the day of graduation":        {ImportOptions{}, []string{"graduation_day", "2024-06"}, "- cohort=2024 level=undergraduate in_statistics=true"},
		"结业 does not count":            {ImportOptions{Cohort: "2024"}, []string{"education", "33"}, "- cohort=2024 level=undergraduate in_statistics=false"},
		"from a day on":                {ImportOptions{Cohort: "2024", TrueFrom: "2024-03-01"}, []string{"sex", "2"}, "2024-03-01 cohort=2024 level=undergraduate sex=2 in_statistics=true"},
		"a hardship is an event too":   {ImportOptions{Cohort: "2024"}, []string{"difficulty", "2"}, "- cohort=2024 level=undergraduate difficulty=2 in_statistics=true"},
	} {
		p := planning(c.opts).enrol(row(append(append([]string{}, base...), c.more...)...))
		if got := said(p.events); got != c.says {
			t.Errorf("%s: got %q, want %q", name, got, c.says)
		}
		if p.graduate.Attrs.Value(history.Difficulty) != "" {
			t.Errorf("%s: a hardship lies readable", name)
		}
		if p.graduate.Seq != 1 || p.expect != 0 || p.former != nil {
			t.Errorf("%s: %+v", name, p)
		}
	}
}

// somebody is a graduate as two earlier imports left them.
func somebody(moved calendar.Day) (Graduate, []history.Event) {
	events := []history.Event{set("", "cohort", "2024", "level", "undergraduate", "college", "c01", "major", "m001", "class", "k0003",
		"sex", "1", "difficulty", "2", "in_statistics", "true")}
	if moved != "" {
		events = append(events, set(moved, "class", "k0009"))
	}
	for i := range events {
		events[i].Graduate, events[i].Seq = "g1", i+1
	}
	g := Graduate{ID: "g1", StudentNo: "S1", Name: "某甲", Seq: len(events), Attrs: standingOf(events, "").values,
		Profile: history.Fields{"education": "31", "politics": "03"}, Secret: history.Fields{"phone": "10000000001"}}
	g.Attrs[9] = "" // difficulty
	return g, events
}

func TestUpdate(t *testing.T) {
	for name, c := range map[string]struct {
		values []string
		says   string
		lines  int
	}{
		"the same":                        {[]string{"name", "某甲", "education", "31", "sex", "1", "politics", "03", "phone", "10000000001", "difficulty", "2"}, "", 0},
		"blank keeps":                     {[]string{"name", "某甲"}, "", 0},
		"a counted value":                 {[]string{"sex", "2"}, "- sex=2", 1},
		"an uncounted one is no event":    {[]string{"politics", "01"}, "", 1},
		"a secret one neither":            {[]string{"phone", "10000000002"}, "", 1},
		"emptied":                         {[]string{"politics", "", "difficulty", ""}, "- difficulty=", 2},
		"the name":                        {[]string{"name", "某乙"}, "", 1},
		"结业 instead":                      {[]string{"education", "33"}, "- in_statistics=false", 2},
		"the same education decides none": {[]string{"education", "31"}, "", 0},
		"the other number":                {[]string{"exam_no", "E1"}, "", 1},
	} {
		g, events := somebody("")
		p := planning(ImportOptions{Cohort: "2024"}).update(row(append([]string{"student_no", "S1"}, c.values...)...), g, events)
		if got := said(p.events); got != c.says || len(p.lines) != c.lines {
			t.Errorf("%s: got %q and %v, want %q and %d", name, got, p.lines, c.says, c.lines)
		}
		for _, l := range p.lines {
			if strings.Contains(l.Before+l.After+l.Text, "1000000000") || l.Field == "困难生类别" && l.Before+l.After != "" {
				t.Errorf("%s: a secret is printed: %+v", name, l)
			}
		}
		if old, _ := somebody(""); g.Profile["politics"] != old.Profile["politics"] || p.former.Secret["phone"] != "10000000001" {
			t.Errorf("%s: the former fields changed with the new ones", name)
		}
	}
}

func TestUpdateAfterAHandDecidedWhoCounts(t *testing.T) {
	g, events := somebody("")
	e := set("", "in_statistics", "false")
	e.Seq = 2
	events = append(events, e)
	g.Attrs = standingOf(events, "").values
	p := planning(ImportOptions{Cohort: "2024"}).update(row("student_no", "S1", "education", "31"), g, events)
	if p.changes() {
		t.Errorf("an education that was known already decided it again: %v", p.lines)
	}
}

func TestUpdateOfSomebodyWhoseProfileSaysNoEducation(t *testing.T) {
	g, events := somebody("")
	delete(g.Profile, "education")
	if p := planning(ImportOptions{}).update(row("student_no", "S1", "education", "31"), g, events); p.changes() {
		t.Errorf("counts the same, and yet %v", p.lines)
	}
	if p := planning(ImportOptions{}).update(row("student_no", "S1", "education", "33"), g, events); said(p.events) != "- in_statistics=false" {
		t.Errorf("%s", said(p.events))
	}
}

func TestUpdateTakesBackWhoLeft(t *testing.T) {
	g, events := somebody("")
	e := set("", "left", "true")
	e.Seq = 2
	events = append(events, e)
	g.Attrs = standingOf(events, "").values
	p := planning(ImportOptions{Cohort: "2024"}).update(row("student_no", "S1", "name", "某甲"), g, events)
	if got := said(p.events); got != "- left=false" || len(p.lines) != 1 || p.events[0].Seq != 3 {
		t.Errorf("%q %v", got, p.lines)
	}
}

func TestUpdateOfWhoMovedCorrectsTheMove(t *testing.T) {
	g, events := somebody("2024-03-01")
	p := planning(ImportOptions{Cohort: "2024"}).update(row("student_no", "S1", "class", "三班"), g, events)
	if got := said(p.events); got != "2024-03-01 class=k0004" {
		t.Errorf("%q", got)
	}
}
