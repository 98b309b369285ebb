package web

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/release"
	"quxiang/internal/httpd"
	"quxiang/internal/web/part"
)

// consentFileMost is how many bytes the form of a release may have, with the file
// of the province's consent.
const consentFileMost = 20 << 20

// releasePage is the page of GET and POST /snapshots/{name}/release.
type releasePage struct {
	part.Page
	Name, Cohort, AsOf string
	Form               release.Approval
	Wrongs             []part.Wrong
}

// releaseForm answers GET /snapshots/{name}/release.
func (w *Web) releaseForm(rw http.ResponseWriter, r *httpd.Request) error {
	return w.showRelease(rw, r, release.Approval{}, nil, nil)
}

// release answers POST /snapshots/{name}/release. Of the file of the consent only
// its SHA-256 is kept: the paper itself belongs into the school's archive.
func (w *Web) release(rw http.ResponseWriter, r *httpd.Request) error {
	a := release.Approval{
		Office: typed(r, "office"), Leader: typed(r, "leader"), Approved: calendar.Day(typed(r, "approved")), Record: typed(r, "record"),
		ConsentAuthority: typed(r, "consent_authority"), ConsentNumber: typed(r, "consent_number"),
		ConsentDay: calendar.Day(typed(r, "consent_day")), ConsentFile: typed(r, "consent_file"),
	}
	if files := r.Files("consent_document"); len(files) > 0 {
		sum := sha256.Sum256(files[0].Body)
		a.ConsentFile = hex.EncodeToString(sum[:])
	}
	name := r.PathValue("name")
	_, err := w.Office.Releases.Release(r.Context(), r.Who, name, a)
	if err == nil {
		return httpd.SeeOther(rw, r, "/snapshots/"+name)
	}
	if !shownOnForm(err) {
		return err
	}
	list := refusalLines(err)
	if lacks := a.Lacks(); len(lacks) > 0 && fault.KindOf(err) == fault.Invalid {
		list = nil // each beside its field instead of one sentence
		for _, l := range lacks {
			list = append(list, part.Wrong{Field: l.Field, Text: "还缺" + l.Name})
		}
	}
	return w.showRelease(rw, r, a, list, err)
}

func (w *Web) showRelease(rw http.ResponseWriter, r *httpd.Request, a release.Approval, list []part.Wrong, refusal error) error {
	s, err := w.snapshotNamed(r)
	if err != nil {
		return err
	}
	if s.Release != nil && refusal == nil {
		return httpd.SeeOther(rw, r, "/snapshots/"+s.Name)
	}
	p := releasePage{Page: w.desk(rw, r, "登记审批并发布", part.Link{Title: "快照与发布", Href: "/snapshots"}, part.Link{Title: s.Name, Href: "/snapshots/" + s.Name}),
		Name: s.Name, Cohort: s.Cohort, AsOf: moment(s.Cut.True), Form: a, Wrongs: list}
	return show(rw, r, refusal, releaseView(p))
}

// snapshotNamed returns the snapshot of the address. Error: fault.NotFound.
func (w *Web) snapshotNamed(r *httpd.Request) (release.Snapshot, error) {
	all, err := w.Office.Releases.List(r.Context(), r.Who)
	if err != nil {
		return release.Snapshot{}, err
	}
	name := r.PathValue("name")
	for i := range all {
		if all[i].Name == name {
			return all[i], nil
		}
	}
	return release.Snapshot{}, fault.NotFoundf("name", "没有快照“%s”，请从快照列表里选", name)
}

// unlockPage is the page of GET and POST /snapshots/{name}/unlock.
type unlockPage struct {
	part.Page
	Name, AsOf, Reason string
	Wrongs             []part.Wrong
}

// unlockForm answers GET /snapshots/{name}/unlock.
func (w *Web) unlockForm(rw http.ResponseWriter, r *httpd.Request) error {
	return w.showUnlock(rw, r, nil)
}

// unlock answers POST /snapshots/{name}/unlock.
func (w *Web) unlock(rw http.ResponseWriter, r *httpd.Request) error {
	_, err := w.Office.Releases.Unlock(r.Context(), r.Who, r.PathValue("name"), typed(r, "reason"))
	if err == nil {
		return httpd.SeeOther(rw, r, "/snapshots/"+r.PathValue("name"))
	}
	if !shownOnForm(err) {
		return err
	}
	return w.showUnlock(rw, r, err)
}

func (w *Web) showUnlock(rw http.ResponseWriter, r *httpd.Request, refusal error) error {
	s, err := w.snapshotNamed(r)
	if err != nil {
		return err
	}
	p := unlockPage{Page: w.desk(rw, r, "解锁更正", part.Link{Title: "快照与发布", Href: "/snapshots"}, part.Link{Title: s.Name, Href: "/snapshots/" + s.Name}),
		Name: s.Name, AsOf: moment(s.Cut.True), Wrongs: refusalLines(refusal)}
	if refusal != nil {
		p.Reason = typed(r, "reason")
	}
	return show(rw, r, refusal, unlockFormView(p))
}

// mayWhole reports that the actor has the permission over the whole school.
func mayWhole(who access.Actor, p access.Permission) bool {
	return who.May(p) == nil && who.Within(p).School
}
