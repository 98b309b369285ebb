package proofread

import (
	"regexp"
	"slices"
	"strings"
)

var (
	aims     = regexp.MustCompile(`(以|将)[^，。；]{0,12}%[^，。；]{0,6}为(奋斗|工作|考核)?目标|冲刺[^，。；]{0,12}%|冲[至到][^，。；]{0,6}%|(就业|落实率|去向)[^，。；]{0,8}(目标|指标)(值|任务|要求)?(为|是|定为|设定为|不低于|达到|达|至|：)?[^，。；]{0,8}%|(落实率|就业率)[^，。；]{0,12}%[^，。；]{0,6}的?(工作|任务|考核|奋斗)?(目标|指标)`)
	ofJobs   = []string{"就业", "落实率", "去向"}
	notAim   = []string{"明确", "清晰", "就业目标的", "求职目标", "职业目标", "目标岗位", "国家", "国务院", "教育部", "满意", "评价", "体系", "考研", "调查", "全省", "全国"}
	bans     = []string{"不准", "不得", "严禁", "禁止", "杜绝", "防止", "避免", "不与", "不将", "不以", "不把", "严查", "四不准", "三不得", "切勿", "不允许", "不可"}
	tied     = regexp.MustCompile(`(落实率|就业率|签约率)[^。；]{0,20}(辅导员|班主任|就业工作人员)[^。；]{0,12}(考核|绩效|评优|评先|奖惩|晋升|职称)[^。；]{0,8}(挂钩|依据)|(辅导员|班主任|就业工作人员)[^。；]{0,12}(考核|绩效|评优|评先)[^。；]{0,10}与[^。；]{0,10}(落实率|就业率)[^。；]{0,6}挂钩`)
	withheld = regexp.MustCompile(`(未签约|未就业|未落实|签约)[^。；]{0,16}(暂缓|不予|不|扣)(发放|发|领取)?[^。；]{0,6}(毕业证|学位证)|(毕业证书?|学位证书?)[^。；]{0,12}与[^。；]{0,8}(签约|就业)[^。；]{0,6}挂钩`)
	asProof  = regexp.MustCompile(`(实习|见习)证明(材料)?[^。；]{0,10}(作为|视为|计入|算作)[^。；]{0,8}(就业|落实)`)
	quotas   = regexp.MustCompile(`(向|给|为|对)[^，。；]{0,6}(辅导员|班主任)[^，。；]{0,8}(下达|分配|摊派|分解)[^，。；]{0,10}(就业|落实率|签约)[^，。；]{0,6}(任务|指标)`)
)

// lawClaims finds words that say of the school itself what the ministry's 四不准 and
// 三不得 forbid; words that quote the ban are not meant. One a passage.
func (c *claims) lawClaims() []doubt {
	var out []doubt
	for _, p := range c.passages {
		if d, ok := p.law(); ok {
			out = append(out, d)
		}
	}
	return out
}

func (p *passage) law() (doubt, bool) {
	for _, s := range p.sentences {
		words := p.words(s)
		if containsAny(words, bans) {
			continue
		}
		for _, x := range []struct {
			re  *regexp.Regexp
			why string
		}{
			{aims, "“不得不切实际向高校和学院提去向落实率具体指标”（三不得），公开报告里写落实率的目标或冲刺数，容易被读成指标。建议改写为已做的工作和实际结果。"},
			{tied, "“不得将单一的去向落实率指标与就业工作人员或者辅导员的绩效考核、评优等挂钩”（三不得）。建议核对做法，改写表述。"},
			{withheld, "“不准将毕业证书、学位证书发放与毕业生签约挂钩”（四不准）。建议核对做法，改写表述。"},
			{asProof, "“不准将毕业生顶岗实习、见习证明材料作为就业证明材料”（四不准）。建议核对做法，改写表述。"},
			{quotas, "“不得层层加码向辅导员摊派就业任务”（三不得）。建议核对做法，改写表述。"},
		} {
			loc := x.re.FindStringIndex(words)
			if loc == nil || x.re == aims && !isAim(p, s, words) {
				continue
			}
			return p.lawDoubt(s, words, loc, x.why), true
		}
	}
	return doubt{}, false
}

func isAim(p *passage, s stretch, words string) bool {
	return containsAny(words, ofJobs) && !containsAny(words, notAim) && slices.ContainsFunc(p.mentions, func(m mention) bool {
		return m.Sort == Percent && m.From >= s.from && m.From < s.to && m.Value.Cmp(Whole(50)) >= 0
	})
}

func (p *passage) lawDoubt(s stretch, words string, loc []int, why string) doubt {
	from := s.from + len([]rune(words[:loc[0]]))
	to := s.from + len([]rune(words[:loc[1]]))
	m := mention{p: p, Figure: Figure{From: from, To: to, UnitEnd: to}}
	printed := ""
	for _, f := range p.mentions {
		if f.Sort == Percent && f.From >= from && f.From < to {
			m, printed = f, f.printed()
			break
		}
	}
	d := m.doubtOf(ClaimVsTable, Claim, "")
	d.Printed = printed
	d.Cell = strings.Trim(string(p.text[from:to]), "，。；")
	d.Explanation = "教育部要求" + why
	return d
}

var quoted = regexp.MustCompile(`《([^《》]{6,50})》`)
var quotedTail = regexp.MustCompile(`[（(]?20\d\d(年|届)?度?[)）]?`)

// quoteClaims finds the title of one source quoted in two ways within a chapter.
func (c *claims) quoteClaims() []doubt {
	type quote struct {
		title, plain string
		p            *passage
		from         int
		section      string
	}
	var all []quote
	for _, p := range c.passages {
		text := string(p.text)
		for _, at := range quoted.FindAllStringSubmatchIndex(text, -1) {
			title := text[at[2]:at[3]]
			all = append(all, quote{title, quotedTail.ReplaceAllString(title, ""), p, len([]rune(text[:at[2]])), p.heads})
		}
	}
	var out []doubt
	told := map[string]bool{}
	for i, a := range all {
		for _, b := range all[i+1:] {
			if a.section != b.section || a.plain == b.plain || told[a.plain] || told[b.plain] || !strings.HasSuffix(a.plain, "报告") || !shortened(a.plain, b.plain) && !shortened(b.plain, a.plain) {
				continue
			}
			told[a.plain], told[b.plain] = true, true
			m := mention{p: b.p, Figure: Figure{From: b.from, To: b.from + len([]rune(b.title)), UnitEnd: b.from + len([]rune(b.title))}}
			d := m.doubtOf(LabelOrNumber, Label, "")
			d.Printed, d.Cell = b.title, "《"+b.title+"》"
			d.Other = a.p.place(a.from)
			d.Explanation = "同一章里又写作《" + a.title + "》，像是同一份材料，题名请统一。"
			out = append(out, d)
		}
	}
	return out
}

// shortened tells whether a is b with one or two characters left out.
func shortened(a, b string) bool {
	x, y := []rune(a), []rune(b)
	if len(y)-len(x) < 1 || len(y)-len(x) > 2 || len(x) < 8 {
		return false
	}
	i := 0
	for _, r := range y {
		if i < len(x) && x[i] == r {
			i++
		}
	}
	return i == len(x)
}
