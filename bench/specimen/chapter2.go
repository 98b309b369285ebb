package specimen

import "fmt"

// destinations is the chapter on where graduates went.
func (w *writer) destinations() {
	w.section(0, "总体情况")
	w.rateSentence()
	switch {
	case len(w.school.levels) > 1 && w.IntN(3) > 0:
		pick(w.Rand, w.levelsByKinds, w.kindsByLevels)()
	default:
		pick(w.Rand, w.countsOverShares, w.parentsAndChildren, w.groupedKinds)()
	}
	w.section(1, "各学院情况")
	w.collegeRates()
	w.section(2, "各专业情况")
	w.majorRates(w.school.levels[0])
}

func (w *writer) settledOf(which func(*major) bool) int64 { return w.school.count(which, settled()...) }

// rateSentence says the rate of all and of the levels.
func (w *writer) rateSentence() {
	s := w.school
	n, k := s.all(), w.settledOf(everybody)
	parts := []any{pick(w.Rand, "截至统计时点，", "据统计，", ""), fmt.Sprintf("%d届", w.year), "毕业生", w.rate, pick(w.Rand, "为", "达"), w.pct("rate|all", k, n)}
	if len(s.levels) > 1 {
		names := []string{}
		var figures []any
		together := w.IntN(2) == 0
		for i, l := range s.levels {
			f := w.pct(key("rate|L", l), w.settledOf(of(l)), s.count(of(l)))
			names = append(names, w.people(l))
			switch {
			case !together:
				figures = append(figures, "，", w.people(l), w.rate, "为", f)
			case i > 0:
				figures = append(figures, "、", f)
			default:
				figures = append(figures, f)
			}
		}
		if together {
			parts = append(parts, "，其中", list(names), w.rate, pick(w.Rand, "分别为", "依次为"), figures)
		} else {
			parts = append(parts, figures)
		}
	}
	w.say(append(parts, "。")...)
	w.say("其中，", kinds[0], w.num("kind|0", s.count(everybody, 0)), "人，占毕业生总人数的", w.pct("kindshare|0", s.count(everybody, 0), n, Pct),
		"；", kinds[1], w.num("kind|1", s.count(everybody, 1)), "人，占毕业生总人数的", w.pct("kindshare|1", s.count(everybody, 1), n, Pct), "。")
}

// levelsByKinds has a row for each level: its base, its rate, and the shares of kinds.
func (w *writer) levelsByKinds() {
	s, t := w.school, w.sheet("毕业生毕业去向分布")
	head := []any{"学历", "毕业生人数", t.shares(w.rate)}
	for _, k := range kinds {
		head = append(head, t.shares(k))
	}
	t.head(head...)
	line := func(name, id string, which func(*major) bool) {
		n := s.count(which)
		row := []any{name, t.k("n|"+id, n, Lone), t.p("rate|"+id, w.settledOf(which), n, Rate)}
		for i := range kinds {
			key := ""
			if id == "all" {
				key = fmt.Sprint("kindshare|", i)
			}
			row = append(row, t.p(key, s.count(which, i), n, Slice, Lone))
		}
		t.row(row...)
	}
	for _, l := range s.levels {
		line(w.level(l), key("L", l), of(l))
	}
	line(w.total, "all", everybody)
	t.done()
}

// kindsByLevels has a row for each kind, counts and shares of the levels side by side.
func (w *writer) kindsByLevels() {
	s, t := w.school, w.sheet("毕业生毕业去向构成")
	top, sub := []any{"毕业去向"}, []any{"^"}
	for _, l := range s.levels {
		top, sub = append(top, w.people(l), "<"), append(sub, "人数", t.shares("比例"))
	}
	t.head(append(top, "总体", "<")...)
	t.head(append(sub, "人数", t.shares("比例"))...)
	for i, k := range kinds {
		row := []any{k}
		for _, l := range s.levels {
			row = append(row, t.k("", s.count(of(l), i), Part), t.p("", s.count(of(l), i), s.count(of(l)), Pct))
		}
		n := s.count(everybody, i)
		t.row(append(row, t.k(key("kind|", i), n, Part), t.p(key("kindshare|", i), n, s.all(), Pct))...)
	}
	row := []any{w.total}
	for _, l := range s.levels {
		row = append(row, t.k(key("n|L", l), s.count(of(l)), Total), t.p("", 1, 1))
	}
	t.row(append(row, t.k("n|all", s.all(), Total), t.p("", 1, 1))...)
	t.done()
}

// countsOverShares has the kinds in its head, counts above shares.
func (w *writer) countsOverShares() {
	s, t := w.school, w.sheet("毕业去向统计")
	head, a, b := []any{"项目"}, []any{"人数"}, []any{t.shares("比例")}
	n := s.all()
	for i, k := range kinds {
		head = append(head, k)
		a = append(a, t.k(key("kind|", i), s.count(everybody, i), Part))
		b = append(b, t.p(key("kindshare|", i), s.count(everybody, i), n, Pct))
	}
	t.head(append(head, w.total)...)
	t.row(append(a, t.k("n|all", n, Total))...)
	t.row(append(b, t.p("", 1, 1))...)
	t.done()
}

// parentsAndChildren has the settled above the kinds that they are made of, in one column.
func (w *writer) parentsAndChildren() {
	s, t := w.school, w.sheet("毕业去向分布")
	n, k := s.all(), w.settledOf(everybody)
	t.head("统计指标", "人数", t.shares("比例"))
	t.row("落实去向人数", t.k("settled|all", k, Subtotal), t.p("rate|all", k, n, Pct))
	for i, name := range kinds {
		if i < settledKinds {
			name = pickOf(w, "其中：", "") + name
		}
		t.row(name, t.k(key("kind|", i), s.count(everybody, i), Part), t.p(key("kindshare|", i), s.count(everybody, i), n, Pct))
	}
	t.row(w.total, t.k("n|all", n, Total), t.p("", 1, 1))
	t.note = fmt.Sprintf("注：%s=（协议和合同就业人数+升学人数+出国（境）人数+灵活就业人数+自主创业人数）/毕业生总人数×100%%。", w.rate)
	t.done()
}

// groupedKinds has the kinds in groups, each group's sum beside them.
func (w *writer) groupedKinds() {
	s, t := w.school, w.sheet("毕业去向分类统计")
	n := s.all()
	t.head("类别", "毕业去向", "人数", t.shares("占比"), "类别人数", t.shares("类别占比"))
	for _, g := range []struct {
		name string
		of   []int
	}{{"单位就业", []int{0, 3, 4}}, {"继续深造", []int{1, 2}}, {"未就业", []int{5, 6, 7}}} {
		k := s.count(everybody, g.of...)
		for i, of := range g.of {
			row := []any{"^", kinds[of], t.k(key("kind|", of), s.count(everybody, of), Part), t.p(key("kindshare|", of), s.count(everybody, of), n, Pct), "^", "^"}
			if i == 0 {
				row[0], row[4], row[5] = g.name, t.k("", k, Subtotal), t.p("", k, n, Pct)
			}
			t.row(row...)
		}
	}
	t.row(w.total, "<", t.k("n|all", n, Total), t.p("", 1, 1), t.k("n|all", n, Total), t.p("", 1, 1))
	t.done()
}

// collegeRates has a row for each college; what is claimed of them is true.
func (w *writer) collegeRates() {
	s, t := w.school, w.sheet("各学院毕业去向落实情况")
	counted := w.IntN(2) == 0
	head := []any{"学院", "毕业生人数"}
	if counted {
		head = append(head, "落实人数")
	}
	head = append(head, t.shares(w.rate))
	t.head(append(head, t.shares("升学率"))...)
	line := func(name, id string, which func(*major) bool, tag Tag) {
		n, k := s.count(which), w.settledOf(which)
		row := []any{name, t.k("n|"+id, n, tag)}
		if counted {
			row = append(row, t.k("settled|"+id, k, tag))
		}
		how := Lone
		if counted {
			how = Pct
		} else if id == "all" {
			how = Weighted
		}
		t.row(append(row, t.p("rate|"+id, k, n, how), t.p("", s.count(which, 1), n, Lone))...)
	}
	for c, name := range s.colleges {
		line(name, key("C", c), in(c), Part)
	}
	line(w.total, "all", everybody, Total)
	w.collegeClaims()
	t.done()
}

// collegeClaims says which college is best and how many are above a mark.
func (w *writer) collegeClaims() {
	s := w.school
	var permyriad []int64
	for c := range s.colleges {
		permyriad = append(permyriad, w.settledOf(in(c))*10000/s.count(in(c)))
	}
	top := first(permyriad, 2)
	if len(top) < 2 || top[0].n == top[1].n || top[0].n/10 == top[1].n/10 {
		return
	}
	best, next := top[0].at, top[1].at
	worst := first(negated(permyriad), 1)
	parts := []any{"从各学院情况看，", w.rate, "最高的是", w.words(s.colleges[best], s.colleges[(best+1)%len(s.colleges)])}
	parts = append(parts, "（", w.pct(key("rate|C", best), w.settledOf(in(best)), s.count(in(best))), "），其次是", s.colleges[next], "（", w.pct(key("rate|C", next), w.settledOf(in(next)), s.count(in(next))), "）")
	if len(worst) == 1 {
		low := -worst[0].n / 100
		parts = append(parts, "；各学院", w.rate, "均在", w.words(fmt.Sprint(low), fmt.Sprint(low+4)), "%以上")
	}
	w.say(append(parts, "。")...)
}

func negated(list []int64) []int64 {
	var out []int64
	for _, k := range list {
		out = append(out, -k)
	}
	return out
}

// majorRates has majors with rates, with or without counts.
func (w *writer) majorRates(level int) {
	s, t := w.school, w.sheet("各专业"+w.people(level)+w.rate)
	counts := w.IntN(2) == 0
	head := []any{"学院", "专业", "毕业人数"}
	if counts {
		head = append(head, "落实人数")
	}
	t.head(append(head, t.shares(w.rate), t.shares("升学率"), t.shares("其他去向占比"))...)
	line := func(a, b, id string, which func(*major) bool, tag Tag) {
		n, k, up := s.count(which), w.settledOf(which), s.count(which, 1, 2)
		how := Lone
		row := []any{a, b, t.k("", n, tag)}
		if counts {
			how, row = Pct, append(row, t.k("", k, tag))
		}
		t.row(append(row, t.p(id, k, n, how, Rate), t.p("", up, n, Lone, Slice), t.p("", k-up, n, Lone, Slice))...)
	}
	manner := w.IntN(2)
	for c, name := range s.colleges {
		shown := name
		group := both(in(c), of(level))
		for _, m := range s.majors {
			if group(m) {
				line(shown, m.name, "", func(x *major) bool { return x == m }, Part)
				shown = "^"
			}
		}
		if manner == 0 {
			line("^", "小计", "", group, Subtotal)
		}
	}
	line(w.total, "<", key("rate|L", level), of(level), Total)
	t.done()
}
