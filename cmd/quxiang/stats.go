package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"quxiang/internal/app"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/indicator"
)

// asked are the flags that name a table.
type asked struct {
	cohort, asOf, knownAt, definition, by, where, unit string
}

func (s *session) stats() *cobra.Command {
	var f asked
	c := &cobra.Command{
		Use: "stats TABLE --cohort 2024", Short: "统计表：" + strings.Join(indicator.Tables(), "、"),
		Args: exactly(1, "请写明统计表，可用的有："+strings.Join(indicator.Tables(), "、")),
		RunE: s.with(app.Reading, func(ctx context.Context, args []string) error {
			q, err := f.query(args[0])
			if err != nil {
				return err
			}
			t, err := s.app.Figures.Count(ctx, s.who(), q)
			if err != nil {
				return err
			}
			return s.print(t, tableGrid(&t))
		}),
	}
	f.flags(c)
	return c
}

func (f *asked) flags(c *cobra.Command) {
	c.Flags().StringVar(&f.cohort, "cohort", "", "届别：2024、2022,2024 或 2022-2024")
	c.Flags().StringVar(&f.asOf, "as-of", "", "截至时点：2024-08-31（含当日）、2024-09-01T00:00，或各届当年的 08-31；默认现在")
	c.Flags().StringVar(&f.knownAt, "known-at", "", "所知时点：只算到那时学校已掌握的；默认现在")
	c.Flags().StringVar(&f.definition, "definition", "", "口径，见 quxiang indicators")
	c.Flags().StringVar(&f.by, "by", "", "分组维度，逗号分隔："+dimList())
	c.Flags().StringVar(&f.where, "where", "", "筛选，维度=代码或名称，逗号分隔")
	c.Flags().StringVar(&f.unit, "unit", "work", "单位性质和医院等级按 work 实际工作单位，或 contract 签约单位")
}

func dimList() string {
	var out []string
	for _, d := range indicator.Dims() {
		out = append(out, string(d))
	}
	return strings.Join(out, "、")
}

// query reads the flags. Errors: fault.Invalid, usageError.
func (f *asked) query(table string) (indicator.Query, error) {
	q := indicator.Query{Table: table, Definition: f.definition, Contract: f.unit == "contract"}
	if f.unit != "contract" && f.unit != "work" {
		return q, usageError{fmt.Errorf("--unit 只能是 work 或 contract，不能是“%s”", f.unit)}
	}
	var err error
	if q.Cohorts, err = cohorts(f.cohort); err != nil {
		return q, err
	}
	if q.AsOf, err = when(f.asOf); err != nil {
		return q, err
	}
	if q.KnownAt, err = when(f.knownAt); err != nil {
		return q, err
	}
	for _, d := range list(f.by) {
		q.By = append(q.By, indicator.Dim(d))
	}
	for _, w := range list(f.where) {
		dim, value, ok := strings.Cut(w, "=")
		if !ok {
			return q, usageError{fmt.Errorf("--where 中“%s”应写成 维度=值", w)}
		}
		q.Where = append(q.Where, indicator.Condition{Dim: indicator.Dim(strings.TrimSpace(dim)), Value: strings.TrimSpace(value)})
	}
	return q, nil
}

func cohorts(s string) ([]string, error) {
	if s == "" {
		return nil, usageError{fmt.Errorf("请用 --cohort 写明届别，例如 --cohort 2024")}
	}
	return calendar.ParseCohorts(s)
}

func when(s string) (calendar.When, error) {
	if s == "" {
		return calendar.When{}, nil
	}
	return calendar.ParseWhen(s)
}

// list splits a comma list, without blanks.
func list(s string) []string {
	var out []string
	for part := range strings.SplitSeq(s, ",") {
		if part = strings.TrimSpace(part); part != "" {
			out = append(out, part)
		}
	}
	return out
}

// between asks for from one number of arguments to another.
func between(least, most int, words string) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		if len(args) < least || len(args) > most {
			return usageError{fmt.Errorf("%s", words)}
		}
		return nil
	}
}

// exactly asks for n arguments, in the user's words.
func exactly(n int, words string) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		if len(args) != n {
			return usageError{fmt.Errorf("%s", words)}
		}
		return nil
	}
}

// tableGrid lays a counted table out for people: per cell the count and the
// percentage.
func tableGrid(t *indicator.Table) grid {
	g := grid{title: []string{t.Title, "口径 " + t.Definition + " v" + t.Version + moments(t)}}
	column := func(title string, number bool) {
		g.header = append(g.header, title)
		g.number = append(g.number, number)
	}
	column("届别", false)
	for _, d := range t.By {
		column(indicator.DimTitle(d), false)
	}
	column("毕业生", true)
	for _, h := range t.Headings {
		column(h.Title, true)
		column("%", true)
	}
	for i := range t.Rows {
		g.rows = append(g.rows, rowLine(t, &t.Rows[i]))
	}
	if len(t.Rows) == 0 {
		g.notes = append(g.notes, "这一时点没有符合条件的毕业生")
	}
	g.notes = append(g.notes, seekingNotes(t)...)
	g.notes = append(g.notes, t.Notes...)
	return g
}

func moments(t *indicator.Table) string {
	var s string
	if t.AsOf != nil {
		s += "；截至 " + t.AsOf.Time().Format("2006-01-02 15:04")
	} else {
		s += "；截至各届当年同一日"
	}
	if t.KnownAt != nil {
		s += "；所知至 " + t.KnownAt.Time().Format("2006-01-02 15:04")
	}
	return s
}

const withheld = indicator.Withheld

func rowLine(t *indicator.Table, r *indicator.Row) []string {
	line := []string{r.Cohort}
	for i := range t.By {
		switch {
		case r.Total && i == 0:
			line = append(line, r.Name())
		case r.Total:
			line = append(line, "")
		default:
			line = append(line, r.Values[i].Name)
		}
	}
	if r.Hidden {
		line = append(line, withheld)
		for range t.Headings {
			line = append(line, withheld, withheld)
		}
		return line
	}
	line = append(line, strconv.Itoa(r.N))
	for _, c := range r.Cells {
		if c.Hidden {
			line = append(line, withheld, withheld)
			continue
		}
		line = append(line, strconv.Itoa(c.K), c.Percent())
	}
	return line
}

// seekingNotes open the seeking cell up into its sub-states, a line a row.
func seekingNotes(t *indicator.Table) []string {
	var out []string
	for i := range t.Rows {
		var parts []string
		for _, d := range t.Rows[i].Seeking {
			if d.K > 0 && !d.Hidden {
				parts = append(parts, d.Title()+" "+strconv.Itoa(d.K))
			}
		}
		if len(parts) > 0 {
			out = append(out, fmt.Sprintf("待就业其中（%s %s）：%s", t.Rows[i].Cohort, t.Rows[i].Name(), strings.Join(parts, "，")))
		}
	}
	if t.Hindsight > 0 {
		out = append(out, fmt.Sprintf("事后口径：按截止时点当时所知，有 %d 人会计入别处", t.Hindsight))
	}
	return out
}
