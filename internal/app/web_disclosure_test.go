package app_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/disclosure"
	"quxiang/internal/domain/fault"
)

// TestSensitiveColumnsNeedASecondPerson: one asks, not the same approves, the file
// is taken once by who asked, within a day, within the scope, and says whose it is
// (X1, X7).
func TestSensitiveColumnsNeedASecondPerson(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		office := func(login string) access.Account {
			a, _ := c.account(login, "", access.Grant{Role: access.Office, Over: access.School()})
			return a
		}
		one, two := c.enter(office("office1")), c.enter(office("office2"))
		secretaryAccount, _ := c.account("secretary", "", access.Grant{Role: access.CollegeSecretary, Over: access.Colleges(c.unit("药学院"))})
		secretary := c.enter(secretaryAccount)
		page := "/export/requests"
		ask := func(w *window) string {
			w.want("asked", w.led("ask", w.post(page, page, "kind", "roster", "cohort", "2024", "fields", "phone", "purpose", "银行批量开户")), 200, "待批准", "银行批量开户", "手机号码")
			list, err := c.app.Store.Requests(t.Context(), "", 1)
			if err != nil || len(list) != 1 {
				t.Fatal(err)
			}
			return page + "/" + list[0].ID
		}
		if got := one.post(page, page, "kind", "roster", "cohort", "2024", "purpose", "银行批量开户"); got.Code != 400 || !strings.Contains(got.Body.String(), "要带哪些敏感列") {
			t.Errorf("no columns: %d", got.Code)
		}
		own := ask(one)
		if got := one.post(page, own+"/approve"); got.Code != 403 {
			t.Errorf("approved by who asked: %d", got.Code)
		}
		if got := one.post(page, own+"/take"); got.Code != 409 {
			t.Errorf("taken before: %d", got.Code)
		}

		id := ask(secretary)
		if got := secretary.post(page, own+"/approve"); got.Code != 403 {
			t.Errorf("approved by a secretary: %d", got.Code)
		}
		if strings.Count(secretary.want("own only", page, 200), "银行批量开户") != 1 {
			t.Error("a secretary sees others' requests")
		}
		if got := two.post(page, own+"/refuse"); got.Code != 400 || !strings.Contains(got.Body.String(), "为什么不批准") {
			t.Errorf("refused without a reason: %d", got.Code)
		}
		two.led("refuse", two.post(page, own+"/refuse", "reason", "用不着身份证号"))
		one.want("refused", page, 200, "未批准", "用不着身份证号")
		for range 2 {
			two.led("approve", two.post(page, id+"/approve"))
		}
		if got := two.post(page, id+"/take"); got.Code != 404 {
			t.Errorf("taken by another: %d", got.Code)
		}
		got := secretary.post(page, id+"/take")
		if got.Code != 200 {
			t.Fatalf("%d %s", got.Code, got.Body)
		}
		rows := sheetOf(t, got.Body.Bytes())
		if all := strings.Join(flat(rows), " "); len(rows) != 6 || strings.Count(all, "1000000") != 5 || !strings.Contains(all, "10000000060") {
			t.Errorf("%d rows: %s", len(rows), all)
		}
		if got := secretary.post(page, id+"/take"); got.Code != 409 {
			t.Errorf("taken twice: %d", got.Code)
		}

		late := ask(secretary)
		two.led("approve", two.post(page, late+"/approve"))
		c.app.Disclosures.Now = func() calendar.Instant { return calendar.At(time.Now().Add(25 * time.Hour)) }
		if got := secretary.post(page, late+"/take"); got.Code != 409 {
			t.Errorf("taken too late: %d", got.Code)
		}
	})
}

// TestCommandAsksForSensitiveColumns: the same command asks, waits, and writes
// once another person approved; a console approves nothing.
func TestCommandAsksForSensitiveColumns(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		who := access.Console("test")
		r := disclosure.Request{Kind: "roster", Cohorts: []string{"2024"}, Fields: []string{"phone"}, Purpose: "银行批量开户"}
		var out bytes.Buffer
		for range 2 {
			if err := c.app.ExportRevealed(t.Context(), who, r, &out); fault.KindOf(err) != fault.Conflict || out.Len() > 0 {
				t.Fatal(err, out.Len())
			}
		}
		list, err := c.app.Store.Requests(t.Context(), "", 10)
		if err != nil || len(list) != 1 {
			t.Fatalf("%d requests, %v", len(list), err)
		}
		if err := c.app.Disclosures.Decide(t.Context(), access.Console("other"), list[0].ID, true, ""); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("a console approved: %v", err)
		}
		a, _ := c.account("office", "", access.Grant{Role: access.Office, Over: access.School()})
		w := c.enter(a)
		w.led("approve", w.post("/export/requests", "/export/requests/"+list[0].ID+"/approve"))
		if err := c.app.ExportRevealed(t.Context(), who, r, &out); err != nil || len(sheetOf(t, out.Bytes())) != 66 {
			t.Error(err)
		}
	})
}
