package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/indicator"
	"quxiang/internal/domain/release"
	"quxiang/internal/httpd"
	"quxiang/internal/web/part"
)

// diffPage is the page of GET /snapshots/diff.
type diffPage struct {
	part.Page
	Names      []part.Option
	From, To   diffEnd
	Stayed     int
	Tabs       []choice
	Moves      []moveLine
	Definition part.Link
	Open       *moveLine // whose people are listed; nil: none
	People     []person
	Unseen     int
	Pager      part.Pager
	Opens      bool
}

// diffEnd is one of the two snapshots.
type diffEnd struct {
	Name, AsOf string
	People     int
}

// moveLine is a way that some people took.
type moveLine struct {
	From, To string
	N        part.Number
}

// diffDims are the breakdowns of a difference.
var diffDims = []indicator.Dim{"", "level", "college", "major"}

// snapshotDiff answers GET /snapshots/diff?from=&to=. The verb writes down whom it named.
func (w *Web) snapshotDiff(rw http.ResponseWriter, r *httpd.Request) error {
	q := r.URL.Query()
	if q.Get("from") == "" || q.Get("to") == "" {
		return httpd.SeeOther(rw, r, "/snapshots") // where two are chosen
	}
	by := diffBy(q)
	d, err := w.Office.Releases.Diff(r.Context(), r.Who, q.Get("from"), q.Get("to"), by)
	if err != nil {
		return err
	}
	all, err := w.Office.Releases.List(r.Context(), r.Who)
	if err != nil {
		return err
	}
	p := diffPage{Page: w.desk(rw, r, "两个快照之间的变化", part.Link{Title: "快照与发布", Href: "/snapshots"}),
		From:   diffEnd{d.From.Name, moment(d.From.Cut.True), d.Differences.From},
		To:     diffEnd{d.To.Name, moment(d.To.Cut.True), d.Differences.To},
		Stayed: d.Stayed, Opens: r.Who.May(access.ViewPeople) == nil,
		Definition: part.Link{Title: definitionName(&d.To), Href: "/indicators#" + d.To.Definition}}
	for i := range slices.Backward(all) {
		if all[i].Cohort == d.To.Cohort {
			p.Names = append(p.Names, part.Option{Value: all[i].Name, Title: all[i].Name})
		}
	}
	for _, dim := range diffDims {
		to := url.Values{"from": {d.From.Name}, "to": {d.To.Name}}
		title := "全校"
		if dim != "" {
			to.Set("by", string(dim))
			title = "按" + indicator.DimTitle(dim)
		}
		p.Tabs = append(p.Tabs, choice{Title: title, Href: "/snapshots/diff?" + to.Encode(), Current: q.Get("by") == string(dim)})
	}
	if err := w.diffMoves(r, &p, &d, q); err != nil {
		return err
	}
	return show(rw, r, nil, diffView(p))
}

// diffBy reads the breakdown; one that is none is none.
func diffBy(q url.Values) []indicator.Dim {
	d := indicator.Dim(q.Get("by"))
	if d == "" || !slices.Contains(diffDims, d) {
		return nil
	}
	return []indicator.Dim{d}
}

// placeName says where somebody stands: the row, and the part without 率, since
// people are counted.
func placeName(p indicator.Place) string {
	if p.Outside() {
		return p.String()
	}
	out := ""
	for _, v := range p.Values {
		out += v.Name + " "
	}
	return out + strings.TrimSuffix(p.Title, "率")
}

// diffMoves lays the ways out, and lists the people of the one that is opened.
func (w *Web) diffMoves(r *httpd.Request, p *diffPage, d *release.Diff, q url.Values) error {
	open := -1
	if q.Has("move") {
		n, err := strconv.Atoi(q.Get("move"))
		if err != nil || n < 0 || n >= len(d.Moves) {
			return fault.NotFoundf("move", "没有这一项变化，请回到比较页重新打开")
		}
		open = n
	}
	for i, m := range d.Moves {
		line := moveLine{From: placeName(m.From), To: placeName(m.To), N: part.Number{Text: thousands(m.N)}}
		if p.Opens && len(m.Graduates) > 0 {
			to := url.Values{"from": {p.From.Name}, "to": {p.To.Name}, "move": {strconv.Itoa(i)}}
			if q.Get("by") != "" {
				to.Set("by", q.Get("by"))
			}
			line.N.Href = "/snapshots/diff?" + to.Encode() + "#people"
			line.N.Says = line.From + " 到 " + line.To + "，" + line.N.Text + " 人，打开名单"
		}
		p.Moves = append(p.Moves, line)
	}
	if open < 0 {
		return nil
	}
	p.Open = &p.Moves[open]
	ids, pager := pageOfIDs(d.Moves[open].Graduates, q, r.URL.Path)
	names, err := w.Figures.Names(r.Context())
	if err != nil {
		return err
	}
	p.Pager = pager
	p.People, err = w.persons(r.Context(), r.Within, ids, d.To.Cut, names)
	p.Unseen = d.Moves[open].N - pager.Total
	return err
}
