package specimen

import (
	"fmt"
	"slices"
)

// structure is the chapter on who graduates.
func (w *writer) structure() {
	s := w.school
	w.section(0, "规模")
	w.size()
	w.sexes()
	w.section(1, "学院分布")
	w.topColleges()
	switch {
	case len(s.levels) > 1 && w.IntN(2) == 0:
		w.collegesByLevel()
	case len(s.levels) > 1:
		w.collegeCounts()
	default:
		w.collegeShares()
	}
	w.section(2, "专业分布")
	w.majorsOf(s.levels[0])
	w.section(3, "生源结构")
	w.origins()
	w.ethnic()
}

// size says how many there are, by level.
func (w *writer) size() {
	s := w.school
	n := s.all()
	parts := []any{}
	for i, l := range s.levels {
		k := s.count(of(l))
		if i > 0 {
			parts = append(parts, pick(w.Rand, "；", "，"))
		}
		parts = append(parts, w.people(l), w.num(key("n|L", l), k, Enum), "人")
		switch w.digits % 2 {
		case 0:
			parts = append(parts, "，占毕业生总人数的", w.pct(key("share|L", l), k, n, Pct))
		default:
			parts = append(parts, "（占比", w.pct(key("share|L", l), k, n, Pct), "）")
		}
	}
	all := w.num("n|all", n, Enum)
	if len(s.levels) == 1 {
		w.say(fmt.Sprintf("学校%d届毕业生共有", w.year), w.num("n|all", n), "人，全部为", w.people(s.levels[0]), "。")
		return
	}
	w.say(pick(w.Rand, fmt.Sprintf("学校%d届毕业生共有", w.year), fmt.Sprintf("%d届毕业生总人数为", w.year), fmt.Sprintf("截至统计时点，我校共有%d届毕业生", w.year)),
		all, "人", pick(w.Rand, "。其中，", "，其中"), parts, "。")
}

// sexes says how many men and women, and their ratio.
func (w *writer) sexes() {
	s := w.school
	n, male := s.all(), int64(0)
	for _, m := range s.majors {
		male += m.male
	}
	a := []any{w.num("male|all", male, Enum), "人", w.bracket(w.pct("share|male", male, n, Pct))}
	b := []any{w.num("female|all", n-male, Enum), "人", w.bracket(w.pct("share|female", n-male, n, Pct))}
	ratio := fmt.Sprintf("%d：100", (male*100*2/(n-male)+1)/2)
	if w.IntN(2) == 0 {
		st := *w.style
		st.digits = 2
		ratio = st.share(male, (n-male)*100, 2) + ":1"
	}
	w.say(pick(w.Rand, "从性别结构看，", "分性别来看，", "毕业生中"), "男生", a, "，女生", b, pick(w.Rand, "。", "，男女比例为"+ratio+"。"))
}

// bracket says a share after a count.
func (w *writer) bracket(f *Figure) []any {
	switch w.form {
	case 0:
		return []any{"（", f, "）"}
	case 1:
		return []any{"，占比", f}
	case 2:
		return []any{"，占毕业生总人数的", f}
	}
	return []any{"（占比", f, "）"}
}

type ranked struct {
	at int
	n  int64
}

// first are the k largest, if there is no tie for the last place.
func first(n []int64, k int) []ranked {
	var all []ranked
	for i, v := range n {
		all = append(all, ranked{i, v})
	}
	slices.SortStableFunc(all, func(a, b ranked) int { return int(b.n - a.n) })
	if k < len(all) && all[k-1].n == all[k].n {
		return nil
	}
	return all[:min(k, len(all))]
}

func (w *writer) collegeSizes() []int64 {
	var out []int64
	for c := range w.school.colleges {
		out = append(out, w.school.count(in(c)))
	}
	return out
}

// topColleges names the three largest.
func (w *writer) topColleges() {
	s := w.school
	n := s.all()
	var parts []any
	for i, t := range first(w.collegeSizes(), 3) {
		if i > 0 {
			parts = append(parts, "、")
		}
		parts = append(parts, s.colleges[t.at], "（", w.num(key("n|C", t.at), t.n), "人，占比", w.pct(key("share|C", t.at), t.n, n, Pct), "）")
	}
	if len(parts) == 0 {
		return
	}
	w.say("毕业生分布于", len(s.colleges), "个", pick(w.Rand, "学院", "院系"), "，其中人数排名前三的", pick(w.Rand, "分别为", "依次为"), parts, "。")
}

// collegesByLevel has counts and shares of each level side by side.
func (w *writer) collegesByLevel() {
	s, t := w.school, w.sheet("毕业生学院分布")
	top, sub := []any{"学院"}, []any{"^"}
	for _, l := range s.levels {
		top, sub = append(top, w.people(l), "<"), append(sub, "人数", t.shares("占比"))
	}
	t.head(append(top, "全体毕业生", "<")...)
	t.head(append(sub, "人数", t.shares("占比"))...)
	for c, name := range s.colleges {
		row := []any{name}
		for _, l := range s.levels {
			k := s.count(both(in(c), of(l)))
			row = append(row, t.k(key("n|C", c, "L", l), k, Part), t.p("", k, s.count(of(l)), Pct))
		}
		k := s.count(in(c))
		t.row(append(row, t.k(key("n|C", c), k, Part), t.p(key("share|C", c), k, s.all(), Pct))...)
	}
	row := []any{w.total}
	for _, l := range s.levels {
		row = append(row, t.k(key("n|L", l), s.count(of(l)), Total), t.p("", 1, 1))
	}
	t.row(append(row, t.k("n|all", s.all(), Total), t.p("", 1, 1))...)
	t.done()
}

// collegeCounts has the counts of each level, their sum, and its share.
func (w *writer) collegeCounts() {
	s, t := w.school, w.sheet("毕业生各培养单位分布")
	head := []any{"培养单位"}
	for _, l := range s.levels {
		head = append(head, w.level(l))
	}
	t.head(append(head, "总体", t.shares("占比"))...)
	for c, name := range s.colleges {
		row := []any{name}
		for _, l := range s.levels {
			row = append(row, t.k(key("n|C", c, "L", l), s.count(both(in(c), of(l))), Part))
		}
		k := s.count(in(c))
		t.row(append(row, t.k(key("n|C", c), k, Part), t.p(key("share|C", c), k, s.all(), Pct))...)
	}
	row := []any{w.total}
	for _, l := range s.levels {
		row = append(row, t.k(key("n|L", l), s.count(of(l)), Total))
	}
	t.row(append(row, t.k("n|all", s.all(), Total), t.p("", 1, 1))...)
	t.done()
}

func (w *writer) collegeShares() {
	s, t := w.school, w.sheet("毕业生学院分布")
	t.head("序号", "学院", "毕业生人数", t.shares("比例"))
	for c, name := range s.colleges {
		k := s.count(in(c))
		t.row(c+1, name, t.k(key("n|C", c), k, Part), t.p(key("share|C", c), k, s.all(), Pct))
	}
	t.row(w.total, "<", t.k("n|all", s.all(), Total), t.p("", 1, 1))
	t.done()
}

// majorsOf lists the majors of a level with their colleges' subtotals.
func (w *writer) majorsOf(level int) {
	s, t := w.school, w.sheet(w.people(level)+"专业分布")
	n := s.count(of(level))
	t.head("学院", "专业", "人数", t.shares("占比"))
	manner := w.IntN(4) // subtotals: after, before, in words, none
	for c, name := range s.colleges {
		shown := name
		k := s.count(both(in(c), of(level)))
		tags := Part
		if manner == 1 {
			t.row(shown, "小计", t.k(key("n|C", c, "L", level), k, Subtotal), t.p("", k, n, Pct))
			shown = "^"
		}
		for _, m := range s.majors {
			if m.college == c && m.level == level {
				t.row(shown, m.name, t.k("", m.n, tags), t.p("", m.n, n, Pct))
				shown = "^"
			}
		}
		switch manner {
		case 0:
			t.row("^", "小计", t.k(key("n|C", c, "L", level), k, Subtotal), t.p("", k, n, Pct))
		case 2:
			t.row(name+" 汇总", "<", t.k(key("n|C", c, "L", level), k, Subtotal), t.p("", k, n, Pct))
		}
	}
	t.row(w.total, "<", t.k(key("n|L", level), n, Total), t.p("", 1, 1))
	t.done()
}

// origins lists provinces, most often side by side.
func (w *writer) origins() {
	s := w.school
	n := s.all()
	o := s.origin
	if o[0] > o[1] {
		w.say("毕业生生源地覆盖", len(provinces), "个省（自治区、直辖市），其中", w.words(provinces[0], provinces[1], provinces[2]), "生源人数最多，共有", w.num("origin|0", o[0]), "人，占比", w.pct("originshare|0", o[0], n, Pct),
			"；省外生源", w.num("origin|out", n-o[0]), "人，占比", w.pct("", n-o[0], n, Pct), "。")
	}
	t := w.sheet("毕业生生源地分布")
	if w.IntN(2) == 0 {
		t.head("生源地", "人数", t.shares("占比"), "生源地", "人数", t.shares("占比"))
		half := len(o) / 2
		for i := range half {
			t.row(provinces[i], t.k(key("origin|", i), o[i]), t.p(key("originshare|", i), o[i], n, Lone), provinces[i+half], t.k(key("origin|", i+half), o[i+half]), t.p(key("originshare|", i+half), o[i+half], n, Lone))
		}
	} else {
		t.head("生源地", "人数", t.shares("占比"))
		for i, k := range o {
			t.row(provinces[i], t.k(key("origin|", i), k, Part), t.p(key("originshare|", i), k, n, Pct))
		}
		t.row(w.total, t.k("n|all", n, Total), t.p("", 1, 1))
	}
	t.done()
}

// ethnic says the largest group and the sum of the others.
func (w *writer) ethnic() {
	s := w.school
	n, han := s.all(), s.people[0]
	if han*2 < n {
		return
	}
	w.say("从民族分布看，毕业生以汉族为主，共有", w.num("han", han, Enum), "人（占比", w.pct("", han, n, Pct), "）；少数民族", w.num("minority", n-han, Enum), "人（占比", w.pct("", n-han, n, Pct), "）。")
}
