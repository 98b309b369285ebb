package roster

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/history"
)

func attrs(pairs ...string) history.Attributes {
	var a history.Attributes
	for i := 0; i < len(pairs); i += 2 {
		a[slices.Index(history.Keys, history.Key(pairs[i]))] = pairs[i+1]
	}
	return a
}

// said writes events as “day key=value …”, to compare at a glance.
func said(events []history.Event) string {
	var lines []string
	for _, e := range events {
		day := string(e.TrueOn)
		if day == "" {
			day = "-"
		}
		for _, s := range e.Set {
			day += " " + string(s.Key) + "=" + s.Value
		}
		lines = append(lines, day)
	}
	return strings.Join(lines, " | ")
}

func set(day calendar.Day, pairs ...string) history.Event {
	e := history.Event{TrueOn: day}
	for i := 0; i < len(pairs); i += 2 {
		e.Set = append(e.Set, history.Setting{Key: history.Key(pairs[i]), Value: pairs[i+1]})
	}
	return e
}

func TestCorrect(t *testing.T) {
	enrolled := set("", "cohort", "2024", "class", "k1", "sex", "1")
	for name, c := range map[string]struct {
		events []history.Event
		from   calendar.Day
		want   []string // class, sex
		says   string
	}{
		"nothing new":                  {[]history.Event{enrolled}, "", []string{"k1", "1"}, ""},
		"a correction is blank of day": {[]history.Event{enrolled}, "", []string{"k2", "1"}, "- class=k2"},
		"a move has its day":           {[]history.Event{enrolled}, "2024-03-01", []string{"k2", "1"}, "2024-03-01 class=k2"},
		"emptied":                      {[]history.Event{enrolled}, "", []string{"k1", ""}, "- sex="},
		"a correction of what moved takes the day":  {[]history.Event{enrolled, set("2024-03-01", "class", "k2")}, "", []string{"k3", "1"}, "2024-03-01 class=k3"},
		"what moved and what did not, apart":        {[]history.Event{enrolled, set("2024-03-01", "class", "k2")}, "", []string{"k3", "2"}, "- sex=2 | 2024-03-01 class=k3"},
		"back to what it was before the move":       {[]history.Event{enrolled, set("2024-03-01", "class", "k2")}, "", []string{"k1", "1"}, "2024-03-01 class=k1"},
		"the move imported again":                   {[]history.Event{enrolled, set("2024-03-01", "class", "k2")}, "2024-03-01", []string{"k2", "1"}, ""},
		"a move before one that is known":           {[]history.Event{enrolled, set("2024-03-01", "class", "k2")}, "2024-01-01", []string{"k9", "1"}, "2024-01-01 class=k9"},
		"the same value said again with a day wins": {[]history.Event{enrolled, set("2024-03-01", "class", "k1")}, "", []string{"k4", "1"}, "2024-03-01 class=k4"},
	} {
		s := standingOf(c.events, c.from)
		want := s.values
		want[slices.Index(history.Keys, history.Class)], want[slices.Index(history.Keys, history.Sex)] = c.want[0], c.want[1]
		if got := said(s.correct(want, c.from)); got != c.says {
			t.Errorf("%s: got %q, want %q", name, got, c.says)
		}
	}
}

// Whatever was said before, after the correction it is as the file says, by the
// fold that counts; and correcting once more adds nothing.
func TestCorrectionHolds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		day := rapid.SampledFrom([]calendar.Day{"", "2024-01-01", "2024-03-01", "2024-09-01"})
		value := rapid.SampledFrom([]string{"", "a", "b", "c"})
		draw := func(name string) history.Event {
			return set(day.Draw(t, name+" day"), "class", value.Draw(t, name+" class"), "sex", value.Draw(t, name+" sex"))
		}
		var events []history.Event
		for range rapid.IntRange(1, 6).Draw(t, "events") {
			events = append(events, draw("event"))
		}
		from := day.Draw(t, "from")
		want := standingOf(events, from).values
		want[slices.Index(history.Keys, history.Class)] = value.Draw(t, "class")
		want[slices.Index(history.Keys, history.Sex)] = value.Draw(t, "sex")
		events = append(events, standingOf(events, from).correct(want, from)...)

		f := history.NewFold(func(string, string) bool { return false })
		for i := range events {
			events[i].Seq = i + 1
			f.Apply(&events[i])
		}
		at := from
		if at == "" {
			at = "9999-12-31"
		}
		if got := f.On(at).Attrs; got != want {
			t.Fatalf("on %s: %v, want %v", at, got, want)
		}
		if again := standingOf(events, from).correct(want, from); len(again) > 0 {
			t.Fatalf("said once more: %s", said(again))
		}
	})
}

func TestStandingIsTheFoldsNewest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var events []history.Event
		f := history.NewFold(func(string, string) bool { return false })
		for i := range rapid.IntRange(1, 8).Draw(t, "events") {
			e := set(rapid.SampledFrom([]calendar.Day{"", "2024-01-01", "2024-03-01"}).Draw(t, "day"),
				string(rapid.SampledFrom(history.Keys).Draw(t, "key")), rapid.SampledFrom([]string{"", "x", "y"}).Draw(t, "value"))
			e.Seq = i + 1
			events = append(events, e)
			f.Apply(&e)
		}
		if got, want := standingOf(events, "").values, f.On("9999-12-31").Attrs; got != want {
			t.Fatalf("got %v, want %v", got, want)
		}
	})
}

func TestEducation(t *testing.T) {
	book := codes.Builtin()
	for name, want := range map[string]string{
		"本科": "undergraduate true", "本科生毕业": "undergraduate true", "31": "undergraduate true", "二学位": "undergraduate true",
		"硕士": "master true", "硕士研究生": "master true", "博士": "doctor true", "博士研究生": "doctor true",
		"专科": "associate true", "大专": "associate true", "高职": "associate true",
		"本科结业": "undergraduate false", "33": "undergraduate false", "本科生肄业": "undergraduate false",
		"硕士生结业": "master false", "硕士生肄业": "master false", "博士生结业": "doctor false", "专科生结业": "associate false",
	} {
		c, ok := book.Table("education").Find(name)
		if !ok {
			c, _ = book.Table("education").ByName(name)
		}
		if level, in := education(book, c.Code); level+" "+in != want {
			t.Errorf("%s: %s %s, want %s", name, level, in, want)
		}
	}
}
