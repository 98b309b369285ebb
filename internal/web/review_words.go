package web

import (
	"cmp"
	"strconv"

	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/destination"
	"quxiang/internal/domain/destination/scrutiny"
	"quxiang/internal/domain/history"
	"quxiang/internal/httpd"
	"quxiang/internal/web/part"
)

// asksFor says in a few words what a change is about.
func (w *Web) asksFor(it destination.Item) string {
	switch it.Act {
	case history.End:
		return "申请终止：" + w.codeName(it.Code)
	case history.Void:
		return "申请作废：" + w.codeName(it.Code)
	case history.Amend:
		return "更正：" + w.codeName(it.NewCode)
	}
	return w.codeName(it.NewCode)
}

// codeName is the name of a destination code.
func (w *Web) codeName(code string) string {
	row, ok := w.Book().Table("destination").Find(code)
	if !ok {
		return cmp.Or(code, "去向")
	}
	if above, ok := w.Book().Table("destination").Find(row.Parent); ok && row.Class != "就业" {
		return above.Name + "：" + row.Name // 研究生 or 求职中 alone says too little
	}
	return row.Name
}

// waitingState is how a change that waits for a level is shown.
func waitingState(t scrutiny.Tier) part.State {
	switch t {
	case scrutiny.ClassTier:
		return part.State{Kind: "wait", Word: "待辅导员审"}
	case scrutiny.SchoolTier:
		return part.State{Kind: "half", Word: "待校审"}
	}
	return part.State{Kind: "wait", Word: "待院审"}
}

// waitedSince says for how many days something has waited.
func waitedSince(since, now calendar.Instant) string {
	if since == 0 {
		return ""
	}
	days := int((calendar.DayOf(now).Start() - calendar.DayOf(since).Start()) / (24 * 3600 * 1000))
	if days <= 0 {
		return "今天"
	}
	return strconv.Itoa(days) + " 天"
}

// became says what became of the change that the address names as done: how it
// stands now, whoever decided it.
func (w *Web) became(r *httpd.Request, list *destination.Worklist) (string, error) {
	v := r.URL.Query()
	of := v.Get("of")
	if of == "" {
		return "", nil
	}
	people, err := w.peopleByID(r.Context(), r.Within, []string{of})
	g, ok := people[of]
	if err != nil || !ok {
		return "", err
	}
	it, ok := list.Get(of)
	if !ok {
		return "", nil
	}
	now := g.Name + "：" + itemWords(it)
	if v.Get("did") == "late" {
		return now + "。刚才已由别的老师先办理，没有重复", nil
	}
	if v.Get("did") == "again" {
		return now + "。你已经办过，没有重复", nil
	}
	return now, nil
}

// itemWords says in a few words how a registration stands.
func itemWords(it destination.Item) string {
	switch {
	case it.Level > 0:
		return waitingState(it.Tier).Word
	case it.Last == history.Returned:
		return "已退回，等本人修改"
	case it.Last == history.Proposed:
		return "待本人确认"
	case it.DisputedAt > 0:
		return "本人异议"
	case it.StruckAt > 0:
		return "已核减"
	case it.Detail == history.Registered:
		return "审核完成，已计入统计"
	case it.Coming != "":
		return "审核完成，自 " + string(it.ComesOn) + " 起计入统计"
	}
	return "审核完成，现为未登记"
}
