package app_test

import (
	"bytes"
	"strings"
	"testing"

	"quxiang/internal/app"
	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/report"
	"quxiang/internal/store"
	"quxiang/internal/store/storetest"
)

// TestDraft: a report is written in versions; two who write at once lose nothing; a bad line
// is told and the rest is seen; what is printed of a version can be verified.
func TestDraft(t *testing.T) {
	storetest.EachConfig(t, func(t *testing.T, place store.Config) {
		x := newTrial(t, place, 40)
		d := begunDraft(t, x)
		t.Run("two write at once", func(t *testing.T) { twoWrite(t, x, d) })
		t.Run("a bad line", func(t *testing.T) { badLines(t, x, d) })
		t.Run("printed and verified", func(t *testing.T) { printedDraft(t, x, d) })
		t.Run("who may", func(t *testing.T) { whoMayDraft(t, x, d) })
	})
}

func begunDraft(t *testing.T, x *trial) report.Draft {
	t.Helper()
	day := calendar.DayOf(x.a.Now()).AddDays(1)
	d, err := x.a.Annual.Begin(t.Context(), keeper, report.Beginning{Cohort: "2024", AsOf: calendar.WhenAt(day.Start())})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func twoWrite(t *testing.T, x *trial, d report.Draft) {
	s, ctx := x.a.Annual, t.Context()
	first, err := s.Version(ctx, keeper, d.ID, 0)
	if err != nil {
		t.Fatal(err)
	}
	edit := report.Edit{Base: 1, Title: first.Title, Text: first.Text + "第一人的一段。", Note: "加一段"}
	v, err := s.Save(ctx, keeper, d.ID, edit)
	if err != nil || v.Number != 2 {
		t.Fatalf("version %d, %v", v.Number, err)
	}
	if v, err = s.Save(ctx, keeper, d.ID, edit); err != nil || v.Number != 2 {
		t.Errorf("the same text is kept twice: %d, %v", v.Number, err)
	}
	edit.Text = first.Text + "第二人的一段。"
	if _, err = s.Save(ctx, keeper, d.ID, edit); fault.KindOf(err) != fault.Conflict || !strings.Contains(err.Error(), "第 2 版") {
		t.Errorf("the second is not told: %v", err)
	}
	v, _, err = s.Change(ctx, keeper, d.ID, report.Change{Op: report.Replace, Line: 1, Was: "# 报告说明", Text: "# 说明"})
	if err != nil || v.Number != 3 || !strings.Contains(v.Text, "第一人的一段。") || !strings.HasPrefix(v.Text, "# 说明\n") {
		t.Errorf("a change of another line loses something: %d, %v", v.Number, err)
	}
	if v, err = s.Restore(ctx, keeper, d.ID, 3, 1); err != nil || v.Number != 4 || v.Text != first.Text {
		t.Errorf("restored: %d, %v", v.Number, err)
	}
	list, err := s.Versions(ctx, keeper, d.ID)
	if err != nil || len(list) != 4 || list[0].Note != "恢复第 1 版" {
		t.Errorf("%d versions, %+v, %v", len(list), list, err)
	}
}

func badLines(t *testing.T, x *trial, d report.Draft) {
	text := "# 一、基本情况\n毕业生{n}人。\n{k destination.nothing}人。\n@tabel x\n{claim 逐年上升 % destination.settled}。\n[level=博士] 博士{n level=博士}人。\n// 给编写人\n@table destination id=a by=level\n"
	p, err := x.a.Annual.Preview(t.Context(), keeper, d.ID, "报告", text)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []struct{ refused, left bool }{{}, {}, {refused: true}, {refused: true}, {left: true}, {left: true}, {}, {}} {
		piece := p.Pieces[i]
		if piece.No != i+1 || (piece.Refused != "") != want.refused || (piece.Left != "") != want.left {
			t.Errorf("line %d: %+v", i+1, piece)
		}
		if printed := piece.To > piece.From; printed == (want.refused || want.left || piece.Remark()) {
			t.Errorf("line %d is printed: %v", i+1, printed)
		}
	}
	if !strings.Contains(said(p.Document), "毕业生40人。") || len(p.Refused()) != 2 {
		t.Errorf("%s\n%+v", said(p.Document), p.Refused())
	}
	if p.Standings[0].Snapshot != "" {
		t.Errorf("nothing is frozen, and the draft stands on %s", p.Standings[0].Snapshot)
	}
}

func printedDraft(t *testing.T, x *trial, d report.Draft) {
	ctx, s := t.Context(), x.a.Annual
	day := calendar.DayOf(x.a.Now()).AddDays(1)
	if _, err := s.Annual(ctx, keeper, report.Order{Cohort: "2024", AsOf: calendar.WhenAt(day.Start())}); err != nil {
		t.Fatal(err)
	}
	doc, err := s.Print(ctx, keeper, d.ID, 0)
	if err != nil {
		t.Fatal(err)
	}
	p, err := s.Preview(ctx, keeper, d.ID, doc.Title, "{n}")
	if err != nil || !strings.HasPrefix(p.Standings[0].Snapshot, "report-2024-") {
		t.Fatalf("the frozen snapshot is not taken: %+v, %v", p.Standings, err)
	}
	var file bytes.Buffer
	if err := app.WriteReport(&file, "r.html", doc); err != nil {
		t.Fatal(err)
	}
	c, err := x.a.VerifyReport(ctx, keeper, "r.html", file.Bytes())
	if err != nil || !c.Holds() || c.Mark.Template != d.ID || c.Mark.Version != "4" {
		t.Errorf("verified: %+v %+v, %v", c.Changed, c.Mark, err)
	}
}

func whoMayDraft(t *testing.T, x *trial, d report.Draft) {
	s, ctx := x.a.Annual, t.Context()
	for role, want := range map[access.Role]struct{ reads, writes bool }{
		access.Office: {true, true}, access.SchoolLeader: {true, false}, access.Auditor: {true, false}, access.CollegeSecretary: {}, access.Support: {}, access.Administrator: {},
	} {
		who := access.Actor{Account: "a", Grants: []access.Grant{{Role: role, Over: access.School()}}}
		_, err := s.Preview(ctx, who, d.ID, "报告", "{n}")
		if (err == nil) != want.reads {
			t.Errorf("%s reads: %v", role, err)
		}
		_, _, err = s.Change(ctx, who, d.ID, report.Change{Op: report.After, Text: "一段 " + string(role)})
		if (err == nil) != want.writes {
			t.Errorf("%s writes: %v", role, err)
		}
	}
	part := access.Actor{Account: "a", Grants: []access.Grant{{Role: access.Office, Over: access.Colleges("c1")}}}
	if _, err := s.Draft(ctx, part, d.ID); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("an office of one college reads the school's report: %v", err)
	}
}
