package proofread

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// maker invents faultless tables: counts first, shares from them.
type maker struct {
	*rand.Rand
	digits int
	mode   int // 0 half up, 1 cut off
	sign   string
}

func newMaker(seed uint64) *maker {
	m := &maker{Rand: rand.New(rand.NewPCG(seed, 6))}
	m.digits = 1 + m.IntN(2)
	if m.IntN(8) == 0 {
		m.digits = 0
	}
	if m.IntN(4) == 0 {
		m.mode = 1
	}
	if m.IntN(2) == 0 {
		m.sign = "%"
	}
	return m
}

// share prints k of n.
func (m *maker) share(k, n int64) string {
	if n == 0 {
		return "-"
	}
	if m.mode == 1 {
		return cut(k, n, m.digits).String() + m.sign
	}
	return Share(k, n, m.digits).String() + m.sign
}

// split cuts n into k parts, some of them large.
func (m *maker) split(n int64, k int) []int64 {
	out := make([]int64, k)
	left := n
	for i := range k - 1 {
		out[i] = left * m.Int64N(60) / 100
		left -= out[i]
	}
	out[k-1] = left
	return out
}

func (m *maker) size() int64 { return 40 + m.Int64N(1500) }

func row(cells ...any) string {
	var s []string
	for _, c := range cells {
		s = append(s, fmt.Sprint(c))
	}
	return strings.Join(s, "|")
}

var kindsOfDestination = []string{"协议和合同就业", "灵活就业", "自主创业", "升学", "待就业", "暂不就业"}

// layouts are ways to print a table.
var layouts = map[string]func(*maker) []string{
	"levels by kinds, shares only":      levelsByKinds,
	"kinds by levels, counts and share": kindsByLevels,
	"majors, subtotals after":           func(m *maker) []string { return majors(m, true, true) },
	"majors, subtotals first":           func(m *maker) []string { return majors(m, false, true) },
	"majors, rates without counts":      func(m *maker) []string { return majors(m, true, false) },
	"counts over shares":                countsOverShares,
	"years":                             years,
	"the first ten":                     firstTen,
	"a parent above its children":       parents,
	"answers on a scale":                scaleRows,
	"provinces, many bases":             provinces,
}

func levelsByKinds(m *maker) []string {
	out := []string{"学历|总数|毕业去向落实率(%)|签约(%)|升学(%)|创业(%)|待就业(%)|暂不就业(%)"}
	sum := make([]int64, 6)
	for _, level := range []string{"本科生", "硕士生", "博士生", "合计"} {
		p := m.split(m.size(), 5)
		n := p[0] + p[1] + p[2] + p[3] + p[4]
		if level == "合计" {
			p, n = sum[:5], sum[5]
		}
		out = append(out, row(level, n, m.share(p[0]+p[1]+p[2], n), m.share(p[0], n), m.share(p[1], n), m.share(p[2], n), m.share(p[3], n), m.share(p[4], n)))
		for i := range p {
			sum[i] += p[i]
		}
		sum[5] += n
	}
	return out
}

func kindsByLevels(m *maker) []string {
	out := []string{"去向|硕士毕业生|<|本科毕业生|<|全体毕业生|<", "^|人数|占比(%)|人数|占比(%)|人数|占比(%)"}
	a, b := m.split(m.size(), 6), m.split(m.size(), 6)
	var na, nb int64
	for i := range a {
		na, nb = na+a[i], nb+b[i]
	}
	for i, k := range kindsOfDestination {
		out = append(out, row(k, a[i], m.share(a[i], na), b[i], m.share(b[i], nb), a[i]+b[i], m.share(a[i]+b[i], na+nb)))
	}
	return append(out, row("总计", na, m.share(na, na), nb, m.share(nb, nb), na+nb, m.share(na+nb, na+nb)))
}

func majors(m *maker, after, counts bool) []string {
	head := "学院|专业|毕业人数|毕业去向落实率(%)|升学率(%)"
	if counts {
		head = "学院|专业|毕业人数|落实人数|毕业去向落实率(%)|升学人数|升学率(%)"
	}
	out := []string{head}
	line := func(a, b string, n, k, s int64) string {
		if counts {
			return row(a, b, n, k, m.share(k, n), s, m.share(s, n))
		}
		return row(a, b, n, m.share(k, n), m.share(s, n))
	}
	var tn, tk, ts int64
	for c := range 3 + m.IntN(4) {
		college := fmt.Sprintf("第%c学院", '甲'+rune(c))
		var rows []string
		var sn, sk, ss int64
		for i := range 1 + m.IntN(4) {
			n := 15 + m.Int64N(150)
			k := n * (70 + m.Int64N(30)) / 100
			s := k * m.Int64N(60) / 100
			sn, sk, ss = sn+n, sk+k, ss+s
			rows = append(rows, line("", fmt.Sprintf("专业%d", 10*c+i), n, k, s))
		}
		tn, tk, ts = tn+sn, tk+sk, ts+ss
		if after {
			rows[0] = college + rows[0]
			out = append(append(out, rows...), line("", "小计", sn, sk, ss))
		} else {
			out = append(append(out, line(college, "小计", sn, sk, ss)), rows...)
		}
	}
	return append(out, line("合计", "", tn, tk, ts))
}

func countsOverShares(m *maker) []string {
	n := m.size()
	p := m.split(n, 6)
	head, a, b := "项目", "人数", "比例（%）"
	for i, k := range kindsOfDestination {
		head, a, b = head+"|"+k, a+"|"+fmt.Sprint(p[i]), b+"|"+m.share(p[i], n)
	}
	return []string{head + "|合计", a + "|" + fmt.Sprint(n), b + "|" + m.share(n, n)}
}

func years(m *maker) []string {
	out := []string{"年份|毕业生总数|国内升学人数|出国人数|升学人数|升学率(%)"}
	for y := 2020; y < 2025; y++ {
		n := m.size()
		a, b := n*m.Int64N(40)/100, n*m.Int64N(10)/100
		out = append(out, row(y, n, a, b, a+b, m.share(a+b, n)))
	}
	return out
}

func firstTen(m *maker) []string {
	out := []string{"排序|单位名称|就业人数|占就业人数比例(%)"}
	n := 2000 + m.Int64N(3000)
	k := int64(150)
	for i := range 10 {
		out = append(out, row(i+1, fmt.Sprintf("第%d公司", i), k, m.share(k, n)))
		k -= 1 + m.Int64N(14)
	}
	return out
}

func parents(m *maker) []string {
	n := m.size()
	p := m.split(n, 6)
	in := p[0] + p[1] + p[2] + p[3]
	out := []string{"统计指标|人数|比例（%）", row("落实去向人数", in, m.share(in, n))}
	for i, k := range kindsOfDestination {
		out = append(out, row(k, p[i], m.share(p[i], n)))
	}
	return append(out, row("合计", n, m.share(n, n)))
}

func scaleRows(m *maker) []string {
	out := []string{"选项|非常满意(%)|比较满意(%)|一般(%)|不太满意(%)|非常不满意(%)|满意度(%)|平均值"}
	n := 200 + m.Int64N(400)
	for i := range 4 + m.IntN(4) {
		p := m.split(n, 5)
		out = append(out, row(fmt.Sprintf("方面%d", i), m.share(p[0], n), m.share(p[1], n), m.share(p[2], n), m.share(p[3], n), m.share(p[4], n), m.share(p[0]+p[1]+p[2], n), "3.84"))
	}
	return out
}

func provinces(m *maker) []string {
	out := []string{"生源地|生源人数|毕业去向落实率（%）|国内升学|<|协议就业|<|生源地就业|<", "^|^|^|人数|比率（%）|人数|比率（%）|人数|比率（%）"}
	line := func(name string, n, s, j, h int64) string {
		return row(name, n, m.share(s+j, n), s, m.share(s, n), j, m.share(j, n), h, m.share(h, j))
	}
	var t [4]int64
	for i := range 8 + m.IntN(12) {
		n := 20 + m.Int64N(400)
		s := n * (20 + m.Int64N(30)) / 100
		j := n*(20+m.Int64N(20))/100 + 1
		h := j * m.Int64N(90) / 100
		out = append(out, line(fmt.Sprintf("第%d省", i), n, s, j, h))
		t[0], t[1], t[2], t[3] = t[0]+n, t[1]+s, t[2]+j, t[3]+h
	}
	return append(out, line("合计", t[0], t[1], t[2], t[3]))
}

// TestFaultlessReports: no finding in reports of many tables of the same colleges, each
// of another cohort.
func TestFaultlessReports(t *testing.T) {
	for seed := range uint64(10) {
		var lines []string
		m := newMaker(seed)
		m.digits = int(seed % 3)
		no := 0
		for name, make := range layouts {
			for _, of := range []string{"", "本科", "硕士"} {
				no++
				lines = append(append(lines, fmt.Sprintf("表 1-%d %d届%s毕业生%s", no, 2000+no, of, name)), make(m)...)
				lines = append(lines, "正文。")
			}
		}
		if fs := inTables(strings.Join(lines, "\n")); len(fs) > 0 {
			t.Errorf("seed %d:\n%s\n%s\n%s", seed, strings.Join(told(fs), "\n"), fs[0].Where, fs[0].Explanation)
		}
	}
}

// TestFaultlessTables: no finding in any.
func TestFaultlessTables(t *testing.T) {
	for name, make := range layouts {
		for seed := range uint64(60) {
			in := strings.Join(make(newMaker(seed)), "\n")
			if fs := inTables(in); len(fs) > 0 {
				t.Errorf("%s, seed %d:\n%s\n%s\n%s", name, seed, strings.Join(told(fs), "\n"), fs[0].Explanation, in)
				break
			}
		}
	}
}

// misprint changes one digit of one figure below the heads; what it was and where.
func misprint(m *maker, lines []string) (Place, bool) {
	for range 60 {
		i := 2 + m.IntN(len(lines)-2)
		cells := strings.Split(lines[i], "|")
		j := 1 + m.IntN(len(cells)-1)
		s := cells[j]
		if d, _, ok := figureIn(s); !ok || d.Units == 0 || s == "3.84" || strings.HasPrefix(s, "100") {
			continue
		}
		at := m.IntN(len(strings.Split(strings.TrimSuffix(s, "%"), ".")[0])) // a whole digit, so that it is no rounding
		b := []byte(s)
		b[at] = '0' + byte((int(b[at]-'0')+1+m.IntN(8))%10)
		if at == 0 && b[0] == '0' || string(b) == s {
			continue
		}
		before := len([]rune(strings.Join(cells[:j], "|"))) + 1
		cells[j] = string(b)
		lines[i] = strings.Join(cells, "|")
		return Place{Line: i + 1, Rune: before}, true
	}
	return Place{}, false
}

// TestPlantedFaults: one misprint gives one root, and most are found.
func TestPlantedFaults(t *testing.T) {
	least := map[string]int{"years": 80, "the first ten": 70, "answers on a scale": 80, "majors, rates without counts": 60, "levels by kinds, shares only": 80}
	for name, make := range layouts {
		planted, found, split := 0, 0, 0
		var first string
		for seed := range uint64(60) {
			m := newMaker(1000 + seed)
			lines := make(m)
			if _, ok := misprint(m, lines); !ok {
				continue
			}
			planted++
			fs := inTables(strings.Join(lines, "\n"))
			roots := map[string]bool{}
			for _, f := range fs {
				roots[f.Root] = true
			}
			if len(fs) > 0 {
				found++
			}
			if len(roots) > 1 {
				split++
				first = strings.Join(told(fs), "\n") + "\n" + strings.Join(lines, "\n")
			}
		}
		want := 90
		if n, ok := least[name]; ok {
			want = n
		}
		t.Logf("%s: %d of %d found, %d with several roots", name, found, planted, split)
		if 100*found < want*planted {
			t.Errorf("%s: %d of %d found", name, found, planted)
		}
		if 100*split > 5*planted {
			t.Errorf("%s: %d of %d have several roots; the last:\n%s", name, split, planted, first)
		}
	}
}
