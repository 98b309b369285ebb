package proofread_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"quxiang/internal/domain/proofread"
	"quxiang/internal/domain/proofread/layout"
)

// known is a fault that a reference report is known to have.
type known struct {
	Where, Cell, Printed, Severity, Root string
	Recomputed                           string
	Rule                                 string
}

// TestReferenceReports holds what is found in real reports against what is known of
// them: every root of an error, and nothing in a report without faults.
func TestReferenceReports(t *testing.T) {
	dir := filepath.Join("..", "..", "..", "..", "shared", "reference", "reports")
	for name, least := range map[string]int{"tmu_2024": 100, "hust_ug_2020": 95, "xijing_2023": 100} {
		text, err := os.ReadFile(filepath.Join(dir, name+".txt"))
		if err != nil {
			t.Skip("the reference reports are not beside the repository")
		}
		faults := knownFaults(t, filepath.Join(dir, name+".findings.json"))
		found := proofread.Check(proofread.Document{Name: name, Blocks: layout.Blocks(layout.Lines(string(text)))})
		hit, all, missed := recall(faults, found)
		false_ := unknown(faults, found)
		t.Logf("%s: %d of %d roots of errors, %d findings, %d of them not listed", name, hit, all, len(found), len(false_))
		for _, m := range missed {
			t.Logf("  missed: %s %s %s→%s", m.Where, m.Cell, m.Printed, m.Recomputed)
		}
		for _, f := range false_ {
			t.Logf("  not listed: %s", line(f))
		}
		if all > 0 && 100*hit < least*all {
			t.Errorf("%s: %d of %d roots of errors found", name, hit, all)
		}
		if all == 0 && len(found) > 0 {
			t.Errorf("%s has no faults, and %d were found", name, len(found))
		}
	}
}

func knownFaults(t *testing.T, path string) []known {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Skip("the known faults are not beside the repository")
	}
	var out []known
	if err := json.Unmarshal(raw, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// recall counts the roots of errors of which at least one finding is there.
func recall(faults []known, found []proofread.Finding) (hit, all int, missed []known) {
	roots := map[string]bool{}
	for _, k := range faults {
		if k.Severity == "error" {
			roots[k.Root] = roots[k.Root] || slices.ContainsFunc(found, k.same)
		}
	}
	for _, k := range faults {
		if k.Severity == "error" && !roots[k.Root] || k.Severity != "error" && !slices.ContainsFunc(found, k.same) {
			missed = append(missed, k)
		}
	}
	for _, ok := range roots {
		all++
		if ok {
			hit++
		}
	}
	return hit, all, missed
}

// same tells whether a finding is of the known figure.
func (k known) same(f proofread.Finding) bool {
	expected, _, _ := strings.Cut(k.Recomputed, " ")
	return f.Printed == k.Printed || slices.Contains(strings.Fields(k.Printed), f.Printed) || f.Printed == expected && f.Expected == k.Printed
}

// unknown are the findings that no known fault speaks of, by figure or root.
func unknown(faults []known, found []proofread.Finding) []proofread.Finding {
	roots := map[string]bool{}
	for _, f := range found {
		if slices.ContainsFunc(faults, func(k known) bool { return k.same(f) }) {
			roots[f.Root] = true
		}
	}
	var out []proofread.Finding
	for _, f := range found {
		if !roots[f.Root] {
			out = append(out, f)
		}
	}
	return out
}

func line(f proofread.Finding) string {
	return fmt.Sprintf("[%s] %s | %s | %s→%s | %s | %s (root %s)", f.Severity, f.Where, f.Cell, f.Printed, f.Expected, f.Rule, f.Explanation, f.Root)
}
