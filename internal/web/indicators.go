package web

import (
	"net/http"
	"strings"

	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/indicator"
	"quxiang/internal/httpd"
	"quxiang/internal/web/part"
)

// indicatorsPage is the page of GET /indicators: every definition in words.
type indicatorsPage struct {
	part.Page
	Definitions []definitionView
}

// definitionView is one definition as people read it.
type definitionView struct {
	indicator.Definition
	Usual string // for which cohorts it is taken where none is named; blank: on request only
	Cells []cellView
	Each  string // title of the code table that has one cell a code; blank: none
}

// cellView is one column of a definition.
type cellView struct {
	ID, Title, Of string
	Counts        []string // what it counts, a line each
	Part          bool     // one of those that add up to the base
}

// indicators answers GET /indicators.
func (w *Web) indicators(rw http.ResponseWriter, r *httpd.Request) error {
	p := indicatorsPage{Page: w.desk(rw, r, "指标口径")}
	for _, d := range indicator.Catalogue() {
		p.Definitions = append(p.Definitions, describeDefinition(w.Book(), d))
	}
	return show(rw, r, nil, indicatorsView(p))
}

func describeDefinition(book *codes.Book, d indicator.Definition) definitionView {
	out := definitionView{Definition: d}
	switch {
	case d.CohortsFrom != "" && d.CohortsTo != "":
		out.Usual = d.CohortsFrom + " 届至 " + d.CohortsTo + " 届通用"
	case d.CohortsFrom != "":
		out.Usual = d.CohortsFrom + " 届起通用"
	case d.CohortsTo != "":
		out.Usual = d.CohortsTo + " 届及以前通用"
	}
	if d.Each != "" {
		out.Each = d.Each
		if t := book.Table(d.Each); t != nil {
			out.Each = t.Title
		}
	}
	titles := map[string]string{}
	for _, c := range d.Cells {
		titles[c.ID] = c.Title
	}
	for _, c := range d.Cells {
		v := cellView{ID: c.ID, Title: c.Title, Of: titles[c.Of], Counts: describeCell(book, &c, titles)}
		for _, id := range d.Parts {
			v.Part = v.Part || id == c.ID
		}
		out.Cells = append(out.Cells, v)
	}
	return out
}

// describeCell says what a column counts, a line each.
func describeCell(book *codes.Book, c *indicator.Cell, titles map[string]string) []string {
	var out []string
	if len(c.Sum) > 0 {
		out = append(out, "相加："+named(c.Sum, titles))
	}
	for _, code := range c.Codes {
		out = append(out, namedCode(book, "destination", code))
	}
	if c.Unregistered {
		out = append(out, "没有生效的登记：未登记、审核中、已退回、有异议、已核减")
	}
	for _, list := range []struct {
		lead, table string
		values      []string
	}{{"医院等级 ", "hospital_level", c.HospitalLevels}, {"单位性质 ", "nature", c.Natures}, {"院校层次 ", "school_tier", c.SchoolTiers}} {
		for _, v := range list.values {
			out = append(out, list.lead+namedCode(book, list.table, v))
		}
	}
	if len(c.Prefixes) > 0 {
		out = append(out, "行政区划代码开头为 "+strings.Join(c.Prefixes, "、"))
	}
	if c.Rest {
		out = append(out, "其余的")
	}
	if len(c.Base) > 0 {
		out = append(out, "分母："+named(c.Base, titles)+" 之和")
	}
	return out
}

// named lists cells by their titles.
func named(ids []string, titles map[string]string) string {
	out := make([]string, len(ids))
	for i, id := range ids {
		if out[i] = titles[id]; out[i] == "" {
			out[i] = id
		}
	}
	return strings.Join(out, " + ")
}

// namedCode is a code with its name; 27x is 27 with all under it.
func namedCode(book *codes.Book, table, code string) string {
	bare := strings.TrimSuffix(code, "x")
	name := ""
	if t := book.Table(table); t != nil {
		if row, ok := t.Find(bare); ok {
			name = " " + row.Name
		}
	}
	if bare != code {
		name += "（含下级）"
	}
	return bare + name
}
