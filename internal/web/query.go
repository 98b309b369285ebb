package web

import (
	"net/url"
	"slices"
	"strings"

	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/indicator"
)

// table is the statistics table that pages show.
const table = "destination"

// query is what the address of a page asks for: everything that a figure hangs
// on stands in it, so that a sent link shows the same.
type query struct {
	Cohort     string
	AsOf       string // as in the address; blank: now
	KnownAt    string // as in the address; blank: now; knownThen: at AsOf itself
	Definition string // id; blank: the cohort's usual one
}

// parseQuery reads and checks the address. cohorts are those there are, oldest
// first. Errors: fault.Invalid, in words for who typed it; fault.NotFound when
// there is no cohort yet.
func parseQuery(v url.Values, cohorts []string, now calendar.Instant) (query, indicator.Query, error) {
	q := query{Cohort: v.Get("cohort"), AsOf: strings.TrimSpace(v.Get("as_of")), KnownAt: strings.TrimSpace(v.Get("known_at")),
		Definition: v.Get("definition")}
	if len(cohorts) == 0 {
		return q, indicator.Query{}, fault.NotFoundf("cohort", "还没有导入任何一届毕业生，请就业中心先导入生源")
	}
	if q.Cohort == "" {
		q.Cohort = usualCohort(cohorts, now)
	}
	if !slices.Contains(cohorts, q.Cohort) {
		return q, indicator.Query{}, fault.Invalidf("cohort", "没有“%s”这一届，现有 %s", q.Cohort, strings.Join(cohorts, "、"))
	}
	if !v.Has("as_of") {
		q.AsOf = usualDay(q.Cohort, now)
	}
	out := indicator.Query{Table: table, Definition: q.Definition, Cohorts: []string{q.Cohort}}
	var err error
	if out.AsOf, err = parseMoment(q.AsOf); err != nil {
		return q, out, err
	}
	if q.KnownAt == knownThen {
		out.KnownAt = out.AsOf
	} else if out.KnownAt, err = parseMoment(q.KnownAt); err != nil {
		return q, out, err
	}
	if q.Definition != "" {
		d, err := indicator.DefinitionByID(q.Definition)
		if err != nil {
			return q, out, err
		}
		if d.Table != table {
			return q, out, fault.Invalidf("definition", "口径“%s”不用于毕业去向，请从页面上的口径里选", d.Title)
		}
	}
	return q, out, nil
}

// knownThen in the address means: as it was known at the cut itself.
const knownThen = "then"

func parseMoment(s string) (calendar.When, error) {
	if s == "" {
		return calendar.When{}, nil
	}
	return calendar.ParseWhen(s)
}

// finalDay is the last day of a cohort's first count: 31 August.
func finalDay(cohort string) calendar.Day { return calendar.Day(cohort + "-08-31") }

// usualCohort is the newest one whose first count is over, else the newest.
func usualCohort(cohorts []string, now calendar.Instant) string {
	for _, c := range slices.Backward(cohorts) {
		if finalDay(c).AddDays(1).Start() <= now {
			return c
		}
	}
	return cohorts[len(cohorts)-1]
}

// usualDay is 31 August of a cohort that is past it; of a running one now.
func usualDay(cohort string, now calendar.Instant) string {
	if finalDay(cohort).AddDays(1).Start() <= now {
		return string(finalDay(cohort))
	}
	return ""
}

// address of the page at path that asks for q, with more parameters in pairs.
func (q query) address(path string, more ...string) string {
	v := url.Values{"cohort": {q.Cohort}, "as_of": {q.AsOf}}
	if q.KnownAt != "" {
		v.Set("known_at", q.KnownAt)
	}
	if q.Definition != "" {
		v.Set("definition", q.Definition)
	}
	for i := 0; i+1 < len(more); i += 2 {
		v.Set(more[i], more[i+1])
	}
	return path + "?" + v.Encode()
}

// dayInput is the kind of field for the cut: a date picker where it is a day.
func (q query) dayInput() string { return dayInput(q.AsOf) }

// dayInput is the kind of field for a moment.
func dayInput(value string) string {
	if _, err := calendar.ParseDay(value); err == nil || value == "" {
		return "date"
	}
	return "text"
}

// pinned is the query with both times and the definition of a counted table, so
// that what a number opens was counted at the very moment of the number.
func (q query) pinned(t *indicator.Table) query {
	q.Definition = t.Definition
	if t.AsOf != nil {
		q.AsOf = t.AsOf.String()
	}
	if t.KnownAt != nil {
		q.KnownAt = t.KnownAt.String()
	}
	return q
}

// moment prints an exclusive bound as people read it: a whole day with the day
// in it, else the minute.
func moment(i calendar.Instant) string {
	if day := calendar.DayOf(i - 1); day.AddDays(1).Start() == i {
		return string(day) + "（含当日）"
	}
	return i.Time().Format("2006-01-02 15:04")
}
