package store_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"reflect"
	"strings"
	"testing"

	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/report"
	"quxiang/internal/store"
	"quxiang/internal/store/storetest"
)

// TestReportReleases: what was released and why problems stand is added once and never
// written over; bytes of a file that somebody changed by SQL are not handed out.
func TestReportReleases(t *testing.T) {
	storetest.EachConfig(t, func(t *testing.T, conf store.Config) {
		s := storetest.Open(t, conf)
		first := report.Version{Draft: "r1", Number: 1, Title: "报告", Text: "# 一\n", SHA256: "ab", At: 5, By: "a1"}
		write(t, s, func(ctx context.Context) error {
			return s.AddReport(ctx, report.Draft{ID: "r1", Cohort: "2024", From: "annual", BegunAt: 5, BegunBy: "a1"}, first)
		})
		o := report.Overrule{Draft: "r1", Key: "k1", Rule: "L4", Where: "一", Words: "86.54%", Reason: "往年口径", At: 6, By: "a1"}
		write(t, s, func(ctx context.Context) error { return s.AddOverrule(ctx, o) })
		body := []byte("\x00\xffPDF")
		sum := sha256.Sum256(body)
		form := report.Form{Ending: ".pdf", SHA256: hex.EncodeToString(sum[:]), Size: len(body)}
		x := report.Release{ID: "2024-1", Cohort: "2024", Title: "报告", Draft: "r1", Version: 1, Code: "ABCD-EFGH-2345-ABCD", Snapshots: []string{"S"}, At: 7, By: "a1",
			Overruled: []report.Overrule{o}, Forms: []report.Form{form}}
		add := func(x report.Release) error {
			return s.InTx(t.Context(), func(ctx context.Context) error {
				return errors.Join(s.AddReportRelease(ctx, x, []report.File{{Form: form, Body: body}}), s.Write(ctx, console, "report.release", x.ID, nil))
			})
		}
		if err := add(x); err != nil {
			t.Fatal(err)
		}
		if err := add(x); fault.KindOf(err) != fault.Conflict {
			t.Errorf("the same id twice: %v", err)
		}
		if err := s.InTx(t.Context(), func(ctx context.Context) error { return s.AddOverrule(ctx, o) }); fault.KindOf(err) != fault.Conflict {
			t.Errorf("the same problem twice: %v", err)
		}
		later := x
		later.ID, later.At, later.Reason = "2024-2", 8, "更正"
		if err := add(later); err != nil {
			t.Fatal(err)
		}
		all, err := s.ReportReleases(t.Context())
		why, err2 := s.Overrules(t.Context(), "r1")
		got, err3 := s.ReportFile(t.Context(), "2024-1", ".pdf")
		if err := errors.Join(err, err2, err3); err != nil {
			t.Fatal(err)
		}
		if len(all) != 2 || !reflect.DeepEqual(all[0], later) || !reflect.DeepEqual(all[1], x) || len(why) != 1 || why[0] != o || !bytes.Equal(got, body) {
			t.Errorf("kept %+v, %+v, %q", all, why, got)
		}
		if _, err := s.ReportFile(t.Context(), "2024-1", ".docx"); fault.KindOf(err) != fault.NotFound {
			t.Errorf("a form that it has not: %v", err)
		}
		verified(t, s)
		for query, want := range map[string]string{
			`update report_release set title = 'x' where id = '2024-1'`: "已发布的年度报告 2024-1 与审计链第",
			`update report_overrule set reason = 'x'`:                   "年度报告放行记录 r1 k1 与审计链第",
		} {
			if storetest.Tamper(t, conf, query) == 0 {
				t.Fatal("nothing was changed")
			}
			if all := strings.Join(problems(t, s), "\n"); !strings.Contains(all, want) {
				t.Errorf("%s is not found: %s", query, all)
			}
		}
		storetest.Tamper(t, conf, `update report_file set body = (select body from report_file where release_id = '2024-2'), sha256 = 'x' where release_id = '2024-1'`)
		if _, err := s.ReportFile(t.Context(), "2024-1", ".pdf"); fault.KindOf(err) != fault.Conflict {
			t.Errorf("another file is handed out: %v", err)
		}
	})
}
