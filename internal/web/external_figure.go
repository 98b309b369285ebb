package web

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strconv"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/external"
	"quxiang/internal/domain/fault"
	"quxiang/internal/httpd"
	"quxiang/internal/web/part"
)

// externalPage is the page of one figure: beside its document, to be checked.
type externalPage struct {
	part.Page
	external.Figure
	Status   part.State
	Versions []externalVersion // the newest first
	Share    string            // k in hundred of n, two digits more than the document prints; blank: not told
	Own      string            // our own count, of a replaced one
	Apart    string            // how far the two lie apart
	May      bool              // change, withdraw, replace
	MayCheck bool
	Mine     bool // the actor entered it
	Wrongs   []part.Wrong
}

// externalVersion is a version in the history of a figure.
type externalVersion struct {
	external.Figure
	Lines []string // who did what and when
}

// externalFigure answers GET /external-figures/{cohort}/{key}.
func (w *Web) externalFigure(rw http.ResponseWriter, r *httpd.Request) error {
	return w.showExternal(rw, r, nil)
}

func (w *Web) showExternal(rw http.ResponseWriter, r *httpd.Request, refusal error) error {
	list, err := w.External.Find(r.Context(), r.Who, r.PathValue("cohort"), r.PathValue("key"))
	if err != nil {
		return err
	}
	f := list[0]
	p := externalPage{Figure: f, Status: externalState(f.State), May: mayWhole(r.Who, access.EditReports), Mine: f.Entered.Account == r.Who.Account, Wrongs: refusalLines(refusal)}
	p.MayCheck = p.May && !p.Mine && f.State == external.Entered
	if f.Unit == external.Percent && f.K != "" {
		p.Share = f.Quotient()
	}
	if p.Versions, err = w.externalVersions(r, list); err != nil {
		return err
	}
	if f.State == external.Replaced {
		if p.Own, p.Apart, err = w.beside(r.Context(), r.Who, &f); err != nil {
			return err
		}
	}
	p.Page = w.desk(rw, r, f.Title, part.Link{Title: "外部数据", Href: externalAddress}, part.Link{Title: f.Cohort + " 届", Href: externalAddress + "?cohort=" + f.Cohort})
	return show(rw, r, refusal, externalView(p))
}

// beside is our own count of what a figure said; blank where it cannot be shown.
func (w *Web) beside(ctx context.Context, who access.Actor, f *external.Figure) (own, apart string, err error) {
	o, err := external.ParseOwn(f.Own)
	if err != nil {
		return "", "", nil // the indicator went with a definition
	}
	t, err := w.Figures.Count(ctx, who, o.Query(f.Cohort))
	switch fault.KindOf(err) {
	case fault.Forbidden, fault.Invalid:
		return "", "", nil
	}
	if err != nil {
		return "", "", err
	}
	value, ok := o.In(&t)
	if !ok {
		return "", "", nil
	}
	own, apart = external.Beside(&f.Content, value)
	return own, apart, nil
}

func (w *Web) externalVersions(r *httpd.Request, list []external.Figure) ([]externalVersion, error) {
	var ids []string
	for i := range list {
		ids = append(ids, list[i].Entered.Account, list[i].Checked.Account, list[i].Ended.Account)
	}
	people, err := w.Accounts.People(r.Context(), unique(ids))
	if err != nil {
		return nil, err
	}
	var out []externalVersion
	for _, f := range list {
		v := externalVersion{Figure: f}
		for _, m := range []struct {
			external.Mark
			did string
		}{{f.Entered, "录入"}, {f.Checked, "复核"}, {f.Ended, external.Title(f.State)}} {
			if m.No == 0 {
				continue
			}
			line := minute(m.At) + " " + cmp.Or(people[m.Account].Name, m.Account) + " " + m.did
			if m.Mark == f.Ended {
				line += "：" + f.Reason
			}
			v.Lines = append(v.Lines, line)
		}
		out = append(out, v)
	}
	return out, nil
}

// checkExternal answers POST /external-figures/{cohort}/{key}/check.
func (w *Web) checkExternal(rw http.ResponseWriter, r *httpd.Request) error {
	version, _ := strconv.Atoi(typed(r, "version")) // else it is none that there is
	f, err := w.External.Check(r.Context(), r.Who, r.PathValue("cohort"), r.PathValue("key"), version)
	if err == nil {
		return httpd.SeeOther(rw, r, figureAddress(f.Cohort, f.Key))
	}
	if !shownOnForm(err) {
		return err
	}
	return w.showExternal(rw, r, err)
}

// externalEnd is a way in which a figure goes out of reports.
type externalEnd struct{ path, title, about, button string }

var (
	ledgerWithdraw = externalEnd{"withdraw", "撤回", "撤回以后，新编的报告不再印这一项；已经印出的报告照旧可以核对。台账里留着它和理由。", "撤回这一项"}
	ledgerReplace  = externalEnd{"replace", "改由本系统统计", "写明由哪一项指标统计。已经印出的报告不变；新编的报告会提示改用本系统的数，这里并列两个数和相差多少。", "改由本系统统计"}
)

// externalEndPage is the form of an end.
type externalEndPage struct {
	part.Page
	external.Figure
	End    externalEnd
	Own    string
	Reason string
	Wrongs []part.Wrong
}

// externalEnding answers GET …/withdraw and GET …/replace.
func (w *Web) externalEnding(e externalEnd) func(http.ResponseWriter, *httpd.Request) error {
	return func(rw http.ResponseWriter, r *httpd.Request) error { return w.showExternalEnd(rw, r, e, nil) }
}

func (w *Web) showExternalEnd(rw http.ResponseWriter, r *httpd.Request, e externalEnd, refusal error) error {
	list, err := w.External.Find(r.Context(), r.Who, r.PathValue("cohort"), r.PathValue("key"))
	if err != nil {
		return err
	}
	f := list[0]
	p := externalEndPage{Figure: f, End: e, Own: f.Own, Wrongs: refusalLines(refusal)}
	if refusal != nil {
		p.Own, p.Reason = typed(r, "own"), typed(r, "reason")
	}
	p.Page = w.desk(rw, r, e.title, part.Link{Title: "外部数据", Href: externalAddress}, part.Link{Title: f.Title, Href: figureAddress(f.Cohort, f.Key)})
	return show(rw, r, refusal, externalEndView(p))
}

// endExternal answers POST …/withdraw and POST …/replace.
func (w *Web) endExternal(e externalEnd) func(http.ResponseWriter, *httpd.Request) error {
	return func(rw http.ResponseWriter, r *httpd.Request) error {
		cohort, key := r.PathValue("cohort"), r.PathValue("key")
		var err error
		if e == ledgerReplace {
			_, err = w.External.Replace(r.Context(), r.Who, cohort, key, typed(r, "own"), typed(r, "reason"))
		} else {
			_, err = w.External.Withdraw(r.Context(), r.Who, cohort, key, typed(r, "reason"))
		}
		if err == nil {
			return httpd.SeeOther(rw, r, figureAddress(cohort, key))
		}
		if !shownOnForm(err) {
			return err
		}
		return w.showExternalEnd(rw, r, e, err)
	}
}

// unitOptions are the units that are offered, with the one that a figure has.
func unitOptions(unit string) []part.Option {
	list := external.Units
	if unit != "" && !slices.Contains(list, unit) {
		list = append(slices.Clone(list), unit)
	}
	var out []part.Option
	for _, u := range list {
		out = append(out, part.Option{Value: u, Title: u})
	}
	return out
}
