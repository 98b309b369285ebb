package app_test

import (
	"bytes"
	"strings"
	"testing"

	"quxiang/internal/app"
	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/external"
	"quxiang/internal/domain/report"
	"quxiang/internal/store"
	"quxiang/internal/store/storetest"
)

// TestReportKeepsExternalFigures: what others measured is verified as the ledger stood when
// the report was made. A change that comes later breaks nothing and is told.
func TestReportKeepsExternalFigures(t *testing.T) {
	storetest.EachConfig(t, func(t *testing.T, place store.Config) { keepsExternal(t, newTrial(t, place, 40)) })
}

func keepsExternal(t *testing.T, x *trial) {
	ctx, first, second := t.Context(), byStaff("first", access.Office, access.School()), byStaff("second", access.Office, access.School())
	what := external.Content{Title: "工作与专业相关度", Value: "91", Unit: "%", N: "212", Subject: "毕业生", Source: "质量评价报告", Issuer: "评价中心", Page: "12", Dated: "2024-01", Method: "网络问卷", Replies: "63.5"}
	enter := func(value string, since int) {
		t.Helper()
		what.Value = value
		_, err := x.a.Externals.Enter(ctx, first, external.Entering{Cohort: "2024", Key: "job-relevance", Content: what, Since: since})
		x.must(err)
	}
	enter("91", 0)
	_, err := x.a.Externals.Check(ctx, second, "2024", "job-relevance", 1)
	x.must(err)
	day := calendar.DayOf(x.a.Now()).AddDays(1)
	d, err := x.a.Annual.Annual(ctx, keeper, report.Order{Cohort: "2024", AsOf: calendar.WhenAt(day.Start())})
	x.must(err)
	if d.Ledger != 2 || len(d.Externals) != 1 {
		t.Fatalf("%d, %+v", d.Ledger, d.Externals)
	}
	files := map[string][]byte{}
	for _, ending := range app.ReportEndings {
		var file bytes.Buffer
		x.must(app.WriteReport(&file, "r"+ending, d))
		files[ending] = file.Bytes()
	}
	enter("90", 1)
	for ending, file := range files {
		c, err := x.a.VerifyReport(ctx, keeper, "r"+ending, file)
		if err != nil || !c.Holds() || c.Resaved {
			t.Fatalf("%s: a later entry breaks it: %q %q, %v", ending, c.Changed, c.Broken, err)
		}
		if told := strings.Join(c.Today, "\n"); !strings.Contains(told, "90%（未复核）") {
			t.Errorf("%s: what would differ now is not told: %q", ending, told)
		}
	}
}

// TestDemoExternal: the figures of others in the demo school stand in the order of their
// days, each in the state that it is shown in.
func TestDemoExternal(t *testing.T) {
	a := buildDemo(t, app.Config{Data: t.TempDir() + "/data"}, 100, 1)
	l, err := a.Store.ExternalEntries(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	states := map[external.State]int{}
	for _, f := range l.Figures("") {
		states[f.State]++
		if f.Sure() && f.Checked.Account == f.Entered.Account {
			t.Errorf("%s %s: entered and checked by the same", f.Cohort, f.Key)
		}
	}
	for i := range l {
		if i > 0 && l[i].At < l[i-1].At {
			t.Errorf("entry %d is older than the one before it", l[i].No)
		}
	}
	if states[external.Checked] < 10 || states[external.Entered] != 1 || states[external.Withdrawn] != 1 || states[external.Replaced] != 1 {
		t.Errorf("%v", states)
	}
}
