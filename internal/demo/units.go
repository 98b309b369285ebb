package demo

import (
	"fmt"
	"strconv"

	"quxiang/internal/domain/roster"
)

// The school and its home. No real city may be said to be it, so it lies in a
// province of its own that an administrator added to the region table: 98 was
// never allocated (GB/T 2260 ends at 82), so the codes are nobody's, the
// province is a cell of its own in the table region, and 留本市 counts 9801.
const (
	schoolName   = "滨海医科大学"
	schoolCode   = "99001" // five digits of a range that the ministry never used
	homeProvince = "980000"
	homeCity     = "980100"
	invented     = "演示学校，虚构"
)

// college with how its graduates differ from the school's average: factors on
// further study, hospitals, other public institutions, firms and no destination.
type college struct {
	name                              string
	study, clinic, public, firm, none float64
}

var colleges = []college{
	{"临床医学院", 1.3, 1.3, 0.6, 0.3, 0.9},
	{"口腔医学院", 1.0, 1.1, 0.6, 1.2, 0.9},
	{"护理学院", 0.5, 1.9, 0.9, 0.4, 0.7},
	{"药学院", 1.1, 0.4, 0.9, 2.4, 1.1},
	{"公共卫生学院", 0.9, 0.3, 2.6, 0.8, 1.1},
	{"基础医学院", 1.5, 0.4, 2.2, 0.7, 0.8},
	{"医学检验学院", 0.9, 1.2, 1.2, 1.3, 1.0},
	{"医学影像学院", 0.8, 1.4, 0.8, 0.8, 1.0},
	{"生物医学工程学院", 1.0, 0.4, 1.0, 2.6, 1.0},
	{"健康管理与人文学院", 0.6, 0.5, 1.9, 2.2, 1.7},
}

// major of a college, with its weight at each level (0: none), the years that
// undergraduates study, and the percentage of men.
type major struct {
	college    int
	name, code string
	weight     [nLevels]float64
	years, men int
}

var majors = []major{
	{0, "临床医学", "100201K", [nLevels]float64{20, 30, 34}, 5, 46},
	{0, "麻醉学", "100202TK", [nLevels]float64{4, 4, 3}, 5, 48},
	{1, "口腔医学", "100301K", [nLevels]float64{8, 9, 6}, 5, 40},
	{2, "护理学", "101101", [nLevels]float64{14, 5, 1}, 4, 12},
	{2, "助产学", "101102T", [nLevels]float64{4, 0, 0}, 4, 1},
	{3, "药学", "100701", [nLevels]float64{8, 8, 7}, 4, 36},
	{3, "临床药学", "100703TK", [nLevels]float64{4, 3, 1}, 5, 33},
	{4, "预防医学", "100401K", [nLevels]float64{7, 7, 5}, 5, 34},
	{4, "卫生检验与检疫", "101007", [nLevels]float64{3, 0, 0}, 4, 33},
	{5, "基础医学", "100101K", [nLevels]float64{2, 8, 14}, 5, 42},
	{6, "医学检验技术", "101001", [nLevels]float64{6, 4, 2}, 4, 30},
	{7, "医学影像学", "100203TK", [nLevels]float64{7, 6, 4}, 5, 45},
	{7, "康复治疗学", "101005", [nLevels]float64{5, 3, 1}, 4, 35},
	{8, "生物医学工程", "082601", [nLevels]float64{4, 4, 4}, 4, 58},
	{8, "智能医学工程", "101011T", [nLevels]float64{3, 0, 0}, 4, 62},
	{9, "公共事业管理", "120401", [nLevels]float64{5, 2, 0}, 4, 28},
	{9, "应用心理学", "071102", [nLevels]float64{3, 2, 0}, 4, 24},
}

// factor is how much more often than elsewhere a college's graduates have the goal.
func (c *college) factor(g goal) float64 {
	switch {
	case g.fate == study || g.fate == abroad || g.fate == preparing:
		return c.study
	case g.fate <= startup && g.kind <= primary:
		return c.clinic
	case g.fate <= startup && g.kind == public:
		return c.public
	case g.fate <= startup:
		return c.firm
	case g.fate == army:
		return 1
	}
	return c.none
}

// group is one level of one major of one cohort.
type group struct {
	year         string
	level, major int
	slots        []uint8 // person → index into goals
	goals        []goal  // of the cohort
	classes      []class
	first        uint32 // number of its first person in the school
	college      int    // place of its first person among those who came to the college with them
}

// class with the account of its counsellor.
type class struct{ id, counsellor string }

// classSizes are how many a class holds, by level.
var classSizes = [nLevels]int{36, 45, 30}

// form makes the groups of a cohort: of each goal so many go to each major, in
// an order that chance alone decides.
func form(year string, size int, seed uint64) []*group {
	shares := plan(year, size)
	goals := make([]goal, len(shares))
	r := random(seed, ofSpread, uint64(number(year)))
	var groups [nLevels][]*group
	for level := range nLevels {
		for m := range majors {
			groups[level] = append(groups[level], &group{year: year, level: level, major: m, goals: goals})
		}
	}
	for i, s := range shares {
		goals[i] = s.goal
		weights := make([]float64, len(majors))
		for m := range majors {
			weights[m] = majors[m].weight[s.level] * colleges[majors[m].college].factor(s.goal)
		}
		for m, n := range spread(r, s.n, weights) {
			for range n {
				g := groups[s.level][m]
				g.slots = append(g.slots, uint8(i))
			}
		}
	}
	var out []*group
	for level := range nLevels {
		for m, g := range groups[level] {
			if len(g.slots) == 0 {
				continue
			}
			r := random(seed, ofSlots, uint64(number(year)*1000+level*100+m))
			r.Shuffle(len(g.slots), func(i, j int) { g.slots[i], g.slots[j] = g.slots[j], g.slots[i] })
			out = append(out, g)
		}
	}
	return out
}

func number(s string) int {
	n, _ := strconv.Atoi(s) // of texts that this package wrote
	return n
}

func collegeID(c int) string { return fmt.Sprintf("c%02d", c+1) }
func majorID(m int) string   { return fmt.Sprintf("m%03d", m+1) }

// baseUnits are the colleges and majors.
func baseUnits() []roster.Unit {
	var out []roster.Unit
	for c := range colleges {
		out = append(out, roster.Unit{ID: collegeID(c), Kind: roster.College, Name: colleges[c].name})
	}
	for m := range majors {
		out = append(out, roster.Unit{ID: majorID(m), Kind: roster.Major, Parent: collegeID(majors[m].college),
			Code: majors[m].code, Name: majors[m].name})
	}
	return out
}

// length is how many years the people of a group studied.
func (g *group) length() int {
	if g.level == bachelor {
		return majors[g.major].years
	}
	return 3
}

// entry is the year in which they came.
func (g *group) entry() int { return number(g.year) - g.length() }

// className is what the class is called: by the year of entry.
func (g *group) className(i int) string {
	return fmt.Sprintf("%d级%s%s%d班", g.entry(), majors[g.major].name, [nLevels]string{"", "硕士", "博士"}[g.level], i+1)
}
