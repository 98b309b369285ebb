package paper

import (
	"strings"
	"testing"

	"golang.org/x/net/html"

	"quxiang/internal/domain/proofread"
)

// TestAnnotatePage: the whole text is there, each mark links to its finding and back, what
// stands in the report is text and nothing else, and the page needs nobody.
func TestAnnotatePage(t *testing.T) {
	d := read(t, []byte("一、基本情况\n本科 82.63%，<script>alert(1)</script> 见下。\n表 1-1 规模\n学历\t人数\n本科\t5\n硕士\t6\n"))
	list := []proofread.Finding{
		{Where: "正文", Printed: "82.63", Expected: "82.45", Severity: proofread.Fault, Root: "a", Explanation: "<b>921</b>", Place: proofread.Place{Line: 2, Rune: 3}},
		{Where: "表", Printed: "6", Severity: proofread.Label, Root: "a", Place: proofread.Place{Line: 6, Rune: 3}},
		{Where: "全文", Printed: "7", Severity: proofread.Claim},
	}
	out, err := AnnotatePage(d, list)
	if err != nil {
		t.Fatal(err)
	}
	page := string(out)
	for _, want := range []string{
		`<mark class="error">82.63<a id="m1" href="#f1" aria-label="第 1 条">1</a></mark>%，&lt;script&gt;`,
		`<td><mark class="label">6<a id="m2" href="#f2"`, `<a href="#m1">正文</a>`, "<b>3. 说法</b> 全文", "&lt;b&gt;921", "同一处引起：第 2 条", "发现 3 处",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("no %s", want)
		}
	}
	for _, not := range []string{"<script", "http://", "https://", "src="} {
		if strings.Contains(page, not) {
			t.Errorf("has %s", not)
		}
	}
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	ids := map[string]int{}
	for n := range root.Descendants() {
		for _, a := range n.Attr {
			if a.Key == "id" {
				ids[a.Val]++
			}
		}
	}
	for id, n := range ids {
		if n > 1 {
			t.Errorf("%s stands %d times", id, n)
		}
	}
}
