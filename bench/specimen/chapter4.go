package specimen

import "fmt"

// further is the chapter on studies and the employers that took most.
func (w *writer) further() {
	s := w.school
	n, in, out := s.all(), s.count(everybody, 1), s.count(everybody, 2)
	w.section(0, "升学")
	w.say(fmt.Sprintf("%d届毕业生中，", w.year), "共有", w.num("kind|12", in+out, Enum), "人选择继续深造，深造率为", w.pct("further", in+out, n, Pct), "。其中国内升学", w.num("kind|1", in, Enum), "人，出国（境）深造", w.num("kind|2", out, Enum), "人。")
	w.section(1, "重点单位")
	w.topTen()
}

// topTen lists employers with their places; equal ones share a place.
func (w *writer) topTen() {
	s, t := w.school, w.sheet("接收毕业生人数前十的用人单位")
	n := s.count(everybody, 0, 3)
	t.head("排序", "单位名称", "录用人数", t.shares("占单位就业人数比例"))
	for i, e := range s.tops {
		place := i + 1
		for place > 1 && s.tops[place-2].n == e.n {
			place--
		}
		r := w.num("", int64(place), Rank)
		t.row(r, e.name, t.k("top|"+e.name, e.n), t.p("topshare|"+e.name, e.n, n, Lone))
	}
	w.say("录用我校毕业生人数最多的单位是", s.tops[0].name, "，共录用", w.num("top|"+s.tops[0].name, s.tops[0].n), "人。")
	t.done()
}

// survey is the chapter of answers.
func (w *writer) survey() {
	w.section(0, "调查说明")
	s := w.school
	sent, back := s.all(), sum(s.answers)
	w.say("本次调查面向", fmt.Sprintf("%d届", w.year), "毕业生发放问卷", w.num("n|all", sent), "份，回收有效问卷", w.num("answers", back), "份，有效回收率为", w.pct("", back, sent, Pct), "。")
	w.section(1, "满意度")
	w.satisfaction()
	w.section(2, "求职渠道")
	w.channels()
	w.section(3, "教学评价")
	w.scale()
}

var degrees = []string{"非常满意", "比较满意", "一般", "不太满意", "非常不满意"}

// satisfaction is one answer each: shares that make 100.
func (w *writer) satisfaction() {
	s := w.school
	a := s.answers
	t := w.sheet("毕业生就业满意度")
	if w.IntN(2) == 0 {
		t.head("评价", "人数", t.shares("占比"))
		for i, d := range degrees {
			t.row(d, t.k(key("answer|", i), a[i], Part), t.p(key("answershare|", i), a[i], sum(a), Pct))
		}
		t.row(w.total, t.k("answers", sum(a), Total), t.p("", 1, 1))
	} else {
		head, row := []any{"评价"}, []any{t.shares("占比")}
		for i, d := range degrees {
			head, row = append(head, d), append(row, t.p(key("answershare|", i), a[i], sum(a), Slice))
		}
		t.head(head...)
		t.row(row...)
	}
	good := a[0] + a[1] + a[2]
	w.say("调查显示，毕业生对目前工作的满意度为", w.pct("satisfied", good, sum(a)), "（“非常满意”“比较满意”“一般”占比之和），其中“非常满意”占", w.pct("answershare|0", a[0], sum(a)), "。")
	t.done()
}

// channels are several answers each: shares make more than 100.
func (w *writer) channels() {
	n := sum(w.school.answers)
	t := w.sheet("毕业生求职成功渠道（多选）")
	t.head("渠道", t.shares("选择比例"))
	k := n * 8 / 10
	for _, c := range []string{"校园招聘会", "学校就业信息网", "亲友推荐", "社会招聘平台", "实习单位留用", "老师推荐"} {
		t.row(c, t.p("", k, n))
		k = k * int64(60+w.IntN(35)) / 100
	}
	t.done()
}

// scale has shares of five answers and their weighted mean for each of some aspects.
func (w *writer) scale() {
	t := w.sheet("毕业生对学校教育教学的评价")
	head := []any{"项目"}
	for _, d := range degrees {
		head = append(head, t.shares(d))
	}
	t.head(append(head, "均值")...)
	n := sum(w.school.answers)
	for _, name := range []string{"课程设置", "教学方法", "实践环节", "师资水平", "就业服务"} {
		p := parts(w.Rand, n, 5)
		row := []any{name}
		var mean int64
		for i, k := range p {
			row = append(row, t.p("", k, n, Slice))
			mean += k * int64(5-i)
		}
		t.row(append(row, (&style{mode: w.mode}).share(mean, n*100, 2))...)
	}
	t.done()
}

// trends is the chapter of years.
func (w *writer) trends() {
	h := w.school.trend
	t := w.sheet("")
	t.name = pick(w.Rand, "及往届毕业生规模与"+w.rate, "毕业生就业情况变化趋势")
	t.head("年份", "毕业生人数", "落实人数", t.shares(w.rate), "升学人数", t.shares("升学率"))
	for i, c := range h {
		id := ""
		if i == len(h)-1 {
			id = "all"
		}
		year := fmt.Sprint(c.year) + pickOf(w, "", "届", "年")
		t.row(year, t.k(yearKey("n|all", id, c.year), c.n), t.k(yearKey("settled|all", id, c.year), c.settled), t.p(yearKey("rate|all", id, c.year), c.settled, c.n, Pct),
			t.k(yearKey("study", id, c.year), c.further), t.p(yearKey("studyrate", id, c.year), c.further, c.n, Pct))
	}
	w.trendWords()
	w.deltas()
	t.done()
}

func yearKey(what, id string, year int) string {
	if id != "" {
		return what
	}
	return fmt.Sprint(what, "|", year)
}

// trendWords says how the years went, truly.
func (w *writer) trendWords() {
	h := w.school.trend
	up, down := true, true
	for i := 1; i < len(h); i++ {
		a, b := h[i-1].n, h[i].n
		up, down = up && a < b, down && a > b
	}
	span := fmt.Sprintf("%d届至%d届", h[0].year, h[len(h)-1].year)
	switch {
	case up:
		w.say(span, "毕业生人数", w.words("逐年增加", "逐年减少"), "。")
	case down:
		w.say(span, "毕业生人数", w.words("逐年减少", "逐年增加"), "。")
	default:
		w.say(span, "毕业生人数", "有所波动。")
	}
}

// deltas says the difference to the year before and the one before that.
func (w *writer) deltas() {
	h := w.school.trend
	now, one, two := h[len(h)-1], h[len(h)-2], h[len(h)-3]
	a, b := now.further-two.further, now.further-one.further
	if a == b || a*b <= 0 {
		return
	}
	verb := "增加"
	if a < 0 {
		verb, a, b = "减少", -a, -b
	}
	years := fmt.Sprintf("%d届、%d届", two.year, one.year)
	w.say(fmt.Sprintf("%d届毕业生升学", now.year), w.num("study", now.further), "人，较", &Figure{Text: years, Tags: Years, Wrong: []string{fmt.Sprintf("%d届、%d届", two.year-1, one.year-1)}},
		"分别", verb, w.num("", a, Delta), "人和", w.num("", b, Delta), "人。")
}

// measures is the chapter of what was done: counts that nothing else settles.
func (w *writer) measures() {
	w.section(0, "主要举措")
	w.say("学校全年走访用人单位", plainNum(100+w.Int64N(900)), "家，举办双选会", plainNum(4+w.Int64N(20)), "场、宣讲会", plainNum(80+w.Int64N(300)), "场，提供岗位", plainNum(5000+w.Int64N(40000)), "个。")
	w.say("学校坚持“每周一调度、每月一研判”，对困难毕业生实行“一人一策”帮扶，建立校、院、班三级联动机制。")
	w.say("近", pick(w.Rand, "三", "五"), "年，用人单位对我校毕业生的总体满意度保持在95%左右。")
}
