package web

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/indicator"
	"quxiang/internal/httpd"
	"quxiang/internal/web/part"
)

// settled is the cell of 毕业去向落实率.
const settled = "settled"

// mainCell is the column whose share is the headline: 毕业去向落实率, or what a
// definition from elsewhere has in its place.
func mainCell(def *indicator.Definition) *indicator.Cell {
	for _, id := range []string{settled, "outcomes"} {
		for i := range def.Cells {
			if def.Cells[i].ID == id {
				return &def.Cells[i]
			}
		}
	}
	return &def.Cells[0]
}

// homePage is the page of GET /.
type homePage struct {
	part.Page
	Query       query
	Cohorts     []choice
	Definitions []choice
	AsOf        string // as people read it
	Known       string // the same of what was known; blank: now
	Released    string // day of release; blank: figures as they are counted now
	Definition  indicator.Definition
	Scope       string // over whom; blank: the whole school
	Hindsight   int    // people who would have counted otherwise by what was known at the time
	Headline    headline
	Figures     figures
	Seeking     *seeking // who may see figures of the house; nil for everybody else
	Notes       []string
	Opens       bool // numbers open the people they count
	Mine        bool // a graduate: the way to their own registration
	Outcomes    bool // the way to the annual reports that were released
}

// caption says how to read Table 1-1.
func (p homePage) caption() string {
	out := "人数，及占毕业生的百分比；四舍五入，不凑 100"
	if p.Opens {
		out += "；点任一人数看名单"
	}
	return out
}

// choice is one of several links or options.
type choice struct {
	Key, Title, Href string
	Current          bool
}

// headline is 落实率 with its base.
type headline struct {
	Title   string
	Cell    string // id of the column
	Percent string
	Count   part.Number
	Base    part.Number
}

// home answers GET /. Who has figures to see, sees those of their scope; of an
// invented school everybody sees the whole; of a real one the public sees what was
// released.
func (w *Web) home(rw http.ResponseWriter, r *httpd.Request) error {
	inside := r.Who.May(access.ViewFigures) == nil
	if isGraduate(r) && r.URL.RawQuery == "" {
		return httpd.SeeOther(rw, r, "/mine")
	}
	if !inside && !w.Demo {
		return w.published(rw, r)
	}
	cohorts, err := w.Figures.Cohorts(r.Context())
	if err != nil {
		return err
	}
	if len(cohorts) == 0 {
		return show(rw, r, nil, emptyView(w.homeFrame(rw, r, "毕业去向"), w.mayOpen(r, "/import")))
	}
	if inside {
		return w.dashboard(rw, r, cohorts)
	}
	q, ask, err := parseQuery(r.URL.Query(), cohorts, w.Now())
	if err != nil {
		return err
	}
	ask.By = []indicator.Dim{"level"}
	t, err := w.Figures.Public(r.Context(), ask)
	if err != nil {
		return err
	}
	p, err := w.homePage(r.Context(), r, q, &t, false)
	if err != nil {
		return err
	}
	p.Page = w.homeFrame(rw, r, q.Cohort+" 届毕业去向")
	p.Cohorts = w.cohortChoices(cohorts, q.Cohort)
	return show(rw, r, nil, homeView(p))
}

// isGraduate reports that the page is asked for by a graduate who is nothing else here.
func isGraduate(r *httpd.Request) bool {
	return r.Who.May(access.RegisterOwn) == nil && r.Who.May(access.ViewFigures) != nil
}

// homeFrame is the desk for staff, who find their way from there, and the public
// frame for graduates and visitors.
func (w *Web) homeFrame(rw http.ResponseWriter, r *httpd.Request, title string) part.Page {
	if r.SignedIn() && !isGraduate(r) {
		return w.desk(rw, r, title)
	}
	return w.frame(rw, r, title)
}

// cohortChoices are the tabs of the cohorts, each at its own usual day.
func (w *Web) cohortChoices(cohorts []string, current string) []choice {
	var out []choice
	for _, c := range cohorts {
		to := query{Cohort: c, AsOf: usualDay(c, w.Now())}
		out = append(out, choice{c, c + " 届", to.address("/"), c == current})
	}
	return out
}

// homePage lays the counted table out.
func (w *Web) homePage(ctx context.Context, r *httpd.Request, q query, t *indicator.Table, inside bool) (homePage, error) {
	def, err := indicator.DefinitionByID(t.Definition)
	if err != nil {
		return homePage{}, err
	}
	p := homePage{
		Query: q, Definition: def, Hindsight: t.Hindsight, Notes: t.Notes, Definitions: definitionChoices(def.ID, inside),
		Opens: r.Who.May(access.ViewPeople) == nil, Mine: r.Who.May(access.RegisterOwn) == nil, Outcomes: w.Outcomes != nil && !inside,
	}
	if t.AsOf != nil {
		p.AsOf = moment(*t.AsOf)
	}
	if q.KnownAt != "" && t.KnownAt != nil {
		p.Known = moment(*t.KnownAt)
	}
	var open opener
	if p.Opens {
		open = opener{query: q.pinned(t)}
	}
	p.Figures = layOut(t, &def, open)
	p.Headline = head(t, mainCell(&def), open)
	if inside {
		p.Seeking = splitSeeking(t, open)
		if p.Scope, err = w.scopeName(ctx, r.Within); err != nil {
			return homePage{}, err
		}
	}
	return p, nil
}

// definitionChoices are the definitions that count destinations, with those that
// stay in the house or without.
func definitionChoices(current string, inside bool) []choice {
	var out []choice
	for _, d := range indicator.Catalogue() {
		if d.Table == table && (inside || !d.Inside) {
			out = append(out, choice{Key: d.ID, Title: d.Title, Current: d.ID == current})
		}
	}
	return out
}

// source is where a definition comes from, without the mark of the specification.
func source(d indicator.Definition) string {
	return strings.TrimSpace(strings.ReplaceAll(d.Source, "[own]", ""))
}

// head reads the headline off the total row.
func head(t *indicator.Table, main *indicator.Cell, open opener) headline {
	out := headline{Title: main.Title, Cell: main.ID}
	for i := range t.Rows {
		row := &t.Rows[i]
		if !row.Total || row.Hidden {
			continue
		}
		out.Base = open.number(row.N, row, "", "")
		for c, h := range t.Headings {
			if h.ID == main.ID && !row.Cells[c].Hidden {
				out.Percent, out.Count = row.Cells[c].Percent(), open.number(row.Cells[c].K, row, h.ID, h.Title)
				if row.Cells[c].OwnBase {
					out.Base = part.Number{Text: thousands(row.Cells[c].Base)}
				}
			}
		}
	}
	return out
}

// scopeName says over whom figures are; blank for the whole school.
func (w *Web) scopeName(ctx context.Context, s access.Scope) (string, error) {
	if s.School || s.Empty() {
		return "", nil
	}
	names, err := w.Figures.Names(ctx)
	if err != nil {
		return "", err
	}
	var out []string
	for _, k := range s.Colleges {
		name, _ := names.Name("college", k)
		out = append(out, name)
	}
	if n := len(s.Classes); n > 0 {
		out = append(out, strconv.Itoa(n)+" 个班")
	}
	if n := len(s.Graduates); n > 0 {
		out = append(out, strconv.Itoa(n)+" 位指定毕业生")
	}
	return strings.Join(out, "、"), nil
}
