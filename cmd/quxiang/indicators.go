package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"quxiang/internal/domain/indicator"
)

func (s *session) indicators() *cobra.Command {
	return &cobra.Command{
		Use: "indicators [NAME]", Short: "指标目录：编号、版本、分子、分母、分类与代码、来源",
		Args: between(0, 1, "只能写一个指标编号，不写则列出全部"),
		RunE: func(_ *cobra.Command, args []string) error {
			all := indicator.Catalogue()
			if len(args) == 1 {
				d, err := indicator.DefinitionByID(args[0])
				if err != nil {
					return err
				}
				return s.print(d, definitionGrid(&d))
			}
			g := grid{header: []string{"编号", "版本", "统计表", "名称", "分子", "分母"}}
			for _, d := range all {
				g.rows = append(g.rows, []string{d.ID, d.Version, d.Table, d.Title, d.Numerator, d.Denominator})
			}
			return s.print(all, g)
		},
	}
}

func definitionGrid(d *indicator.Definition) grid {
	g := grid{
		title: []string{fmt.Sprintf("%s v%s %s", d.ID, d.Version, d.Title), "分子：" + d.Numerator, "分母：" + d.Denominator,
			"取整：" + d.Rounding, "来源：" + d.Source},
		header: []string{"分类", "名称", "包含"},
	}
	for _, c := range d.Cells {
		g.rows = append(g.rows, []string{c.ID, c.Title, contains(&c)})
	}
	if d.Each != "" {
		g.notes = append(g.notes, "分类按代码表 "+d.Each+" 逐项列出")
	}
	if len(d.Parts) > 0 {
		g.notes = append(g.notes, "合计恒等式："+strings.Join(d.Parts, " + ")+" = n")
	}
	return g
}

// contains says in words what a cell takes.
func contains(c *indicator.Cell) string {
	var parts []string
	add := func(label string, values []string) {
		if len(values) > 0 {
			parts = append(parts, label+strings.Join(values, " "))
		}
	}
	add("代码 ", c.Codes)
	add("医院等级 ", c.HospitalLevels)
	add("单位性质 ", c.Natures)
	add("院校层次 ", c.SchoolTiers)
	add("= ", c.Sum)
	if c.Unregistered {
		parts = append(parts, "未登记者")
	}
	if c.Rest {
		parts = append(parts, "其余")
	}
	return strings.Join(parts, "；")
}
