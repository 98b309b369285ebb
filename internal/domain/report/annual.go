package report

import (
	_ "embed"
	"strings"
	"sync"

	"quxiang/internal/domain/fault"
)

var (
	//go:embed annual.txt
	annualText string
	//go:embed model.txt
	modelText string
)

// Shipped is a template that the product brings.
type Shipped struct {
	ID      string `json:"id"`
	Title   string `json:"title"`
	version string
	text    string
}

var shipped = []Shipped{
	{"annual", "五个部分：基本情况、主要特点、相关分析、发展趋势、对教育教学的反馈", "2", annualText},
	{"model", "医科学校常用的三个部分：基本情况、工作举措、质量跟踪", "1", modelText},
}

// Templates lists the templates that the product brings, the usual one first.
func Templates() []Shipped { return append([]Shipped{}, shipped...) }

var parsed = sync.OnceValue(func() map[string]Template {
	out := map[string]Template{}
	for _, s := range shipped {
		t, err := ParseTemplate(s.ID, s.version, s.text)
		if err != nil {
			panic("report: " + s.ID + ".txt: " + err.Error())
		}
		out[s.ID] = t
	}
	return out
})

// TemplateByID returns one that the product brings; blank is the usual one. Error:
// fault.Invalid, with those there are.
func TemplateByID(id string) (Template, error) {
	if id == "" {
		id = shipped[0].ID
	}
	if t, ok := parsed()[id]; ok {
		return t, nil
	}
	var have []string
	for _, s := range shipped {
		have = append(have, s.ID)
	}
	return Template{}, fault.Invalidf("template", "没有名为“%s”的模板，可用的有：%s", id, strings.Join(have, "、"))
}

// Annual is the usual template of the annual report.
func Annual() Template { return parsed()[shipped[0].ID] }

// shippedText is the text of a template that the product brings; blank is the usual one.
// Error: fault.Invalid.
func shippedText(id string) (name, text string, err error) {
	t, err := TemplateByID(id)
	if err != nil {
		return "", "", err
	}
	for _, s := range shipped {
		if s.ID == t.ID {
			text = s.text
		}
	}
	return t.ID, text, nil
}
