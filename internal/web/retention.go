package web

import (
	"net/http"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/privacy"
	"quxiang/internal/httpd"
	"quxiang/internal/web/part"
)

// retentionRoutes are the addresses of what is let go of.
func (w *Web) retentionRoutes() []httpd.Route {
	none := httpd.NotAudited
	return []httpd.Route{
		{Method: "GET", Pattern: "/retention", Permission: access.ViewRetention, Scope: httpd.Nobody, Class: httpd.Internal, Audit: none, Handle: w.retention},
		{Method: "POST", Pattern: "/retention/run", Permission: access.RunRetention, Scope: httpd.Nobody, Class: httpd.Internal, Audit: "retention.run", Handle: w.runRetention, Fresh: true},
		{Method: "POST", Pattern: "/retention/holds", Permission: access.RunRetention, Scope: httpd.Nobody, Class: httpd.Internal, Audit: "retention.hold", Handle: w.holdCohort},
		{Method: "POST", Pattern: "/retention/holds/{id}/lift", Permission: access.RunRetention, Scope: httpd.Nobody, Class: httpd.Internal, Audit: "retention.lift", Handle: w.liftHold},
	}
}

// retentionPage is the page of GET /retention.
type retentionPage struct {
	part.Page
	Now    retentionRow
	Past   []retentionRow
	Holds  []holdRow
	May    bool // run, hold, lift
	Cohort string
	Reason string
	Wrong  []part.Wrong
	Done   bool
}

// retentionRow is one run as people read it.
type retentionRow struct {
	When, Who, Did string
	Total          int
	Lines          []retentionLine
}

type retentionLine struct {
	Title, Kept, Why string
	Due, Held        int
}

type holdRow struct {
	privacy.Hold
	Who, When, Lifting string
}

// retention answers GET /retention.
func (w *Web) retention(rw http.ResponseWriter, r *httpd.Request) error {
	return w.showRetention(rw, r, retentionPage{Done: r.URL.Query().Get("done") == "1"}, nil)
}

func (w *Web) showRetention(rw http.ResponseWriter, r *httpd.Request, p retentionPage, refusal error) error {
	plan, err := w.Retention.Plan(r.Context(), r.Who)
	if err != nil {
		return err
	}
	runs, holds, err := w.Retention.Reports(r.Context(), r.Who)
	if err != nil {
		return err
	}
	var ids []string
	for _, x := range runs {
		ids = append(ids, x.Account)
	}
	for _, h := range holds {
		ids = append(ids, h.Account)
	}
	people, err := w.Accounts.People(r.Context(), unique(ids))
	if err != nil {
		return err
	}
	p.Now = w.retentionRow(plan, "")
	for _, x := range runs {
		p.Past = append(p.Past, w.retentionRow(x, people[x.Account].Name))
	}
	for _, h := range holds {
		row := holdRow{Hold: h, Who: people[h.Account].Name, When: minute(h.At)}
		if h.Lifted != 0 {
			row.Lifting = minute(h.Lifted)
		}
		p.Holds = append(p.Holds, row)
	}
	p.May = r.Who.May(access.RunRetention) == nil
	p.Page = w.desk(rw, r, "到期清理")
	return show(rw, r, refusal, retentionView(p))
}

func (w *Web) retentionRow(x privacy.Run, who string) retentionRow {
	row := retentionRow{When: minute(x.At), Who: who, Did: "提出清单，没有删除", Total: x.Total()}
	if x.State == privacy.Done {
		row.Did = "已清理"
	}
	terms := w.Retention.Terms()
	for _, rule := range privacy.Rules {
		line := retentionLine{Title: rule.Title, Kept: rule.Says(terms), Why: rule.Why}
		for _, c := range x.Counts {
			if c.Rule == rule.ID {
				line.Due, line.Held = c.Due, c.Held
			}
		}
		row.Lines = append(row.Lines, line)
	}
	return row
}

// runRetention answers POST /retention/run.
func (w *Web) runRetention(rw http.ResponseWriter, r *httpd.Request) error {
	if _, err := w.Retention.Run(r.Context(), r.Who); err != nil {
		return err
	}
	return httpd.SeeOther(rw, r, "/retention?done=1")
}

// holdCohort answers POST /retention/holds.
func (w *Web) holdCohort(rw http.ResponseWriter, r *httpd.Request) error {
	p := retentionPage{Cohort: typed(r, "cohort"), Reason: typed(r, "reason")}
	err := w.Retention.Suspend(r.Context(), r.Who, p.Cohort, p.Reason)
	if refused(err) {
		p.Wrong = refusals(err)
		return w.showRetention(rw, r, p, err)
	}
	if err != nil {
		return err
	}
	return httpd.SeeOther(rw, r, "/retention")
}

// liftHold answers POST /retention/holds/{id}/lift.
func (w *Web) liftHold(rw http.ResponseWriter, r *httpd.Request) error {
	if err := w.Retention.Resume(r.Context(), r.Who, r.PathValue("id")); err != nil {
		return err
	}
	return httpd.SeeOther(rw, r, "/retention")
}
