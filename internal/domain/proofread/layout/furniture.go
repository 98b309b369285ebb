package layout

import (
	"strconv"
	"strings"
	"unicode"

	"quxiang/internal/domain/proofread"
)

// markFurniture finds page heads, page feet and page numbers.
func markFurniture(rows []row) {
	if pages := edges(rows); len(pages) > 1 {
		markEdges(rows, pages)
	}
	markRepeated(rows) // pages of a text that was set anew on others, too
}

// edges are the first and last two visible lines of every page, where pages are known.
func edges(rows []row) [][]int {
	var out [][]int
	for i := 0; i < len(rows); {
		j := i
		var seen []int
		for j < len(rows) && rows[j].place.Page == rows[i].place.Page {
			if rows[j].kind != blankLine {
				seen = append(seen, j)
			}
			j++
		}
		if len(seen) > 4 {
			seen = append(seen[:2:2], seen[len(seen)-2:]...)
		}
		if rows[i].place.Page > 0 && len(seen) > 0 {
			out = append(out, seen)
		}
		i = j
	}
	return out
}

// markEdges marks page numbers at the edges, and what stands there on several pages.
func markEdges(rows []row, pages [][]int) {
	count := map[string]int{}
	for _, page := range pages {
		seen := map[string]bool{}
		for _, i := range page {
			if k := likeness(rows[i].text); !seen[k] {
				seen[k] = true
				count[k]++
			}
		}
	}
	counted := pageCount(rows, pages)
	for _, page := range pages {
		for n, i := range page {
			outer := n == 0 || n == len(page)-1
			switch k := likeness(rows[i].text); {
			case !counted(i): // a figure
			case isPageNumber(rows[i].text) && (outer || lonely(rows, i)):
				rows[i].kind = furniture
			case rows[i].kind != caption && !strings.HasPrefix(k, "\x00") && count[k] >= 3 && len(rows[i].pieces) <= 3 && !strings.HasSuffix(k, "。"):
				rows[i].kind = furniture
			}
		}
	}
}

// pageCount tells page numbers from figures at the edge of a page: they stand on the same
// side and go up with the pages. Where few pages have any, all are taken for such.
func pageCount(rows []row, pages [][]int) func(int) bool {
	type number struct{ less, side int } // the number less that of its page; 1: in the lower half
	of, on := map[int]number{}, map[int]int{}
	at := map[number]map[int]bool{} // on which pages
	for p, page := range pages {
		for n, i := range page {
			if v, ok := plainPage(rows[i].text); ok {
				of[i], on[i] = number{v - p, 2 * n / len(page)}, p
				if at[of[i]] == nil {
					at[of[i]] = map[int]bool{}
				}
				at[of[i]][p] = true
			}
		}
	}
	return func(i int) bool {
		x, plain := of[i]
		p, near := on[i], at[x]
		return !plain || len(of) < 3 || near[p-1] || near[p+1] || near[p-2] || near[p+2]
	}
}

// plainPage reads a page number without any mark of one.
func plainPage(s string) (int, bool) {
	n, err := strconv.Atoi(strings.TrimSpace(s))
	return n, err == nil
}

// lonely is true of a line with blank lines around it.
func lonely(rows []row, i int) bool {
	return (i == 0 || rows[i-1].kind == blankLine) && (i+1 == len(rows) || rows[i+1].kind == blankLine)
}

// likeness is a line without its spaces and page number: what two page heads share.
func likeness(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
	trimmed := strings.TrimRight(strings.TrimLeft(s, "0123456789-—·|IVXivx"), "0123456789-—·|IVXivx")
	if len([]rune(trimmed)) < 4 {
		return "\x00" + s // too short to say anything
	}
	return trimmed
}

// isPageNumber: 12, - 12 -, 第 12 页, 第 12 页 共 90 页, 12/90, IV.
func isPageNumber(s string) bool {
	s = strings.Join(strings.Fields(proofread.Fold(s)), "")
	s = strings.Trim(s, "-—–·~|")
	s = pageWords.Replace(s)
	a, b, two := strings.Cut(s, "/")
	return isPageFigure(a) && (!two || isPageFigure(b)) || roman(s)
}

func isPageFigure(s string) bool {
	n, err := strconv.Atoi(s)
	return err == nil && len(s) <= 4 && n >= 0
}

// roman takes the numbers that front matter has.
func roman(s string) bool {
	return s != "" && len(s) <= 6 && strings.Trim(strings.ToUpper(s), "IVX") == "" || s == "Ⅰ" || s == "Ⅱ" || s == "Ⅲ" || s == "Ⅳ"
}

// markRepeated finds heads in a text whose pages are not marked: the same line again
// and again, with a number beside it that goes up.
func markRepeated(rows []row) {
	where := map[string][]int{}
	var order []string
	for i, r := range rows {
		if r.kind == blankLine || r.kind == caption || len(r.pieces) != 1 || r.pieces[0].number {
			continue
		}
		k := likeness(r.text)
		if len(where[k]) == 0 {
			order = append(order, k)
		}
		where[k] = append(where[k], i)
	}
	for _, k := range order {
		if at := where[k]; len(at) >= 3 && !strings.HasPrefix(k, "\x00") {
			for _, side := range []int{1, -1, 0} {
				if markPages(rows, at, side) {
					break
				}
			}
		}
	}
	markLoneRoman(rows)
	markFeet(rows)
}

// markFeet marks page numbers that say so themselves (— 12 —, 第 12 页), and the running
// head beside one: the title of a report.
func markFeet(rows []row) {
	for i := range rows {
		if rows[i].kind != textLine || !isPageFoot(rows[i].text) {
			continue
		}
		rows[i].kind = furniture
		for _, side := range []int{-1, 1} {
			k := i + side
			for k >= 0 && k < len(rows) && rows[k].kind == blankLine {
				k += side
			}
			if k >= 0 && k < len(rows) && rows[k].kind == textLine && isReportTitle(rows[k]) {
				rows[k].kind = furniture
			}
		}
	}
}

// isPageFoot: — 12 —, 第 12 页.
func isPageFoot(s string) bool {
	t := strings.Join(strings.Fields(s), "")
	dashed := strings.TrimLeft(t, "-—–") != t && strings.TrimRight(t, "-—–") != t
	return isPageNumber(t) && (strings.HasPrefix(t, "第") || dashed)
}

// isReportTitle: 某某大学 2024 届毕业生就业质量年度报告.
func isReportTitle(r row) bool {
	t := strings.TrimSpace(r.text)
	return len(r.pieces) == 1 && strings.HasSuffix(t, "报告") && len([]rune(t)) <= 40 && !strings.ContainsAny(t, "，。；：|\t")
}

// markPages marks repeated lines and the page numbers that stand on that side of them
// (0: on the line itself), if they go up as page numbers do.
func markPages(rows []row, at []int, side int) bool {
	type page struct{ line, number, value int }
	var pages []page
	for _, i := range at {
		n := i
		if side != 0 {
			for n += side; n >= 0 && n < len(rows) && rows[n].kind == blankLine; {
				n += side
			}
		}
		if n < 0 || n >= len(rows) {
			continue
		}
		if v, ok := pageValue(rows[n].text, side == 0); ok {
			pages = append(pages, page{i, n, v})
		}
	}
	steps := 0
	for i := 1; i < len(pages); i++ {
		if d := pages[i].value - pages[i-1].value; d == 1 || d == 2 {
			steps++
		}
	}
	if len(pages) < 3 || len(pages)*10 < len(at)*6 || steps*10 < (len(pages)-1)*8 {
		return false
	}
	for i, p := range pages {
		inOrder := i > 0 && p.value > pages[i-1].value || i+1 < len(pages) && p.value < pages[i+1].value
		rows[p.line].kind = furniture
		if inOrder {
			rows[p.number].kind = furniture
		}
	}
	for _, i := range at {
		rows[i].kind = furniture
	}
	return true
}

// pageValue reads a page number that is the whole line, or its end.
func pageValue(s string, atEnd bool) (int, bool) {
	s = strings.Join(strings.Fields(s), " ")
	if atEnd {
		s = s[strings.LastIndexFunc(s, func(r rune) bool { return r < '0' || r > '9' })+1:]
	}
	s = strings.Trim(s, "-—– ")
	n, err := strconv.Atoi(s)
	return n, err == nil && len(s) <= 3 && n > 0
}

// markLoneRoman marks II, III, IV of front matter, on lines of their own.
func markLoneRoman(rows []row) {
	for i, r := range rows {
		t := strings.TrimSpace(r.text)
		if r.kind == textLine && roman(t) && lonely(rows, i) {
			rows[i].kind = furniture
		}
	}
}

// markContents marks the lines of a table of contents: leaders with a page number, and
// after 目录 whatever ends with a page number that does not go down.
func markContents(rows []row) {
	inside, last, misses := false, 0, 0
	for i := range rows {
		r := &rows[i]
		if r.kind == blankLine || r.kind == furniture {
			continue
		}
		title := strings.Join(strings.Fields(r.text), "")
		page, leaders := contentsLine(r.text)
		switch {
		case leaders:
			r.kind, inside, misses, last = furniture, true, 0, max(page, 0)
		case title == "目录" || title == "目次" || title == "图表目录" || title == "目录CONTENTS" || title == "图目录" || title == "表目录":
			r.kind, inside, misses, last = furniture, true, 0, 0
		case inside && page >= last && page > 0 && page < last+40:
			r.kind, misses, last = furniture, 0, page
		case inside && r.kind != note && len([]rune(title)) < 40 && misses < 1 && goesOn(rows, i, last):
			r.kind = furniture // a title over two lines
			misses++
		case inside:
			inside = false
		}
	}
}

// goesOn is true where the next visible line still is one of the contents.
func goesOn(rows []row, i, last int) bool {
	for k := i + 1; k < len(rows); k++ {
		if rows[k].kind == blankLine || rows[k].kind == furniture {
			continue
		}
		page, leaders := contentsLine(rows[k].text)
		return leaders || page >= max(last, 1) && page < last+20 && len(rows[k].pieces) == 2
	}
	return false
}

// contentsLine reads the page number at the end of a line of contents, 0 if none, and
// whether dots lead to it.
func contentsLine(s string) (page int, leaders bool) {
	s = strings.TrimSpace(s)
	digits := strings.TrimRight(s, "0123456789")
	n, err := strconv.Atoi(s[len(digits):])
	lead := strings.TrimRight(digits, " \t\u3000-—")
	dots := strings.TrimRight(lead, ".…·⋯ ")
	if len([]rune(lead))-len([]rune(dots)) >= 3 || strings.Contains(s, "......") || strings.Contains(s, "………") {
		return n, true
	}
	if err != nil || digits == "" || len(s)-len(digits) > 3 || digits == strings.TrimRight(digits, " \t\u3000") || strings.ContainsAny(digits, "，。；") {
		return 0, false
	}
	return n, false
}

// pageWords are what a page number says beside its digits.
var pageWords = strings.NewReplacer("第", "", "页", "", "共", "/", "Page", "", "of", "/")
