package app_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/history"
	"quxiang/internal/domain/roster"
)

// names of what a search found, with what it was found by.
func (c *checking) found(who access.Actor, text string) string {
	c.t.Helper()
	list, more, err := c.Find(c.t.Context(), who, text, 50)
	c.ok(err)
	var out []string
	for _, f := range list {
		people, err := c.store.GraduatesByID(c.t.Context(), access.School(), []string{f.Graduate})
		c.ok(err)
		out = append(out, people[0].StudentNo+":"+f.By)
	}
	return strings.Join(out, " ") + map[bool]string{true: " …"}[more]
}

// TestSearch: by part of a name with its dot in any form, by numbers, by a whole
// phone or identity number, by employer; and only within the scope.
func TestSearch(t *testing.T) {
	eachChecking(t, func(t *testing.T, c *checking) {
		g, events := c.person("S2")
		c.ok(c.store.InTx(t.Context(), func(ctx context.Context) error {
			if _, err := c.store.Publish(ctx, []history.Event{{Graduate: g.ID, Seq: len(events) + 1, TrueOn: "2024-06-20", Change: "x", Case: "k", Act: history.Open,
				Step: history.Recorded, Scheme: "MOE-2021", Code: "10", Source: history.SourceLegacy, Fields: history.Fields{"employer_name": "津澜康护医院"}}}); err != nil {
				return err
			}
			return c.store.Write(ctx, c.office, "test", "", nil)
		}))
		for text, want := range map[string]string{
			"阿依·古":               "S1:name",
			"阿依.古丽":              "S1:name",
			"古丽":                 "S1:name",
			"某":                  "S2:name S3:name",
			"S3":                 "S3:number",
			"E1":                 "S1:number",
			"10000000002":        "S2:phone",
			"100 0000 0002":      "S2:phone",
			"1000000000":         "",
			"990101200102030022": "S1:id_number",
			"990101200102030":    "",
			"津澜康护":               "S2:employer",
			"没有这个人":              "",
			"'; drop":            "",
			"%":                  "",
			"":                   "",
		} {
			if got := c.found(c.office, text); got != want {
				t.Errorf("%q: %q, want %q", text, got, want)
			}
		}
		if got := c.found(c.stranger, "某"); got != "S3:name" {
			t.Errorf("another college finds %q", got)
		}
		if got := c.found(c.stranger, "津澜康护"); got != "" {
			t.Errorf("another college finds by employer %q", got)
		}
		_, _, err := c.Find(t.Context(), c.self, "某", 50)
		c.no("a graduate searches", err, fault.Forbidden)
	})
}

// TestPlacesAreInTheOrderOfTheRoster: by class, then number; narrowed; scoped.
func TestPlacesAreInTheOrderOfTheRoster(t *testing.T) {
	eachChecking(t, func(t *testing.T, c *checking) {
		c.must("学号,姓名,学院,专业,学历层次,班级\nS0,先某,护理学院,护理学,本科,三班\n", roster.ImportOptions{Cohort: "2024"})
		for what, row := range map[string]struct {
			who  access.Actor
			l    roster.Listing
			want string
		}{
			"all":          {c.office, roster.Listing{Cohort: "2024"}, "S1 S2 S0 S3"},
			"a college":    {c.office, roster.Listing{College: "c02"}, "S0 S3"},
			"a class":      {c.office, roster.Listing{Class: "k0002"}, "S2"},
			"a name":       {c.office, roster.Listing{Name: "古丽"}, "S1"},
			"another year": {c.office, roster.Listing{Cohort: "2023"}, ""},
			"a scope":      {c.secretary, roster.Listing{}, "S1 S2"},
			"both":         {c.secretary, roster.Listing{College: "c02"}, ""},
		} {
			list, err := c.Places(t.Context(), row.who, row.l)
			c.ok(err)
			var got []string
			for _, p := range list {
				got = append(got, p.Number)
			}
			if strings.Join(got, " ") != row.want {
				t.Errorf("%s: %v, want %s", what, got, row.want)
			}
		}
	})
}

// TestRevealIsWrittenDownAndSeen: who looked at a number, when and why is what the
// graduate reads; nobody looks without a reason (P10, C8).
func TestRevealIsWrittenDownAndSeen(t *testing.T) {
	eachChecking(t, func(t *testing.T, c *checking) {
		ctx := t.Context()
		counsellor := byStaff("counsellor", access.Counsellor, access.Classes("k0001"))
		f, err := c.File(ctx, counsellor, c.graduate)
		c.ok(err)
		if f.Masked["phone"] != "100****0001" || f.Masked["id_number"] != "990***********0022" || f.Graduate.Secret != nil || strings.Contains(fmt.Sprint(f), "10000000001") {
			t.Errorf("%+v", f)
		}
		v, err := c.Reveal(ctx, counsellor, c.graduate, "phone", "联系本人")
		if err != nil || v != "10000000001" {
			t.Errorf("%q, %v", v, err)
		}
		for what, err := range map[string]struct {
			err  error
			want fault.Kind
		}{
			"no reason":               {errOf(c.Reveal(ctx, counsellor, c.graduate, "phone", " ")), fault.Invalid},
			"a number beyond the job": {errOf(c.Reveal(ctx, counsellor, c.graduate, "id_number", "核对证件")), fault.Forbidden},
			"another college":         {errOf(c.Reveal(ctx, c.stranger, c.graduate, "phone", "联系本人")), fault.NotFound},
			"a console":               {errOf(c.Reveal(ctx, rosterOffice, c.graduate, "phone", "联系本人")), fault.Forbidden},
			"a field that is open":    {errOf(c.Reveal(ctx, c.office, c.graduate, "politics", "联系本人")), fault.Forbidden},
			"the file elsewhere":      {errOf(c.File(ctx, c.stranger, c.graduate)), fault.NotFound},
			"the file by a graduate":  {errOf(c.File(ctx, c.self, c.graduate)), fault.Forbidden},
			"somebody else's viewers": {errOf(c.Seen(ctx, c.other, c.graduate)), fault.NotFound},
		} {
			c.no(what, err.err, err.want)
		}
		seen, err := c.Seen(ctx, c.self, c.graduate)
		if err != nil || len(seen) != 1 || seen[0].Account != "counsellor" || seen[0].What != "手机号码" || seen[0].Reason != "联系本人" {
			t.Errorf("%+v, %v", seen, err)
		}
	})
}

// TestSavedViews are an account's own; the same name replaces.
func TestSavedViews(t *testing.T) {
	eachChecking(t, func(t *testing.T, c *checking) {
		ctx := t.Context()
		for _, id := range []string{"secretary", "stranger"} {
			c.ok(c.store.InTx(ctx, func(ctx context.Context) error {
				if err := c.store.SaveAccount(ctx, access.Account{ID: id, Login: id, Name: id}); err != nil {
					return err
				}
				return c.store.Write(ctx, c.office, "test", "", nil)
			}))
		}
		c.ok(c.KeepView(ctx, c.secretary, "/graduates", " 未登记 ", "state=unregistered"))
		c.ok(c.KeepView(ctx, c.secretary, "/graduates", "未登记", "state=unregistered&cohort=2024"))
		c.no("without a name", c.KeepView(ctx, c.secretary, "/graduates", "", "x"), fault.Invalid)
		mine, err := c.Views(ctx, c.secretary, "/graduates")
		if err != nil || len(mine) != 1 || mine[0].Query != "state=unregistered&cohort=2024" {
			t.Fatalf("%+v, %v", mine, err)
		}
		c.ok(c.DropView(ctx, c.stranger, mine[0].ID)) // not theirs: stays
		if others, err := c.Views(ctx, c.stranger, "/graduates"); err != nil || len(others) != 0 {
			t.Errorf("%+v, %v", others, err)
		}
		if mine, _ = c.Views(ctx, c.secretary, "/graduates"); len(mine) != 1 {
			t.Error("somebody else dropped it")
		}
		c.ok(c.DropView(ctx, c.secretary, mine[0].ID))
		if mine, _ = c.Views(ctx, c.secretary, "/graduates"); len(mine) != 0 {
			t.Error("it is still there")
		}
	})
}

// TestKeepers are those whose scope and term hold the graduate.
func TestKeepers(t *testing.T) {
	eachChecking(t, func(t *testing.T, c *checking) {
		s := access.Service{Store: c.store, Audit: c.store, Now: func() calendar.Instant { return calendar.Day("2024-06-01").Start() }}
		c.ok(c.store.InTx(t.Context(), func(ctx context.Context) error {
			for _, a := range []access.Account{
				{ID: "a1", Login: "a1", Name: "秘书", Grants: []access.Grant{{Role: access.CollegeSecretary, Over: access.Colleges("c01")}}},
				{ID: "a2", Login: "a2", Name: "辅导员", Grants: []access.Grant{{Role: access.Counsellor, Over: access.Classes("k0001"), Begins: "2023-09-01"}}},
				{ID: "a3", Login: "a3", Name: "从前的", Grants: []access.Grant{{Role: access.Counsellor, Over: access.Classes("k0001"), Ends: "2024-05-31"}}},
				{ID: "a4", Login: "a4", Name: "别班的", Grants: []access.Grant{{Role: access.Counsellor, Over: access.Classes("k0002")}}},
				{ID: "a5", Login: "a5", Name: "停用的", Disabled: true, Grants: []access.Grant{{Role: access.Counsellor, Over: access.Classes("k0001")}}},
			} {
				if err := c.store.SaveAccount(ctx, a); err != nil {
					return err
				}
			}
			return c.store.Write(ctx, c.office, "test", "", nil)
		}))
		got, err := s.Keepers(t.Context(), c.office, c.graduate, "c01", "k0001")
		if err != nil || len(got) != 2 || got[0].Name != "辅导员" || got[0].Since != "2023-09-01" || got[1].Name != "秘书" {
			t.Errorf("%+v, %v", got, err)
		}
		called, err := s.Called(t.Context(), []string{"a2", "console:root", "gone"})
		if err != nil || called["a2"] != (access.Called{Name: "辅导员", Title: "辅导员"}) || called["console:root"].Name != "命令行" || called["gone"].Name != "" {
			t.Errorf("%+v, %v", called, err)
		}
	})
}
