package external_test

import (
	"testing"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/external"
	"quxiang/internal/domain/fault"
	"quxiang/internal/store"
	"quxiang/internal/store/storetest"
)

func newService(s *store.Store) *external.Service {
	return &external.Service{Store: s, Audit: s, Now: func() calendar.Instant { return calendar.Day("2025-06-16").Start() }}
}

func ledger(t *testing.T, s *store.Store) external.Ledger {
	t.Helper()
	l, err := s.ExternalEntries(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func office(name string) access.Actor {
	return access.Actor{Account: name, Grants: []access.Grant{{Role: access.Office, Over: access.School()}}}
}

func relevance() external.Content {
	return external.Content{Title: "工作与专业相关度", Value: "91.67", Unit: "%", K: "55", N: "60", Subject: "受雇全职工作的毕业生", Source: "毕业生跟踪评价报告（2024）",
		Issuer: "滨海高等教育评价中心", Page: "12", Dated: "2024-12"}
}

// TestTwoPeople: what one enters another checks; a change is a new version that waits
// again, and what was said before stands in the ledger.
func TestTwoPeople(t *testing.T) { storetest.Each(t, twoPeople) }

func twoPeople(t *testing.T, st *store.Store) {
	s := newService(st)
	ctx := t.Context()
	f, err := s.Enter(ctx, office("a"), external.Entering{Cohort: "2024", Key: "job-relevance", Content: relevance()})
	if err != nil || f.State != external.Entered || f.Version != 1 {
		t.Fatalf("%+v, %v", f, err)
	}
	if f, err = s.Enter(ctx, office("a"), external.Entering{Cohort: "2024", Key: "job-relevance", Content: relevance()}); err != nil || len(ledger(t, st)) != 1 {
		t.Errorf("the same twice is %d entries: %v", len(ledger(t, st)), err)
	}
	if _, err := s.Check(ctx, office("a"), "2024", "job-relevance", 1); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("who entered it checks it: %v", err)
	}
	if _, err := s.Check(ctx, access.Console("x"), "2024", "job-relevance", 1); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("the command line checks it: %v", err)
	}
	if _, err := s.Check(ctx, office("b"), "2024", "job-relevance", 2); fault.KindOf(err) != fault.Conflict {
		t.Errorf("a version that nobody saw is checked: %v", err)
	}
	for range 2 {
		if f, err = s.Check(ctx, office("b"), "2024", "job-relevance", 1); err != nil || !f.Sure() {
			t.Fatalf("%+v, %v", f, err)
		}
	}
	changed := relevance()
	changed.K, changed.Value = "54", "90.00"
	if _, err := s.Enter(ctx, office("b"), external.Entering{Cohort: "2024", Key: "job-relevance", Content: changed}); fault.KindOf(err) != fault.Conflict {
		t.Errorf("another figure under the same key: %v", err)
	}
	if f, err = s.Enter(ctx, office("b"), external.Entering{Cohort: "2024", Key: "job-relevance", Content: changed, Since: 1}); err != nil || f.State != external.Entered || f.Sure() {
		t.Fatalf("a change stays checked: %+v, %v", f, err)
	}
	if was, ok := ledger(t, st).UpTo(2).Find("2024", "job-relevance"); !ok || was.Value != "91.67" || !was.Sure() {
		t.Errorf("as it was: %+v", was)
	}
	if list := ledger(t, st).Versions("2024", "job-relevance"); len(list) != 2 || list[0].Value != "90.00" || !list[1].Sure() {
		t.Errorf("versions: %+v", list)
	}
}

// TestEndings: a figure is withdrawn with a reason, or replaced by an indicator; either
// stays in the ledger, and a withdrawn one may be entered again.
func TestEndings(t *testing.T) { storetest.Each(t, endings) }

func endings(t *testing.T, st *store.Store) {
	s := newService(st)
	ctx, a := t.Context(), office("a")
	must := func(_ external.Figure, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(s.Enter(ctx, a, external.Entering{Cohort: "2024", Key: "x", Content: relevance()}))
	if _, err := s.Replace(ctx, a, "2024", "x", "destination.settled", "改由登记数据统计"); fault.KindOf(err) != fault.Conflict {
		t.Errorf("replaced before it was checked: %v", err)
	}
	must(s.Check(ctx, office("b"), "2024", "x", 1))
	if _, err := s.Replace(ctx, a, "2024", "x", "destination.nothing", "改由登记数据统计"); fault.KindOf(err) != fault.Invalid {
		t.Errorf("an indicator that there is not: %v", err)
	}
	must(s.Replace(ctx, a, "2024", "x", "destination.settled  level=本科", "改由登记数据统计"))
	if f, _ := ledger(t, st).Find("2024", "x"); f.State != external.Replaced || f.Own != "destination.settled level=本科" || !f.Stands() || !f.Sure() {
		t.Errorf("%+v", f)
	}
	if _, err := s.Withdraw(ctx, a, "2024", "x", "错"); fault.KindOf(err) != fault.Invalid {
		t.Errorf("no reason: %v", err)
	}
	must(s.Withdraw(ctx, a, "2024", "x", "文件已被发布单位收回"))
	n := len(ledger(t, st))
	must(s.Withdraw(ctx, a, "2024", "x", "文件已被发布单位收回"))
	if len(ledger(t, st)) != n {
		t.Error("withdrawn twice is two entries")
	}
	if f, _ := ledger(t, st).Find("2024", "x"); f.Stands() {
		t.Errorf("%+v", f)
	}
	must(s.Enter(ctx, a, external.Entering{Cohort: "2024", Key: "x", Content: relevance(), Since: 1}))
	if _, err := s.Withdraw(ctx, a, "2024", "y", "从来没有录入过"); fault.KindOf(err) != fault.NotFound {
		t.Errorf("withdrawn out of nothing: %v", err)
	}
	if _, err := s.Enter(ctx, access.Actor{Account: "c", Grants: []access.Grant{{Role: access.Counsellor, Over: access.School()}}}, external.Entering{}); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("a counsellor enters: %v", err)
	}
}
