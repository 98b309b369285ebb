package matching

import (
	"math"
	"slices"
	"strings"
)

// wantPoints of a value: Full for the dearest code, then less, 4000 at least; none if no
// code fits.
func wantPoints(c Criterion, value string, codes []string) Points {
	if c == Level && value == "" {
		return Full / 2
	}
	if i := slices.IndexFunc(codes, func(code string) bool { return within(value, code) }); i >= 0 {
		return Points(Full - 6000*i/len(codes))
	}
	return none
}

// within tells whether a value begins with a code, or with one of several that are equally
// dear: 11|12|13.
func within(value, code string) bool {
	for one := range strings.SplitSeq(code, "|") {
		if value != "" && strings.HasPrefix(value, one) {
			return true
		}
	}
	return false
}

// salaryPoints of a salary: half at what was wished, Full at twice that;
// half where it is to be agreed (面议); none below the wish.
func salaryPoints(wish, salary int) Points {
	switch {
	case salary == 0:
		return Full / 2
	case salary < wish:
		return none
	}
	return Points(min(Full, Full/2+Full/2*(salary-wish)/wish))
}

// majorPoints of a major: Full for the first that a position names, then less, half at
// least; 7000 where it names none.
func majorPoints(major string, list []string) Points {
	if len(list) == 0 {
		return 7000
	}
	for i, code := range list {
		if strings.HasPrefix(major, code) {
			return Points(Full - 5000*i/len(list))
		}
	}
	return none
}

// licencePoints of what a graduate holds or can have in time.
func licencePoints(w *Wish, p *Position) Points {
	held := slices.Contains(w.Licences, p.Licence)
	day, soon := w.Expected[p.Licence]
	soon = soon && (p.LicenceDay == "" || day <= p.LicenceDay)
	switch {
	case p.Need == NoLicence:
		return 7000
	case held:
		return Full
	case soon && p.Need != Held:
		return 7000
	case p.Need == Welcome:
		return 3000
	}
	return none
}

// educationPoints: what is more than asked for counts a little.
func educationPoints(has, asked Education) Points {
	if asked == AnyEducation {
		return 7000
	}
	return min(Full, 7000+1500*Points(has-asked))
}

func standingPoints(standing int) Points {
	if standing <= 0 {
		return Full / 2
	}
	return Points(min(standing, 100) * Full / 100)
}

// Score of a pair from the points of its sides: the integer root of their product, so that
// it is nothing where either is nothing.
func Score(graduate, position Points) Points {
	return Points(math.Sqrt(float64(graduate) * float64(position))) // exact: the product is below 2^53
}

// papers is what a graduate holds and expects, as one text.
func (w *Wish) papers() string {
	list := slices.Sorted(slices.Values(w.Licences))
	for l, day := range w.Expected {
		list = append(list, l+"="+day)
	}
	slices.Sort(list)
	return strings.Join(list, " ")
}

// importance are the shares of each criterion: those that the graduate says something
// about, the most important first, in the proportion n, n-1, … 1.
func (w *Wish) importance() [len(Criteria)]Points {
	said := func(c Criterion) bool {
		if c == Salary {
			return w.Salary > 0
		}
		return c >= 0 && c < coded && len(w.Wants[c]) > 0
	}
	var order []Criterion
	for _, c := range w.Order {
		if said(c) && !slices.Contains(order, c) {
			order = append(order, c)
		}
	}
	for c := range Criterion(len(Criteria)) {
		if said(c) && !slices.Contains(order, c) {
			order = append(order, c)
		}
	}
	weights := make([]int, len(order))
	for i := range weights {
		weights[i] = len(order) - i
	}
	var out [len(Criteria)]Points
	for i, s := range shares(weights) {
		out[order[i]] = s
	}
	return out
}
