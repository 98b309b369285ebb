package app_test

import (
	"context"
	"errors"
	"io/fs"
	"testing"
	"time"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/destination"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/privacy"
)

// meanwhile does something at the two moments of a run at which somebody else could.
type meanwhile struct {
	privacy.Keeping
	planned, listed func() // before the rows are marked, before the files go
}

func (m meanwhile) Papers(ctx context.Context, until calendar.Instant) ([]privacy.Paper, error) {
	list, err := m.Keeping.Papers(ctx, until)
	m.planned()
	return list, err
}

func (m meanwhile) PurgedFiles(ctx context.Context) ([]string, error) {
	list, err := m.Keeping.PurgedFiles(ctx)
	m.listed()
	return list, err
}

// TestRetentionLeavesWhatCameAgain: a paper that is handed in again while a run lets
// go of it stays, whenever in the run that is, and its term begins anew (Q14, C11).
func TestRetentionLeavesWhatCameAgain(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		ctx, console := t.Context(), access.Console("test")
		_, id := c.student("240001"), c.graduate("240001")
		own, keeping := c.actor(c.studentAccount("240001")), c.app.Retention.Keeping
		began := time.Now()
		in := func(years int) func() calendar.Instant {
			return func() calendar.Instant { return calendar.At(began.AddDate(years, 0, 1)) }
		}
		upload := func() destination.Document {
			t.Helper()
			d, err := c.app.Destinations.Upload(ctx, own, id, "AGR", photo(t, 41))
			if err != nil {
				t.Fatal(err)
			}
			return d
		}
		run := func(planned, listed func()) privacy.Count {
			t.Helper()
			c.app.Retention.Keeping = meanwhile{keeping, planned, listed}
			got, err := c.app.Retention.Run(ctx, console)
			if err != nil {
				t.Fatal(err)
			}
			return got.Counts[0]
		}
		nothing := func() {}
		there := func(when string, d destination.Document) {
			t.Helper()
			if _, err := c.app.Files.Get(d.SHA256); err != nil {
				t.Errorf("handed in %s, and gone: %v", when, err)
			}
			if problems, _, err := c.app.Verify(ctx); err != nil || len(problems) > 0 {
				t.Errorf("handed in %s: verify %v %v", when, problems, err)
			}
		}
		c.app.Destinations.Now = in(-6)
		d := upload()
		c.app.Destinations.Now = c.app.Now
		c.app.Privacy.Now = in(4)
		if got := run(func() { upload() }, nothing); got.Due != 0 {
			t.Errorf("handed in after the plan, and counted: %+v", got)
		}
		there("after the plan", d)
		if got := run(nothing, nothing); got.Due != 0 {
			t.Errorf("its term did not begin anew: %+v", got)
		}
		c.app.Privacy.Now = in(6)
		if got := run(nothing, func() { upload() }); got.Due != 1 {
			t.Errorf("due at last: %+v", got)
		}
		there("after the row went", d)
		if got := run(nothing, nothing); got.Due != 1 {
			t.Errorf("due at last, once more: %+v", got)
		}
		if _, err := c.app.Files.Get(d.SHA256); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("the file is there: %v", err)
		}
	})
}

// TestAHoldKeepsEverything: while a cohort is held nothing of it goes, under any
// rule, and the report says how much that is (C11).
func TestAHoldKeepsEverything(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		ctx, console := t.Context(), access.Console("test")
		w, id := c.student("240001"), c.graduate("240001")
		account := c.studentAccount("240001")
		own := c.actor(account)
		if err := c.app.Store.SaveDraft(ctx, destination.SavedDraft{Graduate: id, Account: own.Account, Sealed: "x", At: c.app.Now()}); err != nil {
			t.Fatal(err)
		}
		w.led("ask", w.post("/mine/requests", "/mine/requests", "kind", "delete", "purpose", "registration", "words", "传错的合同请删掉"))
		asked, err := c.app.Privacy.Requests(ctx, console)
		if err != nil || len(asked) != 1 {
			t.Fatal(err)
		}
		if err := c.app.Privacy.Answer(ctx, console, asked[0].ID, false, "打 13800000000 再说"); fault.KindOf(err) != fault.Invalid {
			t.Errorf("an answer with a number: %v", err)
		}
		if err := c.app.Privacy.Answer(ctx, console, asked[0].ID, false, "三年内须保存"); err != nil {
			t.Fatal(err)
		}
		if err := c.app.Privacy.Showed(ctx, console, "people.view", "search", []string{id}, nil); err != nil {
			t.Fatal(err)
		}
		if err := c.app.Retention.Suspend(ctx, console, "2024", "请联系 13800000000"); fault.KindOf(err) != fault.Invalid {
			t.Errorf("held with a number: %v", err)
		}
		if err := c.app.Retention.Suspend(ctx, console, "2024", "上级正在核查"); err != nil {
			t.Fatal(err)
		}
		c.app.Privacy.Now = func() calendar.Instant { return calendar.At(time.Now().AddDate(4, 0, 1)) }
		counts := func(do func(context.Context, access.Actor) (privacy.Run, error)) map[string][2]int {
			t.Helper()
			got, err := do(ctx, console)
			if err != nil {
				t.Fatal(err)
			}
			out := map[string][2]int{}
			for _, x := range got.Counts {
				out[x.Rule] = [2]int{x.Due, x.Held}
			}
			return out
		}
		rest := []string{"drafts", "sessions", "links", "requests", "shown"}
		for range 2 { // the second finds what the first left
			got := counts(c.app.Retention.Run)
			for _, rule := range rest {
				if got[rule][1] == 0 {
					t.Errorf("%s: nothing is held: %v", rule, got)
				}
			}
			if got["drafts"][0]+got["requests"][0]+got["shown"][0] != 0 {
				t.Errorf("something held went: %v", got)
			}
		}
		_, holds, err := c.app.Retention.Reports(ctx, console)
		if err != nil {
			t.Fatal(err)
		}
		if err := c.app.Retention.Resume(ctx, console, holds[0].ID); err != nil {
			t.Fatal(err)
		}
		got := counts(c.app.Retention.Run)
		for _, rule := range rest {
			if got[rule][0] == 0 || got[rule][1] != 0 {
				t.Errorf("%s: something stays: %v", rule, got)
			}
		}
	})
}
