package proofread

import (
	"fmt"
	"strings"
	"testing"
)

// sketch makes a document of plain lines: cells stand between bars, 表 begins a title, #
// a heading, 注 a note; all else is a paragraph. ^ is a cell merged with the one above,
// < with the one to the left.
func sketch(s string) Document {
	var d Document
	var rows [][]Cell
	flush := func() {
		if rows != nil {
			d.Blocks = append(d.Blocks, Block{Kind: TableBlock, Table: &Table{Cells: rows}})
			rows = nil
		}
	}
	for i, text := range strings.Split(s, "\n") {
		text = strings.TrimSpace(text)
		if strings.Contains(text, "|") {
			rows = append(rows, sketchRow(text, i+1, rows))
			continue
		}
		flush()
		if text == "" {
			continue
		}
		b := Block{Text: text, Spans: []Span{{Place: Place{Line: i + 1}}}}
		switch {
		case strings.HasPrefix(text, "表"):
			b.Kind = Caption
		case strings.HasPrefix(text, "#"):
			b.Kind, b.Text = Heading, strings.TrimLeft(text, "# ")
		case strings.HasPrefix(text, "注"):
			b.Kind = Note
		}
		d.Blocks = append(d.Blocks, b)
	}
	flush()
	return d
}

func sketchRow(s string, no int, above [][]Cell) []Cell {
	var row []Cell
	at := 0
	for i, cell := range strings.Split(s, "|") {
		c := Cell{Text: strings.TrimSpace(cell), Spans: []Span{{Place: Place{Line: no, Rune: at + leading(cell)}}}}
		at += len([]rune(cell)) + 1
		if c.Text == "^" && len(above) > 0 {
			c.Text, c.Merged = above[len(above)-1][i].Text, true
		}
		if c.Text == "<" && i > 0 {
			c.Text, c.Merged = row[i-1].Text, true
		}
		row = append(row, c)
	}
	return row
}

// outline prints a grid in one line a row: role, labels, cells.
func outline(g *grid) string {
	marks := map[role]string{total: "=", subtotal: "+", remainder: "~"}
	var b strings.Builder
	for _, l := range g.cols {
		fmt.Fprintf(&b, "[%s%s]", marks[l.role], strings.Join(l.path, "›"))
	}
	for r, l := range g.rows {
		fmt.Fprintf(&b, "\n%s%s:", marks[l.role], strings.Join(l.path, "›"))
		for _, v := range g.cells[r] {
			b.WriteString(" " + map[kind]string{blank: "_", text: "t", dash: "-", count: "n", percent: "%", mean: "m", rank: "r", year: "y"}[v.kind] + v.text)
		}
	}
	return b.String()
}

func TestGrids(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"two heads, spanned; unit from the outer": {`
学历 | 医院(%) | | | 企业(%)
 | 三级 | 二级 | 一级 |
本科生 | 29.29 | 2.73 | 0.39 | 67.59
合 计 | 82.09 | 0.34 | 0 | —`,
			"[医院(%)›三级][医院(%)›二级][医院(%)›一级][企业(%)]\n本科生: %29.29 %2.73 %0.39 %67.59\n=合 计: %82.09 %0.34 %0 -—"},
		"label in the middle of its group, subtotal after it": {`
学院 | 专业 | 人数 | 占比
 | 会计学 | 30 | 30.00%
商学院 | 审计学 | 20 | 20.00%
 | 物流 | 10 | 10.00%
商学院 汇总 | | 60 | 60.00%
理学院 | 数学 | 40 | 40.00%
理学院 汇总 | | 40 | 40.00%
总计 | | 100 | 100.00%`,
			"[人数][占比]\n商学院›会计学: n30 %30.00%\n商学院›审计学: n20 %20.00%\n商学院›物流: n10 %10.00%\n+商学院 汇总: n60 %60.00%\n理学院›数学: n40 %40.00%\n+理学院 汇总: n40 %40.00%\n=总计: n100 %100.00%"},
		"subtotal first": {`
学院 | 专业 | 人数
商学院 | 小计 | 60
 | 会计学 | 40
 | 审计学 | 20
理学院 | 小计 | 5
 | 数学 | 5`,
			"[人数]\n+商学院›小计: n60\n商学院›会计学: n40\n商学院›审计学: n20\n+理学院›小计: n5\n理学院›数学: n5"},
		"measures as rows": {`
项目 | 协议就业 | 升学 | 待就业 | 平均值
人数 | 20 | 30 | 50 | 1.5
比例（%） | 20 | 30 | 50 | 4.02`,
			"[协议就业][升学][待就业][平均值]\n人数: n20 n30 n50 m1.5\n比例（%）: %20 %30 %50 m4.02"},
		"numbered list with years as heads": {`
序号 | 学院 | 2022届 | 2023届
1 | 商学院 | 20 | 30
2 | 理学院 | 25 | 35
合计 | | 45 | 65`,
			"[2022届][2023届]\n商学院: n20 n30\n理学院: n25 n35\n=合计: n45 n65"},
		"years as rows": {`
年份 | 人数 | 升学率(%)
2022 | 258 | 24.18
2023 | 268 | 23.74`,
			"[人数][升学率(%)]\n2022: n258 %24.18\n2023: n268 %23.74"},
		"count and share in one cell": {`
去向 | 本科 | 硕士
升学 | 30（30.0%） | 1 (10.0)
就业 | 70（70.0%） | 9 (90.0)`,
			"[本科›人数][本科›比例(%)][硕士›人数][硕士›比例(%)]\n升学: n30 %30.0% n1 %10.0%\n就业: n70 %70.0% n9 %90.0%"},
		"a row whose cells slipped": {`
去向 | 人数 | 比例 | 男 | 占比
升学 | 30 | 30.0% | 10 | 33.3%
就业 | 70.0% | 20 | 28.6% |
创业 | 5 | 5.0% | 2 | 40.0%
其他 | 5 | 5.0% | 2 | 40.0%`,
			"[人数][比例][男][占比]\n升学: n30 %30.0% n10 %33.3%\n就业: t70.0% t20 t28.6% _\n创业: n5 %5.0% n2 %40.0%\n~其他: n5 %5.0% n2 %40.0%"},
		"two panels of the same heads": {`
地区 | 人数 | 地区 | 人数
甲省 | 1 | 乙省 | 2
丙省 | 3 | 合计 | 6`,
			"[人数]\n甲省: n1\n丙省: n3\n乙省: n2\n=合计: n6"},
		"a folded table": {`
选项 | 低 | 中 | 平均值
比例（%） | 40.58 | 21.26 |
选项 | 高 | 更高 |
比例（%） | 30.00 | 8.16 |`,
			"[低][中][平均值][高][更高]\n比例（%）: %40.58 %21.26 _ %30.00 %8.16"},
		"salaries and ranks do not count": {`
序号 | 单位 | 排名 | 人数 | 平均月薪(元)
1 | 甲公司 | 101-150 | 1,117 | 6000
2 | 乙公司 | 14 | 16 | 5000`,
			"[排名][人数][平均月薪(元)]\n甲公司: t101-150 n1,117 m6000\n乙公司: r14 n16 m5000"},
	} {
		gs := grids(sketch(c.in))
		if len(gs) != 1 {
			t.Errorf("%s: %d grids", name, len(gs))
			continue
		}
		if got := outline(gs[0]); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", name, got, c.want)
		}
	}
}

func TestGridTitles(t *testing.T) {
	above := sketch("表 1- 1 甲\n学院|人数\n理|1\n文|2\n\n表 1- 1 甲\n学院|人数\n工|3\n总计|6\n说明。\n表1-2 乙\n学院|人数\n理|1")
	gs := grids(above)
	if len(gs) != 2 || gs[0].number != "1-1" || gs[1].number != "1-2" || len(gs[0].rows) != 4 {
		t.Fatalf("%d grids: %+v", len(gs), gs)
	}
	if gs[0].rows[3].role != total || gs[0].cells[2][0].place.Line != 8 {
		t.Errorf("the rest of 表 1-1: %s at %+v", outline(gs[0]), gs[0].cells[2][0].place)
	}
	below := grids(sketch("学院|人数\n理|1\n\n表 1-1 甲\n正文。\n学院|人数\n文|2\n\n表 1-2 乙"))
	if len(below) != 2 || below[0].number != "1-1" || below[1].number != "1-2" {
		t.Errorf("titles below: %+v", below)
	}
}

func TestNormal(t *testing.T) {
	for a, b := range map[string]string{
		"本科生": "本科毕业生", "升学率（%）": "升学率", "合 计": "总计", "升学率8": "升学率", "硕士研究生": "硕士", "男生": "男", "毕业生总数": "毕业人数",
	} {
		if normal(a) != normal(b) {
			t.Errorf("%s is %s, %s is %s", a, normal(a), b, normal(b))
		}
	}
	for a, b := range map[string]string{"签约": "协议和合同就业", "研究生": "硕士", "升学率": "升学", "世界500强": "世界", "升学人数": "升学率"} {
		if normal(a) == normal(b) {
			t.Errorf("%s and %s are both %s", a, b, normal(a))
		}
	}
}
