package app_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/destination"
	"quxiang/internal/domain/employer"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/history"
	"quxiang/internal/domain/ident"
	"quxiang/internal/domain/roster"
	"quxiang/internal/gateway/vault"
	"quxiang/internal/store"
	"quxiang/internal/store/storetest"
)

// registry is a school with six graduates, ready for registration: g1 to g5 of
// one class, g5 trained for a hospital (委培), and g6 of another college.
type registry struct {
	*destination.Service
	t     *testing.T
	ctx   context.Context
	store *store.Store
	now   calendar.Instant
}

func nineOn(day string) calendar.Instant { return calendar.Day(day).Start() + 9*3600*1000 }

// eachRegistry runs the test on both engines. The clock stands at noon of 1 July
// 2024 and moves only by the test.
func eachRegistry(t *testing.T, do func(t *testing.T, r *registry)) {
	storetest.EachConfig(t, func(t *testing.T, c store.Config) {
		r := &registry{t: t, ctx: context.Background(), now: nineOn("2024-07-01")}
		c.Clock = func() calendar.Instant { return r.now }
		r.store = storetest.Open(t, c)
		v := vault.NewMemory()
		r.Service = &destination.Service{Store: r.store, Audit: r.store, Vault: v, Book: codes.Builtin, NewID: ident.New, Now: c.Clock}
		r.enrol(v)
		do(t, r)
		if err := r.store.Verify(r.ctx, func(problem string) { t.Error("audit trail: ", problem) }); err != nil {
			t.Error(err)
		}
	})
}

func (r *registry) enrol(v history.Vault) {
	var people []roster.StagedGraduate
	var events []history.Event
	for i := 1; i <= 6; i++ {
		id, college, class := fmt.Sprint("g", i), "c1", "k1"
		if i == 6 {
			college, class = "c2", "k2"
		}
		g := roster.Graduate{ID: id, StudentNo: fmt.Sprint("2020", i), Name: "毕业生", Profile: history.Fields{"graduation_day": "2024-06"},
			Secret: history.Fields{"phone": fmt.Sprint("1000000000", i)}}
		training := "1"
		if i == 5 {
			training, g.Profile["entrust_unit"] = "4", "丙县人民医院"
		}
		r.must(g.Seal(v))
		people = append(people, roster.StagedGraduate{Graduate: g})
		events = append(events, history.Event{Graduate: id, Seq: 1, KnownAt: nineOn("2024-03-01"), Actor: "console:x", Set: history.Settings{
			{Key: history.Cohort, Value: "2024"}, {Key: history.Level, Value: "master"}, {Key: history.College, Value: college},
			{Key: history.Class, Value: class}, {Key: history.Training, Value: training}, {Key: history.InStatistics, Value: history.True}}})
	}
	r.must(r.store.Load(r.ctx, access.Console("x"), "test.load", people, events))
	r.must(r.store.InTx(r.ctx, func(ctx context.Context) error {
		if err := r.store.SaveEmployers(ctx, []employer.Employer{{ID: "e1", Name: "滨海市甲医院", Nature: "23", Industry: "43", Region: "120103"}}); err != nil {
			return err
		}
		if err := r.store.SaveHospitalLevels(ctx, []employer.HospitalLevel{{Employer: "e1", Level: "21"}, {Employer: "e1", From: "2024-06-01", Level: "31"},
			{Employer: "e1", From: "2024-12-01", Level: "32"}}); err != nil {
			return err
		}
		if err := r.store.SaveMinimumWages(ctx, []codes.MinimumWage{{Region: "120000", From: "2023-01-01", Monthly: 218000}}, "试验"); err != nil {
			return err
		}
		return r.store.Write(ctx, access.Console("x"), "test.reference", "", nil)
	}))
}

func (r *registry) must(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

// refused asserts the kind of a refusal, and that it has words.
func (r *registry) refused(what string, err error, want fault.Kind) {
	r.t.Helper()
	if fault.KindOf(err) != want || err.Error() == "" {
		r.t.Errorf("%s: got %v (%s), want %s", what, err, fault.KindOf(err), want)
	}
}

func bySelf(graduate string) access.Actor {
	return access.Actor{Account: "a-" + graduate, Grants: []access.Grant{{Role: access.Graduate, Over: access.Self(graduate)}}}
}

func byStaff(account string, role access.Role, over access.Scope) access.Actor {
	return access.Actor{Account: account, Grants: []access.Grant{{Role: role, Over: over}}}
}

var (
	byCounsellor = byStaff("counsellor", access.Counsellor, access.Classes("k1"))
	bySecretary  = byStaff("secretary", access.CollegeSecretary, access.Colleges("c1"))
	byOffice     = byStaff("office", access.Office, access.School())
	byLeader     = byStaff("leader", access.SchoolLeader, access.School())
)

// handIn keeps a document of the graduate and returns it as evidence.
func (r *registry) handIn(graduate, kind string, mark byte) history.Evidence {
	r.t.Helper()
	d := destination.Document{SHA256: strings.Repeat(string(mark), 64), Graduate: graduate, Kind: kind, Media: "image/jpeg", Size: 100}
	r.must(r.HandIn(r.ctx, bySelf(graduate), d))
	return history.Evidence{SHA256: d.SHA256, Kind: kind}
}

// army is a draft that no rule finds fault with.
func (r *registry) army(graduate string) destination.Draft {
	return destination.Draft{Graduate: graduate, Act: history.Open, Code: "46", Fields: history.Fields{"enlist_day": "2024-06-20", "enlist_office": "丙县武装部"},
		Evidence: []history.Evidence{r.handIn(graduate, "MIL", graduate[1])}}
}

func (r *registry) submit(d destination.Draft) string {
	r.t.Helper()
	change, err := r.Submit(r.ctx, bySelf(d.Graduate), d)
	r.must(err)
	return change
}

// approve takes a change through all three levels.
func (r *registry) approve(graduate, change string) {
	r.t.Helper()
	for i, who := range []access.Actor{byCounsellor, bySecretary, byOffice} {
		r.must(r.Pass(r.ctx, who, destination.Decision{Graduate: graduate, Change: change, Level: i + 1, Note: "已核对"}))
	}
}

func (r *registry) events(graduate string) []history.Event {
	r.t.Helper()
	all, err := r.store.Histories(r.ctx, access.School(), []string{graduate})
	r.must(err)
	return all[graduate]
}

// on reads the state of a day as it is known now.
func (r *registry) on(graduate, day string) history.State {
	r.t.Helper()
	cut := calendar.Cut{True: calendar.Day(day).AddDays(1).Start(), Known: calendar.Forever}
	return history.At(r.events(graduate), cut, destination.NoWork(codes.Builtin()))
}

func TestRegistrationFromSubmissionToApproval(t *testing.T) {
	eachRegistry(t, func(t *testing.T, r *registry) {
		d := r.army("g1")
		x := r.submit(d)
		if again := r.submit(d); again != x || len(r.events("g1")) != 2 {
			t.Error("the same submission twice is two")
		}
		if s := r.on("g1", "2024-07-01"); s.Detail != history.InReview {
			t.Errorf("submitted: %s", s.Detail)
		}
		r.must(r.Pass(r.ctx, byCounsellor, destination.Decision{Graduate: "g1", Change: x, Level: 1}))
		r.must(r.Return(r.ctx, bySecretary, destination.Decision{Graduate: "g1", Change: x, Level: 2, Note: "征兵机关写全称"}))
		r.must(r.Return(r.ctx, bySecretary, destination.Decision{Graduate: "g1", Change: x, Level: 2, Note: "征兵机关写全称"}))
		if s := r.on("g1", "2024-07-01"); s.Detail != history.WasReturned || len(r.events("g1")) != 4 {
			t.Errorf("returned: %s after %d events", s.Detail, len(r.events("g1")))
		}
		d = destination.Draft{Graduate: "g1", Change: x, Fields: history.Fields{"enlist_office": "丙县人民武装部"}}
		if y := r.submit(d); y != x {
			t.Error("a resubmission is another change")
		}
		r.approve("g1", x)
		s := r.on("g1", "2024-06-20")
		if s.Detail != history.Registered || s.Code != "46" || r.on("g1", "2024-06-19").Detail != history.Unregistered {
			t.Errorf("approved: %+v", s)
		}
		f := history.NewFold(destination.NoWork(codes.Builtin()))
		for _, e := range r.events("g1") {
			f.Apply(&e)
		}
		if got := f.Case(s.Case).Standing().Fields["enlist_office"]; got != "丙县人民武装部" {
			t.Errorf("the draft was not kept over the return: %s", got)
		}
	})
}

// TestTwoPeople: nobody decides on their own registration, nor twice on one (S14).
func TestTwoPeople(t *testing.T) {
	eachRegistry(t, func(t *testing.T, r *registry) {
		both := access.Actor{Account: "both", Grants: append(slices.Clone(byCounsellor.Grants), bySecretary.Grants...)}
		x := r.submit(r.army("g1"))
		first := destination.Decision{Graduate: "g1", Change: x, Level: 1}
		second := destination.Decision{Graduate: "g1", Change: x, Level: 2}
		r.refused("the graduate passes", r.Pass(r.ctx, bySelf("g1"), first), fault.Forbidden)
		r.refused("a console passes", r.Pass(r.ctx, access.Console("root"), first), fault.Forbidden)
		r.refused("the college passes at the counsellor's level", r.Pass(r.ctx, bySecretary, first), fault.Forbidden)
		r.must(r.Pass(r.ctx, both, first))
		r.must(r.Pass(r.ctx, both, first))
		r.refused("one person at two levels", r.Pass(r.ctx, both, second), fault.Forbidden)
		r.refused("a level that is over", r.Pass(r.ctx, byCounsellor, first), fault.Conflict)
		r.must(r.Pass(r.ctx, bySecretary, second))
		if n := len(r.events("g1")); n != 4 {
			t.Errorf("%d events, want 4", n)
		}
	})
}

// TestOutOfScopeIsNotThere: verb by verb, a graduate out of scope is not found, and a list with one such is refused whole (X1, X2, X3).
func TestOutOfScopeIsNotThere(t *testing.T) {
	eachRegistry(t, func(t *testing.T, r *registry) {
		x := r.submit(r.army("g6"))
		d := destination.Decision{Graduate: "g6", Change: x, Level: 1, Note: "理由"}
		r.refused("pass", r.Pass(r.ctx, byCounsellor, d), fault.NotFound)
		r.refused("return", r.Return(r.ctx, byCounsellor, d), fault.NotFound)
		r.refused("refuse", r.Refuse(r.ctx, bySecretary, d), fault.NotFound)
		r.refused("withdraw", r.Withdraw(r.ctx, bySelf("g1"), "g6", x, ""), fault.NotFound)
		_, err := r.Submit(r.ctx, bySelf("g1"), r.army("g6"))
		r.refused("submit for another", err, fault.NotFound)
		_, err = r.Propose(r.ctx, byCounsellor, destination.Draft{Graduate: "g6", Act: history.Open, Code: "46"})
		r.refused("propose", err, fault.NotFound)
		r.refused("mark", r.Reply(r.ctx, byCounsellor, "g6", "k", "答复"), fault.NotFound)
		y := r.submit(r.army("g1"))
		_, _, err = r.BulkPass(r.ctx, byCounsellor, []destination.Decision{{Graduate: "g1", Change: y, Level: 1}, d})
		r.refused("a bulk pass with one outside", err, fault.NotFound)
		if n := len(r.events("g1")); n != 2 {
			t.Errorf("the refused bulk pass wrote: %d events", n)
		}
	})
}

// TestBulkPassLeavesWhatNeedsALook: what has a finding is left for a look, one by one.
func TestBulkPassLeavesWhatNeedsALook(t *testing.T) {
	eachRegistry(t, func(t *testing.T, r *registry) {
		var list []destination.Decision
		add := func(d destination.Draft) string {
			x := r.submit(d)
			list = append(list, destination.Decision{Graduate: d.Graduate, Change: x, Level: 1})
			return x
		}
		add(r.army("g1"))
		contract := r.contract("g2") // a credit code that is in no master record: W
		add(contract)
		freelance := destination.Draft{Graduate: "g3", Act: history.Open, Code: "76", Counts: history.Counted{Region: "120103"},
			Fields:   history.Fields{"work_kind": "翻译", "platform": "某平台", "start_day": "2024-06-25", "pay": "300000"},
			Evidence: []history.Evidence{r.handIn("g3", "PLG", 'c')}}
		add(freelance)
		add(r.army("g4"))
		r.must(r.store.InTx(r.ctx, func(ctx context.Context) error {
			if err := r.store.SaveSamples(ctx, []destination.Sample{{ID: "s1", Graduate: "g4", Case: r.events("g4")[1].Case, Reason: "抽查"}}); err != nil {
				return err
			}
			return r.store.Write(ctx, byOffice, "test.sample", "", nil)
		}))
		passed, skipped, err := r.BulkPass(r.ctx, byCounsellor, list)
		r.must(err)
		var left []string
		for _, s := range skipped {
			left = append(left, s.Graduate)
		}
		if passed != 1 || !slices.Equal(left, []string{"g2", "g3", "g4"}) {
			t.Errorf("passed %d, left %v", passed, skipped)
		}
		r.refused("a warning without a note", r.Pass(r.ctx, byCounsellor, list[1]), fault.Invalid)
		list[1].Note = "电话核实，单位真实"
		r.must(r.Pass(r.ctx, byCounsellor, list[1]))
		found, err := r.store.Findings(r.ctx, access.School(), "g2")
		r.must(err)
		for _, f := range found {
			if f.Answer == "" {
				t.Errorf("%s is still open after the note", f.Rule)
			}
		}
		passed, skipped, err = r.BulkPass(r.ctx, bySecretary, []destination.Decision{{Graduate: "g2", Change: list[1].Change, Level: 2}})
		r.must(err)
		if passed != 1 {
			t.Errorf("what was answered is left again: %v", skipped)
		}
	})
}

// contract is a labour contract with a hospital whose code nobody knows; its
// authority does not exist.
func (r *registry) contract(graduate string) destination.Draft {
	return destination.Draft{Graduate: graduate, Act: history.Open, Code: "11", Counts: history.Counted{Post: "19"},
		Fields: history.Fields{"credit_code": "B1990101MA00000010", "employer_name": "滨海市甲医院", "employer_contact": "某老师",
			"contact_phone": "1000000999", "sign_day": "2024-06-20", "term": "2024-07-01至2027-06-30"},
		Evidence: []history.Evidence{r.handIn(graduate, "CON", graduate[1])}}
}

func TestCopiesFromTheMasterRecord(t *testing.T) {
	eachRegistry(t, func(t *testing.T, r *registry) {
		x := r.submit(r.contract("g1"))
		if s := r.on("g1", "2024-07-01"); s.Detail != history.InReview {
			t.Fatalf("counts before it is approved: %+v", s)
		}
		r.approve("g1", x)
		want := history.Counted{Nature: "23", HospitalLevel: "31", Industry: "43", Region: "120103", Post: "19"}
		s := r.on("g1", "2024-07-01")
		if s.Counts != want {
			t.Errorf("got %+v, want %+v as of the true day", s.Counts, want)
		}
		r.must(r.store.InTx(r.ctx, func(ctx context.Context) error {
			if err := r.store.SaveEmployers(ctx, []employer.Employer{{ID: "e1", Name: "滨海市甲医院", Nature: "31"}}); err != nil {
				return err
			}
			return r.store.Write(ctx, byOffice, "test.employer", "", nil)
		}))
		if r.on("g1", "2024-07-01").Counts != want {
			t.Error("a correction of the master record moved a figure")
		}
		// the unit turns out to be another one, of which nothing is known
		y := r.submit(destination.Draft{Graduate: "g1", Act: history.Amend, Case: s.Case, Counts: history.Counted{Nature: "39", Industry: "22", Region: "130102"},
			Fields: history.Fields{"employer_name": "某某药业", "credit_code": "B1990101MA00000029"}})
		r.approve("g1", y)
		want = history.Counted{Nature: "39", Industry: "22", Region: "130102", Post: "19"}
		if got := r.on("g1", "2024-07-01").Counts; got != want {
			t.Errorf("after the amendment: got %+v, want %+v: the hospital's level outlived the hospital", got, want)
		}
		for _, e := range r.events("g1") {
			if e.Fields["contact_phone"] != "" {
				t.Error("a contact lies readable in the history")
			}
		}
	})
}
