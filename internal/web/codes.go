package web

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/fault"
	"quxiang/internal/httpd"
	"quxiang/internal/web/part"
)

// codesOnPage is how many rows of a code table one page shows.
const codesOnPage = 200

// codesPage is the page of GET /codes.
type codesPage struct {
	part.Page
	Tables                        []part.Option
	Table, Title, Version, Source string
	Query                         string
	Rows                          []codeRow
	Pager                         part.Pager
	Local                         int    // rows of the table that the school added
	Import                        string // address of the import of codes; blank: not for the actor
}

// codeRow is one code.
type codeRow struct {
	codes.Code
	ParentName string
	Valid      string
	Local      bool // added by the school
}

// firstTables are the tables that officers look up most; the others follow.
var firstTables = []string{"destination", "nature", "industry", "post", "region", "hospital_level", "institution", "document"}

// codes answers GET /codes.
func (w *Web) codes(rw http.ResponseWriter, r *httpd.Request) error {
	q, book := r.URL.Query(), w.Book()
	ids := tableIDs(book)
	p := codesPage{Page: w.desk(rw, r, "代码表"), Table: q.Get("table"), Query: strings.TrimSpace(q.Get("q"))}
	if p.Table == "" {
		p.Table = ids[0]
	}
	if !slices.Contains(ids, p.Table) {
		return fault.NotFoundf("table", "没有代码表“%s”，请从列表里选", p.Table)
	}
	for _, id := range ids {
		p.Tables = append(p.Tables, part.Option{Value: id, Title: book.Table(id).Title})
	}
	t := book.Table(p.Table)
	p.Title, p.Version, p.Source = t.Title, t.Version, plainSource(t.Source)
	local, err := w.localCodes(r, t.ID)
	if err != nil {
		return err
	}
	p.Local = len(local)
	p.Rows, p.Pager = codeRows(t, local, p.Query, q)
	if route, ok := w.gets["/import/{kind}"]; ok && r.Who.May(access.ManageCodes) == nil && r.Who.May(route.Permission) == nil {
		p.Import = "/import/codes"
	}
	return show(rw, r, nil, codesView(p))
}

// tableIDs are the ids of all code tables, those looked up most first.
func tableIDs(book *codes.Book) []string {
	var out []string
	all := slices.Sorted(maps.Keys(book.Versions()))
	for _, id := range firstTables {
		if slices.Contains(all, id) {
			out = append(out, id)
		}
	}
	for _, id := range all {
		if !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	return out
}

// localCodes are the codes of a table that the school added.
func (w *Web) localCodes(r *httpd.Request, table string) (map[string]bool, error) {
	out := map[string]bool{}
	if w.Office == nil {
		return out, nil
	}
	added, _, err := w.Office.LocalCodes(r.Context())
	scheme := w.Book().Table(table).Scheme
	for _, c := range added {
		if c.Scheme == scheme {
			out[c.Code] = true
		}
	}
	return out, err
}

// codeRows are the rows of a page: those whose code begins with what is looked
// for, or whose name or another name holds it.
func codeRows(t *codes.Table, local map[string]bool, text string, q url.Values) ([]codeRow, part.Pager) {
	var all []codeRow
	for _, c := range t.All() {
		if text != "" && !strings.HasPrefix(c.Code, text) && !strings.Contains(c.Name, text) &&
			!slices.ContainsFunc(c.Aliases, func(a string) bool { return strings.Contains(a, text) }) {
			continue
		}
		row := codeRow{Code: c, Valid: validity(c), Local: local[c.Code]}
		if up, ok := t.Find(c.Parent); ok && c.Parent != "" {
			row.ParentName = up.Name
		}
		all = append(all, row)
	}
	p := part.Pager{Total: len(all), Unit: "条"}
	from := 0
	if after := q.Get("after"); after != "" {
		from = 1 + slices.IndexFunc(all, func(c codeRow) bool { return c.Code.Code == after })
		p.First = goOn("/codes", q, "")
	}
	page := all[from:min(from+codesOnPage, len(all))]
	if len(page) > 0 {
		p.From, p.To = from+1, from+len(page)
	}
	if from+len(page) < len(all) {
		p.Next = goOn("/codes", q, page[len(page)-1].Code.Code)
	}
	return page, p
}

// validity says from when to when a code is offered.
func validity(c codes.Code) string {
	switch {
	case c.From != "" && c.To != "":
		return c.From + " 至 " + c.To
	case c.From != "":
		return c.From + " 起"
	case c.To != "":
		return "至 " + c.To
	}
	return "一直有效"
}

// joinAliases lists other names.
func joinAliases(list []string) string { return strings.Join(list, "、") }

// plainSource is where a code was found, without the marks of the specification.
func plainSource(s string) string {
	return strings.TrimSpace(strings.NewReplacer("[own]", "", "[found: ", "", "[found]", "", "]", "").Replace(s))
}
