package app_test

import (
	"context"
	"strings"
	"sync"
	"testing"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/destination"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/history"
	"quxiang/internal/domain/release"
)

func TestMarks(t *testing.T) {
	eachRegistry(t, func(t *testing.T, r *registry) {
		r.approve("g1", r.submit(r.army("g1")))
		k := r.on("g1", "2024-07-01").Case
		detail := func(want history.Detail) {
			t.Helper()
			if s := r.on("g1", "2024-07-01"); s.Detail != want {
				t.Errorf("got %s, want %s", s.Detail, want)
			}
		}
		r.must(r.Dispute(r.ctx, bySelf("g1"), "g1", k, "我没有入伍"))
		r.must(r.Dispute(r.ctx, bySelf("g1"), "g1", k, "我没有入伍"))
		detail(history.InDispute)
		queue, err := r.store.Samples(r.ctx, access.School(), "2024", true)
		r.must(err)
		if len(queue) != 1 || queue[0].Reason != "A25" {
			t.Errorf("a dispute goes to the sampling queue: %+v", queue)
		}
		r.refused("a byCounsellor upholds", r.Uphold(r.ctx, byCounsellor, "g1", k, "查实"), fault.Forbidden)
		r.must(r.Uphold(r.ctx, byOffice, "g1", k, "电话核实无误"))
		detail(history.Registered)
		r.refused("one person strikes", r.Strike(r.ctx, byOffice, byOffice, "g1", k, "材料不实"), fault.Forbidden)
		r.refused("a console strikes", r.Strike(r.ctx, byOffice, access.Console("root"), "g1", k, "材料不实"), fault.Forbidden)
		r.refused("a byCounsellor strikes along", r.Strike(r.ctx, byOffice, byCounsellor, "g1", k, "材料不实"), fault.Forbidden)
		other := byStaff("leader2", access.SchoolLeader, access.School())
		r.refused("nobody of the byOffice", r.Strike(r.ctx, byLeader, other, "g1", k, "材料不实"), fault.Forbidden)
		r.refused("no reason", r.Strike(r.ctx, byOffice, byLeader, "g1", k, " "), fault.Invalid)
		r.must(r.Strike(r.ctx, byOffice, byLeader, "g1", k, "材料不实"))
		detail(history.WasStruck)
		if e := r.events("g1"); e[len(e)-1].Fields["second"] != "leader" {
			t.Error("the mark does not name the second person")
		}
		r.must(r.Restore(r.ctx, byOffice, "g1", k, "补充材料属实"))
		detail(history.Registered)
		n := len(r.events("g1"))
		doc := history.Evidence{SHA256: strings.Repeat("a", 64), Kind: "MIL"}
		r.refused("seen, never handed in", r.MarkSeen(r.ctx, byCounsellor, "g1", k, doc), fault.Invalid)
		r.must(r.HandIn(r.ctx, byCounsellor, destination.Document{SHA256: doc.SHA256, Graduate: "g1", Kind: doc.Kind, Media: "image/jpeg", Size: 1}))
		for range 2 {
			r.must(r.MarkSeen(r.ctx, byCounsellor, "g1", k, doc))
			r.must(r.ConfirmEmployer(r.ctx, byCounsellor, "g1", k))
			r.must(r.Reply(r.ctx, byCounsellor, "g1", k, "已收到"))
		}
		if got := len(r.events("g1")) - n; got != 3 {
			t.Errorf("three marks, each twice, are %d events", got)
		}
		r.refused("seen, no kind", r.MarkSeen(r.ctx, byCounsellor, "g1", k, history.Evidence{SHA256: doc.SHA256, Kind: "XXX"}), fault.Invalid)
	})
}

func TestReleasedFiguresNeedAnUnlock(t *testing.T) {
	eachRegistry(t, func(t *testing.T, r *registry) {
		r.approve("g1", r.submit(r.army("g1")))
		pending := r.submit(r.army("g2"))
		k := r.on("g1", "2024-07-01").Case
		r.now = nineOn("2024-09-10")
		snapshot := release.Snapshot{Name: "INIT-2024", Cohort: "2024", Cut: calendar.Cut{True: calendar.Day("2024-09-01").Start(), Known: r.now}, FrozenAt: r.now}
		r.must(r.store.FreezeTx(r.ctx, func(ctx context.Context) error {
			if err := r.store.SaveSnapshot(ctx, snapshot, nil); err != nil {
				return err
			}
			if err := r.store.SaveApproval(ctx, snapshot.Name, release.Approval{At: r.now, By: "leader"}); err != nil {
				return err
			}
			return r.store.Write(ctx, byLeader, "test.release", snapshot.Name, nil)
		}))
		r.now = nineOn("2024-09-11")
		void := destination.Draft{Graduate: "g1", Act: history.Void, Case: k, Reason: "没有入伍"}
		_, err := r.Submit(r.ctx, bySelf("g1"), void)
		r.refused("voiding what was released", err, fault.Conflict)
		r.refused("striking what was released", r.Strike(r.ctx, byOffice, byLeader, "g1", k, "不实"), fault.Conflict)
		r.submit(destination.Draft{Graduate: "g3", Act: history.Open, Code: "70-SEEK", TrueOn: "2024-08-01", Fields: history.Fields{"wanted": "医生"}})
		r.approve("g2", pending)
		r.must(r.store.InTx(r.ctx, func(ctx context.Context) error {
			if err := r.store.SaveUnlock(ctx, release.Unlock{ID: "u", Snapshot: snapshot.Name, Account: "leader", Reason: "核查发现不实", At: r.now, Until: nineOn("2024-09-18")}); err != nil {
				return err
			}
			return r.store.Write(ctx, byLeader, "test.unlock", snapshot.Name, nil)
		}))
		r.approve("g1", r.submit(void))
		if s := r.on("g1", "2024-09-11"); s.Detail != history.Unregistered {
			t.Errorf("voided: %+v", s)
		}
		_, err = r.Submit(r.ctx, bySelf("g1"), destination.Draft{Graduate: "g1", Act: history.End, Case: k, TrueOn: "2024-10-01", Reason: "离队"})
		r.refused("void is final", err, fault.Conflict)
	})
}

// TestOneWordCounts: of many at one instant exactly one is written.
func TestOneWordCounts(t *testing.T) {
	eachRegistry(t, func(t *testing.T, r *registry) {
		d := r.army("g1")
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				if _, err := r.Submit(r.ctx, bySelf("g1"), d); err != nil {
					t.Error("submit: ", err)
				}
			})
		}
		all.Wait()
		x := r.events("g1")[1].Change
		for range 8 {
			all.Go(func() {
				if err := r.Pass(r.ctx, byCounsellor, destination.Decision{Graduate: "g1", Change: x, Level: 1}); err != nil {
					t.Error("pass: ", err)
				}
			})
		}
		all.Wait()
		if n := len(r.events("g1")); n != 3 {
			t.Errorf("%d events, want enrolment, submission, pass", n)
		}
	})
}

func TestDraw(t *testing.T) {
	eachRegistry(t, func(t *testing.T, r *registry) {
		for _, g := range []string{"g1", "g2", "g3"} {
			r.approve(g, r.submit(r.army(g)))
		}
		r.refused("a byCounsellor draws", second(r.DrawSample(r.ctx, byCounsellor, "2024", "七月", 2, 7)), fault.Forbidden)
		n, err := r.DrawSample(r.ctx, byOffice, "2024", "七月", 2, 7)
		r.must(err)
		first, err := r.store.Samples(r.ctx, access.School(), "2024", true)
		r.must(err)
		again, err := r.DrawSample(r.ctx, byOffice, "2024", "七月", 2, 7)
		r.must(err)
		repeat, err := r.store.Samples(r.ctx, access.School(), "2024", true)
		r.must(err)
		if n != 2 || again != 2 || len(first) != 2 || len(repeat) != 2 || first[0].Seed != 7 || first[0].Stratum != "c1 46" {
			t.Errorf("drew %d, then %d: %+v", n, again, repeat)
		}
	})
}

func second(_ int, err error) error { return err }

// TestScreenComparesCases: two employers with one phone are found only when all
// cases are looked at together, and once.
func TestScreenComparesCases(t *testing.T) {
	eachRegistry(t, func(t *testing.T, r *registry) {
		r.submit(r.contract("g1"))
		other := r.contract("g2")
		other.Counts = history.Counted{Post: "19", Nature: "39", Industry: "22", Region: "130102"}
		other.Fields["employer_name"], other.Fields["credit_code"] = "某某药业", "B1990101MA00000029"
		r.submit(other)
		r.refused("a counsellor screens", third(r.Screen(r.ctx, byCounsellor, "2024")), fault.Forbidden)
		_, samples, err := r.Screen(r.ctx, byOffice, "2024")
		r.must(err)
		queue, err := r.store.Samples(r.ctx, access.School(), "2024", true)
		r.must(err)
		found := map[string]string{}
		for _, x := range queue {
			found[x.Graduate] += x.Reason
		}
		if samples != 2 || found["g1"] != "A09" || found["g2"] != "A09" {
			t.Errorf("found %v", found)
		}
		findings, samples, err := r.Screen(r.ctx, byOffice, "2024")
		r.must(err)
		if findings+samples != 0 {
			t.Errorf("screening twice finds %d and %d anew", findings, samples)
		}
	})
}

func third(_, _ int, err error) error { return err }

func TestRefuseAmendAndEnd(t *testing.T) {
	eachRegistry(t, func(t *testing.T, r *registry) {
		x := r.submit(r.army("g1"))
		for i, who := range []access.Actor{byCounsellor, bySecretary} {
			r.refused("a refusal before the last level", r.Refuse(r.ctx, who, destination.Decision{Graduate: "g1", Change: x, Level: i + 1, Note: "不实"}), fault.Conflict)
			r.must(r.Pass(r.ctx, who, destination.Decision{Graduate: "g1", Change: x, Level: i + 1}))
		}
		r.must(r.Refuse(r.ctx, byOffice, destination.Decision{Graduate: "g1", Change: x, Level: 3, Note: "通知书不实"}))
		if s := r.on("g1", "2024-07-01"); s.Detail != history.Unregistered {
			t.Errorf("refused: %+v", s)
		}
		r.approve("g1", r.submit(r.army("g1")))
		k := r.on("g1", "2024-07-01").Case
		_, err := r.Submit(r.ctx, bySelf("g1"), destination.Draft{Graduate: "g1", Act: history.Amend, Case: k, Fields: history.Fields{"enlist_office": "丙县武装部"}})
		r.refused("an amendment that amends nothing", err, fault.Invalid)
		end := destination.Draft{Graduate: "g1", Act: history.End, Case: k, TrueOn: "2024-06-28"}
		_, err = r.Submit(r.ctx, bySelf("g1"), end)
		r.refused("an end without a reason", err, fault.Invalid)
		for _, day := range []calendar.Day{"2024-06-28", "2024-06-30"} { // the later end corrects the earlier one
			end.TrueOn, end.Reason = day, "退兵"
			r.approve("g1", r.submit(end))
			if r.on("g1", string(day)).Detail != history.Unregistered || r.on("g1", string(day.AddDays(-1))).Code != "46" {
				t.Errorf("ended on %s: %+v", day, r.on("g1", string(day)))
			}
		}
	})
}

// TestNotesOnAnImport: what would block a submission is a warning on history
// that others hold, and what needs no answer has one.
func TestNotesOnAnImport(t *testing.T) {
	eachRegistry(t, func(t *testing.T, r *registry) {
		people, err := r.store.GraduatesByID(r.ctx, access.School(), []string{"g1"})
		r.must(err)
		left := destination.Imported{Graduate: people[0], Batch: "b1", Case: "k", Change: "x",
			Content: history.Content{TrueOn: "2024-06-20", Scheme: "MOE-2021", Code: "12", Counts: history.Counted{Post: "90"}, Fields: history.Fields{"employer_name": "某某药业"}}}
		notes, err := r.Notes(r.ctx, []destination.Imported{left})
		r.must(err)
		got := map[string]string{}
		for _, f := range notes {
			if f.Batch != "b1" || f.Graduate != "g1" || f.Case != "k" {
				t.Errorf("a note on something else: %+v", f)
			}
			got[f.Rule] += string(f.Severity)
		}
		if got["A06"] != "W" || got["A18b"] != "W" || got["A18"] != "Q" || got["A24"] != "" || got["A18c"] != "" {
			t.Errorf("got %v", got)
		}
	})
}
