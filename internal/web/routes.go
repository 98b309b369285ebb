package web

import (
	"slices"

	"quxiang/internal/domain/access"
	"quxiang/internal/httpd"
)

// routes is the one table of all addresses. Reviewed as data: what anyone may
// open, what is counted within whose scope, what is written down.
func (w *Web) routes() []httpd.Route {
	everyone, people := httpd.Over(access.ViewFigures), httpd.Over(access.ViewPeople)
	invite, none := httpd.Over(access.InviteGraduates), httpd.NotAudited
	list := []httpd.Route{
		{Method: "GET", Pattern: "/{$}", Permission: httpd.Anyone, Scope: everyone, Class: httpd.Public, Audit: none, Handle: w.home},
		{Method: "GET", Pattern: "/people", Permission: access.ViewPeople, Scope: people, Class: httpd.Personal, Audit: string(access.ViewPeople), Handle: w.people},

		{Method: "GET", Pattern: "/evidence/{graduate}/{sha256}", Permission: httpd.SignedIn, Scope: httpd.Nobody, Class: httpd.Personal, Audit: "evidence.view", Handle: w.evidence},

		{Method: "GET", Pattern: "/login", Permission: httpd.Anyone, Scope: httpd.Nobody, Class: httpd.Internal, Audit: none, Handle: w.loginForm},
		{Method: "POST", Pattern: "/login", Permission: httpd.Anyone, Scope: httpd.Nobody, Class: httpd.Internal, Audit: "account.login", Handle: w.login},
		{Method: "POST", Pattern: "/logout", Permission: httpd.Anyone, Scope: httpd.Nobody, Class: httpd.Internal, Audit: "account.logout", Handle: w.logout, Owing: true},
		{Method: "GET", Pattern: "/password/{token}", Permission: httpd.Anyone, Scope: httpd.Nobody, Class: httpd.Secret, Audit: none, Handle: w.passwordForm},
		{Method: "POST", Pattern: "/password/{token}", Permission: httpd.Anyone, Scope: httpd.Nobody, Class: httpd.Secret, Audit: "account.password", Handle: w.setPassword},

		{Method: "GET", Pattern: "/activate", Permission: httpd.Anyone, Scope: httpd.Nobody, Class: httpd.Secret, Audit: none, Handle: w.activateForm},
		{Method: "POST", Pattern: "/activate", Permission: httpd.Anyone, Scope: httpd.Nobody, Class: httpd.Secret, Audit: "account.activate", Handle: w.activate},
		{Method: "GET", Pattern: "/notice", Permission: httpd.Anyone, Scope: httpd.Nobody, Class: httpd.Internal, Audit: none, Handle: w.notice, Owing: true},
		{Method: "POST", Pattern: "/notice", Permission: httpd.SignedIn, Scope: httpd.Nobody, Class: httpd.Internal, Audit: "account.notice", Handle: w.acceptNotice},
		{Method: "GET", Pattern: "/me", Permission: httpd.SignedIn, Scope: httpd.Nobody, Class: httpd.Personal, Audit: none, Handle: w.me},
		{Method: "POST", Pattern: "/me/logout", Permission: httpd.SignedIn, Scope: httpd.Nobody, Class: httpd.Personal, Audit: "account.logout_all", Handle: w.logoutEverywhere},

		{Method: "GET", Pattern: "/slips", Permission: access.InviteGraduates, Scope: invite, Class: httpd.Internal, Audit: none, Handle: w.slips},
		{Method: "POST", Pattern: "/slips", Permission: access.InviteGraduates, Scope: invite, Class: httpd.Secret, Audit: "account.invite", Handle: w.makeSlips, Fresh: true},
		{Method: "GET", Pattern: "/slips/{unit}", Permission: access.InviteGraduates, Scope: invite, Class: httpd.Personal, Audit: string(access.ViewPeople), Handle: w.classSlips},
		{Method: "GET", Pattern: "/slips/print/{ticket}", Permission: access.InviteGraduates, Scope: invite, Class: httpd.Secret, Audit: none, Handle: w.printSlips},
		{Method: "GET", Pattern: "/slips/graduate/{id}", Permission: access.InviteGraduates, Scope: invite, Class: httpd.Personal, Audit: none, Handle: w.reissueForm},
		{Method: "POST", Pattern: "/slips/graduate/{id}", Permission: access.InviteGraduates, Scope: invite, Class: httpd.Secret, Audit: "account.reissue", Handle: w.reissue, Fresh: true},

		{Method: "GET", Pattern: "/accounts", Permission: access.ViewAccounts, Scope: httpd.Nobody, Class: httpd.Internal, Audit: none, Handle: w.accounts},
		{Method: "POST", Pattern: "/accounts", Permission: access.ManageAccounts, Scope: httpd.Nobody, Class: httpd.Secret, Audit: "account.add", Handle: w.addAccount, Fresh: true},
		{Method: "GET", Pattern: "/accounts/new", Permission: access.ManageAccounts, Scope: httpd.Nobody, Class: httpd.Internal, Audit: none, Handle: w.newAccount},
		{Method: "GET", Pattern: "/accounts/{id}", Permission: access.ViewAccounts, Scope: httpd.Nobody, Class: httpd.Internal, Audit: none, Handle: w.account},
		{Method: "POST", Pattern: "/accounts/{id}/grants", Permission: access.GrantRoles, Scope: httpd.Nobody, Class: httpd.Internal, Audit: "account.grants", Handle: w.setGrants, Fresh: true},
		{Method: "POST", Pattern: "/accounts/{id}/disable", Permission: access.ManageAccounts, Scope: httpd.Nobody, Class: httpd.Internal, Audit: "account.disable", Handle: w.ableAccount(w.Accounts.Disable)},
		{Method: "POST", Pattern: "/accounts/{id}/enable", Permission: access.ManageAccounts, Scope: httpd.Nobody, Class: httpd.Internal, Audit: "account.enable", Handle: w.ableAccount(w.Accounts.Enable), Fresh: true},
		{Method: "POST", Pattern: "/accounts/{id}/link", Permission: access.ManageAccounts, Scope: httpd.Nobody, Class: httpd.Secret, Audit: "account.link", Handle: w.newLink, Fresh: true},
		{Method: "GET", Pattern: "/accounts/link/{ticket}", Permission: access.ManageAccounts, Scope: httpd.Nobody, Class: httpd.Secret, Audit: none, Handle: w.showLink},
		{Method: "GET", Pattern: "/deputy", Permission: access.NameDeputy, Scope: httpd.Nobody, Class: httpd.Internal, Audit: none, Handle: w.deputy},
		{Method: "POST", Pattern: "/deputy", Permission: access.NameDeputy, Scope: httpd.Nobody, Class: httpd.Internal, Audit: "account.deputise", Handle: w.depute},
		{Method: "POST", Pattern: "/deputy/end", Permission: httpd.SignedIn, Scope: httpd.Nobody, Class: httpd.Internal, Audit: "account.deputy_end", Handle: w.endDeputy},

		{Method: "GET", Pattern: "/design", Permission: httpd.SignedIn, Scope: httpd.Nobody, Class: httpd.Internal, Audit: none, Handle: w.design},
		{Method: "GET", Pattern: "/static/{name}", Permission: httpd.Anyone, Scope: httpd.Nobody, Class: httpd.Public, Audit: none, Handle: w.asset, Always: true, Owing: true},
		{Method: "GET", Pattern: "/livez", Permission: httpd.Anyone, Scope: httpd.Nobody, Class: httpd.Public, Audit: none, Handle: w.livez, Always: true, Owing: true},
		{Method: "GET", Pattern: "/healthz", Permission: httpd.Anyone, Scope: httpd.Nobody, Class: httpd.Public, Audit: none, Handle: w.livez, Always: true, Owing: true},
		{Method: "GET", Pattern: "/readyz", Permission: httpd.Anyone, Scope: httpd.Nobody, Class: httpd.Public, Audit: none, Handle: w.readyz, Always: true, Owing: true},
	}
	list = append(list, slices.Concat(w.proveRoutes(), w.renewRoutes(), w.loginRoutes(), w.keyRoutes(), w.factorRoutes())...)
	list = append(list, w.rosterRoutes()...)
	list = append(list, w.mineRoutes()...)
	if w.Imports != nil {
		list = append(list, slices.Concat(w.importRoutes(), w.reconcileRoutes())...)
	}
	if w.Exports != nil {
		list = append(list, w.exportRoutes()...)
	}
	if w.Disclosures != nil {
		list = append(list, w.requestRoutes()...)
	}
	if w.Reports != nil {
		list = append(list, w.proofreadRoutes()...)
	}
	if w.Workshop != nil {
		list = append(list, w.workshopRoutes()...)
	}
	if w.Outcomes != nil {
		list = append(list, w.outcomeRoutes()...)
	}
	if w.Privacy != nil {
		list = append(list, w.privacyRoutes()...)
	}
	list = append(list, slices.Concat(w.officeRoutes(), w.externalRoutes())...)
	list = append(list, w.reviewRoutes()...)
	if w.Demo {
		list = append(list, httpd.Route{Method: "GET", Pattern: "/enter/{token}", Permission: httpd.Anyone, Scope: httpd.Nobody,
			Class: httpd.Secret, Audit: "account.enter", Handle: w.enter})
	}
	return list
}
