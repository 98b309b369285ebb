package web

import (
	"fmt"
	"net/http"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/fault"
	"quxiang/internal/httpd"
	"quxiang/internal/web/part"
)

// deputyPage is the page of GET and POST /deputy.
type deputyPage struct {
	part.Page
	Held      []deputyRow
	Absent    []part.Option // whose place can be given; one: only the own
	Roles     []part.Option // of the own
	Of, To    string
	Role      string
	Begins    string
	Ends      string
	Latest    string // last day that is possible from today
	Reason    string
	Said      string
	Wrong     []part.Wrong
	Today     string
	CanDepute bool
}

// deputyRow is a place that is taken.
type deputyRow struct {
	Of, To, ToLogin string
	Role, Over      string
	Term            string
	State           part.State
	OfID, ToID      string
	RoleID          string
}

// deputy answers GET /deputy.
func (w *Web) deputy(rw http.ResponseWriter, r *httpd.Request) error {
	p, err := w.deputyPage(rw, r)
	if err != nil {
		return err
	}
	switch r.URL.Query().Get("done") {
	case "begun":
		p.Said = "代理已经安排好，到期自动收回"
	case "ended":
		p.Said = "代理已经提前结束，下一次操作起生效"
	}
	return show(rw, r, nil, deputyView(p))
}

func (w *Web) deputyPage(rw http.ResponseWriter, r *httpd.Request) (deputyPage, error) {
	today := calendar.DayOf(w.Now())
	p := deputyPage{Page: w.desk(rw, r, "请人代办"), Today: string(today), Begins: string(today),
		Latest: string(today.AddDays(access.MaxDeputyDays - 1))}
	names, err := w.unitNames(r.Context())
	if err != nil {
		return p, err
	}
	held, err := w.Accounts.Deputyships(r.Context(), r.Who)
	if err != nil {
		return p, err
	}
	for _, d := range held {
		row := deputyRow{Of: d.Of.Name, To: d.To.Name, ToLogin: d.To.Login, Role: d.Grant.Role.Title(), Over: scopeWords(d.Grant.Over, names),
			Term: d.Grant.Term(), State: part.State{Kind: "half", Word: "代理中"}, OfID: d.Of.ID, ToID: d.To.ID, RoleID: string(d.Grant.Role)}
		if d.Grant.Begins > today {
			row.State = part.State{Kind: "wait", Word: "还没开始"}
		}
		p.Held = append(p.Held, row)
	}
	away, err := w.Accounts.Absentees(r.Context(), r.Who)
	if err != nil {
		return p, err
	}
	p.Absent = []part.Option{{Value: r.Account.ID, Title: "我自己"}}
	for _, a := range away {
		p.Absent = append(p.Absent, part.Option{Value: a.ID, Title: fmt.Sprintf("%s（%s）", a.Name, a.Login)})
	}
	for _, g := range r.Who.Grants {
		if g.For == "" {
			p.Roles = append(p.Roles, part.Option{Value: string(g.Role), Title: g.Role.Title() + "，" + scopeWords(g.Over, names)})
		}
	}
	return p, nil
}

// depute answers POST /deputy.
func (w *Web) depute(rw http.ResponseWriter, r *httpd.Request) error {
	d := access.Deputing{Of: r.PostFormValue("of"), To: r.PostFormValue("to"), Role: access.Role(r.PostFormValue("role")), Reason: r.PostFormValue("reason")}
	var wrong []part.Wrong
	for name, day := range map[string]*calendar.Day{"begins": &d.Begins, "ends": &d.Ends} {
		if text := r.PostFormValue(name); text != "" {
			var err error
			if *day, err = calendar.ParseDay(text); err != nil {
				wrong = append(wrong, part.Wrong{Field: name, Text: err.Error()})
			}
		}
	}
	var err error
	if len(wrong) > 0 {
		err = fault.Invalidf(wrong[0].Field, "%s", wrong[0].Text)
	} else if _, err = w.Accounts.Deputise(r.Context(), r.Who, d); err == nil {
		return httpd.SeeOther(rw, r, "/deputy?done=begun")
	} else if wrong = refusals(err); wrong == nil {
		return err
	}
	p, failed := w.deputyPage(rw, r)
	if failed != nil {
		return failed
	}
	p.Of, p.To, p.Role, p.Reason, p.Wrong = d.Of, d.To, string(d.Role), d.Reason, wrong
	p.Begins, p.Ends = r.PostFormValue("begins"), r.PostFormValue("ends")
	return show(rw, r, err, deputyView(p))
}

// endDeputy answers POST /deputy/end.
func (w *Web) endDeputy(rw http.ResponseWriter, r *httpd.Request) error {
	err := w.Accounts.EndDeputy(r.Context(), r.Who, r.PostFormValue("of"), r.PostFormValue("to"), access.Role(r.PostFormValue("role")))
	if err != nil {
		return err
	}
	return httpd.SeeOther(rw, r, "/deputy?done=ended")
}
