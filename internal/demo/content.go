package demo

import (
	"fmt"
	"math/rand/v2"
	"strconv"

	"quxiang/internal/domain/history"
)

// content is what a form says of a destination, and what is copied from the
// master records when it becomes effective.
type content struct {
	code   string
	from   date
	given  history.Counted
	copied history.Counted
	fields history.Fields
}

// job makes the content of a destination with an employer.
func (t *teller) job(g goal, from date) content {
	w := t.s.market.choose(t.r, g.kind, g.home)
	c := content{from: from, code: jobCode(t.r, g, w)}
	if g.fate == startup {
		w = ownFirm(t.r, t.Name, g.home)
	}
	c.given = history.Counted{Nature: w.Nature, Industry: w.Industry, Post: post(t.r, g, w), Region: w.Region}
	c.copied = history.Counted{HospitalLevel: w.level}
	c.fields = history.Fields{"employer_name": w.Name, "sign_day": string(from.day())}
	put := func(key, value string) {
		if value != "" {
			c.fields[key] = value
		}
	}
	put("credit_code", w.CreditCode)
	if g.fate == startup {
		put("role", "法定代表人")
		put("share", strconv.Itoa(40+10*t.r.IntN(7))+"%")
		return c
	}
	put("employer_contact", w.contact)
	put("contact_mobile", w.phone)
	put("position", position(t.r, c.given.Post))
	t.terms(&c, g)
	if c.code != "12" && g.kind == tertiary && chance(t.r, 5) {
		a := pick(t.r, t.s.market.agencies)
		put("contract_name", a.Name)
		put("contract_code", a.CreditCode)
		c.copied.ContractNature = a.Nature
	}
	return c
}

// terms adds what the code asks for beside the employer.
func (t *teller) terms(c *content, g goal) {
	pay := 100_00 * int64([nLevels]int{36, 52, 78}[g.level]+t.r.IntN(50))
	switch c.code {
	case "11", "271":
		start := date(max(int(c.from), int(dateOf(graduationDay(t.season.year))))) + 4
		c.fields["term"] = fmt.Sprintf("%s至%s", start.day(), (start + 3*365).day())
	case "502", "503", "512":
		c.fields["programme"] = map[string]string{"502": "三支一扶计划", "503": "西部计划", "512": "选调生"}[c.code]
		c.fields["service_place"], c.fields["term"] = c.fields["employer_name"], "两年"
	}
	if c.code == "12" || c.code == "271" || chance(t.r, 60) {
		c.fields["pay"] = strconv.FormatInt(pay, 10)
	}
	if c.code == "10" && g.kind == tertiary && g.level != doctor && chance(t.r, 30) {
		c.fields["residency_type"], c.fields["residency_base"] = pick(t.r, []string{"单位人", "社会人"}), c.fields["employer_name"]
	}
}

// jobCode says by what paper somebody of the goal works there.
func jobCode(r *rand.Rand, g goal, w *workplace) string {
	switch {
	case g.fate == startup:
		return "75"
	case g.fate == hired:
		return "12"
	case w.Nature == "21" || w.Nature == "20":
		return weighted(r, []choice[string]{{"10", 5}, {"11", 2}, {"271", 3}})
	case w.Nature == "10":
		return weighted(r, []choice[string]{{"10", 6}, {"512", 2}, {"503", 1}, {"502", 1}})
	case g.kind == firm:
		return weighted(r, []choice[string]{{"10", 3}, {"11", 7}})
	}
	return weighted(r, []choice[string]{{"10", 7}, {"11", 3}})
}

// post is the 工作职位类别 of somebody there.
func post(r *rand.Rand, g goal, w *workplace) string {
	switch {
	case w.Nature == "40":
		return "80"
	case w.Nature == "21" || w.Nature == "22":
		return weighted(r, []choice[string]{{"24", 7}, {"11", 2}, {"30", 1}})
	case w.Nature == "20":
		return "11"
	case w.Nature == "10":
		return "10"
	case g.kind == firm || g.fate == startup:
		return weighted(r, []choice[string]{{"13", 3}, {"21", 2}, {"40", 2}, {"29", 2}, {"19", 2}, {"30", 1}})
	}
	return weighted(r, []choice[string]{{"19", 92}, {"29", 5}, {"30", 3}})
}

var positions = map[string][]string{
	"19": {"医师", "护士", "药师", "检验技师", "影像技师", "康复治疗师"}, "24": {"专任教师", "辅导员"}, "11": {"科研人员", "实验员"},
	"10": {"公务员"}, "13": {"研发工程师", "质量工程师"}, "21": {"注册专员", "商务专员"}, "40": {"医学顾问", "门店店长"},
	"29": {"医学编辑", "健康管理师"}, "30": {"行政专员"}, "80": {"文职人员"},
}

func position(r *rand.Rand, post string) string { return pick(r, positions[post]) }

// studies makes the content of further study at home.
func (t *teller) studies(g goal, from date) content {
	i := min(t.r.IntN(len(universities)), t.r.IntN(len(universities)))
	code, name := universityCode(i), universities[i].name
	if chance(t.r, 22) { // many stay
		code, name = schoolCode, schoolName
	}
	c := content{code: "801", from: from, copied: history.Counted{SchoolTier: t.s.book.SchoolTier(code, t.group.year)}}
	level := "硕士研究生"
	if g.level == master {
		level = "博士研究生"
	} else if chance(t.r, 2) {
		c.code, level = "802", "第二学士学位"
	}
	c.fields = history.Fields{"school_code": code, "school_name": name, "study_level": level, "study_major": majors[t.group.major].name,
		"study_mode": "全日制"}
	return c
}

// goesAbroad makes the content of study outside the mainland.
func (t *teller) goesAbroad(from date) content {
	u := pick(t.r, foreign)
	return content{code: "85", from: from, fields: history.Fields{"country": u[0], "school_name_cn": u[1], "school_name_foreign": u[2],
		"major_cn": "公共卫生", "major_foreign": "Public Health"}}
}

// seeks makes the content of somebody who wants work and has none yet.
func (t *teller) seeks(from date) content {
	code := weighted(t.r, []choice[string]{{"70-SEEK", 60}, {"70-EXAM", 25}, {"70-SIGNING", 10}, {"70-STARTUP", 3}, {"70-ARMY", 2}})
	return content{code: code, from: from, fields: history.Fields{
		"wanted": pick(t.r, []string{"三级医院临床岗位，本省", "疾控或社区卫生岗位", "医药企业研发岗位", "医院护理岗位，月薪五千以上", "高校教师岗位", "不限"})}}
}

// destination makes the content that the goal is about, from a day on.
func (t *teller) destination(g goal, from date) content {
	switch g.fate {
	case study:
		return t.studies(g, from)
	case abroad:
		return t.goesAbroad(from)
	case preparing:
		return content{code: "71", from: from, fields: history.Fields{"wanted": "报考下一年硕士研究生"}}
	case idle:
		return content{code: "72-NONE", from: from, fields: history.Fields{"reason_text": "照顾家人，暂不就业"}}
	case looking:
		return t.seeks(from)
	case freelance:
		return content{code: "76", from: from, fields: history.Fields{"work_kind": "医学科普撰稿", "platform": "自有公众平台",
			"start_day": string(from.day()), "pay": strconv.Itoa(100_00 * (30 + t.r.IntN(40)))}}
	case army:
		return content{code: "46", from: from, fields: history.Fields{"enlist_day": string(from.day()), "enlist_office": "望潮区人民武装部"}}
	}
	return t.job(g, from)
}

// anyJob is the goal of somebody of the level who finds work after all.
func anyJob(r *rand.Rand, level int) goal {
	var list []choice[goal]
	for _, e := range employed {
		if e.level == level && e.fate != startup {
			list = append(list, choice[goal]{goal{e.level, e.fate, e.kind, true}, e.home}, choice[goal]{goal{e.level, e.fate, e.kind, false}, e.off})
		}
	}
	return weighted(r, list)
}
