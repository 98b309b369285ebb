package roster

import (
	"testing"

	"quxiang/internal/domain/history"
)

func school() *directory {
	return newDirectory([]Unit{
		{ID: "c01", Kind: College, Name: "临床医学院"}, {ID: "c07", Kind: College, Name: "护理学院"},
		{ID: "m001", Kind: Major, Parent: "c01", Name: "临床医学(五年制)"}, {ID: "m012", Kind: Major, Parent: "c07", Name: "护理学"},
		{ID: "k0003", Kind: Class, Parent: "m001", Cohort: "2024", Name: "一班"},
	})
}

func TestPlace(t *testing.T) {
	now := attrs("cohort", "2024", "college", "c01", "major", "m001", "class", "k0003")
	text := func(s string) *string { return &s }
	for name, c := range map[string]struct {
		now  history.Attributes
		p    placing
		want string // college major class
		made int
	}{
		"nothing said":                       {now, placing{cohort: "2024"}, "c01 m001 k0003", 0},
		"the same said":                      {now, placing{text("临床医学院"), text("临床医学（五年制）"), text("一班"), "", "2024"}, "c01 m001 k0003", 0},
		"another class":                      {now, placing{class: text("二班"), cohort: "2024"}, "c01 m001 k0004", 1},
		"another college takes names along":  {now, placing{college: text("护理学院"), cohort: "2024"}, "c07 m013 k0004", 2},
		"another major takes the class":      {now, placing{major: text("麻醉学"), cohort: "2024"}, "c01 m013 k0004", 2},
		"another cohort takes the class":     {now, placing{cohort: "2025"}, "c01 m001 k0004", 1},
		"class emptied":                      {now, placing{class: text(""), cohort: "2024"}, "c01 m001 ", 0},
		"somebody new":                       {history.Attributes{}, placing{text("护理学院"), text("护理学"), text("一班"), "", "2024"}, "c07 m012 k0004", 1},
		"somebody new in a new college":      {history.Attributes{}, placing{text("药学院"), text("护理学"), nil, "", "2024"}, "c08 m013 ", 2},
		"somebody new with a major alone":    {history.Attributes{}, placing{major: text("护理学"), cohort: "2024"}, " m013 ", 1},
		"a major that stands under no other": {attrs("cohort", "2024", "college", "c07", "major", "m001"), placing{text("护理学院"), text("临床医学(五年制)"), nil, "", "2024"}, "c07 m001 ", 0},
	} {
		d := school()
		college, major, class := d.place(c.now, c.p)
		if got := college + " " + major + " " + class; got != c.want || len(d.created) != c.made {
			t.Errorf("%s: got %q and %d new, want %q and %d", name, got, len(d.created), c.want, c.made)
		}
	}
}

func TestNewUnitsAreNumberedOnWithTheirParents(t *testing.T) {
	d := school()
	name := func(s string) *string { return &s }
	for range 2 { // the second time nothing is new
		d.place(history.Attributes{}, placing{name("药学院"), name("药学"), name("１班"), "100701", "2024"})
		d.place(history.Attributes{}, placing{name("药学院"), name("药学"), name("1班"), "100701", "2024"})
	}
	want := []Unit{
		{ID: "c08", Kind: College, Name: "药学院"},
		{ID: "m013", Kind: Major, Parent: "c08", Name: "药学", Code: "100701"},
		{ID: "k0004", Kind: Class, Parent: "m013", Cohort: "2024", Name: "１班"},
	}
	if len(d.created) != len(want) {
		t.Fatalf("%v", d.created)
	}
	for i := range want {
		if d.created[i] != want[i] {
			t.Errorf("%d: got %v, want %v", i, d.created[i], want[i])
		}
	}
}
