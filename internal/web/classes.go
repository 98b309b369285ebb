package web

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"

	"quxiang/internal/domain/destination"
	"quxiang/internal/domain/roster"
	"quxiang/internal/httpd"
	"quxiang/internal/web/part"
)

// classesPage is the page of GET /classes: what is to be done, class by class, in
// the order of the roster and in no other.
type classesPage struct {
	part.Page
	Cohorts []choice
	Cohort  string
	College string   // whose classes are shown, by name; blank: everybody's
	All     string   // address of the page of all; blank: this is it
	Queues  []string // titles of the columns
	Rows    []classDue
	Total   classDue
}

type classDue struct {
	Name, College string
	Href          string // of a college: its classes
	People        part.Number
	Cells         []part.Number
}

// classQueues are the columns of work to do, each a state of the list.
var classQueues = []destination.Queue{destination.QueueUnregistered, destination.QueueProposed, destination.QueueClass, destination.QueueCollege,
	destination.QueueSchool, destination.QueueReturned, destination.QueueDisputed}

// classes answers GET /classes.
func (w *Web) classes(rw http.ResponseWriter, r *httpd.Request) error {
	cohorts, err := w.Figures.Cohorts(r.Context())
	if err != nil {
		return err
	}
	p := classesPage{Cohort: r.URL.Query().Get("cohort")}
	if p.Cohort == "" && len(cohorts) > 0 {
		p.Cohort = usualCohort(cohorts, w.Now())
	}
	for _, c := range slices.Backward(cohorts) {
		p.Cohorts = append(p.Cohorts, choice{c, c + " 届", "/classes?cohort=" + c, c == p.Cohort})
	}
	work, err := w.Work.Worklist(r.Context())
	if err != nil {
		return err
	}
	units, err := w.Roster.Units(r.Context())
	if err != nil {
		return err
	}
	names := roster.NewShower(w.Book(), units)
	for _, q := range classQueues {
		p.Queues = append(p.Queues, stateTitle(string(q)))
	}
	sums := make([]int, len(classQueues)+1)
	list := work.Classes(r.Within, p.Cohort)
	all := destination.ClassCount{}
	byCollege := false
	if college := r.URL.Query().Get("college"); college != "" {
		list = slices.DeleteFunc(list, func(c destination.ClassCount) bool { return c.College != college })
		p.College, p.All, all.College = names.Plain("college", college), classesAddress(p.Cohort, ""), college
	} else if len(list) > mostClassRows {
		list, byCollege = destination.ByCollege(list), true
	}
	for _, c := range list {
		row := classDue{Name: names.Plain("class", c.Class), College: names.Plain("college", c.College)}
		switch {
		case byCollege:
			row.Name, row.College, row.Href = cmp.Or(row.College, "没有学院"), "", classesAddress(p.Cohort, c.College)
		case c.Class == "":
			row.Name = "没有班级"
		}
		row.People = classNumber(c.N, row.Name, "毕业生", p.Cohort, c, "")
		sums[0] += c.N
		for i, q := range classQueues {
			row.Cells = append(row.Cells, classNumber(c.Of(q), row.Name, p.Queues[i], p.Cohort, c, string(q)))
			sums[i+1] += c.Of(q)
		}
		p.Rows = append(p.Rows, row)
	}
	p.Total = classDue{Name: "合计", People: classNumber(sums[0], "合计", "毕业生", p.Cohort, all, "")}
	for i, q := range classQueues {
		p.Total.Cells = append(p.Total.Cells, classNumber(sums[i+1], "合计", p.Queues[i], p.Cohort, all, string(q)))
	}
	p.Page = w.desk(rw, r, "班级进度")
	return show(rw, r, nil, classesView(p))
}

// mostClassRows is how many classes stand in one table. Of more, colleges come
// first: two thousand lines are a megabyte, and nobody reads them.
const mostClassRows = 300

// unit is what a line of the table is.
func (p classesPage) unit() string {
	if len(p.Rows) > 0 && p.Rows[0].Href != "" {
		return "学院（点开看各班）"
	}
	return "班级"
}

// classesAddress is the page of a cohort's classes, of a college or of all.
func classesAddress(cohort, college string) string {
	v := url.Values{"cohort": {cohort}}
	if college != "" {
		v.Set("college", college)
	}
	return "/classes?" + v.Encode()
}

// classNumber is a count of a class that opens its people.
func classNumber(n int, name, what, cohort string, c destination.ClassCount, state string) part.Number {
	q := listQuery{Listing: roster.Listing{Cohort: cohort, Class: c.Class, College: c.College}, State: state}
	return part.Number{Text: thousands(n), Zero: n == 0, Href: "/graduates?" + q.values().Encode(), Says: thousands(n) + " 人，" + name + " " + what + "，打开名单"}
}
