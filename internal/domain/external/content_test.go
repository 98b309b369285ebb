package external

import (
	"strings"
	"testing"

	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/indicator"
)

func relevance() Content {
	return Content{Title: "工作与专业相关度", Value: "91.67", Unit: "%", K: "55", N: "60", Subject: "受雇全职工作的毕业生", Source: "毕业生跟踪评价报告（2024）",
		Issuer: "滨海高等教育评价中心", Page: "12", Dated: "2024-12"}
}

// TestContentRefused: a share is what its k and n give at the digits that are printed, and
// each refusal says which field.
func TestContentRefused(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*Content)
		field  string
		says   string
	}{
		"another share":        {func(c *Content) { c.Value = "91.66" }, "value", "91.67%"},
		"cut off, not rounded": {func(c *Content) { c.Value = "91" }, "value", "92%"},
		"k without n":          {func(c *Content) { c.N = "" }, "n", ""},
		"k above n":            {func(c *Content) { c.K = "61" }, "k", ""},
		"a float":              {func(c *Content) { c.Value = "9.1e1" }, "value", ""},
		"no unit":              {func(c *Content) { c.Unit = "" }, "unit", ""},
		"no source":            {func(c *Content) { c.Source = " " }, "source", ""},
		"a day to come":        {func(c *Content) { c.Dated = "2025-07" }, "dated", ""},
		"no day":               {func(c *Content) { c.Dated = "去年" }, "dated", ""},
		"replies above all":    {func(c *Content) { c.Replies = "101" }, "replies", ""},
		"a phone":              {func(c *Content) { c.Method = "电话 13800138000" }, "method", ""},
	} {
		t.Run(name, func(t *testing.T) {
			x := relevance()
			c.change(&x)
			x = tidied(x)
			err := x.check("2025-06-16")
			f, _ := err.(*fault.Fault)
			if f == nil || f.Field != c.field || !strings.Contains(f.Message, c.says) {
				t.Errorf("%v", err)
			}
		})
	}
	x := tidied(Content{Title: "满意度", Value: " 92％", Unit: "％", K: "55", N: "60", Subject: "毕业生", Source: "《报告》", Issuer: "中心", Dated: "2024-12-05", Replies: "63.5%"})
	if err := x.check("2025-06-16"); err != nil || x.Value != "92" || x.Source != "报告" || x.Replies != "63.5" {
		t.Errorf("%+v: %v", x, err)
	}
}

// TestOneTitleForOneStudy (L17): a title that is nearly one that is known is another only
// if somebody says so, and never when only marks differ.
func TestOneTitleForOneStudy(t *testing.T) {
	known := []Source{{Title: "用人单位跟踪评价报告", Issuer: "中心", Dated: "2024-12"}}
	for _, c := range []struct {
		title, issuer, dated string
		fresh                bool
		field                string
	}{
		{"用人单位跟踪评价报告", "中心", "2024-12", false, ""},
		{"用人单位跟踪评价报告", "别的中心", "2024-12", true, "issuer"},
		{"用人单位跟踪评价报告", "中心", "2023-12", true, "dated"},
		{"用人单位 跟踪评价报告", "中心", "2024-12", true, "source"},
		{"用人单位评价报告（2024）", "中心", "2024-12", false, "source"},
		{"用人单位评价报告（2024）", "中心", "2024-12", true, ""},
		{"执业医师考试通报", "考试中心", "2024-11", false, "source"},
		{"执业医师考试通报", "考试中心", "2024-11", true, ""},
	} {
		err := checkSource(&Content{Source: c.title, Issuer: c.issuer, Dated: c.dated}, known, c.fresh)
		f, _ := err.(*fault.Fault)
		if (f == nil) != (c.field == "") || f != nil && f.Field != c.field {
			t.Errorf("%+v: %v", c, err)
		}
	}
	if !alike("用人单位跟踪评价报告", "用人单位评价报告（2024）") || alike("毕业生调查报告（2023）", "毕业生调查报告（2024）") || alike("执业医师考试通报", "用人单位跟踪评价报告") {
		t.Error("titles that are alike are not found, or others are")
	}
}

func TestShare(t *testing.T) {
	for _, c := range []struct {
		k, n   int64
		digits int
		want   string
	}{{921, 1117, 2, "82.45"}, {1, 3, 0, "33"}, {2, 3, 1, "66.7"}, {1, 8, 1, "12.5"}, {1, 8, 0, "13"}, {60, 60, 0, "100"}, {0, 7, 2, "0.00"}, {999999999, 999999999, 6, "100.000000"}} {
		if got := Share(c.k, c.n, c.digits); got != c.want {
			t.Errorf("%d/%d: %s, not %s", c.k, c.n, got, c.want)
		}
	}
}

func TestBeside(t *testing.T) {
	c := relevance()
	own := indicator.Figure{K: 921, Base: 1117}
	if v, d := Beside(&c, own); v != "82.45%" || d != "外部数据高 9.22 个百分点" {
		t.Error(v, d)
	}
	c.Value, c.Unit = "3", "家"
	if v, d := Beside(&c, indicator.Figure{K: 5, Base: 5}); v != "5家" || d != "外部数据低 2 家" {
		t.Error(v, d)
	}
}

func TestCite(t *testing.T) {
	c := relevance()
	if got := c.Cite(); got != "《毕业生跟踪评价报告（2024）》，滨海高等教育评价中心，2024年12月，第12页" {
		t.Error(got)
	}
	c.Page, c.Dated = "附表 3", "2024-12-05"
	if got := c.Cite(); !strings.HasSuffix(got, "2024年12月5日，附表 3") {
		t.Error(got)
	}
}
