package report

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/indicator"
)

// verbs are the bound expressions of a text. k, n and % print a number, list one a row;
// diff, trend and top are words that the data chooses, claim words that the author wrote
// and the data must agree with.
var verbs = map[string]func(*composer, order) ([]Span, error){
	"school": (*composer).name, "cohort": (*composer).name, "asof": (*composer).name,
	"k": (*composer).number, "n": (*composer).number, "%": (*composer).number,
	"list": (*composer).list, "top": (*composer).top,
	"diff": (*composer).diff, "trend": (*composer).trend, "claim": (*composer).claim,
	"ref": (*composer).ref, "see": (*composer).see, "years": (*composer).span,
	"concentration": (*composer).concentration, "reasons": (*composer).reasons, "rose": (*composer).moves, "fell": (*composer).moves,
	"activity": (*composer).activity, "earlier": (*composer).earlier, "stage": (*composer).stageDay, "todo": (*composer).todo,
	externalVerb: (*composer).external,
}

func itoa(n int) string { return strconv.Itoa(n) }

func arg(o order, i int) string {
	if i < len(o.args) {
		return o.args[i]
	}
	return ""
}

// back reads cohort=-1 as one cohort before the report's.
func back(o order, name string) (int, error) {
	switch o.opt(name, "0") {
	case firstStage:
		return atFirst, nil
	case finalStage:
		return atFinal, nil
	}
	n, err := strconv.Atoi(o.opt(name, "0"))
	if err != nil || n > 0 || n < -9 {
		return 0, fault.Invalidf("template", "%s 应为 0 或负数，例如 %s=-1 表示上一届；初次和年终写 first、final", name, name)
	}
	return -n, nil
}

// conditionOf is the first option that names a dimension.
func conditionOf(o order) condition {
	for _, d := range indicator.Dims() {
		if v, ok := o.opts[string(d)]; ok && d != "cohort" {
			return condition{string(d), strings.Split(v, "+")}
		}
	}
	return condition{}
}

func (c *composer) name(o order) ([]Span, error) {
	switch o.verb {
	case "school":
		return []Span{{Text: c.subject.School}}, nil
	case "asof":
		return []Span{{Text: c.asOf()}}, nil
	}
	n, err := back(o, "back")
	if err != nil {
		return nil, err
	}
	if n < 0 {
		return nil, fault.Invalidf("template", "back 应为 0 或负数")
	}
	return []Span{{Text: earlier(c.subject.Cohort, n)}}, nil
}

func (c *composer) number(o order) ([]Span, error) {
	b, err := c.bind(o)
	if err != nil {
		return nil, err
	}
	return []Span{c.print(b)}, nil
}

// bind finds the number of an order, which may name a cohort before.
func (c *composer) bind(o order) (bound, error) {
	n, err := back(o, "cohort")
	if err != nil {
		return bound{}, err
	}
	return c.figures.number(c.ctx, o, conditionOf(o), n)
}

func (c *composer) print(b bound) Span { return Span{Text: b.text(), Number: c.enter(b)} }

// list prints one number a row: 本科 1117 人、硕士 1227 人.
func (c *composer) list(o order) ([]Span, error) {
	if len(o.args) == 0 {
		return nil, fault.Invalidf("template", "list 后面要写 k、n 或 %%")
	}
	table, _ := cellOf(arg(o, 1), "destination")
	s, err := c.figures.table(c.ctx, view{table, o.opt("by", "level"), 0})
	if err != nil {
		return nil, err
	}
	var out []Span
	for i, r := range rows(&s.Table) {
		if i > 0 {
			out = append(out, Span{Text: o.opt("sep", "、")})
		}
		one := order{verb: o.args[0], args: o.args[1:], opts: o.opts}
		b, err := c.figures.number(c.ctx, one, condition{o.opt("by", "level"), []string{r.Name()}}, 0)
		if err != nil {
			return nil, err
		}
		out = append(out, Span{Text: r.Name() + o.opt("after", "")}, c.print(b), Span{Text: o.opt("unit", "")})
	}
	if len(out) == 0 {
		return nil, errAbsent{"分组"}
	}
	return out, nil
}

// top names the parts of a table with most people: 卫生和社会工作（65.06%）、….
func (c *composer) top(o order) ([]Span, error) {
	table, _ := cellOf(arg(o, 0), "destination")
	s, err := c.figures.table(c.ctx, view{table, "", 0})
	if err != nil {
		return nil, err
	}
	n, err := strconv.Atoi(o.opt("n", "3"))
	if err != nil || n < 1 {
		return nil, fault.Invalidf("template", "top 的 n 应为正整数")
	}
	var out []Span
	for _, at := range largest(&s.Table, n) {
		if len(out) > 0 {
			out = append(out, Span{Text: "、"})
		}
		h := s.Table.Headings[at]
		b, err := c.figures.number(c.ctx, order{verb: string(Share), args: []string{table + "." + h.ID}}, condition{}, 0)
		if err != nil {
			return nil, err
		}
		out = append(out, Span{Text: columnTitle(h) + "（"}, c.print(b), Span{Text: "）"})
	}
	if len(out) == 0 {
		return nil, errAbsent{table}
	}
	return out, nil
}

// largest are the columns of the parts with most people in the total, most first, as
// many as asked for; of those with as many people, all or none. What nobody is in, what is
// unknown and what is called 其他 is none.
func largest(t *indicator.Table, n int) []int {
	total, err := rowsOf(t, condition{})
	if err != nil {
		return nil
	}
	cells, parts := total[0].Cells, t.Parts()
	var out []int
	for i, h := range t.Headings {
		if slices.Contains(parts, h.ID) && h.ID != "unknown" && !strings.HasPrefix(h.Title, "其他") && cells[i].K > 0 && !cells[i].Hidden {
			out = append(out, i)
		}
	}
	slices.SortStableFunc(out, func(a, b int) int { return cmp.Compare(cells[b].K, cells[a].K) })
	for n < len(out) && n > 0 && cells[out[n-1]].K == cells[out[n]].K {
		n--
	}
	return out[:min(n, len(out))]
}

// diff words what became of a number since an earlier cohort: 增加 33 人, 下降 0.44 个百分点.
// Shares are compared as they are printed, so that a reader who subtracts agrees.
func (c *composer) diff(o order) ([]Span, error) {
	from, err := back(o, "from")
	if err != nil {
		return nil, err
	}
	if from == 0 {
		from = 1
	}
	b, then, err := c.pair(o, from)
	if err != nil {
		return nil, err
	}
	c.enter(then)
	d := b.value() - then.value()
	words, unit, text := [3]string{"增加", "减少", "持平"}, "人", itoa(max(d, -d))
	if b.Format == Share {
		words, unit, text = [3]string{"上升", "下降", "持平"}, "个百分点", hundredths(max(d, -d))
	}
	switch {
	case d == 0:
		return []Span{{Text: words[2], Number: c.enter(b)}}, nil
	case d > 0:
		return []Span{{Text: words[0] + text + unit, Number: c.enter(b)}}, nil
	}
	return []Span{{Text: words[1] + text + unit, Number: c.enter(b)}}, nil
}

// pair is the number of now and of an earlier cohort. Error: errAbsent where either is withheld.
func (c *composer) pair(o order, from int) (now, then bound, err error) {
	one := order{verb: arg(o, 0), args: o.args[min(1, len(o.args)):], opts: o.opts}
	at, err := back(o, "cohort")
	if err != nil {
		return now, then, err
	}
	if now, err = c.figures.number(c.ctx, one, conditionOf(o), at); err != nil {
		return now, then, err
	}
	if then, err = c.figures.number(c.ctx, one, conditionOf(o), from); err != nil {
		return now, then, err
	}
	if now.Hidden || then.Hidden || now.Base == 0 || then.Base == 0 {
		return now, then, errAbsent{now.title}
	}
	return now, then, nil
}

// value compares numbers of one format: people, or hundredths of a percent.
func (b *bound) value() int {
	switch b.Format {
	case Share:
		return (b.K*20000 + b.Base) / (2 * b.Base)
	case Base:
		return b.Base
	}
	return b.K
}

func hundredths(n int) string { return fmt.Sprintf("%d.%02d", n/100, n%100) }

// trend words the way of a number over the cohorts that there are, as many as a report compares.
func (c *composer) trend(o order) ([]Span, error) {
	word, b, err := c.trendOf(o)
	if err != nil {
		return nil, err
	}
	return []Span{{Text: word, Number: c.enter(b)}}, nil
}

func (c *composer) trendOf(o order) (string, bound, error) {
	one := order{verb: arg(o, 0), args: o.args[min(1, len(o.args)):], opts: o.opts}
	var values []int
	var last bound
	for n := range years {
		b, err := c.figures.number(c.ctx, one, conditionOf(o), n)
		if isAbsent(err) && n > 0 {
			break
		}
		if err != nil {
			return "", b, err
		}
		if b.Hidden || b.Base == 0 {
			break
		}
		if n == 0 {
			last = b
		}
		c.enter(b)
		values = append([]int{b.value()}, values...)
	}
	if len(values) < 2 {
		return "", last, errAbsent{"可比较的往届"}
	}
	return wayOf(values, last.Format == Share), last, nil
}

// claim prints the author's own words if the data says so. Error: fault.Conflict if not.
func (c *composer) claim(o order) ([]Span, error) {
	if len(o.args) < 2 {
		return nil, fault.Invalidf("template", "claim 要写明说法和数字，例如 claim 逐年上升 %% destination.settled")
	}
	said := o.args[0]
	word, b, err := c.trendOf(order{verb: "trend", args: o.args[1:], opts: o.opts})
	if err != nil {
		return nil, err
	}
	if !agrees(said, word) {
		return nil, fault.Conflictf("template", "写的是“%s”，数据是“%s”（%s），请改写这一句", said, word, b.title)
	}
	return []Span{{Text: said, Number: c.enter(b)}}, nil
}

// ref names a table or figure by its id. Error: errAbsent if it is not in this report.
func (c *composer) ref(o order) ([]Span, error) {
	id := arg(o, 0)
	number, ok := c.labels[id]
	if !ok {
		return nil, errAbsent{id}
	}
	return []Span{{Text: number, Ref: id}}, nil
}

// see is ，见表 1-1 where the report has that table or figure, else nothing.
func (c *composer) see(o order) ([]Span, error) {
	s, err := c.ref(o)
	if isAbsent(err) {
		return nil, nil
	}
	return append([]Span{{Text: "，见"}}, s...), err
}

// span says over how many cohorts the report compares: 近三届.
func (c *composer) span(order) ([]Span, error) {
	n := 0
	for n < years {
		_, err := c.figures.table(c.ctx, view{"destination", "level", n})
		if isAbsent(err) {
			break
		}
		if err != nil {
			return nil, err
		}
		n++
	}
	if n < 2 {
		return nil, errAbsent{"可比较的往届"}
	}
	return []Span{{Text: "近" + [...]string{"两", "三"}[n-2] + "届"}}, nil
}

func (c *composer) spans(ctx context.Context, parts []part) ([]Span, error) {
	var out []Span
	for _, p := range parts {
		if p.expr == nil {
			out = append(out, Span{Text: p.text})
			continue
		}
		say, ok := verbs[p.expr.verb]
		if !ok {
			return nil, fault.Invalidf("template", "没有“{%s}”这种写法", p.expr.verb)
		}
		s, err := say(c, *p.expr)
		if err != nil {
			return nil, err
		}
		out = append(out, s...)
	}
	return joined(out), ctx.Err()
}

// joined makes one span of neighbours that are plain.
func joined(in []Span) []Span {
	var out []Span
	for _, s := range in {
		if n := len(out); n > 0 && s == (Span{Text: s.Text}) && out[n-1] == (Span{Text: out[n-1].Text}) {
			out[n-1].Text += s.Text
			continue
		}
		if s.Text != "" {
			out = append(out, s)
		}
	}
	return out
}
