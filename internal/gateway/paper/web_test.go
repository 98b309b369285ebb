package paper

import (
	"slices"
	"strings"
	"testing"

	"quxiang/internal/domain/proofread"
)

func TestWeb(t *testing.T) {
	page := `<!DOCTYPE html>
<html><head><title>报告</title><style>p{}</style></head><body>
<script>var a = "<p>假</p>"</script>
<h1>基本情况</h1>
<p>共 <b>100</b>&nbsp;人&amp;
其中本科 50 人。</p>
<table><caption>表 1-1 就业情况</caption>
<thead><tr><th rowspan=2>学历<th colspan=2>单位</tr><tr><th>三级<th>二级</tr></thead>
<tr><td rowspan="2">本科</td><td>5</td><td>6<br>人</td></tr>
<tr><td>7</td><td>8</td>
</table>
<ul><li>甲<li>乙</ul>
<pre>
年份	人数
2023	5
2024	6
表 1-2 人数
</pre>
`
	want(t, []byte(page), `
H 4:4 基本情况
P 5:3 共 100 人& 其中本科 50 人。
C 7:16 表 1-1 就业情况
学历 | 单位 | ^单位
^学历 | 三级 | 二级
---
本科 | 5 | 6人
^本科 | 7 | 8
P 12:8 甲
P 12:13 乙
年份 | 人数
---
2023 | 5
2024 | 6
C 17:0 表 1-2 人数`)
}

// TestWebPlaces: every rune of a paragraph stands in the source where its place says.
func TestWebPlaces(t *testing.T) {
	page := "<html><body><p>共  <b>100</b>&nbsp;人，\n  占&lt;82.63%&gt;</p><table><tr><td>甲\n乙</td><td> 12 </td></tr><tr><td>丙<td>3</table>"
	lines := strings.Split(page, "\n")
	check := func(s string, spans []proofread.Span) {
		for i, r := range []rune(s) {
			if r == ' ' || r == '<' || r == '>' {
				continue
			}
			at := proofread.At(spans, i)
			if got := []rune(lines[at.Line-1])[at.Rune]; got != r {
				t.Errorf("%q: rune %d %q is said to stand at line %d rune %d, where %q stands", s, i, r, at.Line, at.Rune, got)
			}
		}
	}
	n := 0
	for _, b := range read(t, []byte(page)).Blocks {
		check(b.Text, b.Spans)
		n++
		if b.Table != nil {
			for _, r := range b.Table.Cells {
				for _, c := range r {
					check(c.Text, c.Spans)
				}
			}
		}
	}
	if n != 2 {
		t.Errorf("%d blocks", n)
	}
}

func TestWebEncodings(t *testing.T) {
	want(t, []byte("<html><head><meta charset=gb2312></head><body><p>\xD2\xBB\xA1\xA2\xB8\xC5\xBF\xF6</p>"), "H 1:49 一、概况")
	want(t, []byte("<html><body><div>一、概况"), "H 1:17 一、概况")
}

// TestWebFrame: a table that only sets the page is none.
func TestWebFrame(t *testing.T) {
	want(t, []byte("<html><table><tr><td><p>一、概况</p><table><tr><td>甲<td>1<tr><td>乙<td>2</table><p>其后。</p></td></tr></table>"), "H 1:24 一、概况\n甲 | 1\n乙 | 2\nP 1:78 其后。")
}

// TestWebSlivers: an office program writes columns that nobody sees where the borders of
// rows do not quite meet.
func TestWebSlivers(t *testing.T) {
	page := "<html><table><col width=43*><col width='0*'/><col width='43*'>" +
		"<tr><td>学院<td colspan=2>人数<tr><td>文学院<td colspan=2>5<tr><td colspan=2>全校<td>5</table></html>"
	want(t, []byte(page), "学院 | 人数\n文学院 | 5\n全校 | 5")
	for _, c := range []struct {
		cols []string
		want []int
	}{{[]string{"1*", "3*"}, []int{2250, 6750}}, {[]string{"64", "10px"}, []int{960, 150}}, {[]string{"50%", "", "wide", "0*"}, []int{4500, 0, 0, 1}}} {
		if got := webWidths(c.cols); !slices.Equal(got, c.want) {
			t.Errorf("%q are %v, want %v", c.cols, got, c.want)
		}
	}
}
