package web

import (
	"context"
	"net/http"
	"strings"
	"sync"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/indicator"
	"quxiang/internal/domain/release"
	"quxiang/internal/httpd"
)

// Published are the figures that left the house with their approval.
type Published interface {
	// Released returns the newest released snapshot of each cohort, the newest
	// cohort first.
	Released(ctx context.Context) ([]release.Snapshot, error)
	// Show counts a table of a snapshot; a public view of a released one needs no right.
	Show(ctx context.Context, who access.Actor, name string, v release.View) (release.Shown, error)
}

// published answers GET / for who may see no figures of the house: what was
// released, as it was frozen, and nothing else. A university may not show its
// figures before the province consents.
func (w *Web) published(rw http.ResponseWriter, r *httpd.Request) error {
	list, err := w.Published.Released(r.Context())
	if err != nil {
		return err
	}
	mine := r.Who.May(access.RegisterOwn) == nil
	if len(list) == 0 {
		return show(rw, r, nil, nothingPublishedView(w.homeFrame(rw, r, "毕业去向"), mine, r.SignedIn(), w.mayOpen(r, "/accounts"), w.Outcomes != nil))
	}
	snap, err := pickReleased(list, r.URL.Query().Get("cohort"))
	if err != nil {
		return err
	}
	table, err := w.publishedTable(r, snap)
	if err != nil {
		return err
	}
	p, err := w.homePage(r.Context(), r, query{Cohort: snap.Cohort}, table, false)
	if err != nil {
		return err
	}
	p.Page = w.homeFrame(rw, r, snap.Cohort+" 届毕业去向")
	p.AsOf, p.Known = moment(snap.Cut.True), moment(snap.Cut.Known)
	p.Released = snap.Release.At.Time().Format("2006-01-02")
	for _, s := range list {
		p.Cohorts = append(p.Cohorts, choice{s.Cohort, s.Cohort + " 届", "/?cohort=" + s.Cohort, s.Cohort == snap.Cohort})
	}
	return show(rw, r, nil, homeView(p))
}

// publishedTables remembers what the public is shown of each released snapshot:
// it cannot change any more, and counting it reads every row. Its zero value is ready.
type publishedTables struct {
	mu   sync.Mutex
	held map[publishedKey]*indicator.Table
}

// publishedKey names a release.
type publishedKey struct {
	name string
	at   calendar.Instant
}

// publishedTable returns the public table of a released snapshot, counted once.
// The table is shared: nobody may change it.
func (w *Web) publishedTable(r *httpd.Request, snap *release.Snapshot) (*indicator.Table, error) {
	w.tables.mu.Lock() // also while it is counted: a hundred first visitors count it once
	defer w.tables.mu.Unlock()
	key := publishedKey{snap.Name, snap.Release.At}
	if t := w.tables.held[key]; t != nil {
		return t, nil
	}
	shown, err := w.Published.Show(r.Context(), r.Who, snap.Name, release.View{By: []indicator.Dim{"level"}, Public: true})
	if err != nil {
		return nil, err
	}
	if w.tables.held == nil {
		w.tables.held = map[publishedKey]*indicator.Table{}
	}
	w.tables.held[key] = &shown.Table
	return &shown.Table, nil
}

// pickReleased returns the snapshot of the cohort; of none the newest.
// Error: fault.Invalid, naming the cohorts there are.
func pickReleased(list []release.Snapshot, cohort string) (*release.Snapshot, error) {
	var known []string
	for i := range list {
		if cohort == "" || list[i].Cohort == cohort {
			return &list[i], nil
		}
		known = append(known, list[i].Cohort)
	}
	return nil, fault.Invalidf("cohort", "“%s”届还没有公布，已公布的有 %s", cohort, strings.Join(known, "、"))
}
