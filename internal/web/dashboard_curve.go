package web

import (
	"slices"
	"strconv"
	"time"

	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/indicator"
	"quxiang/internal/httpd"
	"quxiang/internal/web/part"
)

// curve is the rate along the days.
type curve struct {
	Title string
	part.Curve
}

// sparkPoints is how many of the newest points the small line has.
const sparkPoints = 10

// fillCurve follows the rate from December, when a cohort's register opens, to
// the cut, with the cohort before on the same days of its own year. All points
// are as the page knows them.
func (w *Web) fillCurve(r *httpd.Request, p *dashboardPage, t *indicator.Table, ask indicator.Query, cohorts []string) error {
	if t.AsOf == nil || p.Headline.Percent == "" {
		return nil
	}
	days := curveDays(p.Query.Cohort, calendar.DayOf(*t.AsOf-1))
	if len(days) < 2 {
		return nil
	}
	own, err := w.Figures.Curve(r.Context(), r.Who, ask, p.Headline.Cell, days)
	if err != nil {
		return err
	}
	lines := []curveLine{{p.Query.Cohort, own}}
	if before := cohortBefore(p.Query.Cohort, cohorts); before != "" {
		ask.Cohorts, ask.Definition = []string{before}, p.Definition.ID
		last, err := w.Figures.Curve(r.Context(), r.Who, ask, p.Headline.Cell, yearBefore(days))
		if err != nil {
			return err
		}
		if last[len(last)-1].Base > 0 {
			lines = append(lines, curveLine{before, last})
		}
	}
	p.Curve = &curve{Title: curveTitle(own, p.Headline.Title), Curve: drawCurve(days, lines, p.Noun())}
	spots := p.Curve.Lines[0].Points
	p.Spark = part.Spark{Points: spots[max(0, len(spots)-sparkPoints):]}
	return nil
}

// curveDays are those of a curve: from 1 December before the cohort's year to the
// last day, weekly, or rarer where that would be too many to read.
func curveDays(cohort string, last calendar.Day) []calendar.Day {
	year, err := strconv.Atoi(cohort)
	if err != nil {
		return nil
	}
	first := calendar.Day(strconv.Itoa(year-1) + "-12-01")
	span := daysBetween(first, last)
	step := 7
	for span/step > 60 {
		step *= 2
	}
	var days []calendar.Day
	for d := last; d > first; d = d.AddDays(-step) {
		days = append(days, d)
	}
	if last < first {
		return nil
	}
	days = append(days, first)
	slices.Reverse(days)
	return days
}

func daysBetween(a, b calendar.Day) int { return int((b.Start() - a.Start()) / 86_400_000) }

// yearBefore are the same days a year earlier.
func yearBefore(days []calendar.Day) []calendar.Day {
	out := make([]calendar.Day, len(days))
	for i, d := range days {
		t := d.Start().Time()
		year := t.Year() - 1
		out[i] = calendar.Day(strconv.Itoa(year) + string(d[4:]))
		if t.Month() == time.February && t.Day() == 29 {
			out[i] = calendar.Day(strconv.Itoa(year) + "-02-28")
		}
	}
	return out
}

// cohortBefore is last year's; blank if there is none.
func cohortBefore(cohort string, cohorts []string) string {
	year, err := strconv.Atoi(cohort)
	if before := strconv.Itoa(year - 1); err == nil && slices.Contains(cohorts, before) {
		return before
	}
	return ""
}

type curveLine struct {
	cohort string
	points []indicator.Point
}

// drawCurve lays lines and table out.
func drawCurve(days []calendar.Day, lines []curveLine, noun string) part.Curve {
	first, last := days[0], days[len(days)-1]
	c := part.Curve{ID: "curve", Span: daysBetween(first, last), Ticks: monthTicks(first, last), End: "截至 " + string(last[5:])}
	for i, l := range lines {
		end := l.points[len(l.points)-1]
		line := part.Line{Name: l.cohort + " 届 " + end.Percent() + " %", Column: 2 + i}
		for k, p := range l.points {
			if p.Base > 0 {
				line.Points = append(line.Points, part.Spot{Day: daysBetween(first, days[k]), Share: hundredths(p.Figure)})
			}
		}
		c.Lines = append(c.Lines, line)
	}
	c.Head = []string{noun + "人数", "基数", lines[0].cohort + " 届 %"}
	if len(lines) > 1 {
		c.Head = append(c.Head, lines[1].cohort+" 届同日 %")
	}
	for k := range days {
		row := part.CurveRow{Day: string(days[k]), Cells: []string{thousands(lines[0].points[k].K), thousands(lines[0].points[k].Base)}}
		for _, l := range lines {
			row.Cells = append(row.Cells, l.points[k].Percent())
		}
		c.Rows = append(c.Rows, row)
	}
	return c
}

// monthTicks marks the first of each month.
func monthTicks(first, last calendar.Day) []part.Tick {
	var out []part.Tick
	for t := first.Start().Time(); ; t = t.AddDate(0, 1, 0) {
		day := calendar.DayOf(calendar.At(t))
		if day > last {
			return out
		}
		title := strconv.Itoa(int(t.Month())) + " 月"
		if t.Month() == time.January && len(out) > 1 {
			title = strconv.Itoa(t.Year()) + " 年"
		}
		out = append(out, part.Tick{Day: daysBetween(first, day), Title: title})
	}
}

// curveTitle is what the curve shows: the month in which the rate rose most, if
// it rose at all.
func curveTitle(list []indicator.Point, title string) string {
	most, month, at := 0, "", 0
	for i := range list {
		if i+1 < len(list) && list[i+1].Day[:7] == list[i].Day[:7] {
			continue // not the last of its month
		}
		if list[at].Base > 0 && list[i].Base > 0 {
			if rise := hundredths(list[i].Figure) - hundredths(list[at].Figure); rise > most {
				most, month = rise, string(list[i].Day[:7])
			}
		}
		at = i
	}
	if month == "" {
		return title + "一周一周怎么变"
	}
	n, _ := strconv.Atoi(month[5:])
	return title + "在 " + month[:4] + " 年 " + strconv.Itoa(n) + " 月升得最多（" + signed(points(most)) + " 个百分点）"
}
