package web

import (
	"quxiang/internal/domain/access"
	"quxiang/internal/httpd"
)

// routes is the one table of all addresses. Reviewed as data: what anyone may
// open, what is counted within whose scope, what is written down.
func (w *Web) routes() []httpd.Route {
	everyone, people := httpd.Over(access.ViewFigures), httpd.Over(access.ViewPeople)
	none := httpd.NotAudited
	list := []httpd.Route{
		{Method: "GET", Pattern: "/{$}", Permission: httpd.Anyone, Scope: everyone, Class: httpd.Public, Audit: none, Handle: w.home},
		{Method: "GET", Pattern: "/people", Permission: access.ViewPeople, Scope: people, Class: httpd.Personal, Audit: string(access.ViewPeople), Handle: w.people},
		{Method: "GET", Pattern: "/mine", Permission: access.RegisterOwn, Scope: httpd.Over(access.RegisterOwn), Class: httpd.Personal, Audit: none, Handle: w.mine},

		{Method: "GET", Pattern: "/evidence/{graduate}/{sha256}", Permission: httpd.SignedIn, Scope: httpd.Nobody, Class: httpd.Personal, Audit: "evidence.view", Handle: w.evidence},

		{Method: "GET", Pattern: "/login", Permission: httpd.Anyone, Scope: httpd.Nobody, Class: httpd.Internal, Audit: none, Handle: w.loginForm},
		{Method: "POST", Pattern: "/login", Permission: httpd.Anyone, Scope: httpd.Nobody, Class: httpd.Internal, Audit: "account.login", Handle: w.login},
		{Method: "POST", Pattern: "/logout", Permission: httpd.Anyone, Scope: httpd.Nobody, Class: httpd.Internal, Audit: "account.logout", Handle: w.logout},
		{Method: "GET", Pattern: "/password/{token}", Permission: httpd.Anyone, Scope: httpd.Nobody, Class: httpd.Secret, Audit: none, Handle: w.passwordForm},
		{Method: "POST", Pattern: "/password/{token}", Permission: httpd.Anyone, Scope: httpd.Nobody, Class: httpd.Secret, Audit: "account.password", Handle: w.setPassword},

		{Method: "GET", Pattern: "/design", Permission: httpd.SignedIn, Scope: httpd.Nobody, Class: httpd.Internal, Audit: none, Handle: w.design},
		{Method: "GET", Pattern: "/static/{name}", Permission: httpd.Anyone, Scope: httpd.Nobody, Class: httpd.Public, Audit: none, Handle: w.asset},
		{Method: "GET", Pattern: "/healthz", Permission: httpd.Anyone, Scope: httpd.Nobody, Class: httpd.Public, Audit: none, Handle: w.healthz},
	}
	list = append(list, w.rosterRoutes()...)
	if w.Imports != nil {
		list = append(list, w.importRoutes()...)
	}
	list = append(list, w.officeRoutes()...)
	if w.Demo {
		list = append(list, httpd.Route{Method: "GET", Pattern: "/enter/{token}", Permission: httpd.Anyone, Scope: httpd.Nobody,
			Class: httpd.Secret, Audit: "account.enter", Handle: w.enter})
	}
	return list
}
