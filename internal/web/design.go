package web

import (
	"net/http"

	"quxiang/internal/domain/fault"
	"quxiang/internal/httpd"
	"quxiang/internal/web/part"
)

// design answers GET /design: every part that pages are made of, in each of its
// states, for who builds pages or judges them.
func (w *Web) design(rw http.ResponseWriter, r *httpd.Request) error {
	if isGraduate(r) {
		return fault.NotFoundf("", "没有这个页面，请检查地址或从首页进入")
	}
	return show(rw, r, nil, designView(w.desk(rw, r, "界面部件", part.Link{Title: "系统"})))
}

// designStates are the states of a registration as tags.
var designStates = []part.State{
	{Kind: "draft", Word: "草稿"}, {Kind: "wait", Word: "待院审"}, {Kind: "half", Word: "院审通过，待校审"}, {Kind: "pass", Word: "校审通过"},
	{Kind: "back", Word: "院退回"}, {Kind: "dispute", Word: "本人异议"}, {Kind: "void", Word: "已作废"}, {Kind: "old", Word: "已变更"},
}

var designStages = []part.Stage{{Title: "下载模板", State: "done"}, {Title: "上传", State: "done"}, {Title: "检查结果", State: "now"}, {Title: "确认写入"}}

var designMoments = []part.Moment{
	{Title: "你提交了登记", When: "08-29 21:03", State: "done"}, {Title: "学院看过，通过", When: "08-30 16:40　护理学院", State: "done"},
	{Title: "学校在看", When: "等了 1 个工作日", State: "now"}, {Title: "计入统计，凭回执可查"},
}

var designChoices = []part.Option{
	{Value: "10", Title: "签了就业协议", Help: "三方协议、网签、接收函", Group: "有单位了"}, {Value: "11", Title: "签了劳动合同", Help: "全部页都在手上", Group: "有单位了"},
	{Value: "70", Title: "在找工作", Help: "如实登记即可", Group: "还没定"},
}

// designPeople are invented; one has the length that names of people and units
// really have.
var designPeople = []struct{ Name, Number, Employer string }{
	{"林知远", "20190000001", "滨海市枫陂医院"},
	{"阿依努尔·买买提江·吐尔逊江", "20190000002", "滨海市高新技术产业开发区生物医药与健康管理服务中心有限责任公司"},
	{"沈青禾", "20190000003", ""},
}

var designRows = []struct {
	Title string
	Cells []part.Number
}{
	{"本科", []part.Number{{Text: "1,117"}, {Text: "921", Href: "/design", Says: "本科落实，921 人，打开名单"}, {Text: "82.45"}}},
	{"博士", []part.Number{{Text: "3"}, {Text: "0", Zero: true}, {Text: "0.00", Zero: true}}},
	{"合计", []part.Number{{Text: "1,120"}, {Text: "921", Href: "/design", Says: "合计落实，921 人，打开名单"}, {Text: "82.23"}}},
}

var designCurve = part.Curve{ID: "demo-curve", Span: 92, End: "截至 08-31", Head: []string{"2024 届 %", "2023 届 %"},
	Ticks: []part.Tick{{Day: 0, Title: "6月"}, {Day: 30, Title: "7月"}, {Day: 61, Title: "8月"}},
	Lines: []part.Line{
		{Name: "2024 届 82.23 %", Column: 0, Points: []part.Spot{{Day: 0, Share: 3000}, {Day: 46, Share: 7000}, {Day: 92, Share: 8223}}},
		{Name: "2023 届 80.10 %", Column: 1, Points: []part.Spot{{Day: 0, Share: 2500}, {Day: 46, Share: 6600}, {Day: 92, Share: 8010}}},
	},
	Rows: []part.CurveRow{{Day: "2024-08-31", Cells: []string{"82.23", "80.10"}}, {Day: "2024-07-17", Cells: []string{"70.00", "66.00"}}, {Day: "2024-06-01", Cells: []string{"30.00", "25.00"}}}}

var designSpark = part.Spark{Points: []part.Spot{{Day: 0, Share: 3000}, {Day: 30, Share: 5200}, {Day: 46, Share: 7000}, {Day: 92, Share: 8223}}}
