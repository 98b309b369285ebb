package web

import (
	"net/http"
	"strconv"

	"quxiang/internal/domain/access"
	"quxiang/internal/httpd"
	"quxiang/internal/web/part"
)

// securityPage is the page of GET and POST /security.
type securityPage struct {
	part.Page
	Second        string
	Profile       string
	Days, Earlier string // of the profile mlps
	Saved         bool
	Wrong         []part.Wrong
}

// security answers GET /security.
func (w *Web) security(rw http.ResponseWriter, r *httpd.Request) error {
	v := w.Accounts.Policy()
	return show(rw, r, nil, securityView(securityPage{Page: w.desk(rw, r, "安全设置"), Second: secondValue(v.Second), Profile: string(v.Profile),
		Days: strconv.Itoa(v.Days), Earlier: strconv.Itoa(v.Earlier), Saved: r.URL.Query().Get("saved") == "1"}))
}

// secondValue is the setting as the form says it: a radio has no blank.
func secondValue(s access.Second) string {
	if s == access.Voluntary {
		return "voluntary"
	}
	return string(s)
}

// secure answers POST /security. What a form leaves out stays as it is.
func (w *Web) secure(rw http.ResponseWriter, r *httpd.Request) error {
	v := w.Accounts.Policy()
	p := securityPage{Second: typed(r, "second"), Profile: string(v.Profile), Days: strconv.Itoa(v.Days), Earlier: strconv.Itoa(v.Earlier)}
	for name, at := range map[string]*string{"profile": &p.Profile, "days": &p.Days, "earlier": &p.Earlier} {
		if r.PostForm.Has(name) {
			*at = typed(r, name)
		}
	}
	number := func(s string) int {
		n, err := strconv.Atoi(s)
		if err != nil || n == 0 {
			return -1 // what no rule takes; 0 would be the default
		}
		return n
	}
	v = access.Policy{Second: access.Second(p.Second), Profile: access.Profile(p.Profile), Days: number(p.Days), Earlier: number(p.Earlier)}
	if p.Second == "voluntary" {
		v.Second = access.Voluntary
	} else if p.Second == "" {
		v.Second = "nothing chosen"
	}
	if p.Profile == "" {
		v.Profile = "nothing chosen"
	}
	err := w.Accounts.Secure(r.Context(), r.Who, v)
	if err == nil {
		return httpd.SeeOther(rw, r, "/security?saved=1")
	}
	if !shownOnForm(err) {
		return err
	}
	p.Page, p.Wrong = w.desk(rw, r, "安全设置"), refusalLines(err)
	return show(rw, r, err, securityView(p))
}

// secondChoices are who must have a second factor.
var secondChoices = []part.Option{
	{Value: "voluntary", Title: "自愿", Help: "各人在“我的账号”里启用"},
	{Value: string(access.Risky), Title: "管理员、审计员与能看证件、能导出的角色"},
	{Value: string(access.AllStaff), Title: "全体教职工"},
}

// profileChoices are the rules for passwords.
var profileChoices = []part.Option{
	{Value: string(access.ASVS), Title: "长而难猜：什么字符都行，不定期换",
		Help: "OWASP ASVS 5.0 的做法：10 到 128 个字符，拒绝常见密码、账号、姓名、校名、生日、证件号和手机号"},
	{Value: string(access.MLPS), Title: "等保：至少三种字符，定期换",
		Help: "GB/T 22239 身份鉴别 a)：除上面的要求外，还要三种字符，教职工到期要换，用过的不能再用"},
}
