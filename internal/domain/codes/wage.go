package codes

import "quxiang/internal/domain/calendar"

// MinimumWage is one row of the minimum-wage table (最低工资标准). The program
// ships none: a school enters or imports its own.
type MinimumWage struct {
	Region  string       // six-digit region code of a province, city or county
	From    calendar.Day // in force from this day on, until the region's next row
	Monthly int64        // fen a month
	Hourly  int64        // fen an hour; 0 if not fixed
}

// Lookup returns the row in force on the day for the county, else for its city,
// else for its province; false when none is.
func Lookup(rows []MinimumWage, region string, day calendar.Day) (MinimumWage, bool) {
	if !isRegion(region) {
		return MinimumWage{}, false
	}
	for _, r := range []string{region, CityOf(region), ProvinceOf(region)} {
		if r == "" {
			continue // a province has no city
		}
		best, ok := MinimumWage{}, false
		for _, w := range rows {
			if w.Region == r && w.From <= day && (!ok || w.From > best.From) {
				best, ok = w, true
			}
		}
		if ok {
			return best, true
		}
	}
	return MinimumWage{}, false
}
