package release

import (
	"quxiang/internal/domain/calendar"
	"slices"
	"strings"
	"testing"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/history"
	"quxiang/internal/domain/indicator"
)

func complete() Approval {
	return Approval{Office: "甲", Leader: "乙", Approved: "2024-09-09", Record: "纪要〔2024〕9号",
		ConsentAuthority: "省级就业主管部门", ConsentNumber: "同意函 3 号", ConsentFile: strings.Repeat("0a", 32)}
}

// TestApprovalNamesWhatIsMissing: each part by itself, and all at once.
func TestApprovalNamesWhatIsMissing(t *testing.T) {
	whole := complete()
	if err := whole.check("2024-09-10"); err != nil {
		t.Fatal(err)
	}
	for word, drop := range map[string]func(a *Approval){
		"就业部门负责人":   func(a *Approval) { a.Office = " " },
		"分管校领导":     func(a *Approval) { a.Leader = "" },
		"校领导批准日期":   func(a *Approval) { a.Approved = "" },
		"纪要编号":      func(a *Approval) { a.Record = "\t" },
		"省级主管部门名称":  func(a *Approval) { a.ConsentAuthority = "" },
		"同意的文号或日期":  func(a *Approval) { a.ConsentNumber = "" },
		"主管部门同意的文件": func(a *Approval) { a.ConsentFile = "" },
	} {
		a := complete()
		drop(&a)
		a = a.trim()
		err := a.check("2024-09-10")
		if fault.KindOf(err) != fault.Invalid || !strings.Contains(err.Error(), word) || len(a.Lacks()) != 1 {
			t.Errorf("without %s: %v", word, err)
		}
	}
	var nothing Approval
	if got := nothing.Lacks(); len(got) != 7 {
		t.Errorf("of nothing %d things are missing: %v", len(got), got)
	}
}

func TestApprovalThatCannotBeSo(t *testing.T) {
	for name, change := range map[string]func(a *Approval){
		"approved tomorrow":                   func(a *Approval) { a.Approved = "2024-09-11" },
		"consent of tomorrow":                 func(a *Approval) { a.ConsentDay = "2024-09-11" },
		"a day that is none":                  func(a *Approval) { a.Approved = "2024-09-31" },
		"one person for both":                 func(a *Approval) { a.Leader = a.Office },
		"a file name instead of its SHA-256":  func(a *Approval) { a.ConsentFile = "同意函.pdf" },
		"a SHA-256 that is a digit too short": func(a *Approval) { a.ConsentFile = a.ConsentFile[1:] },
	} {
		a := complete()
		change(&a)
		if err := a.check("2024-09-10"); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	a := complete()
	a.ConsentNumber, a.ConsentDay = "", "2024-09-10"
	a.ConsentFile = strings.ToUpper(a.ConsentFile)
	a = a.trim()
	if err := a.check("2024-09-10"); err != nil {
		t.Errorf("a day stands for the number: %v", err)
	}
}

func TestFreezingDefines(t *testing.T) {
	for name, c := range map[string]struct {
		f    Freezing
		want string // definition; blank: refused
	}{
		"default of the cohort":     {Freezing{Name: "INIT-2024", Cohort: "2024"}, "moe-2024"},
		"default of an older one":   {Freezing{Name: "a_B-9", Cohort: "2023"}, "moe-2021"},
		"another definition":        {Freezing{Name: "x", Cohort: "2024", Definition: "school-2024"}, "school-2024"},
		"64 characters":             {Freezing{Name: strings.Repeat("n", 64), Cohort: "2024"}, "moe-2024"},
		"65 characters":             {Freezing{Name: strings.Repeat("n", 65), Cohort: "2024"}, ""},
		"no name":                   {Freezing{Cohort: "2024"}, ""},
		"a path for a name":         {Freezing{Name: "../x", Cohort: "2024"}, ""},
		"a name with a line end":    {Freezing{Name: "x\n", Cohort: "2024"}, ""},
		"a Chinese name":            {Freezing{Name: "初次", Cohort: "2024"}, ""},
		"no cohort":                 {Freezing{Name: "x"}, ""},
		"two cohorts":               {Freezing{Name: "x", Cohort: "2023,2024"}, ""},
		"a cohort with its 届":       {Freezing{Name: "x", Cohort: "2024届"}, ""},
		"a definition of part only": {Freezing{Name: "x", Cohort: "2024", Definition: "employer-kind"}, ""},
		"no such definition":        {Freezing{Name: "x", Cohort: "2024", Definition: "moe-1999"}, ""},
	} {
		d, err := c.f.define()
		if d.ID != c.want && c.want != "" || c.want == "" && fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: %q, %v", name, d.ID, err)
		}
	}
}

// TestListedViews: what a release lists is of all tables, and is published.
func TestListedViews(t *testing.T) {
	tables := map[string]int{}
	for _, v := range publicViews() {
		tables[v.Table]++
		if err := v.publishable(&Snapshot{Definition: "moe-2024"}); err != nil || !v.Public {
			t.Errorf("%v: %v", v, err)
		}
	}
	for _, name := range indicator.Tables() {
		if want := map[bool]int{true: 1 + len(published), false: 2}[name == destinationTable]; tables[name] != want {
			t.Errorf("%s: %d views, want %d", name, tables[name], want)
		}
	}
}

func TestFiguresOf(t *testing.T) {
	who := access.Actor{Account: "a", Grants: []access.Grant{
		{Role: access.CollegeSecretary, Over: access.Colleges("c01")}, {Role: access.Support, Over: access.Colleges("c02")}}}
	if within, err := figuresOf(who, []indicator.Dim{"level"}); err != nil || !slices.Equal(within.Colleges, []string{"c01", "c02"}) {
		t.Errorf("by level: %v, %v", within, err)
	}
	if within, err := figuresOf(who, []indicator.Dim{"level", "difficulty"}); err != nil || !slices.Equal(within.Colleges, []string{"c02"}) {
		t.Errorf("difficulties are seen where the right is: %v, %v", within, err)
	}
	who.Grants = who.Grants[:1]
	if _, err := figuresOf(who, []indicator.Dim{"ethnicity"}); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("without the right: %v", err)
	}
	if _, err := figuresOf(access.Actor{}, nil); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("nobody: %v", err)
	}
	if err := school(who, access.ExportPeople); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("a college is not the school: %v", err)
	}
}

// TestCompare: a walk over two lists names who is missing, who is too many and
// what differs.
func TestCompare(t *testing.T) {
	person := func(id, code string) indicator.PersonRow {
		p := indicator.PersonRow{Graduate: id, Cell: "cell-" + code}
		p.Code = code
		return p
	}
	stored := []indicator.PersonRow{person("p1", "10"), person("p2", "10"), person("p4", "70")}
	counted := []indicator.PersonRow{person("p2", "11"), person("p3", "10"), person("p4", "70")}
	counted[2].Attrs[difficultyAt] = "2"
	var found problems
	compare(stored, counted, true, &found)
	want := []string{
		"人员 p1：快照里有，按事件重算不在统计范围",
		"人员 p2：分项冻结为“cell-10”，按事件重算为“cell-11”",
		"人员 p2：毕业去向冻结为“10”，按事件重算为“11”",
		"人员 p3：按事件重算在统计范围，快照里没有",
		"人员 p4：困难类别与按事件重算的不一致",
	}
	if got := found.lines(); !slices.Equal(got, want) {
		t.Errorf("got %v", got)
	}
	found = problems{}
	if compare(stored[1:2], counted[:1], false, &found); len(found.lines()) != 1 {
		t.Errorf("without cells: %v", found.lines())
	}
	found = problems{}
	for range maxProblems + 3 {
		found.addf("x")
	}
	if got := found.lines(); len(got) != maxProblems+1 || got[maxProblems] != "另有 3 处不一致，未一一列出" {
		t.Errorf("many: %d lines, the last %q", len(got), got[len(got)-1])
	}
}

// TestDrift: what is counted now may differ when definition or tables moved on.
func TestDrift(t *testing.T) {
	book := codes.Builtin()
	s := Snapshot{Definition: "moe-2024", Version: "1", CodeVersions: book.Versions()}
	if got := s.drift(book); len(got) != 0 {
		t.Errorf("nothing moved: %v", got)
	}
	s.Version, s.CodeVersions["nature"] = "0", "0"
	if got := s.drift(book); len(got) != 2 || !strings.Contains(got[0], "moe-2024") || !strings.Contains(got[1], "nature") {
		t.Errorf("both moved: %v", got)
	}
	s.Definition = "gone"
	if got := s.drift(book); !strings.Contains(got[0], "gone") {
		t.Errorf("no such definition: %v", got)
	}
}

// textVault shows what it was given.
type textVault struct{ sealed []string }

func (v *textVault) Seal(field, owner string, plain []byte) (string, error) {
	v.sealed = append(v.sealed, field+"|"+owner+"|"+string(plain)+"|")
	return v.sealed[len(v.sealed)-1], nil
}

func (v *textVault) Open(field, owner, sealed string) ([]byte, error) {
	plain, ok := strings.CutPrefix(strings.TrimSuffix(sealed, "|"), field+"|"+owner+"|")
	if !ok {
		return nil, fault.Invalidf("", "moved")
	}
	return []byte(plain), nil
}

func (v *textVault) Index(_, value string) string { return value }
func (v *textVault) Pseudonym(graduate string) string {
	return "p" + strings.Repeat("z", 9-len(graduate)) + graduate
}

// TestSealing: everybody has an envelope of one length, bound to the row, and
// what was sealed before the transaction is not sealed in it.
func TestSealing(t *testing.T) {
	person := func(id, difficulty string) indicator.PersonRow {
		p := indicator.PersonRow{Graduate: id}
		p.Attrs[difficultyAt] = difficulty
		return p
	}
	v := &textVault{}
	s := &sealer{v, "S", map[string]heldSeal{}}
	if _, _, err := s.rows([]indicator.PersonRow{person("g1", "2"), person("g22", "")}); err != nil {
		t.Fatal(err)
	}
	plain, kept, err := s.rows([]indicator.PersonRow{person("g1", "2"), person("g22", "7")})
	if err != nil || len(v.sealed) != 3 {
		t.Fatalf("%d seals, %v; want 3: only who changed is sealed again", len(v.sealed), err)
	}
	if plain[0].Graduate != "pzzzzzzg22" || plain[1].Attrs[difficultyAt] != "2" {
		t.Errorf("by pseudonym, in the clear: %v", plain)
	}
	for i, r := range kept {
		if r.Attrs[difficultyAt] != "" || r.Pseudonym != plain[i].Graduate ||
			r.Sealed != "difficulty|S/"+r.Pseudonym+"|"+plain[i].Attrs[difficultyAt]+strings.Repeat(" ", 15)+"|" {
			t.Errorf("kept %+v", r)
		}
	}
	service := &Service{Vault: v}
	if opened, broken := service.open("S", kept); !slices.Equal(opened, plain) || broken != nil {
		t.Errorf("opened %v, %v", opened, broken)
	}
	kept[0].Sealed, kept[1].Sealed = kept[1].Sealed, kept[0].Sealed
	if _, broken := service.open("S", kept); len(broken) != 2 {
		t.Errorf("envelopes that changed places open: %v", broken)
	}
	if _, broken := service.open("T", kept); len(broken) != 2 {
		t.Errorf("envelopes of another snapshot open: %v", broken)
	}
	if history.Keys[difficultyAt] != history.Difficulty {
		t.Error("difficultyAt")
	}
}

// What was not over yet cannot be released: it would lock days to come.
func TestAnApprovalFollowsTheDaysItIsAbout(t *testing.T) {
	at := calendar.Day("2024-09-10").Start()
	for what, c := range map[string]struct {
		approval Approval
		last     calendar.Day
		want     fault.Kind
	}{
		"all after the day":            {Approval{Approved: "2024-09-02", ConsentDay: "2024-09-09"}, "2024-08-31", ""},
		"the day itself":               {Approval{Approved: "2024-09-10"}, "2024-09-10", ""},
		"a day to come":                {Approval{Approved: "2024-09-10"}, "2030-08-31", fault.Conflict},
		"approved before the day":      {Approval{Approved: "2024-08-30"}, "2024-08-31", fault.Invalid},
		"consented before the day":     {Approval{Approved: "2024-09-02", ConsentDay: "2024-01-01"}, "2024-08-31", fault.Invalid},
		"consent by number, day blank": {Approval{Approved: "2024-09-02"}, "2024-08-31", ""},
	} {
		c.approval.At = at
		if got := fault.KindOf(c.approval.follows(c.last)); got != c.want {
			t.Errorf("%s: %q, want %q", what, got, c.want)
		}
	}
}
