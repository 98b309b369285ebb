package specimen

import "fmt"

// flows is the chapter on employers, trades and places.
func (w *writer) flows() {
	w.section(0, "单位性质")
	if len(w.school.levels) > 1 && w.IntN(2) == 0 {
		w.naturesByLevel()
	} else {
		w.byLevelsOf("单位性质", natures, w.school.nature)
	}
	w.section(1, "行业分布")
	w.leading("就业行业", industries, w.school.industry)
	w.byLevelsOf("就业行业", industries, w.school.industry)
	w.section(2, "就业地区")
	w.places()
	w.regions()
}

// summed adds the levels up.
func (w *writer) summed(of map[int][]int64) []int64 {
	var out []int64
	for _, l := range w.school.levels {
		for i, k := range of[l] {
			if i == len(out) {
				out = append(out, 0)
			}
			out[i] += k
		}
	}
	return out
}

// naturesByLevel has shares only, without their bases.
func (w *writer) naturesByLevel() {
	s, t := w.school, w.sheet("毕业生就业单位性质分布")
	head := []any{"学历"}
	for _, n := range natures {
		head = append(head, t.shares(n))
	}
	t.head(head...)
	for _, l := range s.levels {
		row := []any{w.level(l)}
		for _, k := range s.nature[l] {
			row = append(row, t.p("", k, sum(s.nature[l]), Slice))
		}
		t.row(row...)
	}
	t.done()
}

// byLevelsOf has counts and shares of each level and of all.
func (w *writer) byLevelsOf(what string, names []string, counts map[int][]int64) {
	s, t := w.school, w.sheet("毕业生"+what+"分布")
	all := w.summed(counts)
	if len(s.levels) == 1 {
		t.head(what, "人数", t.shares("比例"))
		for i, name := range names {
			t.row(name, t.k(what+"|"+name, all[i], Part), t.p(what+"share|"+name, all[i], sum(all), Pct))
		}
		t.row(w.total, t.k(what+"|all", sum(all), Total), t.p("", 1, 1))
		t.done()
		return
	}
	top, sub := []any{what}, []any{"^"}
	for _, l := range s.levels {
		top, sub = append(top, w.level(l), "<"), append(sub, "人数", t.shares("比例"))
	}
	t.head(append(top, "总体", "<")...)
	t.head(append(sub, "人数", t.shares("比例"))...)
	for i, name := range names {
		row := []any{name}
		for _, l := range s.levels {
			row = append(row, t.k("", counts[l][i], Part), t.p("", counts[l][i], sum(counts[l]), Pct))
		}
		t.row(append(row, t.k(what+"|"+name, all[i], Part), t.p(what+"share|"+name, all[i], sum(all), Pct))...)
	}
	row := []any{w.total}
	for _, l := range s.levels {
		row = append(row, t.k("", sum(counts[l]), Total), t.p("", 1, 1))
	}
	t.row(append(row, t.k(what+"|all", sum(all), Total), t.p("", 1, 1))...)
	t.done()
}

// leading says which are the largest.
func (w *writer) leading(what string, names []string, counts map[int][]int64) {
	all := w.summed(counts)
	top := first(all, 3)
	if top == nil || top[0].n == top[1].n || top[1].n == top[2].n || top[2].n == 0 {
		return
	}
	n := sum(all)
	parts := []any{"毕业生", what, pick(w.Rand, "主要集中在", "以"), w.words("“"+names[top[0].at]+"”", "“"+names[len(names)-1]+"”")}
	if parts[2] == "以" {
		parts = append(parts, "为主")
	}
	parts = append(parts, "，共", w.num(what+"|"+names[top[0].at], top[0].n), "人，占单位就业毕业生人数的", w.pct(what+"share|"+names[top[0].at], top[0].n, n, Pct),
		pick(w.Rand, "；其次为", "；次之的是"), "“", names[top[1].at], "”（", w.pct(what+"share|"+names[top[1].at], top[1].n, n), "）、“", names[top[2].at], "”（", w.pct(what+"share|"+names[top[2].at], top[2].n, n), "）。")
	w.say(parts...)
}

// regionsOf are groups of provinces; those that overlap are lists of their own.
var (
	areas = []struct {
		name string
		of   []int
	}{{"华东地区", []int{0, 2, 3, 10}}, {"华南地区", []int{1}}, {"华北地区", []int{4, 5, 6}}, {"西部地区", []int{7, 8, 11}}, {"华中地区", []int{9}}}
	strategies = []struct {
		name string
		of   []int
	}{{"京津冀地区", []int{4, 5, 6}}, {"长三角地区", []int{0, 2, 3, 10}}, {"长江经济带", []int{0, 2, 3, 7, 9, 10}}, {"“一带一路”沿线省份", []int{1, 2, 3, 8, 11}}, {"粤港澳大湾区", []int{1}}}
)

func chosen(list []int64, of []int) int64 {
	var n int64
	for _, i := range of {
		n += list[i]
	}
	return n
}

// places lists provinces in areas, the sum of an area beside its provinces.
func (w *writer) places() {
	t := w.sheet("毕业生就业地区分布")
	all := w.summed(w.school.province)
	n := sum(all)
	w.say("毕业生在“", provinces[0], "”就业的有", w.num("place|0", all[0]), "人，占", w.pct("placeshare|0", all[0], n, Pct), "；在", areas[0].name, "就业的比例为", w.pct("area|0", chosen(all, areas[0].of), n), "。")
	t.head("地区", "省份", "就业人数", t.shares("占比"), "地区人数", t.shares("地区占比"))
	for a, area := range areas {
		k := chosen(all, area.of)
		for i, p := range area.of {
			row := []any{"^", provinces[p], t.k(key("place|", p), all[p], Part), t.p(key("placeshare|", p), all[p], n, Pct), "^", "^"}
			if i == 0 {
				row[0], row[4], row[5] = area.name, t.k("", k, Subtotal), t.p(key("area|", a), k, n, Pct)
			}
			t.row(row...)
		}
	}
	t.row(w.total, "<", t.k("", n, Total), t.p("", 1, 1), t.k("", n, Total), t.p("", 1, 1))
	t.done()
}

// regions overlap: their counts add up to more than there are.
func (w *writer) regions() {
	t := w.sheet("毕业生服务国家重点战略区域情况")
	all := w.summed(w.school.province)
	n := sum(all)
	t.head("重点区域", "就业人数", t.shares("占单位就业人数比例"))
	var parts []any
	for i, r := range strategies {
		k := chosen(all, r.of)
		t.row(r.name, t.k(key("strategy|", i), k), t.p(key("strategyshare|", i), k, n, Lone))
		if i < 3 {
			if i > 0 {
				parts = append(parts, "、")
			}
			parts = append(parts, w.pct(key("strategyshare|", i), k, n))
		}
	}
	t.note = pick(w.Rand, "注：各区域之间有交叉。", "")
	w.say(fmt.Sprintf("%d届", w.year), "毕业生赴京津冀地区、长三角地区、长江经济带就业的比例分别为", parts, "。")
	t.done()
}
