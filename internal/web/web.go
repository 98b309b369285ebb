// Package web is the door for people with a browser: pages rendered on the
// server, which work without a script and fetch nothing from elsewhere.
//
// Pages decide nothing: they read the request, call a verb, and show its answer.
package web

import (
	"context"
	"errors"
	"net/http"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/destination"
	"quxiang/internal/domain/external"
	"quxiang/internal/domain/history"
	"quxiang/internal/domain/indicator"
	"quxiang/internal/domain/privacy"
	"quxiang/internal/domain/roster"
	"quxiang/internal/domain/settings"
	"quxiang/internal/httpd"
)

// Figures counts what pages show.
type Figures interface {
	// Count counts a table within the actor's scope. Error: fault.Forbidden
	// without the permission to see figures.
	Count(ctx context.Context, who access.Actor, q indicator.Query) (indicator.Table, error)
	// Public counts a table over the whole school, by level at most. Error:
	// fault.Invalid for a finer one.
	Public(ctx context.Context, q indicator.Query) (indicator.Table, error)
	// People returns whom a number of the query's table counts within the actor's
	// scope: ids in order.
	People(ctx context.Context, who access.Actor, q indicator.Query, sel indicator.Selection) ([]string, error)
	// Curve follows one cell of one cohort over some days, within the actor's scope.
	Curve(ctx context.Context, who access.Actor, q indicator.Query, cell string, days []calendar.Day) ([]indicator.Point, error)
	// Evidence sorts the people of a cell by the strongest fact behind their case,
	// within the actor's scope.
	Evidence(ctx context.Context, who access.Actor, q indicator.Query, cell string) (indicator.Evidence, error)
	// Moves returns how many moved between two moments and which way, within the
	// actor's scope, and names nobody.
	Moves(ctx context.Context, who access.Actor, q indicator.Query, from, to indicator.Moment) (indicator.Differences, error)
	// Differences is Moves with the people, within whom the actor may see.
	Differences(ctx context.Context, who access.Actor, q indicator.Query, from, to indicator.Moment) (indicator.Differences, error)
	// Cohorts returns the years that somebody was ever in, oldest first.
	Cohorts(ctx context.Context) ([]string, error)
	// Names returns what keys of dimensions are called.
	Names(ctx context.Context) (indicator.Names, error)
}

// People are the graduates behind the numbers, within a scope.
type People interface {
	GraduatesByID(ctx context.Context, within access.Scope, ids []string) ([]roster.Graduate, error)
	Histories(ctx context.Context, within access.Scope, graduates []string) (map[string][]history.Event, error)
}

// Work is what waits, on whom and since when.
type Work interface {
	// Worklist returns everybody's registration as it stands now.
	Worklist(ctx context.Context) (*destination.Worklist, error)
}

// Deps is what the pages stand on. What may be nil says so.
type Deps struct {
	Config       httpd.Config
	Accounts     *access.Service
	Figures      Figures
	Published    Published
	People       People
	Work         Work
	Roster       *roster.Service
	Destinations *destination.Service
	// Picture draws an address as a QR code in PNG; nil: there is none to look at.
	Picture     func(address string) ([]byte, error)
	Book        func() *codes.Book
	School      func() indicator.School
	Now         func() calendar.Instant
	Office      *Office          // nil: without the office's own pages
	Once        httpd.Once       // nil: a form sent twice is two forms
	Imports     Imports          // nil: no files come in
	Exports     Exports          // nil: none go out
	Disclosures Disclosures      // nil: no sensitive columns go out
	Privacy     *privacy.Service // nil: no pages about personal data
	Retention   *privacy.Retention
	Reports     Reports           // nil: no reports are checked
	Workshop    *Workshop         // nil: no annual report is written
	Outcomes    Outcomes          // nil: no reports are released
	External    *external.Service // nil: no page of external figures
	// Ready says what keeps the server from doing its work, and what somebody must see
	// to though it works; nil: nothing is looked at.
	Ready func() (reasons, notes []string)
	Disk  func() settings.Disk // the room that is left; nil: nobody is told
	Demo  bool                 // an invented school: links let in without a password, on this machine only
}

// Web answers the pages.
type Web struct {
	Deps
	static *assets
	tables publishedTables
	handed handed
	gets   map[string]httpd.Route // plain pages by path
}

// Routes returns the route table for the given parts: what reviews and tests walk.
func Routes(d Deps) []httpd.Route { return (&Web{Deps: d}).routes() }

// New returns the handler of all pages. Errors: a missing part, an incomplete
// route, a Config that is refused (fault.Usage).
func New(d Deps) (http.Handler, error) {
	s, err := Site(d)
	if err != nil {
		return nil, err
	}
	return httpd.New(s)
}

// Site returns what the handler is made of, the whole route table among it, for
// who looks at every route there is. Error: a missing part.
func Site(d Deps) (httpd.Site, error) {
	if d.Accounts == nil || d.Figures == nil || d.Published == nil || d.People == nil || d.Work == nil || d.Roster == nil ||
		d.Destinations == nil || d.Book == nil || d.School == nil || d.Now == nil {
		return httpd.Site{}, errors.New("web: a part is missing")
	}
	w := &Web{Deps: d, static: newAssets()}
	routes := w.routes()
	w.gets = getRoutes(routes)
	return httpd.Site{
		Config: d.Config, Routes: routes, Sessions: d.Accounts, Now: d.Now, Once: d.Once,
		ShowProblem: w.problem, LoginPath: "/login", ShowExpired: w.expired, ShowBusy: w.busy,
		SecondPath: "/me/factor", PasswordPath: "/me/password", ShowOwed: w.renewFirst, ProvePath: "/me/prove", ShowProve: w.proveFirst,
	}, nil
}
