package web

import (
	"encoding/json"
	"iter"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"quxiang/internal/domain/audit"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/exchange"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/intake"
	"quxiang/internal/httpd"
	"quxiang/internal/web/part"
)

// entriesOnPage is how many entries of the trail one page shows.
const entriesOnPage = 50

// auditPage is the page of GET /audit.
type auditPage struct {
	part.Page
	Form    auditForm
	Actions []part.Option
	Wrongs  []part.Wrong
	Entries []entryView
	Next    string
	First   string
	Export  string
	Chain   chainView
	Check   wholeCheck
	Kept    []keptView
}

// auditForm is what the filter says.
type auditForm struct{ Account, Action, Subject, From, To string }

// entryView is one entry in words.
type entryView struct {
	At, By, Action, ID, Subject, Detail string
	N                                   string // place in the chain
}

// chainView says how far the trail is chained.
type chainView struct {
	N, Hash, At, Checked string
	Waiting              int
}

// audit answers GET /audit.
func (w *Web) audit(rw http.ResponseWriter, r *httpd.Request) error {
	q := r.URL.Query()
	p := auditPage{Page: w.desk(rw, r, "审计"), Form: auditFormOf(q), Actions: actionOptions()}
	f, err := w.auditFilter(r, p.Form)
	var list []audit.Entry
	if err == nil {
		list, err = w.Office.Trail.Search(r.Context(), r.Who, f, keyOf(q.Get("after")), entriesOnPage+1)
	}
	if err != nil && !shownOnForm(err) {
		return err
	}
	p.Wrongs = refusalLines(err)
	if len(list) > entriesOnPage {
		list = list[:entriesOnPage]
		last := list[entriesOnPage-1]
		p.Next = goOn("/audit", q, strconv.FormatInt(int64(last.At), 10)+"."+last.ID)
	}
	if q.Get("after") != "" {
		p.First = goOn("/audit", q, "")
	}
	p.Export = goOn("/audit.csv", q, "")
	names := w.namesOfAccounts(r.Context())
	whom := &subjects{r, w.Office.GraduateOf, names, map[string]string{}}
	for i := range list {
		v, failed := entryOf(&list[i], names)
		if failed == nil {
			v.Subject, failed = whom.title(list[i].Subject, v.Subject)
		}
		if failed != nil {
			return failed
		}
		p.Entries = append(p.Entries, v)
	}
	state, failed := w.Office.Trail.State(r.Context(), r.Who)
	if failed != nil {
		return failed
	}
	p.Chain = chainOf(&state)
	if failed := w.fillChecks(rw, r, &p, names); failed != nil {
		return failed
	}
	return show(rw, r, err, auditView(p))
}

func auditFormOf(q url.Values) auditForm {
	get := func(name string) string { return strings.TrimSpace(q.Get(name)) }
	return auditForm{get("account"), get("action"), get("subject"), get("from"), get("to")}
}

// auditFilter turns what was typed into ids: a login, and a whole student number.
func (w *Web) auditFilter(r *httpd.Request, form auditForm) (audit.Filter, error) {
	f := audit.Filter{Action: form.Action, Subject: form.Subject, From: calendar.Day(form.From), To: calendar.Day(form.To)}
	if form.Account != "" {
		id, err := w.Office.AccountOf(r.Context(), form.Account)
		if fault.KindOf(err) == fault.NotFound {
			return f, fault.Invalidf("account", "没有账号“%s”，请写登录账号；命令行写 console:用户名", form.Account)
		}
		if err != nil {
			return f, err
		}
		f.Account = id
	}
	if form.Subject == "" || strings.ContainsFunc(form.Subject, func(c rune) bool { return !unicode.IsDigit(c) }) {
		return f, nil
	}
	found, err := w.Office.GraduateNumbered(r.Context(), r.Who, form.Subject)
	if found != "" {
		f.Subject = found
	}
	return f, err
}

// keyOf reads where the list goes on; what cannot be read is its beginning.
func keyOf(after string) audit.Key {
	at, id, ok := strings.Cut(after, ".")
	n, err := strconv.ParseInt(at, 10, 64)
	if !ok || err != nil {
		return audit.Key{}
	}
	return audit.Key{At: calendar.Instant(n), ID: id}
}

func entryOf(e *audit.Entry, names *namesOfAccounts) (entryView, error) {
	by, err := names.name(e.Account)
	v := entryView{At: e.At.Time().Format("2006-01-02 15:04:05"), By: by, Action: actionTitle(e.Action), ID: e.Action, Subject: subjectTitle(e.Subject), Detail: detailLine(e.Detail), N: "待封"}
	if e.Account == "" {
		v.By = "未登录"
	}
	if e.N > 0 {
		v.N = strconv.FormatInt(e.N, 10)
	}
	return v, err
}

// detailValue is a value in words where it is the id of a field or of a kind of file.
func detailValue(name, value string) string {
	switch {
	case name == "field" && len(exchange.Field(exchange.Person, value)) > 0:
		return exchange.Title(exchange.Person, value)
	case name == "kind" && value == intake.Reconciliation:
		return "与上级系统核对"
	case name == "kind":
		return intake.Title(value)
	}
	return value
}

// detailLine lays an entry's detail out: what it says, by name.
func detailLine(text string) string {
	var said map[string]string
	if text == "" || json.Unmarshal([]byte(text), &said) != nil {
		return text
	}
	var out []string
	for _, k := range slices.Sorted(maps.Keys(said)) {
		name := k
		if t, ok := detailTitles[k]; ok {
			name = t
		}
		value := detailValue(k, said[k])
		if len(value) == 64 { // a digest: the file has it whole
			value = value[:12] + "…"
		}
		out = append(out, name+"："+value)
	}
	return strings.Join(out, "；")
}

func chainOf(s *audit.State) chainView {
	v := chainView{Waiting: s.Waiting}
	if s.Newest.N > 0 {
		v.N, v.At = strconv.FormatInt(s.Newest.N, 10), minuteOf(s.Newest.At)
		const digits = "0123456789abcdef"
		for _, b := range s.Newest.Hash {
			v.Hash += string(digits[b>>4]) + string(digits[b&15])
		}
	}
	if s.Checked.At != 0 {
		v.Checked = minuteOf(s.Checked.At) + "，" + detailLine(s.Checked.Detail)
	}
	return v
}

// auditCSV answers GET /audit.csv: the shown filter as a file.
func (w *Web) auditCSV(rw http.ResponseWriter, r *httpd.Request) error {
	f, err := w.auditFilter(r, auditFormOf(r.URL.Query()))
	if err != nil {
		return err
	}
	if _, err := w.Office.Trail.Search(r.Context(), r.Who, f, audit.Key{}, 1); err != nil {
		return err
	}
	names := w.namesOfAccounts(r.Context())
	var rows iter.Seq2[[]string, error] = func(yield func([]string, error) bool) {
		stopped := false
		err := w.Office.Trail.Export(r.Context(), r.Who, f, func(e audit.Entry) error {
			v, err := entryOf(&e, names)
			if err != nil {
				return err
			}
			if !yield([]string{v.N, v.At, v.By, e.Account, v.Action, e.Action, e.Subject, e.Detail}, nil) {
				stopped = true
				return fault.Conflictf("", "读到一半停下了")
			}
			return nil
		})
		if err != nil && !stopped {
			yield(nil, err)
		}
	}
	rw.Header().Set("Content-Type", "text/csv; charset=utf-8")
	rw.Header().Set("Content-Disposition", `attachment; filename="audit.csv"`)
	return w.Office.WriteCSV(rw, []string{"链中序号", "时间", "何人", "账号编号", "做了什么", "动作", "关于", "说明"}, rows)
}
