package store_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/report"
	"quxiang/internal/store"
	"quxiang/internal/store/storetest"
)

// TestReports: versions are added and never written over; a number is taken once; a text
// that was edited by SQL is found (C5).
func TestReports(t *testing.T) {
	storetest.EachConfig(t, func(t *testing.T, conf store.Config) {
		s := storetest.Open(t, conf)
		d := report.Draft{ID: "r1", Cohort: "2024", Ground: report.Ground{AsOf: 7}, From: "annual", BegunAt: 5, BegunBy: "a1"}
		first := report.Version{Draft: "r1", Number: 1, Title: "报告", Text: "# 一\n", SHA256: "ab", At: 5, By: "a1"}
		second := report.Version{Draft: "r1", Number: 2, Title: "报告", Text: "# 二\n", SHA256: "cd", At: 6, By: "a2", Note: "改一处"}
		write(t, s, func(ctx context.Context) error { return s.AddReport(ctx, d, first) })
		write(t, s, func(ctx context.Context) error { return s.AddReportVersion(ctx, second) })
		write(t, s, func(ctx context.Context) error {
			return s.GroundReport(ctx, "r1", report.Ground{Snapshot: "S1", AsOf: 8})
		})
		err := s.InTx(t.Context(), func(ctx context.Context) error { return s.AddReportVersion(ctx, second) })
		if fault.KindOf(err) != fault.Conflict {
			t.Errorf("version 2 is taken twice: %v", err)
		}
		d.Ground, d.Newest = report.Ground{Snapshot: "S1", AsOf: 8}, second
		d.Newest.Text = ""
		got, err := s.Report(t.Context(), "r1")
		all, err2 := s.Reports(t.Context())
		list, err3 := s.ReportVersions(t.Context(), "r1")
		v, err4 := s.ReportVersion(t.Context(), "r1", 1)
		if err := errors.Join(err, err2, err3, err4); err != nil {
			t.Fatal(err)
		}
		if got != d || len(all) != 1 || all[0] != d || len(list) != 2 || list[0].Number != 2 || v != first {
			t.Errorf("kept %+v, %+v, %+v, %+v", got, all, list, v)
		}
		if _, err := s.ReportVersion(t.Context(), "r1", 3); fault.KindOf(err) != fault.NotFound {
			t.Errorf("version 3: %v", err)
		}
		verified(t, s)
		if storetest.Tamper(t, conf, `update report_version set body = 'x' where number = 1`) == 0 {
			t.Fatal("nothing was changed")
		}
		if all := strings.Join(problems(t, s), "\n"); !strings.Contains(all, "年度报告 r1 1 版与审计链第") {
			t.Errorf("an edited text is not found: %s", all)
		}
	})
}
