package proofread

import (
	"fmt"
	"slices"
	"strings"
)

// severityTitles are what severities are called, in the order of printing.
var severityTitles = []struct {
	Severity Severity
	Title    string
}{{Fault, "错误"}, {Scope, "口径"}, {Claim, "说法"}, {Label, "标注"}, {Rounding, "舍入"}}

// Severities returns all of them, the worst first.
func Severities() []Severity { return slices.Clone(severities) }

// Title is what a reader calls the severity.
func (s Severity) Title() string {
	for _, t := range severityTitles {
		if t.Severity == s {
			return t.Title
		}
	}
	return string(s)
}

// Meaning says in a few words what findings of the severity are.
func (s Severity) Meaning() string {
	switch s {
	case Fault:
		return "两个数不可能都对"
	case Scope:
		return "分母不是文字所说的那个"
	case Claim:
		return "文字说得比数字多"
	case Label:
		return "编号、年份或名称写错"
	case Rounding:
		return "末位差得超出四舍五入"
	}
	return ""
}

// Summary says in one line what was found: how many of each severity, and how many
// faults they come from.
func Summary(list []Finding) string {
	if len(list) == 0 {
		return "没有发现前后矛盾的数字。"
	}
	var parts []string
	roots := map[string]bool{}
	for _, t := range severityTitles {
		n := 0
		for _, f := range list {
			if f.Severity == t.Severity {
				n++
			}
		}
		if n > 0 {
			parts = append(parts, fmt.Sprintf("%s %d", t.Title, n))
		}
	}
	rootless := 0
	for _, f := range list {
		if f.Root == "" {
			rootless++
		}
		roots[f.Root] = true
	}
	delete(roots, "")
	out := fmt.Sprintf("发现 %d 处（%s）", len(list), strings.Join(parts, "，"))
	if n := len(roots) + rootless; n < len(list) {
		return fmt.Sprintf("%s，出自 %d 个根源。", out, n)
	}
	return out + "。"
}

// Extent says how much of a report was read, and what of it was not: whoever is told that
// nothing was found knows what was looked at.
func (d Document) Extent() string {
	texts, tables := 0, 0
	for _, b := range d.Blocks {
		switch b.Kind {
		case TableBlock:
			tables++
		case Furniture:
		default:
			texts++
		}
	}
	out := fmt.Sprintf("读了 %d 张表、%d 段文字", tables, texts)
	if d.Unread != "" {
		out += "；" + d.Unread
	}
	return out + "。"
}

// Line is a finding in one line, without its reason.
func (f Finding) Line() string {
	at := strings.TrimSpace(f.Where + " " + f.Cell)
	if s := f.Said(); s != "" {
		return at + "：" + s
	}
	return at + "：" + f.Explanation
}

// Said is what is printed and what should be; blank where neither is a figure.
func (f Finding) Said() string {
	switch {
	case f.Printed != "" && f.Expected != "":
		return "印的是 " + f.Printed + "，应为 " + f.Expected
	case f.Printed != "":
		return "印的是 " + f.Printed + "，对不上"
	case f.Expected != "":
		return "应为 " + f.Expected
	}
	return ""
}

// In says where the place is, as a reader of the file looks for it; blank if that is
// better said by what stands there. lines: the file is read line by line.
func (p Place) In(lines bool) string {
	switch {
	case p.Cell != "":
		return strings.TrimSpace(p.Sheet + " " + p.Cell)
	case p.Page > 1 || p.Page == 1 && !lines:
		return fmt.Sprintf("第 %d 页", p.Page)
	case p.Line > 0 && lines:
		return fmt.Sprintf("第 %d 行", p.Line)
	}
	return ""
}

// SameFault names the other findings of the i-th one's fault, by their numbers in the
// list; blank if there are none.
func SameFault(list []Finding, i int) string {
	var out []string
	for k, f := range list {
		if k != i && f.Root != "" && f.Root == list[i].Root {
			out = append(out, fmt.Sprintf("第 %d 条", k+1))
		}
	}
	return strings.Join(out, "、")
}
