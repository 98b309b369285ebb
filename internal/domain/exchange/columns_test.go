package exchange

import (
	"slices"
	"testing"

	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/fault"
)

func TestLayoutsHaveTheMinistrysColumnsAndTheDayLast(t *testing.T) {
	for name, want := range map[string]struct {
		columns     int
		first, last string
	}{
		MOE39: {40, "学号", "单位地址"},
		MOE74: {75, "考生号", "户口迁转地址"},
	} {
		l, err := Layout(name)
		if err != nil {
			t.Fatal(err)
		}
		if len(l) != want.columns || l[0].Title != want.first || l[len(l)-2].Title != want.last || l[len(l)-1].Title != "落实起始日" {
			t.Errorf("%s: %d columns, %s … %s, %s", name, len(l), l[0].Title, l[len(l)-2].Title, l[len(l)-1].Title)
		}
		header := Row{Number: 1}
		for _, c := range l {
			header.Cells = append(header.Cells, c.Title)
		}
		m, err := Match(header, Columns(Person, Destination))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for i, c := range l {
			if f := m.found[i]; f.Field != c.Field || f.Part != c.Part || f.Group != c.Group {
				t.Errorf("%s: “%s” is read as %s %s %s, written as %s %s %s", name, c.Title, f.Group, f.Field, f.Part, c.Group, c.Field, c.Part)
			}
		}
	}
	if _, err := Layout("moe-40"); fault.KindOf(err) != fault.Usage {
		t.Errorf("unknown layout: %v", err)
	}
}

func TestEveryColumnReadsItsOwnTitleBack(t *testing.T) {
	for _, g := range []Group{Person, Destination, Employers, HospitalLevels, Wages, Institutions, Codes} {
		header := Row{Number: 1}
		columns := Columns(g)
		for _, c := range columns {
			header.Cells = append(header.Cells, c.Title)
		}
		m, err := Match(header, columns)
		if err != nil {
			t.Fatal(err)
		}
		for i, c := range columns {
			if m.found[i].Title != c.Title {
				t.Errorf("%s: “%s” is read as “%s”", g, c.Title, m.found[i].Title)
			}
		}
	}
}

func TestCodedColumnsNameATable(t *testing.T) {
	for _, c := range catalogue() {
		if (c.Form == Coded) != (c.Table != "") {
			t.Errorf("%s: form %s, table %q", c.Title, c.Form, c.Table)
		}
		if c.Table != "" {
			codes.Builtin().Table(c.Table) // panics if there is none
		}
	}
}

// Only these headers may mean two things; the file decides (see Match).
func TestHeadersThatTwoColumnsOfAGroupClaim(t *testing.T) {
	want := map[Group][]string{
		Person: {"yxmc"},
		Destination: {"dwmc", "dwxz", "dwxzdm", "dwzzjgdm", "单位名称", "单位性质", "单位性质代码", "单位组织机构代码",
			"统一社会信用代码"},
	}
	for g, list := range want {
		var got []string
		for header, c := range claimsOf(Columns(g)) {
			if len(c) > 1 {
				got = append(got, header)
			}
		}
		slices.Sort(got)
		slices.Sort(list)
		if !slices.Equal(got, list) {
			t.Errorf("%s: %q, want %q", g, got, list)
		}
	}
}
