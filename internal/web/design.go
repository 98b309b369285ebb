package web

import (
	"net/http"

	"quxiang/internal/httpd"
	"quxiang/internal/web/part"
)

// design answers GET /design: every part that pages are made of, in each of its
// states, for who builds pages or judges them.
func (w *Web) design(rw http.ResponseWriter, r *httpd.Request) error {
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
