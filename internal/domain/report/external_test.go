package report

import (
	"fmt"
	"strings"
	"testing"

	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/external"
	"quxiang/internal/domain/fault"
)

// measured is a ledger: relevance is checked, praise waits, old was withdrawn, visits is
// counted by ourselves by now.
func measured() external.Ledger {
	of := func(title, value, unit, k, n, page string) external.Content {
		return external.Content{Title: title, Value: value, Unit: unit, K: k, N: n, Subject: "毕业生", Source: "培养质量评价报告", Issuer: "评价中心", Page: page, Dated: "2024-12"}
	}
	return external.Ledger{
		{No: 1, Cohort: "2024", Key: "relevance", Step: external.Entered, Content: of("工作与专业相关度", "91.67", "%", "55", "60", "12")},
		{No: 2, Cohort: "2024", Key: "relevance", Step: external.Checked},
		{No: 3, Cohort: "2024", Key: "praise", Step: external.Entered, Content: of("用人单位满意度", "100", "%", "", "212", "30")},
		{No: 4, Cohort: "2024", Key: "old", Step: external.Entered, Content: of("旧的", "1", "家", "", "", "")},
		{No: 5, Cohort: "2024", Key: "old", Step: external.Withdrawn, Reason: "文件已收回"},
		{No: 6, Cohort: "2024", Key: "study", Step: external.Entered, Content: of("升学率", "37", "%", "", "", "15")},
		{No: 7, Cohort: "2024", Key: "study", Step: external.Checked},
		{No: 8, Cohort: "2024", Key: "study", Step: external.Replaced, Own: "destination.study", Reason: "改由登记数据统计"},
		{No: 9, Cohort: "2023", Key: "visits", Step: external.Entered, Content: of("走访", "3", "家", "", "", "")},
		{No: 10, Cohort: "2023", Key: "visits", Step: external.Checked},
	}
}

func composeWith(t *testing.T, text string, draft bool, l external.Ledger) (Document, error) {
	t.Helper()
	tmpl, err := ParseTemplate("test", "1", text)
	if err != nil {
		t.Fatal(err)
	}
	at := calendar.Day("2024-09-01").Start()
	return Compose(t.Context(), tmpl, Subject{School: "甲大学", Cohort: "2024", Cut: calendar.Cut{True: at, Known: at}, Draft: draft, External: l}, school)
}

// printed is a document's text with its footnotes, table by table.
func printed(d *Document) string {
	var b strings.Builder
	for i := range d.Blocks {
		b.WriteString(d.Blocks[i].plain())
	}
	return b.String()
}

// TestExternalIsPrintedWithItsSource: the value as it was entered, one footnote a document
// and paragraph, a list in the appendix; lines of what there is not fall away.
func TestExternalIsPrintedWithItsSource(t *testing.T) {
	const text = "# 一、质量跟踪\n据{external relevance part=source}，相关度为{external relevance}，升学率为{external study}。\n旧的{external old}。\n没有{external nothing}。\n上届走访{external visits cohort=-1}。\n" +
		"@external id=survey keys=relevance,nothing,study caption=\"{cohort}届质量跟踪\"\n@external id=none keys=old caption=无\n# 附录\n@appendix"
	d, err := composeWith(t, text, false, measured())
	if err != nil {
		t.Fatal(err)
	}
	out := printed(&d)
	for _, want := range []string{
		"据《培养质量评价报告》，相关度为91.67%，升学率为37%〔外部数据：《培养质量评价报告》，评价中心，2024年12月，第12、15页；工作与专业相关度 55/60〕。",
		"上届走访3家〔外部数据：《培养质量评价报告》，评价中心，2024年12月〕。",
		"表 1-1\t2024届质量跟踪", "c\t《培养质量评价报告》，评价中心，2024年12月，第12页", "附表 3\t外部数据", "c\t2024届，第2条，已复核", "；外部数据：台账第10条。",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is not printed in\n%s", want, out)
		}
	}
	for _, no := range []string{"旧的", "没有", "表 1-2"} {
		if strings.Contains(out, no) {
			t.Errorf("%q is printed", no)
		}
	}
	if len(d.Externals) != 3 || len(d.Numbers) != 0 || d.Externals[0].Problem != "" || !strings.Contains(d.Externals[1].Problem, "destination.study") || d.Externals[1].Line != 2 {
		t.Errorf("%+v", d.Externals)
	}
}

// TestExternalInLint: what waits for its check and what we count ourselves are problems
// before a release; what is checked is none.
func TestExternalInLint(t *testing.T) {
	const text = "# 一、质量跟踪\n学校调查了{cohort}届毕业生，收到答卷60份，回收率60%，相关度为{external relevance}。\n升学率为{external study}。\n满意度为{external praise}。"
	tmpl, err := ParseTemplate("test", "1", text)
	if err != nil {
		t.Fatal(err)
	}
	d, err := composeWith(t, text, true, measured())
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range Lint(tmpl, d) {
		if p.Rule == "X1" && p.Law || p.Rule == "X3" && !p.Law {
			got = append(got, fmt.Sprint(p.At, p.Words, p.Instead))
		} else {
			t.Errorf("%+v", p)
		}
	}
	if strings.Join(got, " ") != "237%{% destination.study} 3100%" {
		t.Errorf("%q", got)
	}
}

// TestExternalMustBeChecked: a draft says that nobody has checked a figure; a report of
// released figures is not made with it.
func TestExternalMustBeChecked(t *testing.T) {
	d, err := composeWith(t, "满意度为{external praise}。", true, measured())
	if err != nil || !strings.Contains(printed(&d), "满意度为100%（未复核）〔") || d.Externals[0].Problem == "" {
		t.Errorf("%s, %v", printed(&d), err)
	}
	for _, text := range []string{"\n满意度为{external praise}。", "\n@external id=a keys=praise caption=满意度"} {
		if _, err := composeWith(t, text, false, measured()); fault.KindOf(err) != fault.Conflict || !strings.Contains(err.Error(), "模板第 2 行") {
			t.Errorf("%v", err)
		}
	}
}

// TestExternalOfThen: up to the entry that a report names, the ledger gives the same
// report, whatever came later.
func TestExternalOfThen(t *testing.T) {
	const text = "相关度为{external relevance}。\n旧的{external old}。\n@external id=a keys=old,later caption=无"
	was, err := composeWith(t, text, false, measured())
	if err != nil || was.Ledger != 5 {
		t.Fatalf("%d, %v", was.Ledger, err)
	}
	later := append(measured(),
		external.Entry{No: 11, Cohort: "2024", Key: "relevance", Step: external.Entered, Content: external.Content{Title: "工作与专业相关度", Value: "90", Unit: "%", Source: "更正", Dated: "2025-01"}},
		external.Entry{No: 12, Cohort: "2024", Key: "later", Step: external.Entered, Content: external.Content{Title: "后来的", Value: "1", Unit: "家", Dated: "2025-01"}})
	again, err := composeWith(t, text, false, later.UpTo(was.Ledger))
	if err != nil || again.Code != was.Code || printed(&again) != printed(&was) {
		t.Errorf("%s is now %s: %v", was.Code, again.Code, err)
	}
	now, err := composeWith(t, text, true, later)
	if err != nil {
		t.Fatal(err)
	}
	if told := strings.Join(differences(was.units(), now.units(), "报告", "现在"), "\n"); !strings.Contains(told, "91.67%") || !strings.Contains(told, "90%（未复核）") || !strings.Contains(told, "后来的") {
		t.Errorf("what would differ now: %s", told)
	}
	if none, err := composeWith(t, "共{n}人。", false, measured()); err != nil || none.Ledger != 0 || strings.Contains(printed(&none), "外部数据") {
		t.Errorf("a report without external figures names their ledger: %v", err)
	}
}

// TestExternalIsNotMixed: no difference, trend, list, table or heading takes what others
// measured.
func TestExternalIsNotMixed(t *testing.T) {
	for _, text := range []string{
		"较上届{diff % external.relevance from=-1}。", "{trend % external}。", "{claim 上升 % external.relevance}", "{list % external.relevance by=level}", "{top external}",
		"{% external.relevance}", "@table external id=a by=level", "@figure columns external.relevance id=a", "# 相关度{external relevance}",
		"@table destination id=a by=level caption=\"相关度{external relevance}\"", "@external keys=relevance", "{external relevance level=本科}",
	} {
		if _, err := ParseTemplate("t", "1", text); err == nil {
			t.Errorf("%q is taken", text)
		}
	}
	for _, text := range []string{"{external}", "{external relevance part=x}", "@external id=a caption=无", "{external relevance cohort=1}"} {
		if _, err := composeWith(t, text, true, measured()); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%q: %v", text, err)
		}
	}
}
