package scrutiny

import (
	"slices"
	"strings"
	"testing"

	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/employer"
	"quxiang/internal/domain/history"
	"quxiang/internal/domain/roster"
)

// masters are employers for tests.
type masters []employer.Employer

func (m masters) ByCode(code string) (employer.Employer, bool) {
	i := slices.IndexFunc(m, func(e employer.Employer) bool { return e.CreditCode == code })
	if i < 0 || code == "" {
		return employer.Employer{}, false
	}
	return m[i], true
}

func (m masters) ByName(name string) (employer.Employer, bool) {
	i := slices.IndexFunc(m, func(e employer.Employer) bool { return employer.NameKey(e.Name) == employer.NameKey(name) })
	if i < 0 {
		return employer.Employer{}, false
	}
	return m[i], true
}

func (m masters) Of(code, name string) (employer.Employer, bool) {
	if e, ok := m.ByCode(code); ok {
		return e, true
	}
	return m.ByName(name)
}

// creditCode makes a code that passes both check signs, of an authority that
// does not exist (登记管理部门 B), for region and serial.
func creditCode(region, serial string) string {
	const signs = "0123456789ABCDEFGHJKLMNPQRTUWXY"
	for _, inner := range signs + "X" {
		for _, outer := range signs {
			code := "B1" + region + serial + string(inner) + string(outer)
			if codes.CheckCreditCode(code).Grade == codes.Fine {
				return code
			}
		}
	}
	panic("no check sign fits " + serial)
}

var (
	hospital = creditCode("990101", "A0000001")
	stranger = creditCode("990101", "A0000002")
)

const (
	studentPhone = "10012340001"
	homePhone    = "10012340002"
	officePhone  = "1001234003"
)

// idNumber is of a region that was never allocated; 17th digit odd: 男.
var idNumber = func() string {
	for _, sign := range "0123456789X" {
		if n := "99010120000101001" + string(sign); codes.CheckIDNumber(n).Grade == codes.Warning {
			return n
		}
	}
	panic("no check sign fits")
}()

// sound is a contract with a hospital that no rule finds fault with.
func sound() *View {
	v := &View{Graduate: roster.Graduate{ID: "g1", Profile: history.Fields{"graduation_day": "2024-06"},
		Secret: history.Fields{"phone": studentPhone, "home_phone": homePhone}},
		Case: "k1", Change: "x1", Act: history.Open, Book: codes.Builtin(), Today: "2024-07-01",
		Masters: masters{{CreditCode: hospital, Name: "滨海市甲医院", Nature: "23", Industry: "43", Founded: "1990-01-01", Status: "存续"}},
		Wages:   []codes.MinimumWage{{Region: "120000", From: "2023-01-01", Monthly: 218000}},
		Entered: "2024-06-21", Confirmed: true, Submitter: "s", Earlier: []string{"r1"}, Reviewer: "r2",
		Decided:  []Tier{ClassTier, CollegeTier, SchoolTier},
		Evidence: []history.Evidence{{SHA256: "f1", Kind: "CON"}}}
	for k, x := range map[history.Key]string{history.Cohort: "2024", history.College: "c1", history.Class: "k1", history.Training: "1", history.Sex: "1"} {
		v.Graduate.Attrs[slices.Index(history.Keys, k)] = x
	}
	v.Content = history.Content{TrueOn: "2024-06-20", Scheme: "MOE-2021", Code: "11",
		Counts: history.Counted{Nature: "23", Industry: "43", Region: "120103", Post: "19"},
		Fields: history.Fields{"credit_code": hospital, "employer_name": "滨海市甲医院", "employer_contact": "某老师", "contact_phone": officePhone,
			"sign_day": "2024-06-20", "term": "2024-07-01 至 2027-06-30"}}
	return v
}

// with returns the sound case with one thing changed.
func with(change func(*View)) *View {
	v := sound()
	change(v)
	return v
}

func field(name, value string) *View {
	return with(func(v *View) { v.Content.Fields[name] = value })
}

func kinds(list ...string) []history.Evidence {
	var out []history.Evidence
	for _, k := range list {
		out = append(out, history.Evidence{SHA256: "f-" + k, Kind: k})
	}
	return out
}

// freelance is a sound 76.
func freelance() *View {
	return with(func(v *View) {
		v.Content.Code, v.Evidence = "76", kinds("PLG", "INC")
		v.Content.Counts = history.Counted{Region: "120103"}
		v.Content.Fields = history.Fields{"work_kind": "翻译", "platform": "某平台", "start_day": "2024-06-20", "pay": "300000"}
	})
}

// study is a sound 801.
func study() *View {
	return with(func(v *View) {
		v.Content.Code, v.Evidence, v.Content.Counts = "801", kinds("ADM"), history.Counted{}
		v.Content.Fields = history.Fields{"school_code": "10062", "study_level": "硕士", "study_major": "内科学", "study_mode": "全日制"}
	})
}

func on(v *View, change func(*View)) *View {
	change(v)
	return v
}

// crowd is the sound case among n others of its class who signed with the same
// small firm, gap days apart.
func crowd(n, gap int) *View {
	var all []*View
	for i := range n + 1 {
		all = append(all, with(func(v *View) {
			v.Graduate.ID = string(rune('a' + i))
			v.Content.Counts.Nature = "39"
			v.Masters = masters{}
			v.Content.Fields["sign_day"] = string(calendar.Day("2024-06-20").AddDays(i * gap))
		}))
	}
	all[0].Figures = CountFigures(all)
	return all[0]
}

// among returns the case with the figures of it and another one.
func among(v, other *View) *View {
	other.Graduate.ID = "g2"
	v.Figures = CountFigures([]*View{v, other})
	return v
}

// college returns a freelance in college c9 where share of ten are, among six
// colleges with one of ten each.
func college(share int, day calendar.Day) *View {
	var all []*View
	add := func(name string, n int) {
		for i := range 10 {
			v := sound()
			if i < n {
				v = freelance()
			}
			v.Graduate.ID = name + string(rune('0'+i))
			v.Graduate.Attrs[slices.Index(history.Keys, history.College)] = name
			v.Entered = "2024-05-01"
			all = append(all, v)
		}
	}
	for _, c := range []string{"c1", "c2", "c3", "c4", "c5", "c6"} {
		add(c, 1)
	}
	add("c9", share)
	mine := all[60]
	for _, v := range all[60:] {
		v.Entered = day
	}
	mine.Figures = CountFigures(all)
	return mine
}

// rows are for each rule cases that pass and cases that fail.
var rows = map[string]struct{ pass, fail map[string]*View }{
	"A01": {map[string]*View{"right": sound(), "none": field("credit_code", "")},
		map[string]*View{"one sign wrong": field("credit_code", hospital[:16]+"00"), "too short": field("credit_code", "B1")}},
	"A02": {map[string]*View{"in the master records": sound(), "none given": field("credit_code", "")},
		map[string]*View{"unknown": field("credit_code", stranger)}},
	"A03": {map[string]*View{"same": sound(), "other spelling": field("employer_name", "滨海市 甲医院 有限公司")},
		map[string]*View{"another name": field("employer_name", "滨海市乙医院")}},
	"A04": {map[string]*View{"alone": among(sound(), sound())},
		map[string]*View{"the name stands under another code": field("credit_code", stranger),
			"the code stands under two names": among(sound(), field("employer_name", "滨海市乙医院"))}},
	"A05": {map[string]*View{"same": sound(), "not given": with(func(v *View) { v.Content.Counts = history.Counted{} })},
		map[string]*View{"another nature": with(func(v *View) { v.Content.Counts.Nature = "39" }),
			"another industry": with(func(v *View) { v.Content.Counts.Industry = "22" })}},
	"A06": {map[string]*View{"a nurse": sound()}, map[string]*View{"其他人员": with(func(v *View) { v.Content.Counts.Post = "90" })}},
	"A07": {map[string]*View{"the office's": sound(), "no phone at all": field("contact_phone", "")},
		map[string]*View{"own": field("contact_phone", studentPhone), "own, written otherwise": field("contact_mobile", "+86 100-1234-0001")}},
	"A08": {map[string]*View{"the office's": sound()}, map[string]*View{"home": field("contact_phone", homePhone)}},
	"A09": {map[string]*View{"one employer": among(sound(), sound())},
		map[string]*View{"two employers": among(sound(), on(field("credit_code", stranger), func(v *View) { v.Content.Fields["employer_name"] = "乙公司" }))}},
	"A10": {map[string]*View{"nobody's": among(sound(), sound())},
		map[string]*View{"another student's": among(field("contact_phone", "10012349999"), on(sound(), func(v *View) { v.Graduate.Secret = history.Fields{"phone": "10012349999"} }))}},
	"A11": {map[string]*View{"a contract": sound(), "shop and income": with(func(v *View) { v.Content.Code, v.Evidence = "75", kinds("SHOP", "INC") }),
		"no work needs nothing": with(func(v *View) { v.Content.Code, v.Evidence = "70-SEEK", nil }), "an end needs nothing": with(func(v *View) { v.Act, v.Evidence = history.End, nil })},
		map[string]*View{"nothing": with(func(v *View) { v.Evidence = nil }), "an agreement for a contract": with(func(v *View) { v.Evidence = kinds("AGR") }),
			"half a set": with(func(v *View) { v.Content.Code, v.Evidence = "75", kinds("SHOP") }), "made by the unit": with(func(v *View) { v.Content.Code, v.Evidence = "10", kinds("SELF-AGR") })}},
	"A12": {map[string]*View{"beside a contract": with(func(v *View) { v.Evidence = kinds("CON", "INT-CERT") }), "none": with(func(v *View) { v.Evidence = nil })},
		map[string]*View{"internship": with(func(v *View) { v.Evidence = kinds("INT-CERT") }), "placement and probation": with(func(v *View) { v.Evidence = kinds("INT-POST", "PRB-CERT", "INT-AGR") })}},
	"A13": {map[string]*View{"in the last year": sound(), "first day of it": field("sign_day", "2023-09-01"), "no days": on(field("sign_day", ""), func(v *View) { v.Content.Fields["term"] = "三年" })},
		map[string]*View{"years before": field("sign_day", "2023-08-31"), "after the year": field("sign_day", "2025-01-01"), "ends as they graduate": field("term", "2024年1月1日至2024年6月30日")}},
	"A14": {map[string]*View{"four mates": crowd(3, 1), "far apart": crowd(9, 31), "a hospital": on(crowd(9, 1), func(v *View) { v.Content.Counts.Nature = "23" })},
		map[string]*View{"five mates": crowd(4, 7)}},
	"A15": {map[string]*View{"one's own": among(sound(), on(sound(), func(v *View) { v.Evidence = kinds("CON") }))},
		map[string]*View{"in the cohort": among(sound(), sound()), "elsewhere": with(func(v *View) { v.Shared = []string{"f1"} })}},
	"A16": {map[string]*View{"old": sound(), "unknown": with(func(v *View) { v.Masters = masters{} })},
		map[string]*View{"new": with(func(v *View) {
			v.Masters = masters{{CreditCode: hospital, Name: "新公司", Founded: "2024-03-23"}}
		}), "struck off": with(func(v *View) { v.Masters = masters{{CreditCode: hospital, Name: "旧公司", Status: "注销"}} })}},
	"A17": {map[string]*View{"a shareholder": on(field("role", "股东"), func(v *View) { v.Content.Code = "75" }), "a shop has no licence": on(field("credit_code", ""), func(v *View) { v.Content.Code = "75" })},
		map[string]*View{"an employee": on(field("role", "店员"), func(v *View) { v.Content.Code = "75" })}},
	"A18": {map[string]*View{"a contract": sound()}, map[string]*View{"76": freelance(), "12": with(func(v *View) { v.Content.Code = "12" })}},
	"A18b": {map[string]*View{"a contract has no floor": sound(), "above": freelance(), "exactly": on(freelance(), func(v *View) { v.Content.Fields["pay"] = "218000" }), "a start-up has none": with(func(v *View) { v.Content.Code = "75" })},
		map[string]*View{"missing": on(freelance(), func(v *View) { delete(v.Content.Fields, "pay") }), "a fen below": on(freelance(), func(v *View) { v.Content.Fields["pay"] = "217999" }),
			"assistants too": with(func(v *View) { v.Content.Code = "271" }), "no row for the region": on(freelance(), func(v *View) { v.Content.Counts.Region = "130102" }),
			"no row for the day": on(freelance(), func(v *View) { v.Content.Fields["start_day"] = "2022-12-31" })}},
	"A18c": {map[string]*View{"both decided": freelance(), "a contract": on(sound(), func(v *View) { v.Decided = nil })},
		map[string]*View{"the school alone": on(freelance(), func(v *View) { v.Decided = []Tier{SchoolTier} }), "the college alone": on(freelance(), func(v *View) { v.Decided = []Tier{CollegeTier} }),
			"no signed statement": on(freelance(), func(v *View) { v.Evidence = kinds("INC") }), "not submitted by themselves": on(freelance(), func(v *View) { v.Confirmed = false })}},
	"A19": {map[string]*View{"as elsewhere": college(1, "2024-05-01"), "not counted": freelance(), "a jump long before": college(2, "2024-07-01")},
		map[string]*View{"far above the others": college(8, "2024-05-01"), "a jump at the end": college(5, "2024-08-30")}},
	"A20": {map[string]*View{"free": sound(), "back to the unit": bound("滨海市甲医院"), "freed": on(bound("丙县人民医院"), func(v *View) { v.Evidence = kinds("CON", "REL") }), "unit unknown": bound("")},
		map[string]*View{"another unit": bound("丙县人民医院"), "委培 too": on(bound("丙县人民医院"), func(v *View) { v.Graduate.Attrs[slices.Index(history.Keys, history.Training)] = "4" })}},
	"A21": {map[string]*View{"a central body": field("credit_code", creditCode("100000", "A0000003")), "same city": with(func(v *View) { v.Content.Counts.Region = "990102" })},
		map[string]*View{"elsewhere": sound()}},
	"A22": {map[string]*View{"by code": study(), "by identifier": on(study(), func(v *View) { v.Content.Fields["school_code"] = "4112010062" }), "by name": on(study(), func(v *View) { v.Content.Fields = history.Fields{"school_name": "天津医科大学"} }), "abroad": abroad("英国")},
		map[string]*View{"none": on(study(), func(v *View) { v.Content.Fields = nil }), "not in the table": on(study(), func(v *View) { v.Content.Fields = history.Fields{"school_name": "某某虚构大学"} }), "abroad, no country": abroad("")}},
	"A23": {map[string]*View{"full time": study(), "work": field("study_mode", "非全日制")}, map[string]*View{"part time": on(study(), func(v *View) { v.Content.Fields["study_mode"] = "非全日制" })}},
	"A24": {map[string]*View{"their own word": sound(), "proposed yesterday": with(func(v *View) { v.Confirmed, v.Reviewer, v.Proposed = false, "", "2024-06-30" })},
		map[string]*View{"about to be passed": with(func(v *View) { v.Confirmed = false }), "forgotten": with(func(v *View) { v.Confirmed, v.Reviewer, v.Proposed = false, "", "2024-06-23" })}},
	"A25": {map[string]*View{"no word": sound()}, map[string]*View{"disputed": with(func(v *View) { v.Disputed = true })}},
	"A26": {map[string]*View{"open": sound()}, map[string]*View{"released": with(func(v *View) { v.Lock = "INIT-2024" })}},
	"A27": {map[string]*View{"a hospital": sound(), "the army": with(func(v *View) { v.Content.Code, v.Content.Counts.Nature = "46", "40" }), "a school": on(study(), func(v *View) { v.Content.Counts.Nature = "21" })},
		map[string]*View{"conscription to a firm": with(func(v *View) { v.Content.Code, v.Content.Counts.Nature = "46", "39" }), "assistant at a village": with(func(v *View) { v.Content.Code, v.Content.Counts.Nature = "271", "55" }), "study at a firm": on(study(), func(v *View) { v.Content.Counts.Nature = "31" })}},
	"A28": {map[string]*View{"none": sound(), "right": identity(idNumber, "2000-01-01", "1"), "sex unknown": identity(idNumber, "", "0")},
		map[string]*View{"wrong sign": identity(idNumber[:17]+string('0'+(idNumber[17]-'0'+1)%10), "", "1"), "another birthday": identity(idNumber, "2000-01-02", "1"), "another sex": identity(idNumber, "", "2")}},
	"A29": {map[string]*View{"not drawn": sound()}, map[string]*View{"drawn": with(func(v *View) { v.Drawn = true })}},
	"A30": {map[string]*View{"somebody else": sound(), "nobody yet": with(func(v *View) { v.Reviewer = "" })},
		map[string]*View{"the submitter": with(func(v *View) { v.Reviewer = "s" }), "an earlier reviewer": with(func(v *View) { v.Reviewer = "r1" }), "a console": with(func(v *View) { v.Reviewer = "console:root" })}},
}

func bound(unit string) *View {
	return with(func(v *View) {
		v.Graduate.Attrs[slices.Index(history.Keys, history.Training)] = "2"
		v.Graduate.Profile["entrust_unit"] = unit
	})
}

func abroad(country string) *View {
	return on(study(), func(v *View) {
		v.Content.Code, v.Evidence = "85", kinds("VISA")
		v.Content.Fields = history.Fields{"country": country, "school_name_cn": "某大学"}
	})
}

func identity(number, birthday, sex string) *View {
	return with(func(v *View) {
		v.Graduate.Secret["id_number"] = number
		v.Graduate.Profile["birthday"] = birthday
		v.Graduate.Attrs[slices.Index(history.Keys, history.Sex)] = sex
	})
}

func hitsOf(v *View, rule string) []Hit {
	return slices.DeleteFunc(Examine(v, DefaultRules()), func(h Hit) bool { return h.Rule != rule })
}

// TestEveryRulePassesAndFails: a case that each rule finds, and one that it does not (S13).
func TestEveryRulePassesAndFails(t *testing.T) {
	for id, r := range rows {
		for name, v := range r.pass {
			if h := hitsOf(v, id); len(h) > 0 {
				t.Errorf("%s, %s: should pass, got %v", id, name, h)
			}
		}
		for name, v := range r.fail {
			h := hitsOf(v, id)
			if len(h) == 0 {
				t.Errorf("%s, %s: should be found", id, name)
				continue
			}
			for _, secret := range []string{studentPhone, homePhone, officePhone, "300000", idNumber} {
				if strings.Contains(h[0].Message, secret) {
					t.Errorf("%s, %s: the message tells a secret: %s", id, name, h[0].Message)
				}
			}
		}
	}
}

// TestAllRulesAreThere: 30 ids, A18 in three parts, each with a predicate, words,
// a source, and a row that passes and one that fails.
// TestStepsOfBlocks is the table of domain.md §3.3 on what a B refuses.
// TestMissingWageWarns: what cannot be compared does not block, and says so.
func TestMissingWageWarns(t *testing.T) {
	hits := hitsOf(on(freelance(), func(v *View) { v.Wages = nil }), "A18b")
	if len(hits) != 2 || hits[0].Severity != Warns || hits[1].Severity != Samples || !strings.Contains(hits[0].Message, "最低工资表中没有") {
		t.Errorf("got %v", hits)
	}
	if Blocking(hits, history.Submitted) != "" {
		t.Error("missing data blocks")
	}
}

// TestSchoolOutsideTheTable: the table that the program carries is a start list,
// so that a school outside it warns; with a full list it blocks. No school at
// all blocks in any case.
func TestSchoolOutsideTheTable(t *testing.T) {
	school := func(fields history.Fields) *View { return on(study(), func(v *View) { v.Content.Fields = fields }) }
	for name, c := range map[string]struct {
		view     *View
		fullList bool
		want     Severity // blank: no hit
	}{
		"outside a start list":             {school(history.Fields{"school_name": "某某虚构大学"}), false, Warns},
		"a code outside a start list":      {school(history.Fields{"school_code": "99999"}), false, Warns},
		"outside a full list":              {school(history.Fields{"school_name": "某某虚构大学"}), true, Blocks},
		"inside a full list":               {study(), true, ""},
		"no school":                        {school(nil), false, Blocks},
		"no school, full list":             {school(nil), true, Blocks},
		"abroad is in no table of schools": {abroad("英国"), true, ""},
		"abroad without a country":         {abroad(""), false, Blocks},
	} {
		rules := DefaultRules()
		i := slices.IndexFunc(rules, func(r Rule) bool { return r.ID == "A22" })
		if rules[i].Why == "" || rules[i].Switches["full_list"] {
			t.Fatal("A22 does not say why it only warns")
		}
		rules[i].Switches = map[string]bool{"full_list": c.fullList}
		var got []Severity
		for _, h := range Examine(c.view, rules[i:i+1]) {
			got = append(got, h.Severity)
		}
		if c.want == "" && len(got) > 0 || c.want != "" && !slices.Equal(got, []Severity{c.want}) {
			t.Errorf("%s: got %v, want %q", name, got, c.want)
		}
	}
}

// TestRulesNameKnownCodes: a code in a rule's data that no table has would never
// be met.
func TestSoundCasesHaveNoHits(t *testing.T) {
	for name, v := range map[string]*View{"contract": on(sound(), func(v *View) { v.Content.Counts.Region = "990101" }), "study": study()} {
		if h := Examine(v, DefaultRules()); len(h) > 0 {
			t.Errorf("%s: %v", name, h)
		}
	}
}
