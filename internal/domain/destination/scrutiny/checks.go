package scrutiny

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/employer"
	"quxiang/internal/domain/history"
)

// The predicates of the audit rules, about employers first. Each is documented
// by its row in rules.json; comments say only what that row does not.

func creditCodeWrong(v *View, _ *Rule) verdict {
	code := v.field("credit_code")
	if code == "" {
		return verdict{}
	}
	f := codes.CheckCreditCode(code)
	return when(f.Grade != codes.Fine, f.Message)
}

func creditCodeUnknown(v *View, _ *Rule) verdict {
	code := v.field("credit_code")
	_, known := v.Masters.ByCode(code)
	return when(code != "" && !known, code)
}

func nameDiffers(v *View, _ *Rule) verdict {
	e, known := v.Masters.ByCode(v.field("credit_code"))
	name := v.field("employer_name")
	return when(known && name != "" && employer.NameKey(name) != employer.NameKey(e.Name), "单位库中是“"+e.Name+"”")
}

// recordsConflict: the name stands under another code in the master records, or
// the code under several names in the cohort.
func recordsConflict(v *View, _ *Rule) verdict {
	code, name := v.field("credit_code"), v.field("employer_name")
	if code == "" {
		return verdict{}
	}
	if e, ok := v.Masters.ByName(name); ok && e.CreditCode != "" && e.CreditCode != code {
		return when(true, "单位库中该名称的代码是 "+e.CreditCode)
	}
	return when(v.Figures != nil && len(v.Figures.names[code]) > 1, "同一代码下登记了不同的单位名称")
}

func masterDiffers(v *View, _ *Rule) verdict {
	e, ok := v.Masters.Of(v.field("credit_code"), v.field("employer_name"))
	if !ok {
		return verdict{}
	}
	var what []string
	for _, p := range []struct{ table, said, known string }{
		{"nature", v.Content.Counts.Nature, e.Nature}, {"industry", v.Content.Counts.Industry, e.Industry},
	} {
		if p.said != "" && p.known != "" && p.said != p.known {
			row, _ := v.Book.Table(p.table).Find(p.known)
			what = append(what, FieldTitle(p.table)+"在单位库中是“"+row.Name+"”")
		}
	}
	return when(len(what) > 0, strings.Join(what, "，"))
}

func postRejected(v *View, _ *Rule) verdict {
	row, _ := v.Book.Table("post").Find(v.Content.Counts.Post)
	return when(row.Is("rejected"), "")
}

// digitsOf keeps the digits of a phone number, without the country's 86.
func digitsOf(phone string) string {
	s := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, codes.Normalize(phone))
	if len(s) == 13 {
		s = strings.TrimPrefix(s, "86")
	}
	return s
}

// contacts returns the employer's phone numbers in digits.
func (v *View) contacts() []string {
	var out []string
	for _, f := range []string{"contact_phone", "contact_mobile"} {
		if d := digitsOf(v.field(f)); d != "" && !slices.Contains(out, d) {
			out = append(out, d)
		}
	}
	return out
}

func phoneIsOwn(v *View, _ *Rule) verdict {
	return when(slices.Contains(v.contacts(), digitsOf(v.Graduate.Value("phone"))), "")
}

func phoneIsHome(v *View, _ *Rule) verdict {
	return when(slices.Contains(v.contacts(), digitsOf(v.Graduate.Value("home_phone"))), "")
}

func phoneOfSeveral(v *View, r *Rule) verdict {
	return when(v.Figures != nil && slices.ContainsFunc(v.contacts(), func(p string) bool {
		return len(v.Figures.phones[p]) >= r.Numbers["k"]
	}), "")
}

func phoneOfStudent(v *View, _ *Rule) verdict {
	return when(v.Figures != nil && slices.ContainsFunc(v.contacts(), func(p string) bool {
		return slices.ContainsFunc(v.Figures.owners[p], func(g string) bool { return g != v.Graduate.ID })
	}), "")
}

func (v *View) kinds() []string {
	out := make([]string, len(v.Evidence))
	for i, e := range v.Evidence {
		out[i] = e.Kind
	}
	return out
}

// Registers reports that the change says what the graduate does; an end or a
// voiding does not.
func (v *View) Registers() bool { return v.Act == history.Open || v.Act == history.Amend }

func evidenceLacks(v *View, _ *Rule) verdict {
	p := v.Profile()
	return when(v.Registers() && !p.satisfied(v.Book, v.kinds()), "需要"+p.evidenceWords(v.Book))
}

func internshipOnly(v *View, _ *Rule) verdict {
	kinds := v.kinds()
	return when(v.Registers() && len(v.Profile().Evidence) > 0 && len(kinds) > 0 &&
		!slices.ContainsFunc(kinds, func(k string) bool { return !ProvesNothing(v.Book, k) }), "")
}

var dayInText = regexp.MustCompile(`(\d{4})[-年./](\d{1,2})[-月./](\d{1,2})`)

// lastDay returns the last day that a text such as 2024-07-01 至 2027-06-30 names.
func lastDay(text string) calendar.Day {
	all := dayInText.FindAllStringSubmatch(text, -1)
	if len(all) == 0 {
		return ""
	}
	m := all[len(all)-1]
	pad := func(s string) string { return strings.Repeat("0", 2-len(s)) + s }
	d, err := calendar.ParseDay(m[1] + "-" + pad(m[2]) + "-" + pad(m[3]))
	if err != nil {
		return ""
	}
	return d
}

func datesOdd(v *View, r *Rule) verdict {
	cohort := v.Graduate.Attrs.Value(history.Cohort)
	year, err := strconv.Atoi(cohort)
	sign := v.field("sign_day")
	if sign != "" && err == nil {
		if from := strconv.Itoa(year-1) + "-" + r.Months["final_year"]; sign < from {
			return when(true, "签约日期 "+sign+" 早于最后一学年开始（"+from+"）")
		}
		if to := cohort + "-" + r.Months["cut_off"]; sign > to {
			return when(true, "签约日期 "+sign+" 晚于统计截止（"+to+"）")
		}
	}
	end, graduation := string(lastDay(v.field("term"))), v.Graduate.Value("graduation_day")
	if end == "" || graduation == "" || len(graduation) > len(end) {
		return verdict{}
	}
	return when(end[:len(graduation)] <= graduation, "合同到期日 "+end+" 不晚于毕业日期 "+graduation)
}

func evidenceShared(v *View, _ *Rule) verdict {
	shared := len(v.Shared) > 0
	for _, e := range v.Evidence {
		shared = shared || v.Figures != nil && len(v.Figures.files[e.SHA256]) > 1
	}
	return when(shared, "")
}

func employerNew(v *View, r *Rule) verdict {
	e, ok := v.Masters.Of(v.field("credit_code"), v.field("employer_name"))
	if !ok {
		return verdict{}
	}
	if e.Status == "注销" || e.Status == "吊销" {
		return when(true, "登记状态为"+e.Status)
	}
	sign := calendar.Day(v.field("sign_day"))
	return when(e.Founded != "" && sign != "" && sign < e.Founded.AddDays(r.Numbers["d"]), "成立于 "+string(e.Founded))
}

// notAFounder goes by the role that the graduate gives: the parties of the
// licence are on paper. A shop on a platform has none.
func notAFounder(v *View, r *Rule) verdict {
	role := v.field("role")
	return when(v.family() == "75" && v.field("credit_code") != "" &&
		!slices.ContainsFunc(r.Codes["roles"], func(s string) bool { return strings.Contains(role, s) }), "")
}

func alwaysChecked(v *View, _ *Rule) verdict {
	return when(v.Registers() && v.Profile().AlwaysChecked, "")
}

// payTooLow compares with the minimum wage of the region of work on the day of
// beginning, else of signing, else on the true day.
func payTooLow(v *View, _ *Rule) verdict {
	if !v.Registers() || !v.Profile().PayFloor {
		return verdict{}
	}
	pay, err := strconv.ParseInt(v.field("pay"), 10, 64)
	if err != nil || pay <= 0 {
		return when(true, "未填写月薪")
	}
	day := v.Content.TrueOn
	for _, f := range []string{"sign_day", "start_day"} {
		if d := v.field(f); d != "" {
			day = calendar.Day(d)
		}
	}
	row, ok := codes.Lookup(v.Wages, v.Content.Counts.Region, day)
	if !ok {
		return verdict{hit: true, detail: "最低工资表中没有该地区 " + string(day) + " 的标准，无法比较，请人工核对", as: []Severity{Warns, Samples}}
	}
	return when(pay < row.Monthly, "当地月最低工资为 "+strconv.FormatInt(row.Monthly/100, 10)+" 元")
}

func notDecided(v *View, _ *Rule) verdict {
	by := v.Profile().DecidedBy
	if !v.Registers() || len(by) == 0 {
		return verdict{}
	}
	undecided := slices.ContainsFunc(by, func(t Tier) bool { return !slices.Contains(v.Decided, t) })
	return when(undecided || !v.Confirmed || !slices.Contains(v.kinds(), "PLG"), "")
}

// boundElsewhere is silent where the roster names no unit: nothing to compare.
func boundElsewhere(v *View, r *Rule) verdict {
	unit, name := v.Graduate.Value("entrust_unit"), v.field("employer_name")
	row, _ := v.Book.Table("destination").Find(v.Content.Code)
	bound := slices.Contains(r.Codes["training"], v.Graduate.Attrs.Value(history.Training))
	if !v.Registers() || !bound || unit == "" || row.Class != "就业" {
		return verdict{}
	}
	freed := slices.ContainsFunc(v.kinds(), func(k string) bool { return slices.Contains(r.Codes["release"], k) })
	return when(!freed && employer.NameKey(name) != employer.NameKey(unit), "定向或委培单位是“"+unit+"”")
}

// registeredElsewhere compares cities: a district's branch is nothing odd. Codes
// that central bodies register (100000) say nothing.
func registeredElsewhere(v *View, _ *Rule) verdict {
	code, region := v.field("credit_code"), v.Content.Counts.Region
	if len(code) != 18 || region == "" || strings.HasPrefix(code[2:8], "10") {
		return verdict{}
	}
	at := code[2:8]
	known := codes.CityOf(at) != "" && codes.CityOf(region) != ""
	return when(codes.ProvinceOf(at) != codes.ProvinceOf(region) || known && codes.CityOf(at) != codes.CityOf(region), "")
}

func schoolUnknown(v *View, r *Rule) verdict {
	if !v.Registers() {
		return verdict{}
	}
	switch v.family() {
	case "80":
		return homeSchool(v, r)
	case "85":
		named := v.field("school_name_cn") + v.field("school_name_foreign")
		return when(v.field("country") == "" || named == "", "请填写留学国家（地区）和院校名称")
	}
	return verdict{}
}

// homeSchool blocks a school that is not in the table only where the table is
// said to be complete.
func homeSchool(v *View, r *Rule) verdict {
	code, name := codes.Normalize(v.field("school_code")), v.field("school_name")
	if code == "" && name == "" {
		return when(true, "请填写录取院校")
	}
	if len(code) == 10 { // 学校标识码 ends in the 院校代码
		code = code[5:]
	}
	t := v.Book.Table("institution")
	if _, ok := t.Find(code); ok {
		return verdict{}
	}
	_, ok := t.ByName(name)
	d := when(!ok, "院校表中没有“"+cmp.Or(name, code)+"”，请对照录取通知书核对院校全称")
	if !r.Switches["full_list"] {
		d.as = []Severity{Warns}
	}
	return d
}

func partTime(v *View, _ *Rule) verdict {
	return when(v.Registers() && v.Profile().FullTime && strings.Contains(v.field("study_mode"), "非全日"), "")
}

// unconfirmed holds from the first day on for passing; the d days are how long
// the graduate has before the screening asks after it.
func unconfirmed(v *View, r *Rule) verdict {
	if v.Confirmed {
		return verdict{}
	}
	late := v.Proposed != "" && v.Today > v.Proposed.AddDays(r.Numbers["d"])
	detail := ""
	if late {
		detail = "代填于 " + string(v.Proposed) + "，已超过期限"
	}
	return when(v.Reviewer != "" || late, detail)
}

func disputed(v *View, _ *Rule) verdict { return when(v.Disputed, "") }

func released(v *View, _ *Rule) verdict { return when(v.Lock != "", "快照“"+v.Lock+"”") }

func natureOdd(v *View, r *Rule) verdict {
	nature := v.Content.Counts.Nature
	allowed, ok := r.Codes[v.family()]
	return when(ok && nature != "" && !slices.Contains(allowed, nature), "")
}

// identityOdd leaves the region prefix alone: withdrawn ones stay valid for life.
func identityOdd(v *View, _ *Rule) verdict {
	number := v.Graduate.Value("id_number")
	if number == "" {
		return verdict{}
	}
	f := codes.CheckIDNumber(number)
	birthday, sex := v.Graduate.Value("birthday"), v.Graduate.Attrs.Value(history.Sex)
	differs := birthday != "" && f.Birthday != "" && birthday != string(f.Birthday) ||
		f.Sex != "" && (sex == "1" || sex == "2") && sex != f.Sex
	return when(f.Grade == codes.Malformed || f.Grade == codes.Overridable || differs, f.Message)
}

func drawn(v *View, _ *Rule) verdict { return when(v.Drawn, "") }

func onePerson(v *View, _ *Rule) verdict {
	return when(v.Reviewer != "" && (v.Reviewer == v.Submitter || slices.Contains(v.Earlier, v.Reviewer) ||
		!access.Actor{Account: v.Reviewer}.Person()), "")
}
