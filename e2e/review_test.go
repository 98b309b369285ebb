package e2e

import (
	"context"
	"slices"
	"testing"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/destination"
	"quxiang/internal/domain/history"
)

// hires hands in a labour contract of the i-th graduate by the verb, as the page
// does, and returns the change.
func (c *campus) hires(i int, shade byte, credit string) string {
	c.t.Helper()
	id := c.graduate(i)
	self := access.Actor{Account: "self" + id, Grants: []access.Grant{{Role: access.Graduate, Over: access.Self(id)}}}
	doc, err := c.app.Destinations.Upload(c.t.Context(), self, id, "CON", picture(c.t, shade))
	if err != nil {
		c.t.Fatal(err)
	}
	change, err := c.app.Destinations.Submit(c.t.Context(), self, destination.Draft{Graduate: id, Act: history.Open, Code: "11",
		Counts: history.Counted{Nature: "23", Industry: "43", Region: "120103", Post: "19"},
		Fields: history.Fields{"credit_code": credit, "employer_name": hospital, "position": "护士", "sign_day": c.today, "term": c.today + " 起，无固定期限",
			"employer_contact": "某老师", "contact_phone": "02200000001"},
		Evidence: []history.Evidence{{SHA256: doc.SHA256, Kind: "CON"}}})
	if err != nil {
		c.t.Fatal(err)
	}
	return change
}

// desks are the windows of the three levels.
func (c *campus) desks(ctx context.Context) (counsellor, secretary, office *walker) {
	c.t.Helper()
	for _, d := range []struct {
		at    **walker
		login string
		name  string
		grant access.Grant
	}{
		{&counsellor, "fudao", "沈岚", access.Grant{Role: access.Counsellor, Over: access.Classes(c.unit("临床一班"), c.unit("临床二班"))}},
		{&secretary, "mishu", "顾言", access.Grant{Role: access.CollegeSecretary, Over: access.Colleges(c.unit("临床医学院"))}},
		{&office, "zhou", "周澜", access.Grant{Role: access.Office, Over: access.School()}},
	} {
		*d.at = c.window(ctx, "desk", true)
		(*d.at).open(c.staff(d.login, d.name, d.grant))
	}
	return counsellor, secretary, office
}

// TestReviewWalk: returned with a ready reason, mended by the graduate, and passed
// by three levels, by key and by button, each once.
func TestReviewWalk(t *testing.T) {
	ctx, c := browser(t), openCampus(t)
	c.hires(0, 1, doubtful)
	c.hires(1, 2, hospitalCredit)
	counsellor, secretary, office := c.desks(ctx)

	counsellor.open("/review")
	counsellor.sees("2 件", "林测0", hospital)
	counsellor.examined()
	counsellor.press("退回", "请选一条理由")
	counsellor.examined()
	c.told(0, "submitted")
	counsellor.tap("2 盖章不清")
	counsellor.press("退回", "1 件", "林测1")
	counsellor.examined()
	c.told(0, "submitted returned")

	mends(ctx, c, 0)
	c.told(0, "submitted returned submitted")

	counsellor.open("/review")
	counsellor.sees("2 件", "林测1")
	counsellor.key("p", "通过，看下一件", "林测0", "1 件")
	counsellor.press("通过，看下一件", "还没有答复，请写明核对情况")
	counsellor.examined()
	counsellor.fill("审核备注", "已打电话给单位核对")
	counsellor.twice("通过，看下一件", "没有等你审核的登记")
	counsellor.examined()
	c.told(0, "submitted returned submitted passed")
	c.told(1, "submitted passed")

	secretary.open("/review")
	secretary.examined()
	secretary.lost("通过，看下一件")
	secretary.press("通过，看下一件", "1 件")
	secretary.key("p", "通过，看下一件", "没有等你审核的登记")
	c.told(0, "submitted returned submitted passed passed")
	c.told(1, "submitted passed passed")

	office.open("/review")
	office.examined()
	office.press("终审通过，看下一件", "1 件")
	office.back("待审核")
	office.open("/review")
	office.key("p", "终审通过，看下一件", "没有等你审核的登记")
	c.told(0, "submitted returned submitted passed passed approved")
	c.told(1, "submitted passed passed approved")
}

// mends sends what was returned again, on the graduate's phone.
func mends(ctx context.Context, c *campus, i int) {
	c.t.Helper()
	w := c.window(ctx, "phone", true)
	w.open(c.student(i))
	w.open("/mine")
	w.sees("登记退回来了", "看不清")
	w.examined()
	w.press("改一改，再提交", "退回的理由", "第 1 份")
	w.examined()
	w.attach("加一份", photo(c.t, 99))
	w.arrive("chose a photo", "第 2 份")
	w.tap("以上是真的，是我自己填的")
	w.press("提交登记", "已收到")
	w.examined()
}

// TestBulkPassAndTheSameByVerb: ticked rows pass together, what has a warning stays,
// and page and verb write the same event.
func TestBulkPassAndTheSameByVerb(t *testing.T) {
	ctx, c := browser(t), openCampus(t)
	changes := []string{c.hires(0, 1, hospitalCredit), c.hires(1, 2, hospitalCredit), c.hires(2, 3, hospitalCredit), c.hires(3, 4, doubtful)}
	counsellor, _, _ := c.desks(ctx)
	counsellor.open("/review")
	counsellor.press("成批通过", "还没有勾选")
	counsellor.examined()
	counsellor.tap("勾选 林测0")
	counsellor.tap("勾选 林测1")
	counsellor.tap("勾选 林测3")
	counsellor.sees("已勾选 3 件")
	counsellor.twice("成批通过", "通过 2 件", "林测3", "有核查提示未答复")
	counsellor.examined()
	c.told(0, "submitted passed")
	c.told(1, "submitted passed")
	c.told(2, "submitted")
	c.told(3, "submitted")

	who := access.Actor{Account: "other", Grants: []access.Grant{{Role: access.Counsellor, Over: access.School()}}}
	if err := c.app.Destinations.Pass(t.Context(), who, destination.Decision{Graduate: c.graduate(2), Change: changes[2], Level: 1}); err != nil {
		t.Fatal(err)
	}
	by := func(i int) history.Event {
		e := c.events(i)
		last := e[len(e)-1]
		last.Graduate, last.Actor, last.Change, last.Case, last.KnownAt = "", "", "", "", 0
		last.Seq = 0
		return last
	}
	if page, verb := by(0), by(2); page.Step != verb.Step || page.Level != verb.Level || page.Reason != verb.Reason || !slices.Equal(page.Evidence, verb.Evidence) {
		t.Errorf("by page %+v, by verb %+v", page, verb)
	}
}
