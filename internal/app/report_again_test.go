package app_test

import (
	"strings"
	"sync"
	"testing"

	"quxiang/internal/app"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/release"
	"quxiang/internal/domain/report"
	"quxiang/internal/store"
	"quxiang/internal/store/storetest"
)

// TestReportOrders: two who order the same report at once get the same document, and an
// earlier cohort's figures are those that were released.
func TestReportOrders(t *testing.T) {
	storetest.EachConfig(t, func(t *testing.T, place store.Config) {
		x := newTrial(t, place, 12)
		order := report.Order{Cohort: "2024", AsOf: calendar.WhenAt(calendar.DayOf(x.a.Now()).AddDays(1).Start())}
		var at sync.WaitGroup
		codes := make([]string, 4)
		for i := range codes {
			at.Go(func() {
				d, err := x.a.Annual.Annual(t.Context(), keeper, order)
				if err != nil {
					t.Error(err)
				}
				codes[i] = d.Code
			})
		}
		at.Wait()
		for _, code := range codes {
			if code != codes[0] || code == "" {
				t.Errorf("the same order at once gives %q", codes)
			}
		}
		all, err := x.a.Releases.List(t.Context(), keeper)
		if err != nil || len(all) != 1 {
			t.Errorf("%d snapshots, %v", len(all), err)
		}
	})
}

// TestReleasedGoesBefore: of an earlier cohort a report takes the snapshot that was released
// by then, and says so.
func TestReleasedGoesBefore(t *testing.T) {
	a := buildDemo(t, app.Config{Data: t.TempDir() + "/data"}, 100, 5)
	first := annual(t, a)
	if strings.Contains(said(first), "已发布的快照") {
		t.Fatal("the demo school has released figures of an earlier cohort by now: use another one")
	}
	_, err := a.Releases.Freeze(t.Context(), keeper, release.Freezing{Name: "INIT-2023", Cohort: "2023", AsOf: mustWhen(t, "2023-08-31"), Definition: "moe-2024"})
	if err != nil {
		t.Fatal(err)
	}
	today := calendar.DayOf(a.Now())
	if _, err = a.Releases.Release(t.Context(), keeper, "INIT-2023", release.Approval{Office: "甲", Leader: "乙", Approved: today, Record: "会议纪要1号",
		ConsentAuthority: "省教育厅", ConsentDay: today, ConsentFile: strings.Repeat("ab", 32)}); err != nil {
		t.Fatal(err)
	}
	if same := annual(t, a); same.Code != first.Code {
		t.Error("what was released after the report's figures were frozen changes the same order")
	}
	frozen, err := a.Releases.Freeze(t.Context(), keeper, release.Freezing{Name: "LATER-2024", Cohort: "2024", AsOf: mustWhen(t, "2024-08-31")})
	if err != nil {
		t.Fatal(err)
	}
	d, err := a.Annual.Annual(t.Context(), keeper, report.Order{Snapshot: frozen.Name})
	if text := said(d); err != nil || !strings.Contains(text, "已发布的快照INIT-2023；发布以后的更正不改动已发布的数字") || !strings.Contains(text, "INIT-2023|2023届|") {
		t.Errorf("%v in\n%s", err, text)
	}
}

func mustWhen(t *testing.T, s string) calendar.When {
	t.Helper()
	w, err := calendar.ParseWhen(s)
	if err != nil {
		t.Fatal(err)
	}
	return w
}
