package report

import (
	"strings"
	"testing"
)

func TestParseTemplate(t *testing.T) {
	tmpl, err := ParseTemplate("t", "1", "// 说明\n# 一、情况\n\n共{n level=本科+硕士}人\n[level=本科] - 第一项\n> 注\n@table destination id=a by=level caption=\"{cohort}届 去向\"")
	if err != nil {
		t.Fatal(err)
	}
	var kinds []string
	for _, l := range tmpl.Lines {
		kinds = append(kinds, string(l.Kind))
	}
	if got := strings.Join(kinds, " "); got != "heading text item note table" {
		t.Errorf("kinds: %s", got)
	}
	number := tmpl.Lines[1].Parts[1].expr
	if c := conditionOf(*number); c.dim != "level" || len(c.values) != 2 {
		t.Errorf("condition: %+v", c)
	}
	if l := tmpl.Lines[2]; l.If.dim != "level" || l.No != 5 {
		t.Errorf("condition of the line: %+v", l)
	}
	if o := tmpl.Lines[4].Order; o.args[0] != "destination" || o.opts["caption"] != "{cohort}届 去向" {
		t.Errorf("table: %+v", o)
	}
}

func TestParseTemplateRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"共{n 人":                        "第 1 行：“{”没有对应的“}”",
		"好\n{}":                        "第 2 行：花括号或 @ 后面是空的",
		"@chart x":                     "没有“chart”这种写法",
		"[level] 文字":                   "应写成 维度=值",
		"[level=本科 文字":                 "“[”没有对应的“]”",
		"{n level=本科 level=硕士}":        "“level”写了两次",
		"\n\n@table a id=x id=y by=z":  "第 3 行",
		"{n levle=本科}":                 "“n”没有“levle”这一项",
		"{n level=本科 sex=男}":           "只能按一个维度筛选",
		"@table a by=level":            "@table 要有 id",
		"@table a id=x\n@table b id=x": "第 2 行：“x”已有别的表或图在用",
		"@table a id=x show=pct":       "show 只能是",
	} {
		if _, err := ParseTemplate("t", "1", text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, not %q", text, err, want)
		}
	}
}

// TestAnnualTemplate: what the product brings can be read, and every table and figure has
// an id of its own.
func TestAnnualTemplate(t *testing.T) {
	seen := map[string]bool{}
	for _, l := range Annual().Lines {
		if l.Kind != tableLine && l.Kind != figureLine {
			continue
		}
		id := l.Order.opts["id"]
		if id == "" || seen[id] {
			t.Errorf("line %d: id %q is missing or there twice", l.No, id)
		}
		seen[id] = true
	}
}
