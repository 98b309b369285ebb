package proofread

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// phrasing says a few figures in words, with the tables that they need; %d and %s stand
// for nothing else. Slots in braces are figures: the property test changes one of them.
type phrasing struct {
	name string
	make func(r *rand.Rand) string // figures that may be changed stand between { and }
}

func pct(k, n int64) string { return Share(k, n, 2).String() }

func slot(v any) string { return fmt.Sprintf("{%v}", v) }

// three are three parts of a number, all of some size.
func three(r *rand.Rand) (a, b, c, n int64) {
	a, b, c = 900+r.Int64N(2000), 400+r.Int64N(480), 100+r.Int64N(200)
	return a, b, c, a + b + c
}

func levelsTable(a, b, c, n, x, y, z int64) string {
	return fmt.Sprintf("\n表 1-1 某大学2024届毕业生毕业去向落实率\n学历 | 毕业人数 | 落实人数 | 毕业去向落实率(%%)\n本科生 | %d | %d | %s\n硕士生 | %d | %d | %s\n博士生 | %d | %d | %s\n合计 | %d | %d | %s\n",
		a, x, pct(x, a), b, y, pct(y, b), c, z, pct(z, c), n, x+y+z, pct(x+y+z, n))
}

var phrasings = []phrasing{
	{"levels of a total", func(r *rand.Rand) string {
		a, b, c, n := three(r)
		return fmt.Sprintf("2024届毕业生共有%s人，其中本科生%s人，硕士生%s人，博士生%s人。", slot(n), slot(a), slot(b), slot(c))
	}},
	{"levels in a bracket", func(r *rand.Rand) string {
		a, b, c, n := three(r)
		return fmt.Sprintf("2024届全校共有毕业生%s人（其中本科生%s人；研究生%s人中，含硕士研究生%s人、博士研究生%s人）。", slot(n), slot(a), slot(b+c), slot(b), slot(c))
	}},
	{"levels with shares", func(r *rand.Rand) string {
		a, b, c, n := three(r)
		return fmt.Sprintf("毕业生总人数为%d人。其中，硕士毕业生%d人，占毕业生总人数的%s%%；本科毕业生%d人，占毕业生总人数的%s%%；专科毕业生%d人，占毕业生总人数的%s%%。", n, b, slot(pct(b, n)), a, slot(pct(a, n)), c, slot(pct(c, n)))
	}},
	{"sexes with shares", func(r *rand.Rand) string {
		a, b, c, n := three(r)
		return fmt.Sprintf("毕业生总人数为%d人。\n分性别来看，男生%d人，占毕业生总人数的%s%%；女生%d人，占毕业生总人数的%s%%，男女比例为%s:1。", n, a, slot(pct(a, n)), b+c, slot(pct(b+c, n)), slot(ratioOf(a, b+c, Whole(1), 2)))
	}},
	{"counts and shares in brackets", func(r *rand.Rand) string {
		a, b, c, n := three(r)
		return fmt.Sprintf("毕业生总人数为%d人。\n人数排名前三的学院分别为医学院（%d人，占比%s%%）、会计学院（%d人，占比%s%%）、设计艺术学院（%d人，占比%s%%）。", n+300, a, slot(pct(a, n+300)), b, slot(pct(b, n+300)), c, slot(pct(c, n+300)))
	}},
	{"rates of levels beside their table", func(r *rand.Rand) string {
		a, b, c, n := three(r)
		x, y, z := a-r.Int64N(200)-9, b-r.Int64N(50)-5, c-r.Int64N(20)-3
		return fmt.Sprintf("# 落实率\n截至9月1日，全校毕业去向落实率%s%%，其中本科生%s%%，硕士生%s%%，博士生%s%%，如表1-1所示：", slot(pct(x+y+z, n)), slot(pct(x, a)), slot(pct(y, b)), slot(pct(z, c))) + levelsTable(a, b, c, n, x, y, z)
	}},
	{"rates of levels one after the other", func(r *rand.Rand) string {
		a, b, c, n := three(r)
		x, y, z := a-r.Int64N(200)-9, b-r.Int64N(50)-5, c-r.Int64N(20)-3
		return fmt.Sprintf("# 落实率\n本科、硕士、博士毕业生毕业去向落实率分别为%s%%、%s%%和%s%%。", slot(pct(x, a)), slot(pct(y, b)), slot(pct(z, c))) + levelsTable(a, b, c, n, x, y, z)
	}},
	{"a rate with its counts", func(r *rand.Rand) string {
		a, _, _, _ := three(r)
		k := a - r.Int64N(200)
		return fmt.Sprintf("2024届毕业生总人数为%d人，毕业去向落实人数为%d人，毕业去向落实率为%s%%。", a, k, slot(pct(k, a)))
	}},
	{"cohorts and differences", func(r *rand.Rand) string {
		x, y, z := 200+r.Int64N(50), 260+r.Int64N(30), 320+r.Int64N(30)
		return fmt.Sprintf("# 升学\n硕士生升学人数逐年增长，2024届升学%d人，较2022届、2023届分别增加%s人和%s人，详见表1-2。\n表 1-2 2022-2024届硕士毕业生升学情况\n年份 | 升学人数 | 毕业人数 | 升学率(%%)\n2022 | %d | 1067 | %s\n2023 | %d | 1129 | %s\n2024 | %d | 1227 | %s",
			z, slot(z-x), slot(z-y), x, pct(x, 1067), y, pct(y, 1129), z, pct(z, 1227))
	}},
	{"a difference of two shares", func(r *rand.Rand) string {
		a, b := 5000+r.Int64N(2000), 1000+r.Int64N(3000)
		return fmt.Sprintf("2024届本科生升学率为%s%%，比专科生升学率（%s%%）高出%s个百分点。", Decimal{a, 2}, Decimal{b, 2}, slot(Decimal{a - b, 2}))
	}},
	{"a name and its row", func(r *rand.Rand) string {
		a, b, c, n := three(r)
		return fmt.Sprintf("# 地区\n毕业生在“江苏省”就业的有%s人，占%s%%。\n表 1-3 毕业生就业地区分布\n地区 | 人数 | 比例(%%)\n江苏省 | %d | %s\n浙江省 | %d | %s\n上海市 | %d | %s\n合计 | %d | 100.00", slot(a), slot(pct(a, n)), a, pct(a, n), b, pct(b, n), c, pct(c, n), n)
	}},
	{"names and their rows", func(r *rand.Rand) string {
		a, b, c, n := three(r)
		return fmt.Sprintf("# 地区\n江苏省、浙江省、上海市就业人数较多，分别占%s%%、%s%%、%s%%。\n表 1-3 毕业生就业地区分布\n地区 | 人数 | 比例(%%)\n江苏省 | %d | %s\n浙江省 | %d | %s\n上海市 | %d | %s\n合计 | %d | 100.00", slot(pct(a, n)), slot(pct(b, n)), slot(pct(c, n)), a, pct(a, n), b, pct(b, n), c, pct(c, n), n)
	}},
	{"papers sent and received", func(r *rand.Rand) string {
		n := 3000 + r.Int64N(5000)
		k := n - 500 - r.Int64N(1000)
		return fmt.Sprintf("共发放问卷%d份，回收有效问卷%d份，有效回收率为%s%%。", n, k, slot(pct(k, n)))
	}},
	{"those who study on", func(r *rand.Rand) string {
		a, b, _, n := three(r)
		return fmt.Sprintf("2024届毕业生共%d人。\n2024届毕业生中，共有%d人选择继续深造，深造率为%s%%，其中国内升学%s人，出国（境）深造%s人。", n+b, a+b, slot(pct(a+b, n+b)), slot(a), slot(b))
	}},
}

// plain is a text without the braces of its slots.
func unslotted(s string) string { return strings.NewReplacer("{", "", "}", "").Replace(s) }

// slotAt returns the text with the figure of one slot changed: a digit that matters
// becomes another. ok is false if there is no such slot.
func slotAt(r *rand.Rand, s string, n int) (string, bool) {
	parts := strings.Split(s, "{")
	if n+1 >= len(parts) {
		return "", false
	}
	figure, rest, _ := strings.Cut(parts[n+1], "}")
	rs := []byte(figure)
	at := len(rs) - 2
	if strings.Contains(figure, ".") {
		at = len(rs) - 4
	}
	at = max(at, 0)
	rs[at] = '1' + (rs[at]-'0'+byte(r.IntN(8)))%9
	parts[n+1] = string(rs) + "}" + rest
	return unslotted(strings.Join(parts, "{")), string(rs) != figure
}

// Faultless sentences in many phrasings give nothing; one figure changed gives a finding
// in most, and no more than one root.
func TestPhrasings(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 44))
	for _, p := range phrasings {
		planted, found := 0, 0
		for range 30 {
			text := p.make(r)
			if list := Check(sketch(unslotted(text))); len(list) > 0 {
				t.Fatalf("%s: %s %s→%s %s\n%s", p.name, list[0].Rule, list[0].Printed, list[0].Expected, list[0].Explanation, unslotted(text))
			}
			for n := 0; ; n++ {
				bad, ok := slotAt(r, text, n)
				if bad == "" && !ok {
					break
				}
				if !ok {
					continue
				}
				planted++
				if len(Check(sketch(bad))) > 0 {
					found++
				}
			}
		}
		t.Logf("%s: %d of %d found", p.name, found, planted)
		if found*10 < planted*8 {
			t.Errorf("%s: only %d of %d found", p.name, found, planted)
		}
	}
}
