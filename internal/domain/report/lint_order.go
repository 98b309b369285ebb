package report

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

var (
	surveyShare = regexp.MustCompile(`(?:满意度|相关度|吻合度|推荐度|满意率|离职率|适应性|适应度|胜任度)[^。；]*?\d\s*%|(?:问卷|调查|调研|受访)[^。；]*?\d\s*%`)
	ofCohort    = regexp.MustCompile(`届`)
	sampleSize  = regexp.MustCompile(`(?:回收|有效|样本|答卷|受访|发放)[^，。；]*?\d[\d,]*\s*(?:份|人|家|名)|[nN]\s*[=＝]\s*\d|\d[\d,]*\s*(?:份|人|家|名)[^，。；]{0,6}(?:有效|问卷|答卷|样本|受访|参与调查|参加调查)`)
	answerRate  = regexp.MustCompile(`(?:回收率|答复率|应答率|响应率|回应率|有效率|参与率)[^，。；]*?\d`)
)

// surveys asks every section that tells shares of a survey to say of which cohort, how many
// answered and at which rate (L13).
func (l *lint) surveys() {
	for at := 0; at < len(l.doc.Blocks); {
		end := at + 1
		for end < len(l.doc.Blocks) && l.doc.Blocks[end].Heading == nil {
			end++
		}
		first, all := -1, ""
		for i := at; i < end; i++ {
			text := halfWidth(l.doc.Blocks[i].words())
			if l.doc.Blocks[i].Paragraph != nil && first < 0 && surveyShare.MatchString(quoted.ReplaceAllString(text, "《》")) {
				first = i
			}
			all += text + "\n"
		}
		if first >= 0 {
			var lacks []string
			for _, need := range []struct {
				form *regexp.Regexp
				name string
			}{{ofCohort, "调查的是哪一届"}, {sampleSize, "收到多少份有效答卷"}, {answerRate, "回收率"}} {
				if !need.form.MatchString(all) {
					lacks = append(lacks, need.name)
				}
			}
			if len(lacks) > 0 {
				l.report(Problem{Rule: "L13", At: first, Words: surveyShare.FindString(halfWidth(l.doc.Blocks[first].words())), Text: "这一节写了调查结果，没有写明" + strings.Join(lacks, "、")})
			}
		}
		at = end
	}
}

// words are what a reader of the block reads in running text, footnotes with it.
func (b *Block) words() string {
	switch {
	case b.Heading != nil:
		return b.Heading.Text
	case b.Paragraph != nil:
		var out strings.Builder
		for _, s := range b.Paragraph.Spans {
			out.WriteString(s.Text + s.Footnote)
		}
		return out.String()
	case b.Table != nil:
		return b.Table.Caption + strings.Join(b.Table.Notes, "")
	case b.Figure != nil:
		return b.Figure.Caption
	}
	return ""
}

var typedLabel = regexp.MustCompile(`[表图]\s*\d+\s*[-－—.]\s*\d+`)

// numbering asks tables and figures to be numbered without gaps, each to be named in the
// text, and no text to name one by hand (L14).
func (l *lint) numbering() {
	named, next := map[string]bool{}, map[string]int{}
	for _, b := range l.doc.Blocks {
		if b.Paragraph != nil {
			for _, s := range b.Paragraph.Spans {
				named[s.Ref] = true
			}
		}
	}
	for at, b := range l.doc.Blocks {
		id, number := b.label()
		if number == "" || b.Line == 0 || id == provenance || id == snapshotsTable || strings.HasPrefix(number, "附表") {
			continue
		}
		series, last, ok := strings.Cut(number, "-")
		n, err := strconv.Atoi(last)
		next[series]++
		if !ok || err != nil || n != next[series] {
			l.report(Problem{Rule: "L14", At: at, Words: number, Text: fmt.Sprintf("编号不连续：这里应是 %s-%d", series, next[series])})
			next[series] = n
		}
		if !named[id] {
			l.report(Problem{Rule: "L14", At: at, Words: number, Text: number + " 在文字里没有提到，请在前面的段落里写“见 {ref " + id + "}”", Instead: "{ref " + id + "}"})
		}
	}
	for i := range l.passages {
		p := &l.passages[i]
		for _, w := range typedLabel.FindAllString(p.own(), -1) {
			l.report(Problem{Rule: "L14", At: p.at, Words: w, Text: fmt.Sprintf("“%s”是手写的编号，前面增减一张表就会错，请改用 {ref …}", w)})
		}
	}
}

// label is the id and number of a table or figure.
func (b *Block) label() (id, number string) {
	switch {
	case b.Table != nil:
		return b.Table.ID, b.Table.Number
	case b.Figure != nil:
		return b.Figure.ID, b.Figure.Number
	}
	return "", ""
}

// titles looks for one document that is called two ways (L17).
func (l *lint) titles() {
	type title struct {
		text string
		at   int
	}
	var all []title
	for at := range l.doc.Blocks {
		for _, q := range quoted.FindAllString(l.doc.Blocks[at].words(), -1) {
			if !slices.ContainsFunc(all, func(t title) bool { return t.text == q }) {
				all = append(all, title{q, at})
			}
		}
	}
	for i, b := range all {
		for _, a := range all[:i] {
			if sameTitle(a.text, b.text) {
				l.report(Problem{Rule: "L17", At: b.at, Words: b.text, Text: fmt.Sprintf("%s 与前面的 %s 像是同一份文件，请写成一样", b.text, a.text)})
			}
		}
	}
}

var (
	yearIn     = regexp.MustCompile(`(?:19|20)\d{2}`)
	titleNoise = regexp.MustCompile(`[（(〔\[][^）)〕\]]*[）)〕\]]|[《》\s·“”"]|(?:19|20)\d{2}(?:年度|年|届)?`)
)

// sameTitle tells whether two titles are likely one document: the one is the other with a
// few characters more, and they do not name different years.
func sameTitle(a, b string) bool {
	ya, yb := yearIn.FindString(a), yearIn.FindString(b)
	if ya != "" && yb != "" && ya != yb {
		return false
	}
	x, y := []rune(titleNoise.ReplaceAllString(a, "")), []rune(titleNoise.ReplaceAllString(b, ""))
	if len(x) > len(y) {
		x, y = y, x
	}
	if len(x) < 6 || len(y)-len(x) > len(y)/4 {
		return false
	}
	at := 0
	for _, r := range y {
		if at < len(x) && x[at] == r {
			at++
		}
	}
	return at == len(x)
}

var toFill = regexp.MustCompile(`〔待学校填写[^〕]*〕`)

// blanks are the places that a template leaves for the school to write, and that it has not
// written yet (X2).
func (l *lint) blanks() {
	for i := range l.passages {
		p := &l.passages[i]
		for _, w := range toFill.FindAllString(p.said, -1) {
			l.report(Problem{Rule: "X2", At: p.at, Words: w, Text: "这里还没有填写，填好或删去以后才能发布"})
		}
	}
}
