package history

import (
	"maps"
	"testing"
)

// TestPayload: blank keeps, Emptied empties, what was given last holds.
func TestPayload(t *testing.T) {
	open := recorded(Open, "k", "2024-06-01", "10")
	open.Counts = Counted{Nature: "23", HospitalLevel: "31", Region: "120103"}
	open.Fields = Fields{"employer_name": "滨海市某医院", "post": "护士"}
	amend := recorded(Amend, "k", "", "")
	amend.Counts = Counted{HospitalLevel: "21", Region: Emptied}
	amend.Fields = Fields{"post": Emptied, "note": "更正", "employer_name": ""}
	events := story(enrol(), open, amend)
	f := NewFold(ministryNoWork)
	for i := range events {
		f.Apply(&events[i])
	}
	if got := f.On("2024-08-31").Counts; got != (Counted{Nature: "23", HospitalLevel: "21"}) {
		t.Errorf("counted %+v", got)
	}
	standing := f.Case("k").Standing()
	if got, want := standing.Fields.Plain(), (Fields{"employer_name": "滨海市某医院", "note": "更正"}); !maps.Equal(got, want) {
		t.Errorf("fields %v, want %v", got, want)
	}
	if standing.TrueOn != "2024-06-01" || standing.Code != "10" {
		t.Errorf("blank did not keep: %+v", standing)
	}
	if open.Fields["post"] != "护士" {
		t.Error("the event itself was changed")
	}
}

func TestCountedByName(t *testing.T) {
	var c Counted
	for i, n := range CountedNames {
		if !c.Put(n, n) || c.Values()[i] != n {
			t.Errorf("%s: %v", n, c.Values())
		}
	}
	if c.Put("salary", "1") {
		t.Error("a field that is not counted was taken")
	}
}

// TestFacts: each is said once it is so, and none is taken back.
func TestFacts(t *testing.T) {
	national := recorded(Amend, "b", "", "")
	national.Source = SourceNational
	for name, c := range map[string]struct {
		events []Event
		want   Facts
	}{
		"imported":           {story(enrol(), recorded(Open, "b", "2024-06-01", "10")), Facts{Imported: true}},
		"from the ministry":  {story(enrol(), recorded(Open, "b", "2024-06-01", "10"), national), Facts{Imported: true, National: true}},
		"declared":           {story(enrol(), step("x", Submitted, Open, "b", "2024-06-01", "10")), Facts{Declared: true}},
		"seen and confirmed": {story(enrol(), step("x", Proposed, Open, "b", "2024-06-01", "10"), mark("b", Seen), mark("b", EmployerConfirmed)), Facts{Seen: true, EmployerConfirmed: true}},
	} {
		f := NewFold(ministryNoWork)
		for i := range c.events {
			f.Apply(&c.events[i])
		}
		if got := f.Case("b").Facts; got != c.want {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}
