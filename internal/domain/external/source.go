package external

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/fault"
)

// Source is a document that figures were taken from. One study has one title (L17).
type Source struct {
	Title   string
	Issuer  string
	Dated   string
	Figures int // that stand on it
}

// Sources are the documents of the figures that were not withdrawn, by title.
func (l Ledger) Sources() []Source { return sourcesOf(l.Figures("")) }

func sourcesOf(list []Figure) []Source {
	var out []Source
	for i := range list {
		f := &list[i]
		if f.State == Withdrawn {
			continue
		}
		at := slices.IndexFunc(out, func(s Source) bool { return s.Title == f.Source })
		if at < 0 {
			at, out = len(out), append(out, Source{Title: f.Source, Issuer: f.Issuer, Dated: f.Dated})
		}
		out[at].Figures++
	}
	slices.SortFunc(out, func(a, b Source) int { return strings.Compare(a.Title, b.Title) })
	return out
}

// checkSource holds the document of a content against those that are known: the same
// title is the same document, and nearly the same title is none.
//
// fresh says that whoever enters it knows that it is another document. Error: fault.Invalid.
func checkSource(c *Content, known []Source, fresh bool) error {
	var near string
	for _, s := range known {
		switch {
		case s.Title == c.Source && s.Issuer != c.Issuer:
			return fault.Invalidf("issuer", "《%s》登记的发布单位是“%s”，不能写成“%s”；请写成一样，或导入一份改好的表，把它的各项一起改", s.Title, s.Issuer, c.Issuer)
		case s.Title == c.Source && s.Dated != c.Dated:
			return fault.Invalidf("dated", "《%s》登记的日期是 %s，不能写成 %s；请写成一样，或导入一份改好的表，把它的各项一起改", s.Title, s.Dated, c.Dated)
		case s.Title == c.Source:
			return nil
		case bare(s.Title) == bare(c.Source):
			return fault.Invalidf("source", "已有《%s》，与“%s”只差标点或空格；同一份文件请写成同一个名称", s.Title, c.Source)
		case near == "" && alike(s.Title, c.Source):
			near = s.Title
		}
	}
	switch {
	case fresh || len(known) == 0:
		return nil
	case near != "":
		return fault.Invalidf("source", "没有登记过《%s》，最接近的是《%s》；是同一份文件就用已有的名称，是另一份请注明是新文件", c.Source, near)
	}
	return fault.Invalidf("source", "没有登记过《%s》；请从已登记的文件里选，是另一份请注明是新文件", c.Source)
}

// bare is a title without marks, blanks and brackets.
func bare(title string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, codes.Normalize(title))
}

var yearForm = regexp.MustCompile(`(?:19|20)[0-9]{2}(?:年|届|学年)?`)

// alike reports that two titles may well be of one study: 用人单位跟踪评价报告 and
// 用人单位评价报告（2024）. Of two years they are two.
func alike(a, b string) bool {
	a, b = bare(a), bare(b)
	ya, yb := yearForm.FindString(a), yearForm.FindString(b)
	if ya != "" && yb != "" && ya[:4] != yb[:4] {
		return false
	}
	pa, pb := pairs(yearForm.ReplaceAllString(a, "")), pairs(yearForm.ReplaceAllString(b, ""))
	both := 0
	for p := range pa {
		if pb[p] {
			both++
		}
	}
	return len(pa)+len(pb) > 0 && 20*both >= 7*(len(pa)+len(pb))
}

// pairs are the neighbouring signs of a text.
func pairs(s string) map[[2]rune]bool {
	out, last := map[[2]rune]bool{}, rune(0)
	for _, r := range s {
		if last != 0 {
			out[[2]rune{last, r}] = true
		}
		last = r
	}
	return out
}
