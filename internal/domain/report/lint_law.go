package report

import (
	"fmt"
	"regexp"
	"strings"
)

var (
	rateWord   = regexp.MustCompile(`落实率|就业率|签约率|升学率|就业指标|就业目标|就业任务`)
	sharePart  = regexp.MustCompile(`\d\s*%|个百分点|百分之|` + boundMark)
	harmless   = regexp.MustCompile(`培养目标|指标点|毕业要求|目标达成|目标(?:岗位|单位|企业|院校|群体|城市)|指标体系|统计指标|指标含义|指标说明|指标口径|职业目标|求职目标|招生指标`)
	targetWord = regexp.MustCompile(`目标|冲刺|冲至|冲击|指标|任务数`)
	strivesFor = regexp.MustCompile(`(?:确保|力争|保证|必须|务必)[^，。；]{0,14}(?:落实率|就业率|签约率|升学率)|(?:落实率|就业率|签约率|升学率)[^，。；]{0,12}(?:必须|务必|力争|确保|不得低于|不低于)`)
	handsDown  = regexp.MustCompile(`(?:下达|分解|摊派|层层|签订|加码)[^。；]{0,16}(?:就业(?:率|工作)?(?:指标|任务)|落实率(?:指标|目标|任务)|就业目标)|(?:就业(?:率|工作)?(?:指标|任务)|落实率(?:指标|目标|任务))[^。；]{0,8}(?:下达|分解|摊派|层层|加码)`)
	appraises  = regexp.MustCompile(`(?:落实率|就业率)[^。；]{0,20}(?:绩效|考核|评优|评先|奖惩|职称|一票否决|末位)|(?:绩效|考核|评优|评先|奖惩|职称)[^。；]{0,16}(?:落实率|就业率)`)
	ranksMen   = regexp.MustCompile(`(?:班级|辅导员|教师|导师|班主任)[^。；]{0,16}(?:落实率|就业率)[^。；]{0,12}(?:排名|排序|排行|第[一二三123]名)`)
	negation   = regexp.MustCompile(`不得|不将|不与|不以|不把|不设|不提|不作为|不向|不据此|严禁|禁止|杜绝|没有将|未将|避免`)
)

// targets looks for what the three prohibitions ban: rates as targets, tasks handed down,
// rates tied to appraisal (L15). What says that it is not done is lawful.
func (l *lint) targets() {
	for i := range l.passages {
		p := &l.passages[i]
		for _, s := range sentences(quoted.ReplaceAllString(p.said, "《》"), fullStops) {
			plain := harmless.ReplaceAllString(s, "")
			words := strivesFor.FindString(plain)
			if words == "" && rateWord.MatchString(plain) && sharePart.MatchString(plain) {
				words = targetWord.FindString(plain)
			}
			for _, form := range []*regexp.Regexp{handsDown, appraises, ranksMen} {
				if words == "" {
					words = form.FindString(plain)
				}
			}
			if words == "" || negatedBefore(plain, words) {
				continue
			}
			l.report(Problem{Rule: "L15", At: p.at, Words: strings.TrimSpace(s), Text: fmt.Sprintf("“%s”：教育部“三不得”不许把落实率当作目标、摊派或与考核挂钩，请改写成做了什么工作", words)})
		}
	}
}

func negatedBefore(s, words string) bool {
	at := strings.Index(s, words)
	not := negation.FindStringIndex(s)
	return not != nil && at >= 0 && not[0] < at+len(words)
}

var (
	fewAfter  = regexp.MustCompile(`(?:困难|残疾|低保|孤儿|零就业家庭|特困|少数民族|[藏回壮满苗彝]族|维吾尔族|哈萨克族|蒙古族)(?:家庭)?(?:的)?(?:毕业生|学生|人员|群体)?(?:中)?(?:有|仅|共|为|计|仅有|共有)?\s*([1-4一二两三四])\s*[人名位](?:[^一\d次员]|$)`)
	fewBefore = regexp.MustCompile(`(?:^|[^\d.,第每任])([1-4一二两三四])\s*[名位个]\s*(?:家庭)?(?:经济)?(?:就业)?(?:困难|残疾|低保|孤儿|零就业家庭|特困|少数民族|[藏回壮满苗彝]族|维吾尔族|哈萨克族|蒙古族)[^，。；]{0,4}(?:毕业生|学生)`)
)

// smallWords looks for fewer than five people of a sensitive group in a text (L16).
func (l *lint) smallWords() {
	for i := range l.passages {
		p := &l.passages[i]
		for _, form := range []*regexp.Regexp{fewAfter, fewBefore} {
			for _, w := range form.FindAllString(p.said, -1) {
				w = strings.Trim(w, anyStops)
				l.report(Problem{Rule: "L16", At: p.at, Words: w, Text: fmt.Sprintf("“%s”不足 5 人，又是敏感人群，写出来就可能认出是谁，请删去人数", w)})
			}
		}
	}
}
