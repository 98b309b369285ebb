package web

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"quxiang/internal/domain/exchange"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/intake"
	"quxiang/internal/httpd"
	"quxiang/internal/web/part"
)

// refresh is after how many seconds a page that waits asks again, without a script.
const refresh = "2"

// shownLines is how many lines of one group a page shows; the sheet has them all.
const shownLines = 200

// checkPage is the page of GET /import/{kind}/{id}: what a held file is and becomes.
type checkPage struct {
	part.Page
	Kind   intake.Kind
	State  intake.State
	Steps  []part.Stage
	Tally  intake.Tally
	Tabs   []tab
	Groups []intake.Group
	Lines  int // rows of the groups shown
	Notes  int // rows that want a look
	Bad    int // rows refused
	More   bool
	Drift  string // how the outcome differs from the check; blank: it does not
	Alert  string
	Wrong  string // with the mended file
	Last   *batchRow
}

// tab is one filter over the groups.
type tab struct {
	Title string
	Count int
	Href  string
	Here  bool
}

// importCheck answers GET /import/{kind}/{id}.
func (w *Web) importCheck(rw http.ResponseWriter, r *httpd.Request) error {
	return w.showCheck(rw, r, nil)
}

// showCheck shows where a held file stands. wrong is what was wrong with what the
// page just sent, or nil.
func (w *Web) showCheck(rw http.ResponseWriter, r *httpd.Request, wrong error) error {
	st, err := w.Imports.State(r.Context(), r.Who, r.PathValue("id"))
	if err != nil {
		return err
	}
	k, err := intake.KindOf(r.Who, st.Kind)
	if err != nil {
		return err
	}
	if r.PathValue("kind") != st.Kind || st.Kind == intake.Reconciliation {
		return fault.NotFoundf("", "没有这个页面，请从导入页进入")
	}
	p := checkPage{Kind: k, State: st}
	p.Page = w.desk(rw, r, st.Name, importCrumb, part.Link{Title: k.Title, Href: "/import/" + k.ID})
	switch st.Stage {
	case intake.Checking, intake.Publishing:
		rw.Header().Set("Refresh", refresh)
	case intake.Checked:
		list, err := w.batchRows(r)
		if err != nil {
			return err
		}
		p.Last = newest(list, k.ID)
		p.checked(r.URL.Query().Get("show"))
	case intake.Failed:
		if fault.KindOf(st.Problem) == "" {
			p.Alert = "检查或写入中断了，这份文件没有写入。请再试一次；仍不行，请告诉系统管理员。"
		} else {
			p.Alert = st.Problem.Error()
		}
	case intake.Published:
		p.Tally = *st.Outcome
		p.Drift = drift(st.Held)
	}
	p.Steps = steps(st)
	if wrong != nil {
		p.Wrong = wrong.Error()
	}
	return show(rw, r, wrong, checkView(p))
}

// steps shows where on the way a file is.
func steps(st intake.State) []part.Stage {
	titles := []string{"下载模板", "上传", "检查结果", "确认写入"}
	now := 2
	switch st.Stage {
	case intake.Publishing:
		now = 3
	case intake.Published:
		now = 4
	}
	out := make([]part.Stage, len(titles))
	for i, t := range titles {
		out[i].Title = t
		switch {
		case i < now:
			out[i].State = "done"
		case i == now:
			out[i].State = "now"
		}
	}
	return out
}

// tabKinds are the filters over a report.
var tabKinds = []struct {
	id, title string
	kinds     []exchange.Kind
}{
	{"", "要写或要看的", nil},
	{"refused", "被拒", []exchange.Kind{intake.Refused}},
	{"noted", "提示", noted},
	{"created", "新建", []exchange.Kind{exchange.Created}},
	{"added", "新增", []exchange.Kind{exchange.Added}},
	{"changed", "修改", []exchange.Kind{exchange.Changed}},
}

// noted are the kinds of what can be written and wants a look.
var noted = []exchange.Kind{exchange.Untouched, exchange.Noted, exchange.Assumed, exchange.LeftOut, exchange.Skipped}

// checked lays out what a check found.
func (p *checkPage) checked(only string) {
	r := p.State.Result
	p.Tally = intake.TallyOf(r.Report)
	all := r.Groups()
	p.Bad, p.Notes = rowsOf(all, []exchange.Kind{intake.Refused}), rowsOf(all, noted)
	for _, t := range tabKinds {
		n := rowsOf(all, t.kinds)
		if n == 0 && t.id != "" {
			continue
		}
		href := "?show=" + t.id
		if t.id == "" {
			href = "?"
		}
		p.Tabs = append(p.Tabs, tab{t.title, n, heldAddress(p.State.Held) + href, t.id == only})
		if t.id == only {
			p.Groups = groupsOf(all, t.kinds)
		}
	}
	for _, g := range p.Groups {
		p.Lines += g.Rows()
	}
	p.More = more(r.Report)
}

// more reports that the report lists less than it counts.
func more(r exchange.Report) bool {
	if r.Refused > len(r.Refusals) {
		return true
	}
	for k, n := range r.Counts {
		if k != exchange.Same && n > exchange.MaxLines {
			return true
		}
	}
	return false
}

func groupsOf(all []intake.Group, kinds []exchange.Kind) []intake.Group {
	if kinds == nil {
		return all
	}
	return slices.DeleteFunc(slices.Clone(all), func(g intake.Group) bool { return !slices.Contains(kinds, g.Kind) })
}

// rowsOf counts the rows of the file that groups of the kinds speak of, each once.
func rowsOf(all []intake.Group, kinds []exchange.Kind) int {
	rows, whole := map[int]bool{}, 0
	for _, g := range groupsOf(all, kinds) {
		for _, l := range g.Lines {
			if l.Row == 0 {
				whole++ // about the file, a unit or a person without a row
				continue
			}
			rows[l.Row] = true
		}
	}
	return len(rows) + whole
}

// tone is the colour of a kind of group, beside its word.
func tone(k exchange.Kind) string {
	switch {
	case k == intake.Refused:
		return "red"
	case slices.Contains(noted, k):
		return "amber"
	}
	return "green"
}

// toneWords are the state that a group's rows are in.
func toneWords(k exchange.Kind) part.State {
	switch tone(k) {
	case "red":
		return part.State{Kind: "void", Word: "被拒"}
	case "amber":
		return part.State{Kind: "dispute", Word: intake.Words(k)}
	}
	return part.State{Kind: "pass", Word: "可写"}
}

// where says which rows a group speaks of.
func where(g intake.Group) string {
	first := g.Lines[0].Row
	n := g.Rows()
	switch {
	case first == 0 && len(g.Lines) > 1:
		return fmt.Sprintf("%d 处", len(g.Lines))
	case first == 0:
		return "整份"
	case n > 1:
		return fmt.Sprintf("%s 等 %s 行", thousands(first), thousands(n))
	}
	return thousands(first)
}

// overview says in one line how a file was read.
func overview(st intake.State) string {
	r := st.Result
	var parts []string
	if r.Sheet != "" {
		parts = append(parts, "工作表“"+r.Sheet+"”")
	}
	parts = append(parts, fmt.Sprintf("%s 行 %d 列，认出 %d 列", thousands(r.Report.Rows), r.Columns, len(r.Read)))
	var also []string
	for _, h := range r.Read {
		if h.Header != h.Title && !slices.Contains([]string{"name", "student_no"}, h.Field) {
			also = append(also, "“"+h.Header+"”当作"+h.Title)
		}
	}
	if n := len(also); n > 0 {
		parts[len(parts)-1] += "（" + strings.Join(also[:min(n, 3)], "，") + map[bool]string{true: " 等"}[n > 3] + "）"
	}
	if n := len(r.Unused); n > 0 {
		parts[len(parts)-1] += fmt.Sprintf("，未用 %d 列：%s", n, strings.Join(r.Unused[:min(n, 5)], "、")) + map[bool]string{true: " 等"}[n > 5]
	}
	if st.Mended > 0 {
		parts = append(parts, fmt.Sprintf("已并入改好的 %d 行", st.Mended))
	}
	return strings.Join(parts, " · ")
}

// chosen says what was chosen at the upload.
func chosen(o intake.Options) string {
	var parts []string
	if o.Cohort != "" {
		parts = append(parts, o.Cohort+" 届")
	}
	if o.Source != "" {
		parts = append(parts, batchSource(o.Source))
	}
	if o.TrueFrom != "" {
		parts = append(parts, "自 "+string(o.TrueFrom)+" 起")
	}
	return strings.Join(parts, " · ")
}

// writable is how many rows would be written or are there already.
func writable(t intake.Tally) int {
	return t.Counts[exchange.Added] + t.Counts[exchange.Changed] + t.Counts[exchange.Same]
}

// writes is how many people or things publishing changes.
func writes(t intake.Tally) int { return t.Counts[exchange.Added] + t.Counts[exchange.Changed] }

// counts says what is new, changed and as it was.
func counts(t intake.Tally) string {
	return fmt.Sprintf("新增 %s · 修改 %s · 不变 %s", thousands(t.Counts[exchange.Added]), thousands(t.Counts[exchange.Changed]), thousands(t.Counts[exchange.Same]))
}

// drift says how the outcome differs from what the check had found.
func drift(h intake.Held) string {
	if h.Checked == nil || h.Outcome == nil || h.Checked.Same(*h.Outcome) {
		return ""
	}
	return fmt.Sprintf("检查之后，库里的数据有人改过：检查时是 %s，写入时是 %s。以写入时为准。", counts(*h.Checked), counts(*h.Outcome))
}
