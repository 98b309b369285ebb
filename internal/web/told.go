package web

import (
	"slices"

	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/destination"
	"quxiang/internal/httpd"
	"quxiang/internal/web/part"
)

// toldDays is how long an answer stands on top of the graduate's page.
const toldDays = 30

// toldMoments are a graduate's words to the office with the answers, the newest first.
func toldMoments(told []destination.Sample) (out []part.Moment) {
	for i := range slices.Backward(told) {
		x := &told[i]
		if x.Result != "" {
			out = append(out, part.Moment{Title: "就业中心答复：" + x.Result, When: answeredAt(x), Detail: x.Note, State: "done"})
		} else {
			out = append(out, part.Moment{Title: "就业中心在核实", State: "now"})
		}
		out = append(out, part.Moment{Title: "你说", When: minuteOf(x.At), Detail: x.Said, State: "done"})
	}
	return out
}

func answeredAt(x *destination.Sample) string {
	if x.Answered == 0 { // answered before the instant was kept
		return ""
	}
	return minuteOf(x.Answered)
}

// toldAnswer is the office's newest answer to what the graduate told, while it is new.
func toldAnswer(told []destination.Sample, now calendar.Instant) (out []todo) {
	for i := range told {
		x := &told[i]
		if x.Result == "" || x.Answered == 0 || calendar.DayOf(x.Answered).AddDays(toldDays) < calendar.DayOf(now) {
			continue
		}
		out = []todo{{Kind: "wait", Title: "就业中心答复了你反映的事", Text: dayWords(x.Answered) + "：" + x.Note, Do: part.Link{Title: "看一看", Href: "/mine/tell"}}}
	}
	return out
}

// toldSays says at the row on the graduate's page how the newest word stands.
func toldSays(told []destination.Sample) string {
	switch n := len(told); {
	case n == 0:
		return "告诉学校"
	case told[n-1].Result != "":
		return "学校已答复"
	}
	return "学校在核实"
}

// toldNotices are what the page says right after a word was sent.
var toldNotices = map[string]string{
	"1": "已发给就业中心，会有老师核实，答复也在这里看。",
	"released": "这一条在学校已经发布的数据里，暂时不能直接标成有异议。你写的话已经发给就业中心：已发布的数字不变，老师核实后在这里答复你；" +
		"确实不对的，由学校解锁后更正。",
}

// toldLines are the graduates' words that wait for the office.
func (w *Web) toldLines(r *httpd.Request) ([]sampleLine, error) {
	cohorts, err := w.Figures.Cohorts(r.Context())
	if err != nil {
		return nil, err
	}
	list, err := w.Destinations.Told(r.Context(), r.Who, cohorts)
	if err != nil {
		return nil, err
	}
	return w.sampleLines(r, list)
}
