package web

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/indicator"
	"quxiang/internal/domain/release"
	"quxiang/internal/httpd"
	"quxiang/internal/web/part"
)

// snapshotPage is the page of GET /snapshots/{name} and of its check.
type snapshotPage struct {
	part.Page
	Name, Cohort, AsOf, Known, Frozen, By string
	Definition                            part.Link
	People                                int
	SHA256                                string
	State                                 part.State
	Codes                                 []string // code tables with their versions
	Release                               *approvalView
	Unlocks                               []unlockView
	Tabs                                  []choice // breakdowns
	Public                                bool     // as it may leave the house
	Views                                 []choice // 校内 and 公开; one only where the other is not for the actor
	By1                                   string   // heading of the first column
	Figures                               figures
	Notes                                 []string
	Hidden                                []string // of a public view
	Scope                                 string   // over whom; blank: the whole school
	Opens                                 bool
	MayVerify, MayRelease, MayUnlock      bool
	Verified                              *verifiedView // nil: not asked
	Checkpoint                            string        // signed end of the trail that holds the release; blank: none yet
}

// approvalView is a release as the page shows it.
type approvalView struct {
	release.Approval
	On, By string
}

// unlockView is one unlock.
type unlockView struct {
	Reason, By, From, Until string
	Open                    bool
}

// verifiedView is the outcome of a check.
type verifiedView struct{ Problems, Notes []string }

// snapshotDims are the breakdowns of a snapshot's page. None is below the major:
// no page shows the rate of a class.
var snapshotDims = []indicator.Dim{"level", "college", "major", "sex", "training", "origin", "ethnicity", "difficulty"}

// sensitiveDims need a permission of their own.
var sensitiveDims = []indicator.Dim{"ethnicity", "difficulty"}

// snapshot answers GET /snapshots/{name}.
func (w *Web) snapshot(rw http.ResponseWriter, r *httpd.Request) error {
	v := viewOf(r.URL.Query())
	shown, err := w.Office.Releases.Show(r.Context(), r.Who, r.PathValue("name"), v)
	if err != nil {
		return err
	}
	p, err := w.snapshotPage(rw, r, &shown, v)
	if err != nil {
		return err
	}
	return show(rw, r, nil, snapshotView(p))
}

// verifySnapshot answers GET /snapshots/{name}/verify: the check only reads.
func (w *Web) verifySnapshot(rw http.ResponseWriter, r *httpd.Request) error {
	name := r.PathValue("name")
	checked, err := w.Office.Releases.Verify(r.Context(), r.Who, name)
	if err != nil {
		return err
	}
	v := viewOf(nil)
	shown, err := w.Office.Releases.Show(r.Context(), r.Who, name, v)
	if err != nil {
		return err
	}
	p, err := w.snapshotPage(rw, r, &shown, v)
	if err != nil {
		return err
	}
	p.Verified = &verifiedView{checked.Problems, checked.Notes}
	return show(rw, r, nil, snapshotView(p))
}

// viewOf reads which table the address asks for: by level unless it says otherwise.
func viewOf(q url.Values) release.View {
	v := release.View{By: []indicator.Dim{"level"}, Public: q.Get("view") == "public"}
	if by := q.Get("by"); by != "" {
		v.By = []indicator.Dim{indicator.Dim(by)}
		if !slices.Contains(snapshotDims, v.By[0]) {
			v.By = v.By[:0:0]
		}
	}
	return v
}

// snapshotAddress is the address of a view.
func snapshotAddress(name, under string, v release.View, more ...string) string {
	q := url.Values{}
	for _, d := range v.By {
		q.Set("by", string(d))
	}
	if v.Public {
		q.Set("view", "public")
	}
	for i := 0; i+1 < len(more); i += 2 {
		q.Set(more[i], more[i+1])
	}
	return "/snapshots/" + name + under + "?" + q.Encode()
}

func (w *Web) snapshotPage(rw http.ResponseWriter, r *httpd.Request, shown *release.Shown, v release.View) (snapshotPage, error) {
	s := &shown.Snapshot
	p := snapshotPage{Page: w.desk(rw, r, s.Name, part.Link{Title: "快照与发布", Href: "/snapshots"}),
		Name: s.Name, Cohort: s.Cohort, AsOf: moment(s.Cut.True), Known: minuteOf(s.Cut.Known), Frozen: minuteOf(s.FrozenAt),
		Definition: part.Link{Title: definitionName(s), Href: "/indicators#" + s.Definition}, People: s.People, SHA256: s.SHA256, State: snapshotState(s),
		Public: v.Public, Notes: shown.Table.Notes}
	for _, id := range slices.Sorted(maps.Keys(s.CodeVersions)) {
		title := id
		if t := w.Book().Table(id); t != nil {
			title = t.Title
		}
		p.Codes = append(p.Codes, title+" "+s.CodeVersions[id])
	}
	for _, h := range shown.Hidden {
		p.Hidden = append(p.Hidden, h.String())
	}
	w.snapshotRights(r, &p, s)
	w.snapshotTabs(r, &p, v)
	if err := w.snapshotTable(r, &p, shown, v); err != nil {
		return p, err
	}
	if s.Release != nil {
		c, err := w.Office.Trail.OfRelease(r.Context(), r.Who, s.Name)
		if err != nil {
			return p, err
		}
		p.Checkpoint = c.Note
	}
	return p, w.snapshotDeeds(r, &p, shown)
}

// snapshotRights says what the actor is offered.
func (w *Web) snapshotRights(r *httpd.Request, p *snapshotPage, s *release.Snapshot) {
	whole := func(perm access.Permission) bool { return mayWhole(r.Who, perm) }
	p.MayVerify = whole(access.Freeze) || whole(access.ReadAudit)
	p.MayRelease = whole(access.Release) && s.Release == nil
	p.MayUnlock = whole(access.Unlock) && s.Release != nil
	if s.Release != nil || whole(access.Release) {
		inside, outside := release.View{}, release.View{Public: true}
		if by := viewOf(r.URL.Query()).By; len(by) > 0 {
			inside.By, outside.By = by, by
		}
		word := "公开预览"
		if s.Release != nil {
			word = "公开的样子"
		}
		p.Views = []choice{{Title: "校内", Href: snapshotAddress(s.Name, "", inside), Current: !p.Public},
			{Title: word, Href: snapshotAddress(s.Name, "", outside), Current: p.Public}}
	}
}

// snapshotTabs are the breakdowns that the actor may see.
func (w *Web) snapshotTabs(r *httpd.Request, p *snapshotPage, v release.View) {
	for _, d := range snapshotDims {
		if !p.Public && slices.Contains(sensitiveDims, d) && r.Who.May(access.ViewSensitiveAgg) != nil {
			continue
		}
		here := slices.Contains(v.By, d)
		p.Tabs = append(p.Tabs, choice{Title: "按" + indicator.DimTitle(d),
			Href: snapshotAddress(p.Name, "", release.View{By: []indicator.Dim{d}, Public: p.Public}), Current: here})
		if here {
			p.By1 = indicator.DimTitle(d)
		}
	}
}

func (w *Web) snapshotTable(r *httpd.Request, p *snapshotPage, shown *release.Shown, v release.View) error {
	def, err := indicator.DefinitionByID(shown.Table.Definition)
	if err != nil {
		return err
	}
	var open opener
	if p.Opens = r.Who.May(access.ViewPeople) == nil && !v.Public; p.Opens {
		open.to = func(more ...string) string { return snapshotAddress(p.Name, "/people", v, more...) }
	}
	p.Figures = layOut(&shown.Table, &def, open)
	if !v.Public {
		p.Scope, err = w.scopeName(r.Context(), r.Within)
	}
	return err
}

// snapshotDeeds are what was done to a snapshot: its release and its unlocks.
func (w *Web) snapshotDeeds(r *httpd.Request, p *snapshotPage, shown *release.Shown) error {
	names := w.namesOfAccounts(r.Context())
	var err error
	if p.By, err = names.name(shown.Snapshot.FrozenBy); err != nil {
		return err
	}
	if a := shown.Snapshot.Release; a != nil {
		p.Release = &approvalView{Approval: *a, On: minuteOf(a.At)}
		if p.Release.By, err = names.name(a.By); err != nil {
			return err
		}
	}
	for _, u := range slices.Backward(shown.Unlocks) {
		by, err := names.name(u.Account)
		if err != nil {
			return err
		}
		p.Unlocks = append(p.Unlocks, unlockView{Reason: u.Reason, By: by, From: minuteOf(u.At), Until: minuteOf(u.Until), Open: w.Now() < u.Until})
	}
	return nil
}

// caption says how to read the table.
func (p snapshotPage) caption() string {
	out := "人数，及占毕业生的百分比"
	if p.Opens {
		out += "；点任一人数看名单"
	}
	return out
}

// snapshotPeople answers GET /snapshots/{name}/people: whom a frozen number
// counts, as far as the actor may see them.
func (w *Web) snapshotPeople(rw http.ResponseWriter, r *httpd.Request) error {
	q, name := r.URL.Query(), r.PathValue("name")
	v := viewOf(q)
	v.Public = false
	shown, err := w.Office.Releases.Show(r.Context(), r.Who, name, v)
	if err != nil {
		return err
	}
	sel := indicator.Selection{Cohort: shown.Snapshot.Cohort, Cell: q.Get("cell")}
	for _, d := range snapshotDims {
		if q.Has(string(d)) {
			sel.Keys = append(sel.Keys, indicator.Condition{Dim: d, Value: q.Get(string(d))})
		}
	}
	ids, err := w.Office.Releases.People(r.Context(), r.Who, name, v, sel)
	if err != nil {
		return err
	}
	if err := w.Accounts.Opened(r.Context(), r.Who, "snapshot "+name+" "+q.Encode(), len(ids)); err != nil {
		return err
	}
	names, err := w.Figures.Names(r.Context())
	if err != nil {
		return err
	}
	p := frozenPeoplePage{What: what(&shown.Table, sel, names), Snapshot: name, AsOf: moment(shown.Snapshot.Cut.True)}
	p.Page = w.desk(rw, r, "名单", part.Link{Title: "快照与发布", Href: "/snapshots"}, part.Link{Title: name, Href: snapshotAddress(name, "", v)})
	page, pager := pageOfIDs(ids, q, r.URL.Path)
	p.Pager = pager
	p.People, err = w.persons(r.Context(), r.Within, page, shown.Snapshot.Cut, names)
	p.Unseen = len(page) - len(p.People)
	if err != nil {
		return err
	}
	return show(rw, r, nil, frozenPeopleView(p))
}

// frozenPeoplePage is the page of GET /snapshots/{name}/people.
type frozenPeoplePage struct {
	part.Page
	What, Snapshot, AsOf string
	People               []person
	Unseen               int
	Pager                part.Pager
}

// pageOfIDs is one page of a list of ids in order: fifty behind the one that the
// address names.
func pageOfIDs(ids []string, q url.Values, path string) ([]string, part.Pager) {
	p := part.Pager{Total: len(ids), Unit: "人"}
	from := 0
	if after := q.Get("after"); after != "" {
		at, found := slices.BinarySearch(ids, after)
		if from = at; found {
			from++
		}
		p.First = goOn(path, q, "")
	}
	page := ids[from:min(from+pageSize, len(ids))]
	if len(page) > 0 {
		p.From, p.To = from+1, from+len(page)
	}
	if from+len(page) < len(ids) {
		p.Next = goOn(path, q, page[len(page)-1])
	}
	return page, p
}

// goOn is the address of a list behind a key; blank: from its beginning.
func goOn(path string, q url.Values, after string) string {
	to := maps.Clone(q)
	to.Del("after")
	if after != "" {
		to.Set("after", after)
	}
	return strings.TrimSuffix(path+"?"+to.Encode(), "?")
}
