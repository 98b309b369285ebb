package app_test

import (
	"bytes"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"quxiang/internal/app"
	"quxiang/internal/domain/access"
	"quxiang/internal/domain/audit"
	"quxiang/internal/domain/roster"
)

// numbersOf are the identity and phone numbers of everybody in the school, with
// whose they are.
func numbersOf(t *testing.T, a *app.App) map[string]string {
	t.Helper()
	out := map[string]string{}
	for after := ""; ; {
		page, err := a.Store.Graduates(t.Context(), access.School(), "", after, 500)
		if err != nil {
			t.Fatal(err)
		}
		for i := range page {
			if err := page[i].Unseal(a.Vault); err != nil {
				t.Fatal(err)
			}
			for _, field := range []string{"id_number", "phone", "home_phone"} {
				if v := page[i].Secret[field]; v != "" {
					out[v] = page[i].ID
				}
			}
			after = page[i].ID
		}
		if len(page) < 500 {
			break
		}
	}
	if len(out) < 50 {
		t.Fatalf("only %d numbers to look for", len(out))
	}
	return out
}

var longNumber = regexp.MustCompile(`[0-9]{17}[0-9Xx]|[0-9]{11,}`)

// numbersIn are the numbers of persons that a text shows in full.
func numbersIn(text string, numbers map[string]string) (out []string) {
	for _, n := range longNumber.FindAllString(text, -1) {
		if numbers[n] != "" {
			out = append(out, n)
		}
	}
	return out
}

// masked: no page that is merely opened shows an identity or phone number in full,
// in its text or in an attribute; a graduate sees at most the own (C6, Q8).
func (c *crawl) masked(role, at string, doc *html.Node, numbers map[string]string) {
	var text strings.Builder
	for n := range doc.Descendants() {
		if n.Type == html.TextNode {
			text.WriteString(n.Data + "\n")
		}
		for _, a := range n.Attr {
			text.WriteString(a.Val + "\n")
		}
	}
	owners := map[string]bool{}
	for _, n := range numbersIn(text.String(), numbers) {
		owners[numbers[n]] = true
		if role != access.Graduate.Title() {
			c.t.Errorf("%s shows %s a number in full", at, role)
		}
	}
	if len(owners) > 1 {
		c.t.Errorf("%s shows a graduate the numbers of %d people", at, len(owners))
	}
}

// TestEveryNumberShownIsWrittenDown: as each role, an answer holds numbers in full
// if and only if exactly one entry says who saw whose, which and what for: one
// value, a correction, a file that was approved, one's own copy. Lists, exports and
// slips hold none and leave none of these entries (C8, P10).
func TestEveryNumberShownIsWrittenDown(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		numbers, id := numbersOf(t, c.app), c.graduate("240001")
		reveals := func() (out []audit.Entry) {
			for _, action := range []string{roster.ActionReveal, "people.contact", "people.identity", "people.exported", "privacy.copy"} {
				out = append(out, c.entries(audit.Filter{Action: action})...)
			}
			return out
		}
		shown := 0
		answer := func(what string, account access.Account, about, purpose string, want bool, got *httptest.ResponseRecorder, before int) {
			t.Helper()
			body := got.Body.String()
			if strings.HasPrefix(body, "PK") {
				body = strings.Join(flat(sheetOf(t, got.Body.Bytes())), "\n")
			}
			has, after := len(numbersIn(body, numbers)) > 0, reveals()
			if has != want || len(after)-before != map[bool]int{true: 1}[has] {
				t.Errorf("%s, %s (%d): numbers in full %v, %d entries", account.Login, what, got.Code, has, len(after)-before)
				return
			}
			if !has {
				return
			}
			shown++
			for _, e := range after {
				if e.Account == account.ID && e.Subject == about && strings.Contains(e.Detail, purpose) {
					return
				}
			}
			t.Errorf("%s, %s: nothing says who, whose and what for", account.Login, what)
		}
		secretary, office := access.CollegeSecretary, access.Office
		for _, role := range []access.Role{access.Tutor, access.Counsellor, secretary, access.CollegeLeader, office, access.SchoolLeader, access.Support,
			access.Auditor, access.Administrator, access.SecurityAdministrator} {
			over := access.School()
			if role == access.Tutor {
				over = access.Self(id)
			}
			account, _ := c.account("as-"+string(role), "", access.Grant{Role: role, Over: over})
			w := c.enter(account)
			may := account.Actor(c.today()).May(access.RevealContact) == nil
			n := len(reveals())
			answer("one value", account, id, "联系本人", may, w.post("/me", "/graduates/"+id+"/reveal", "field", "phone", "reason", "联系本人"), n)
			n = len(reveals())
			answer("one value without a reason", account, id, "", false, w.post("/me", "/graduates/"+id+"/reveal", "field", "phone"), n)
			n = len(reveals())
			answer("an export", account, "", "", false, w.post("/me", "/export", "kind", "roster", "cohort", "2024", "layout", "all", "purpose", "报省中心周报"), n)
			n = len(reveals())
			answer("a list", account, "", "", false, w.post("/me", "/graduates/export", "list", "cohort=2024", "purpose", "报省中心周报"), n)
			n = len(reveals())
			answer("slips", account, "", "", false, w.post("/me", "/slips", "id", id), n)
		}
		one, _ := c.account("office1", "", access.Grant{Role: office, Over: access.School()})
		two, _ := c.account("office2", "", access.Grant{Role: office, Over: access.School()})
		asks, page := c.enter(one), "/export/requests"
		asks.led("ask", asks.post(page, page, "kind", "roster", "cohort", "2024", "fields", "phone", "purpose", "银行批量开户"))
		list, err := c.app.Store.Requests(t.Context(), "", 1)
		if err != nil || len(list) != 1 {
			t.Fatal(err)
		}
		at, approves := page+"/"+list[0].ID, c.enter(two)
		approves.led("approve", approves.post(page, at+"/approve"))
		for i, want := range []bool{true, false} { // the second time it is gone
			n := len(reveals())
			answer([]string{"a file", "a file again"}[i], one, list[0].ID, "银行批量开户", want, asks.post(page, at+"/take"), n)
		}
		own, self := c.student("240001"), c.studentAccount("240001")
		for _, as := range []string{"json", "print"} {
			n := len(reveals())
			answer("one's own copy", self, id, "", true, own.post("/mine/data", "/mine/data/copy", "as", as), n)
		}
		if shown < 6 {
			t.Errorf("only %d answers showed a number", shown)
		}
		if bytes.Contains([]byte(asks.want("masked", "/graduates/"+id, 200)), []byte("10000000001")) {
			t.Error("the page shows the number by itself")
		}
	})
}

// TestInsideStaysInside: what is marked 内部参考 says so where it stands, and is
// neither on a public page nor frozen nor released.
func TestInsideStaysInside(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		public := c.window()
		for _, at := range []string{"/?cohort=2024", "/?cohort=2024&as_of=2024-08-31"} {
			page := public.want("public", at, 200)
			for _, word := range []string{"NACE", "nace", "职业结果率", "去向知晓率", "凭据有多硬"} {
				if strings.Contains(page, word) {
					t.Errorf("%s says %s to everybody", at, word)
				}
			}
		}
		public.want("asked for by hand", "/?cohort=2024&definition=nace", 400)
		a, _ := c.account("office", "", access.Grant{Role: access.Office, Over: access.School()})
		w := c.enter(a)
		home := w.want("dashboard", "/", 200, "凭据有多硬", "去向知晓率")
		if strings.Count(home, "内部参考") < 2 {
			t.Error("the dashboard does not mark both")
		}
		w.want("catalogue", "/indicators", 200, "NACE 首次去向口径（内部参考）")
		if page := w.want("what may be frozen", "/snapshots", 200); strings.Contains(page, `value="nace"`) {
			t.Error("it is offered to be frozen")
		}
		got := w.post("/snapshots", "/snapshots", "name", "N-2024", "cohort", "2024", "as_of", "2024-08-31", "definition", "nace")
		if got.Code != 400 || !strings.Contains(got.Body.String(), "只供校内参考") {
			t.Errorf("frozen: %d", got.Code)
		}
	})
}
