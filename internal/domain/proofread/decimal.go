package proofread

import (
	"math/big"
	"strconv"
	"strings"
)

// Decimal is a number exactly as printed: Units × 10^-Digits. 82.60 and 82.6 are
// different Decimals of the same size: the digits say how far the number was rounded.
type Decimal struct {
	Units  int64
	Digits int // after the point, 0 to 6
}

// Whole is a Decimal without digits after the point.
func Whole(n int64) Decimal { return Decimal{Units: n} }

// maxUnits keeps every product of two figures of a report within int64 where it
// matters; nothing that counts people is larger.
const maxUnits = 1_000_000_000_000

// ParseDecimal reads digits with an optional sign, thousands separators in the right
// places and a point. It takes nothing else: no exponent, no space, no unit.
func ParseDecimal(s string) (Decimal, bool) {
	sign := int64(1)
	if rest, ok := strings.CutPrefix(s, "-"); ok {
		sign, s = -1, rest
	}
	whole, part, point := strings.Cut(s, ".")
	if strings.Contains(whole, ",") {
		groups := strings.Split(whole, ",")
		for i, g := range groups {
			if i > 0 && len(g) != 3 || i == 0 && (len(g) == 0 || len(g) > 3) {
				return Decimal{}, false
			}
		}
		whole = strings.ReplaceAll(whole, ",", "")
	}
	if whole == "" || point && part == "" || len(part) > 6 || !digits(whole) || !digits(part) {
		return Decimal{}, false
	}
	n, err := strconv.ParseInt(whole+part, 10, 64)
	if err != nil || n > maxUnits {
		return Decimal{}, false
	}
	return Decimal{Units: sign * n, Digits: len(part)}, true
}

func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// String prints the number with its digits and without separators.
func (d Decimal) String() string {
	s := strconv.FormatInt(max(d.Units, -d.Units), 10)
	if d.Digits > 0 {
		for len(s) <= d.Digits {
			s = "0" + s
		}
		s = s[:len(s)-d.Digits] + "." + s[len(s)-d.Digits:]
	}
	if d.Units < 0 {
		s = "-" + s
	}
	return s
}

// pow10 of a small exponent.
func pow10(n int) int64 {
	p := int64(1)
	for range n {
		p *= 10
	}
	return p
}

// To returns the number with at least that many digits, the same size.
func (d Decimal) To(digits int) Decimal {
	if digits <= d.Digits {
		return d
	}
	return Decimal{d.Units * pow10(digits-d.Digits), digits}
}

// Cmp compares sizes: -1, 0, +1.
func (d Decimal) Cmp(o Decimal) int {
	n := max(d.Digits, o.Digits)
	a, b := d.To(n).Units, o.To(n).Units
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// Add returns the sum, with the digits of the finer one.
func (d Decimal) Add(o Decimal) Decimal {
	n := max(d.Digits, o.Digits)
	return Decimal{d.To(n).Units + o.To(n).Units, n}
}

// Sub returns the difference, with the digits of the finer one.
func (d Decimal) Sub(o Decimal) Decimal { return d.Add(Decimal{-o.Units, o.Digits}) }

// Rat is the number as a fraction.
func (d Decimal) Rat() *big.Rat { return big.NewRat(d.Units, pow10(d.Digits)) }

// Share is k of n in percent with that many digits, half up. n must not be 0.
func Share(k, n int64, digits int) Decimal {
	scaled := k * 100 * pow10(digits)
	return Decimal{floorDiv(2*scaled+n, 2*n), digits}
}

// floorDiv divides by a positive number, towards minus infinity.
func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// Prints tells whether k of n may be printed as the percentage p: rounded half up or
// half even, or cut off (real reports do all three).
func Prints(k, n int64, p Decimal) bool {
	lo, hi := Numerators(p, n)
	return lo <= k && k <= hi
}

// Numerators are the whole numbers of n whose share may be printed as p, from lo to
// hi; lo > hi: there is none, p is impossible for n. n must be positive.
//
// k/n prints as p when 100k/n lies in [p - u/2, p + u), u being the unit of the last
// digit: below the middle half-down would be needed, at p + u even cutting off prints
// the next.
func Numerators(p Decimal, n int64) (lo, hi int64) {
	unit := pow10(p.Digits)
	// k ≥ (p - u/2)·n/100  ⇔  k ≥ (2·units - 1)·n / (200·unit)
	lo = -floorDiv(-(2*p.Units-1)*n, 200*unit)
	// k < (p + u)·n/100    ⇔  k < (units + 1)·n / (100·unit)
	hi = floorDiv((p.Units+1)*n-1, 100*unit)
	return max(lo, 0), min(hi, n)
}

// Rounded are the whole numbers of n whose share is p rounded half up or half even, and
// no other: what a careful report prints. lo > hi: there is none.
func Rounded(p Decimal, n int64) (lo, hi int64) {
	unit := pow10(p.Digits)
	lo = -floorDiv(-(2*p.Units-1)*n, 200*unit)
	hi = floorDiv((2*p.Units+1)*n, 200*unit)
	return max(lo, 0), min(hi, n)
}
