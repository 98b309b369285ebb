package release

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"

	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/history"
	"quxiang/internal/domain/indicator"
)

func instant(t *testing.T, s string) calendar.Instant {
	t.Helper()
	w, err := calendar.ParseWhen(s)
	if err != nil {
		t.Fatal(err)
	}
	return w.For("2024")
}

func sample(t *testing.T) (Snapshot, []indicator.PersonRow) {
	t.Helper()
	s := Snapshot{Name: "INIT-2024", Cohort: "2024", Definition: "moe-2024", Version: "1", People: 2,
		Cut:          calendar.Cut{True: instant(t, "2024-08-31"), Known: instant(t, "2024-09-10T09:00")},
		CodeVersions: map[string]string{"nature": "1", "destination": "1+0a1b2c3d"}}
	working := indicator.PersonRow{Graduate: "p1", Cell: "employed", Destination: history.Destination{
		Detail: history.Registered, Scheme: "MOE-2021", Code: "10", Counts: history.Counted{Nature: "23", HospitalLevel: "33", Region: "120101"}}}
	working.Attrs = history.Attributes{"2024", "master", "c01", "m02", "k003", "2", "01", "990101", "1", "2", "true", ""}
	seeking := indicator.PersonRow{Graduate: "p2", Cell: "seeking", Destination: history.Destination{Detail: history.Unregistered}}
	seeking.Attrs = history.Attributes{"2024", "undergraduate", "c\t1", `m\2`, "a\nb", "1", "01", "", "", "0", "true", ""}
	return s, []indicator.PersonRow{working, seeking}
}

// TestPlainForm is the form as a stranger has to write it.
func TestPlainForm(t *testing.T) {
	want := strings.Join([]string{
		"quxiang snapshot 1",
		"name\tINIT-2024",
		"cohort\t2024",
		"true_before\t2024-09-01T00:00:00.000+08:00",
		"known_before\t2024-09-10T09:00:00.000+08:00",
		"definition\tmoe-2024\t1",
		"codes\tdestination\t1+0a1b2c3d",
		"codes\tnature\t1",
		"people\t2",
		"pseudonym\tcohort\tlevel\tcollege\tmajor\tclass\tsex\tethnicity\torigin\ttraining\tdifficulty\tin_statistics\tleft" +
			"\tcell\tdetail\tscheme\tcode\tnature\thospital_level\tindustry\tpost\tregion\tschool_tier\tcontract_nature\tcontract_hospital_level",
		"p1\t2024\tmaster\tc01\tm02\tk003\t2\t01\t990101\t1\t2\ttrue\t\temployed\tregistered\tMOE-2021\t10\t23\t33\t\t\t120101\t\t\t",
		`p2` + "\t2024\tundergraduate\t" + `c\t1` + "\t" + `m\\2` + "\t" + `a\nb` + "\t1\t01\t\t\t0\ttrue\t\tseeking\tunregistered\t\t\t\t\t\t\t\t\t\t",
	}, "\n") + "\n"
	s, people := sample(t)
	var b strings.Builder
	if err := writePlain(&b, &s, people); err != nil {
		t.Fatal(err)
	}
	if b.String() != want {
		t.Errorf("got\n%s\nwant\n%s", b.String(), want)
	}
	hash := sha256.Sum256([]byte(want))
	if got, _ := s.sum(people); got != hex.EncodeToString(hash[:]) {
		t.Errorf("sum %s is not that of the form", got)
	}
}

// TestSumSeesEverything: no column and no line of the head can change unnoticed.
func TestSumSeesEverything(t *testing.T) {
	s, people := sample(t)
	before, _ := s.sum(people)
	differs := func(what string, s Snapshot, people []indicator.PersonRow) {
		t.Helper()
		if after, _ := s.sum(people); after == before {
			t.Errorf("%s: not noticed", what)
		}
	}
	for what, change := range map[string]func(s *Snapshot){
		"name":         func(s *Snapshot) { s.Name = "INIT-2025" },
		"cohort":       func(s *Snapshot) { s.Cohort = "2025" },
		"T":            func(s *Snapshot) { s.Cut.True++ },
		"K":            func(s *Snapshot) { s.Cut.Known++ },
		"definition":   func(s *Snapshot) { s.Definition = "moe-2021" },
		"version":      func(s *Snapshot) { s.Version = "2" },
		"code version": func(s *Snapshot) { s.CodeVersions = map[string]string{"nature": "2", "destination": "1+0a1b2c3d"} },
		"people":       func(s *Snapshot) { s.People++ },
	} {
		changed := s
		change(&changed)
		differs(what, changed, people)
	}
	for i, column := range plainColumns() {
		one := people[0]
		switch {
		case i == 0:
			one.Graduate = "p0"
		case i <= len(history.Keys):
			one.Attrs[i-1] += "x"
		case column == "cell":
			one.Cell += "x"
		case column == "detail":
			one.Detail += "x"
		case column == "scheme":
			one.Scheme += "x"
		case column == "code":
			one.Code += "x"
		default:
			one.Counts.Put(column, "x")
		}
		differs(column, s, []indicator.PersonRow{one, people[1]})
	}
	differs("a person less", s, people[:1])
	differs("order", s, []indicator.PersonRow{people[1], people[0]})
}
