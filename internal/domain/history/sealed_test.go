package history

import (
	"errors"
	"reflect"
	"strings"
	"testing"
)

// glass is a vault that hides nothing but binds field and owner.
type glass struct{}

func (glass) Seal(field, owner string, plain []byte) (string, error) {
	return field + "|" + owner + "|" + string(plain), nil
}

func (glass) Open(field, owner, sealed string) ([]byte, error) {
	plain, ok := strings.CutPrefix(sealed, field+"|"+owner+"|")
	if !ok {
		return nil, errors.New("moved to another record")
	}
	return []byte(plain), nil
}

func (glass) Index(_, value string) string     { return value }
func (glass) Pseudonym(graduate string) string { return graduate }

// TestSeal: what is secret leaves the readable parts and comes back whole.
func TestSeal(t *testing.T) {
	for name, e := range map[string]Event{
		"difficulty":            {Graduate: "g", Seq: 1, Set: Settings{{Cohort, "2024"}, {Difficulty, "4"}, {InStatistics, True}}},
		"an emptied difficulty": {Graduate: "g", Seq: 2, Set: Settings{{Difficulty, ""}}},
		"contacts and pay":      {Graduate: "g", Seq: 3, Change: "x", Step: Submitted, Fields: Fields{"pay": "6000", "employer_name": "某医院"}},
		"nothing secret":        {Graduate: "g", Seq: 4, Change: "x", Step: Submitted, Fields: Fields{"employer_name": "某医院"}},
		"only what is secret":   {Graduate: "g", Seq: 5, Change: "x", Step: Submitted, Fields: Fields{"contact_phone": "100-0000"}},
	} {
		sealed := e
		if err := sealed.Seal(glass{}); err != nil {
			t.Fatal(name, err)
		}
		if _, open := sealed.Set.Value(Difficulty); open || sealed.Fields["pay"]+sealed.Fields["contact_phone"] != "" {
			t.Errorf("%s: readable: %+v", name, sealed)
		}
		if (sealed.Sealed == "") != (name == "nothing secret") {
			t.Errorf("%s: sealed %q", name, sealed.Sealed)
		}
		again := sealed
		if err := again.Seal(glass{}); err != nil || !reflect.DeepEqual(again, sealed) {
			t.Errorf("%s: sealing twice is not sealing once", name)
		}
		moved := sealed
		moved.Graduate = "somebody else"
		if err := moved.Unseal(glass{}); (err == nil) != (sealed.Sealed == "") {
			t.Errorf("%s: moved to another graduate: %v", name, err)
		}
		if err := sealed.Unseal(glass{}); err != nil || !reflect.DeepEqual(sealed, e) {
			t.Errorf("%s: came back as %+v (%v), was %+v", name, sealed, err, e)
		}
	}
}

// TestDigest: any change of an event changes its digest; texts do not run together.
func TestDigest(t *testing.T) {
	base := func() Event {
		return Event{Graduate: "g", Seq: 2, KnownAt: 5, TrueOn: "2024-06-01", Set: Settings{{Level, "master"}}, Change: "x", Step: Submitted, Act: Open,
			Case: "k", Level: 1, Mark: Seen, Scheme: "MOE-2021", Code: "10", Counts: Counted{Nature: "23"}, Fields: Fields{"a": "b", "c": "d"},
			Sealed: "s", Actor: "u", Source: "legacy", Reason: "r", Import: "i", Evidence: []Evidence{{"ab", "CON"}}}
	}
	one := base()
	seen := map[[32]byte]string{one.Digest(): "as it is"}
	for name, change := range map[string]func(*Event){
		"graduate": func(e *Event) { e.Graduate = "h" }, "seq": func(e *Event) { e.Seq++ }, "known": func(e *Event) { e.KnownAt++ },
		"day": func(e *Event) { e.TrueOn = "2024-06-02" }, "setting": func(e *Event) { e.Set[0].Value = "doctor" },
		"no setting": func(e *Event) { e.Set = nil }, "change": func(e *Event) { e.Change = "y" }, "step": func(e *Event) { e.Step = Approved },
		"act": func(e *Event) { e.Act = Void }, "case": func(e *Event) { e.Case = "j" }, "level": func(e *Event) { e.Level = 2 },
		"mark": func(e *Event) { e.Mark = Struck }, "code": func(e *Event) { e.Code = "11" }, "nature": func(e *Event) { e.Counts = Counted{HospitalLevel: "23"} },
		"field": func(e *Event) { e.Fields["a"] = "c" }, "field name": func(e *Event) { e.Fields = Fields{"ab": "", "c": "d"} },
		"sealed": func(e *Event) { e.Sealed = "t" }, "actor": func(e *Event) { e.Actor, e.Source = "ul", "egacy" }, "reason": func(e *Event) { e.Reason = "" },
		"import": func(e *Event) { e.Import = "j" }, "evidence": func(e *Event) { e.Evidence[0].Kind = "AGR" }, "more evidence": func(e *Event) { e.Evidence = append(e.Evidence, Evidence{}) },
	} {
		e := base()
		change(&e)
		d := e.Digest()
		if was, ok := seen[d]; ok {
			t.Errorf("%s has the digest of %s", name, was)
		}
		seen[d] = name
	}
	same := base()
	if same.Digest() != one.Digest() || one.Digest() != DigestAt(one.ContentDigest(), one.KnownAt) {
		t.Error("the digest is not a function of the event")
	}
}
