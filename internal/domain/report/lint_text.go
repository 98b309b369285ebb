package report

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

var (
	quoted     = regexp.MustCompile(`《[^》]*》`)
	typedShare = regexp.MustCompile(`(\d+(?:\.\d+)?)\s*%`)
	spelled    = regexp.MustCompile(`百分之[零〇一二三四五六七八九十百点]+`)
	typedCount = regexp.MustCompile(`(\d[\d,]*)\s*[人名位]`)
	ofSurvey   = regexp.MustCompile(`满意度|相关度|吻合度|推荐度|胜任|问卷|调查|调研|受访|答卷|评价|回收率|有效率`)
	ofRegister = regexp.MustCompile(`落实率|就业率|签约率|升学率|深造率|留学率|待就业|去向落实`)
)

// own is a typed text without the titles of documents, which carry years and numbers of
// their own.
func (p *passage) own() string { return quoted.ReplaceAllString(p.typed, "《》") }

// typedNumbers looks for figures that somebody typed where the report counts them: they
// stay when the data moves (L4). Sums of printed shares are told apart (L12), and shares
// that nothing in the report counts are asked for their decimals (L11).
func (l *lint) typedNumbers() {
	for i := range l.passages {
		p := &l.passages[i]
		for _, s := range sentences(p.own(), fullStops) {
			for _, m := range typedShare.FindAllStringSubmatch(s, -1) {
				l.typedShare(p, s, m[0], m[1])
			}
			for _, m := range spelled.FindAllString(s, -1) {
				if n, ok := chinesePercent(m); ok {
					l.typedShare(p, s, m, n)
				}
			}
			for _, m := range typedCount.FindAllStringSubmatch(s, -1) {
				l.typedCount(p, s, m[0], m[1])
			}
		}
		l.surveyDecimals(p)
	}
}

// nearShare and nearCount are how far a figure may lie from a counted one, in hundredths of
// a percent and in people of a hundred, and still be meant as it.
const (
	nearShare = 100
	nearCount = 2
)

func (l *lint) typedShare(p *passage, sentence, words, number string) {
	v := hundredthsOf(number)
	_, rest, _ := strings.Cut(number, ".")
	survey := ofSurvey.MatchString(sentence) && !ofRegister.MatchString(sentence)
	if v < 0 || survey || v == 10000 && !ofRegister.MatchString(sentence) {
		return
	}
	if l.addedShares(p, sentence, words, v) {
		return
	}
	if f := l.nearest(sentence, func(f *fact) int {
		if f.share < 0 {
			return -1
		}
		return max(f.share-v, v-f.share)
	}, nearShare); f != nil {
		l.typed(p, words, f, f.share == v)
		return
	}
	at := slices.IndexFunc(l.facts, func(f fact) bool { return f.share == v && len(rest) == 2 && v > 0 && v < 10000 })
	switch {
	case at >= 0:
		l.typed(p, words, &l.facts[at], true)
	case ofRegister.MatchString(sentence):
		l.report(Problem{Rule: "L4", At: p.at, Words: words, Text: fmt.Sprintf("“%s”是手输的，报告里没有统计出这个数；去向方面的数字请用绑定，例如 {%% destination.settled}", words)})
	case len(rest) != 0 && len(rest) != 2:
		l.report(Problem{Rule: "L11", At: p.at, Words: words, Text: fmt.Sprintf("“%s”是 %d 位小数，报告里的百分比都是两位小数", words, len(rest))})
	}
}

// typed words a figure that was typed beside a counted one.
func (l *lint) typed(p *passage, words string, f *fact, same bool) {
	text := fmt.Sprintf("手输的数与表不符：“%s”，%s%s是 %s。请改用绑定的数字", words, f.place, rowOf(f), f.text())
	if same {
		text = fmt.Sprintf("“%s”是手输的，与%s%s相同，但数据变了它不会变。请改用绑定的数字", words, f.place, rowOf(f))
	}
	l.report(Problem{Rule: "L4", At: p.at, Words: words, Text: text, Instead: f.bind})
}

func rowOf(f *fact) string {
	if strings.HasPrefix(f.place, "文中") {
		return f.row
	}
	return f.row + f.title
}

// nearest is the fact that a sentence names and that is nearest to what was typed, none
// farther away than the most; nil: none.
func (l *lint) nearest(sentence string, away func(*fact) int, most int) *fact {
	var out *fact
	for i := range l.facts {
		f := &l.facts[i]
		d := away(f)
		if d >= 0 && d <= most && f.named(sentence) && (out == nil || d < away(out)) {
			out = f
		}
	}
	return out
}

func (l *lint) typedCount(p *passage, sentence, words, number string) {
	v, err := strconv.Atoi(strings.ReplaceAll(number, ",", ""))
	if err != nil || v < 10 {
		return
	}
	if f := l.nearest(sentence, func(f *fact) int {
		if f.share >= 0 || f.count == 0 {
			return -1
		}
		return max(f.count-v, v-f.count)
	}, v*nearCount/100); f != nil {
		l.typed(p, words, f, f.count == v)
	}
}

// addedShares tells whether a typed share is the sum of shares that are printed rounded.
func (l *lint) addedShares(p *passage, sentence, words string, v int) bool {
	sum, n := 0, 0
	if b := l.doc.Blocks[p.at]; b.Paragraph != nil {
		for _, s := range b.Paragraph.Spans {
			if s.Number > 0 && l.doc.Numbers[s.Number-1].Format == Share {
				sum, n = sum+hundredthsOf(strings.TrimSuffix(s.Text, "%")), n+1
			}
		}
	}
	added := n > 1 && sum == v
	if together.MatchString(sentence) && !added {
		for i := range l.facts {
			for j := range i {
				a, b := &l.facts[i], &l.facts[j]
				added = added || a.share > 0 && b.share > 0 && a.row == b.row && a.place == b.place && a.share+b.share == v && a.named(sentence) && b.named(sentence)
			}
		}
	}
	if added {
		l.report(Problem{Rule: "L12", At: p.at, Words: words, Text: fmt.Sprintf("“%s”是四舍五入后的百分比相加得来的，请由人数相加后另算", words)})
	}
	return added
}

var together = regexp.MustCompile(`合计|共计|两项|三项|之和|总计|合并|共占`)

// surveyDecimals asks the shares of one survey to have as many decimals (L11).
func (l *lint) surveyDecimals(p *passage) {
	if !ofSurvey.MatchString(p.own()) {
		return
	}
	first := -1
	for _, m := range typedShare.FindAllStringSubmatch(p.own(), -1) {
		_, rest, _ := strings.Cut(m[1], ".")
		if m[1] == "100" {
			continue
		}
		if first < 0 {
			first = len(rest)
		}
		if len(rest) != first {
			l.report(Problem{Rule: "L11", At: p.at, Words: m[0], Text: fmt.Sprintf("同一项调查里，“%s”的小数位数与前面的不同，请统一", m[0])})
		}
	}
}

var (
	typedCohort = regexp.MustCompile(`(?:19|20)\d{2}\s*(?:[-—–~、和至到]+\s*(?:19|20)?\d{2}\s*)*届|(?:^|[^\d第])(\d{2})届|[一二][〇零○九][〇零○一二三四五六七八九]{2}届`)
	typedSpan   = regexp.MustCompile(`(?:19|20)\d{2}\s*年?\s*[-—–~至到]+\s*(?:19|20)\d{2}\s*年`)
	typedYear   = regexp.MustCompile(`(?:19|20)\d{2}\s*年(?:\s*\d{1,2}\s*月)?`)
	fourDigits  = regexp.MustCompile(`(?:19|20)\d{2}`)
	compared    = regexp.MustCompile(`相比|同比|同期|较|比(?:上|前|去|19|20)|` + boundMark)
)

// typedYears looks for cohorts and years that somebody typed: the report knows them (L7).
func (l *lint) typedYears() {
	for i := range l.passages {
		p := &l.passages[i]
		text := p.own()
		for _, w := range append(typedCohort.FindAllString(text, -1), typedSpan.FindAllString(text, -1)...) {
			l.typedYear(p, w)
		}
		for _, s := range sentences(text, fullStops) {
			for _, c := range sentences(s, "，：、（）()") {
				if w := typedYear.FindString(c); w != "" && !strings.Contains(w, "月") && compared.MatchString(c) {
					l.typedYear(p, w)
				}
			}
		}
	}
}

func (l *lint) typedYear(p *passage, words string) {
	words = strings.TrimLeft(words, anyStops+" "+boundMark)
	instead := "{cohort}"
	if own, err := strconv.Atoi(l.doc.cohort()); err == nil {
		if y, err := strconv.Atoi(fourDigits.FindString(words)); err == nil && y != own {
			instead = fmt.Sprintf("{cohort back=%d}", y-own)
			if y > own {
				instead = ""
			}
		}
	}
	l.report(Problem{Rule: "L7", At: p.at, Words: words, Text: fmt.Sprintf("“%s”是手写的，换一届就会错，请改用绑定的届别", words), Instead: instead})
}

var typedChange = regexp.MustCompile(`(?:增加|减少|增长|净增|上升|下降|提高|降低|提升|回落|多|少)了?\s*(?:约|近)?\s*\d[\d,.]*\s*(?:人(?:[^次员]|$)|名毕业生|%|个百分点)`)

// typedChanges looks for differences that somebody worked out by hand (L8).
func (l *lint) typedChanges() {
	for i := range l.passages {
		p := &l.passages[i]
		for _, w := range typedChange.FindAllString(p.own(), -1) {
			w = strings.TrimRight(w, anyStops)
			l.report(Problem{Rule: "L8", At: p.at, Words: w, Text: fmt.Sprintf("“%s”是手写的，应由两届的数字算出，请改用 {diff …}", w), Instead: "{diff % destination.settled from=-1}"})
		}
	}
}

var (
	eachYear   = regexp.MustCompile(`逐年|逐届|连年|连续[一二三四五六七八九两\d]+[年届][^，。；]{0,4}(?:增|升|降|减|提高|超)`)
	onTheWay   = regexp.MustCompile(`(?:稳步|持续|不断|连续|节节|大幅|显著|明显)(?:增长|增加|上升|提高|提升|攀升|下降|减少|走高|向好|升高)|稳中有[升进]|屡创新高|再创新高|稳步增`)
	measurable = regexp.MustCompile(`率|人数|比例|占比|规模|毕业生数`)
)

// typedTrends looks for words of a trend that the data did not choose (L9).
func (l *lint) typedTrends() {
	for i := range l.passages {
		p := &l.passages[i]
		for _, s := range sentences(p.own(), fullStops) {
			words := eachYear.FindAllString(s, -1)
			if measurable.MatchString(s) {
				words = append(words, onTheWay.FindAllString(s, -1)...)
			} else if !changes.MatchString(s) {
				words = nil
			}
			for _, w := range words {
				l.report(Problem{Rule: "L9", At: p.at, Words: w, Text: fmt.Sprintf("“%s”是手写的，人数和比率未必都如此，请改用 {trend …}，或用 {claim %s …} 让数据核对这句话", w, w), Instead: "{trend % destination.settled}"})
			}
		}
	}
}

// changes are words of what grows or shrinks.
var changes = regexp.MustCompile(`增|升|降|减|提高|攀|高`)

var chineseDigits = map[rune]int{'零': 0, '〇': 0, '一': 1, '二': 2, '三': 3, '四': 4, '五': 5, '六': 6, '七': 7, '八': 8, '九': 9}

// chinesePercent reads 百分之八十六点五四 as 86.54.
func chinesePercent(s string) (string, bool) {
	whole, rest, _ := strings.Cut(strings.TrimPrefix(s, "百分之"), "点")
	n, digit := 0, 0
	for _, r := range whole {
		switch r {
		case '百':
			n, digit = n+max(digit, 1)*100, 0
		case '十':
			n, digit = n+max(digit, 1)*10, 0
		default:
			digit = chineseDigits[r]
		}
	}
	out := strconv.Itoa(n + digit)
	if rest == "" {
		return out, whole != ""
	}
	out += "."
	for _, r := range rest {
		d, ok := chineseDigits[r]
		if !ok {
			return "", false
		}
		out += strconv.Itoa(d)
	}
	return out, true
}
