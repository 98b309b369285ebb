package web

import (
	"quxiang/internal/domain/access"
	"quxiang/internal/httpd"
)

// rosterRoutes are the addresses of the roster (生源) and of its source check.
func (w *Web) rosterRoutes() []httpd.Route {
	own, college := httpd.Over(access.CorrectOwn), httpd.Over(access.DecideCorrection)
	none := httpd.NotAudited
	return []httpd.Route{
		{Method: "GET", Pattern: "/mine/source", Permission: access.CorrectOwn, Scope: own, Class: httpd.Personal, Audit: none, Handle: w.source},
		{Method: "POST", Pattern: "/mine/source", Permission: access.CorrectOwn, Scope: own, Class: httpd.Personal, Audit: "roster.confirm", Handle: w.confirmSource},
		{Method: "GET", Pattern: "/mine/source/{field}", Permission: access.CorrectOwn, Scope: own, Class: httpd.Personal, Audit: none, Handle: w.sourceField},
		{Method: "POST", Pattern: "/mine/source/{field}", Permission: access.CorrectOwn, Scope: own, Class: httpd.Personal, Audit: "roster.correction.ask", Handle: w.correctSource},
		{Method: "POST", Pattern: "/mine/source/{field}/back", Permission: access.CorrectOwn, Scope: own, Class: httpd.Personal, Audit: "roster.correction.take_back", Handle: w.takeBackSource},

		{Method: "GET", Pattern: "/corrections", Permission: access.DecideCorrection, Scope: college, Class: httpd.Personal, Audit: none, Handle: w.corrections},
		{Method: "POST", Pattern: "/corrections/{id}/accept", Permission: access.DecideCorrection, Scope: college, Class: httpd.Personal, Audit: "roster.correction.accept", Handle: w.acceptCorrection},
		{Method: "POST", Pattern: "/corrections/{id}/refuse", Permission: access.DecideCorrection, Scope: college, Class: httpd.Personal, Audit: "roster.correction.refuse", Handle: w.refuseCorrection},
		{Method: "POST", Pattern: "/corrections/{id}/reveal", Permission: access.DecideCorrection, Scope: college, Class: httpd.Personal, Audit: "people.reveal", Handle: w.revealCorrection},
	}
}
