package specimen

import (
	"fmt"
	"math/rand/v2"
	"slices"
)

// kinds of destinations; the first five count as settled.
var kinds = []string{"协议和合同就业", "升学", "出国（境）", "灵活就业", "自主创业", "不就业拟升学", "其他暂不就业", "待就业"}

const settledKinds = 5

var natures = []string{"国有企业", "民营企业", "三资企业", "机关", "高等教育单位", "中初教育单位", "医疗卫生单位", "其他事业单位", "部队", "其他"}

var industries = []string{"教育", "制造业", "信息传输、软件和信息技术服务业", "卫生和社会工作", "建筑业", "金融业", "批发和零售业", "租赁和商务服务业", "科学研究和技术服务业", "公共管理、社会保障和社会组织"}

var provinces = []string{"江苏省", "广东省", "浙江省", "上海市", "北京市", "河北省", "天津市", "四川省", "陕西省", "湖北省", "安徽省", "新疆维吾尔自治区"}

var subjects = []string{"机械设计制造及其自动化", "电气工程及其自动化", "计算机科学与技术", "软件工程", "会计学", "财务管理", "市场营销", "国际经济与贸易", "英语", "汉语言文学", "护理学", "药学", "土木工程", "工程造价", "视觉传达设计", "环境设计", "音乐表演", "学前教育", "小学教育", "物流管理", "电子商务", "临床医学", "数学与应用数学", "应用化学", "生物技术", "法学", "新闻学", "网络工程", "旅游管理", "工商管理"}

// major is the graduates of one subject of one college at one level.
type major struct {
	college, level int
	name           string
	n, male        int64
	dest           []int64 // by kind
}

// school is what there is to print: counts only.
type school struct {
	majors   []*major
	levels   []int
	colleges []string
	nature   map[int][]int64 // by level; the people whom employers took
	industry map[int][]int64
	province map[int][]int64
	origin   []int64 // by province
	people   []int64 // by ethnic group
	trend    []cohort
	answers  []int64
	tops     []named
}

type cohort struct {
	year                int
	n, settled, further int64
}

type named struct {
	name string
	n    int64
}

func newSchool(r *rand.Rand, st *style) *school {
	s := &school{levels: st.levels, colleges: slices.Clone(st.colleges), nature: map[int][]int64{}, industry: map[int][]int64{}, province: map[int][]int64{}}
	r.Shuffle(len(s.colleges), func(i, j int) { s.colleges[i], s.colleges[j] = s.colleges[j], s.colleges[i] })
	names := slices.Clone(subjects)
	for at, l := range s.levels {
		size := st.least * int64(80+r.IntN(80)) / 100
		for range at {
			size /= 3
		}
		s.fill(r, l, size, names)
		employed := s.count(func(m *major) bool { return m.level == l }, 0, 3)
		s.nature[l] = parts(r, employed, len(natures))
		s.industry[l] = parts(r, employed, len(industries))
		s.province[l] = parts(r, employed, len(provinces))
	}
	n := s.all()
	s.origin = parts(r, n, len(provinces))
	s.people = parts(r, n, 8)
	s.trend = history(r, st.year, cohort{n: n, settled: s.count(everybody, 0, 1, 2, 3, 4), further: s.count(everybody, 1, 2)})
	s.answers = parts(r, n*int64(40+r.IntN(40))/100, 5)
	s.tops = employers(r, s.count(everybody, 0, 3))
	return s
}

func everybody(*major) bool { return true }

// fill gives a level its majors.
func (s *school) fill(r *rand.Rand, level int, size int64, names []string) {
	r.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
	at := 0
	for c := range s.colleges {
		if level == 2 && c%2 == 1 {
			continue
		}
		for range 1 + r.IntN(4) {
			n := size/int64(2*len(s.colleges)) + 8 + r.Int64N(size/int64(len(s.colleges))+1)
			m := &major{college: c, level: level, name: names[at%len(names)], n: n, male: n * int64(15+r.IntN(70)) / 100}
			at++
			m.dest = destinations(r, level, n)
			s.majors = append(s.majors, m)
		}
	}
}

// destinations spreads the graduates of a major.
func destinations(r *rand.Rand, level int, n int64) []int64 {
	weights := []int64{30 + r.Int64N(40), 8 + r.Int64N(30), r.Int64N(4), r.Int64N(12), r.Int64N(2), r.Int64N(5), r.Int64N(3), 3 + r.Int64N(14)}
	if level == 2 {
		weights[1] = 0
	}
	var sum int64
	for _, w := range weights {
		sum += w
	}
	out := make([]int64, len(weights))
	left := n
	for i := len(weights) - 1; i > 0; i-- {
		out[i] = n * weights[i] / sum
		left -= out[i]
	}
	out[0] = left
	return out
}

// parts cuts n into k parts, the first ones larger.
func parts(r *rand.Rand, n int64, k int) []int64 {
	out := make([]int64, k)
	left := n
	for i := range k - 1 {
		out[i] = left * r.Int64N(55) / 100
		left -= out[i]
	}
	out[k-1] = left
	slices.SortFunc(out, func(a, b int64) int { return int(b - a) })
	return out
}

func history(r *rand.Rand, year int, now cohort) []cohort {
	k := pick(r, 3, 3, 4, 5)
	out := make([]cohort, k)
	now.year = year
	out[k-1] = now
	for i := k - 2; i >= 0; i-- {
		c := out[i+1]
		c.year--
		c.n = c.n * int64(90+r.IntN(14)) / 100
		c.settled = c.n * (out[i+1].settled*1000/out[i+1].n + int64(r.IntN(50)-25)) / 1000
		c.settled = min(c.settled, c.n)
		c.further = min(c.settled, c.n*(out[i+1].further*1000/out[i+1].n+int64(r.IntN(30)-15))/1000)
		c.further = max(c.further, 0)
		out[i] = c
	}
	return out
}

func employers(r *rand.Rand, employed int64) []named {
	first := []string{"华川", "远山", "东临", "云起", "北辰", "中岳", "海晏", "安澜", "启明", "长风", "松岭", "新桥"}
	second := []string{"电子股份有限公司", "建设集团有限公司", "软件有限公司", "汽车有限公司", "医药有限公司", "银行股份有限公司"}
	r.Shuffle(len(first), func(i, j int) { first[i], first[j] = first[j], first[i] })
	n := max(14, employed/25)
	var out []named
	for i := range 10 {
		out = append(out, named{first[i] + pick(r, second...), n})
		n = max(2, n-r.Int64N(n/6+2))
	}
	return out
}

// count adds up people of some majors whose destination is of the given kinds; of no
// kind: everybody.
func (s *school) count(which func(*major) bool, kinds ...int) int64 {
	var n int64
	for _, m := range s.majors {
		switch {
		case !which(m):
		case len(kinds) == 0:
			n += m.n
		default:
			for _, k := range kinds {
				n += m.dest[k]
			}
		}
	}
	return n
}

func (s *school) all() int64 { return s.count(everybody) }

func of(level int) func(*major) bool { return func(m *major) bool { return m.level == level } }

func in(college int) func(*major) bool { return func(m *major) bool { return m.college == college } }

func both(a, b func(*major) bool) func(*major) bool {
	return func(m *major) bool { return a(m) && b(m) }
}

func settled() []int { return []int{0, 1, 2, 3, 4} }

func sum(list []int64) int64 {
	var n int64
	for _, k := range list {
		n += k
	}
	return n
}

// key names a figure of some people.
func key(what string, whom ...any) string { return fmt.Sprint(append([]any{what}, whom...)...) }
