package codes

import (
	"slices"
	"strconv"
	"strings"
	"testing"
)

// tableIDs are those that other packages ask for by name.
var tableIDs = []string{
	"destination", "report_level", "education", "sex", "ethnicity", "politics", "difficulty", "training",
	"normal_student", "household", "nature", "industry", "post", "hospital_level", "school_tier", "institution",
	"region", "region_group", "document", "file_transfer", "report_card", "breach",
}

func TestTablesAreWhole(t *testing.T) {
	b := Builtin()
	if len(b.Versions()) != len(tableIDs) {
		t.Errorf("%d tables, want %d: %v", len(b.Versions()), len(tableIDs), b.Versions())
	}
	schemes := map[string]string{}
	for _, id := range tableIDs {
		t.Run(id, func(t *testing.T) {
			table := b.Table(id)
			if other := schemes[table.Scheme]; other != "" {
				t.Errorf("scheme %s is also that of %s", table.Scheme, other)
			}
			schemes[table.Scheme] = id
			if table.Title == "" || table.Source == "" || table.Version == "" || b.Versions()[id] != table.Version {
				t.Errorf("title %q, source %q, version %q: none may be blank", table.Title, table.Source, table.Version)
			}
			if len(table.All()) == 0 {
				t.Fatal("no rows")
			}
			checkRows(t, table)
		})
	}
}

// checkRows: unique codes, parents before children and of the same class,
// sources, well-formed bounds and cells as they will be looked up.
func checkRows(t *testing.T, table *Table) {
	seen := map[string]Code{}
	for _, c := range table.All() {
		if _, twice := seen[c.Code]; twice {
			t.Errorf("%s stands twice", c.Code)
		}
		seen[c.Code] = c
		if c.Scheme != table.Scheme || c.Code == "" || c.Name == "" || c.Source == "" {
			t.Errorf("%+v: scheme, code, name and source are needed", c)
		}
		if c.Parent != "" {
			if parent, ok := seen[c.Parent]; !ok || parent.Class != c.Class {
				t.Errorf("%s: parent %q does not come before it with class %q", c.Code, c.Parent, c.Class)
			}
		}
		if !validity(c.From) || !validity(c.To) || c.To != "" && c.To < c.From {
			t.Errorf("%s: valid %q to %q", c.Code, c.From, c.To)
		}
		if Normalize(c.Code) != c.Code {
			t.Errorf("%q is not as it is looked up", c.Code)
		}
		for _, s := range append([]string{c.Name}, c.Aliases...) {
			if s == "" || strings.TrimSpace(s) != s {
				t.Errorf("%s: name %q", c.Code, s)
			}
		}
	}
}

func TestNamesAndAliasesFindTheirRow(t *testing.T) {
	for _, id := range tableIDs {
		if id == "region" { // names of places repeat; see TestRegionAliases
			continue
		}
		table := Builtin().Table(id)
		for _, c := range table.All() {
			for _, name := range append([]string{c.Name}, c.Aliases...) {
				got, ok := table.ByName(name)
				if !ok || got.Code != c.Code && c.current() {
					t.Errorf("%s: %q of %s finds %q, %v", id, name, c.Code, got.Code, ok)
				}
			}
		}
	}
}

func TestMappingsLeadSomewhere(t *testing.T) {
	lines := append(read("mappings")[1:], read("region_mappings")[1:]...)
	for _, l := range lines {
		got, ok := Builtin().Resolve(l[0], l[1], l[2])
		if !ok || got.Code != l[3] || l[4] == "" {
			t.Errorf("%v resolves to %q, %v", l, got.Code, ok)
		}
	}
}

func TestForeignSchemes(t *testing.T) {
	for _, tt := range []struct{ name, table, scheme, code, want string }{
		{"11 of the ministry is a master", "education", "XLDM", "11", "11"},
		{"11 of GB/T 4658 is a doctor", "education", "GB/T 4658-2006", "11", "01"},
		{"31 of the ministry is a bachelor", "education", "", "31", "31"},
		{"31 of GB/T 4658 is an associate", "education", "GB/T 4658-2006", "31", "41"},
		{"a bachelor of Anhui", "education", "AH", "231", "31"},
		{"GB/T 4754 section Q", "industry", "GB/T 4754-2017", "Q", "43"},
		{"a full-width section letter", "industry", "GB/T 4754-2017", " Ｑ", "43"},
		{"10 of the other university is the army", "nature", "DWXZ-S5", "10", "40"},
		{"a destination in the nature column is blank", "nature", "", "80", ""},
		{"post 49 of the other university", "post", "GZZWLB-S5", "49", "40"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got, ok := Builtin().Resolve(tt.table, tt.scheme, tt.code); !ok || got.Code != tt.want {
				t.Errorf("got %q, %v, want %q", got.Code, ok, tt.want)
			}
		})
	}
	for _, tt := range [][3]string{
		{"nature", "DWXZ-S5", "33"}, // 文化体育卫生机构: hospitals and others in one
		{"education", "no such scheme", "11"}, {"industry", "GB/T 4754-2017", "U"}, {"education", "AH", "11"},
	} {
		if got, ok := Builtin().Resolve(tt[0], tt[1], tt[2]); ok {
			t.Errorf("%v resolves to %q, want nothing", tt, got.Code)
		}
	}
}

func TestDifficultyIsABitMask(t *testing.T) {
	rows := Builtin().Table("difficulty").All()
	if len(rows) != 8 {
		t.Fatalf("%d rows, want 8", len(rows))
	}
	for i, c := range rows {
		n, err := strconv.Atoi(c.Code)
		if err != nil || n != i {
			t.Fatalf("row %d has code %q", i, c.Code)
		}
		for bit, field := range map[int]string{1: "employment", 2: "family", 4: "disability"} {
			word := map[string]string{"employment": "就业困难", "family": "家庭困难", "disability": "残疾"}[field]
			if has := n&bit != 0; has != c.Is(field) || has != strings.Contains(c.Name, word) {
				t.Errorf("%s %s: bit %d is %v, field %q", c.Code, c.Name, bit, has, c.Fields[field])
			}
		}
	}
}

func TestLevels(t *testing.T) {
	var order []string
	for _, c := range Builtin().Table("report_level").All() {
		order = append(order, c.Code)
	}
	if want := []string{"undergraduate", "master", "doctor", "associate"}; !slices.Equal(order, want) {
		t.Errorf("levels %v, want %v", order, want)
	}
	for name, want := range map[string][3]string{
		"本科": {"31", "undergraduate", "yes"}, "本科生毕业": {"31", "undergraduate", "yes"}, "硕士": {"11", "master", "yes"},
		"硕士研究生": {"11", "master", "yes"}, "博士研究生": {"01", "doctor", "yes"}, "大专": {"41", "associate", "yes"},
		"二学位（双学位）毕业": {"25", "undergraduate", "yes"}, "高职毕业": {"61", "associate", "yes"},
		"本科结业": {"33", "undergraduate", "no"}, "硕士生肄业": {"19", "master", "no"}, "博士生结业": {"03", "doctor", "no"},
	} {
		c, ok := Builtin().Table("education").ByName(name)
		if got := [3]string{c.Code, c.Fields["level"], c.Fields["graduated"]}; !ok || got != want {
			t.Errorf("%s: %v, %v, want %v", name, got, ok, want)
		}
	}
	if c, ok := Builtin().Table("education").ByName("研究生"); ok {
		t.Errorf("研究生 is master or doctor, but finds %s", c.Code)
	}
	for _, c := range Builtin().Table("education").All() {
		if _, ok := Builtin().Table("report_level").Find(c.Fields["level"]); !ok {
			t.Errorf("%s: no report level %q", c.Code, c.Fields["level"])
		}
		if graduated := c.Class == "毕业"; graduated != c.Is("graduated") {
			t.Errorf("%s: class %s, graduated %q", c.Code, c.Class, c.Fields["graduated"])
		}
	}
}

func TestEthnicities(t *testing.T) {
	table := Builtin().Table("ethnicity")
	if n := len(table.All()); n != 58 { // 56 and two of the standard's own
		t.Errorf("%d rows, want 58", n)
	}
	for name, want := range map[string]string{"汉": "01", "毛难族": "36", "崩龙族": "46", "傈傈族": "20", "维吾尔族": "05"} {
		if c, _ := table.ByName(name); c.Code != want {
			t.Errorf("%s finds %q, want %s", name, c.Code, want)
		}
	}
}

func TestInternshipPapersNeverSatisfy(t *testing.T) {
	table := Builtin().Table("document")
	for _, name := range []string{"实习证明", "见习证明", "顶岗实习协议", "实习协议"} {
		if c, ok := table.ByName(name); !ok || !c.Is("never") {
			t.Errorf("%s: %+v, %v", name, c, ok)
		}
	}
	for _, code := range strings.Fields("AGR CON REC PUB CERT LIC SHOP INC PLG ADM VISA MIL PROJ") {
		if c, ok := table.Find(code); !ok || c.Is("never") {
			t.Errorf("%s: %+v, %v", code, c, ok)
		}
	}
}
