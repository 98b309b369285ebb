package app_test

import (
	"fmt"
	"strings"
	"testing"

	"quxiang/internal/app"
	"quxiang/internal/domain/access"
	"quxiang/internal/domain/destination"
	"quxiang/internal/domain/transfer"
)

// without checks that a page does not say what would be untrue.
func (w *window) without(what, target string, words ...string) {
	w.c.t.Helper()
	body := w.want(what, target, 200)
	for _, s := range words {
		if strings.Contains(body, s) {
			w.c.t.Errorf("%s: %s says %q", what, target, s)
		}
	}
}

// recorded imports a destination of others from a day on.
func (c *campus) recorded(no, code, day string) {
	c.t.Helper()
	file := fmt.Sprintf("学号,毕业去向类别代码,签约日期\n%s,%s,%s\n", no, code, day)
	report, err := c.app.Importer.Destinations(c.t.Context(), access.Console("test"), app.TableFile("去向.csv", []byte(file)),
		transfer.Options{Source: "legacy", Cohort: "2024"})
	if err != nil || len(report.Refusals) > 0 {
		c.t.Fatal(err, report.Refusals)
	}
}

// TestOnlyWhatCanBeStruck: a change that was withdrawn never became a case; the
// only case that can be struck is chosen; without one nothing is offered.
func TestOnlyWhatCanBeStruck(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		w := c.as(access.Office)
		none, one := c.graduate("240003"), c.graduate("240002")
		w.without("nobody registered", "/graduates/"+none, `/strike"`)
		w.want("registered", "/graduates/"+one, 200, `href="/graduates/`+one+`/strike"`)
		w.want("the only one", "/graduates/"+one+"/strike", 200, "checked")

		id, address := c.applicant("240001", "")
		change := address[strings.LastIndex(address, "/")+1:]
		self := access.Actor{Account: "self-240001", Grants: []access.Grant{{Role: access.Graduate, Over: access.Self(id)}}}
		if err := c.app.Destinations.Withdraw(t.Context(), self, id, change, "填错了"); err != nil {
			t.Fatal(err)
		}
		w.want("withdrawn", "/graduates/"+id+"/strike", 200, "没有可以核减的去向")
		// The form sent again by the back button leads to the receipt: it says what is so.
		s := c.student("240001")
		s.want("its receipt", "/mine/receipt/"+change, 200, "这一份已经撤回", "重新登记", `href="/mine/register"`)
		s.without("its receipt", "/mine/receipt/"+change, "已收到")
	})
}

// TestCardSaysWhatCounts: a disputed case does not end with the words that it counts.
func TestCardSaysWhatCounts(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		id, address := c.applicant("240001", "")
		change := address[strings.LastIndex(address, "/")+1:]
		c.approved(id, change)
		w := c.student("240001")
		w.want("counts", "/mine", 200, "计入统计，凭回执可查")
		kase := c.story("240001")[1].Case
		w.wanted("dispute", w.post("/mine/dispute/"+kase, "/mine/dispute/"+kase, "reason", "没有这回事"), 303)
		for _, page := range []string{"/mine", "/mine/receipt/" + change} {
			w.want("disputed", page, 200, "核实前不计入统计")
			w.without("disputed", page, "计入统计，凭回执可查")
		}
	})
}

// TestComingCase: what begins on a later day is passed and not in the queue of
// who has not registered; the pages say from when it counts.
func TestComingCase(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		c.recorded("240001", "10", "2090-01-01")
		id := c.graduate("240001")
		w := c.as(access.Office)
		const says = "已通过，自 2090-01-01 起计入"
		w.want("list", "/graduates?cohort=2024", 200, says)
		w.without("who has not registered", "/graduates?cohort=2024&state=unregistered", "240001")
		w.want("file", "/graduates/"+id, 200, says)
		w.want("behind the figure", "/people?cohort=2024&reason=unregistered&class="+c.unit("临床一班"), 200, says)
		s := c.student("240001")
		s.want("card", "/mine", 200, says, "自 2090-01-01 起计入统计，凭回执可查", "登记变更", "提出异议")
		s.want("change", "/mine/change", 200, "发生了什么")
		c.recorded("240002", "80", "2090-09-01")
		c.student("240002").want("another later", "/mine", 200, "已通过，自 2090-09-01 起计入，到那天替下这一条")
	})
}

// approved takes a change through all levels.
func (c *campus) approved(graduate, change string) {
	c.t.Helper()
	for i, role := range []access.Role{access.Counsellor, access.CollegeSecretary, access.Office} {
		who := access.Actor{Account: "by-" + string(role), Grants: []access.Grant{{Role: role, Over: access.School()}}}
		err := c.app.Destinations.Pass(c.t.Context(), who, destination.Decision{Graduate: graduate, Change: change, Level: i + 1, Note: "已核对"})
		if err != nil {
			c.t.Fatal(err)
		}
	}
}
