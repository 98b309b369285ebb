package demo

import (
	"fmt"
	"slices"
	"testing"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/destination"
	"quxiang/internal/domain/indicator"
)

// counting is a school laid out to be counted, without a database.
type counting struct {
	t       *testing.T
	book    *codes.Book
	columns *indicator.Columns
}

// counted tells the stories of a school of that size.
func counted(t *testing.T, size int, seed uint64) *counting {
	t.Helper()
	s := small(t, size, seed)
	c := &counting{t, s.book, indicator.NewColumns(destination.NoWork(s.book))}
	s.everybody(func(p *teller) { c.columns.Put(p.ID, p.events) })
	return c
}

// table counts, with what was known before the end of a day; blank: of all days.
func (c *counting) table(table, definition, cohorts, asOf, known string, by ...indicator.Dim) indicator.Table {
	c.t.Helper()
	q := indicator.Query{Table: table, Definition: definition, By: by, Within: access.School()}
	var err error
	if q.Cohorts, err = calendar.ParseCohorts(cohorts); err != nil {
		c.t.Fatal(err)
	}
	if q.AsOf, err = calendar.ParseWhen(asOf); err != nil {
		c.t.Fatal(err)
	}
	if known != "" {
		if q.KnownAt, err = calendar.ParseWhen(known); err != nil {
			c.t.Fatal(err)
		}
	}
	out, err := c.columns.Count(q, indicator.Env{Now: Start, Book: c.book, Names: indicator.NewNames(c.book, nil),
		School: indicator.School{Name: schoolName, HomeCity: homeCity}})
	if err != nil {
		c.t.Fatal(err)
	}
	return out
}

// row writes the named cells of a row out, n first.
func row(t indicator.Table, name string, cells ...string) string {
	for i := range t.Rows {
		r := &t.Rows[i]
		if r.Name() != name {
			continue
		}
		out := fmt.Sprint(r.N)
		for _, id := range cells {
			for h, heading := range t.Headings {
				if heading.ID == id {
					out += fmt.Sprintf(" %d", r.Cells[h].K)
				}
			}
		}
		return out
	}
	return "no row " + name
}

// TestIssue holds the demo school to the numbers of the issue, for all that was
// known from 10 September 2024 on.
func TestIssue(t *testing.T) {
	for _, seed := range []uint64{1, 7} {
		c := counted(t, Size, seed)
		for _, known := range []string{"2024-09-10T00:00", "2024-09-10", "2024-11-01", "2024-12-31", ""} {
			cells := []string{"signed", "study", "abroad", "other", "preparing", "not_seeking", "seeking", "settled"}
			table := c.table("destination", "school-2024", "2024", "2024-08-31", known, "level")
			for name, want := range map[string]string{
				"本科": "1117 229 657 11 24 1 0 195 921", "硕士": "1227 701 301 15 61 0 0 149 1078",
				"博士": "316 278 0 5 18 0 0 15 301", "合计": "2660 1208 958 31 103 1 0 359 2300",
			} {
				if got := row(table, name, cells...); got != want {
					t.Errorf("seed %d, known by %s: %s: got %s, want %s", seed, known, name, got, want)
				}
			}
			if known == "" && table.Hindsight == 0 {
				t.Error("nobody counts in hindsight")
			}
			cells = []string{"tertiary", "secondary", "primary", "other_public", "enterprise", "other"}
			table = c.table("employer-kind", "", "2024", "2024-08-31", known, "level")
			for name, want := range map[string]string{"本科": "253 74 7 1 96 75 0", "硕士": "762 536 26 1 120 79 0", "博士": "296 243 1 0 43 9 0"} {
				if got := row(table, name, cells...); got != want {
					t.Errorf("seed %d, known by %s: %s: employers %s, want %s", seed, known, name, got, want)
				}
			}
			table = c.table("region", "", "2024", "2024-08-31", known, "level")
			if got := row(table, "本科", "home_city"); got != "253 169" {
				t.Errorf("seed %d, known by %s: stayed %s, want 253 169", seed, known, got)
			}
		}
	}
}

// TestFurtherStudy: the masters of three cohorts, each on 31 August of its year.
func TestFurtherStudy(t *testing.T) {
	c := counted(t, Size, 1)
	table := c.table("further-study", "", "2022-2024", "08-31", "", "level")
	want := map[string]string{"2022": "258 of 1067 = 24.18", "2023": "268 of 1129 = 23.74", "2024": "301 of 1227 = 24.53"}
	for i := range table.Rows {
		r := &table.Rows[i]
		if r.Name() != "硕士" {
			continue
		}
		k := r.Cells[slices.IndexFunc(table.Headings, func(h indicator.Heading) bool { return h.ID == "study" })]
		if got := fmt.Sprintf("%d of %d = %s", k.K, k.Base, k.Percent()); got != want[r.Cohort] {
			t.Errorf("%s: got %s, want %s", r.Cohort, got, want[r.Cohort])
		}
		delete(want, r.Cohort)
	}
	if len(want) > 0 {
		t.Errorf("no row for %v", want)
	}
}

// TestNoArmyNoFreelance: nobody of the 2024 cohort has 46 or 76 on the day, since
// its tables by employer stand on the same base as its jobs.
func TestNoArmyNoFreelance(t *testing.T) {
	c := counted(t, Size, 1)
	table := c.table("destination", "", "2024", "2024-08-31", "", "code")
	for i := range table.Rows {
		for _, v := range table.Rows[i].Values {
			if v.Key == "46" || v.Key == "76" {
				t.Errorf("%d have %s", table.Rows[i].N, v.Key)
			}
		}
	}
}
