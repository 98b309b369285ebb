package app_test

import (
	"fmt"
	"regexp"
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

// TestToldReachesTheOffice: the words stand at the queue and above the disputes,
// whatever is recorded of them; the graduate reads the answer.
func TestToldReachesTheOffice(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		const words = "辅导员要我填没签过的协议\n\n核实情况：不是这样"
		s, w := c.student("240001"), c.as(access.Office)
		s.wanted("tell", s.post("/mine/tell", "/mine/tell", "text", words), 303)
		s.want("it waits", "/mine", 200, "学校在核实")
		s.want("one's own words", "/mine/tell", 200, "辅导员要我填没签过的协议", "就业中心在核实")
		w.want("queue", "/samples", 200, "辅导员要我填没签过的协议", "本人反映")
		page := w.want("disputes", "/disputes", 200, "本人反映", "辅导员要我填没签过的协议", "答复本人")
		at := regexp.MustCompile(`action="(/samples/[^"]+)"`).FindStringSubmatch(page)[1]
		w.wanted("without an answer", w.post("/disputes", at, "cohort", "2024", "result", "已联系处理"), 400, "请写给本人的答复")
		w.wanted("no result of a sample", w.post("/disputes", at, "cohort", "2024", "result", "属实", "note", "好"), 400, "请选择已联系处理")
		w.wanted("an answer", w.post("/disputes", at, "cohort", "2024", "result", "不属实", "note", "没查到"), 303)
		w.wanted("another answer", w.post("/samples?state=done", at, "cohort", "2024", "result", "已联系处理", "note", "已经和学院说明，不必填"), 303)
		w.want("words kept", "/samples?state=done", 200, "辅导员要我填没签过的协议", "核实情况：不是这样", "已经和学院说明，不必填", "已联系处理")
		w.without("no longer waits", "/disputes", "辅导员要我填没签过的协议")
		s.want("the answer", "/mine", 200, "就业中心答复了你反映的事", "已经和学院说明，不必填", "学校已答复")
		s.want("the answer", "/mine/tell", 200, "已联系处理", "辅导员要我填没签过的协议")
		near, _ := c.account("near", "", access.Grant{Role: access.CollegeSecretary, Over: access.Colleges(c.unit("临床医学院"))})
		c.enter(near).without("past the college", "/graduates/"+c.graduate("240001"), "没签过的协议")
	})
}

// TestDisputeOfWhatIsPublished: the figures stay, the words reach the office.
func TestDisputeOfWhatIsPublished(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		w, s := c.as(access.Office), c.student("240002")
		w.wanted("freeze", w.post("/snapshots", "/snapshots", "name", "INIT-2024", "cohort", "2024", "as_of", "08-31"), 303)
		w.wanted("release", w.post("/snapshots/INIT-2024/release", "/snapshots/INIT-2024/release", approval...), 303)
		kase := c.story("240002")[1].Case
		at := "/mine/dispute/" + kase
		got := s.post(at, at, "reason", "我没有签过这份协议")
		s.wanted("dispute", got, 303)
		s.want("what comes", got.Header().Get("Location"), 200, "已发布的数字不变", "学校解锁后更正")
		w.want("the office", "/disputes", 200, "我没有签过这份协议", "本人反映", "签就业协议")
		for _, e := range c.story("240002") {
			if e.Mark != "" {
				t.Errorf("the history was marked: %+v", e)
			}
		}
	})
}
