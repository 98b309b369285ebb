package codes

import (
	"slices"
	"strings"
	"testing"
)

func TestSchoolTier(t *testing.T) {
	for _, tt := range []struct{ name, school, cohort, want string }{
		{"by name", "北京大学", "2024", "985"},
		{"by code", "10001", "2024", "985"},
		{"by identifier", "4111010001", "2024", "985"},
		{"211 goes before 双一流", "天津医科大学", "2024", "211"},
		{"by identifier of the domain page", "4112010062", "2024", "211"},
		{"on the first list", "首都师范大学", "2018", "双一流"},
		{"in the year of the first list", "首都师范大学", "2017", "双一流"},
		{"before the first list", "首都师范大学", "2016", ""},
		{"in the year of the second list", "南京医科大学", "2022", "双一流"},
		{"before the second list", "南京医科大学", "2021", ""},
		{"without a cohort the latest list counts", "南京医科大学", "", "双一流"},
		{"full width brackets", "中国地质大学（北京）", "2024", "211"},
		{"half width brackets", "中国地质大学(北京)", "2024", "211"},
		{"a former name", "第二军医大学", "2024", "211"},
		{"a joint name is no answer", "中国地质大学", "2024", ""},
		{"not on any list", "滨海医科大学", "2024", ""},
		{"part of a name", "北京", "2024", ""},
		{"nothing", "", "2024", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := Builtin().SchoolTier(tt.school, tt.cohort); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestInstitutionLists(t *testing.T) {
	count := map[string]int{}
	for _, c := range Builtin().Table("institution").All() {
		for _, tier := range []string{"since_985", "since_211", "since_double_first"} {
			if since := c.Fields[tier]; since != "" {
				count[tier+" "+since]++
			}
		}
		if c.Is("internal") == (len(c.Code) == 5 && digits(c.Code)) {
			t.Errorf("%s %s: a code of five digits, or one marked internal", c.Code, c.Name)
		}
		if c.Fields["since_985"] != "" && c.Fields["since_211"] == "" {
			t.Errorf("%s is 985 and not 211", c.Name)
		}
	}
	// 112 by the ministry's count, where the two seats of each of three universities are one.
	for list, n := range map[string]int{"since_985 2011": 39, "since_211 2011": 115, "since_double_first 2017": 140, "since_double_first 2022": 7} {
		if count[list] != n {
			t.Errorf("%s: %d universities, want %d", list, count[list], n)
		}
	}
}

func TestInstitutionsCanBeAdded(t *testing.T) {
	b := extend(t, Builtin(), []Code{{Scheme: "YXDM", Code: "99999", Name: "滨海医科大学", Fields: map[string]string{"since_double_first": "2025"}}}, nil)
	if before, after := b.SchoolTier("99999", "2024"), b.SchoolTier("滨海医科大学", "2025"); before != "" || after != "双一流" {
		t.Errorf("tier %q before and %q after, want none and 双一流", before, after)
	}
}

func TestHospitalLevels(t *testing.T) {
	byClass := map[string][]string{}
	for _, c := range Builtin().Table("hospital_level").All() {
		byClass[c.Class] = append(byClass[c.Class], c.Code)
	}
	for class, codes := range map[string]string{"三级": "30 31 32 33 39", "二级": "21 22 23 29", "一级": "11 12 13 19", "未定级": "00", "非医院": "99"} {
		if !slices.Equal(byClass[class], strings.Fields(codes)) {
			t.Errorf("%s: %v, want %s", class, byClass[class], codes)
		}
	}
	levels := Builtin().Table("hospital_level")
	for name, want := range map[string]string{"三甲": "31", "三级": "39", "三级医院": "39", "二级": "29", "一级": "19"} {
		if c, _ := levels.ByName(name); c.Code != want {
			t.Errorf("%s finds %q, want %s", name, c.Code, want)
		}
	}
}

// TestALevelWithoutGradeCountsWithItsLevel: definitions name 30–33, 21–23 and
// 11–13, and count a code where its parent counts.
func TestALevelWithoutGradeCountsWithItsLevel(t *testing.T) {
	for code, listed := range map[string]string{"39": "33", "29": "23", "19": "13"} {
		if !Builtin().Table("hospital_level").Descends(code, listed) {
			t.Errorf("%s does not count where %s does", code, listed)
		}
	}
}
