package specimen

import (
	"fmt"
	"strings"
	"testing"

	"quxiang/internal/domain/proofread"
	"quxiang/internal/domain/proofread/layout"
)

// faultless is how many faultless reports are read in a test; a bench reads a thousand.
const faultless = 200

func told(fs []proofread.Finding) string {
	var b strings.Builder
	for _, f := range fs {
		fmt.Fprintf(&b, "[%s] %s | %s | %s→%s | %s | %s (root %s)\n", f.Severity, f.Where, f.Cell, f.Printed, f.Expected, f.Rule, f.Explanation, f.Root)
	}
	return b.String()
}

// TestFaultlessReports: nothing is found in reports without faults.
func TestFaultlessReports(t *testing.T) {
	bad := 0
	for seed := range uint64(faultless) {
		r := Make(seed)
		fs := proofread.Check(r.Document())
		if len(fs) > 0 {
			bad++
			if bad < 15 {
				t.Errorf("seed %d, %s:\n%s", seed, r.Quirk, told(fs[:min(4, len(fs))]))
			}
		}
	}
	if bad > 0 {
		t.Errorf("%d of %d reports", bad, faultless)
	}
}

// mistaken is in how many of 60 reports a finding may stand that the way of printing
// causes, not the report: columns drawn with spaces are a guess.
var mistaken = map[Manner]int{Tabs: 0, Pipes: 0, Drawn: 2, Tokens: 2}

// TestFaultlessText: the same, read back from text.
func TestFaultlessText(t *testing.T) {
	for name, m := range Manners {
		bad, first := 0, ""
		for seed := range uint64(60) {
			r := Make(seed)
			fs := proofread.Check(proofread.Document{Blocks: layout.Blocks(layout.Lines(r.Plain(m)))})
			if len(fs) > 0 {
				bad++
				first += fmt.Sprintf("seed %d, %s:\n%s", seed, r.Quirk, told(fs[:min(3, len(fs))]))
			}
		}
		t.Logf("%s: %d of 60 reports\n%s", name, bad, first)
		if bad > mistaken[m] {
			t.Errorf("%s: something was found in %d of 60 faultless reports", name, bad)
		}
	}
}
