package app_test

import (
	"context"
	"strings"
	"testing"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/destination"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/history"
)

// TestSheet: what a reviewer reads of a change, on its way through a return.
func TestSheet(t *testing.T) {
	eachRegistry(t, func(t *testing.T, r *registry) {
		d := r.army("g1")
		x := r.submit(d)
		sheet := func(who access.Actor) *destination.Sheet {
			t.Helper()
			s, err := r.Sheet(r.ctx, who, "g1", x)
			r.must(err)
			return s
		}
		s := sheet(byCounsellor)
		if !s.MayPass || s.At != 1 || s.Submits != 1 || s.Code != "46" || s.After.Fields["enlist_office"] != "丙县武装部" || len(s.Before.Fields) != 0 {
			t.Errorf("submitted: %+v", s)
		}
		if len(s.Evidence) != 1 || s.Evidence[0].Media != "image/jpeg" || s.Evidence[0].Seen || s.Evidence[0].New {
			t.Errorf("papers: %+v", s.Evidence)
		}
		if len(s.Checks) != 3 || s.Checks[0].Wrong || s.Person.Secret != nil {
			t.Errorf("checks: %+v", s.Checks)
		}
		if sheet(bySecretary).MayPass {
			t.Error("the college may pass what waits for the counsellor")
		}
		_, err := r.Sheet(r.ctx, byStaff("c", access.Counsellor, access.Classes("k2")), "g1", x)
		r.refused("another class", err, fault.NotFound)
		_, err = r.Sheet(r.ctx, bySelf("g1"), "g1", x)
		r.refused("the graduate", err, fault.Forbidden)

		r.must(r.Return(r.ctx, byCounsellor, destination.Decision{Graduate: "g1", Change: x, Level: 1, Note: "写全称"}))
		if s := sheet(byCounsellor); s.MayPass || s.At != 0 {
			t.Errorf("returned: %+v", s)
		}
		more := r.handIn("g1", "MIL", 'c')
		r.submit(destination.Draft{Graduate: "g1", Change: x, Fields: history.Fields{"enlist_office": "丙县人民武装部"}, Evidence: []history.Evidence{more}})
		s = sheet(byCounsellor)
		if back, ok := s.LastReturn(); !ok || back.Reason != "写全称" || s.Submits != 2 || !s.MayPass {
			t.Errorf("submitted again: %+v", s)
		}
		if s.Before.Fields["enlist_office"] != "丙县武装部" || s.After.Fields["enlist_office"] != "丙县人民武装部" {
			t.Errorf("what changed: %v, %v", s.Before.Fields, s.After.Fields)
		}
		if len(s.Evidence) != 2 || s.Evidence[0].New || !s.Evidence[1].New {
			t.Errorf("papers: %+v", s.Evidence)
		}

		n := len(r.events("g1"))
		for range 2 {
			r.must(r.MarkAllSeen(r.ctx, byCounsellor, "g1", x))
		}
		if got := len(r.events("g1")) - n; got != 2 || !sheet(byCounsellor).Evidence[0].Seen || sheet(bySecretary).Evidence[0].Seen {
			t.Errorf("two papers seen twice are %d marks", got)
		}
		r.approve("g1", x)
		if s := sheet(byOffice); s.MayPass || s.Last != history.Approved || len(s.Reviews) != 3 {
			t.Errorf("approved: %+v", s)
		}
	})
}

// TestClaims: the office reads what graduates dispute, until it is upheld.
func TestClaims(t *testing.T) {
	eachRegistry(t, func(t *testing.T, r *registry) {
		r.approve("g1", r.submit(r.army("g1")))
		k := r.on("g1", "2024-07-01").Case
		claims := func() []destination.Claim {
			t.Helper()
			list, err := r.Claims(r.ctx, byOffice, []string{"g1"})
			r.must(err)
			return list
		}
		if len(claims()) != 0 {
			t.Error("nothing is disputed")
		}
		r.must(r.Dispute(r.ctx, bySelf("g1"), "g1", k, "我没有入伍"))
		r.must(r.Reply(r.ctx, byOffice, "g1", k, "正在核实"))
		got := claims()
		if len(got) != 1 || got[0].Disputed.Reason != "我没有入伍" || len(got[0].Replies) != 1 || got[0].Content.Code != "46" || got[0].Person.Secret != nil {
			t.Errorf("got %+v", got)
		}
		_, err := r.Claims(r.ctx, byCounsellor, []string{"g1"})
		r.refused("a counsellor", err, fault.Forbidden)
		r.must(r.Uphold(r.ctx, byOffice, "g1", k, "查实"))
		if len(claims()) != 0 {
			t.Error("an upheld case is still disputed")
		}
	})
}

// oneByOne counts the reads that go one by one.
type oneByOne struct {
	destination.Store
	single int
}

func (c *oneByOne) Findings(ctx context.Context, within access.Scope, g string) ([]destination.Finding, error) {
	c.single++
	return c.Store.Findings(ctx, within, g)
}

func (c *oneByOne) DocumentOwners(ctx context.Context, hash string) ([]string, error) {
	c.single++
	return c.Store.DocumentOwners(ctx, hash)
}

// TestBulkReadsAhead: a bulk pass says what it leaves beforehand, reads nothing
// case by case, and the same twice is once.
func TestBulkReadsAhead(t *testing.T) {
	eachRegistry(t, func(t *testing.T, r *registry) {
		var list []destination.Decision
		for _, g := range []string{"g1", "g2", "g3"} {
			list = append(list, destination.Decision{Graduate: g, Change: r.submit(r.army(g)), Level: 1})
		}
		freelance := destination.Draft{Graduate: "g4", Act: history.Open, Code: "76", Counts: history.Counted{Region: "120103"},
			Fields:   history.Fields{"work_kind": "翻译", "platform": "某平台", "start_day": "2024-06-20", "pay": "500000"},
			Evidence: []history.Evidence{r.handIn("g4", "PLG", 'd')}}
		list = append(list, destination.Decision{Graduate: "g4", Change: r.submit(freelance), Level: 1})
		store := &oneByOne{Store: r.Store}
		r.Store = store
		left, err := r.BulkLeaves(r.ctx, byCounsellor, list)
		r.must(err)
		if len(left) != 1 || left[0].Graduate != "g4" || !strings.Contains(left[0].Why, "逐条") {
			t.Errorf("left %+v", left)
		}
		for range 2 {
			passed, skipped, err := r.BulkPass(r.ctx, byCounsellor, list)
			r.must(err)
			if passed != 3 || len(skipped) != 1 {
				t.Errorf("passed %d, left %+v", passed, skipped)
			}
		}
		if store.single > 0 {
			t.Errorf("%d reads went case by case", store.single)
		}
		if n := len(r.events("g1")); n != 3 {
			t.Errorf("the same bulk pass twice left %d events", n)
		}
	})
}
