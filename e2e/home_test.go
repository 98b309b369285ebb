package e2e

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"quxiang/internal/app"
	"quxiang/internal/domain/access"
	"quxiang/internal/domain/roster"
	"quxiang/internal/domain/transfer"
)

// school is a served one, with long names, and links for its people.
type school struct {
	address  string
	office   string // link that lets in
	graduate string // link that lets in
	password string // link that sets the password of login li
}

// serve makes a school of the invented 滨海医科大学 and serves it as users get it.
func serve(t *testing.T) school {
	t.Helper()
	ctx, conf := t.Context(), app.Config{Data: t.TempDir() + "/data"}
	if _, err := app.Init(ctx, conf, app.NewSchool{Name: "滨海医科大学", Code: "99001", Admin: "root"}); err != nil {
		t.Fatal(err)
	}
	a, err := app.Open(ctx, conf, app.Serving)
	if err != nil {
		t.Fatal(err)
	}
	fill(t, a)
	if err := a.Store.SaveSetting(ctx, "demo", "e2e"); err != nil {
		t.Fatal(err)
	}
	return people(t, a, start(t, a))
}

// start serves the school until the test ends and returns its address.
func start(t *testing.T, a *app.App) string {
	t.Helper()
	ready, ended := make(chan string, 1), make(chan error, 1)
	serving, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	go func() {
		ended <- a.Serve(serving, app.Serve{Listen: "127.0.0.1:0", Ready: func(address string) { ready <- address }})
	}()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	select {
	case err := <-ended:
		t.Fatal(err)
	case address := <-ready:
		return address
	}
	return ""
}

func fill(t *testing.T, a *app.App) {
	t.Helper()
	text, went := "学号,姓名,学院,专业,班级,学历\n", "学号,毕业去向类别代码,签约日期\n"
	levels, codes := []string{"本科", "硕士", "博士"}, []string{"10", "801", "12", "71", "", "11", "85"}
	for i := range 120 {
		name := fmt.Sprintf("林测%d", i)
		if i == 3 {
			name = "阿依努尔·买买提江·吐尔逊江"
		}
		text += fmt.Sprintf("24%05d,%s,基础医学与生物医学工程联合学院,临床医学（儿科学方向）,临床医学（五年制）2019 级 12 班,%s\n", i, name, levels[i%3])
		if c := codes[i%7]; c != "" {
			went += fmt.Sprintf("24%05d,%s,2024-06-20\n", i, c)
		}
	}
	who := access.Console("e2e")
	report, err := a.Roster.Import(t.Context(), who, app.TableFile("生源.csv", []byte(text)), roster.ImportOptions{Cohort: "2024"})
	if err != nil || len(report.Refusals) > 0 {
		t.Fatal(err, report.Refusals)
	}
	report, err = a.Importer.Destinations(t.Context(), who, app.TableFile("去向.csv", []byte(went)), transfer.Options{Source: "legacy"})
	if err != nil || len(report.Refusals) > 0 {
		t.Fatal(err, report.Refusals)
	}
}

// people makes the accounts and their links.
func people(t *testing.T, a *app.App, address string) school {
	t.Helper()
	ctx, who := t.Context(), access.Console("e2e")
	found, err := a.Store.GraduatesByNumber(ctx, access.School(), []string{"2400003"}, nil)
	if err != nil || len(found) != 1 {
		t.Fatal(err, len(found))
	}
	s := school{address: address}
	for _, n := range []struct {
		new  access.Account
		link *string
	}{
		{access.Account{Login: "zhou", Name: "周澜", Grants: []access.Grant{{Role: access.Office, Over: access.School()}}}, &s.office},
		{access.Account{Login: "grad", Name: found[0].Name, Graduate: found[0].ID, Grants: []access.Grant{{Role: access.Graduate, Over: access.Self(found[0].ID)}}}, &s.graduate},
		{access.Account{Login: "li", Name: "李霁", Grants: []access.Grant{{Role: access.Office, Over: access.School()}}}, nil},
	} {
		made, token, err := a.Accounts.Add(ctx, who, n.new)
		if err != nil {
			t.Fatal(err)
		}
		if n.link == nil {
			s.password = address + "/password/" + token
			continue
		}
		if token, err = a.Accounts.DemoLink(ctx, who, made.ID); err != nil {
			t.Fatal(err)
		}
		*n.link = address + "/enter/" + token
	}
	return s
}

// TestPagesFitAndAreAccessible walks every page at every width.
func TestPagesFitAndAreAccessible(t *testing.T) {
	ctx, s := browser(t), serve(t)
	for _, p := range []struct{ who, page, says string }{
		{"", "/", "毕业去向落实率"},
		{"", "/?definition=school-2024&as_of=2024-08-31", "其他录用形式就业"},
		{"", "/login", "登录"},
		{"", "/nowhere", "没有这个页面"},
		{"", "/?cohort=1999", "没有“1999”这一届"},
		{s.office, "/", "待就业由哪些人组成"},
		{s.office, "/people?cohort=2024", "共 120 人"},
		{s.office, "/people?cohort=2024&cell=none", "没有“none”这一列"},
		{s.graduate, "/", "提出异议"},
		{s.graduate, "/mine/source", "阿依努尔·买买提江·吐尔逊江"},
	} {
		if p.who != "" {
			visit(t, ctx, p.who, widths["desk"], true)
		}
		for width, size := range widths {
			t.Run(width+p.page, func(t *testing.T) {
				visit(t, ctx, s.address+p.page, size, true)
				if got := text(t, ctx); !strings.Contains(got, p.says) {
					t.Errorf("no %q: %s", p.says, got)
				}
				fits(t, ctx)
				accessible(t, ctx)
				if foreign := eval[string](t, ctx, `performance.getEntriesByType("resource").map(e => e.name).filter(n => !n.startsWith(location.origin)).join(" ")`); foreign != "" {
					t.Errorf("fetched from elsewhere: %s", foreign)
				}
			})
		}
	}
}

// TestWithoutScripts: a password by link, a login, a number, its people, and out
// again, on a phone that runs no script.
func TestWithoutScripts(t *testing.T) {
	ctx, s := browser(t), serve(t)
	const password = "Teapot.harbour.82"
	phone := widths["phone"]
	visit(t, ctx, s.password, phone, false)
	fillIn(t, ctx, "#password", "short")
	fillIn(t, ctx, "#again", "short")
	press(t, ctx, "main button", "太短")
	fits(t, ctx)
	examine(t, ctx)
	fillIn(t, ctx, "#password", password)
	fillIn(t, ctx, "#again", password)
	press(t, ctx, "main button", "密码已经设好")
	fillIn(t, ctx, "#login", "li")
	fillIn(t, ctx, "#password", "Wrong.harbour.82")
	press(t, ctx, "main button", "账号或密码不对")
	examine(t, ctx)
	fillIn(t, ctx, "#password", password)
	press(t, ctx, "main button", "李霁")
	n := eval[string](t, ctx, `document.querySelector(".headline .num").innerText`)
	press(t, ctx, ".headline .num", "的名单")
	if got := text(t, ctx); !strings.Contains(got, "共 "+n+" 人") {
		t.Errorf("the headline counts %s: %s", n, got)
	}
	press(t, ctx, "header form button", "去向构成")
	visit(t, ctx, s.address+"/people?cohort=2024", phone, false)
	if at := eval[string](t, ctx, `location.pathname`); at != "/login" {
		t.Errorf("signed out and still at %s", at)
	}
}

// examine asks axe about a page that was reached without scripts.
func examine(t *testing.T, ctx context.Context) {
	t.Helper()
	allowScripts(t, ctx, true)
	accessible(t, ctx)
	allowScripts(t, ctx, false)
}

func fillIn(t *testing.T, ctx context.Context, field, value string) {
	t.Helper()
	do(t, ctx, chromedp.SendKeys(chromedp.CSS(field), value))
}

// press clicks and waits for the page that says so.
func press(t *testing.T, ctx context.Context, what, says string) {
	t.Helper()
	do(t, ctx, chromedp.Click(chromedp.CSS(what)))
	var got string
	for range 50 {
		page, err := chromedp.Run(ctx, chromedp.Evaluate[string](`document.title + " " + document.body.innerText`))
		if got = page; err == nil && strings.Contains(got, says) {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Fatalf("pressed %s, and no %q: %s", what, says, got)
}
