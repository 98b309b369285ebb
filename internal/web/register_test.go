package web

import (
	"maps"
	"strings"
	"testing"

	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/destination/scrutiny"
	"quxiang/internal/domain/history"
)

// TestCategoriesAreThoseOffered: every code that a form may take is asked for in
// words of its own, none twice, and 还没定 is closed and open like the others.
func TestCategoriesAreThoseOffered(t *testing.T) {
	book := codes.Builtin()
	seen := map[string]bool{}
	for _, g := range categoriesFor(book, "2024", "", "71") {
		if g.Open != (g.Title == "还没定") {
			t.Errorf("%s: open %v", g.Title, g.Open)
		}
		for _, c := range g.Choices {
			if _, ok := categoryWords[c.Code]; !ok || seen[c.Code] || c.Title == "" {
				t.Errorf("%s %+v", g.Title, c)
			}
			if err := scrutiny.CheckOffered(book, c.Code, "2024"); err != nil {
				t.Error(err)
			}
			seen[c.Code] = true
		}
	}
	if len(seen) != len(categoryWords) {
		t.Errorf("%d categories asked for, %d have words", len(seen), len(categoryWords))
	}
}

// TestCategoriesFitTheLevel: nobody is asked whether they enter what their level
// cannot; what an import or an earlier form says stays on offer.
func TestCategoriesFitTheLevel(t *testing.T) {
	for _, c := range []struct {
		level, chosen string
		has, not      []string
	}{
		{"undergraduate", "", []string{"801", "802", "10"}, []string{"803", "272"}},
		{"associate", "", []string{"803", "10"}, []string{"802", "272"}},
		{"doctor", "", []string{"272", "10"}, []string{"802", "803"}},
		{"master", "", []string{"801"}, []string{"272", "802", "803"}},
		{"undergraduate", "272", []string{"272"}, []string{"803"}},
	} {
		seen := map[string]bool{}
		for _, g := range categoriesFor(codes.Builtin(), "2024", c.level, c.chosen) {
			for _, x := range g.Choices {
				seen[x.Code] = true
			}
		}
		for _, code := range c.has {
			if !seen[code] {
				t.Errorf("%s, %q chosen: lacks %s", c.level, c.chosen, code)
			}
		}
		for _, code := range c.not {
			if seen[code] {
				t.Errorf("%s, %q chosen: offers %s", c.level, c.chosen, code)
			}
		}
	}
}

// TestFormKnowsEveryField: each payload field is in the table once, and what a
// profile requires is asked for.
func TestFormKnowsEveryField(t *testing.T) {
	known := map[string]fieldSpec{}
	for _, f := range fieldSpecs {
		if _, twice := known[f.id]; twice || scrutiny.FieldTitle(f.id) == "" {
			t.Errorf("field %s", f.id)
		}
		known[f.id] = f
	}
	for _, name := range scrutiny.FieldNames() {
		if _, ok := known[name]; !ok {
			t.Errorf("no form asks for %s", name)
		}
	}
	for code := range categoryWords {
		for _, need := range scrutiny.ProfileOf(codes.Builtin(), code).Required {
			asked := false
			for _, n := range strings.Split(need, "|") {
				asked = asked || !known[n].never
			}
			if !asked {
				t.Errorf("%s requires %s, which nobody is asked for", code, need)
			}
		}
	}
}

func TestTypedAndWritten(t *testing.T) {
	for typed, want := range map[string]string{"6500": "650000", "6,500.5 元": "650050", "６５００": "650000", "¥3000/月": "300000", "面议": "面议"} {
		if got := fenOf(typed); got != want {
			t.Errorf("%s: %s", typed, got)
		}
	}
	for typed, want := range map[string]string{"2024-8-9": "2024-08-09", "2024年8月29日": "2024-08-29", "2024/08/29": "2024-08-29", "20240829": "2024-08-29", "八月": "八月"} {
		if got := dayOf(typed); got != want {
			t.Errorf("%s: %s", typed, got)
		}
	}
	typed := map[string]string{"employer_name": "滨海市甲医院", "region": "120103", "post": "19", "pay": "6500.50", "term_from": "2024-07-01", "term_to": "2027-06-30",
		"sign_day": "2024-06-20", "enlist_office": "不属于这一类"}
	counts, fields, _ := written(codes.Builtin(), "11", typed)
	if counts.Post != "19" || fields["pay"] != "650050" || fields["term"] != "2024-07-01 至 2027-06-30" || fields["enlist_office"] != "" {
		t.Errorf("%+v %v", counts, fields)
	}
	delete(typed, "enlist_office")
	if back := typedFrom(history.Content{Counts: counts, Fields: fields}); !maps.Equal(back, typed) {
		t.Errorf("came back as %v", back)
	}
	for _, term := range [][2]string{{"2024-07-01", ""}, {"", "2027-06-30"}, {"2024-07-01", "2027-06-30"}} {
		if from, to := termDays(termOf(term[0], term[1])); from != term[0] || to != term[1] {
			t.Errorf("%v came back as %s, %s", term, from, to)
		}
	}
}

// TestDistrictBelowItsCity: a district is asked for below its city, stands in the
// city's place, and is left when the city changes.
func TestDistrictBelowItsCity(t *testing.T) {
	book := codes.Builtin()
	for chosen, want := range map[string]struct {
		some  bool
		value string
	}{"": {}, "330100": {true, ""}, "330106": {true, "330106"}, "120116": {}, "429004": {}, "330000": {}, "x": {}} {
		f := districtField(book, chosen)
		if len(f.Choices) > 0 != want.some || f.Value != want.value {
			t.Errorf("%s: %d choices, %q chosen", chosen, len(f.Choices), f.Value)
		}
	}
	for district, want := range map[string]string{"330106": "330106", "320106": "330100", "": "330100", "x": "330100", "330100": "330100"} {
		typed := map[string]string{"region": "330100"}
		if withDistrict(typed, district); typed["region"] != want {
			t.Errorf("%q: %s", district, typed["region"])
		}
	}
}

// TestRegionsNearFirst: the school's province leads, then the graduate's own; a
// region that is offered no more stays.
func TestRegionsNearFirst(t *testing.T) {
	list := regionChoices(codes.Builtin(), "130102", "120000", "130000")
	if list[0].Value != "130102" || list[1].Group != "天津市" {
		t.Errorf("first %+v, then %+v", list[0], list[1])
	}
	seen := map[string]bool{}
	for _, o := range list {
		if seen[o.Value] {
			t.Errorf("%s twice", o.Value)
		}
		seen[o.Value] = true
	}
	for _, want := range []string{"130100", "120103", "810000", "429004"} {
		if !seen[want] {
			t.Errorf("no %s", want)
		}
	}
}
