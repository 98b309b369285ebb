package web

import (
	"quxiang/internal/domain/access"
	"quxiang/internal/httpd"
)

// mineRoutes are the graduate's own pages, and the form by which staff fill in
// for one.
func (w *Web) mineRoutes() []httpd.Route {
	own, care, none := httpd.Over(access.RegisterOwn), httpd.Over(access.ProposeCase), httpd.NotAudited
	list := []httpd.Route{
		{Method: "GET", Pattern: "/mine", Audit: none, Handle: w.mine},
		{Method: "GET", Pattern: "/mine/history", Audit: none, Handle: w.mineHistory},
		{Method: "GET", Pattern: "/mine/change", Audit: none, Handle: w.changeForm},
		{Method: "GET", Pattern: "/mine/receipt/{change}", Audit: none, Handle: w.receipt},
		{Method: "GET", Pattern: "/mine/confirm/{change}", Audit: none, Handle: w.confirmForm},
		{Method: "POST", Pattern: "/mine/confirm/{change}", Audit: "destination.submit", Handle: w.confirm},
	}
	for _, s := range []struct {
		pattern, audit string
		saying         saying
	}{
		{"/mine/dispute/{case}", "destination.mark.disputed", disputing},
		{"/mine/answer/{case}", "destination.mark.replied", answering},
		{"/mine/withdraw/{change}", "destination.withdraw", withdrawing},
		{"/mine/leave/{act}/{case}", "destination.submit", stopping},
		{"/mine/tell", "destination.told", telling},
	} {
		list = append(list, httpd.Route{Method: "GET", Pattern: s.pattern, Audit: none, Handle: w.sayForm(s.saying)},
			httpd.Route{Method: "POST", Pattern: s.pattern, Audit: s.audit, Handle: w.say(s.saying)})
	}
	for i := range list {
		list[i].Permission, list[i].Scope = access.RegisterOwn, own
	}
	for _, form := range []struct {
		base, sent string
		permission access.Permission
		scope      func(access.Actor) access.Scope
	}{
		{"/mine/register", "destination.submit", access.RegisterOwn, own},
		{"/graduates/{id}/propose", "destination.propose", access.ProposeCase, care},
	} {
		for _, t := range []httpd.Route{
			{Method: "GET", Pattern: "", Audit: none, Handle: w.chooseForm},
			{Method: "POST", Pattern: "", Audit: "destination.draft.begin", Handle: w.choose},
			{Method: "GET", Pattern: "/form", Audit: none, Handle: w.registerFormPage},
			{Method: "POST", Pattern: "/form", Audit: form.sent, Handle: w.register, MaxBody: maxForm},
			{Method: "POST", Pattern: "/draft", Audit: "destination.draft.begin", Handle: w.keepDraft},
			{Method: "POST", Pattern: "/drop", Audit: "destination.draft.drop", Handle: w.dropDraft},
		} {
			t.Pattern, t.Permission, t.Scope = form.base+t.Pattern, form.permission, form.scope
			list = append(list, t)
		}
	}
	for i := range list {
		list[i].Class = httpd.Personal
	}
	return list
}
