package proofread

import (
	"regexp"
	"strings"
)

// leads stand before a name and are no part of it.
var leads = []string{"分别为", "分别是", "依次为", "依次是", "主要为", "主要是", "主要有", "包括", "其中", "最多的为", "最多的是", "最高的为", "最高的是", "最大的为", "最大的是", "集中在", "集中于", "分布在", "分布于", "流向", "其次为", "其次是", "其次", "次之的是", "再次为", "次之", "第二为", "第二是", "第三为", "第三是", "排在第二的是", "排在第三的是"}

// foremost is what may be said of a name before its figure in the clause after it:
// 江苏省人数最多，共 n 人.
var foremost = regexp.MustCompile(`(的)?(毕业生|学生)?(人数|比例|占比|规模|数量)?(均)?(最多|最高|最大|较多|较高|居首|居首位|居于首位|位居第一|排名第一|位列第一|为主|为主体)$`)

// labelIn is the name just before a figure: after the last mark that ends a clause, and
// without the words that lead to it. A name before a bracket may hold marks in quotes.
func labelIn(own string) string {
	s := strings.TrimRight(own, " ")
	s = trailers.ReplaceAllString(s, "")
	if t, ok := strings.CutSuffix(s, "约"); ok && !strings.HasSuffix(t, "签") {
		s = trailers.ReplaceAllString(t, "")
	}
	if strings.HasSuffix(trimBrackets(own), "”") {
		if i := strings.LastIndex(s, "“"); i >= 0 {
			return strings.Trim(s[i:], "“”")
		}
	}
	if i := strings.LastIndexAny(s, "，。；：！？、,"); i >= 0 {
		_, size := firstRune(s[i:])
		s = s[i+size:]
	}
	for _, w := range leads {
		if i := strings.LastIndex(s, w); i >= 0 {
			s = s[i+len(w):]
		}
	}
	if strings.Count(s, "“") == 1 {
		if _, name, _ := strings.Cut(s, "“"); strings.Contains(name, "”") {
			s, _, _ = strings.Cut(name, "”")
		}
	}
	s = connectors.ReplaceAllString(s, "")
	return strings.Trim(s, "“”\"（）() ")
}

// labelBefore is the name in the clause before a figure whose own clause has none: 江苏省
// 生源人数最多，共 n 人; 以“教育”为主，共 n 人; 集中在“教育”，共 n 人.
func labelBefore(own string) string {
	s := own
	for {
		t := trailers.ReplaceAllString(strings.TrimRight(strings.TrimSuffix(s, "，人数"), " ，,"), "")
		if t == s {
			break
		}
		s = t
	}
	if s == own || strings.HasSuffix(s, "；") || strings.HasSuffix(s, "。") {
		return ""
	}
	t := foremost.ReplaceAllString(s, "")
	if strings.HasSuffix(s, "为主") || strings.HasSuffix(s, "为主体") {
		i := strings.LastIndex(t, "以")
		if i < 0 {
			return ""
		}
		t = t[i+len("以"):]
	} else if t == s && !strings.HasSuffix(s, "”") && !containsAny(lastClause(s), leads) {
		return ""
	}
	if strings.Count(t, "“") > strings.Count(t, "”") {
		t += "”" // taken off with the words before the figure
	}
	if strings.Contains(t, "“") && !strings.HasSuffix(t, "”") {
		return ""
	}
	if name := labelIn(t); len([]rune(name)) <= 20 {
		return name
	}
	return ""
}

// lastClause is what stands after the last mark.
func lastClause(s string) string {
	if i := strings.LastIndexAny(s, "，；。"); i >= 0 {
		_, size := firstRune(s[i:])
		return s[i+size:]
	}
	return s
}

func trimBrackets(s string) string { return strings.TrimRight(s, " （(") }

var ranked = regexp.MustCompile(`(的)?(毕业生|学生)?(人数|比例|占比|规模)?(均)?(较多|较高|最多|最高|较大|位居前.|排名前.|居前.|位列前.|相对较多|相对较高)$`)

// listNames are n names that stand before 分别为.
func listNames(s string, n int) []string {
	i := max(strings.LastIndex(s, "分别"), strings.LastIndex(s, "依次"))
	if i < 0 {
		return nil
	}
	s = s[:i]
	s = strings.TrimRight(strings.TrimRight(s, "，,"), " ")
	if k := strings.LastIndexAny(s, "，。；：,"); k >= 0 {
		_, size := firstRune(s[k:])
		s = s[k+size:]
	}
	s = cohortWord.ReplaceAllString(ranked.ReplaceAllString(s, ""), "")
	names := strings.FieldsFunc(andWords.Replace(s), func(r rune) bool { return r == '、' })
	if len(names) != n {
		return nil
	}
	for k := range names {
		names[k] = strings.Trim(connectors.ReplaceAllString(names[k], ""), "“”\"")
	}
	return names
}
