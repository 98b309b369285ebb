package paper

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/indicator"
	"quxiang/internal/domain/report"
)

// sample is a report with everything that a writer must lay out: a merged head of two rows
// over nine columns, a table over pages with merged cells and long names, a table too wide
// for the page, each kind of chart, footnotes, references, rare characters, withheld cells
// and blank points. The school does not exist.
func sample() report.Document {
	s := &sampler{}
	s.preface()
	s.situation()
	s.majors()
	s.regions()
	s.trend()
	s.references()
	return report.Document{
		School:  "清河医科大学",
		Title:   "2024 届毕业生就业质量年度报告",
		Issued:  "2024 年 12 月",
		Cut:     calendar.At(time.Date(2024, 8, 31, 23, 59, 59, 0, calendar.Zone)),
		Code:    "QH24-7F3A-91C2-5B0E",
		Blocks:  s.blocks,
		Numbers: s.numbers,
	}
}

// sampler gathers blocks and the numbers that they print.
type sampler struct {
	blocks  []report.Block
	numbers []report.Number
	places  map[string]int
}

// sampleDegrees with how many people went where: signed, studying on, abroad, employed
// otherwise, preparing for an examination, not looking for work now, looking for work.
var sampleDegrees = []struct {
	name string
	k    [7]int
}{
	{"本科生", [7]int{402, 610, 12, 41, 3, 0, 172}},
	{"硕士生", [7]int{498, 205, 9, 48, 0, 2, 98}},
	{"博士生", [7]int{176, 0, 3, 12, 0, 0, 9}},
}

// bind enters a number and returns its place from 1.
func (s *sampler) bind(title, where string, f report.Format, k, n int) (int, string) {
	text := map[report.Format]string{report.Count: strconv.Itoa(k), report.Base: strconv.Itoa(n), report.Share: sampleShare(k, n)}[f]
	key := title + where + string(f)
	if at := s.places[key]; at > 0 {
		return at, text
	}
	if s.places == nil {
		s.places = map[string]int{}
	}
	s.numbers = append(s.numbers, report.Number{
		Binding: report.Binding{Snapshot: "INIT-2024-08-31", SHA256: strings.Repeat("7f3a91c2", 8), Cohort: "2024", Table: "destination",
			Definition: "school", Version: "1", Cell: "rate", Where: []string{"学历层次=" + where}, Format: f},
		Title: title, Figure: indicator.Figure{K: k, Base: n}, Text: text,
	})
	s.places[key] = len(s.numbers)
	return len(s.numbers), text
}

func sampleShare(k, n int) string { return strconv.FormatFloat(float64(k)*100/float64(n), 'f', 2, 64) }

func (s *sampler) heading(id string, level int, text string) {
	s.blocks = append(s.blocks, report.Block{Heading: &report.Heading{ID: id, Level: level, Text: text}})
}

func (s *sampler) paragraph(kind report.Kind, spans ...report.Span) {
	s.blocks = append(s.blocks, report.Block{Paragraph: &report.Paragraph{Kind: kind, Spans: spans}})
}

func (s *sampler) table(t report.Table) { s.blocks = append(s.blocks, report.Block{Table: &t}) }

func (s *sampler) figure(f report.Figure) { s.blocks = append(s.blocks, report.Block{Figure: &f}) }

func spoken(text string) report.Span { return report.Span{Text: text} }

func (s *sampler) preface() {
	s.heading("about", 1, "报告说明")
	s.paragraph(report.Body, spoken("本报告依据教育部关于编制和发布高校毕业生就业质量年度报告的要求编写。数据来自学校毕业去向登记系统，统计时点为 2024 年 8 月 31 日；"),
		report.Span{Text: "百分数均保留两位小数", Bold: true, Footnote: "由于四舍五入，各项之和可能不等于 100.00%，差额不超过 0.05 个百分点。"},
		spoken("，因四舍五入，合计与各项之和略有出入。报告中的每一个数都可以按页脚的校验码核对。"))
	s.paragraph(report.Item, spoken("（1）毕业去向落实率＝（协议和合同就业人数＋升学人数＋出国（境）人数＋其他录用形式就业人数）÷毕业生总数×100%；"))
	s.paragraph(report.Item, spoken("（2）人数不足 5 人的格以 ※ 表示，不参与比较；姓名用字如䶮、㛃、㼆、𬭸、𫖮照原样印出；"))
	s.paragraph(report.Item, spoken("（3）统计对象为 2024 届取得毕业资格的全日制毕业生，不含结业生与定向培养生。"))
}

func (s *sampler) situation() {
	s.heading("situation", 1, "一、基本情况")
	s.heading("rate", 2, "（一）毕业去向落实率")
	kn := func(i int) (settled, all int) {
		for j, k := range sampleDegrees[i].k {
			if j < 4 {
				settled += k
			}
			all += k
		}
		return settled, all
	}
	var settled, all int
	for i := range sampleDegrees {
		k, n := kn(i)
		settled, all = settled+k, all+n
	}
	total, text := s.bind("毕业生总数", "全部", report.Base, settled, all)
	spans := []report.Span{spoken("截至 2024 年 8 月 31 日，学校 2024 届共有毕业生 "), {Text: text, Number: total}, spoken(" 人，毕业去向落实率 ")}
	rate, text := s.bind("毕业去向落实率", "全部", report.Share, settled, all)
	spans = append(spans, report.Span{Text: text + "%", Number: rate})
	for i, d := range sampleDegrees {
		k, n := kn(i)
		at, text := s.bind("毕业去向落实率", d.name, report.Share, k, n)
		spans = append(spans, spoken("，"+d.name+" "), report.Span{Text: text + "%", Number: at})
	}
	spans = append(spans, report.Span{Text: "。", Footnote: "落实率按 2024 年 8 月 31 日的快照计算，与 12 月 31 日的年终落实率不可直接比较。"}, spoken("各学历的去向见"), report.Span{Text: "表 1-1", Ref: "t-ways"},
		spoken("，历年变化见"), report.Span{Text: "图 1-1", Ref: "f-years"}, spoken("，单位性质见"), report.Span{Text: "图 1-2", Ref: "f-kinds"}, spoken("。"))
	s.paragraph(report.Body, spans...)
	s.ways()
	s.figure(report.Figure{ID: "f-years", Number: "图 1-1", Caption: "清河医科大学 2022—2024 届毕业生毕业去向落实率", Unit: "%", Chart: report.Columns,
		Alt: "柱形图，三届三种学历的落实率：2024 届本科生 85.89%，硕士生 88.37%，博士生 95.50%。", Categories: []string{"2022 届", "2023 届", "2024 届"},
		Series: []report.Series{sampleSeries("本科生", "83.10", "84.72", "85.89"), sampleSeries("硕士生", "87.94", "88.01", "88.37"), sampleSeries("博士生", "96.20", "95.05", "95.50")}})
	s.heading("kinds", 2, "（二）毕业生就业单位性质")
	s.paragraph(report.Body, spoken("签约毕业生主要集中在医疗卫生单位。按单位性质分，医疗卫生单位 742 人，其他事业单位 148 人，国有企业 61 人，民营企业 104 人，机关 21 人。"))
	s.figure(report.Figure{ID: "f-kinds", Number: "图 1-2", Caption: "清河医科大学 2024 届签约毕业生单位性质分布", Unit: "人", Chart: report.Pie,
		Alt: "饼图：医疗卫生单位 742 人，其他事业单位 148 人，国有企业 61 人，民营企业 104 人，机关 21 人。", Categories: []string{"医疗卫生单位", "其他事业单位", "国有企业", "民营企业", "机关"},
		Series: []report.Series{sampleSeries("人数", "742", "148", "61", "104", "21")}})
}

// ways is the table of two merged rows of heads over nine columns.
func (s *sampler) ways() {
	t := report.Table{ID: "t-ways", Number: "表 1-1", Caption: "清河医科大学 2024 届毕业生毕业去向（%）",
		Head: [][]report.Cell{
			{{Text: "学历", Rows: 2}, {Text: "总数（人）", Rows: 2}, {Text: "已落实", Cols: 5}, {Text: "未落实", Cols: 2}},
			{{Text: "毕业去向落实率"}, {Text: "签约"}, {Text: "升学"}, {Text: "出国（境）"}, {Text: "其他录用形式"}, {Text: "暂不就业"}, {Text: "待就业"}},
		},
		Notes: []string{"注：暂不就业含不就业拟升学与其他暂不就业。", "数据来源：清河医科大学毕业去向登记系统，快照 INIT-2024-08-31。"}}
	var sum [7]int
	row := func(name string, k [7]int, bold bool) {
		n := 0
		for _, x := range k {
			n += x
		}
		base, text := s.bind("毕业生总数", name, report.Base, n, n)
		cells := []report.Cell{{Text: name, Left: true, Bold: bold}, {Text: text, Number: base, Bold: bold}}
		for i, x := range []int{k[0] + k[1] + k[2] + k[3], k[0], k[1], k[2], k[3], k[4] + k[5], k[6]} {
			at, text := s.bind([]string{"毕业去向落实率", "签约", "升学", "出国（境）", "其他录用形式", "暂不就业", "待就业"}[i], name, report.Share, x, n)
			cells = append(cells, report.Cell{Text: text, Number: at, Bold: bold})
		}
		t.Body = append(t.Body, cells)
	}
	for _, d := range sampleDegrees {
		for i := range sum {
			sum[i] += d.k[i]
		}
		row(d.name, d.k, false)
	}
	row("合计", sum, true)
	s.table(t)
}

func sampleSeries(name string, texts ...string) report.Series {
	out := report.Series{Name: name}
	for _, t := range texts {
		out.Points = append(out.Points, report.Point{Text: t})
	}
	return out
}

// majors is the table over pages: sixty rows, their schools merged.
func (s *sampler) majors() {
	s.heading("features", 1, "二、主要特点")
	s.heading("majors", 2, "（一）分专业毕业去向落实率")
	s.paragraph(report.Body, spoken("分专业的落实率见"), report.Span{Text: "表 2-1", Ref: "t-majors"}, spoken("，各学院的去向构成见"), report.Span{Text: "图 2-1", Ref: "f-ways"}, spoken("。"))
	t := report.Table{ID: "t-majors", Number: "表 2-1", Caption: "清河医科大学 2024 届毕业生分学院、专业毕业去向落实率",
		Head:  [][]report.Cell{{{Text: "学院"}, {Text: "专业"}, {Text: "毕业生（人）"}, {Text: "落实（人）"}, {Text: "落实率（%）"}}},
		Notes: []string{"注：※ 表示人数不足 5 人，不予公布。"}}
	schools := []string{"基础医学院", "临床医学院（第一临床医学院）", "公共卫生与健康管理学院", "药学院", "护理学院", "口腔医学院", "医学影像与生物医学工程学院", "中西医结合与康复医学学院", "马克思主义学院", "国际医学教育学院"}
	names := []string{"临床医学（“5＋3”一体化，儿科学方向）", "生物医学工程", "预防医学", "智能医学工程（医学人工智能与大数据方向）", "䶮㛃㼆𬭸𫖮学", "护理学"}
	for i := range 60 {
		var cells []report.Cell
		if i%6 == 0 {
			cells = append(cells, report.Cell{Text: schools[i/6], Rows: 6, Left: true})
		}
		n := 12 + i*7%61
		k := n - i%5
		cells = append(cells, report.Cell{Text: names[i%6], Left: true}, report.Cell{Text: strconv.Itoa(n)})
		if i%13 == 12 {
			cells = append(cells, report.Cell{Text: "※"}, report.Cell{Text: "※"})
		} else {
			cells = append(cells, report.Cell{Text: strconv.Itoa(k)}, report.Cell{Text: sampleShare(k, n)})
		}
		t.Body = append(t.Body, cells)
	}
	s.table(t)
	s.figure(report.Figure{ID: "f-ways", Number: "图 2-1", Caption: "清河医科大学 2024 届各学历毕业生去向构成", Unit: "%", Chart: report.Stacked,
		Alt: "堆积柱形图，三种学历的签约、升学、其他落实和未落实，各合计 100%。", Categories: []string{"本科生", "硕士生", "博士生"},
		Series: []report.Series{sampleSeries("签约", "32.42", "57.91", "88.00"), sampleSeries("升学", "49.19", "23.84", "0.00"), sampleSeries("其他落实", "4.27", "6.63", "7.50"), sampleSeries("未落实", "14.11", "11.63", "4.50")}})
}

// regions is the table that is too wide for the page.
func (s *sampler) regions() {
	s.heading("flow", 2, "（二）生源地与就业地流向")
	s.paragraph(report.Body, spoken("各生源地毕业生的就业地见"), report.Span{Text: "表 2-2", Ref: "t-flow"}, spoken("，就业人数较多的行业见"), report.Span{Text: "图 2-2", Ref: "f-trades"}, spoken("。"))
	areas := []string{"北京市", "天津市", "河北省", "山西省", "内蒙古自治区", "辽宁省", "吉林省", "黑龙江省", "上海市", "江苏省", "浙江省", "广西壮族自治区", "西藏自治区", "新疆维吾尔自治区", "新疆生产建设兵团", "香港特别行政区", "其他"}
	head := [][]report.Cell{{{Text: "生源地", Rows: 2}, {Text: "就业地（人）", Cols: len(areas)}, {Text: "合计", Rows: 2}}, nil}
	var body [][]report.Cell
	for i, a := range areas {
		head[1] = append(head[1], report.Cell{Text: a})
		row := []report.Cell{{Text: a, Left: true}}
		sum := 0
		for j := range areas {
			k := (i*31 + j*17) % 97 * 13
			sum += k
			row = append(row, report.Cell{Text: strconv.Itoa(k)})
		}
		body = append(body, append(row, report.Cell{Text: strconv.Itoa(sum), Bold: true}))
	}
	s.table(report.Table{ID: "t-flow", Number: "表 2-2", Caption: "清河医科大学 2024 届毕业生生源地与就业地流向", Head: head, Body: body})
	s.figure(report.Figure{ID: "f-trades", Number: "图 2-2", Caption: "清河医科大学 2024 届毕业生就业人数较多的行业", Unit: "人", Chart: report.Bars,
		Alt:        "条形图：卫生和社会工作 1,208 人，教育 214 人，其余行业都不到 100 人。",
		Categories: []string{"卫生和社会工作", "教育", "科学研究和技术服务业", "公共管理、社会保障和社会组织", "信息传输、软件和信息技术服务业", "居民服务、修理和其他服务业"},
		Series:     []report.Series{sampleSeries("人数", "1,208", "214", "96", "88", "31", "7")}})
}

func (s *sampler) trend() {
	s.heading("trend", 1, "三、发展趋势")
	s.heading("study", 2, "（一）继续深造")
	s.heading("study-home", 3, "1. 国内升学")
	s.paragraph(report.Body, spoken("国内升学率的变化见"), report.Span{Text: "图 3-1", Ref: "f-study"}, spoken("和"), report.Span{Text: "表 3-1", Ref: "t-study"}, spoken("。2021 届博士生没有可比的数据，图中空缺。"))
	s.figure(report.Figure{ID: "f-study", Number: "图 3-1", Caption: "清河医科大学 2021—2024 届毕业生国内升学率", Unit: "%", Chart: report.Lines,
		Alt: "折线图，2021 至 2024 届：本科生由 46.30% 升至 49.19%，硕士生由 24.60% 降至 23.84%。", Categories: []string{"2021 届", "2022 届", "2023 届", "2024 届"},
		Series: []report.Series{sampleSeries("本科生", "46.30", "47.12", "48.05", "49.19"), sampleSeries("硕士生", "24.60", "24.18", "23.74", "23.84"), sampleSeries("博士生", "", "1.20", "※", "0.00")}})
	t := report.Table{ID: "t-study", Number: "表 3-1", Caption: "清河医科大学 2022—2024 届硕士毕业生国内升学", Head: [][]report.Cell{{{Text: "届"}, {Text: "升学人数"}, {Text: "毕业生总数"}, {Text: "升学率（%）"}}}}
	for i, x := range [][2]int{{195, 806}, {197, 830}, {205, 860}} {
		t.Body = append(t.Body, []report.Cell{{Text: strconv.Itoa(2022 + i)}, {Text: strconv.Itoa(x[0])}, {Text: strconv.Itoa(x[1])}, {Text: sampleShare(x[0], x[1])}})
	}
	s.table(t)
	for i := range 6 {
		s.heading(fmt.Sprintf("measure-%d", i), 3, fmt.Sprintf("%d. 推进就业工作的第 %d 项举措", i+2, i+1))
		s.paragraph(report.Body, spoken(strings.Repeat("学校把毕业生就业列入党委常委会和校长办公会的重要议题，定期研究推进，建立健全校院两级工作机制；走访用人单位 36 家（其中医院 21 家），举办“清河·春华”双选会 4 场，提供岗位 5,208 个。", 2)))
	}
}

func (s *sampler) references() {
	s.heading("feedback", 1, "四、对教育教学的反馈")
	s.paragraph(report.Body, spoken("结合就业数据与用人单位反馈，学校将动态调整招生计划，优化培养方案，加强分类指导。具体做法参考了 "), spoken("<研究> & “案例”"), spoken(" 等资料[1-2]。"))
	s.heading("sources", 1, "参考文献")
	s.paragraph(report.Item, spoken("[1] 清河医科大学就业指导中心. 2023 届毕业生就业质量年度报告[R]. 清河：清河医科大学，2023."))
	s.paragraph(report.Item, spoken("[2] A Survey of Graduate Destinations in Qinghe[R]. Qinghe Medical University, 2024: 12-18."))
	s.paragraph(report.Note, spoken("注：本报告由清河医科大学就业指导中心编写，未经许可不得转载。"))
}
