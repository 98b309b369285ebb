package e2e

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"quxiang/internal/app"
	"quxiang/internal/domain/access"
	"quxiang/internal/domain/audit"
	"quxiang/internal/domain/employer"
	"quxiang/internal/domain/history"
	"quxiang/internal/domain/roster"
)

// hospital is an invented employer of the campus's master records, its credit code
// one that no authority can issue; doubtful is one with a wrong sign.
const (
	hospital       = "滨海市甲医院"
	hospitalCredit = "X1120103000000174P"
	doubtful       = "B1990101MA00000010"
)

// campus is a school under way, with a college of three classes, for the walks.
type campus struct {
	t       *testing.T
	app     *app.App
	address string
	data    string // folder
	cohort  string // the running one: its dates are of this year
	today   string // as the forms take it
}

// openCampus serves a school of 24 graduates of whom nobody is registered. Links let
// in, and figures are shown to everybody, as in a demo.
func openCampus(t *testing.T) *campus {
	t.Helper()
	return opened(t, "e2e")
}

// opened serves it as a demo or, with no word of one, as a real school.
func opened(t *testing.T, demo string) *campus {
	t.Helper()
	conf := app.Config{Data: t.TempDir() + "/data"}
	if _, err := app.Init(t.Context(), conf, app.NewSchool{Name: "滨海医科大学", Code: "99001", Admin: "root"}); err != nil {
		t.Fatal(err)
	}
	a, err := app.Open(t.Context(), conf, app.Serving)
	if err != nil {
		t.Fatal(err)
	}
	c := &campus{t: t, app: a, data: conf.Data, cohort: a.Now().Time().Format("2006"), today: a.Now().Time().Format(time.DateOnly)}
	if err := a.Store.SaveSetting(t.Context(), "demo", demo); err != nil {
		t.Fatal(err)
	}
	people := "学号,姓名,学院,专业,班级,学历,手机号,生源地\n"
	for i := range 24 {
		major, class := "临床医学", []string{"临床一班", "临床二班"}[i%2]
		if i > 20 { // so few that the public is not told of them
			major, class = "护理学", "护理一班"
		}
		people += fmt.Sprintf("%s,林测%d,临床医学院,%s,%s,%s,100000000%02d,120103\n", number(i), i, major, class, []string{"本科", "硕士"}[i%2], i)
	}
	report, err := a.Roster.Import(t.Context(), access.Console("e2e"), app.TableFile("生源.csv", []byte(people)), roster.ImportOptions{Cohort: c.cohort})
	if err != nil || report.Refused > 0 {
		t.Fatal(err, report.Refusals)
	}
	report, err = a.Employers.Import(t.Context(), access.Console("e2e"), app.TableFile("单位.csv", []byte(
		"统一社会信用代码,单位名称,单位性质,单位行业,单位所在地\n"+hospitalCredit+","+hospital+",23,43,120103\n")), employer.ImportOptions{})
	if err != nil || report.Refused > 0 {
		t.Fatal(err, report.Refusals)
	}
	c.address = start(t, a)
	return c
}

// number is the student number of the i-th graduate.
func number(i int) string { return fmt.Sprintf("24%04d", i) }

// graduate returns the id of the i-th graduate.
func (c *campus) graduate(i int) string {
	c.t.Helper()
	found, err := c.app.Store.GraduatesByNumber(c.t.Context(), access.School(), []string{number(i)}, nil)
	if err != nil || len(found) != 1 {
		c.t.Fatal(err, len(found))
	}
	return found[0].ID
}

// unit returns the id of a unit by its name.
func (c *campus) unit(name string) string {
	c.t.Helper()
	units, err := c.app.Store.Units(c.t.Context())
	if err != nil {
		c.t.Fatal(err)
	}
	for _, u := range units {
		if u.Name == name {
			return u.ID
		}
	}
	c.t.Fatalf("no unit %s", name)
	return ""
}

// staff makes an account and returns the link that lets it in.
func (c *campus) staff(login, name string, grants ...access.Grant) string {
	c.t.Helper()
	return c.enters(access.Account{Login: login, Name: name, Grants: grants})
}

// withPassword makes an account of the staff that has one.
func (c *campus) withPassword(login, name string, grants ...access.Grant) {
	c.t.Helper()
	_, token, err := c.app.Accounts.Add(c.t.Context(), access.Console("e2e"), access.Account{Login: login, Name: name, Grants: grants})
	if err != nil {
		c.t.Fatal(err)
	}
	if err := c.app.Accounts.SetPassword(c.t.Context(), token, password); err != nil {
		c.t.Fatal(err)
	}
}

// student makes the account of the i-th graduate and returns the link that lets them in.
func (c *campus) student(i int) string {
	c.t.Helper()
	id := c.graduate(i)
	return c.enters(access.Account{Login: number(i), Name: fmt.Sprint("林测", i), Graduate: id, Grants: []access.Grant{{Role: access.Graduate, Over: access.Self(id)}}})
}

func (c *campus) enters(a access.Account) string {
	c.t.Helper()
	made, _, err := c.app.Accounts.Add(c.t.Context(), access.Console("e2e"), a)
	if err != nil {
		c.t.Fatal(err)
	}
	token, err := c.app.Accounts.DemoLink(c.t.Context(), access.Console("e2e"), made.ID)
	if err != nil {
		c.t.Fatal(err)
	}
	return "/enter/" + token
}

// events are those of the i-th graduate.
func (c *campus) events(i int) []history.Event {
	c.t.Helper()
	id := c.graduate(i)
	all, err := c.app.Store.Histories(c.t.Context(), access.School(), []string{id})
	if err != nil {
		c.t.Fatal(err)
	}
	return all[id]
}

// story tells the events of the i-th graduate after the enrolment: steps, marks and
// acts in their order.
func (c *campus) story(i int) string {
	c.t.Helper()
	var out []string
	for _, e := range c.events(i) {
		switch {
		case e.Mark != "":
			out = append(out, string(e.Mark))
		case e.Step != "":
			out = append(out, string(e.Step))
		}
	}
	return strings.Join(out, " ")
}

// told reports a story that is not the one expected.
func (c *campus) told(i int, want string) {
	c.t.Helper()
	if got := c.story(i); got != want {
		c.t.Errorf("the events of graduate %d: %s, want %s", i, got, want)
	}
}

// written counts the entries of the audit trail with that action.
func (c *campus) written(action string) int {
	c.t.Helper()
	list, err := c.app.Store.Entries(c.t.Context(), audit.Filter{Action: action}, audit.Key{}, 100)
	if err != nil {
		c.t.Fatal(err)
	}
	return len(list)
}
