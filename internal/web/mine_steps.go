package web

import (
	"slices"
	"strconv"
	"strings"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/destination"
	"quxiang/internal/domain/history"
	"quxiang/internal/web/part"
)

// actWords are what a change is, as the graduate calls it.
var actWords = map[history.Act]string{history.Open: "登记", history.Amend: "更正", history.End: "解约、离职申请", history.Void: "作废申请"}

// moments are the steps of a change: what was done when and by whom, what waits
// on whom and since when, and what comes.
func (w *Web) moments(rec *destination.Record, people map[string]access.Account, c *history.Change) []part.Moment {
	levels, at := w.Destinations.Waiting(rec.Fold, c)
	var out []part.Moment
	var last *history.Event
	for i := range rec.Events {
		if e := &rec.Events[i]; e.Change == c.ID && e.Step != "" {
			out, last = append(out, stepMoment(people, levels, c, e)), e
		}
	}
	if last == nil {
		return nil
	}
	counts := part.Moment{Title: countsWords}
	if c.Last != history.Returned && w.countsAtOnce(c) {
		counts.State = "done"
		out = slices.Insert(out, 1+slices.IndexFunc(out, func(m part.Moment) bool { return m.Title == submittedWords(c) }), counts)
		for _, l := range levels[max(at-1, 0):] {
			if at > 0 {
				out = append(out, part.Moment{Title: l.Title + "会看一次"})
			}
		}
		return out
	}
	switch {
	case at > 0:
		out = append(out, part.Moment{Title: levels[at-1].Title + "在看", State: "now", When: waitedWords(last.KnownAt, w.Now())})
		for _, l := range levels[at:] {
			out = append(out, part.Moment{Title: l.Title + "再看一次"})
		}
		return append(out, counts)
	case c.Last == history.Returned:
		return append(out, part.Moment{Title: "等你改好再交", State: "now"}, counts)
	case c.Last == history.Proposed:
		return append(out, part.Moment{Title: "等你看过、自己提交", State: "now"}, counts)
	case c.Last == history.Approved && c.Act != history.End && c.Act != history.Void:
		counts.State = "done"
		return append(out, counts)
	}
	return out
}

// countsWords are the last step of what counts.
const countsWords = "计入统计，凭回执可查"

func submittedWords(c *history.Change) string { return "你提交了" + actWords[c.Act] }

// countsAtOnce says that the change says that one has no work: nobody has to
// approve that.
func (w *Web) countsAtOnce(c *history.Change) bool {
	return c.UnderWay() && c.Submitter != "" && (c.Act == history.Open || c.Act == history.Amend) && destination.NoWork(w.Book())(c.Given.Scheme, c.Given.Code)
}

// stepMoment is one step as the graduate reads it.
func stepMoment(people map[string]access.Account, levels []destination.Level, c *history.Change, e *history.Event) part.Moment {
	m := part.Moment{State: "done", When: dayClock(e.KnownAt)}
	by := signature(people, e.Actor, "")
	if by != "" && e.Step != history.Submitted && e.Step != history.Withdrawn {
		m.When += "　" + by
	}
	level := levelTitle(levels, e.Level)
	switch e.Step {
	case history.Proposed:
		m.Title = "老师代你填了一份"
	case history.Submitted:
		m.Title = submittedWords(c)
	case history.Passed, history.Approved:
		m.Title = level + "看过，通过"
	case history.Returned:
		m.Title, m.State, m.Detail = level+"退回", "stop", e.Reason
	case history.Refused:
		m.Title, m.State, m.Detail = level+"看过，不予通过", "stop", e.Reason
	case history.Withdrawn:
		m.Title, m.State, m.Detail = "你撤回了", "stop", e.Reason
	case history.Recorded:
		m.Title = recordedWords(e.Source)
	}
	return m
}

func recordedWords(source string) string {
	switch source {
	case history.SourceNational:
		return "按国家系统的数据登记"
	case history.SourceUndo:
		return "学校撤销了一次导入"
	case history.SourceMaster:
		return "按单位库补全了单位信息"
	}
	return "学校导入了登记"
}

// eventWords is any event of one's own history in plain words.
func eventWords(people map[string]access.Account, rec *destination.Record, levels func(*history.Change) []destination.Level, e *history.Event) part.Moment {
	if c := rec.Fold.Change(e.Change); c != nil && e.Step != "" {
		m := stepMoment(people, levels(c), c, e)
		if m.When = e.KnownAt.Time().Format("2006-01-02 15:04"); e.Step != history.Submitted && e.Step != history.Withdrawn {
			m.When = joined(m.When, signature(people, e.Actor, ""))
		}
		return m
	}
	m := part.Moment{State: "done", When: joined(e.KnownAt.Time().Format("2006-01-02 15:04"), signature(people, e.Actor, "")), Detail: e.Reason}
	self := people[e.Actor].Graduate != ""
	switch e.Mark {
	case history.Disputed:
		m.Title, m.State = "你提出了异议", "stop"
	case history.Upheld:
		m.Title = "学校核实后维持"
	case history.Struck:
		m.Title, m.State = "学校核减了这条去向", "stop"
		m.When = joined(m.When, signature(people, e.Fields["second"], ""))
	case history.Restored:
		m.Title = "学校恢复了这条去向"
	case history.Replied:
		if m.Title = "学校给你留了话"; self {
			m.Title = "你说明了情况"
		}
	case history.Seen:
		m.Title = "老师看过了材料"
	case history.EmployerConfirmed:
		m.Title = "单位确认了"
	default:
		if m.Title = "生源信息有更正"; e.Seq == 1 {
			m.Title = "学校建立了你的生源信息"
		}
	}
	return m
}

func joined(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), "　")
}

// signature is who did something, as a graduate calls them; unknown where nobody
// is known.
func signature(people map[string]access.Account, account, unknown string) string {
	a, ok := people[account]
	if !ok || a.Graduate != "" || a.Name == "" {
		return unknown
	}
	return strings.TrimSuffix(a.Name, "老师") + "老师"
}

// lastStep is the newest step of a change.
func lastStep(events []history.Event, change string) *history.Event {
	for i := len(events) - 1; i >= 0; i-- {
		if events[i].Change == change && events[i].Step != "" {
			return &events[i]
		}
	}
	return &history.Event{}
}

// waitedWords says in words how long something waits.
func waitedWords(since, now calendar.Instant) string {
	switch n := calendar.Workdays(calendar.DayOf(since), calendar.DayOf(now)); {
	case calendar.DayOf(since) == calendar.DayOf(now):
		return "今天刚到"
	case n == 0:
		return "周末到的，工作日会看"
	default:
		return "等了 " + strconv.Itoa(n) + " 个工作日"
	}
}

func dayWords(i calendar.Instant) string { return i.Time().Format("01-02") }

func dayClock(i calendar.Instant) string { return i.Time().Format("01-02 15:04") }

func paperCount(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n) + " 份材料"
}
