package release

import (
	"bytes"
	"encoding/json"
	"testing"

	"quxiang/internal/domain/history"
)

// TestExportedLine holds the lines to the letter of docs/history.md, and to what
// must not be in them.
func TestExportedLine(t *testing.T) {
	at := func(s string) (e history.Event) {
		e.Graduate, e.Seq, e.KnownAt = "g1", 2, instant(t, s)
		return e
	}
	person := at("2024-03-01T09:00")
	person.Set = history.Settings{{Key: history.Cohort, Value: "2024"}, {Key: history.Level, Value: "undergraduate"},
		{Key: history.College, Value: "c03"}, {Key: history.Major, Value: "m012"}, {Key: history.Class, Value: ""},
		{Key: history.Sex, Value: "2"}, {Key: history.Ethnicity, Value: "05"}, {Key: history.Origin, Value: "990101"},
		{Key: history.Training, Value: "1"}, {Key: history.Difficulty, Value: "4"},
		{Key: history.InStatistics, Value: "true"}, {Key: history.Left, Value: "false"}}
	secret := at("2024-03-01T09:00")
	secret.TrueOn, secret.Sealed, secret.Set = "2024-02-29", "v1:x", history.Settings{{Key: history.Origin, Value: "990101"}}
	step := at("2024-06-21T20:11")
	step.KnownAt += 5120
	step.Change, step.Step, step.Act, step.Case, step.TrueOn = "x9", history.Submitted, history.Open, "k9", "2024-06-20"
	step.Scheme, step.Code, step.Level, step.Actor, step.Reason, step.Import = "MOE-2021", "10", 2, "a7", "why", "b1"
	step.Counts = history.Counted{Nature: "23", HospitalLevel: history.Emptied, Industry: "51", Post: "13", Region: "990101",
		SchoolTier: "211", ContractNature: "39", ContractHospitalLevel: "33"}
	step.Fields = history.Fields{"employer_name": "<某院>", "pay": "800000"}
	later := step
	later.Step, later.TrueOn, later.Scheme, later.Code, later.Counts = history.Approved, "", "", "", history.Counted{}
	mark := at("2024-09-03T10:00")
	mark.Case, mark.Mark, mark.Reason = "k9", history.Disputed, "why"
	for name, c := range map[string]struct {
		e     history.Event
		first bool
		want  string
	}{
		"person": {person, true, `{"graduate":"p17","seq":2,"known_at":"2024-03-01T09:00:00.000+08:00","type":"person","set":{"cohort":"2024","level_id":"undergraduate","college_id":"c03","major_id":"m012","class_id":"","sex":"2","training":"1","in_statistics":true,"left":false}}`},
		"a person event that sets nothing for strangers": {secret, true,
			`{"graduate":"p17","seq":2,"known_at":"2024-03-01T09:00:00.000+08:00","type":"person","true_on":"2024-02-29","set":{}}`},
		"first step of a change": {step, true, `{"graduate":"p17","seq":2,"known_at":"2024-06-21T20:11:05.120+08:00","type":"step","change":"x9","step":"submitted","act":"open","case":"k9","true_on":"2024-06-20","scheme":"MOE-2021","code":"10","nature":"23","hospital_level":"","industry":"51","post":"13","region":"990101","school_tier":"211"}`},
		"later step":             {later, false, `{"graduate":"p17","seq":2,"known_at":"2024-06-21T20:11:05.120+08:00","type":"step","change":"x9","step":"approved"}`},
		"mark":                   {mark, true, `{"graduate":"p17","seq":2,"known_at":"2024-09-03T10:00:00.000+08:00","type":"mark","case":"k9","step":"disputed"}`},
	} {
		var b bytes.Buffer
		to := json.NewEncoder(&b)
		to.SetEscapeHTML(false)
		if err := to.Encode(exported("p17", &c.e, c.first)); err != nil {
			t.Fatal(err)
		}
		if got := b.String(); got != c.want+"\n" {
			t.Errorf("%s:\n got %s want %s", name, got, c.want)
		}
	}
}
