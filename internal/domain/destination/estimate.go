package destination

import (
	"fmt"
	"math/big"
)

// Estimate is what the finished random samples say of how much is registered that
// is not so (虚报). It is for the house: only random draws count, what rules or
// disputes pointed at would make it too high.
type Estimate struct {
	True    int // 属实
	False   int // 不属实
	NoReach int // 联系不上: in neither
	Open    int // drawn and not yet checked

	// Low and High bound the share of 不属实 among those checked, in hundredths of a
	// percent: the interval of Clopper and Pearson, which holds the true share in at
	// least 95 of 100 draws. Both are zero before the first result.
	Low, High int
}

// EstimateOf counts the random samples.
func EstimateOf(list []Sample) Estimate {
	var e Estimate
	for i := range list {
		if list[i].Stratum == "" {
			continue
		}
		switch list[i].Result {
		case ResultTrue:
			e.True++
		case ResultFalse:
			e.False++
		case ResultNoReach:
			e.NoReach++
		default:
			e.Open++
		}
	}
	if n := e.True + e.False; n > 0 {
		e.Low, e.High = clopperPearson(e.False, n)
	}
	return e
}

// String says the estimate in words.
func (e Estimate) String() string {
	n := e.True + e.False
	if n == 0 {
		return "还没有核完的随机抽查，估不出来"
	}
	share := (e.False*20000 + n) / (2 * n) // half up
	return fmt.Sprintf("核实 %d 人，不属实 %d 人，占 %s%%，95%% 区间 %s%% 至 %s%%", n, e.False, hundredths(share), hundredths(e.Low), hundredths(e.High))
}

func hundredths(n int) string { return fmt.Sprintf("%d.%02d", n/100, n%100) }

// whole is a share of one, in hundredths of a percent.
const whole = 10000

// clopperPearson returns the bounds for k of n in hundredths of a percent, rounded
// outwards. Every number on the way is an integer.
func clopperPearson(k, n int) (low, high int) {
	// P(X ≥ k) grows with the share: the last share with at most 2.5 % is the low end.
	low = last(func(p int) bool { return k == 0 || atMost(tail(k, n, p), n) })
	if k == 0 {
		low = 0
	}
	// P(X ≤ k) falls: X ≤ k of p is X' ≥ n-k of 1-p.
	high = whole
	if k < n {
		high = whole - last(func(q int) bool { return atMost(tail(n-k, n, q), n) })
	}
	return low, high
}

// last returns the greatest share of which holds is true; it is true up to some
// share and false from there on.
func last(holds func(share int) bool) int {
	lo, hi := 0, whole
	for lo < hi {
		if mid := (lo + hi + 1) / 2; holds(mid) {
			lo = mid
		} else {
			hi = mid - 1
		}
	}
	return lo
}

// tail is P(X ≥ k) times whole^n, of n draws with the share p. Each term follows
// from the one before it, and the division leaves no rest.
func tail(k, n, p int) *big.Int {
	q := whole - p
	if p == 0 || q == 0 { // one term alone is not zero: that of none, or that of all
		if p == 0 && k > 0 {
			return new(big.Int)
		}
		return power(whole, n)
	}
	term := new(big.Int).Binomial(int64(n), int64(k))
	term.Mul(term, power(p, k)).Mul(term, power(q, n-k))
	sum := new(big.Int).Set(term)
	for i := k; i < n; i++ {
		term.Mul(term, big.NewInt(int64((n-i)*p)))
		term.Quo(term, big.NewInt(int64((i+1)*q)))
		sum.Add(sum, term)
	}
	return sum
}

func power(base, n int) *big.Int {
	return new(big.Int).Exp(big.NewInt(int64(base)), big.NewInt(int64(n)), nil)
}

// atMost reports that a tail of n draws is at most 2.5 %: one in forty.
func atMost(tail *big.Int, n int) bool {
	return new(big.Int).Mul(tail, big.NewInt(40)).Cmp(power(whole, n)) <= 0
}
