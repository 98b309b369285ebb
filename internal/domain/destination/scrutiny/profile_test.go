package scrutiny

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/history"
)

// TestProfilesAreComplete: every code that a form offers has a profile whose
// employer, fields, document kinds and pay agree with the code tables.
func TestProfilesAreComplete(t *testing.T) {
	book := codes.Builtin()
	for _, c := range book.Table("destination").All() {
		if c.Fields["offered"] == "no" {
			continue
		}
		p := ProfileOf(book, c.Code)
		switch {
		case p.Code == "":
			t.Errorf("%s %s has no profile", c.Code, c.Name)
		case c.Is("employer") != p.Has("employer_name"):
			t.Errorf("%s: employer %v, table says %v", c.Code, p.Has("employer_name"), c.Is("employer"))
		case c.Is("pay") != p.PayFloor:
			t.Errorf("%s: pay floor %v, table says %v", c.Code, p.PayFloor, c.Is("pay"))
		case p.PayFloor && !slices.Contains(p.Required, "pay"):
			t.Errorf("%s: a floor for a pay that is not asked", c.Code)
		case c.Class != "未就业" && len(p.Evidence) == 0:
			t.Errorf("%s needs no evidence", c.Code)
		}
	}
}

func TestProfileDataIsSound(t *testing.T) {
	book := codes.Builtin()
	for _, p := range profiles().Profiles {
		if _, ok := book.Table("destination").Find(p.Code); !ok {
			t.Errorf("%s is no code", p.Code)
		}
		for _, need := range p.Required {
			for _, f := range strings.Split(need, "|") {
				if FieldTitle(f) == "" || !p.Has(f) {
					t.Errorf("%s: field %s has no title, or is in no group of the code", p.Code, f)
				}
			}
		}
		for _, set := range append(slices.Clone(p.Evidence), p.Reject) {
			for _, kind := range set {
				if _, ok := book.Table("document").Find(kind); !ok {
					t.Errorf("%s: %s is no kind of document", p.Code, kind)
				}
			}
		}
	}
}

// TestGroups: every field that is counted or asked for belongs to a group, and
// every group to a code; what goes with the file goes with every code.
func TestGroups(t *testing.T) {
	var grouped, used []string
	for name, fields := range profiles().Groups {
		grouped, used = append(grouped, fields...), append(used, name)
	}
	for _, f := range append(slices.Clone(history.CountedNames[:]), slices.Collect(maps.Keys(profiles().Titles))...) {
		everywhere := f == "true_on" || strings.HasPrefix(f, "file_to_") || f == "household_to"
		if slices.Contains(grouped, f) == everywhere {
			t.Errorf("%s: in a group %v", f, !everywhere)
		}
	}
	for _, p := range profiles().Profiles {
		for _, g := range p.Groups {
			if len(profiles().Groups[g]) == 0 {
				t.Errorf("%s: there is no group %s", p.Code, g)
			}
			used = slices.DeleteFunc(used, func(u string) bool { return u == g })
		}
	}
	if len(used) > 0 {
		t.Errorf("no code has %v", used)
	}
	for name, c := range map[string]struct {
		code, field string
		want        bool
	}{
		"work has an employer":          {"10", "employer_name", true},
		"and no school":                 {"10", "school_name", false},
		"the army has none":             {"46", "employer_name", false},
		"and no nature":                 {"46", "nature", false},
		"a freelance works in a region": {"76", "region", true},
		"study has a tier":              {"802", "school_tier", true},
		"the file goes with all":        {"46", "file_to_name", true},
		"so do the ministry's numbers":  {"46", "verify_no", true},
		"an unknown code has any":       {"xx", "employer_name", true},
	} {
		if got := ProfileOf(codes.Builtin(), c.code).Has(c.field); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// TestInternshipNeverSuffices: whatever the code, no heap of internship
// documents makes a set (四不准 4).
func TestInternshipNeverSuffices(t *testing.T) {
	book := codes.Builtin()
	var never []string
	for _, k := range book.Table("document").All() {
		if k.Is("never") {
			never = append(never, k.Code)
		}
	}
	if len(never) < 4 {
		t.Fatalf("only %v never count", never)
	}
	for _, p := range profiles().Profiles {
		if len(p.Evidence) > 0 && p.satisfied(book, never) {
			t.Errorf("%s is satisfied by %v", p.Code, never)
		}
		for _, set := range p.Evidence {
			if !p.satisfied(book, append(slices.Clone(never), set...)) {
				t.Errorf("%s: %v does not suffice", p.Code, set)
			}
		}
	}
}

// TestProfileOfChildren: a school's own code asks for what its parent asks for.
func TestProfileOfChildren(t *testing.T) {
	book, err := codes.Builtin().With([]codes.Code{{Scheme: "MOE-2021", Code: "761", Name: "自由撰稿", Parent: "76"}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for code, want := range map[string]string{"761": "76", "512": "51", "271": "27", "272": "272", "802": "80", "77": "12", "70-SEEK": "70", "65": "", "xx": ""} {
		if got := ProfileOf(book, code).Code; got != want {
			t.Errorf("%s: got %q, want %q", code, got, want)
		}
	}
}

func TestMissing(t *testing.T) {
	for name, c := range map[string]struct {
		code   string
		change func(*history.Content)
		want   string
	}{
		"complete":                    {"11", func(*history.Content) {}, ""},
		"no term":                     {"11", func(c *history.Content) { delete(c.Fields, "term") }, "合同期限"},
		"a mobile does for a phone":   {"11", func(c *history.Content) { delete(c.Fields, "contact_phone"); c.Fields["contact_mobile"] = "1" }, ""},
		"neither":                     {"11", func(c *history.Content) { delete(c.Fields, "contact_phone") }, "联系人电话或联系人手机"},
		"a counted field":             {"11", func(c *history.Content) { c.Counts.Post = "" }, "工作职位类别"},
		"emptied is missing":          {"11", func(c *history.Content) { c.Fields["term"] = history.Emptied }, "合同期限"},
		"the army has no credit code": {"11", func(c *history.Content) { delete(c.Fields, "credit_code"); c.Counts.Nature = "40" }, ""},
		"others must":                 {"11", func(c *history.Content) { delete(c.Fields, "credit_code") }, "统一社会信用代码"},
		"规培 with type, no base":       {"10", func(c *history.Content) { c.Fields["residency_type"] = "社会人" }, "规培基地"},
		"a shop needs no licence": {"75", func(c *history.Content) {
			c.Fields = history.Fields{"platform": "某平台", "shop_id": "s1", "role": "店主"}
		}, ""},
		"an unemployed graduate's one field": {"70-SEEK", func(c *history.Content) { c.Fields = nil }, "求职意向"},
	} {
		v := sound()
		c.change(&v.Content)
		if got := strings.Join(ProfileOf(v.Book, c.code).Missing(v.Content), " "); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

func TestCheckValues(t *testing.T) {
	for name, c := range map[string]struct {
		content history.Content
		field   string // refused; blank: fine
	}{
		"sound":                      {sound().Content, ""},
		"emptied is fine":            {history.Content{Counts: history.Counted{Nature: history.Emptied}, Fields: history.Fields{"term": history.Emptied}}, ""},
		"no such field":              {history.Content{Fields: history.Fields{"colour": "red"}}, "colour"},
		"the ministry's own numbers": {history.Content{Fields: history.Fields{"verify_no": "1"}}, "verify_no"},
		"no day":                     {history.Content{Fields: history.Fields{"sign_day": "2024/6/1"}}, "sign_day"},
		"no true day":                {history.Content{TrueOn: "2024-02-30"}, "true_on"},
		"no number":                  {history.Content{Fields: history.Fields{"pay": "3000元"}}, "pay"},
		"no such nature":             {history.Content{Counts: history.Counted{Nature: "98"}}, "nature"},
		"no such contract nature":    {history.Content{Counts: history.Counted{ContractNature: "98"}}, "contract_nature"},
		"no such region":             {history.Content{Counts: history.Counted{Region: "999999"}}, "region"},
	} {
		err := CheckValues(codes.Builtin(), c.content)
		f, _ := err.(*fault.Fault)
		if (err == nil) != (c.field == "") || f != nil && f.Field != c.field {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestCheckOffered(t *testing.T) {
	for code, ok := range map[string]bool{"10": true, "512": true, "70-SEEK": true, "71": true, "70": false, "27": false, "77": false, "65": false, "99": false} {
		if err := CheckOffered(codes.Builtin(), code, "2024"); (err == nil) != ok {
			t.Errorf("%s: %v", code, err)
		}
	}
}

// TestReasonsForEveryProfile: whatever is given back, four ready reasons are at
// hand that say what to do, and no more.
func TestReasonsForEveryProfile(t *testing.T) {
	book := codes.Builtin()
	for _, c := range book.Table("destination").All() {
		p := ProfileOf(book, c.Code)
		list := p.Reasons()
		if p.Code != "" && len(list) != 4 {
			t.Errorf("%s: %d reasons", c.Code, len(list))
		}
		for _, r := range list {
			if r.Title == "" || !strings.Contains(r.Text, "请") {
				t.Errorf("%s: %+v does not say what to do", c.Code, r)
			}
		}
	}
	if r := ProfileOf(book, "75").Reasons(); r[2].Title != "角色不明" {
		t.Errorf("75 has the reasons of employment: %+v", r)
	}
}

// TestFieldsInOrder: a profile's own fields come first, each once.
func TestFieldsInOrder(t *testing.T) {
	p := ProfileOf(codes.Builtin(), "11")
	fields := p.Fields()
	if fields[0] != "employer_name" || !slices.Contains(fields, "term") || slices.Contains(fields, "school_name") || !slices.Contains(fields, "household_to") {
		t.Errorf("got %v", fields)
	}
	if n := len(fields); n != len(slices.Compact(slices.Sorted(slices.Values(fields)))) {
		t.Errorf("a field comes twice: %v", fields)
	}
	if !p.Needs("contact_mobile") || p.Needs("pay") {
		t.Error("what the profile needs is misread")
	}
}
