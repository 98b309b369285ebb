package specimen

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"strings"
)

// kindOfSchool is a house: which levels it graduates and what it teaches.
type kindOfSchool struct {
	name     string
	levels   []int // of levelNames
	least    int64 // graduates of the largest level
	colleges []string
}

var kindsOfSchool = []kindOfSchool{
	{"某某大学", []int{0, 1, 2}, 2500, []string{"文学院", "数学学院", "物理学院", "化学与材料学院", "计算机学院", "经济管理学院", "法学院", "生命科学学院", "外国语学院", "电子信息学院"}},
	{"某某师范学院", []int{0, 1}, 1800, []string{"教育学院", "文学院", "数学与统计学院", "外国语学院", "音乐学院", "美术学院", "体育学院", "历史文化学院"}},
	{"某某职业技术学院", []int{3}, 1500, []string{"机电工程系", "信息工程系", "经济管理系", "建筑工程系", "护理系", "学前教育系"}},
	{"某某医学院", []int{0, 1, 2}, 900, []string{"基础医学院", "第一临床学院", "第二临床学院", "护理学院", "药学院", "公共卫生学院"}},
	{"某某艺术学院", []int{0, 1}, 700, []string{"音乐学院", "美术学院", "设计学院", "舞蹈学院", "传媒学院"}},
	{"某某学院（民办）", []int{0, 3}, 2200, []string{"商学院", "会计学院", "信息工程学院", "艺术设计学院", "外国语学院", "健康学院"}},
	{"某某研究生院", []int{1, 2}, 600, []string{"数学所", "物理所", "化学所", "生物所", "信息所", "管理所"}},
}

// levelNames are forms in which levels are called, one form a report.
var levelNames = [][]string{
	{"本科", "硕士", "博士", "专科"},
	{"本科生", "硕士生", "博士生", "专科生"},
	{"本科毕业生", "硕士毕业生", "博士毕业生", "专科毕业生"},
	{"本科", "硕士研究生", "博士研究生", "高职"},
}

// style is how a school prints its report.
type style struct {
	kindOfSchool
	form      int // of levelNames
	year      int
	digits    int
	mode      int    // 0 half up, 1 half even, 2 cut off
	cellSign  string // "%" in cells, else in heads
	zero      string // a share of nobody
	noCount   string // a count of nobody
	thousands bool
	total     string
	rate      string
	captions  int
	below     bool // captions stand below
	chapter   int
	table     int
	figure    int
}

func pick[T any](r *rand.Rand, list ...T) T { return list[r.IntN(len(list))] }

func newStyle(r *rand.Rand) *style {
	s := &style{kindOfSchool: pick(r, kindsOfSchool...), year: 2021 + r.IntN(5)}
	s.form = r.IntN(len(levelNames))
	s.digits = pick(r, 2, 2, 2, 2, 1)
	s.mode = pick(r, 0, 0, 0, 0, 1, 2)
	s.cellSign = pick(r, "", "%")
	s.zero = pick(r, "", "", "—", "-", "0")
	s.noCount = pick(r, "0", "0", "—", "-")
	s.thousands = r.IntN(10) == 0
	s.total = pick(r, "合计", "总计", "全校")
	s.rate = pick(r, "毕业去向落实率", "毕业去向落实率", "就业率")
	s.captions = r.IntN(4)
	s.below = r.IntN(6) == 0
	return s
}

func (s *style) quirk() string {
	return fmt.Sprintf("%s %d digits, mode %d, sign %q, zero %q/%q, captions %d below %v", s.name, s.digits, s.mode, s.cellSign, s.zero, s.noCount, s.captions, s.below)
}

// level is what a level is called in a table.
func (s *style) level(i int) string { return levelNames[s.form][i] }

// people is what a level's graduates are called in a sentence.
func (s *style) people(i int) string {
	n := levelNames[s.form][i]
	switch {
	case strings.HasSuffix(n, "毕业生"):
		return n
	case s.form == 1:
		return strings.TrimSuffix(n, "生") + "毕业生"
	}
	return n + "毕业生"
}

// share prints k of n, rounded as the school rounds.
func (s *style) share(k, n int64, digits int) string {
	if n == 0 {
		return "0"
	}
	scale := int64(100)
	for range digits {
		scale *= 10
	}
	q, rest := new(big.Int).QuoRem(big.NewInt(k*scale), big.NewInt(n), new(big.Int))
	twice := rest.Int64() * 2
	up := twice > n || twice == n && (s.mode == 0 || s.mode == 1 && q.Bit(0) == 1)
	if s.mode == 2 {
		up = false
	}
	v := q.Int64()
	if up {
		v++
	}
	if digits == 0 {
		return fmt.Sprint(v)
	}
	text := fmt.Sprintf("%0*d", digits+1, v)
	return text[:len(text)-digits] + "." + text[len(text)-digits:]
}

// number prints a count.
func (s *style) number(n int64) string {
	text := fmt.Sprint(n)
	if s.thousands && n >= 1000 {
		return text[:len(text)-3] + "," + text[len(text)-3:]
	}
	return text
}

// caption numbers a table and names it.
func (s *style) caption(name string) string {
	s.table++
	switch s.captions {
	case 0:
		return fmt.Sprintf("表 %d-%d %s", s.chapter, s.table, name)
	case 1:
		return fmt.Sprintf("表%d-%d  %s", s.chapter, s.table, name)
	case 2:
		return fmt.Sprintf("表%d.%d %s", s.chapter, s.table, name)
	}
	return fmt.Sprintf("表 %d- %d %s", s.chapter, s.table, name)
}
