package app_test

import (
	"context"
	"maps"
	"slices"
	"strings"
	"testing"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/destination"
	"quxiang/internal/domain/destination/scrutiny"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/history"
)

func TestSubmissionRefusals(t *testing.T) {
	eachRegistry(t, func(t *testing.T, r *registry) {
		base := r.army("g1")
		for name, change := range map[string]func(*destination.Draft){
			"an unknown code":      func(d *destination.Draft) { d.Code = "99" },
			"65 is no destination": func(d *destination.Draft) { d.Code = "65" },
			"a heading":            func(d *destination.Draft) { d.Code = "70" },
			"a field is missing":   func(d *destination.Draft) { d.Fields = history.Fields{"enlist_day": "2024-06-20"} },
			"no evidence (A11)":    func(d *destination.Draft) { d.Evidence = nil },
			"evidence not handed in": func(d *destination.Draft) {
				d.Evidence = []history.Evidence{{SHA256: strings.Repeat("e", 64), Kind: "MIL"}}
			},
			"evidence of other kind":  func(d *destination.Draft) { d.Evidence[0].Kind = "CON" },
			"a day that is none":      func(d *destination.Draft) { d.Fields["enlist_day"] = "6月20日" },
			"an act that is none":     func(d *destination.Draft) { d.Act = "change" },
			"a field that is unknown": func(d *destination.Draft) { d.Fields["colour"] = "红" },
		} {
			d := base
			d.Fields, d.Evidence = history.Fields{}, slices.Clone(base.Evidence)
			for k, v := range base.Fields {
				d.Fields[k] = v
			}
			change(&d)
			_, err := r.Submit(r.ctx, bySelf("g1"), d)
			r.refused(name, err, fault.Invalid)
		}
		if n := len(r.events("g1")); n != 1 {
			t.Errorf("refused submissions wrote %d events", n-1)
		}
	})
}

func TestUnemployedNeedNobodysApproval(t *testing.T) {
	eachRegistry(t, func(t *testing.T, r *registry) {
		x := r.submit(destination.Draft{Graduate: "g1", Act: history.Open, Code: "70-SEEK", Fields: history.Fields{"wanted": "护士"}})
		if s := r.on("g1", "2024-07-01"); s.Detail != history.Registered || s.Code != "70-SEEK" {
			t.Errorf("submitted: %+v", s)
		}
		r.must(r.Withdraw(r.ctx, bySelf("g1"), "g1", x, ""))
		r.must(r.Withdraw(r.ctx, bySelf("g1"), "g1", x, ""))
		if s := r.on("g1", "2024-07-01"); s.Detail != history.Unregistered || len(r.events("g1")) != 3 {
			t.Errorf("withdrawn: %+v", s)
		}
	})
}

func TestProposalWaitsForTheGraduate(t *testing.T) {
	eachRegistry(t, func(t *testing.T, r *registry) {
		d := r.army("g1")
		x, err := r.Propose(r.ctx, byCounsellor, d)
		r.must(err)
		r.refused("a proposal is passed", r.Pass(r.ctx, byCounsellor, destination.Decision{Graduate: "g1", Change: x, Level: 1}), fault.Conflict)
		if s := r.on("g1", "2024-07-01"); s.Detail != history.Unregistered {
			t.Errorf("proposed: %s", s.Detail)
		}
		if y := r.submit(destination.Draft{Graduate: "g1", Change: x}); y != x {
			t.Error("confirming makes another change")
		}
		r.approve("g1", x)
		if s := r.on("g1", "2024-07-01"); s.Code != "46" {
			t.Errorf("confirmed and approved: %+v", s)
		}
	})
}

func TestFreelanceIsDecidedByCollegeAndSchool(t *testing.T) {
	eachRegistry(t, func(t *testing.T, r *registry) {
		r.Chain = func() destination.Chain { return destination.Presets()[2].Chain } // the school alone
		d := destination.Draft{Graduate: "g1", Act: history.Open, Code: "76", Counts: history.Counted{Region: "120103"},
			Fields:   history.Fields{"work_kind": "翻译", "platform": "某平台", "start_day": "2024-06-25", "pay": "100000"},
			Evidence: []history.Evidence{r.handIn("g1", "PLG", 'c')}}
		_, err := r.Submit(r.ctx, bySelf("g1"), d)
		r.refused("below the minimum wage (A18b)", err, fault.Invalid)
		d.Fields["pay"] = "218000"
		x := r.submit(d)
		r.refused("the school before the college", r.Pass(r.ctx, byOffice, destination.Decision{Graduate: "g1", Change: x, Level: 1}), fault.Forbidden)
		r.must(r.Pass(r.ctx, bySecretary, destination.Decision{Graduate: "g1", Change: x, Level: 1}))
		if s := r.on("g1", "2024-07-01"); s.Detail != history.InReview {
			t.Errorf("the college alone decided: %+v", s)
		}
		r.refused("a school leader reviews nobody", r.Pass(r.ctx, byLeader, destination.Decision{Graduate: "g1", Change: x, Level: 2}), fault.Forbidden)
		r.must(r.Pass(r.ctx, byOffice, destination.Decision{Graduate: "g1", Change: x, Level: 2}))
		if s := r.on("g1", "2024-07-01"); s.Code != "76" {
			t.Errorf("decided by both: %+v", s)
		}
		queue, err := r.store.Samples(r.ctx, access.School(), "2024", true)
		r.must(err)
		if len(queue) != 1 || queue[0].Reason != "A18" {
			t.Errorf("every 76 goes to the sampling queue: %+v", queue)
		}
		r.must(r.RecordResult(r.ctx, byOffice, "2024", queue[0].ID, destination.ResultTrue, "视频核实"))
		r.refused("a result that is none", r.RecordResult(r.ctx, byOffice, "2024", queue[0].ID, "大概", ""), fault.Invalid)
		queue, err = r.store.Samples(r.ctx, access.School(), "2024", true)
		r.must(err)
		if len(queue) != 0 {
			t.Errorf("the answered sample is still open: %+v", queue)
		}
	})
}

// standing reads the case that runs on 1 July as it stands.
func (r *registry) standing(graduate string) history.Standing {
	r.t.Helper()
	f := history.NewFold(destination.NoWork(codes.Builtin()))
	for _, e := range r.events(graduate) {
		r.must(e.Unseal(r.Vault))
		f.Apply(&e)
	}
	s := f.Case(f.On("2024-07-01").Case).Standing()
	s.Counts, s.Fields = s.Counts.Plain(), s.Fields.Plain()
	return s
}

// TestAnotherCodeLeavesTheFormerOnesFields: a contract that turns out to be
// conscription has no employer, no hospital and no contact any more.
func TestAnotherCodeLeavesTheFormerOnesFields(t *testing.T) {
	eachRegistry(t, func(t *testing.T, r *registry) {
		d := r.contract("g1")
		d.Fields["file_to_name"] = "滨海市人才中心"
		r.approve("g1", r.submit(d))
		amend := r.army("g1")
		amend.Act, amend.Case = history.Amend, r.on("g1", "2024-07-01").Case
		x := r.submit(amend)
		if n := len(r.events("g1")); r.submit(amend) != x || len(r.events("g1")) != n {
			t.Error("the same amendment twice is two")
		}
		if s := r.standing("g1"); s.Code != "11" || s.Fields["employer_name"] == "" {
			t.Errorf("before the approval: %+v", s)
		}
		r.approve("g1", x)
		want := history.Fields{"enlist_day": "2024-06-20", "enlist_office": "丙县武装部", "file_to_name": "滨海市人才中心"}
		if s := r.standing("g1"); s.Code != "46" || s.Counts != (history.Counted{}) || !maps.Equal(s.Fields, want) {
			t.Errorf("after it: %+v", s)
		}
	})
}

// TestAnotherCodeWhenSubmittedAgain: what was returned as one code and comes
// again as another one carries nothing over but what both have.
func TestAnotherCodeWhenSubmittedAgain(t *testing.T) {
	eachRegistry(t, func(t *testing.T, r *registry) {
		x := r.submit(r.contract("g1"))
		r.must(r.Return(r.ctx, byCounsellor, destination.Decision{Graduate: "g1", Change: x, Level: 1, Note: "应为应征入伍"}))
		d := r.army("g1")
		d.Change = x
		for range 2 {
			r.submit(d)
		}
		if n := len(r.events("g1")); n != 4 {
			t.Errorf("%d events, want enrolment, submission, return, submission", n)
		}
		r.approve("g1", x)
		if s := r.standing("g1"); s.Code != "46" || s.Counts != (history.Counted{}) || len(s.Fields) != 2 {
			t.Errorf("approved: %+v", s)
		}
	})
}

// TestTheDayFollowsItsField: a day that a field gave moves with the field, also
// when another code brings another field; a day that was said stays.
func TestTheDayFollowsItsField(t *testing.T) {
	eachRegistry(t, func(t *testing.T, r *registry) {
		given := func(graduate, change string) calendar.Day {
			f := history.NewFold(destination.NoWork(codes.Builtin()))
			for _, e := range r.events(graduate) {
				f.Apply(&e)
			}
			return f.Change(change).Given.TrueOn
		}
		again := func(graduate string, first, second destination.Draft) calendar.Day {
			x := r.submit(first)
			r.must(r.Return(r.ctx, byCounsellor, destination.Decision{Graduate: graduate, Change: x, Level: 1, Note: "请改"}))
			second.Graduate, second.Change = graduate, x
			for range 2 {
				r.submit(second)
			}
			return given(graduate, x)
		}
		army := r.army("g1")
		army.Fields["enlist_day"] = "2024-06-25"
		if got := again("g1", r.contract("g1"), army); got != "2024-06-25" {
			t.Errorf("the day of signing outlived the contract: %s", got)
		}
		if got := again("g2", r.contract("g2"), destination.Draft{Fields: history.Fields{"start_day": "2024-07-01"}}); got != "2024-06-20" {
			t.Errorf("the day of beginning goes before that of signing: %s", got)
		}
		if got := again("g3", r.contract("g3"), destination.Draft{Fields: history.Fields{"sign_day": "2024-06-22"}}); got != "2024-06-22" {
			t.Errorf("a corrected day of signing: %s", got)
		}
		said := r.contract("g4")
		said.TrueOn = "2024-06-28"
		if got := again("g4", said, destination.Draft{Fields: history.Fields{"sign_day": "2024-06-22"}}); got != "2024-06-28" {
			t.Errorf("what was said: %s", got)
		}
		r.now = nineOn("2024-07-02")
		seeking := destination.Draft{Graduate: "g5", Act: history.Open, Code: "70-SEEK", Fields: history.Fields{"wanted": "护士"}}
		x := r.submit(seeking)
		if y := r.submit(seeking); y != x || given("g5", x) != "2024-07-02" {
			t.Errorf("no day at all, twice: %s", given("g5", x))
		}
	})
}

// TestAnotherCodeFromItsSubmissionOn: that one has no work counts at once, and so
// does what goes with it.
func TestAnotherCodeFromItsSubmissionOn(t *testing.T) {
	eachRegistry(t, func(t *testing.T, r *registry) {
		r.approve("g1", r.submit(r.contract("g1")))
		k := r.on("g1", "2024-07-01").Case
		x := r.submit(destination.Draft{Graduate: "g1", Act: history.Amend, Case: k, Code: "70-SEEK", Fields: history.Fields{"wanted": "护士"}})
		if s := r.standing("g1"); s.Code != "70-SEEK" || s.Counts != (history.Counted{}) || !maps.Equal(s.Fields, history.Fields{"wanted": "护士"}) {
			t.Errorf("submitted: %+v", s)
		}
		r.must(r.Withdraw(r.ctx, bySelf("g1"), "g1", x, ""))
		if s := r.standing("g1"); s.Code != "11" || s.Counts.Nature != "23" || s.Fields["employer_name"] == "" {
			t.Errorf("withdrawn: %+v", s)
		}
	})
}

// TestAnotherCodeAfterAnImport: what a register adds while the change is under
// review goes too, and what the graduate gave stays.
func TestAnotherCodeAfterAnImport(t *testing.T) {
	eachRegistry(t, func(t *testing.T, r *registry) {
		recorded := func(e history.Event) {
			e.Graduate, e.Seq, e.Case, e.Actor, e.Step, e.Source = "g1", len(r.events("g1"))+1, "k", "console:x", history.Recorded, history.SourceNational
			r.must(r.store.InTx(r.ctx, func(ctx context.Context) error {
				if _, err := r.store.Publish(ctx, []history.Event{e}); err != nil {
					return err
				}
				return r.store.Write(ctx, access.Console("x"), "test.import", "", nil)
			}))
		}
		recorded(history.Event{Change: "a", Act: history.Open, TrueOn: "2024-06-20", Scheme: "MOE-2021", Code: "11", Fields: history.Fields{"employer_name": "滨海市甲医院"}})
		d := r.army("g1")
		d.Act, d.Case, d.Counts.Nature = history.Amend, "k", "40"
		x := r.submit(d)
		recorded(history.Event{Change: "b", Act: history.Amend, Counts: history.Counted{HospitalLevel: "31"}, Fields: history.Fields{"position": "护士"}})
		r.approve("g1", x)
		s := r.standing("g1")
		if s.Code != "46" || s.Counts != (history.Counted{Nature: "40"}) || s.Fields["position"]+s.Fields["employer_name"] != "" {
			t.Errorf("approved: %+v", s)
		}
	})
}

// TestBoundGraduateIsReleased: a 委培 graduate may work elsewhere once the unit
// that trained them agrees in writing (A20).
func TestBoundGraduateIsReleased(t *testing.T) {
	eachRegistry(t, func(t *testing.T, r *registry) {
		d := r.contract("g5")
		_, err := r.Submit(r.ctx, bySelf("g5"), d)
		r.refused("another unit than the one bound to", err, fault.Invalid)
		d.Evidence = append(d.Evidence, r.handIn("g5", "REL", 'd'))
		r.approve("g5", r.submit(d))
	})
}

// TestSchoolOutsideTheTableIsSubmitted: the table is a start list, so that the
// reviewers are told and the graduate is not stopped (A22).
func TestSchoolOutsideTheTableIsSubmitted(t *testing.T) {
	eachRegistry(t, func(t *testing.T, r *registry) {
		study := func(graduate, school string) destination.Draft {
			return destination.Draft{Graduate: graduate, Act: history.Open, Code: "801", Evidence: []history.Evidence{r.handIn(graduate, "ADM", graduate[1])},
				Fields: history.Fields{"school_name": school, "study_level": "硕士", "study_major": "内科学"}}
		}
		r.submit(study("g1", "某某虚构大学"))
		found, err := r.store.Findings(r.ctx, access.School(), "g1")
		r.must(err)
		if len(found) != 1 || found[0].Rule != "A22" || found[0].Severity != scrutiny.Warns || !strings.Contains(found[0].Message, "某某虚构大学") {
			t.Errorf("found %+v", found)
		}
		for what, school := range map[string]string{"no school": "", "a school of one space": "　"} {
			_, err = r.Submit(r.ctx, bySelf("g2"), study("g2", school))
			r.refused(what, err, fault.Invalid)
		}
	})
}
