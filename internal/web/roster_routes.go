package web

import (
	"quxiang/internal/domain/access"
	"quxiang/internal/httpd"
)

// rosterRoutes are the addresses of the roster (生源) and of its source check.
func (w *Web) rosterRoutes() []httpd.Route {
	own, college := httpd.Over(access.CorrectOwn), httpd.Over(access.DecideCorrection)
	people, export := httpd.Over(access.ViewPeople), httpd.Over(access.ExportPeople)
	none, opened := httpd.NotAudited, string(access.ViewPeople)
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

		{Method: "GET", Pattern: "/mine/seen", Permission: access.CorrectOwn, Scope: own, Class: httpd.Personal, Audit: none, Handle: w.mineSeen},
		{Method: "GET", Pattern: "/graduates", Permission: access.ViewPeople, Scope: people, Class: httpd.Personal, Audit: opened, Handle: w.graduates},
		{Method: "POST", Pattern: "/graduates/export", Permission: access.ExportPeople, Scope: export, Class: httpd.Personal, Audit: "roster.export", Handle: w.exportGraduates, Fresh: true},
		{Method: "GET", Pattern: "/graduates/{id}", Permission: access.ViewPeople, Scope: people, Class: httpd.Personal, Audit: opened, Handle: w.file},
		{Method: "POST", Pattern: "/graduates/{id}/reveal", Permission: access.ViewPeople, Scope: people, Class: httpd.Personal, Audit: "people.reveal", Handle: w.reveal},
		{Method: "GET", Pattern: "/classes", Permission: access.ViewPeople, Scope: people, Class: httpd.Internal, Audit: none, Handle: w.classes},
		{Method: "GET", Pattern: "/search", Permission: access.ViewPeople, Scope: people, Class: httpd.Personal, Audit: opened, Handle: w.search},
		{Method: "POST", Pattern: "/search", Permission: access.ViewPeople, Scope: people, Class: httpd.Personal, Audit: opened, Handle: w.startSearch},
		{Method: "GET", Pattern: "/search/{ticket}", Permission: access.ViewPeople, Scope: people, Class: httpd.Personal, Audit: opened, Handle: w.heldSearch},
		{Method: "POST", Pattern: "/views", Permission: access.ViewPeople, Scope: people, Class: httpd.Internal, Audit: "roster.view.keep", Handle: w.keepView},
		{Method: "POST", Pattern: "/views/{id}/drop", Permission: access.ViewPeople, Scope: people, Class: httpd.Internal, Audit: "roster.view.drop", Handle: w.dropView},
	}
}
