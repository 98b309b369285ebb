package exchange

import (
	"slices"
	"strings"
	"testing"

	"quxiang/internal/domain/fault"
)

func header(cells ...string) Row { return Row{Number: 1, Cells: cells} }

func TestMatch(t *testing.T) {
	for name, c := range map[string]struct {
		header []string
		want   string // fields in the order of the file
	}{
		"titles of the 39":              {[]string{"学号", "姓名", "学历层次", "专业名称"}, "student_no name education major"},
		"any order":                     {[]string{"学历", "姓名", "考生号"}, "education name exam_no"},
		"pinyin initials":               {[]string{"xh", "XM", "xl", "yxmc", "zymc", "sfzh", "byrq"}, "student_no name education college major id_number graduation_day"},
		"aliases of the command line":   {[]string{"所在院系", "专业名称", "学历层次", "所在班级", "手机号", "公民身份号码"}, "college major education class phone id_number"},
		"full width, spaces, hints":     {[]string{"　学 号（必填）", "*姓名", "ＱＱ号码", "毕业\n日期"}, "student_no name qq graduation_day"},
		"yxmc is the college":           {[]string{"xh", "yxmc"}, "student_no college"},
		"yxmc is the school beside it":  {[]string{"yxmc", "szyx"}, "school_name college"},
		"a pair of code and name":       {[]string{"性别代码", "性别"}, "sex sex"},
		"blank headers are passed over": {[]string{"学号", "", "姓名", "  "}, "student_no name"},
	} {
		m, err := Match(header(c.header...), Columns(Person))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var got []string
		for _, f := range m.found {
			got = append(got, f.Field)
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%s: got %s, want %s", name, s, c.want)
		}
	}
}

func TestMatchKnowsTheContractingUnit(t *testing.T) {
	for name, c := range map[string]struct {
		header []string
		want   string
	}{
		"one unit":                        {[]string{"单位名称", "统一社会信用代码", "单位性质"}, "employer_name credit_code nature"},
		"the contracting unit named":      {[]string{"单位名称", "签约单位", "统一社会信用代码"}, "employer_name contract_name credit_code"},
		"the unit of actual work named":   {[]string{"统一社会信用代码", "单位名称", "实际用人单位", "单位性质"}, "contract_code contract_name employer_name contract_nature"},
		"both units with their own codes": {[]string{"单位名称", "统一社会信用代码", "实际用人单位", "实际用人单位统一社会信用代码"}, "contract_name contract_code employer_name credit_code"},
	} {
		m, err := Match(header(c.header...), Columns(Destination))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var got []string
		for _, f := range m.found {
			got = append(got, f.Field)
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%s: got %s, want %s", name, s, c.want)
		}
	}
}

func TestMatchRefusesWhatCannotBeTakenAsAWhole(t *testing.T) {
	need := [][]string{{"student_no", "exam_no"}, {"name"}}
	for name, c := range map[string]struct {
		header []string
		says   []string
	}{
		"two headers of one name":        {[]string{"学号", "姓名", "学历", "姓名"}, []string{"第 B 列", "第 D 列", "姓名"}},
		"the same in another width":      {[]string{"QQ号", "姓名", "ＱＱ号"}, []string{"A", "C"}},
		"two unknown headers of a name":  {[]string{"学号", "姓名", "其他", "其他"}, []string{"C", "D", "其他"}},
		"two names of one column":        {[]string{"学号", "姓名", "学历层次", "学历"}, []string{"学历层次", "“学历”"}},
		"neither number":                 {[]string{"姓名", "学历"}, []string{"学号", "考生号", "ksh"}},
		"no name, with what else it may": {[]string{"学号", "学历"}, []string{"姓名", "xm"}},
	} {
		_, err := Match(header(c.header...), Columns(Person), need...)
		if fault.KindOf(err) != fault.Usage {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for _, s := range c.says {
			if !strings.Contains(err.Error(), s) {
				t.Errorf("%s: %q does not say %q", name, err, s)
			}
		}
	}
}

func TestMatchListsWhatItDoesNotRead(t *testing.T) {
	m, err := Match(header("学号", "宿舍楼", "单位名称", "姓名"), Columns(Person))
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(m.Unknown, []string{"宿舍楼"}) || !slices.Equal(m.Ignored, []string{"单位名称"}) {
		t.Errorf("unknown %q, ignored %q", m.Unknown, m.Ignored)
	}
}

func TestLetter(t *testing.T) {
	for i, want := range map[int]string{0: "A", 25: "Z", 26: "AA", 255: "IV", 701: "ZZ", 702: "AAA"} {
		if got := letter(i); got != want {
			t.Errorf("%d: %s, want %s", i, got, want)
		}
	}
}
