package scrutiny

import (
	"maps"
	"slices"
	"testing"

	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/history"
)

func TestAllRulesAreThere(t *testing.T) {
	want := []string{"A18b", "A18c"}
	for i := range 30 {
		want = append(want, "A"+string(rune('0'+(i+1)/10))+string(rune('0'+(i+1)%10)))
	}
	slices.Sort(want)
	var got []string
	for _, r := range DefaultRules() {
		got = append(got, r.ID)
		if r.Title == "" || r.Message == "" || r.Source == "" || !slices.Contains([]Severity{Blocks, Warns, Samples}, r.Severity) {
			t.Errorf("%s lacks words, a source or a severity", r.ID)
		}
		if len(rows[r.ID].pass) == 0 || len(rows[r.ID].fail) == 0 {
			t.Errorf("%s has no row that passes, or none that fails", r.ID)
		}
	}
	slices.Sort(got)
	if !slices.Equal(got, want) || !slices.Equal(slices.Sorted(maps.Keys(checks)), want) {
		t.Errorf("rules %v, predicates %v, want %v", got, slices.Sorted(maps.Keys(checks)), want)
	}
}

func TestStepsOfBlocks(t *testing.T) {
	want := map[string]history.Step{"A06": history.Submitted, "A11": history.Submitted, "A12": history.Submitted, "A18b": history.Submitted,
		"A20": history.Submitted, "A22": history.Submitted, "A26": history.Submitted, "A24": history.Passed, "A30": history.Passed, "A18c": history.Approved}
	got := map[string]history.Step{}
	for _, r := range DefaultRules() {
		if r.Severity == Blocks {
			got[r.ID] = r.Step
		}
	}
	if !maps.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestRulesNameKnownCodes(t *testing.T) {
	tables := map[string]string{"A14 small": "nature", "A20 training": "training", "A20 release": "document", "A27 46": "nature", "A27 27": "nature", "A27 80": "nature"}
	for _, r := range DefaultRules() {
		for key, list := range r.Codes {
			table, ok := tables[r.ID+" "+key]
			if !ok && r.ID != "A17" { // words of a role, no codes
				t.Errorf("%s %s: say which table it is of", r.ID, key)
			}
			for _, c := range list {
				if !ok || c == "" {
					continue
				}
				if _, known := codes.Builtin().Table(table).Find(c); !known {
					t.Errorf("%s %s: %s is not in table %s", r.ID, key, c, table)
				}
			}
		}
	}
}
