package demo

import (
	"fmt"

	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/roster"
)

// school is what of the invented university is decided before the people.
type school struct {
	seed    uint64
	size    int
	book    *codes.Book
	units   []roster.Unit
	groups  []*group
	people  int
	market  *market
	staff   *staff
	origins []string // regions that people come from, the home province's apart
}

func newSchool(size int, seed uint64) (*school, error) {
	s := &school{seed: seed, size: size, units: baseUnits()}
	book, err := codes.Builtin().With(localCodes(), nil)
	if err != nil {
		return nil, fmt.Errorf("demo: local codes: %w", err)
	}
	s.book = book
	for _, c := range book.Table("region").All() {
		if c.Parent != "" && c.Parent[2:] == "0000" && c.To == "" && !c.Is("stat_only") && c.Code[:2] != homeProvince[:2] {
			s.origins = append(s.origins, c.Code)
		}
	}
	classes := 0
	perCollege := map[string]int{}
	for _, year := range years {
		for _, g := range form(year, size, seed) {
			g.first = uint32(s.people)
			s.people += len(g.slots)
			key := fmt.Sprint(g.entry(), g.level, majors[g.major].college)
			g.college = perCollege[key]
			perCollege[key] += len(g.slots)
			for i := range (len(g.slots) + classSizes[g.level] - 1) / classSizes[g.level] {
				classes++
				id := fmt.Sprintf("k%04d", classes)
				g.classes = append(g.classes, class{id: id})
				s.units = append(s.units, roster.Unit{ID: id, Kind: roster.Class, Parent: majorID(g.major), Cohort: year, Name: g.className(i)})
			}
			s.groups = append(s.groups, g)
		}
	}
	s.market = newMarket(size, seed)
	s.staff = newStaff(s.groups, seed)
	return s, nil
}
