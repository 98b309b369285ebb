package layout

import (
	"fmt"
	"strings"
	"testing"

	"quxiang/internal/domain/proofread"
)

// TestFiguresOfGroups: figures of a group of rows stand once, beside the first row or on a
// line of their own in the middle; where one is missing nothing is guessed.
func TestFiguresOfGroups(t *testing.T) {
	first := `                表 3-3 地区分布
    地区        省份      人数    占比     地区人数   地区占比
    东部        甲省       424    34.38       698       56.60
                乙省       134    10.86
                丙省       140    11.35
    南部        丁省       176    14.27       176       14.27
    北部        戊省       99     8.02        236       19.14
                己省       137    11.12
          合计             1110   90.00       1110      90.00
`
	middle := `                表 3-3 地区分布
    地区        省份      人数    占比     地区人数   地区占比
                甲省       424    34.38
    东部        乙省       134    10.86       698       56.60
                丙省       140    11.35
    南部        丁省       176    14.27       176       14.27
                戊省       99     8.02
    北部                                      236       19.14
                己省       137    11.12
          合计             1110   90.00       1110      90.00
`
	want := `地区 | 省份 | 人数 | 占比 | 地区人数 | 地区占比
---
东部 | 甲省 | 424 | 34.38 | 698 | 56.60
^东部 | 乙省 | 134 | 10.86 | ^698 | ^56.60
^东部 | 丙省 | 140 | 11.35 | ^698 | ^56.60
南部 | 丁省 | 176 | 14.27 | 176 | 14.27
北部 | 戊省 | 99 | 8.02 | 236 | 19.14
^北部 | 己省 | 137 | 11.12 | ^236 | ^19.14
合计 | ^合计 | 1110 | 90.00 | 1110 | 90.00
`
	for _, text := range []string{first, middle} {
		got := tables(Blocks(Lines(text)))
		if len(got) != 1 || show(got[0]) != want {
			t.Errorf("%s\nis read as %d tables: %s", text, len(got), show(got[0]))
		}
	}
	if got := tables(Blocks(Lines(strings.Replace(first, "176       14.27", "", 1)))); len(got) != 0 {
		t.Errorf("a group without its figures: %s", show(got[0]))
	}
}

// TestStuckTabs: on a page whose tabs came out at narrow stops labels and figures stand in
// one column, and a head runs on over the next line: the tokens say what is what.
func TestStuckTabs(t *testing.T) {
	line := func(n int, words ...any) Line {
		l := Line{Place: proofread.Place{Page: 1, Line: n}, Top: n * 200}
		for i := 0; i < len(words); i += 2 {
			text, left := words[i].(string), words[i+1].(int)
			if l.Text != "" {
				l.Text += " "
			}
			from := len([]rune(l.Text))
			l.Text += text
			l.Words = append(l.Words, Word{from, from + len([]rune(text)), left, left + 10*len([]rune(text))})
		}
		return l
	}
	lines := []Line{
		line(1, "学历", 0, "总数", 40, "落实率(%)", 80, "签约(%)", 200, "升学(%)", 300),
		line(2, "待就业(%)", 20),
	}
	for i, s := range []string{"本科生 1117 82.63", "硕士生 1227 87.86", "博士生 316 95.25"} {
		lines = append(lines, line(3+i, s, 0, fmt.Sprint(20+i, ".50"), 200, fmt.Sprint(50+i, ".82"), 250, fmt.Sprint(11+i, ".55"), 310))
	}
	lines = append(lines, line(7, "表 1-1 就业情况", 100))
	got := tables(Blocks(lines))
	want := "学历 | 总数 | 落实率(%) | 签约(%) | 升学(%) | 待就业(%)\n---\n本科生 | 1117 | 82.63 | 20.50 | 50.82 | 11.55\n"
	if len(got) != 1 || !strings.HasPrefix(show(got[0]), want) {
		t.Errorf("%d tables: %s", len(got), show(got[0]))
	}
}

// TestFiguresAtEdges: a figure at the foot of a page is no page number unless it goes up
// with the pages.
func TestFiguresAtEdges(t *testing.T) {
	var lines []Line
	for p, foot := range []string{"330", "12", "13", "14", "2"} {
		for i, s := range []string{"毕业生就业质量年度报告说明", "第一行", "第二行", "第三行", foot} {
			n := len([]rune(s))
			lines = append(lines, Line{Text: s, Place: proofread.Place{Page: p + 1, Line: len(lines) + 1}, Top: i * 200, Words: []Word{{0, n, 0, 10 * n}}})
		}
	}
	furniture := map[string]bool{}
	for _, b := range Blocks(lines) {
		if b.Kind == proofread.Furniture {
			furniture[b.Text] = true
		}
	}
	for s, want := range map[string]bool{"330": false, "2": false, "12": true, "13": true, "14": true} {
		if furniture[s] != want {
			t.Errorf("%s: %v", s, !want)
		}
	}
}

// TestNarrow: a narrow table with one space between its cells and a blank line between its
// rows, the heads of two lines over some of the columns.
func TestNarrow(t *testing.T) {
	wantTable(t, `
表 1-2 性别结构

学历   男生          女生          合计 男女比例

     人数 比例       人数 比例

本科生 2611 60.00% 1741 40.00% 4352 1.50:1

硕士生 1402 57.60% 1032 42.40% 2434 1.36:1

博士生 251   61.67% 156   38.33% 407   1.61:1

合计   4264 59.28% 2929 40.72% 7193 1.46:1
`, `
学历 | 男生 | ^男生 | 女生 | ^女生 | 合计 | 男女比例
^学历 | 人数 | 比例 | 人数 | 比例 | ^合计 | ^男女比例
---
本科生 | 2611 | 60.00% | 1741 | 40.00% | 4352 | 1.50:1
硕士生 | 1402 | 57.60% | 1032 | 42.40% | 2434 | 1.36:1
博士生 | 251 | 61.67% | 156 | 38.33% | 407 | 1.61:1
合计 | 4264 | 59.28% | 2929 | 40.72% | 7193 | 1.46:1`)
	wantTable(t, `
表 2-1 单位性质分布

序号 单位性质        人数 占比

1    国有企业      1288 32.39%

2    科研设计单位 310      7.80%

3    医疗卫生单位 65       1.63%

合计        1663 41.82%

就业地区以东部为主，共 2410 人，占 60.61%；中部地区 702 人，占 17.66%；西部地区 690
人，占 17.35%。
`, `
序号 | 单位性质 | 人数 | 占比
---
1 | 国有企业 | 1288 | 32.39%
2 | 科研设计单位 | 310 | 7.80%
3 | 医疗卫生单位 | 65 | 1.63%
 | 合计 | 1663 | 41.82%`)
}

// TestLabelOnALine: a name on the line of a row is no middle of an even number of rows: it
// stands beside the first.
func TestLabelOnALine(t *testing.T) {
	wantTable(t, `
                    表2-2 各专业毕业去向落实率
      二级学院       专业名称         毕业生人数   落实人数   毕业去向落实率
      机电工程学院   数控技术         124          118        95.16%
                     机电一体化技术   260          251        96.54%
                     工业机器人技术   98           96         97.96%
      信息工程学院   计算机应用技术   310          288        92.90%
                     大数据技术       142          133        93.66%
`, `
二级学院 | 专业名称 | 毕业生人数 | 落实人数 | 毕业去向落实率
---
机电工程学院 | 数控技术 | 124 | 118 | 95.16%
^机电工程学院 | 机电一体化技术 | 260 | 251 | 96.54%
^机电工程学院 | 工业机器人技术 | 98 | 96 | 97.96%
信息工程学院 | 计算机应用技术 | 310 | 288 | 92.90%
^信息工程学院 | 大数据技术 | 142 | 133 | 93.66%`)
}

// TestOpenGroup: the first row of a part on the next page has no name beside it: it goes on
// with the group of the page before, not with the next one's.
func TestOpenGroup(t *testing.T) {
	wantTable(t, "表2-2 各专业毕业去向落实率\n"+
		"      二级学院       专业名称         毕业生人数   落实人数   毕业去向落实率\n"+
		"      机电工程学院   数控技术         124          118        95.16%\n"+
		"                     机电一体化技术   260          251        96.54%\n"+
		"                     工业机器人技术   98           96         97.96%\n"+
		"                                      4\n\f"+
		"                     模具设计技术     48           46         95.83%\n"+
		"      信息工程学院   计算机应用技术   310          288        92.90%\n"+
		"                     大数据技术       142          133        93.66%\n"+
		"                     软件技术         91           89         97.80%\n"+
		"                                      5\n", `
二级学院 | 专业名称 | 毕业生人数 | 落实人数 | 毕业去向落实率
---
机电工程学院 | 数控技术 | 124 | 118 | 95.16%
^机电工程学院 | 机电一体化技术 | 260 | 251 | 96.54%
^机电工程学院 | 工业机器人技术 | 98 | 96 | 97.96%
^机电工程学院 | 模具设计技术 | 48 | 46 | 95.83%
信息工程学院 | 计算机应用技术 | 310 | 288 | 92.90%
^信息工程学院 | 大数据技术 | 142 | 133 | 93.66%
^信息工程学院 | 软件技术 | 91 | 89 | 97.80%`)
}
