package disclosure

import (
	"crypto/sha256"
	"math"
	"regexp"
	"strings"
)

// Prefix opens the number of an export (导出编号) wherever it is written, so that it
// is found again.
const Prefix = "QX-"

// Numbers finds the numbers of exports in a file.
var Numbers = regexp.MustCompile(Prefix + `[0-9a-z]{26}`)

// Swapped says whether two neighbours in a file change places: half of all pairs
// do, which ones depends on the number of the export and on nothing else. Rows stay
// where people expect them but for one place, no cell changes, and whatever keeps
// the order of rows keeps the mark: saving as another format, dropping columns,
// copying into another file.
func Swapped(number, first, second string) bool {
	a, b := plainName(first), plainName(second)
	if a == b {
		return false
	}
	return lowerFirst(number, min(a, b), max(a, b)) != (a < b)
}

// lowerFirst is the bit of a pair.
func lowerFirst(number, lower, higher string) bool {
	sum := sha256.Sum256([]byte(number + "\x00" + lower + "\x00" + higher))
	return sum[0]&1 == 0
}

func plainName(s string) string { return strings.Join(strings.Fields(s), "") }

// Fit is how well the order of a file agrees with the mark of a number.
type Fit struct {
	Agree, Pairs int
}

// Certain is how far beyond chance, in standard deviations, a fit must be to name
// an export: once in three million by chance.
const Certain = 5

// Sure reports that the fit is no chance.
func (f Fit) Sure() bool {
	return f.beyond() >= Certain
}

// FewestPairs can name an export at all: with fewer not even full agreement is sure.
const FewestPairs = Certain * Certain

// FitOf compares the order of names in a file with the mark of a number. Pairs were
// taken from the first row on; rows that were left out since shift them, so that
// every neighbour counts if that tells more.
func FitOf(number string, names []string) Fit {
	var of [2]Fit
	for i := 1; i < len(names); i++ {
		a, b := plainName(names[i-1]), plainName(names[i])
		if a == b || a == "" || b == "" {
			continue
		}
		f := &of[i%2]
		f.Pairs++
		if lowerFirst(number, min(a, b), max(a, b)) == (a < b) {
			f.Agree++
		}
	}
	best := Fit{of[0].Agree + of[1].Agree, of[0].Pairs + of[1].Pairs}
	for _, f := range of {
		if f.beyond() > best.beyond() {
			best = f
		}
	}
	return best
}

func (f Fit) beyond() float64 {
	if f.Pairs == 0 {
		return 0
	}
	return (float64(f.Agree) - float64(f.Pairs)/2) / math.Sqrt(float64(f.Pairs)/4)
}
