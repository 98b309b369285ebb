package report

import (
	"testing"

	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/indicator"
	"quxiang/internal/domain/release"
)

func TestStageOf(t *testing.T) {
	for day, want := range map[calendar.Day]string{
		"2024-08-14": "", "2024-08-15": firstStage, "2024-08-31": firstStage, "2024-09-30": firstStage, "2024-10-01": "",
		"2024-12-14": "", "2024-12-15": finalStage, "2024-12-31": finalStage, "2025-01-01": "", "2023-08-31": "", "2025-08-31": "",
	} {
		if got := stageOf("2024", day); got != want {
			t.Errorf("%s: %q, not %q", day, got, want)
		}
	}
}

// TestTwin: the other stage of a released report is released itself; what was released last
// goes before all others.
func TestTwin(t *testing.T) {
	snap := func(name, cohort string, day calendar.Day, released calendar.Instant) release.Snapshot {
		s := release.Snapshot{Name: name, Cohort: cohort, Definition: "moe-2024", Cut: calendar.Cut{True: day.AddDays(1).Start()}}
		if released > 0 {
			s.Release = &release.Approval{At: released}
		}
		return s
	}
	first, old := snap("first", "2024", "2024-08-31", 0), snap("old", "2023", "2023-12-31", 9)
	frozen, public, later := snap("frozen", "2024", "2024-12-31", 0), snap("public", "2024", "2024-12-31", 5), snap("later", "2024", "2024-12-30", 7)
	other := snap("other", "2024", "2024-12-31", 8)
	other.Definition = "school-2024"
	released := first
	released.Release = &release.Approval{At: 1}
	for _, c := range []struct {
		own  release.Snapshot
		all  []release.Snapshot
		want string
	}{
		{first, []release.Snapshot{first, old, other}, ""},
		{first, []release.Snapshot{first, frozen}, "frozen"},
		{released, []release.Snapshot{first, frozen}, ""},
		{first, []release.Snapshot{later, public, frozen, first}, "later"},
		{released, []release.Snapshot{frozen, public}, "public"},
		{frozen, []release.Snapshot{first, public}, "first"},
		{snap("between", "2024", "2024-10-31", 0), []release.Snapshot{first, frozen}, ""},
	} {
		got := ""
		if x := twin(c.all, c.own); x != nil {
			got = x.Name
		}
		if got != c.want {
			t.Errorf("beside %s stands %q, not %q", c.own.Name, got, c.want)
		}
	}
}

// TestAreas: each province is in one group and the school's own stands for itself, so that
// a matrix of them adds up.
func TestAreas(t *testing.T) {
	f := &figures{home: "120000"}
	for code, want := range map[string]string{"120000": ownProvince, "110000": "华北", "230000": "东北", "370000": "华东", "460000": "中南",
		"540000": "西南", "650000": "西北", "710000": "港澳台", "810000": "港澳台", "": unknownArea, "海外": unknownArea, "990000": unknownArea} {
		if got := f.areaOf(code); got != want {
			t.Errorf("%s: %s, not %s", code, got, want)
		}
	}
	if got := (&figures{}).areaOf("120000"); got != "华北" {
		t.Errorf("of a school that has not told where it is: %s", got)
	}
}

func TestNamedOrigins(t *testing.T) {
	table := &indicator.Table{}
	for _, key := range []string{"110000", "120000", ""} {
		table.Rows = append(table.Rows, indicator.Row{Values: []indicator.Value{{Dim: "origin", Key: key, Name: "N" + key}}})
	}
	f := &figures{home: "120000"}
	for value, want := range map[string]string{ownProvince: "120000", elsewhere: "110000"} {
		got, err := f.named(table, condition{"origin", []string{value}})
		if err != nil || len(got.values) != 1 || got.values[0] != want {
			t.Errorf("%s: %v, %v", value, got.values, err)
		}
	}
	if _, err := (&figures{}).named(table, condition{"origin", []string{ownProvince}}); !isAbsent(err) {
		t.Errorf("a school that has not told where it is: %v", err)
	}
}
