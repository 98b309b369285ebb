package app_test

import (
	"fmt"
	"strings"
	"testing"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/destination"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/history"
)

// TestDrafts: a draft is kept as typed and sealed, for the account that typed it,
// until the form is sent.
func TestDrafts(t *testing.T) {
	eachRegistry(t, func(t *testing.T, r *registry) {
		self := bySelf("g1")
		typed := destination.SavedDraft{Graduate: "g1", Code: "46", Values: map[string]string{"enlist_office": "丙县武装部", "pay": "六千"}}
		at, err := r.SaveDraft(r.ctx, self, typed)
		r.must(err)
		r.now += 60_000
		again, err := r.SaveDraft(r.ctx, self, typed)
		r.must(err)
		got, ok, err := r.DraftAbout(r.ctx, self, "g1", "")
		if err != nil || !ok || got.Values["pay"] != "六千" || got.At != again || at == again {
			t.Errorf("kept %+v (%v)", got, err)
		}
		rows, err := r.store.Drafts(r.ctx, access.School(), "g1", "a-g1")
		if err != nil || len(rows) != 1 || strings.Contains(rows[0].Sealed, "丙县") {
			t.Errorf("in the store: %+v (%v)", rows, err)
		}
		for name, who := range map[string]access.Actor{"another graduate": bySelf("g2"), "an auditor": byStaff("aud", access.Auditor, access.School())} {
			if _, err := r.Drafts(r.ctx, who, "g1"); err == nil {
				t.Errorf("%s read it", name)
			}
		}
		if list, err := r.Drafts(r.ctx, byCounsellor, "g1"); err != nil || len(list) != 0 {
			t.Errorf("staff see a graduate's draft: %v", list)
		}
		r.submit(r.army("g1"))
		if list, err := r.Drafts(r.ctx, self, "g1"); err != nil || len(list) != 0 {
			t.Errorf("after sending: %v (%v)", list, err)
		}
		_, err = r.SaveDraft(r.ctx, self, typed)
		r.must(err)
		for range 2 {
			r.must(r.DropDraft(r.ctx, self, "g1", ""))
		}
		if _, ok, _ := r.DraftAbout(r.ctx, self, "g1", ""); ok {
			t.Error("a dropped draft is still there")
		}
		typed.Values["reason_text"] = strings.Repeat("长", 30000)
		_, err = r.SaveDraft(r.ctx, self, typed)
		r.refused("too long", err, fault.Invalid)
		_, err = r.SaveDraft(r.ctx, self, destination.SavedDraft{Graduate: "g1", About: "anything somebody writes"})
		r.refused("about nothing that there is", err, fault.NotFound)
		change := r.submit(r.army("g2"))
		_, err = r.SaveDraft(r.ctx, self, destination.SavedDraft{Graduate: "g1", About: change})
		r.refused("about a change of somebody else", err, fault.NotFound)
		_, err = r.SaveDraft(r.ctx, bySelf("g2"), destination.SavedDraft{Graduate: "g2", About: change})
		r.must(err)
	})
}

// TestWordsHaveBounds: history keeps for good what is written into it (X25).
func TestWordsHaveBounds(t *testing.T) {
	eachRegistry(t, func(t *testing.T, r *registry) {
		self, long := bySelf("g1"), strings.Repeat("长", 1001)
		d := r.army("g1")
		d.Fields["enlist_office"] = long
		for name, verb := range map[string]func(access.Actor, destination.Draft) error{
			"submitted": func(_ access.Actor, d destination.Draft) error { _, err := r.Submit(r.ctx, self, d); return err },
			"proposed": func(_ access.Actor, d destination.Draft) error {
				_, err := r.Propose(r.ctx, byCounsellor, d)
				return err
			},
		} {
			err := verb(self, d)
			r.refused(name, err, fault.Invalid)
			if p := destination.ProblemsOf(err); len(p) != 1 || p[0].Field != "enlist_office" {
				t.Errorf("%s: %+v", name, p)
			}
		}
		x := r.submit(r.army("g1"))
		r.refused("a return", r.Return(r.ctx, byCounsellor, destination.Decision{Graduate: "g1", Change: x, Level: 1, Note: long}), fault.Invalid)
		r.refused("a withdrawal", r.Withdraw(r.ctx, self, "g1", x, long), fault.Invalid)
		r.approve("g1", x)
		kase := r.on("g1", "2024-07-01").Case
		r.refused("a dispute", r.Dispute(r.ctx, self, "g1", kase, long), fault.Invalid)
		r.refused("a word", r.Tell(r.ctx, self, "g1", "", long), fault.Invalid)
		var err error
		for i := 0; err == nil && i < 100; i++ {
			err = r.Tell(r.ctx, self, "g1", "", fmt.Sprint("第", i, "件事"))
		}
		r.refused("words without end", err, fault.Conflict)
	})
}

// TestRefusalNamesEveryField: what is wrong, what is missing and what the rules
// forbid comes at once, each at its field.
func TestRefusalNamesEveryField(t *testing.T) {
	eachRegistry(t, func(t *testing.T, r *registry) {
		_, err := r.Submit(r.ctx, bySelf("g1"), destination.Draft{Graduate: "g1", Act: history.Open, Code: "12",
			Counts: history.Counted{Region: "120103", Nature: "39", Industry: "43", Post: "90"},
			Fields: history.Fields{"employer_name": "滨海市乙公司", "credit_code": "9112", "contact_phone": "022-10000000",
				"sign_day": "2024-06-31", "pay": "100000"}})
		at := map[string]string{}
		for _, p := range destination.ProblemsOf(err) {
			at[p.Field] = p.Text
		}
		for field, want := range map[string]string{"credit_code": "18 位", "sign_day": "读不出来", "employer_contact": "请填写单位联系人",
			"pay": "2180 元", "evidence": "佐证材料"} {
			if !strings.Contains(at[field], want) {
				t.Errorf("%s: %q, want %q", field, at[field], want)
			}
		}
		if fen, ok, err := r.WageFloor(r.ctx, "120103", "2024-06-20"); !ok || fen != 218000 || err != nil {
			t.Errorf("the floor is said to be %d (%v)", fen, err)
		}
		if fault.KindOf(err) != fault.Invalid || len(r.events("g1")) != 1 {
			t.Errorf("%v", err)
		}
	})
}

// TestProposalFromBothSides: staff fill in, the graduate turns it down with a
// word, or sends it as it is.
func TestProposalFromBothSides(t *testing.T) {
	eachRegistry(t, func(t *testing.T, r *registry) {
		d := r.army("g1")
		x, err := r.Propose(r.ctx, byCounsellor, d)
		r.must(err)
		record, err := r.Record(r.ctx, bySelf("g1"), "g1")
		r.must(err)
		given, papers := record.Given(x)
		if given.Code != "46" || given.Fields["enlist_office"] != "丙县武装部" || len(papers) != 1 {
			t.Errorf("given %+v, %d papers", given, len(papers))
		}
		for range 2 {
			r.must(r.Withdraw(r.ctx, bySelf("g1"), "g1", x, "我没有入伍"))
		}
		events := r.events("g1")
		if last := events[len(events)-1]; len(events) != 3 || last.Reason != "我没有入伍" {
			t.Errorf("%d events, last %+v", len(events), last)
		}
		y, err := r.Propose(r.ctx, byCounsellor, d)
		r.must(err)
		r.submit(destination.Draft{Graduate: "g1", Change: y})
		if s := r.on("g1", "2024-07-01"); s.Detail != history.InReview {
			t.Errorf("sent as it is: %s", s.Detail)
		}
	})
}

// TestReplacing: what the form showed and is blank now is emptied when it is sent
// again; what it did not show stays.
func TestReplacing(t *testing.T) {
	eachRegistry(t, func(t *testing.T, r *registry) {
		d := r.army("g1")
		d.Fields["file_to_name"], d.Fields["household_to"] = "滨海市人才中心", "滨海市"
		x := r.submit(d)
		r.must(r.Return(r.ctx, byCounsellor, destination.Decision{Graduate: "g1", Change: x, Level: 1, Note: "档案去向写错了"}))
		record, err := r.Record(r.ctx, bySelf("g1"), "g1")
		r.must(err)
		before, _ := record.Given(x)
		again := destination.Draft{Graduate: "g1", Change: x, Code: "46", Fields: history.Fields{"enlist_office": "丙县武装部", "enlist_day": "2024-06-20"}}
		r.submit(again.Replacing(before, []string{"enlist_office", "enlist_day", "file_to_name"}))
		record, err = r.Record(r.ctx, bySelf("g1"), "g1")
		r.must(err)
		now, _ := record.Given(x)
		if now.Fields["file_to_name"] != "" || now.Fields["household_to"] != "滨海市" {
			t.Errorf("given %+v", now.Fields)
		}
	})
}

// TestGraduateSpeaks: an answer to a strike, and a word that goes past the college.
func TestGraduateSpeaks(t *testing.T) {
	eachRegistry(t, func(t *testing.T, r *registry) {
		x := r.submit(r.army("g1"))
		r.approve("g1", x)
		kase := r.on("g1", "2024-07-01").Case
		r.must(r.Strike(r.ctx, byOffice, byLeader, "g1", kase, "查无此事"))
		for range 2 {
			r.must(r.Answer(r.ctx, bySelf("g1"), "g1", kase, "入伍通知书可以再查"))
		}
		events := r.events("g1")
		if last := events[len(events)-1]; last.Mark != history.Replied || last.Actor != "a-g1" || events[len(events)-2].Mark == history.Replied {
			t.Errorf("last %+v", last)
		}
		r.refused("of somebody else", r.Answer(r.ctx, bySelf("g2"), "g1", kase, "x"), fault.NotFound)
		r.refused("without words", r.Tell(r.ctx, bySelf("g1"), "g1", "", " "), fault.Invalid)
		for range 2 {
			r.must(r.Tell(r.ctx, bySelf("g1"), "g1", "", "要我填没签过的协议"))
		}
		list, err := r.store.Samples(r.ctx, access.School(), "2024", true)
		n := 0
		for _, s := range list {
			if s.Reason == destination.ReasonTold {
				n++
			}
		}
		if err != nil || n != 1 {
			t.Errorf("%d told (%v)", n, err)
		}
		// Past the college: whoever reviews does not learn that something was told.
		for _, who := range []access.Actor{byCounsellor, bySecretary} {
			_, samples, err := r.Warnings(r.ctx, who, []string{"g1"})
			r.must(err)
			for _, s := range samples {
				t.Errorf("%s sees %+v", who.Account, s)
			}
		}
	})
}
