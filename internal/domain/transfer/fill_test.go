package transfer

import (
	"testing"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/destination"
	"quxiang/internal/domain/employer"
	"quxiang/internal/domain/exchange"
	"quxiang/internal/domain/history"
	"quxiang/internal/domain/roster"
)

func testFiller(lock destination.Lock) *filler {
	book := codes.Builtin()
	return &filler{
		pass: pass{Service: &Service{NewID: counter()}, book: book, batch: "b", who: access.Console("t"), locks: map[string][]destination.Lock{"2024": {lock}}},
		masters: destination.NewMasters(book, []employer.Employer{{ID: "e1", Name: "北港医院", CreditCode: "C1", Nature: "23"}, {ID: "e2", Name: "南港公司", Nature: "39"}},
			[]employer.HospitalLevel{{Employer: "e1", Level: "21"}, {Employer: "e1", From: "2024-06-01", Level: "31"}}),
	}
}

func TestFillFromMaster(t *testing.T) {
	with := func(e history.Event, c history.Counted) history.Event { e.Counts = c; return e }
	for name, c := range map[string]struct {
		event history.Event
		lock  destination.Lock
		want  history.Counted
		left  exchange.Kind
	}{
		"a blank is filled":                    {event: recordedCase("k", "2024-07-01", "10", "employer_name", "北港医院"), want: history.Counted{Nature: "23", HospitalLevel: "31"}},
		"as of the true day":                   {event: recordedCase("k", "2024-05-31", "10", "employer_name", "北港医院"), want: history.Counted{Nature: "23", HospitalLevel: "21"}},
		"what was copied stays":                {event: with(recordedCase("k", "2024-07-01", "10", "employer_name", "北港医院"), history.Counted{Nature: "39", HospitalLevel: "11"})},
		"what was emptied on purpose stays":    {event: with(recordedCase("k", "2024-07-01", "10", "employer_name", "北港医院"), history.Counted{Nature: "23", HospitalLevel: history.Emptied})},
		"by credit code":                       {event: recordedCase("k", "2024-07-01", "10", "credit_code", "C1", "employer_name", "别名"), want: history.Counted{Nature: "23", HospitalLevel: "31"}},
		"a name does not outweigh a code":      {event: recordedCase("k", "2024-07-01", "10", "credit_code", "C9", "employer_name", "北港医院")},
		"the contracting unit apart":           {event: recordedCase("k", "2024-07-01", "10", "employer_name", "北港医院", "contract_name", "南港公司"), want: history.Counted{Nature: "23", HospitalLevel: "31", ContractNature: "39"}},
		"another unit is not touched":          {event: recordedCase("k", "2024-07-01", "10", "employer_name", "西港公司")},
		"a voided or unopened case is nothing": {event: history.Event{Change: "x", Case: "k", Act: history.Open, Step: history.Submitted, Code: "10", Fields: history.Fields{"employer_name": "北港医院"}}},
		"released figures are listed only":     {event: recordedCase("k", "2024-07-01", "10", "employer_name", "北港医院"), lock: destination.Lock{Snapshot: "S", LastDay: "2024-08-31"}, left: exchange.Untouched},
	} {
		t.Run(name, func(t *testing.T) {
			fl := testFiller(c.lock)
			f := history.NewFold(destination.NoWork(fl.book))
			for _, e := range told(c.event) {
				f.Apply(&e)
			}
			g := roster.Graduate{ID: "g", StudentNo: "S1"}
			g.Attrs[0] = "2024"
			e, ok, err := fl.amend(t.Context(), g, f.Case("k"))
			if err != nil || ok != (c.want != history.Counted{}) || e.Counts != c.want {
				t.Errorf("got %v %+v %v", ok, e.Counts, err)
			}
			if ok && (e.Source != history.SourceMaster || e.Step != history.Recorded || e.Act != history.Amend || e.TrueOn != "" || e.Code != "") {
				t.Errorf("not a recorded amendment: %+v", e)
			}
			if fl.report.Counts[c.left] != 1 && c.left != "" {
				t.Errorf("not listed: %+v", fl.report)
			}
		})
	}
}
