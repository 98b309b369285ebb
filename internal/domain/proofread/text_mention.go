package proofread

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// mention is a figure of a sentence with what the words around it say of it.
type mention struct {
	Figure
	p        *passage
	sentence int
	clause   int    // of its sentence, between semicolons
	depth    int    // of brackets around it
	label    string // the words of its own: 本科生, 医学院
	name     string // the label as the rows of tables have it, once it was asked for
	between  string // all that stands between the figure before it and itself
	level    string // 本科, 硕士 …; 合计 where the words say 全校; "" unknown
	cohort   string // "2024"; "" unknown
	measure  string // what is counted or shared, normalised: 毕业去向落实率; "" unknown
	rest     string // words of its label and of the head of its sentence that say whom: 男生, 医学院
	lead     string // words of the sentence before its first figure
	leadRest string // whom the lead speaks of
	headRest string // the same without the name just before the first figure
	mate     int    // index of the share that goes with a count, or the count with a share; -1
	listed   bool   // of a list: 分别为 a、b 和 c
}

func (m mention) place() Place { return m.p.place(m.From) }

// printed is the figure as it stands.
func (m mention) printed() string { return m.Value.String() }

// words are the words that hold the figure: its clause, as the report has it.
func (m mention) words() string {
	rs := m.p.shown
	from, to := m.From, m.UnitEnd
	for from > 0 && m.From-from < 30 && !strings.ContainsRune("，。；：！？", m.p.text[from-1]) {
		from--
	}
	for to < len(rs) && to-m.UnitEnd < 10 && !strings.ContainsRune("，。；：！？、", m.p.text[to]) {
		to++
	}
	return strings.Trim(string(rs[from:to]), " （(")
}

func (m mention) where() string {
	if m.p.where != "" {
		return m.p.where
	}
	return "正文"
}

// wordsOf are level words, the longer first, with their normal form.
var levelWords = []struct{ word, level string }{
	{"硕博研究生", "研究生"}, {"硕士研究生", "硕士"}, {"博士研究生", "博士"}, {"研究生", "研究生"}, {"本科", "本科"}, {"硕士", "硕士"}, {"博士", "博士"},
	{"高职", "专科"}, {"专科", "专科"}, {"全校", "合计"}, {"全体毕业生", "合计"}, {"学校总体", "合计"},
}

// further is 研究生 as what graduates become, not as who they are.
var further = regexp.MustCompile(`(录取|免试|攻读|考取|考上|推免|报考|读|升|就读|成为|保送|推荐)(为|的)?(硕士|博士)?研究生`)

// levelsNamed are the levels that words name, in order.
func levelsNamed(s string) []string {
	var out []string
	s = further.ReplaceAllString(s, "")
	for s != "" {
		hit := false
		for _, l := range levelWords {
			if strings.HasPrefix(s, l.word) {
				if l.level != "研究生" || !continuesName(s[len(l.word):]) {
					out = append(out, l.level)
				}
				s, hit = s[len(l.word):], true
				break
			}
		}
		if !hit {
			_, size := firstRune(s)
			s = s[size:]
		}
	}
	return out
}

// continuesName is true after the 研究生 of 研究生院 and 研究生考试: no people.
func continuesName(s string) bool {
	return containsAny(string([]rune(s)[:min(2, len([]rune(s)))]), []string{"院", "考试", "招生", "教育", "阶段", "学历"})
}

func firstRune(s string) (rune, int) {
	for i, r := range s {
		if i > 0 {
			return r, i
		}
	}
	return 0, len(s)
}

var (
	connectors = regexp.MustCompile(`^(其中|另外|此外|同时|另有|另|并有|还有|共有|共计|而|则|均|以及|和|与|及|或|含|包括|包含|分别为|分别是|依次为|依次是|为|是|的|达到|超过|中,|中，|,|，|、|；|：|\)|）|”|“|"|（|\(|在)+`)
	trailers   = regexp.MustCompile(`(分别为|分别是|依次为|依次是|分别|依次|共有|共计|合计|总计|共|有|为|是|达到|达|占比|占|比例|比重|近|超过|高达|仅|仅为|的|：|:|（|\(|“|”|")+$`)
	cohortWord = regexp.MustCompile(`(20\d\d)(年|届)?(至|到|-|—|~|～|、|和|与|及)?(20\d\d)?(年|届)`)
	dateWord   = regexp.MustCompile(`(截至|截止|截止至|截止到|截至到)?(20\d\d年)?\d{1,2}月(\d{1,2}日|底|末)?(,|，)?`)
)

// measures are what a figure in a sentence may count or share, as tables name it too; the
// longer first where one ends another.
var measures = []string{
	"初次毕业去向落实率", "年终毕业去向落实率", "毕业去向落实率", "毕业去向落实人数", "就业去向落实率", "协议和合同就业率", "协议和合同就业人数", "初次就业率", "总体就业率", "单位就业率", "灵活就业率", "自主创业率", "自由职业率",
	"国内升学率", "境内升学率", "国内深造率", "境外深造率", "出国(境)率", "出国(境)深造率", "升学率", "深造率", "创业率", "就业率", "签约率", "落实率", "待就业率", "暂不就业率",
}

// stops say nothing of whom a figure is.
var stops = regexp.MustCompile(`截至统计时点|截至|截止|包括|包含|含|我校|学校|本校|全校|应届|毕业生|毕业|学生|总体|整体|人数|总数|总人数|规模|比例|占比|所占|情况|数据|显示|统计|根据|调查|其中|共有|共计|合计|分别|依次|如下|来看|从|的|为|是|中|共|有|达到|达|占|约占|约为|大约|在|，|、|：|；|“|”|\(|\)|（|）|,|届|年|生$`)

// readMentions reads the figures of a passage.
func (p *passage) readMentions() {
	end, sentence := 0, 0
	lead, leadRest, headRest := "", "", ""
	cohort, level, measure := "", "", ""
	for _, f := range Figures(string(p.text)) {
		for sentence < len(p.sentences) && f.From >= p.sentences[sentence].to {
			sentence++
			s := p.sentences[min(sentence, len(p.sentences)-1)]
			end, lead, measure = s.from, "", ""
			if !strings.HasPrefix(p.words(s), "其中") {
				level, cohort = "", ""
			}
		}
		if f.Sort == Year || f.Sort == Ordinal || f.Sort == Name || p.footnote(f) {
			continue
		}
		s := p.sentences[sentence]
		clause, depth := p.standing(s, f.From)
		m := mention{Figure: f, p: p, sentence: sentence, clause: clause, depth: depth, mate: -1, between: string(p.text[min(end, f.From):f.From])}
		if end == p.sentences[sentence].from {
			lead = m.between
		}
		m.lead = lead
		m.read(level, cohort, measure)
		if end == p.sentences[sentence].from {
			leadRest, headRest = residue(lead), residue(lead[:max(0, strings.LastIndex(lead, m.label))])
		}
		m.leadRest, m.headRest = leadRest, headRest
		level, cohort, measure = m.level, m.cohort, m.measure
		p.mentions = append(p.mentions, m)
		end = f.UnitEnd
	}
	p.pairUp()
	p.spread()
}

// standing is in which clause and how deep in brackets a rune of a sentence stands;
// semicolons in brackets end no clause.
func (p *passage) standing(s stretch, r int) (clause, depth int) {
	for _, x := range p.text[s.from:r] {
		switch x {
		case '（':
			depth++
		case '）':
			depth = max(0, depth-1)
		case '；':
			if depth == 0 {
				clause++
			}
		}
	}
	return clause, depth
}

// aside tells whether a figure stands in a bracket with words or figures of its own, so
// that it says something beside the sentence: （其中 3 人 …）, but not （3 人）.
func (m mention) aside() bool {
	if m.depth == 0 {
		return false
	}
	rs := m.p.text
	return rs[m.From-1] != '（' || m.UnitEnd >= len(rs) || rs[m.UnitEnd] != '）'
}

// footnote is true for a small number glued to words: 升学率11为, 其他企业1，.
func (p *passage) footnote(f Figure) bool {
	if f.Sort != Count || f.Unit != "" || f.Value.Digits > 0 || f.Value.Units >= 100 || f.From == 0 || f.To >= len(p.text) || !unicode.Is(unicode.Han, p.text[f.From-1]) {
		return false
	}
	return unicode.Is(unicode.Han, p.text[f.To]) || p.text[f.To] == '，' && f.Value.Units < 10 && !strings.ContainsRune("为是达共有至到约第占数前近超满", p.text[f.From-1])
}

// conditional is true for a figure that only picks out whom the words speak of: 达到 100% 的专业.
func (m mention) conditional() bool {
	return m.UnitEnd < len(m.p.text) && m.p.text[m.UnitEnd] == '的'
}

// read takes what the words before the figure say, and the rest from the figure before.
func (m *mention) read(level, cohort, measure string) {
	m.level, m.cohort, m.measure = level, cohort, measure
	own := m.between
	if ls := levelsNamed(own); len(ls) > 0 {
		m.level = ls[len(ls)-1]
	}
	if c := cohortIn(own); c != "" && cohortWord.MatchString(own) {
		m.cohort = c
	}
	flat := bracketsAndStudy.Replace(own)
	for _, w := range measures {
		if strings.Contains(flat, w) {
			m.measure = normal(w)
			break
		}
	}
	if m.label = labelIn(own); m.label == "" {
		m.label = labelBefore(own)
	}
	m.rest = residue(own)
}

// itself is how a college calls itself: 学院2024届毕业生, as 学校 does.
var itself = regexp.MustCompile(`(^|[，。；：、(])(学院|我院|本院|全院)`)

// residue is what is left of words without levels, cohorts, dates, measures and filling:
// whom they speak of beside that.
func residue(s string) string {
	s = dateWord.ReplaceAllString(s, "")
	s = cohortWord.ReplaceAllString(s, "")
	s = brackets.Replace(s)
	s = itself.ReplaceAllString(s, "$1")
	for _, w := range measures {
		s = strings.ReplaceAll(s, w, "")
	}
	for _, l := range levelWords {
		s = strings.ReplaceAll(s, l.word, "")
	}
	return strings.TrimSpace(stops.ReplaceAllString(s, ""))
}

var listGap = regexp.MustCompile(`^(、|和|与|及|以及|，|,|；)$`)

// spread gives each figure of a list (分别为 a、b 和 c) its level, cohort or name.
func (p *passage) spread() {
	for i := 0; i < len(p.mentions); i++ {
		j := i + 1
		for j < len(p.mentions) && p.mentions[j].Sort == p.mentions[i].Sort && listGap.MatchString(p.mentions[j].between) {
			j++
		}
		if n := j - i; n > 1 && p.mentions[i].mate < 0 {
			p.name(i, n)
		}
		i = j - 1
	}
}

// name gives n figures from i on the names that stand before them.
func (p *passage) name(i, n int) {
	s := p.sentences[p.mentions[i].sentence]
	own := string(p.text[s.from:p.mentions[i].From])
	if k := strings.LastIndexAny(own, "；;"); k >= 0 {
		own = own[k:]
	}
	lv, ys, names := listLevels(own), listYears(own), listNames(own, n)
	for k := range n {
		m := &p.mentions[i+k]
		m.listed = true
		m.rest = p.mentions[i].rest
		m.measure = p.mentions[i].measure
		switch {
		case len(lv) == n:
			m.level = lv[k]
		case len(ys) == n:
			m.cohort = ys[k]
		case len(names) == n:
			m.label = names[k]
		default:
			m.label, m.rest = "", "?"
		}
		if len(lv) == n || len(ys) == n {
			m.label = p.mentions[i].label
		}
	}
}

// listLevels are the levels that words list: 本科、硕士、博士, or 本、硕、博.
func listLevels(s string) []string {
	s = levelsInShort.Replace(s)
	return slices.Compact(levelsNamed(s))
}

var yearRange = regexp.MustCompile(`(20\d\d)(?:年|届)?\s*(?:-|—|~|～|至|到|–)\s*(20\d\d)(?:年|届)`)

var yearOfList = regexp.MustCompile(`(20\d\d)(年|届|、|和|与|及)`)

// listYears are the cohorts that words list, a range written out.
func listYears(s string) []string {
	if m := yearRange.FindStringSubmatch(s); m != nil {
		a, _ := ParseDecimal(m[1])
		b, _ := ParseDecimal(m[2])
		var out []string
		for y := a.Units; y <= b.Units && y < a.Units+12; y++ {
			out = append(out, Whole(y).String())
		}
		return out
	}
	var out []string
	for _, m := range yearOfList.FindAllStringSubmatch(s, -1) {
		if !slices.Contains(out, m[1]) {
			out = append(out, m[1])
		}
	}
	return out
}
