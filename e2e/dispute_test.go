package e2e

import (
	"testing"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/destination"
	"quxiang/internal/domain/history"
)

// passes takes the change of the i-th graduate through the levels by three people,
// by the verb.
func (c *campus) passes(i int, change string) {
	c.t.Helper()
	for level, role := range []access.Role{access.Counsellor, access.CollegeSecretary, access.Office} {
		who := access.Actor{Account: "level-" + string(role), Grants: []access.Grant{{Role: role, Over: access.School()}}}
		if err := c.app.Destinations.Pass(c.t.Context(), who, destination.Decision{Graduate: c.graduate(i), Change: change, Level: level + 1, Note: "已核对"}); err != nil {
			c.t.Fatal(err)
		}
	}
}

// stands reports that the i-th graduate counts otherwise than expected today:
// the sub-state of their destination.
func (c *campus) stands(i int, want history.Detail) {
	c.t.Helper()
	s := history.At(c.events(i), calendar.Cut{True: c.app.Now(), Known: c.app.Now()}, destination.NoWork(c.app.Book()))
	if s.Detail != want {
		c.t.Errorf("graduate %d stands as %q, want %q", i, s.Detail, want)
	}
}

// TestDisputeWalk: a word of the graduate's goes past the college to the office,
// which upholds; then the case is struck out by two people in one form, the graduate
// reads why and answers, and it is restored. The graduate's phone runs no script.
func TestDisputeWalk(t *testing.T) {
	ctx, c := browser(t), openCampus(t)
	c.passes(0, c.hires(0, 1, hospitalCredit))
	c.withPassword("dongyue", "董越", access.Grant{Role: access.SchoolLeader, Over: access.School()})
	counsellor, _, office := c.desks(ctx)
	me := c.window(ctx, "phone", false)
	me.open(c.student(0))
	const before = "submitted passed passed approved"
	c.told(0, before)
	disputes(me)
	c.told(0, before+" disputed")
	c.stands(0, history.InDispute)
	counsellor.open("/disputes")
	counsellor.sees("无权查看或办理")
	upholds(office)
	c.told(0, before+" disputed upheld")
	c.stands(0, history.Registered)
	me.open("/mine")
	me.sees("学校答复了你的异议", "单位出示了合同原件")
	me.examined()

	strikes(c, office)
	c.told(0, before+" disputed upheld struck")
	c.stands(0, history.WasStruck)
	answers(me)
	c.told(0, before+" disputed upheld struck replied")
	restores(office)
	c.told(0, before+" disputed upheld struck replied restored")
	c.stands(0, history.Registered)
	me.open("/mine")
	me.sees("校审通过", "这不是我的去向")
	me.examined()
}

// disputes says that the case is wrong; the answer to the first sending is lost.
func disputes(me *walker) {
	me.t.Helper()
	me.open("/mine")
	me.sees("校审通过", "这不是我的去向")
	me.press("这不是我的去向", "不经过学院", hospital)
	me.examined()
	me.press("提出异议", "还差 1 处")
	me.examined()
	me.fill("哪里不对", "没有签过这份合同")
	me.lost("提出异议")
	me.press("提出异议", "有异议", "不计入统计")
	me.examined()
}

// upholds finds that the case is as it was registered.
func upholds(office *walker) {
	office.t.Helper()
	office.open("/disputes")
	office.sees("林测0", "没有签过这份合同", hospital)
	office.examined()
	office.press("查实，维持原登记", "请写明核实的情况")
	office.examined()
	office.fill("核实情况", "单位出示了合同原件，签名是本人的")
	office.twice("查实，维持原登记", "没有等待处理的异议")
	office.examined()
}

// answers reads why the case was struck out, and replies.
func answers(me *walker) {
	me.t.Helper()
	me.open("/mine")
	me.sees("学校核减了这条去向", "电话核实，单位说查无此人", "已核减")
	me.examined()
	me.press("说明情况", "电话核实")
	me.examined()
	me.fill("你要说明的", "单位换了人事，请打到科室")
	me.press("发给学校", "已核减")
	me.examined()
}

// restores reads the reply and takes the strike back.
func restores(office *walker) {
	office.t.Helper()
	office.open("/strikes")
	office.sees("林测0", "周澜", "董越", "单位换了人事，请打到科室")
	office.examined()
	office.press("恢复", "恢复哪一条")
	office.examined()
	office.fill("理由", "科室证明在岗")
	office.twice("恢复这条去向", "已恢复：这条去向重新计入")
	office.examined()
}

// strikes takes the case out: not by one person alone, not with a wrong password.
func strikes(c *campus, office *walker) {
	office.t.Helper()
	office.open("/graduates/" + c.graduate(0) + "/strike")
	office.examined()
	office.held("核减这条去向", "理由")
	office.tap("签劳动合同形式就业")
	office.fill("理由", "电话核实，单位说查无此人")
	office.fill("登录账号", "dongyue")
	office.fill("密码", "Wrong.harbour.82")
	office.press("核减这条去向", "还差 1 处")
	office.examined()
	if got := office.value("理由"); got != "电话核实，单位说查无此人" {
		office.t.Errorf("the reason after a refusal: %q", got)
	}
	if got := office.value("密码"); got != "" {
		office.t.Error("a second person's password is sent back")
	}
	office.fill("密码", password)
	office.press("核减这条去向", "已核减：这条去向不再计入")
	office.examined()
}
