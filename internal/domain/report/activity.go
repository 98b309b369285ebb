package report

import (
	"fmt"
	"strings"

	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/release"
)

// activities are what the register knows of the school's work.
var activities = []struct {
	id, title string
	of        func(release.Steps) int
}{
	{"people", "本人提交去向登记的毕业生人数", func(s release.Steps) int { return s.People }},
	{"submissions", "毕业生提交去向登记的次数", func(s release.Steps) int { return s.Submitted }},
	{"decisions", "各级审核的次数", func(s release.Steps) int { return s.Decided }},
	{"returned", "退回补正的次数", func(s release.Steps) int { return s.Returned }},
	{"documents", "核看佐证材料的份次", func(s release.Steps) int { return s.Seen }},
	{"confirmations", "用人单位确认的次数", func(s release.Steps) int { return s.Confirmed }},
	{"disputes", "毕业生提出异议的次数", func(s release.Steps) int { return s.Disputed }},
}

// activity prints how often something was done until the snapshot was frozen: {activity
// decisions}. Error: errAbsent where it was never done.
func (c *composer) activity(o order) ([]Span, error) {
	for _, a := range activities {
		if a.id != arg(o, 0) {
			continue
		}
		s, err := c.figures.table(c.ctx, view{"destination", "", 0})
		if err != nil {
			return nil, err
		}
		done, err := c.figures.activity(c.ctx)
		if err != nil {
			return nil, err
		}
		b := bound{Binding: bindingOf(s, activityTable, a.id, Count), title: a.title}
		b.Definition, b.Version = activityTable, "1"
		b.K, b.Base = a.of(done), s.Snapshot.People
		if b.K == 0 {
			return nil, errAbsent{a.title}
		}
		return []Span{c.print(b)}, nil
	}
	var have []string
	for _, a := range activities {
		have = append(have, a.id+"（"+a.title+"）")
	}
	return nil, fault.Invalidf("template", "activity 后面要写工作项目，有：%s", strings.Join(have, "、"))
}

// activityTable is what the provenance of such a number names instead of a table.
const activityTable = "activity"

// todo marks what only the school can write; it is printed as such, never as a fact. With
// unless=KEY it falls away once the ledger of external figures has the key.
func (c *composer) todo(o order) ([]Span, error) {
	if key := o.opt("unless", ""); key != "" {
		if f, ok := c.subject.External.Find(c.subject.Cohort, key); ok && f.Stands() {
			c.looked(f.Last())
			return nil, errAbsent{"要填写的"}
		}
	}
	return []Span{{Text: "〔待学校填写：" + strings.Join(o.args, " ") + "〕", Bold: true}}, nil
}

// earlier says which earlier cohorts' figures are those that were released. Error: errAbsent
// where none are.
func (c *composer) earlier(order) ([]Span, error) {
	var out []string
	for n := 1; n < years; n++ {
		s, err := c.figures.table(c.ctx, view{"destination", "level", n})
		if isAbsent(err) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if x := s.Snapshot; releasedBefore(x, c.subject.Cut.Known) {
			out = append(out, fmt.Sprintf("%s届按%s已发布的快照%s", x.Cohort, dayText(x.Release.At), x.Name))
		}
	}
	if len(out) == 0 {
		return nil, errAbsent{"已发布的往届"}
	}
	return []Span{{Text: strings.Join(out, "、")}}, nil
}

func dayText(at calendar.Instant) string {
	t := at.Time()
	return fmt.Sprintf("%d年%d月%d日", t.Year(), int(t.Month()), t.Day())
}

// stageDay is the last day of the first or final figures: {stage final}.
func (c *composer) stageDay(o order) ([]Span, error) {
	at, err := back(order{opts: map[string]string{"stage": arg(o, 0)}}, "stage")
	if err != nil || at >= 0 {
		return nil, fault.Invalidf("template", "stage 后面写 first（初次）或 final（年终）")
	}
	s, err := c.figures.table(c.ctx, view{"destination", "", at})
	if err != nil {
		return nil, err
	}
	return []Span{{Text: dayText(s.Snapshot.Cut.True - 1)}}, nil
}
