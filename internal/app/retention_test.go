package app_test

import (
	"errors"
	"fmt"
	"io/fs"
	"testing"
	"time"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/destination"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/indicator"
	"quxiang/internal/domain/privacy"
)

// TestRetention: under a clock that is years ahead nothing that is due remains, in
// rows or files; what is held or not due stays; no figure changes, and verify knows
// that it was us (Q14, C11).
func TestRetention(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		ctx, console := t.Context(), access.Console("test")
		_, id := c.student("240001"), c.graduate("240001")
		own := c.actor(c.studentAccount("240001"))
		d, err := c.app.Destinations.Upload(ctx, own, id, "AGR", photo(t, 40))
		if err != nil {
			t.Fatal(err)
		}
		if err := c.app.Store.SaveDraft(ctx, destination.SavedDraft{Graduate: id, Account: own.Account, Sealed: "x", At: c.app.Now()}); err != nil {
			t.Fatal(err)
		}
		q := indicator.Query{Table: "destination", Cohorts: []string{"2024"}}
		before, err := c.app.Figures.Count(ctx, console, q)
		if err != nil {
			t.Fatal(err)
		}
		run := func(years int) map[string]privacy.Count {
			t.Helper()
			c.app.Privacy.Now = func() calendar.Instant { return calendar.At(time.Now().AddDate(years, 0, 1)) }
			got, err := c.app.Retention.Run(ctx, console)
			if err != nil {
				t.Fatal(err)
			}
			out := map[string]privacy.Count{}
			for _, x := range got.Counts {
				out[x.Rule] = x
			}
			return out
		}
		if got := run(0); got["evidence"].Due != 0 || got["drafts"].Due != 0 {
			t.Errorf("too early: %v", got)
		}
		// Handed in long after the cohort left, it is kept as long from then.
		if got := run(4); got["evidence"].Due != 0 || got["drafts"].Due != 1 {
			t.Errorf("after four years: %v", got)
		}
		if err := c.app.Retention.Suspend(ctx, console, "2024", "上级正在核查"); err != nil {
			t.Fatal(err)
		}
		if got := run(6)["evidence"]; got.Due != 0 || got.Held != 1 {
			t.Errorf("held: %v", got)
		}
		_, holds, err := c.app.Retention.Reports(ctx, console)
		if err != nil || len(holds) != 1 {
			t.Fatal(err)
		}
		if err := c.app.Retention.Resume(ctx, console, holds[0].ID); err != nil {
			t.Fatal(err)
		}
		plan, err := c.app.Retention.Plan(ctx, console)
		if err != nil || plan.Counts[0].Due != 1 {
			t.Errorf("planned %+v (%v)", plan, err)
		}
		if _, err := c.app.Files.Get(d.SHA256); err != nil {
			t.Errorf("a plan removed the file: %v", err)
		}
		if got := run(6)["evidence"]; got.Due != 1 {
			t.Errorf("due: %v", got)
		}
		if _, err := c.app.Files.Get(d.SHA256); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("the file is there: %v", err)
		}
		if got := run(6); got["evidence"].Due != 0 || got["drafts"].Due != 0 || got["links"].Due != 0 {
			t.Errorf("gone twice: %v", got)
		}
		c.enter(c.studentAccount("240001")).want("by its address", "/evidence/"+id+"/"+d.SHA256, 404)
		if after, err := c.app.Figures.Count(ctx, console, q); err != nil || fmt.Sprint(after.Rows[0].Cells) != fmt.Sprint(before.Rows[0].Cells) {
			t.Errorf("figures changed (%v)", err)
		}
		if problems, _, err := c.app.Verify(ctx); err != nil || len(problems) > 0 {
			t.Errorf("verify: %v %v", problems, err)
		}
		if _, err := c.app.Destinations.Upload(ctx, own, id, "AGR", photo(t, 40)); err != nil {
			t.Errorf("handed in again: %v", err)
		}
		if problems, _, err := c.app.Verify(ctx); err != nil || len(problems) > 0 {
			t.Errorf("verify, handed in again: %v %v", problems, err)
		}
		run(0)
		if _, err := c.app.Files.Get(d.SHA256); err != nil {
			t.Errorf("what was handed in again went: %v", err)
		}
	})
}

// TestWhoLetsGo: the office runs and holds, the auditor reads, nobody else (X1).
func TestWhoLetsGo(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		desk := func(login string, g access.Grant) *window { a, _ := c.account(login, "", g); return c.enter(a) }
		office := desk("office", access.Grant{Role: access.Office, Over: access.School()})
		auditor := desk("auditor", access.Grant{Role: access.Auditor, Over: access.School()})
		office.want("report", "/retention", 200, "没有到期的", "毕业后 5 年")
		auditor.want("report", "/retention", 200, "现在到期的")
		desk("college", access.Grant{Role: access.CollegeSecretary, Over: access.School()}).want("a college", "/retention", 403)
		if got := auditor.post("/me", "/retention/run"); got.Code != 403 {
			t.Errorf("an auditor lets go: %d", got.Code)
		}
		if got := office.post("/retention", "/retention/holds", "cohort", "2024"); got.Code != 400 {
			t.Errorf("held without a reason: %d", got.Code)
		}
		office.led("hold", office.post("/retention", "/retention/holds", "cohort", "2024", "reason", "上级正在核查"))
		office.want("held", "/retention", 200, "暂停中", "上级正在核查")
		if err := c.app.Retention.Propose(t.Context()); err != nil {
			t.Error(err)
		}
		office.want("proposed", "/retention", 200, "提出清单，没有删除")
		part := access.Actor{Account: "a", Grants: []access.Grant{{Role: access.Office, Over: access.Colleges(c.unit("药学院"))}}}
		if _, err := c.app.Retention.Run(t.Context(), part); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("an office of a part lets go of all: %v", err)
		}
	})
}
