package proofread

import (
	"math/big"
	"math/rand/v2"
	"testing"
)

func TestParseDecimal(t *testing.T) {
	for s, want := range map[string]string{"82.63": "82.63", "1,117": "1117", "0.00": "0.00", "-3.5": "-3.5", "5,372,000": "5372000", "007": "7"} {
		if d, ok := ParseDecimal(s); !ok || d.String() != want {
			t.Errorf("%s: %s, %v", s, d, ok)
		}
	}
	for _, s := range []string{"", ".", "1.", ".5", "1,17", "11,1170", "1.2.3", "1e5", "９", "9999999999999999999", "1.1234567"} {
		if d, ok := ParseDecimal(s); ok {
			t.Errorf("%q is taken as %s", s, d)
		}
	}
}

// TestNumerators: the whole numbers that a percentage may stand for, against fractions
// tried one by one.
func TestNumerators(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 3000 {
		n, digits := 1+r.Int64N(400), r.IntN(4)
		p := Decimal{r.Int64N(100*pow10(digits) + 1), digits}
		lo, hi := Numerators(p, n)
		for k := int64(0); k <= n; k++ {
			// in units of the last digit, doubled: p - 1/2 ≤ v < p + 1
			v := new(big.Rat).Mul(big.NewRat(100*k, n), big.NewRat(2*pow10(digits), 1))
			want := v.Cmp(big.NewRat(2*p.Units-1, 1)) >= 0 && v.Cmp(big.NewRat(2*p.Units+2, 1)) < 0
			if got := lo <= k && k <= hi; got != want {
				t.Fatalf("%d of %d as %s: %v, want %v", k, n, p, got, want)
			}
		}
	}
}

func TestShare(t *testing.T) {
	for _, c := range []struct {
		k, n int64
		d    int
		want string
	}{{921, 1117, 2, "82.45"}, {2300, 2660, 2, "86.47"}, {701, 1227, 2, "57.13"}, {1, 8, 2, "12.50"}, {1, 8, 0, "13"}, {1, 3, 1, "33.3"}} {
		if got := Share(c.k, c.n, c.d); got.String() != c.want {
			t.Errorf("%d of %d: %s, want %s", c.k, c.n, got, c.want)
		}
		if !Prints(c.k, c.n, Share(c.k, c.n, c.d)) {
			t.Errorf("%d of %d does not print as its own share", c.k, c.n)
		}
	}
}
