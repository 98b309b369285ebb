package web

import (
	"quxiang/internal/domain/access"
	"quxiang/internal/httpd"
)

// officeRoutes are the addresses of the office's own pages.
func (w *Web) officeRoutes() []httpd.Route {
	if w.Office == nil {
		return nil
	}
	figures, people := httpd.Over(access.ViewFigures), httpd.Over(access.ViewPeople)
	none := httpd.NotAudited
	return []httpd.Route{
		{Method: "GET", Pattern: "/snapshots", Permission: access.ViewFigures, Scope: figures, Class: httpd.Internal, Audit: none, Handle: w.snapshots},
		{Method: "POST", Pattern: "/snapshots", Permission: access.Freeze, Scope: figures, Class: httpd.Internal, Audit: "snapshot.freeze", Handle: w.freeze},
		{Method: "GET", Pattern: "/snapshots/diff", Permission: access.ViewFigures, Scope: people, Class: httpd.Personal, Audit: string(access.ViewPeople), Handle: w.snapshotDiff},
		{Method: "GET", Pattern: "/snapshots/{name}", Permission: access.ViewFigures, Scope: figures, Class: httpd.Internal, Audit: none, Handle: w.snapshot},
		{Method: "GET", Pattern: "/snapshots/{name}/people", Permission: access.ViewPeople, Scope: people, Class: httpd.Personal, Audit: string(access.ViewPeople), Handle: w.snapshotPeople},
		{Method: "GET", Pattern: "/snapshots/{name}/verify", Permission: access.ViewFigures, Scope: figures, Class: httpd.Internal, Audit: none, Handle: w.verifySnapshot},
		{Method: "GET", Pattern: "/snapshots/{name}/release", Permission: access.Release, Scope: figures, Class: httpd.Internal, Audit: none, Handle: w.releaseForm},
		{Method: "POST", Pattern: "/snapshots/{name}/release", Permission: access.Release, Scope: figures, Class: httpd.Internal, Audit: "snapshot.release", Handle: w.release, MaxBody: consentFileMost},
		{Method: "GET", Pattern: "/snapshots/{name}/unlock", Permission: access.Unlock, Scope: figures, Class: httpd.Internal, Audit: none, Handle: w.unlockForm},
		{Method: "POST", Pattern: "/snapshots/{name}/unlock", Permission: access.Unlock, Scope: figures, Class: httpd.Internal, Audit: "snapshot.unlock", Handle: w.unlock},

		{Method: "GET", Pattern: "/samples", Permission: access.ViewEstimate, Scope: overPeople, Class: httpd.Personal, Audit: none, Handle: w.samples},
		{Method: "POST", Pattern: "/samples/draw", Permission: access.StrikeCase, Scope: overPeople, Class: httpd.Personal, Audit: "destination.sample", Handle: w.drawSample},
		{Method: "POST", Pattern: "/samples/screen", Permission: access.StrikeCase, Scope: overPeople, Class: httpd.Personal, Audit: "destination.screen", Handle: w.screen},
		{Method: "POST", Pattern: "/samples/{id}", Permission: access.StrikeCase, Scope: overPeople, Class: httpd.Personal, Audit: "destination.sample.result", Handle: w.recordSample},
		{Method: "GET", Pattern: "/strikes", Permission: access.StrikeCase, Scope: overPeople, Class: httpd.Personal, Audit: none, Handle: w.strikes},
		{Method: "GET", Pattern: "/graduates/{id}/strike", Permission: access.StrikeCase, Scope: overPeople, Class: httpd.Personal, Audit: none, Handle: w.strikeForm},
		{Method: "POST", Pattern: "/graduates/{id}/strike", Permission: access.StrikeCase, Scope: overPeople, Class: httpd.Personal, Audit: "destination.mark.struck", Handle: w.strike},
		{Method: "GET", Pattern: "/graduates/{id}/restore", Permission: access.StrikeCase, Scope: overPeople, Class: httpd.Personal, Audit: none, Handle: w.restoreForm},
		{Method: "POST", Pattern: "/graduates/{id}/restore", Permission: access.StrikeCase, Scope: overPeople, Class: httpd.Personal, Audit: "destination.mark.restored", Handle: w.restore},

		{Method: "GET", Pattern: "/indicators", Permission: access.ViewFigures, Scope: httpd.Nobody, Class: httpd.Internal, Audit: none, Handle: w.indicators},
		{Method: "GET", Pattern: "/codes", Permission: httpd.SignedIn, Scope: httpd.Nobody, Class: httpd.Internal, Audit: none, Handle: w.codes},
		{Method: "GET", Pattern: "/audit", Permission: access.ReadAudit, Scope: httpd.Nobody, Class: httpd.Personal, Audit: none, Handle: w.audit},
		{Method: "GET", Pattern: "/audit.csv", Permission: access.ReadAudit, Scope: httpd.Nobody, Class: httpd.Personal, Audit: "audit.export", Handle: w.auditCSV},
		{Method: "POST", Pattern: "/audit/verify", Permission: access.ReadAudit, Scope: httpd.Nobody, Class: httpd.Internal, Audit: "audit.verify", Handle: w.startCheck},
		{Method: "GET", Pattern: "/audit/checkpoints/{n}", Permission: access.ReadAudit, Scope: httpd.Nobody, Class: httpd.Internal, Audit: none, Handle: w.checkpoint},
		{Method: "GET", Pattern: "/settings", Permission: access.Configure, Scope: httpd.Nobody, Class: httpd.Internal, Audit: none, Handle: w.settingsForm},
		{Method: "POST", Pattern: "/settings", Permission: access.Configure, Scope: httpd.Nobody, Class: httpd.Internal, Audit: "settings.change", Handle: w.saveSettings},
	}
}
