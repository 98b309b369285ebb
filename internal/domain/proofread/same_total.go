package proofread

import "fmt"

// wholeDoubts finds tables without a total whose counts and shares are all there are,
// whose shares are of a total that another table prints, and whose counts add up to
// another number.
func wholeDoubts(gs []*grid) []doubt {
	known := map[int64]cellRef{}
	var order []int64
	for _, f := range facts(gs) {
		if n := f.ref.value().Units; f.kind == count && f.whole && n >= 100 {
			if _, ok := known[n]; !ok {
				order = append(order, n)
				known[n] = f.ref
			}
		}
	}
	var out []doubt
	for _, g := range gs {
		for _, v := range []*grid{g, g.flipped()} {
			for _, n := range order {
				if known[n].g.block != g.block {
					out = append(out, v.wholes(n, known[n])...)
				}
			}
		}
	}
	return out
}

// wholes holds each column of counts that stands beside its shares against a total.
func (g *grid) wholes(n int64, from cellRef) []doubt {
	var out []doubt
	for c := range g.cols {
		for num := range g.cols {
			if g.cols[c].kind != percent || g.cols[num].kind != count {
				continue
			}
			if s, ok := g.wholeOf(relation{share: c, num: num, of: ofOne, n: n, upTo: n}); ok {
				out = append(out, g.wholeDoubt(num, n, s, from))
			}
		}
	}
	return out
}

// wholeOf adds up the counts of a column, if its shares are all of n, each rounded, some
// not of the sum, and 100 together.
func (g *grid) wholeOf(r relation) (int64, bool) {
	var sum int64
	var list []Decimal
	for row, l := range g.rows {
		if l.role == total || l.role == subtotal {
			return 0, false
		}
		k, n, p, ok := g.triple(r, row)
		if !ok {
			return 0, false
		}
		if lo, hi := Rounded(p, n); k < lo || k > hi {
			return 0, false
		}
		sum += k
		list = append(list, p)
	}
	if len(list) < 4 || sum == r.n || sum < r.n*97/100 || sum > r.n*103/100 {
		return 0, false
	}
	if !matches(value{Decimal: Whole(100).To(digitsOf(list)), kind: percent}, list) {
		return 0, false
	}
	for row := range g.rows {
		k, _, p, _ := g.triple(r, row)
		if lo, hi := Rounded(p, sum); k < lo || k > hi {
			return sum, true
		}
	}
	return 0, false
}

func (g *grid) wholeDoubt(num int, n, sum int64, from cellRef) doubt {
	first := g.ref(0, num)
	name := first.g.colName(first.c)
	if g.origin != nil {
		name = first.g.rowName(first.r)
	}
	d := doubt{Finding: Finding{
		Where: g.where(), Cell: name + "/各项之和", Printed: fmt.Sprint(n), Expected: fmt.Sprint(sum),
		Rule: TotalVsSum, Severity: Fault, Place: first.value().place, Other: from.value().place,
	}}
	d.Explanation = fmt.Sprintf("各项人数之和是 %d；各项占比合起来是 100%%，都以 %d 为基数（%s“%s”），差 %d。", sum, n, from.g.where(), from.g.cellName(from.r, from.c), n-sum)
	for row := range g.rows {
		v := g.cells[row][num]
		if need := v.Units + n - sum; need >= 0 {
			d.mends = append(d.mends, exactly(g.ref(row, num), Whole(need)))
		}
	}
	return d
}
