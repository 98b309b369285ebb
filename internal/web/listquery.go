package web

import (
	"cmp"
	"net/url"
	"slices"
	"strings"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/destination"
	"quxiang/internal/domain/history"
	"quxiang/internal/domain/roster"
	"quxiang/internal/httpd"
)

// listQuery is what the address of a list of graduates asks for.
type listQuery struct {
	roster.Listing
	State string   // a queue of the worklist, or registered; blank: everybody
	Code  string   // destination code or one above it; blank: all
	Cols  []string // chosen columns; nil: the usual ones
	After string   // id of the last person of the page before
}

// registered is the state of a list of those who are settled.
const registered = "registered"

// listStates are the states that a list may be narrowed to, in the order of work.
var listStates = []struct{ id, title string }{
	{string(destination.QueueUnregistered), "未登记"}, {string(destination.QueueProposed), "待本人确认"},
	{string(destination.QueueClass), "待辅导员审"}, {string(destination.QueueCollege), "待院审"}, {string(destination.QueueSchool), "待校审"},
	{string(destination.QueueReturned), "已退回"}, {string(destination.QueueDisputed), "本人异议"}, {string(destination.QueueStruck), "已核减"},
	{registered, "已登记"},
}

func stateTitle(id string) string {
	for _, s := range listStates {
		if s.id == id {
			return s.title
		}
	}
	return ""
}

// readListQuery reads an address; what it does not know narrows nothing.
func readListQuery(v url.Values) listQuery {
	q := listQuery{Listing: roster.Listing{Cohort: v.Get("cohort"), College: v.Get("college"), Class: v.Get("class"), Level: v.Get("level"),
		Name: strings.TrimSpace(v.Get("q"))}, Code: v.Get("code"), After: v.Get("after")}
	if stateTitle(v.Get("state")) != "" {
		q.State = v.Get("state")
	}
	for _, c := range v["col"] {
		if slices.ContainsFunc(listColumns, func(x listColumn) bool { return x.id == c }) && !slices.Contains(q.Cols, c) {
			q.Cols = append(q.Cols, c)
		}
	}
	return q
}

// values is the query as an address has it, without the page.
func (q listQuery) values() url.Values {
	v := url.Values{}
	for k, x := range map[string]string{"cohort": q.Cohort, "college": q.College, "class": q.Class, "level": q.Level, "state": q.State,
		"code": q.Code, "q": q.Name} {
		if x != "" {
			v.Set(k, x)
		}
	}
	for _, c := range q.Cols {
		v.Add("col", c)
	}
	return v
}

// listColumn is a column of a list beside state, name and number.
type listColumn struct {
	id, title string
	usual     bool
}

// listColumns are all columns in their fixed order.
var listColumns = []listColumn{
	{"level", "学历层次", false}, {"college", "学院", false}, {"major", "专业", false}, {"class", "班级", true},
	{"destination", "去向", true}, {"employer", "单位", false}, {"since", "自何日起", true}, {"waits", "等了", false},
	{"exam_no", "考生号", false}, {"origin", "生源地", false}, {"training", "培养方式", false},
}

// columns are those that the list shows.
func (q listQuery) columns() []listColumn {
	var out []listColumn
	for _, c := range listColumns {
		if q.Cols == nil && c.usual || slices.Contains(q.Cols, c.id) {
			out = append(out, c)
		}
	}
	return out
}

// foundList is a list that was found, whole, in the order of the roster.
type foundList struct {
	places []roster.Place
	work   *destination.Worklist
}

// listed finds whom the query means within the actor's scope.
func (w *Web) listed(r *httpd.Request, q listQuery) (foundList, error) {
	var out foundList
	var err error
	if out.work, err = w.Work.Worklist(r.Context()); err != nil {
		return out, err
	}
	if out.places, err = w.Roster.Places(r.Context(), r.Who, q.Listing); err != nil {
		return out, err
	}
	if q.State == "" && q.Code == "" {
		return out, nil
	}
	in := among(out.work, r, q)
	out.places = slices.DeleteFunc(out.places, func(p roster.Place) bool { return !in[p.Graduate] })
	return out, nil
}

// among are those who stand as the query asks.
func among(work *destination.Worklist, r *httpd.Request, q listQuery) map[string]bool {
	f := destination.Filter{Cohort: q.Cohort, College: q.College, Class: q.Class, Level: q.Level, Code: q.Code}
	if q.State != registered {
		f.Queue = destination.Queue(q.State)
	}
	items, _ := work.List(r.Who, r.Who.Within(access.ViewPeople), f, "", work.Len())
	out := make(map[string]bool, len(items))
	for i := range items {
		if q.State != registered || items[i].Detail == history.Registered {
			out[items[i].Graduate] = true
		}
	}
	return out
}

// addTo is the address with one more parameter.
func addTo(address, key, value string) string {
	path, query, _ := strings.Cut(address, "?")
	v, _ := url.ParseQuery(query)
	v.Set(key, value)
	return path + "?" + v.Encode()
}

// listOf is the list that an address of a file carries.
func listOf(address string) string {
	_, query, _ := strings.Cut(address, "?")
	v, _ := url.ParseQuery(query)
	return v.Get("list")
}

func queryEscape(s string) string { return url.QueryEscape(s) }

// laneText is the line of the text within a bar.
func laneText(y string) string { return map[string]string{"28": "44.5", "68": "84.5"}[y] }

// filterChoices are the options of the list's filters within the actor's scope.
type filterChoices struct {
	Cohorts, Colleges, Classes, Levels, States []choice
}

// mostChoices is how many classes a list to choose from has at most; beyond, the
// college is to be chosen first.
const mostChoices = 400

func (w *Web) filterChoices(r *httpd.Request, q listQuery, cohorts []string) (filterChoices, error) {
	var out filterChoices
	units, err := w.Roster.Units(r.Context())
	if err != nil {
		return out, err
	}
	for _, c := range slices.Backward(cohorts) {
		out.Cohorts = append(out.Cohorts, choice{Key: c, Title: c + " 届", Current: c == q.Cohort})
	}
	within := r.Who.Within(access.ViewPeople)
	byID := map[string]roster.Unit{}
	for _, u := range units {
		byID[u.ID] = u
	}
	for _, u := range units {
		switch u.Kind {
		case roster.College:
			if within.School || slices.Contains(within.Colleges, u.ID) {
				out.Colleges = append(out.Colleges, choice{Key: u.ID, Title: u.Name, Current: u.ID == q.College})
			}
		case roster.Class:
			college := byID[u.Parent].Parent
			if u.Cohort == q.Cohort && (q.College == "" || college == q.College) && within.Holds("", college, u.ID) {
				out.Classes = append(out.Classes, choice{Key: u.ID, Title: u.Name, Current: u.ID == q.Class})
			}
		}
	}
	if len(out.Classes) > mostChoices {
		out.Classes = nil
	}
	for _, c := range w.Book().Table("report_level").All() {
		out.Levels = append(out.Levels, choice{Key: c.Code, Title: c.Name, Current: c.Code == q.Level})
	}
	for _, s := range listStates {
		out.States = append(out.States, choice{Key: s.id, Title: s.title, Current: s.id == q.State})
	}
	return out, nil
}

// cell is one value of a row.
func (w *Web) cell(c string, g *roster.Graduate, i destination.Item, employer string, show roster.Shower) string {
	switch c {
	case "level":
		x, _ := w.Book().Table("report_level").Find(g.Attrs.Value(history.Level))
		return x.Name
	case "college", "major", "class", "origin", "training":
		return show.Plain(c, g.Attrs.Value(history.Key(c)))
	case "destination":
		if i.Detail != history.Registered && i.Change != "" && i.NewCode != "" {
			return w.codeName(i.NewCode) + "（未审）"
		}
		if i.Case == "" && i.Coming != "" && i.DisputedAt == 0 && i.StruckAt == 0 {
			return comesWords(i.ComesOn)
		}
		return w.destinationName(history.Destination{Detail: cmp.Or(i.Detail, history.Unregistered), Scheme: i.Scheme, Code: i.Code})
	case "employer":
		return employer
	case "since":
		return string(i.Since)
	case "waits":
		if i.Waits > 0 {
			return age(i.Waits, w.Now())
		}
	case "exam_no":
		return g.ExamNo
	}
	return ""
}
