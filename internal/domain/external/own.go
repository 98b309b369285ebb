package external

import (
	"fmt"
	"math/big"
	"slices"
	"strings"

	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/indicator"
)

// Own is the indicator that counts by now what others measured before, as a template
// binds it: destination.settled, or destination.settled level=本科+硕士.
type Own struct {
	Table  string
	Cell   string
	Dim    indicator.Dim // blank: everybody
	Values []string      // names of the dimension, together
}

// ParseOwn reads one. Error: fault.Invalid on own.
func ParseOwn(s string) (Own, error) {
	var o Own
	part := strings.Fields(s)
	if len(part) == 0 || len(part) > 2 {
		return o, fault.Invalidf("own", "请写明由哪一项指标统计，例如 destination.settled 或 destination.settled level=本科")
	}
	o.Table, o.Cell, _ = strings.Cut(part[0], ".")
	if !slices.ContainsFunc(indicator.Catalogue(), func(d indicator.Definition) bool {
		return d.Table == o.Table && o.Cell != "" && (d.Each != "" || slices.ContainsFunc(d.Cells, func(c indicator.Cell) bool { return c.ID == o.Cell }))
	}) {
		return o, fault.Invalidf("own", "没有指标“%s”，请到“指标口径”里查，例如 destination.settled", part[0])
	}
	if len(part) < 2 {
		return o, nil
	}
	dim, values, ok := strings.Cut(part[1], "=")
	if o.Dim = indicator.Dim(dim); !ok || values == "" || dim == "cohort" || !slices.Contains(indicator.Dims(), o.Dim) {
		return o, fault.Invalidf("own", "条件“%s”应写成 维度=值，例如 level=本科", part[1])
	}
	o.Values = strings.Split(values, "+")
	return o, nil
}

// String is the binding as ParseOwn reads it.
func (o Own) String() string {
	out := o.Table + "." + o.Cell
	if o.Dim != "" {
		out += " " + string(o.Dim) + "=" + strings.Join(o.Values, "+")
	}
	return out
}

// Query asks for the table that the indicator stands in, over the whole school.
func (o Own) Query(cohort string) indicator.Query {
	q := indicator.Query{Table: o.Table, Cohorts: []string{cohort}}
	if o.Dim != "" {
		q.By = []indicator.Dim{o.Dim}
	}
	return q
}

// In finds the indicator's figure in the table that Query asks for; ok is false where
// the table has no such column or row, or withholds it.
func (o Own) In(t *indicator.Table) (f indicator.Figure, ok bool) {
	at := slices.IndexFunc(t.Headings, func(h indicator.Heading) bool { return h.ID == o.Cell })
	if at < 0 {
		return f, false
	}
	for i := range t.Rows {
		r := &t.Rows[i]
		if r.Total != (o.Dim == "") || o.Dim != "" && !slices.Contains(o.Values, r.Name()) && !slices.Contains(o.Values, r.Values[0].Key) {
			continue
		}
		if r.Hidden || r.Cells[at].Hidden {
			return f, false
		}
		f.K += r.Cells[at].K
		f.Base += r.Cells[at].Base
		ok = true
	}
	return f, ok
}

// Beside compares what others measured with our own count: the own value as it would be
// printed, and how far the other lies from it. Units but % are compared with the count.
func Beside(c *Content, own indicator.Figure) (value, difference string) {
	unit := c.Unit
	value = fmt.Sprint(own.K)
	if c.Unit == Percent {
		if value = own.Percent(); value == "" {
			return "", ""
		}
		unit = "个百分点"
	}
	d := new(big.Rat).Sub(ratio(c.Value), ratio(value))
	text := new(big.Rat).Abs(d).FloatString(max(digits(c.Value), digits(value)))
	switch {
	case d.Sign() > 0:
		return value + c.Unit, "外部数据高 " + text + " " + unit
	case d.Sign() < 0:
		return value + c.Unit, "外部数据低 " + text + " " + unit
	}
	return value + c.Unit, "相同"
}
