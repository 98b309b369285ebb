package web

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/destination"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/history"
	"quxiang/internal/domain/roster"
	"quxiang/internal/httpd"
	"quxiang/internal/web/part"
)

// filePage is the page of GET /graduates/{id}: one graduate as staff see them.
type filePage struct {
	part.Page
	ID        string
	Path      string // of the page, with the list that it was opened from
	Name      string
	State     part.State
	Where     string // college, major, level, cohort
	At        string
	Previous  string // addresses of the neighbours in the list; blank: none
	Following string
	Actions   []part.Link
	Identity  []identityRow
	Checked   string // what the graduate said of the own data
	Open      int    // corrections that wait
	Ask       *revealForm
	Keepers   []keeperRow
	Now       fileNow
	Lanes     *lanes
	Day       string // chosen, as in the address
	DaySays   string
	DayWrong  string
	Rows      []fileRow
}

// identityRow is one line of the identity card.
type identityRow struct {
	Field, Title, Value string
	Reveal              bool // masked, and the actor may be shown it
	Shown               bool // shown in full on this one answer
}

// revealForm asks why somebody looks at a masked value.
type revealForm struct {
	Field, Title, Reason string
	Reasons              []string
	Wrong                string
}

type keeperRow struct{ Role, Name, Term string }

// fileNow is what counts today.
type fileNow struct {
	Headline string
	Code     string
	Employer string
	Place    string
	Since    calendar.Day
	Coming   string
	Pending  string // what is under way; blank: nothing
	Facts    []fileFact
	Case     bool
}

type fileFact struct {
	Title string
	So    bool
}

// revealSeconds is how long a revealed value stays on the screen.
const revealSeconds = "30"

// file answers GET /graduates/{id}.
func (w *Web) file(rw http.ResponseWriter, r *httpd.Request) error {
	p, err := w.filePage(rw, r)
	if err != nil {
		return err
	}
	if field := r.URL.Query().Get("show"); field != "" {
		p.ask(field, "", "")
	}
	if err := w.Accounts.Opened(r.Context(), r.Who, p.ID, 1); err != nil {
		return err
	}
	return show(rw, r, nil, fileView(p))
}

// ask opens the form for a masked field that the actor may be shown.
func (p *filePage) ask(field, reason, wrong string) {
	for _, row := range p.Identity {
		if row.Field == field && row.Reveal {
			p.Ask = &revealForm{Field: field, Title: row.Title, Reasons: roster.RevealReasons, Reason: reason, Wrong: wrong}
		}
	}
}

// reveal answers POST /graduates/{id}/reveal: the value in full for this one
// answer, which goes back by itself.
func (w *Web) reveal(rw http.ResponseWriter, r *httpd.Request) error {
	field, reason := r.PostFormValue("field"), cmp.Or(strings.TrimSpace(r.PostFormValue("other")), r.PostFormValue("reason"))
	value, err := w.Roster.Reveal(r.Context(), r.Who, r.PathValue("id"), field, reason)
	if err != nil && fault.KindOf(err) != fault.Invalid {
		return err
	}
	p, e := w.filePage(rw, r)
	if e != nil {
		return e
	}
	if err != nil {
		p.ask(field, r.PostFormValue("other"), err.Error())
		return show(rw, r, err, fileView(p))
	}
	for i := range p.Identity {
		if row := &p.Identity[i]; row.Field == field {
			row.Value, row.Shown, row.Reveal = value, true, false
		}
	}
	rw.Header().Set("Refresh", revealSeconds+"; url="+p.Path)
	return show(rw, r, nil, fileView(p))
}

func (w *Web) filePage(rw http.ResponseWriter, r *httpd.Request) (filePage, error) {
	id := r.PathValue("id")
	f, err := w.Roster.File(r.Context(), r.Who, id)
	if err != nil {
		return filePage{}, err
	}
	work, err := w.Work.Worklist(r.Context())
	if err != nil {
		return filePage{}, err
	}
	item, _ := work.Get(id)
	g := &f.Graduate
	p := filePage{ID: id, Name: g.Name, State: itemState(item), Where: w.whereabouts(&f), At: w.Now().Time().Format("2006-01-02 15:04"), Open: f.Open}
	list := cmp.Or(r.URL.Query().Get("list"), r.PostFormValue("list"))
	p.Path = fileAddress(id, list)
	p.Identity, p.Checked = w.identity(r.Who, &f)
	if p.Keepers, err = w.keepers(r, g); err != nil {
		return p, err
	}
	fold := w.foldAt(f.Events, calendar.Cut{True: calendar.Forever, Known: calendar.Forever})
	p.Now = w.fileNow(item, fold)
	w.times(&p, r, &f, fold)
	if p.Rows, err = w.fileRows(r.Context(), &f); err != nil {
		return p, err
	}
	p.Actions = w.fileActions(r, id, item.Change != "", slices.ContainsFunc(fold.Cases(), strikeable))
	if err := w.neighbours(r, &p, list, id); err != nil {
		return p, err
	}
	crumb := part.Link{Title: "毕业生", Href: "/graduates"}
	if list != "" {
		crumb.Href += "?" + list
	}
	p.Page = w.desk(rw, r, g.Name, crumb)
	return p, nil
}

// fileOf is the address of somebody's file, blank for who may not open files:
// school leaders decide and see aggregates.
func (w *Web) fileOf(r *httpd.Request, id string) string {
	if !w.mayOpen(r, "/graduates/{id}") {
		return ""
	}
	return fileAddress(id, "")
}

// fileAddress is the address of somebody's file, opened from a list.
func fileAddress(id, list string) string {
	to := "/graduates/" + url.PathEscape(id)
	if list != "" {
		to += "?" + url.Values{"list": {list}}.Encode()
	}
	return to
}

// whereabouts names college, major, level and cohort.
func (w *Web) whereabouts(f *roster.File) string {
	a := f.Graduate.Attrs
	var out []string
	for _, k := range []history.Key{history.College, history.Major, history.Class} {
		if name := f.Shower.Plain(string(k), a.Value(k)); name != "" {
			out = append(out, name)
		}
	}
	if c, ok := w.Book().Table("report_level").Find(a.Value(history.Level)); ok {
		out = append(out, c.Name)
	}
	return strings.Join(append(out, a.Value(history.Cohort)+" 届"), " · ")
}

// identityFields are the lines of the card; what somebody does not have is left out.
var identityFields = []string{"student_no", "exam_no", "id_number", "sex", "ethnicity", "phone", "email", "origin", "training", "politics", "address"}

func (w *Web) identity(who access.Actor, f *roster.File) (rows []identityRow, checked string) {
	for _, id := range identityFields {
		field, _ := roster.FindCheckField(id)
		row := identityRow{Field: id, Title: sourceTitle(field)}
		if field.Secret() {
			row.Value = f.Masked[id]
			p := roster.MayReveal(id)
			row.Reveal = row.Value != "" && p != "" && who.May(p) == nil &&
				who.Within(p).Holds(f.Graduate.ID, f.Graduate.Attrs.Value(history.College), f.Graduate.Attrs.Value(history.Class))
		} else {
			row.Value = f.Shower.Plain(id, f.Graduate.Kept(id))
		}
		if row.Value != "" {
			rows = append(rows, row)
		}
	}
	switch {
	case f.Stands:
		checked = f.Check.At.Time().Format("01-02") + " 本人核对"
	case f.Check.At != 0:
		checked = "核对后有变动"
	default:
		checked = "本人未核对"
	}
	return rows, checked
}

func (w *Web) keepers(r *httpd.Request, g *roster.Graduate) ([]keeperRow, error) {
	list, err := w.Accounts.Keepers(r.Context(), r.Who, g.ID, g.Attrs.Value(history.College), g.Attrs.Value(history.Class))
	var out []keeperRow
	for _, k := range list {
		row := keeperRow{Role: k.Role.Title(), Name: k.Name}
		if k.Since != "" {
			row.Term = string(k.Since)[:7] + " 起"
		}
		if k.Until != "" {
			row.Term = strings.TrimSpace(row.Term + " 至 " + string(k.Until))
		}
		out = append(out, row)
	}
	return out, err
}

// fileNow reads what counts today and what stands behind it.
func (w *Web) fileNow(item destination.Item, fold *history.Fold) fileNow {
	n := fileNow{Headline: w.destinationName(history.Destination{Detail: item.Detail, Scheme: item.Scheme, Code: item.Code}), Code: item.Code, Since: item.Since}
	if c := fold.UnderWay(); c != nil {
		n.Pending = pendingActs[c.Act]
		if item.NewCode != "" {
			n.Pending += " " + w.codeName(item.NewCode)
		}
		fields := c.Given.Fields.Plain()
		n.Pending = strings.TrimSpace(n.Pending + " " + cmp.Or(fields["employer_name"], fields["school_name"]))
	}
	k := fold.Case(item.About())
	if k == nil {
		return n
	}
	c := k.Standing().Content
	n.Case = true
	if item.Detail != history.Registered {
		n.Code = ""
		if item.Coming != "" {
			if item.DisputedAt == 0 && item.StruckAt == 0 {
				n.Headline = comesWords(item.ComesOn)
			}
			n.Coming = string(item.ComesOn) + " 起 " + w.codeName(c.Code)
		}
	}
	fields := c.Fields.Plain()
	n.Employer = cmp.Or(fields["employer_name"], fields["school_name"])
	var place []string
	for _, x := range []struct{ table, code string }{{"post", c.Counts.Plain().Post}, {"region", c.Counts.Plain().Region}} {
		if code, ok := w.Book().Table(x.table).Find(x.code); ok {
			place = append(place, code.Name)
		}
	}
	n.Place = strings.Join(place, " · ")
	n.Facts = []fileFact{{"学校录入", k.Facts.Imported}, {"本人提交", k.Facts.Declared}, {"见材料", k.Facts.Seen},
		{"单位确认", k.Facts.EmployerConfirmed}, {"国家来源", k.Facts.National}}
	return n
}

// pendingActs are acts that are under way.
var pendingActs = map[history.Act]string{history.Open: "登记", history.Amend: "更正为", history.End: "解约或离开", history.Void: "作废"}

// fileActions are what the actor may go on to do, of what there is. While a change
// is under way nothing is proposed beside it; without a case nothing is struck.
func (w *Web) fileActions(r *httpd.Request, id string, underWay, strikeable bool) []part.Link {
	var out []part.Link
	for _, a := range []struct{ title, path, href string }{
		{"代填登记", "/graduates/{id}/propose", "/graduates/" + id + "/propose"},
		{"重发激活码", "/slips", "/slips?graduate=" + id},
		{"核减", "/graduates/{id}/strike", "/graduates/" + id + "/strike"},
	} {
		if underWay && strings.HasSuffix(a.path, "/propose") || !strikeable && strings.HasSuffix(a.path, "/strike") {
			continue
		}
		if t, ok := w.gets[a.path]; ok && r.Who.May(t.Permission) == nil {
			out = append(out, part.Link{Title: a.title, Href: a.href})
		}
	}
	return out
}

// neighbours finds the previous and the next person of the list that the file was
// opened from.
func (w *Web) neighbours(r *httpd.Request, p *filePage, list, id string) error {
	if list == "" {
		return nil
	}
	v, err := url.ParseQuery(list)
	if err != nil {
		return nil // somebody else's address: no list to go through
	}
	found, err := w.listed(r, readListQuery(v))
	if err != nil {
		return err
	}
	i := slices.IndexFunc(found.places, func(x roster.Place) bool { return x.Graduate == id })
	if i > 0 {
		p.Previous = fileAddress(found.places[i-1].Graduate, list)
	}
	if i >= 0 && i+1 < len(found.places) {
		p.Following = fileAddress(found.places[i+1].Graduate, list)
	}
	return nil
}

// times draws the two times, and says how a chosen day was.
func (w *Web) times(p *filePage, r *httpd.Request, f *roster.File, fold *history.Fold) {
	if len(f.Events) == 0 {
		return
	}
	noWork := destination.NoWork(w.Book())
	told := history.AsTold(f.Events, noWork)
	actual := fold.Destinations()
	today := calendar.DayOf(w.Now())
	p.Day = strings.TrimSpace(r.URL.Query().Get("day"))
	chosen, err := calendar.ParseDay(p.Day)
	if p.Day != "" && err != nil {
		p.DayWrong = "日期读不出来，请写成 2024-06-30 的样子"
	}
	p.Lanes = drawLanes(actual, told, calendar.DayOf(f.Events[0].KnownAt), today, chosen, w.laneName)
	if chosen == "" {
		return
	}
	now, then := pieceOn(actual, chosen), pieceOn(told, chosen)
	counted := "不在"
	if then.Detail == history.Registered && !noWork(then.Scheme, then.Code) {
		counted = "在"
	}
	p.DaySays = string(chosen) + " 这天：实际是" + w.destinationName(now.Destination) + "，当时记着" + w.destinationName(then.Destination) +
		"。按当时所知统计，本人" + counted + "落实之列。"
}

func pieceOn(list []history.DestinationPiece, day calendar.Day) history.DestinationPiece {
	var out history.DestinationPiece
	for _, p := range list {
		if p.From <= day {
			out = p
		}
	}
	return out
}

// laneName is what a piece is called in the drawing, and how it is filled.
func (w *Web) laneName(p history.DestinationPiece, told bool) (label, kind string) {
	d := p.Destination
	if p.Case == "" && !told { // why there is none is a matter of today, not of that day
		return w.destinationName(history.Destination{Detail: history.Unregistered}), "none"
	}
	if d.Detail != history.Registered {
		return w.destinationName(d), "none"
	}
	c, _ := w.Book().Table("destination").Find(d.Code)
	switch {
	case w.Book().Table("destination").Descends(d.Code, "85"):
		kind = "abroad"
	case c.Class == "升学":
		kind = "study"
	case c.Class == "就业" && slices.Contains([]string{"12", "75", "76", "77"}, d.Code):
		kind = "other"
	case c.Class == "就业":
		kind = "work"
	default:
		kind = "seek"
	}
	return w.destinationName(d), kind
}
