package codes

import (
	"slices"
	"strings"
)

// municipalities are the provinces without a real prefecture level (直辖市), and
// the regions that have none either.
var municipalities = []string{"11", "12", "31", "50", "71", "81", "82"}

// ProvinceOf returns the province of a six-digit region code: 120103 gives
// 120000. Blank if it is not a region code.
func ProvinceOf(code string) string {
	if !isRegion(code) {
		return ""
	}
	return code[:2] + "0000"
}

// CityOf returns the prefecture of a six-digit region code: 130102 gives 130100.
// A municipality is its own city. A county that the province governs itself
// (省直辖县, such as 419001) is its own city too. Blank for a province, and if it
// is not a region code.
func CityOf(code string) string {
	switch {
	case !isRegion(code):
		return ""
	case slices.Contains(municipalities, code[:2]):
		return code[:2] + "0000"
	case code[2:] == "0000":
		return ""
	case (code[2:4] == "90" || code[2:4] == "00") && code[4:] != "00":
		return code
	}
	return code[:4] + "00"
}

func isRegion(code string) bool {
	return len(code) == 6 && digits(code)
}

func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// RegionGroup is a group of regions for reports, such as 京津冀.
type RegionGroup struct {
	ID, Name string
	Prefixes []string // of six-digit region codes
}

// Contains reports that the region belongs to the group.
func (g RegionGroup) Contains(code string) bool {
	return isRegion(code) && slices.ContainsFunc(g.Prefixes, func(p string) bool { return strings.HasPrefix(code, p) })
}

// RegionGroups returns the groups in their official order.
func (b *Book) RegionGroups() []RegionGroup { return slices.Clone(b.groups) }
