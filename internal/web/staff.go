package web

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/fault"
	"quxiang/internal/httpd"
	"quxiang/internal/web/part"
)

// accountsPage is the page of GET /accounts.
type accountsPage struct {
	part.Page
	Sought string
	Role   string
	Roles  []part.Option
	Rows   []accountRow
	All    int
	Idle   int    // how many were not used for long
	Only   string // idle: those alone
	Keeps  bool   // may add accounts
	Backup string // what is wrong with the last backup; blank: nothing, or not theirs to know
	Alone  string // who holds the security administrator's rights as well, in words; blank: there is one
}

// accountRow is an account of staff.
type accountRow struct {
	ID, Login, Name string
	State           part.State
	Seen            string // day of the last login; blank: never
	Idle            bool
	Grants          []grantRow
}

// grantRows are grants as people read them; names are those of units.
func (w *Web) grantRows(r *httpd.Request, grants []access.Grant, names map[string]string) ([]grantRow, error) {
	var ids []string
	for _, g := range grants {
		ids = append(ids, g.For)
	}
	people, err := w.Accounts.People(r.Context(), ids)
	return grantRowsOf(grants, names, people, calendar.DayOf(w.Now())), err
}

func grantRowsOf(grants []access.Grant, names map[string]string, people map[string]access.Account, today calendar.Day) []grantRow {
	var out []grantRow
	for _, g := range grants {
		out = append(out, grantRow{Role: g.Role.Title(), Over: scopeWords(g.Over, names), Term: g.Term(), For: people[g.For].Name, Ended: !g.InForce(today)})
	}
	return out
}

// accountState says whether somebody can come in.
func accountState(a *access.Account) part.State {
	switch {
	case a.Disabled:
		return part.State{Kind: "void", Word: "已停用"}
	case a.Password == "":
		return part.State{Kind: "wait", Word: "没设密码"}
	}
	return part.State{Kind: "pass", Word: "使用中"}
}

// accounts answers GET /accounts.
func (w *Web) accounts(rw http.ResponseWriter, r *httpd.Request) error {
	all, err := w.Accounts.Staff(r.Context(), r.Who)
	if err != nil {
		return err
	}
	names, err := w.unitNames(r.Context())
	if err != nil {
		return err
	}
	people := map[string]access.Account{}
	for _, a := range all {
		people[a.ID] = a
	}
	q := r.URL.Query()
	p := accountsPage{Page: w.desk(rw, r, "账号"), Sought: strings.TrimSpace(q.Get("q")), Role: q.Get("role"), Only: q.Get("only"),
		Roles: roleOptions(q.Get("role")), All: len(all), Keeps: r.Who.May(access.ManageAccounts) == nil}
	if p.Alone, err = w.alone(r.Context()); err != nil {
		return err
	}
	if p.Backup, err = w.backupWarning(r); err != nil {
		return err
	}
	for i := range all {
		a := &all[i]
		idle := a.Idle(w.Now())
		if idle {
			p.Idle++
		}
		if p.Only == "idle" && !idle || p.Sought != "" && !strings.Contains(a.Login+" "+a.Name, p.Sought) || p.Role != "" && !hasRole(a, p.Role) {
			continue
		}
		p.Rows = append(p.Rows, accountRow{ID: a.ID, Login: a.Login, Name: a.Name, State: accountState(a), Idle: idle, Seen: seenOn(a),
			Grants: grantRowsOf(a.Grants, names, people, calendar.DayOf(w.Now()))})
	}
	return show(rw, r, nil, accountsView(p))
}

// alone says that the system administrator gives the roles as well; blank in a
// school with a security administrator.
func (w *Web) alone(ctx context.Context) (string, error) {
	separated, err := w.Accounts.Separated(ctx)
	if separated || err != nil {
		return "", err
	}
	return "还没有能登录的安全管理员：角色和安全设置暂由系统管理员代管。人手够时请另设一位安全管理员，设好密码后即行分开。", nil
}

// seenOn is the day on which the account was last used; blank if never.
func seenOn(a *access.Account) string {
	if a.Seen == 0 {
		return ""
	}
	return string(calendar.DayOf(a.Seen))
}

func hasRole(a *access.Account, role string) bool {
	for _, g := range a.Grants {
		if string(g.Role) == role {
			return true
		}
	}
	return false
}

func roleOptions(chosen string) []part.Option {
	var out []part.Option
	for _, role := range access.Roles() {
		out = append(out, part.Option{Value: role, Title: access.Role(role).Title(), Selected: role == chosen})
	}
	return out
}

// grantFields are the fields of one role in a form, as they were typed.
type grantFields struct {
	N                        string // its number in the form
	Role, Over, Begins, Ends string
	Roles                    []part.Option
	Wrong                    []part.Wrong
}

// accountPage is the page of GET /accounts/new and /accounts/{id}, and of what
// their forms answer.
type accountPage struct {
	part.Page
	New         bool
	Own         bool // nobody changes their own roles
	ID          string
	Login, Name string
	State       part.State
	Disabled    bool
	Keeps       bool   // may disable it and make links
	Resets      bool   // may reset its second factor
	Gives       bool   // may change its roles
	Seen        string // day of the last login; blank: never
	Idle        bool
	Held        []grantRow // its roles, for who may not change them
	Lent        []grantRow // places taken of others
	Fields      []grantFields
	Saved       bool
	Wrong       []part.Wrong
}

// maxGrants is how many roles a form offers.
const maxGrants = 6

// readGrants reads the roles of a form. A row without a role is left out.
// Error: fault.Invalid on the field.
func readGrants(r *httpd.Request, units nameable) (fields []grantFields, grants []access.Grant, wrong []part.Wrong) {
	for i := range maxGrants {
		n := strconv.Itoa(i)
		if !r.PostForm.Has("role-" + n) {
			break
		}
		f := grantFields{N: n, Role: r.PostFormValue("role-" + n), Over: r.PostFormValue("over-" + n),
			Begins: r.PostFormValue("begins-" + n), Ends: r.PostFormValue("ends-" + n)}
		f.Roles = roleOptions(f.Role)
		if f.Role != "" {
			g := access.Grant{Role: access.Role(f.Role)}
			var err error
			if g.Over, err = readScope(f.Over, "over-"+n, units); err != nil {
				f.Wrong = append(f.Wrong, refusals(err)...)
			} else if g.Over.Empty() {
				f.Wrong = append(f.Wrong, part.Wrong{Field: "over-" + n, Text: "请写明" + g.Role.Title() + "管哪些人：全校，或学院、班级的名称、毕业生的学号"})
			}
			for name, at := range map[string]struct {
				text string
				day  *calendar.Day
			}{"begins-" + n: {f.Begins, &g.Begins}, "ends-" + n: {f.Ends, &g.Ends}} {
				if at.text == "" {
					continue
				}
				if *at.day, err = calendar.ParseDay(at.text); err != nil {
					f.Wrong = append(f.Wrong, part.Wrong{Field: name, Text: err.Error()})
				}
			}
			grants = append(grants, g)
		}
		wrong = append(wrong, f.Wrong...)
		fields = append(fields, f)
	}
	return fields, grants, wrong
}

// typed returns what the scopes of a form of roles may name.
func (w *Web) typed(r *httpd.Request) (nameable, error) {
	var words []string
	for i := range maxGrants {
		words = append(words, scopePieces(r.PostFormValue("over-"+strconv.Itoa(i)))...)
	}
	return w.nameable(r.Context(), nil, words)
}

// newAccount answers GET /accounts/new.
func (w *Web) newAccount(rw http.ResponseWriter, r *httpd.Request) error {
	p := w.blankAccount(rw, r)
	return show(rw, r, nil, accountView(p))
}

func (w *Web) blankAccount(rw http.ResponseWriter, r *httpd.Request) accountPage {
	return accountPage{Page: w.accountFrame(rw, r, "新增账号"), New: true, Keeps: true, Gives: r.Who.May(access.GrantRoles) == nil,
		Fields: []grantFields{{N: "0", Roles: roleOptions("")}}}
}

func (w *Web) accountFrame(rw http.ResponseWriter, r *httpd.Request, title string) part.Page {
	return w.desk(rw, r, title, part.Link{Title: "账号", Href: "/accounts"})
}

// addAccount answers POST /accounts.
func (w *Web) addAccount(rw http.ResponseWriter, r *httpd.Request) error {
	units, err := w.typed(r)
	if err != nil {
		return err
	}
	p := w.blankAccount(rw, r)
	p.Login, p.Name = r.PostFormValue("login"), r.PostFormValue("name")
	var grants []access.Grant
	p.Fields, grants, p.Wrong = readGrants(r, units)
	if len(p.Wrong) > 0 {
		return show(rw, r, fault.Invalidf("role", "%s", p.Wrong[0].Text), accountView(p))
	}
	a, token, err := w.Accounts.Add(r.Context(), r.Who, access.Account{Login: p.Login, Name: p.Name, Grants: grants})
	if err == nil {
		return w.handLink(rw, r, a.ID, a.Login, token)
	}
	if p.Wrong = formWrongs(err); p.Wrong == nil {
		return err
	}
	return show(rw, r, err, accountView(p))
}

// formWrongs are refusals that belong on a form of roles: a role is the first row's.
func formWrongs(err error) []part.Wrong {
	if k := fault.KindOf(err); k != fault.Invalid && k != fault.Conflict {
		return nil
	}
	list := refusals(err)
	for i := range list {
		switch list[i].Field {
		case "role", "ends":
			list[i].Field += "-0"
		case "scope":
			list[i].Field = "over-0"
		}
	}
	return list
}

// account answers GET /accounts/{id}.
func (w *Web) account(rw http.ResponseWriter, r *httpd.Request) error {
	p, err := w.accountPage(rw, r)
	if err != nil {
		return err
	}
	p.Saved = r.URL.Query().Get("saved") == "1"
	return show(rw, r, nil, accountView(p))
}

func (w *Web) accountPage(rw http.ResponseWriter, r *httpd.Request) (accountPage, error) {
	a, err := w.staffAccount(r.Context(), r, r.PathValue("id"))
	if err != nil {
		return accountPage{}, err
	}
	units, err := w.nameable(r.Context(), graduatesOf(a.Grants), nil)
	if err != nil {
		return accountPage{}, err
	}
	names := map[string]string{}
	for _, u := range units.units {
		names[u.ID] = u.Name
	}
	p := accountPage{Page: w.accountFrame(rw, r, a.Name), ID: a.ID, Login: a.Login, Name: a.Name, State: accountState(&a), Disabled: a.Disabled,
		Own: a.ID == r.Account.ID, Resets: r.Who.May(access.ResetFactor) == nil, Keeps: r.Who.May(access.ManageAccounts) == nil, Gives: r.Who.May(access.GrantRoles) == nil,
		Seen: seenOn(&a), Idle: a.Idle(w.Now())}
	var held, lent []access.Grant
	for _, g := range a.Grants {
		if g.For != "" {
			lent = append(lent, g)
			continue
		}
		held = append(held, g)
		p.Fields = append(p.Fields, grantFields{N: strconv.Itoa(len(p.Fields)), Role: string(g.Role), Over: scopeText(g.Over, units),
			Begins: string(g.Begins), Ends: string(g.Ends), Roles: roleOptions(string(g.Role))})
	}
	if len(p.Fields) < maxGrants {
		p.Fields = append(p.Fields, grantFields{N: strconv.Itoa(len(p.Fields)), Roles: roleOptions("")})
	}
	if p.Held, err = w.grantRows(r, held, names); err != nil {
		return p, err
	}
	p.Lent, err = w.grantRows(r, lent, names)
	return p, err
}

// staffAccount finds an account of staff. Error: fault.NotFound.
func (w *Web) staffAccount(ctx context.Context, r *httpd.Request, id string) (access.Account, error) {
	all, err := w.Accounts.Staff(ctx, r.Who)
	if err != nil {
		return access.Account{}, err
	}
	for _, a := range all {
		if a.ID == id {
			return a, nil
		}
	}
	return access.Account{}, fault.NotFoundf("", "没有这个教职工账号，请从“账号”重新进入")
}

// setGrants answers POST /accounts/{id}/grants.
func (w *Web) setGrants(rw http.ResponseWriter, r *httpd.Request) error {
	p, err := w.accountPage(rw, r)
	if err != nil {
		return err
	}
	units, err := w.typed(r)
	if err != nil {
		return err
	}
	var grants []access.Grant
	p.Fields, grants, p.Wrong = readGrants(r, units)
	if len(p.Wrong) > 0 {
		return show(rw, r, fault.Invalidf("role", "%s", p.Wrong[0].Text), accountView(p))
	}
	err = w.Accounts.Grants(r.Context(), r.Who, p.ID, grants)
	if err == nil {
		return httpd.SeeOther(rw, r, "/accounts/"+p.ID+"?saved=1")
	}
	if p.Wrong = formWrongs(err); p.Wrong == nil {
		return err
	}
	return show(rw, r, err, accountView(p))
}

// ableAccount answers POST /accounts/{id}/disable and /enable.
func (w *Web) ableAccount(do func(context.Context, access.Actor, string) error) httpd.Handler {
	return func(rw http.ResponseWriter, r *httpd.Request) error {
		id := r.PathValue("id")
		if err := do(r.Context(), r.Who, id); err != nil {
			return err
		}
		return httpd.SeeOther(rw, r, "/accounts/"+id+"?saved=1")
	}
}
