package web

import (
	"net/http"
	"strings"

	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/destination"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/history"
	"quxiang/internal/httpd"
	"quxiang/internal/web/part"
)

// sayPage is a short form of the graduate: a word, and what it will do.
type sayPage struct {
	part.Page
	Action   string
	Head     string
	Lead     []string
	Returned string
	Fields   []part.Field
	Wrong    []part.Wrong
	Button   string
	Below    string
	Danger   bool
	Before   []part.Moment // what was told before and answered, the newest first
}

// saying is one kind of word: its page and its verb.
type saying struct {
	page func(w *Web, r *httpd.Request, rec *destination.Record) (sayPage, error)
	verb func(w *Web, r *httpd.Request, rec *destination.Record) (to string, err error)
}

// sayForm answers the GET of a word.
func (w *Web) sayForm(s saying) httpd.Handler {
	return func(rw http.ResponseWriter, r *httpd.Request) error {
		rec, _, err := w.myRecord(r)
		if err != nil {
			return err
		}
		p, err := s.page(w, r, rec)
		if err != nil {
			return err
		}
		p.Page, p.Action = w.phone(rw, r, p.Title, "/mine"), r.URL.Path
		return show(rw, r, nil, sayView(p))
	}
}

// say answers its POST: calls the verb, or shows what is wrong at its field.
func (w *Web) say(s saying) httpd.Handler {
	return func(rw http.ResponseWriter, r *httpd.Request) error {
		rec, _, err := w.myRecord(r)
		if err != nil {
			return err
		}
		to, err := s.verb(w, r, rec)
		if err == nil {
			return httpd.SeeOther(rw, r, to)
		}
		problems := destination.ProblemsOf(err)
		if fault.KindOf(err) == fault.Conflict { // the words stay on the page
			problems = []destination.Problem{{Text: err.Error()}}
		}
		p, pageErr := s.page(w, r, rec)
		if len(problems) == 0 || pageErr != nil {
			return err
		}
		p.Page, p.Action = w.phone(rw, r, p.Title, "/mine"), r.URL.Path
		for i := range p.Fields {
			p.Fields[i].Value = r.PostFormValue(p.Fields[i].Name)
		}
		for _, x := range problems {
			line := part.Wrong{Text: x.Text}
			for i := range p.Fields {
				if p.Fields[i].Name == x.Field {
					line.Field, p.Fields[i].Error = x.Field, x.Text
				}
			}
			p.Wrong = append(p.Wrong, line)
		}
		return show(rw, r, err, sayView(p))
	}
}

func reasonField(label, help string, optional bool) part.Field {
	return part.Field{Name: "reason", Label: label, Help: help, Rows: 4, Max: 500, Optional: optional}
}

// standingCase is the case of the address, if it is one of the graduate's own.
func standingCase(r *httpd.Request, rec *destination.Record) (*history.Case, error) {
	if k := rec.Fold.Case(r.PathValue("case")); k != nil && k.Standing().Opened {
		return k, nil
	}
	return nil, fault.NotFoundf("case", "没有找到这条去向，请回到我的去向再看")
}

// caseWords names a case in a sentence.
func (w *Web) caseWords(k *history.Case) string {
	s := k.Standing()
	out := "“" + w.codeName(s.Code) + "”"
	if where := w.placeOf(s.Content); where != "" {
		out += "（" + strings.ReplaceAll(where, "　", "，") + "）"
	}
	return out
}

// disputing: this is not where I went. It goes past the college to the office.
var disputing = saying{
	page: func(w *Web, r *httpd.Request, rec *destination.Record) (sayPage, error) {
		k, err := standingCase(r, rec)
		if err != nil {
			return sayPage{}, err
		}
		return sayPage{Page: part.Page{Title: "提出异议"}, Head: "这不是我的去向", Button: "提出异议",
			Lead:   []string{"学校登记的是" + w.caseWords(k) + "。", "异议直接到学校就业中心，不经过学院。核实前，这一条不计入统计。"},
			Fields: []part.Field{reasonField("哪里不对", "例如：没有签过这份协议；单位不认识", false)}}, nil
	},
	// What is published stays as it is; the words reach the office all the same (A26).
	verb: func(w *Web, r *httpd.Request, rec *destination.Record) (string, error) {
		kase, reason := r.PathValue("case"), r.PostFormValue("reason")
		err := w.Destinations.Dispute(r.Context(), r.Who, rec.Person.ID, kase, reason)
		if destination.Released(err) {
			return "/mine?told=released", w.Destinations.Tell(r.Context(), r.Who, rec.Person.ID, kase, reason)
		}
		return "/mine", err
	},
}

// answering: the graduate's word to a strike or to the office's answer.
var answering = saying{
	page: func(w *Web, r *httpd.Request, rec *destination.Record) (sayPage, error) {
		k, err := standingCase(r, rec)
		if err != nil {
			return sayPage{}, err
		}
		p := sayPage{Page: part.Page{Title: "说明情况"}, Head: "关于" + w.caseWords(k), Button: "发给学校",
			Fields: []part.Field{reasonField("你要说明的", "写事实就行；有新材料，写明是什么", false)}}
		for i := len(rec.Events) - 1; i >= 0 && len(p.Lead) < 2; i-- {
			e := &rec.Events[i]
			if e.Case == k.ID && (e.Mark == history.Struck || e.Mark == history.Upheld || e.Mark == history.Replied) {
				p.Lead = append(p.Lead, dayWords(e.KnownAt)+"　"+e.Reason)
			}
		}
		return p, nil
	},
	verb: func(w *Web, r *httpd.Request, rec *destination.Record) (string, error) {
		return "/mine", w.Destinations.Answer(r.Context(), r.Who, rec.Person.ID, r.PathValue("case"), r.PostFormValue("reason"))
	},
}

// withdrawing: take a change back, or turn down what staff filled in.
var withdrawing = saying{
	page: func(_ *Web, r *httpd.Request, rec *destination.Record) (sayPage, error) {
		c := rec.Fold.Change(r.PathValue("change"))
		switch {
		case c == nil:
			return sayPage{}, fault.NotFoundf("change", "没有找到这一份，请回到我的去向再看")
		case !c.UnderWay():
			return sayPage{}, fault.Conflictf("change", "这一份已经办完或撤回了，请回到我的去向再看")
		case c.Last == history.Proposed:
			return sayPage{Page: part.Page{Title: "退回代填"}, Head: "这不是我的去向", Button: "退回，不是我的",
				Lead:   []string{"退回后，老师代填的这一份就作废，不会进入审核。老师会看到你写的话。"},
				Fields: []part.Field{reasonField("哪里不对", "例如：没有签过；单位不对", true)}}, nil
		}
		return sayPage{Page: part.Page{Title: "撤回"}, Head: "把这一份拿回来", Button: "撤回", Danger: true, Below: "撤回后审核就停下，要办可以重新提交",
			Lead:   []string{"撤回后不再审核；已经计入统计的去向不变。填过的内容会留作草稿，改好可以再交。"},
			Fields: []part.Field{reasonField("为什么撤回", "", true)}}, nil
	},
	verb: func(w *Web, r *httpd.Request, rec *destination.Record) (string, error) {
		id := r.PathValue("change")
		c := rec.Fold.Change(id)
		if c == nil {
			return "", fault.NotFoundf("change", "没有找到这一份，请回到我的去向再看")
		}
		own := c.Submitter != ""
		if err := w.Destinations.Withdraw(r.Context(), r.Who, rec.Person.ID, id, r.PostFormValue("reason")); err != nil {
			return "", err
		}
		if own && c.Act == history.Open { // what was typed comes back as a draft
			content, papers := rec.Given(id)
			_, err := w.Destinations.SaveDraft(r.Context(), r.Who, destination.SavedDraft{Graduate: rec.Person.ID, Code: content.Code,
				Values: typedFrom(content), Evidence: papers})
			return "/mine", err
		}
		return "/mine", nil
	},
}

// telling: a word that goes past the college to the office.
var telling = saying{
	page: func(_ *Web, _ *httpd.Request, rec *destination.Record) (sayPage, error) {
		return sayPage{Page: part.Page{Title: "告诉学校"}, Before: toldMoments(rec.Told), Head: "有人要我填不是真的去向", Button: "告诉学校",
			Lead:   []string{"直接到学校就业中心，不经过学院和辅导员。谁都不能要你签假协议、填假去向，也不能拿毕业证、学位证作条件。"},
			Fields: []part.Field{{Name: "text", Label: "发生了什么", Help: "谁、什么时候、要你做什么", Rows: 5, Max: 1000}}}, nil
	},
	verb: func(w *Web, r *httpd.Request, rec *destination.Record) (string, error) {
		return "/mine?told=1", w.Destinations.Tell(r.Context(), r.Who, rec.Person.ID, "", r.PostFormValue("text"))
	},
}

// stopping: a case is over, or never was so; both are reviewed.
var stopping = saying{
	page: func(w *Web, r *httpd.Request, rec *destination.Record) (sayPage, error) {
		k, err := standingCase(r, rec)
		if err != nil {
			return sayPage{}, err
		}
		p := sayPage{Head: w.caseWords(k), Returned: returnedReason(rec, k.ID), Button: "提交申请", Below: "老师看过后生效"}
		switch history.Act(r.PathValue("act")) {
		case history.End:
			p.Title = "解约、离职"
			p.Lead = []string{"从你写的那天起，这一条就结束。之后有了新去向，或者还没定，都可以再登记。"}
			p.Fields = []part.Field{{Name: "true_on", Label: "从哪天起不在了", Kind: "date", Value: string(calendar.DayOf(w.Now()))},
				reasonField("原因", "例如：和单位协商解约；入职前放弃；退学", false)}
		case history.Void:
			p.Title, p.Below, p.Danger = "作废登记", "通过后这一条从头就不算，不能恢复", true
			p.Lead = []string{"从来没有过这回事，才申请作废。去过又离开的，请选“解约、离职”。"}
			p.Fields = []part.Field{reasonField("为什么从来没有过", "例如：同名弄错了；没有签过", false)}
		default:
			return sayPage{}, fault.NotFoundf("act", "没有这个页面，请回到我的去向再看")
		}
		return p, nil
	},
	verb: func(w *Web, r *httpd.Request, rec *destination.Record) (string, error) {
		k, err := standingCase(r, rec)
		if err != nil {
			return "", err
		}
		d := destination.Draft{Graduate: rec.Person.ID, Act: history.Act(r.PathValue("act")), Case: k.ID, Reason: r.PostFormValue("reason"),
			TrueOn: calendar.Day(dayOf(r.PostFormValue("true_on")))}
		if d.Act != history.End && d.Act != history.Void {
			return "", fault.NotFoundf("act", "没有这个页面，请回到我的去向再看")
		}
		if u := rec.Fold.UnderWay(); u != nil && u.Case == k.ID && u.Act == d.Act {
			d.Change = u.ID
		}
		change, err := w.Destinations.Submit(r.Context(), r.Who, d)
		return "/mine/receipt/" + change, err
	},
}

// returnedReason is why the change of the case was returned; blank if it was not.
func returnedReason(rec *destination.Record, kase string) string {
	if u := rec.Fold.UnderWay(); u != nil && u.Case == kase && u.Last == history.Returned {
		return lastStep(rec.Events, u.ID).Reason
	}
	return ""
}

// changePage asks what happened to what is registered.
type changePage struct {
	part.Page
	Title string
	Where string
	Rows  []mineRow
}

// changeForm answers GET /mine/change.
func (w *Web) changeForm(rw http.ResponseWriter, r *httpd.Request) error {
	rec, _, err := w.myRecord(r)
	if err != nil {
		return err
	}
	k := presentCase(rec.Fold, calendar.DayOf(w.Now()))
	if k == nil || rec.Fold.UnderWay() != nil {
		return httpd.SeeOther(rw, r, "/mine")
	}
	id, s := k.ID, k.Standing()
	p := changePage{Page: w.phone(rw, r, "登记变更", "/mine"), Title: w.codeName(s.Code)}
	if where := w.placeOf(s.Content); where != "" {
		p.Where = "，" + strings.ReplaceAll(where, "　", "，")
	}
	p.Rows = []mineRow{
		{"有了新的去向", "换单位、去读书、现在还没定：登记新的一条，原来的到新的那天为止", "/mine/register"},
		{"解约、离职、退学", "只是结束，新的以后再登记", "/mine/leave/end/" + id},
		{"当时就登记错了", "单位、岗位、日期写错：改成对的", "/mine/register/form?about=" + id},
		{"从来没有这回事", "申请作废", "/mine/leave/void/" + id},
	}
	return show(rw, r, nil, changeView(p))
}
