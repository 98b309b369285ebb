package reference

import (
	"cmp"
	"context"
	"strings"

	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/exchange"
)

// codeRows plans a file of codes and mappings. A row with 对照为 says which of
// our codes another system's code means; every other row adds a code, or says
// under which number (导出代码) the ministry's files carry one that is there.
type codeRows struct {
	*local
	tables map[string]*codes.Table // by id, scheme and title
}

func planCodes(ctx context.Context, s *Service, t *tally) (planner, error) {
	p, err := localOf(ctx, s, t)
	return newCodeRows(p), err
}

func newCodeRows(p *local) *codeRows {
	c := &codeRows{local: p, tables: map[string]*codes.Table{}}
	for id := range p.builtin.Versions() {
		table := p.builtin.Table(id)
		for _, name := range []string{table.ID, table.Scheme, table.Title} {
			c.tables[codes.Normalize(name)] = table
		}
	}
	return c
}

func (p *codeRows) row(l exchange.Line) {
	v := l.Values
	table, ok := p.tables[codes.Normalize(v["table"])]
	if !ok {
		p.refuse(l.Number, "table", v["table"], "没有这张代码表，请填写表名（如 毕业去向类别、单位性质）或表的标识")
		return
	}
	code := codes.Normalize(v["code"])
	if code == "" {
		p.refuse(l.Number, "code", "", "请填写代码")
		return
	}
	to, maps := v["to_code"]
	scheme := table.Scheme
	if maps {
		scheme = cmp.Or(v["from_scheme"], scheme)
	}
	if !p.once(l, table.ID+"\x00"+scheme+"\x00"+code, "code", code) {
		return
	}
	if maps {
		p.addMapping(l, table, codes.Mapping{Table: table.ID, FromScheme: scheme, From: code, To: to})
		return
	}
	p.codeRow(l, table, code)
}

// codeRow plans a code and the number that exports give it.
func (p *codeRows) codeRow(l exchange.Line, table *codes.Table, code string) {
	_, shipped := table.Find(code)
	var fields map[string]string
	if export := l.Values["export_code"]; export != "" && export != code {
		p.addMapping(l, table, codes.Mapping{Table: table.ID, FromScheme: table.Scheme, From: export, To: code})
		if shipped && l.Values["name"] == "" {
			return // only the number of a code that is there
		}
		if !shipped {
			fields = map[string]string{"internal": "yes"} // the code itself must not be exported
		}
	}
	p.addCode(l, table, code, fields)
}

// aliases splits a cell of names; 、 belongs to some names and splits none.
func aliases(cell string) []string {
	var out []string
	for _, a := range strings.FieldsFunc(cell, func(r rune) bool { return r == '|' || r == ';' || r == '；' }) {
		if a = strings.TrimSpace(a); a != "" {
			out = append(out, a)
		}
	}
	return out
}

// institutionRows plans a file of institutions with the years since which they
// count as 985, 211 or 双一流.
type institutionRows struct{ *local }

func planInstitutions(ctx context.Context, s *Service, t *tally) (planner, error) {
	p, err := localOf(ctx, s, t)
	return &institutionRows{p}, err
}

// years are the columns of an institution that say since when it is on a list.
var years = []string{"since_985", "since_211", "since_double_first"}

func (p *institutionRows) row(l exchange.Line) {
	v := l.Values
	table := p.builtin.Table("institution")
	code := v["code"]
	if len(code) == 10 { // 学校标识码: the last five digits are the 院校代码
		code = code[5:]
	}
	_, shipped := table.Find(code)
	_, ours := p.codes[codeKey{table.Scheme, code}]
	switch {
	case !shipped && !ours && (len(code) != 5 || strings.Trim(code, "0123456789") != ""):
		p.refuse(l.Number, "code", v["code"], "院校代码应为 5 位数字，或 10 位学校标识码")
		return
	case v["name"] == "":
		p.refuse(l.Number, "name", "", "请填写院校名称")
		return
	case !p.once(l, code, "code", code):
		return
	}
	fields := map[string]string{}
	for _, field := range years {
		if since, said := v[field]; said {
			fields[field] = since
		}
	}
	p.addCode(l, table, code, fields)
}
