package web

import (
	"io"
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

// graduatesPage is the page of GET /graduates: the roster as a list.
type graduatesPage struct {
	part.Page
	Heading string
	Apart   int // of the people listed: not in the statistics
	Query   listQuery
	Choices filterChoices
	Columns []listColumn
	Chooser []choice
	Rows    []graduateRow
	Pager   part.Pager
	Views   []roster.View
	View    string // what was typed as the name of a view
	Wrong   []part.Wrong
	Slips   bool // codes can be made for ticked rows
	Export  bool
}

// graduateRow is one line of a list.
type graduateRow struct {
	ID, Name, Number, Href string
	State                  part.State
	Cells                  []string
}

// graduates answers GET /graduates.
func (w *Web) graduates(rw http.ResponseWriter, r *httpd.Request) error {
	if q := r.URL.Query().Get("q"); personalNumber(q) {
		return w.seek(rw, r, q) // the list is narrowed by names only; a number leaves the address
	}
	p, err := w.graduatesPage(rw, r, r.URL.Query())
	if err != nil {
		return err
	}
	if err := w.Accounts.Opened(r.Context(), r.Who, "graduates?"+withoutName(p.Query).Encode(), p.Pager.Total); err != nil {
		return err
	}
	return show(rw, r, nil, graduatesView(p))
}

// withoutName is the query as the audit trail has it: no personal data.
func withoutName(q listQuery) url.Values {
	v := q.values()
	v.Del("q")
	return v
}

func (w *Web) graduatesPage(rw http.ResponseWriter, r *httpd.Request, v url.Values) (graduatesPage, error) {
	p := graduatesPage{Query: readListQuery(v)}
	cohorts, err := w.Figures.Cohorts(r.Context())
	if err != nil {
		return p, err
	}
	if !v.Has("cohort") && len(cohorts) > 0 {
		p.Query.Cohort = usualCohort(cohorts, w.Now())
	}
	if p.Choices, err = w.filterChoices(r, p.Query, cohorts); err != nil {
		return p, err
	}
	found, err := w.listed(r, p.Query)
	if err != nil {
		return p, err
	}
	p.Columns = p.Query.columns()
	for _, c := range listColumns {
		p.Chooser = append(p.Chooser, choice{Key: c.id, Title: c.title, Current: slices.Contains(p.Columns, c)})
	}
	for _, x := range found.places {
		if x.Apart {
			p.Apart++
		}
	}
	page, pager := pageOf(found.places, p.Query)
	p.Pager = pager
	if p.Rows, err = w.graduateRows(r, page, p.Columns, found.work, p.Query); err != nil {
		return p, err
	}
	if p.Views, err = w.Roster.Views(r.Context(), r.Who, "/graduates"); err != nil {
		return p, err
	}
	slips, ok := w.gets["/slips"]
	p.Slips = ok && r.Who.May(slips.Permission) == nil
	p.Export = w.Exports != nil && r.Who.May(access.ExportPeople) == nil
	p.Heading = "毕业生"
	if p.Query.State != "" {
		p.Heading = stateTitle(p.Query.State) + "名单"
	}
	p.Page = w.script(w.desk(rw, r, p.Heading), "list.js")
	return p, nil
}

// pageOf cuts one page out of a list, after the person that the address names.
func pageOf(all []roster.Place, q listQuery) ([]roster.Place, part.Pager) {
	p := part.Pager{Total: len(all), Unit: "人"}
	from := 0
	if q.After != "" {
		from = slices.IndexFunc(all, func(x roster.Place) bool { return x.Graduate == q.After }) + 1
	}
	page := all[from:min(from+pageSize, len(all))]
	if len(page) > 0 {
		p.From, p.To = from+1, from+len(page)
	}
	v := q.values()
	if from > 0 {
		p.First = "/graduates?" + v.Encode()
	}
	if from+len(page) < len(all) {
		v.Set("after", page[len(page)-1].Graduate)
		p.Next = "/graduates?" + v.Encode()
	}
	return page, p
}

// graduateRows reads the people of a page, in its order.
func (w *Web) graduateRows(r *httpd.Request, page []roster.Place, columns []listColumn, work *destination.Worklist, q listQuery) ([]graduateRow, error) {
	if len(page) == 0 {
		return nil, nil
	}
	ids := make([]string, len(page))
	for i, p := range page {
		ids[i] = p.Graduate
	}
	within := r.Who.Within(access.ViewPeople)
	people, err := w.People.GraduatesByID(r.Context(), within, ids)
	if err != nil {
		return nil, err
	}
	var histories map[string][]history.Event
	if slices.ContainsFunc(columns, func(c listColumn) bool { return c.id == "employer" }) {
		if histories, err = w.People.Histories(r.Context(), within, ids); err != nil {
			return nil, err
		}
	}
	units, err := w.Roster.Units(r.Context())
	if err != nil {
		return nil, err
	}
	show := roster.NewShower(w.Book(), units)
	byID := map[string]*roster.Graduate{}
	for i := range people {
		byID[people[i].ID] = &people[i]
	}
	var out []graduateRow
	list := q.values().Encode()
	for _, id := range ids {
		g := byID[id]
		if g == nil {
			continue // left the scope meanwhile
		}
		item, _ := work.Get(id)
		row := graduateRow{ID: id, Name: g.Name, Number: numberOf(g), Href: fileAddress(id, list), State: itemState(item)}
		for _, c := range columns {
			row.Cells = append(row.Cells, w.cell(c.id, g, item, roster.EmployerOf(histories[id]), show))
		}
		out = append(out, row)
	}
	return out, nil
}

// exportGraduates answers POST /graduates/export: the ticked rows of a list, or
// all of it, without numbers and contacts.
func (w *Web) exportGraduates(rw http.ResponseWriter, r *httpd.Request) error {
	v, err := url.ParseQuery(r.PostFormValue("list"))
	if err != nil || w.Exports == nil {
		return fault.Invalidf("list", "筛选条件读不出来，请回到名单再导出")
	}
	q := readListQuery(v)
	found, err := w.listed(r, q)
	if err != nil {
		return err
	}
	if ticked := r.PostForm["id"]; len(ticked) > 0 {
		if err := w.allWithin(r, ticked); err != nil {
			return err
		}
		found.places = slices.DeleteFunc(found.places, func(p roster.Place) bool { return !slices.Contains(ticked, p.Graduate) })
	}
	columns := q.columns()
	header := []string{"状态", "姓名", "学号"}
	for _, c := range columns {
		header = append(header, c.title)
	}
	file := ListFile{Title: "毕业生名单", List: withoutName(q).Encode(), Purpose: strings.TrimSpace(r.PostFormValue("purpose"))}
	for page := range slices.Chunk(found.places, 500) {
		list, err := w.graduateRows(r, page, columns, found.work, q)
		if err != nil {
			return err
		}
		for _, x := range list {
			file.Rows = append(file.Rows, append([]string{x.State.Word, x.Name, x.Number}, x.Cells...))
			file.People = append(file.People, x.ID)
		}
	}
	file.Header = header
	return sendSheet(rw, "毕业生名单_"+string(calendar.DayOf(w.Now()))+".xlsx", func(out io.Writer) error { return w.Exports.ExportList(r.Context(), r.Who, file, out) })
}

// allWithin refuses a list with somebody in it who is out of reach, as a whole.
// Error: fault.NotFound.
func (w *Web) allWithin(r *httpd.Request, ids []string) error {
	ids = slices.Compact(slices.Sorted(slices.Values(ids)))
	people, err := w.peopleByID(r.Context(), r.Within, ids)
	if err == nil && len(people) < len(ids) {
		err = fault.NotFoundf("id", "勾选的人里有 %d 位不在负责的范围内，没有导出任何人；请刷新名单后重选", len(ids)-len(people))
	}
	return err
}

// keepView answers POST /views: the list under a name. Whom somebody searched for
// is not kept, neither in the view nor in the address that the form's answer is
// remembered by.
func (w *Web) keepView(rw http.ResponseWriter, r *httpd.Request) error {
	name, query := r.PostFormValue("name"), r.PostFormValue("list")
	v, err := url.ParseQuery(query)
	if err != nil {
		return fault.Invalidf("list", "筛选条件读不出来，请回到名单再存")
	}
	query = withoutName(readListQuery(v)).Encode()
	err = w.Roster.KeepView(r.Context(), r.Who, "/graduates", name, query)
	if err == nil {
		return httpd.SeeOther(rw, r, "/graduates?"+query)
	}
	if k := fault.KindOf(err); k != fault.Invalid && k != fault.Conflict {
		return err
	}
	p, e := w.graduatesPage(rw, r, v)
	if e != nil {
		return e
	}
	p.View, p.Wrong = name, []part.Wrong{{Field: "view-name", Text: err.Error()}}
	return show(rw, r, err, graduatesView(p))
}

// dropView answers POST /views/{id}/drop.
func (w *Web) dropView(rw http.ResponseWriter, r *httpd.Request) error {
	if err := w.Roster.DropView(r.Context(), r.Who, r.PathValue("id")); err != nil {
		return err
	}
	v, err := url.ParseQuery(r.PostFormValue("list"))
	if err != nil {
		return httpd.SeeOther(rw, r, "/graduates")
	}
	return httpd.SeeOther(rw, r, "/graduates?"+withoutName(readListQuery(v)).Encode())
}
