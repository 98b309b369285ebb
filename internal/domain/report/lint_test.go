package report

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/indicator"
	"quxiang/internal/domain/release"
)

// model are the figures of an invented school over three cohorts: by level 毕业生, 落实,
// 升学, 待就业.
type model map[string][][4]int

var school = model{
	"2024": {{1117, 921, 668, 196}, {1227, 1078, 316, 149}, {316, 301, 5, 15}},
	"2023": {{1100, 900, 650, 200}, {1129, 990, 283, 139}, {300, 280, 4, 20}},
	"2022": {{1050, 870, 640, 180}, {1067, 930, 273, 137}, {280, 262, 3, 18}},
}

var modelLevels = []indicator.Value{{Dim: "level", Key: "undergraduate", Name: "本科"}, {Dim: "level", Key: "master", Name: "硕士"}, {Dim: "level", Key: "doctor", Name: "博士"}}

// Activity implements Source.
func (m model) Activity(context.Context, string) (release.Steps, error) { return release.Steps{}, nil }

// Shown implements Source.
func (m model) Shown(_ context.Context, cohort string, v release.View) (release.Shown, bool, error) {
	rows, ok := m[cohort]
	if !ok {
		return release.Shown{}, false, nil
	}
	s := release.Shown{Snapshot: release.Snapshot{Name: "S-" + cohort, Cohort: cohort, SHA256: strings.Repeat("ab", 32), People: 1}}
	s.Table = indicator.Table{ID: v.Table, Definition: "school-2024", Version: "1", Title: "毕业去向", By: v.By,
		Headings: []indicator.Heading{{ID: "settled", Title: "毕业去向落实率"}, {ID: "study", Title: "升学率"}, {ID: "seeking", Title: "待就业"}}}
	var sum [4]int
	for i, r := range rows {
		for j := range r {
			sum[j] += r[j]
		}
		if len(v.By) > 0 {
			s.Table.Rows = append(s.Table.Rows, modelRow(cohort, r, []indicator.Value{modelLevels[i]}, false))
		}
	}
	s.Table.Rows = append(s.Table.Rows, modelRow(cohort, sum, nil, true))
	return s, true, nil
}

func modelRow(cohort string, r [4]int, values []indicator.Value, total bool) indicator.Row {
	out := indicator.Row{Cohort: cohort, Values: values, Total: total, N: r[0]}
	for _, k := range r[1:] {
		out.Cells = append(out.Cells, indicator.Figure{K: k, Base: r[0]})
	}
	return out
}

// clean is a report without a fault.
const clean = `# 报告说明
统计对象为{cohort}届全体毕业生。
# 一、基本情况
## （一）毕业去向
{cohort}届毕业生共{n}人，其中{list n by=level unit=人}。毕业去向落实率为{% destination.settled}，其中{list % destination.settled by=level}，见{ref main}。
@table destination id=main by=level cols=settled,study,seeking caption="{cohort}届毕业生毕业去向"
硕士毕业生升学{k destination.study level=硕士}人，升学率为{% destination.study level=硕士}；研究生毕业生共{n level=硕士+博士}人。
[level=硕士] {years}硕士毕业生升学人数{trend k destination.study level=硕士}，升学率{trend % destination.study level=硕士}{see master}。
[level=硕士] @table destination.study id=master years=3 level=硕士 base=硕士毕业生数 count=升学人数 caption="{years}硕士毕业生升学情况"
# 二、工作举措
学校印发《关于做好2024届毕业生就业创业工作的通知》，全年走访用人单位 132 家，举办招聘会 46 场，提供岗位 21000 个；2024年3月，举行第3届校园招聘节，2658 人次参加。坚持“一人一策”，为每位困难毕业生配备1名联系人，服务质量不断提高，培养目标达成度为 95%。不将落实率与考核挂钩。
## （一）质量跟踪
学校对{cohort}届毕业生开展问卷调查，收到有效答卷 1500 份，回收率为 62%，对母校的满意度为 96%，工作与专业相关度为 91%（《毕业生培养质量调查报告》）。
`

func composed(t *testing.T, text string) (Template, Document) {
	t.Helper()
	tmpl, err := ParseTemplate("test", "1", text)
	if err != nil {
		t.Fatal(err)
	}
	day, _ := calendar.ParseDay("2024-09-01")
	d, err := Compose(t.Context(), tmpl, Subject{School: "甲大学", Cohort: "2024", Cut: calendar.Cut{True: day.Start(), Known: day.Start()}}, school)
	if err != nil {
		t.Fatal(err)
	}
	return tmpl, d
}

func TestLintOfNothingWrong(t *testing.T) {
	for _, p := range Lint(composed(t, clean)) {
		t.Errorf("%+v", p)
	}
}

// TestLintPlanted: every fault that somebody types into a clean report is found, by its
// rule and at its words. Numbers of domain.md §6.4 where a case is one of the model report.
func TestLintPlanted(t *testing.T) {
	for _, c := range []struct{ rule, line, words, instead string }{
		{"L4", "全校毕业去向落实率达到86.54%。", "86.54%", "{% destination.settled}"}, // 2
		{"L4", "本科毕业生去向落实率为 82.63 %。", "82.63 %", "{% destination.settled level=本科}"},
		{"L4", "毕业去向落实率为86.47%。", "86.47%", "{% destination.settled}"},
		{"L4", "毕业去向落实率为８６．５４％。", "86.54%", "{% destination.settled}"},
		{"L4", "毕业去向落实率为百分之八十六点五四。", "百分之八十六点五四", "{% destination.settled}"},
		{"L4", "去年的签约率为71.20%。", "71.20%", ""},
		{"L4", "本校毕业生共2,662人。", "2,662人", "{n destination}"},
		{"L4", "硕士毕业生升学 301 人是误记，升学 318 人才对。", "318 人", "{k destination.study level=硕士}"},
		{"L7", "2023届毕业生情况如下。", "2023届", "{cohort back=-1}"},
		{"L7", "较2021届、2022届毕业生有变化。", "2022届", "{cohort back=-2}"}, // 6
		{"L7", "与2023年相比，结构更优。", "2023年", "{cohort back=-1}"},
		{"L7", "二〇二四届毕业生踏实努力。", "二〇二四届", "{cohort}"},
		{"L7", "2022—2024年的变化如下。", "2022—2024年", ""},
		{"L8", "硕士升学人数比上届增加43人。", "增加43人", ""}, // 6
		{"L8", "落实率较上届提高了 1.38 个百分点。", "提高了 1.38 个百分点", ""},
		{"L9", "升学人数逐年稳步增长。", "逐年", ""}, // 8
		{"L9", "毕业去向落实率持续上升。", "持续上升", ""},
		{"L9", "留京人数比例连续三年增加。", "连续三年增", ""},
		{"L10", "研究生毕业生升学{k destination.study level=硕士}人。", "研究生毕业生升学", "level=博士+硕士"}, // 7
		{"L10", "本科毕业生去向落实率为{% destination.settled}。", "本科毕业生去向落实率为", "level=本科"},
		{"L10", "@table destination.study id=other years=3 level=硕士 base=研究生毕业生数 caption=\"{years}升学\"", "研究生毕业生数", ""}, // 7
		{"L11", "留校率约为12.5%。", "12.5%", ""},
		{"L11", "问卷显示，满意度为 92%，行业集中度的评价为 71.3%。", "71.3%", ""}, // 23
		{"L12", "本科{% destination.settled level=本科}，硕士{% destination.study level=硕士}，两项共 108.20%。", "108.20%", ""},
		{"L14", "学院情况见表 3-9。", "表 3-9", ""},
		{"L14", "@figure columns destination.settled id=lonely by=level years=3 caption=\"{years}落实率\"", "图 1-1", "{ref lonely}"},
		{"L15", "坚持每日以85%为目标，连续冲刺30天，就业指标冲至86.54%。", "冲刺", ""}, // 18
		{"L15", "力争毕业去向落实率再上台阶。", "力争", ""},
		{"L15", "确保落实率不低于{% destination.settled}。", "确保", ""},
		{"L15", "将就业任务层层分解到学院。", "层层", ""},
		{"L15", "把落实率纳入辅导员绩效考核。", "绩效", ""},
		{"L16", "帮助3名残疾毕业生落实去向。", "3名残疾毕业生", ""},
		{"L16", "少数民族毕业生有两人待就业。", "两人", ""},
		{"X2", "{todo 举措}", "待学校填写", ""},
		{"L17", "详见《毕业生培养质量跟踪调查报告（2024）》。", "跟踪", ""}, // 21
	} {
		t.Run(c.line, func(t *testing.T) {
			text := strings.Replace(clean, "# 二、工作举措\n", c.line+"\n# 二、工作举措\n", 1)
			if c.rule == "L17" {
				text = clean + c.line + "\n"
			}
			tmpl, d := composed(t, text)
			if !slices.ContainsFunc(Lint(tmpl, d), func(p Problem) bool {
				return p.Rule == c.rule && strings.Contains(p.Words, c.words) && (c.instead == "" || p.Instead == c.instead) && p.At > 0 && p.Key != "" && p.Law == (slices.Contains(lawful, c.rule))
			}) {
				t.Errorf("%s not found: %+v", c.rule, Lint(tmpl, d))
			}
		})
	}
}

func TestLintOfSurveyWithoutBase(t *testing.T) {
	text := strings.ReplaceAll(strings.ReplaceAll(clean, "，收到有效答卷 1500 份，回收率为 62%", ""), "对{cohort}届毕业生", "对毕业生")
	found := Lint(composed(t, text))
	if len(found) != 1 || found[0].Rule != "L13" || !strings.Contains(found[0].Text, "回收率") || !strings.Contains(found[0].Text, "哪一届") {
		t.Errorf("%+v", found)
	}
}

// TestLintOfPrinted: what holds by construction is checked from what is printed.
func TestLintOfPrinted(t *testing.T) {
	for name, c := range map[string]struct {
		rule  string
		spoil func(*Document, *Table)
	}{
		"share of a number": {"L1", func(d *Document, _ *Table) { d.Numbers[shareOf(d)].K++ }},
		"share of a cell":   {"L1", func(_ *Document, t *Table) { t.Body[0][3].Text = "82.63" }},
		"sum of levels":     {"L3", func(_ *Document, t *Table) { t.Body[3][2].Text = "2302" }},
		"place of a number": {"L4", func(d *Document, _ *Table) { spanOf(d).Text = "86.54%" }},
		"snapshot":          {"L5", func(d *Document, _ *Table) { d.Numbers[shareOf(d)].Snapshot = "S-2" }},
		"base":              {"L6", func(_ *Document, t *Table) { t.Notes = nil }},
		"decimals":          {"L11", func(d *Document, _ *Table) { d.Numbers[shareOf(d)].Text = "86.5%" }},
		"number of a table": {"L14", func(_ *Document, t *Table) { t.Number = "表 1-3" }},
		"small and withheld": {"L16", func(d *Document, _ *Table) {
			n := &d.Numbers[shareOf(d)]
			n.Where, n.K = []string{"困难类别=残疾"}, 3
		}},
	} {
		t.Run(name, func(t *testing.T) {
			tmpl, d := composed(t, clean)
			for i := range d.Blocks {
				if x := d.Blocks[i].Table; x != nil && x.ID == "main" {
					c.spoil(&d, x)
				}
			}
			if found := Lint(tmpl, d); !slices.ContainsFunc(found, func(p Problem) bool { return p.Rule == c.rule }) {
				t.Errorf("not found: %+v", found)
			}
		})
	}
}

func shareOf(d *Document) int {
	return slices.IndexFunc(d.Numbers, func(n Number) bool { return n.Text == "86.47%" })
}

func spanOf(d *Document) *Span {
	for _, b := range d.Blocks {
		if b.Paragraph == nil {
			continue
		}
		for i := range b.Paragraph.Spans {
			if s := &b.Paragraph.Spans[i]; s.Text == "86.47%" {
				return s
			}
		}
	}
	return nil
}

// TestLintRows: parts that do not add up to the people of their row (L2).
func TestLintRows(t *testing.T) {
	l := lint{doc: &Document{Blocks: []Block{{Table: &Table{Number: "表 1-1",
		Head: [][]Cell{{{Text: "学历"}, {Text: "毕业生数"}, {Text: "签约"}, {Text: "升学"}, {Text: "待就业"}}},
		Body: [][]Cell{{{Text: "本科"}, {Text: "10"}, {Text: "5"}, {Text: "3"}, {Text: "2"}}, {{Text: "硕士"}, {Text: "10"}, {Text: "5"}, {Text: "※"}, {Text: "1"}}}}}}}, seen: map[string]bool{}}
	l.rowSums(0, layout(l.doc.Blocks[0].Table))
	if len(l.found) != 0 {
		t.Errorf("right and withheld: %+v", l.found)
	}
	l.doc.Blocks[0].Table.Body[0][4].Text = "1"
	if l.rowSums(0, layout(l.doc.Blocks[0].Table)); len(l.found) != 1 || l.found[0].Words != "本科" {
		t.Errorf("%+v", l.found)
	}
}

// TestProblemKeys: a key stays while rule, block and words do, and no longer.
func TestProblemKeys(t *testing.T) {
	key := func(line string) string {
		tmpl, d := composed(t, strings.Replace(clean, "# 二、工作举措\n", line+"\n# 二、工作举措\n", 1))
		for _, p := range Lint(tmpl, d) {
			if p.Rule == "L9" {
				return p.Key
			}
		}
		t.Fatalf("%q: no problem", line)
		return ""
	}
	was := key("升学人数逐年增长。")
	if now := key("另起一段。\n升学人数逐年增长。"); now != was {
		t.Error("a line before it changes the key")
	}
	if now := key("我校升学人数逐年增长。"); now == was {
		t.Error("another text has the same key")
	}
	if len(rules) != 20 { // L1 to L17, X1 to X3
		t.Error(fmt.Sprint(len(rules), " rules, not 20"))
	}
}
