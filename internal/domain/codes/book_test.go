package codes

import (
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"quxiang/internal/domain/fault"
)

func extend(t *testing.T, b *Book, added []Code, mapped []Mapping) *Book {
	t.Helper()
	n, err := b.With(added, mapped)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestAddedCodeTakesItsParentsClassAndFields(t *testing.T) {
	b := extend(t, Builtin(), []Code{
		{Scheme: "MOE-2021", Code: "513", Name: "农技特岗", Parent: "51"},
		{Scheme: "MOE-2021", Code: "70-ILL", Name: "因病待业", Parent: "70", Fields: map[string]string{"pay": "no"}},
	}, nil)
	c, ok := b.Resolve("destination", "", " 513 ")
	if !ok || c.Class != "就业" || !c.Is("employer") || c.Fields["b21"] != "C" || c.Source == "" {
		t.Errorf("513 = %+v, %v", c, ok)
	}
	if c.Is("group") || c.Fields["offered"] == "no" {
		t.Errorf("513 took from its heading that it is one: %v", c.Fields)
	}
	if !b.Table("destination").Descends("513", "51") {
		t.Error("513 does not descend from 51")
	}
	if c, _ := b.Table("destination").Find("70-ILL"); c.Class != "未就业" || c.Fields["pay"] != "no" || c.Fields["employer"] != "no" {
		t.Errorf("70-ILL = %+v", c)
	}
	checkRows(t, b.Table("destination"))
	if all := b.Table("destination").All(); all[indexOf(all, "513")-1].Code != "519" {
		t.Error("513 does not stand behind the other children of 51")
	}
}

func indexOf(rows []Code, code string) int {
	for i, r := range rows {
		if r.Code == code {
			return i
		}
	}
	return -1
}

func TestParentsMayComeAfterTheirChildren(t *testing.T) {
	b := extend(t, Builtin(), []Code{
		{Scheme: "GB/T 2260", Code: "999902", Name: "乙区", Parent: "999900"},
		{Scheme: "GB/T 2260", Code: "999900", Name: "甲市", Parent: "990000"},
		{Scheme: "GB/T 2260", Code: "990000", Name: "某省"},
	}, nil)
	if c, ok := b.Table("region").ByName("某省甲市乙区"); !ok || c.Code != "999902" {
		t.Errorf("path finds %q, %v", c.Code, ok)
	}
	checkRows(t, b.Table("region"))
}

func TestWithLeavesTheBookAsItWas(t *testing.T) {
	before, version := len(Builtin().Table("nature").All()), Builtin().Versions()["nature"]
	b := extend(t, Builtin(), []Code{{Scheme: "DWXZ", Code: "24", Name: "文化单位", Class: "事业单位"}},
		[]Mapping{{Table: "nature", FromScheme: "ours", From: "A", To: "24"}})
	if len(Builtin().Table("nature").All()) != before || Builtin().Versions()["nature"] != version {
		t.Error("the built-in table changed")
	}
	if _, ok := Builtin().Resolve("nature", "ours", "A"); ok {
		t.Error("the built-in mappings changed")
	}
	if _, ok := b.Resolve("nature", "ours", "A"); !ok || b.Versions()["nature"] == version {
		t.Error("the new book lacks what was added, or has the old version")
	}
	if b.Versions()["post"] != Builtin().Versions()["post"] {
		t.Error("a table that nobody touched has another version")
	}
	again := extend(t, b, []Code{{Scheme: "DWXZ", Code: "26", Name: "体育单位", Class: "事业单位"}}, nil)
	if _, ok := again.Table("nature").Find("24"); !ok || again.Versions()["nature"] == b.Versions()["nature"] {
		t.Error("a second With lost the first, or kept its version")
	}
}

func TestVersionHangsOnWhatIsLocalAndNotOnItsOrder(t *testing.T) {
	one := Code{Scheme: "GZZWLB", Code: "91", Name: "甲", Aliases: []string{"甲岗"}, Fields: map[string]string{"a": "1", "b": "2"}}
	two := Code{Scheme: "GZZWLB", Code: "92", Name: "乙"}
	version := func(added ...Code) string { return extend(t, Builtin(), added, nil).Versions()["post"] }
	if version(one, two) != version(two, one) {
		t.Error("the order of adding shows in the version")
	}
	other := one
	other.Aliases = []string{"甲职"}
	if version(one) == version(other) {
		t.Error("another alias, the same version")
	}
}

func TestWithRefuses(t *testing.T) {
	for _, tt := range []struct {
		name   string
		added  []Code
		mapped []Mapping
		kind   fault.Kind
		field  string
	}{
		{"unknown scheme", []Code{{Scheme: "X", Code: "1", Name: "甲"}}, nil, fault.Invalid, "scheme"},
		{"no code", []Code{{Scheme: "DWXZ", Code: " ", Name: "甲", Class: "企业"}}, nil, fault.Invalid, "code"},
		{"no name", []Code{{Scheme: "DWXZ", Code: "37", Class: "企业"}}, nil, fault.Invalid, "code"},
		{"a code that is there", []Code{{Scheme: "DWXZ", Code: "３１", Name: "甲", Class: "企业"}}, nil, fault.Conflict, "code"},
		{"an institution under a parent", []Code{{Scheme: "YXDM", Code: "10001", Name: "甲", Parent: "10002"}}, nil, fault.Conflict, "code"},
		{"an institution withdrawn", []Code{{Scheme: "YXDM", Code: "10001", Name: "甲", To: "2024"}}, nil, fault.Conflict, "code"},
		{"an institution said anew twice", []Code{{Scheme: "YXDM", Code: "10001", Name: "甲"}, {Scheme: "YXDM", Code: "10001", Name: "乙"}}, nil, fault.Conflict, "code"},
		{"an institution with another's name", []Code{{Scheme: "YXDM", Code: "10001", Name: "中国人民大学"}}, nil, fault.Conflict, "name"},
		{"the same code twice", []Code{{Scheme: "DWXZ", Code: "37", Name: "甲", Class: "企业"}, {Scheme: "DWXZ", Code: "37", Name: "乙", Class: "企业"}}, nil, fault.Conflict, "code"},
		{"unknown parent", []Code{{Scheme: "MOE-2021", Code: "521", Name: "甲", Parent: "52"}}, nil, fault.Invalid, "parent"},
		{"its own parent", []Code{{Scheme: "MOE-2021", Code: "52", Name: "甲", Parent: "52"}}, nil, fault.Invalid, "parent"},
		{"parents in a ring", []Code{{Scheme: "MOE-2021", Code: "52", Name: "甲", Parent: "53"}, {Scheme: "MOE-2021", Code: "53", Name: "乙", Parent: "52"}}, nil, fault.Invalid, "parent"},
		{"another class than the parent", []Code{{Scheme: "MOE-2021", Code: "513", Name: "甲", Parent: "51", Class: "升学"}}, nil, fault.Invalid, "class"},
		{"neither parent nor class", []Code{{Scheme: "MOE-2021", Code: "90", Name: "甲"}}, nil, fault.Invalid, "class"},
		{"unknown class", []Code{{Scheme: "MOE-2021", Code: "90", Name: "甲", Class: "其他"}}, nil, fault.Invalid, "class"},
		{"a name that is taken", []Code{{Scheme: "MOE-2021", Code: "513", Name: "三支一扶", Parent: "51"}}, nil, fault.Conflict, "name"},
		{"an alias that is taken", []Code{{Scheme: "DWXZ", Code: "37", Name: "甲", Class: "企业", Aliases: []string{"国企"}}}, nil, fault.Conflict, "name"},
		{"a bound that is no date", []Code{{Scheme: "DWXZ", Code: "37", Name: "甲", Class: "企业", From: "今年"}}, nil, fault.Invalid, "from"},
		{"an end before the beginning", []Code{{Scheme: "DWXZ", Code: "37", Name: "甲", Class: "企业", From: "2025", To: "2024"}}, nil, fault.Invalid, "from"},
		{"mapping in an unknown table", nil, []Mapping{{Table: "x", From: "1", To: "2"}}, fault.Invalid, "table"},
		{"mapping of nothing", nil, []Mapping{{Table: "nature", FromScheme: "ours", From: "　", To: "31"}}, fault.Invalid, "from"},
		{"mapping of a code that is there", nil, []Mapping{{Table: "nature", From: "31", To: "39"}}, fault.Conflict, "from"},
		{"mapping to an unknown code", nil, []Mapping{{Table: "nature", FromScheme: "ours", From: "1", To: "38"}}, fault.Invalid, "to"},
		{"mapping to a refused code", nil, []Mapping{{Table: "destination", FromScheme: "ours", From: "留级", To: "65"}}, fault.Invalid, "to"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b, err := Builtin().With(tt.added, tt.mapped)
			var f *fault.Fault
			if b != nil || !errors.As(err, &f) || f.Kind != tt.kind || f.Field != tt.field {
				t.Fatalf("got %v (%+v), want %s of %s", err, f, tt.kind, tt.field)
			}
			if !strings.Contains(f.Message, "请") && !strings.Contains(f.Message, "须") && !strings.Contains(f.Message, "应") && !strings.Contains(f.Message, "不") {
				t.Errorf("%q does not say what to do", f.Message)
			}
		})
	}
}

func TestLocalMappings(t *testing.T) {
	b := extend(t, Builtin(), nil, []Mapping{
		{Table: "nature", FromScheme: "DWXZ-S5", From: "33", To: "23"},
		{Table: "nature", FromScheme: "DWXZ-S5", From: "43", To: ""}, // ours goes before the program's
		{Table: "nature", From: "60", To: "39"},
	})
	for _, tt := range [][3]string{{"DWXZ-S5", "33", "23"}, {"DWXZ-S5", "43", ""}, {"", "60", "39"}, {"DWXZ", "60", "39"}, {"DWXZ-S5", "41", "31"}} {
		if c, ok := b.Resolve("nature", tt[0], tt[1]); !ok || c.Code != tt[2] {
			t.Errorf("%s of %q = %q, %v, want %q", tt[1], tt[0], c.Code, ok, tt[2])
		}
	}
}

func TestExport(t *testing.T) {
	b := Builtin()
	for _, tt := range [][3]string{
		{"destination", "10", "10"}, {"destination", "271", "271"}, {"destination", "70-SEEK", ""}, {"destination", "501", ""},
		{"nature", "39", "39"}, {"normal_student", "12-LOCAL", ""},
	} {
		if got := b.Export(tt[0], tt[1]); got != tt[2] {
			t.Errorf("%s %s goes out as %q, want %q", tt[0], tt[1], got, tt[2])
		}
	}
	b = extend(t, b, nil, []Mapping{{Table: "destination", From: "701", To: "70-SEEK"}})
	if got := b.Export("destination", "70-SEEK"); got != "701" {
		t.Errorf("70-SEEK goes out as %q, want the administrator's 701", got)
	}
	if c, _ := b.Resolve("destination", "", "701"); c.Code != "70-SEEK" {
		t.Errorf("701 comes in as %q, want 70-SEEK", c.Code)
	}
}

func TestAnInstitutionMayBeSaidAnew(t *testing.T) {
	before := Builtin().Table("institution")
	old, _ := before.Find("10001")
	own := Code{Scheme: "YXDM", Code: "10001", Name: "虚构改名大学", Aliases: []string{old.Name}, Fields: map[string]string{"since_double_first": "2027"}}
	b := extend(t, Builtin(), []Code{own}, nil)
	table := b.Table("institution")
	if len(table.All()) != len(before.All()) || indexOf(table.All(), "10001") != indexOf(before.All(), "10001") {
		t.Error("the row does not stand in the old one's place")
	}
	for _, tt := range [][3]string{{"10001", "2026", ""}, {"10001", "2027", "双一流"}, {"虚构改名大学", "2027", "双一流"}, {old.Name, "", "双一流"}, {"10002", "2024", "985"}} {
		if got := b.SchoolTier(tt[0], tt[1]); got != tt[2] {
			t.Errorf("%s in %s is %q, want %q", tt[0], tt[1], got, tt[2])
		}
	}
	if table.Version == before.Version || table.Version == extend(t, b, []Code{{Scheme: "YXDM", Code: "10002", Name: "甲", Fields: map[string]string{"since_985": "2000"}}}, nil).Table("institution").Version {
		t.Error("what is said anew does not show in the version")
	}
	if got, _ := before.Find("10001"); got.Name != old.Name {
		t.Error("the built-in row changed")
	}
}

func TestNameOf(t *testing.T) {
	for _, tt := range [][3]string{
		{"nature", "31", "国有企业"}, {"region", "120000", "天津市"}, {"region", "120103", "河西区"}, {"nature", "no such code", "no such code"}, {"nature", "", ""},
	} {
		table := Builtin().Table(tt[0])
		if got := table.NameOf(tt[1]); got != tt[2] {
			t.Errorf("%s is called %q, want %q", tt[1], got, tt[2])
		}
	}
	for _, id := range tableIDs {
		table := Builtin().Table(id)
		for _, c := range table.All() {
			name := table.NameOf(c.Code)
			if back, ok := table.ByName(name); name != c.Code && (!ok || back.Code != c.Code) {
				t.Errorf("%s %s is called %q, which finds %q", id, c.Code, name, back.Code)
			}
		}
	}
}

func TestUnknownTableIsAMistakeOfTheProgram(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	Builtin().Table("no such table")
}

func TestAddedCodesKeepTheTableWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		parents := []string{"51", "80", "70", "27"}
		var added []Code
		for i, n := range rapid.SliceOfNDistinct(rapid.StringMatching(`9[A-Z]{2}`), 1, 6, rapid.ID[string]).Draw(t, "codes") {
			c := Code{Scheme: "MOE-2021", Code: n, Name: "名称" + n, Parent: rapid.SampledFrom(parents).Draw(t, "parent")}
			parents = append(parents, n)
			added = append([]Code{c}, added...) // children first
			if i%2 == 0 {
				added = append(added[1:], c)
			}
		}
		b, err := Builtin().With(added, nil)
		if err != nil {
			t.Fatal(err)
		}
		table := b.Table("destination")
		seen := map[string]Code{}
		for _, c := range table.All() {
			if c.Parent != "" && seen[c.Parent].Code == "" {
				t.Fatalf("%s comes before its parent %s", c.Code, c.Parent)
			}
			seen[c.Code] = c
			if got, ok := table.Find(c.Code); !ok || got.Name != c.Name {
				t.Fatalf("%s is not found where it stands", c.Code)
			}
		}
		if len(seen) != len(Builtin().Table("destination").All())+len(added) {
			t.Fatalf("%d rows", len(seen))
		}
	})
}
