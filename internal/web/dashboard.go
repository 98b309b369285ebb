package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/history"
	"quxiang/internal/domain/indicator"
	"quxiang/internal/httpd"
	"quxiang/internal/web/part"
)

// dashboardPage is GET / for who may see figures of the house: how many, how
// firm, what changed, what waits; then by level, along the days, by unit.
type dashboardPage struct {
	homePage
	Since    comparison
	Change   change
	Spark    part.Spark
	Knows    *share // 去向知晓率; nil where nobody is to be counted
	Evidence *evidence
	Moves    moves
	Queue    queue
	Curve    *curve
	Colleges []collegeRow // none: the scope is one college or less
	Classes  *classWork   // instead of colleges
	Freeze   string       // where figures are frozen; blank: not by this account
}

// comparison is the earlier moment that figures are held against.
type comparison struct {
	Text  string // as in the address; blank: the usual one
	Value string // for the field: the day compared with
	Short string // as people read it: 08-24
	Then  bool   // by what was known at that moment, else by what the page knows
	From  indicator.Moment
	At    calendar.Instant // true, exclusive
	Other string           // address of the page with the other choice of Then
}

// change is what became of the headline since the comparison.
type change struct {
	Known  bool // there is a figure on both sides
	People string
	Points string // percentage points, as the printed percentages differ
}

// share is K of Base people.
type share struct {
	Count, Base part.Number
	Percent     string
}

// dashboard answers GET / for staff, of their scope.
func (w *Web) dashboard(rw http.ResponseWriter, r *httpd.Request, cohorts []string) error {
	v := r.URL.Query()
	q, ask, err := parseQuery(v, cohorts, w.Now())
	if err != nil {
		return err
	}
	since, err := parseSince(v, q, &ask, w.Now())
	if err != nil {
		return err
	}
	ask.By = []indicator.Dim{"level"}
	t, err := w.Figures.Count(r.Context(), r.Who, ask)
	if err != nil {
		return err
	}
	p := dashboardPage{Since: since}
	if p.homePage, err = w.homePage(r.Context(), r, q, &t, true); err != nil {
		return err
	}
	p.Page = w.desk(rw, r, "去向总览")
	p.Cohorts = w.cohortChoices(cohorts, q.Cohort)
	if w.mayOpen(r, "/snapshots") && r.Who.May(access.Freeze) == nil {
		p.Freeze = "/snapshots"
	}
	ask.By = nil
	for _, fill := range []func(*httpd.Request, *dashboardPage, *indicator.Table, indicator.Query, []string) error{
		w.fillChange, w.fillEvidence, w.fillMoves, w.fillQueue, w.fillCurve, w.fillUnits,
	} {
		if err := fill(r, &p, &t, ask, cohorts); err != nil {
			return err
		}
	}
	if p.Curve != nil {
		p.Page = w.script(p.Page, "echarts.min.js", "chart.js")
	}
	return show(rw, r, nil, dashboardView(p))
}

// Noun is what those are, whom the headline counts.
func (p *dashboardPage) Noun() string {
	if p.Headline.Cell == settled {
		return "落实"
	}
	return "计入"
}

// then is the address of the page as it would have been at the cut itself.
func (p *dashboardPage) then() string {
	q := p.Query
	q.KnownAt = knownThen
	return q.address("/")
}

// mayOpen reports that there is a page at the path and that the actor may open it.
func (w *Web) mayOpen(r *httpd.Request, path string) bool {
	route, ok := w.gets[path]
	return ok && (route.Permission == httpd.Anyone || r.Who.May(route.Permission) == nil)
}

// opener of the people behind the page's numbers; of who sees aggregates only, none.
func (p *dashboardPage) opener(t *indicator.Table) opener {
	if !p.Opens {
		return opener{}
	}
	return opener{query: p.Query.pinned(t)}
}

// parseSince reads the moment to compare with: a week before the cut, unless the
// address names another. A page of now is held against what was known then, as
// it was to be seen on that day; one of a past day against that day as it is
// known to the page, for else later corrections would pass for changes of that week.
func parseSince(v url.Values, q query, ask *indicator.Query, now calendar.Instant) (comparison, error) {
	to, known := now+1, now+1
	if !ask.AsOf.IsZero() {
		to = ask.AsOf.For(q.Cohort)
	}
	if !ask.KnownAt.IsZero() {
		known = ask.KnownAt.For(q.Cohort)
	}
	c := comparison{Text: strings.TrimSpace(v.Get("since")), Then: q.AsOf == ""}
	c.Value = c.Text
	if c.Value == "" {
		c.Value = string(calendar.DayOf(to - 1).AddDays(-7))
	}
	when, err := calendar.ParseWhen(c.Value)
	if err != nil {
		return c, fault.Invalidf("since", "对比的日期“%s”读不出来，请写 2024-08-24 的样子", c.Value)
	}
	if c.At = when.For(q.Cohort); c.At >= to {
		return c, fault.Invalidf("since", "对比的日期 %s 不早于截至的时点，请改成更早的一天", c.Value)
	}
	switch v.Get("since_known") {
	case "then":
		c.Then = true
	case "same":
		c.Then = false
	}
	c.Short = shortMoment(c.At, to)
	c.From = indicator.Moment{AsOf: calendar.WhenAt(c.At), KnownAt: ask.KnownAt}
	if c.Then {
		c.From.KnownAt = calendar.WhenAt(min(c.At, known))
	}
	other := map[bool]string{true: "same", false: "then"}[c.Then]
	more := []string{"since_known", other}
	if c.Text != "" {
		more = append(more, "since", c.Text)
	}
	c.Other = q.address("/", more...)
	return c, nil
}

// shortMoment prints an exclusive bound without the year where it is that of the
// moment beside it.
func shortMoment(i, beside calendar.Instant) string {
	text := strings.TrimSuffix(moment(i), "（含当日）")
	if year := calendar.DayOf(beside - 1)[:5]; strings.HasPrefix(text, string(year)) {
		return text[5:]
	}
	return text
}

// fillChange holds the headline against the earlier moment, and says how many
// destinations are known.
func (w *Web) fillChange(r *httpd.Request, p *dashboardPage, t *indicator.Table, ask indicator.Query, _ []string) error {
	now, row := mainOf(t, p.Headline.Cell)
	if row == nil {
		return nil
	}
	p.Knows = knowledge(row, p.opener(t))
	ask.AsOf, ask.KnownAt = p.Since.From.AsOf, p.Since.From.KnownAt
	before, err := w.Figures.Count(r.Context(), r.Who, ask)
	if err != nil {
		return err
	}
	if was, _ := mainOf(&before, p.Headline.Cell); was.Base > 0 {
		p.Change = change{Known: true, People: signed(thousands(now.K - was.K)), Points: signed(points(hundredths(now) - hundredths(was)))}
	}
	return nil
}

// mainOf reads the headline off a table's total row; nil without one.
func mainOf(t *indicator.Table, cell string) (indicator.Figure, *indicator.Row) {
	for i := range t.Rows {
		if row := &t.Rows[i]; row.Total && !row.Hidden {
			for c, h := range t.Headings {
				if h.ID == cell && !row.Cells[c].Hidden {
					return row.Cells[c], row
				}
			}
		}
	}
	return indicator.Figure{}, nil
}

// knowledge is the share whose destination is registered, seeking and not seeking
// included, as the catalogue's definition nace counts it; nil where a part of it
// is withheld.
func knowledge(row *indicator.Row, open opener) *share {
	k := row.N
	for _, s := range row.Seeking {
		if s.Hidden {
			return nil
		}
		if s.ID != history.Registered {
			k -= s.K
		}
	}
	if open.query.Cohort != "" {
		open.query.Definition = "nace"
	}
	return &share{Count: open.number(k, row, "knowledge", "去向已登记"), Base: part.Number{Text: thousands(row.N)},
		Percent: indicator.Figure{K: k, Base: row.N}.Percent()}
}

// hundredths of a percent, as the percentage is printed.
func hundredths(f indicator.Figure) int {
	n, _ := strconv.Atoi(strings.Replace(f.Percent(), ".", "", 1))
	return n
}

// points prints hundredths of a percentage point: 1.43.
func points(h int) string {
	sign := ""
	if h < 0 {
		sign, h = "-", -h
	}
	return sign + strconv.Itoa(h/100) + "." + strconv.Itoa(h/10%10) + strconv.Itoa(h%10)
}

// signed puts a sign before a number that is not zero, with a true minus.
func signed(s string) string {
	switch {
	case strings.HasPrefix(s, "-"):
		return "−" + s[1:]
	case strings.Trim(s, "0.") == "":
		return s
	}
	return "+" + s
}
