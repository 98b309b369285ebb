package destination

import "testing"

// TestInterval compares with printed tables of the interval of Clopper and
// Pearson, in hundredths of a percent and rounded outwards.
func TestInterval(t *testing.T) {
	for _, c := range []struct{ k, n, low, high int }{
		{0, 10, 0, 3085}, {1, 10, 25, 4451}, {5, 10, 1870, 8130}, {10, 10, 6915, 10000},
		{0, 100, 0, 363}, {3, 120, 51, 713}, {10, 100, 490, 1763}, {1, 1, 250, 10000}, {0, 1, 0, 9750},
	} {
		low, high := clopperPearson(c.k, c.n)
		if low < c.low-1 || low > c.low || high < c.high || high > c.high+1 {
			t.Errorf("%d of %d: %d to %d, want %d to %d", c.k, c.n, low, high, c.low, c.high)
		}
	}
}

func TestIntervalIsSymmetric(t *testing.T) {
	for n := 1; n <= 12; n++ {
		for k := 0; k <= n; k++ {
			low, high := clopperPearson(k, n)
			l, h := clopperPearson(n-k, n)
			if low != whole-h || high != whole-l || low*n > k*whole || high*n < k*whole {
				t.Errorf("%d of %d: %d to %d, mirrored %d to %d", k, n, low, high, l, h)
			}
		}
	}
}

func TestEstimateCountsRandomSamplesAlone(t *testing.T) {
	e := EstimateOf([]Sample{
		{Stratum: "c 10", Result: ResultTrue}, {Stratum: "c 10", Result: ResultFalse}, {Stratum: "c 12", Result: ResultNoReach}, {Stratum: "c 12"},
		{Reason: "A15", Result: ResultFalse}, {Reason: "A25"},
	})
	if e.True != 1 || e.False != 1 || e.NoReach != 1 || e.Open != 1 {
		t.Errorf("%+v", e)
	}
	if got := e.String(); got != "核实 2 人，不属实 1 人，占 50.00%，95% 区间 1.25% 至 98.75%" {
		t.Error(got)
	}
	if got := EstimateOf(nil).String(); got != "还没有核完的随机抽查，估不出来" {
		t.Error(got)
	}
}
