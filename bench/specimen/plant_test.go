package specimen

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"quxiang/internal/domain/proofread"
)

// score is what became of the faults of one kind.
type score struct {
	planted, found, rule, roots, strange int
	missed, odd                          string
}

// try plants a fault of a kind in each of some reports.
func try(p Plan, from, n uint64) score {
	var s score
	for seed := from; seed < from+n; seed++ {
		r := Make(seed)
		x := r.Plant(rand.New(rand.NewPCG(seed, 5)), p)
		if x == nil {
			continue
		}
		s.add(seed, x, proofread.Check(r.Document()))
	}
	return s
}

func (s *score) add(seed uint64, x *Fault, fs []proofread.Finding) {
	s.planted++
	named, all, rule := map[string]bool{}, map[string]bool{}, false
	for _, f := range fs {
		all[f.Root] = true
		if x.Named(f) {
			named[f.Root] = true
		}
	}
	for _, f := range fs {
		for _, r := range x.Rules {
			rule = rule || named[f.Root] && f.Rule == r
		}
	}
	s.roots += len(all)
	s.strange += len(all) - len(named)
	if len(named) > 0 {
		s.found++
	} else {
		s.missed += fmt.Sprint("  ", seed, " ", x.Cause) + " | " + x.Where + " | " + x.Was + "→" + x.Printed + "\n"
	}
	if rule {
		s.rule++
	}
	if len(all) > len(named) {
		s.odd += "  " + x.Cause + " | " + x.Where + " | " + x.Was + "→" + x.Printed + "\n" + told(fs)
	}
}

// least is how many of 100 planted faults are found at least, where it is not 90.
var least = map[string]int{
	"total of a group": 88, "two tables": 85, "rate of all beside those of the parts": 80, "sentence against a table": 85,
	"sum said in a sentence": 88,
}

// TestPlanted: most faults are found, and hardly anything else.
func TestPlanted(t *testing.T) {
	for _, p := range Plans {
		s := try(p, 5000, 40)
		t.Logf("%s: planted %d, found %d, by a rule that fits %d, roots %d, strange %d\n%s%s", p.Name, s.planted, s.found, s.rule, s.roots, s.strange, s.missed, s.odd)
		want, ok := least[p.Name]
		if !ok {
			want = 90
		}
		if 100*s.found < want*s.planted {
			t.Errorf("%s: %d of %d found", p.Name, s.found, s.planted)
		}
		if 20*s.strange > s.roots {
			t.Errorf("%s: %d of %d roots are of something else:\n%s", p.Name, s.strange, s.roots, s.odd)
		}
	}
}
