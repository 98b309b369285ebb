package web

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/history"
	"quxiang/internal/domain/roster"
)

// fileRow is one event of a history as staff read it.
type fileRow struct {
	TrueOn, KnownAt string
	Always          bool   // no day, as it was always so
	Kind            string // of the glyph
	What            string
	Who, Role       string
	Note            string
	Papers          []paperLink
}

// paperLink opens one document.
type paperLink struct{ Title, Href string }

// fileRows says in words what happened, the newest first.
func (w *Web) fileRows(ctx context.Context, f *roster.File) ([]fileRow, error) {
	var ids []string
	for i := range f.Events {
		if a := f.Events[i].Actor; a != "" {
			ids = append(ids, a)
		}
	}
	slices.Sort(ids)
	called, err := w.Accounts.Called(ctx, slices.Compact(ids))
	if err != nil {
		return nil, err
	}
	out := make([]fileRow, 0, len(f.Events))
	acts := map[string]history.Act{}
	submits, since := map[string]int{}, map[string]string{} // by change
	for i := range f.Events {
		e := &f.Events[i]
		if e.Act != "" {
			acts[e.Change] = e.Act
		}
		if e.Step == history.Submitted {
			submits[e.Change]++
		}
		if e.TrueOn != "" {
			since[e.Change] = string(e.TrueOn)
		}
		row := fileRow{TrueOn: string(e.TrueOn), KnownAt: e.KnownAt.Time().Format("2006-01-02 15:04"), Note: e.Reason}
		if e.Step != "" {
			row.TrueOn = since[e.Change]
		}
		who := called[e.Actor]
		row.Who, row.Role = who.Name, who.Title
		if ownStep[e.Step] || e.Mark == history.Disputed {
			row.Who, row.Role = f.Graduate.Name, "本人"
		}
		row.Always = row.TrueOn == "" && len(e.Set) > 0
		if e.Import != "" {
			row.Role = strings.TrimSpace(row.Role + " 导入")
		}
		if row.Who == "" {
			row.Who = map[bool]string{true: "系统", false: "已停用的账号"}[e.Actor == ""]
		}
		row.Kind, row.What = w.happened(f, e, acts[e.Change], submits[e.Change], who, i == 0)
		for _, x := range e.Evidence {
			title := x.Kind
			if c, ok := w.Book().Table("document").Find(x.Kind); ok {
				title = c.Name
			}
			row.Papers = append(row.Papers, paperLink{title, "/evidence/" + f.Graduate.ID + "/" + x.SHA256})
		}
		out = append(out, row)
	}
	slices.Reverse(out)
	return out, nil
}

// happened is one event in words, with its glyph.
func (w *Web) happened(f *roster.File, e *history.Event, act history.Act, submits int, who access.Called, first bool) (kind, what string) {
	switch {
	case e.Step != "":
		return w.stepSaid(e, act, submits, who)
	case e.Mark != "":
		said := markSaid[e.Mark]
		return said.kind, said.what
	case first:
		cohort, _ := e.Set.Value(history.Cohort)
		return "old", "列入 " + cohort + " 届名单"
	}
	return "old", settingsSaid(f.Shower, e.Set)
}

// ownStep are the steps that nobody but the graduate takes.
var ownStep = map[history.Step]bool{history.Submitted: true, history.Withdrawn: true}

// markSaid are marks in words.
var markSaid = map[history.Mark]struct{ kind, what string }{
	history.Disputed: {"dispute", "本人提出异议，暂不计入"}, history.Upheld: {"pass", "核实后维持"}, history.Struck: {"void", "核减，不计入"},
	history.Restored: {"pass", "恢复计入"}, history.Replied: {"old", "答复"}, history.Seen: {"old", "看过材料"},
	history.EmployerConfirmed: {"old", "单位已确认"},
}

// settingTitles are counted attributes that no column names.
var settingTitles = map[history.Key]string{history.Level: "学历层次", history.InStatistics: "纳入统计", history.Left: "在名单中"}

// settingsSaid is a change of counted attributes in words.
func settingsSaid(show roster.Shower, set history.Settings) string {
	var out []string
	for _, s := range set {
		switch {
		case s.Key == history.Left:
			out = append(out, map[bool]string{true: "移出名单", false: "重新列入名单"}[s.Value == history.True])
		case s.Key == history.InStatistics:
			out = append(out, map[bool]string{true: "纳入统计", false: "不纳入统计"}[s.Value == history.True])
		default:
			field := roster.CheckField{ID: string(s.Key)}
			title := settingTitles[s.Key]
			out = append(out, cmp.Or(title, field.Title())+"改为 "+cmp.Or(show.Plain(string(s.Key), s.Value), "空"))
		}
	}
	if len(out) == 0 {
		return "更新了不公开的资料"
	}
	return strings.Join(out, "，")
}

// byOffice is whose review a step was, by what its actor is.
func byOffice(who access.Called, level int) string {
	switch who.Title {
	case access.Counsellor.Title():
		return "辅导员"
	case access.CollegeSecretary.Title(), access.CollegeLeader.Title():
		return "院"
	case access.Office.Title(), access.SchoolLeader.Title():
		return "校"
	}
	return "第 " + strconv.Itoa(max(level, 1)) + " 级"
}

// sources are where a recorded step comes from.
var sources = map[string]string{history.SourceLegacy: "历史数据", history.SourceNational: "国家系统数据", history.SourceUndo: "撤销导入", history.SourceMaster: "单位主数据补齐"}

// stepSaid is a step in words.
func (w *Web) stepSaid(e *history.Event, act history.Act, submits int, who access.Called) (kind, what string) {
	name := ""
	if e.Code != "" {
		name = " " + w.codeName(e.Code) + " " + e.Code
	}
	switch e.Step {
	case history.Proposed:
		return "wait", "代填" + name + "，待本人提交"
	case history.Submitted:
		again := ""
		if submits > 1 {
			again = "，第 " + strconv.Itoa(submits) + " 次提交"
		}
		return "wait", actSaid[act] + name + again
	case history.Passed:
		return "half", byOffice(who, e.Level) + "审通过"
	case history.Approved:
		return "pass", byOffice(who, e.Level) + "审通过，生效"
	case history.Returned:
		return "back", byOffice(who, e.Level) + "退回"
	case history.Refused:
		return "void", byOffice(who, e.Level) + "不予通过"
	case history.Withdrawn:
		return "old", "本人撤回"
	}
	return "old", cmp.Or(sources[e.Source], "导入") + "：" + cmp.Or(strings.TrimSpace(recordSaid[act]+name), "更新")
}

// actSaid and recordSaid are acts in words, by the graduate and by a record.
var (
	actSaid = map[history.Act]string{history.Open: "本人登记", history.Amend: "本人更正为", history.End: "本人提出解约或离开", history.Void: "本人要求作废"}

	recordSaid = map[history.Act]string{history.Open: "登记", history.Amend: "更正", history.End: "到此为止", history.Void: "作废"}
)
