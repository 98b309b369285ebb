package web

import (
	"net/http"
	"slices"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/indicator"
	"quxiang/internal/domain/release"
	"quxiang/internal/httpd"
	"quxiang/internal/web/part"
)

// snapshotsPage is the page of GET and POST /snapshots.
type snapshotsPage struct {
	part.Page
	List   []snapshotLine
	Pairs  []part.Option // names, to compare two
	May    bool          // may freeze
	Form   freezeForm
	Wrongs []part.Wrong
}

// freezeForm is what the form to freeze says.
type freezeForm struct {
	Name, Cohort, AsOf, Definition string
	Cohorts, Definitions           []part.Option
}

// snapshotLine is one snapshot of the list.
type snapshotLine struct {
	Name, Cohort, AsOf, Definition, Frozen, By string
	People                                     int
	State                                      part.State
}

// snapshots answers GET /snapshots.
func (w *Web) snapshots(rw http.ResponseWriter, r *httpd.Request) error {
	cohorts, err := w.Figures.Cohorts(r.Context())
	if err != nil {
		return err
	}
	f := freezeForm{Cohort: r.URL.Query().Get("cohort")}
	if f.Cohort == "" && len(cohorts) > 0 {
		f.Cohort = usualCohort(cohorts, w.Now())
	}
	if usualDay(f.Cohort, w.Now()) != "" {
		f.AsOf = "08-31"
	}
	return w.showSnapshots(rw, r, f, cohorts, nil)
}

// freeze answers POST /snapshots.
func (w *Web) freeze(rw http.ResponseWriter, r *httpd.Request) error {
	f := freezeForm{Name: typed(r, "name"), Cohort: typed(r, "cohort"), AsOf: typed(r, "as_of"), Definition: typed(r, "definition")}
	asOf, err := parseMoment(f.AsOf)
	if err == nil {
		_, err = w.Office.Releases.Freeze(r.Context(), r.Who, release.Freezing{Name: f.Name, Cohort: f.Cohort, AsOf: asOf, Definition: f.Definition})
	}
	if err == nil {
		return httpd.SeeOther(rw, r, "/snapshots/"+f.Name)
	}
	if !shownOnForm(err) {
		return err
	}
	cohorts, failed := w.Figures.Cohorts(r.Context())
	if failed != nil {
		return failed
	}
	return w.showSnapshots(rw, r, f, cohorts, err)
}

func (w *Web) showSnapshots(rw http.ResponseWriter, r *httpd.Request, f freezeForm, cohorts []string, refusal error) error {
	all, err := w.Office.Releases.List(r.Context(), r.Who)
	if err != nil {
		return err
	}
	p := snapshotsPage{Page: w.desk(rw, r, "快照与发布"), Form: f, May: mayWhole(r.Who, access.Freeze)}
	p.Wrongs = renamed(refusalLines(refusal), "when", "as_of")
	for _, c := range slices.Backward(cohorts) {
		p.Form.Cohorts = append(p.Form.Cohorts, part.Option{Value: c, Title: c + " 届"})
	}
	for _, d := range definitionChoices(f.Definition, false) {
		p.Form.Definitions = append(p.Form.Definitions, part.Option{Value: d.Key, Title: d.Title})
	}
	names := w.namesOfAccounts(r.Context())
	for i := range slices.Backward(all) {
		s := &all[i]
		by, err := names.name(s.FrozenBy)
		if err != nil {
			return err
		}
		p.List = append(p.List, snapshotLine{Name: s.Name, Cohort: s.Cohort, AsOf: moment(s.Cut.True), Definition: definitionName(s),
			Frozen: minuteOf(s.FrozenAt), By: by, People: s.People, State: snapshotState(s)})
		p.Pairs = append(p.Pairs, part.Option{Value: s.Name, Title: s.Name + "（" + s.Cohort + " 届）"})
	}
	return show(rw, r, refusal, snapshotsView(p))
}

// renamed puts what the domain says of one field at another one of the form.
func renamed(list []part.Wrong, from, to string) []part.Wrong {
	for i := range list {
		if list[i].Field == from {
			list[i].Field = to
		}
	}
	return list
}

// definitionName is the title of a snapshot's definition with its version.
func definitionName(s *release.Snapshot) string {
	d, err := indicator.DefinitionByID(s.Definition)
	if err != nil {
		return s.Definition + " " + s.Version
	}
	return d.Title + " " + s.Version
}

// snapshotState says whether a snapshot left the house.
func snapshotState(s *release.Snapshot) part.State {
	if s.Release == nil {
		return part.State{Kind: "draft", Word: "未发布"}
	}
	return part.State{Kind: "pass", Word: "已发布 " + string(calendar.DayOf(s.Release.At))}
}
