package app_test

import (
	"fmt"
	"testing"

	"quxiang/internal/app"
	"quxiang/internal/domain/access"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/roster"
)

// TestAClassIsInvitedOnceOnly: who has a password gets a new code one by one, with a
// reason; no form asks for a whole class (X32).
func TestAClassIsInvitedOnceOnly(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		if _, err := c.activate(c.invited("240060"), aPassword); err != nil {
			t.Fatal(err)
		}
		who := of("x", access.Counsellor, access.Classes(c.unit("药学一班")))
		for _, reach := range []access.Reach{access.Everyone, "", "x"} {
			slips, err := c.app.Accounts.InviteUnits(t.Context(), who, access.Whom{Classes: []string{c.unit("药学一班")}}, reach)
			if fault.KindOf(err) != fault.Invalid || len(slips) > 0 {
				t.Errorf("%q: %d slips, %v", reach, len(slips), err)
			}
		}
	})
}

// TestSlipsOfAWholeCohortLieByClass: more people than one question to the store
// names still come class by class, as slips are cut and handed out.
func TestSlipsOfAWholeCohortLieByClass(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		table := "学号,姓名,学院,专业,班级,学历\n"
		for i := range 520 {
			table += fmt.Sprintf("25%04d,林某,药学院,药学,药学%d班,本科\n", i, i%2)
		}
		who := access.Console("test")
		if report, err := c.app.Roster.Import(t.Context(), who, app.TableFile("r.csv", []byte(table)), roster.ImportOptions{Cohort: "2025"}); err != nil || report.Refused > 0 {
			t.Fatal(err, report.Refusals)
		}
		all, err := c.app.Accounts.Roll(t.Context(), who, access.Whom{Cohort: "2025"})
		if err != nil || len(all) != 520 {
			t.Fatal(err, len(all))
		}
		var ids []string
		for _, p := range all {
			ids = append(ids, p.Graduate)
		}
		slips, err := c.app.Accounts.Invite(t.Context(), who, ids, access.WithoutCode)
		if err != nil || len(slips) != len(ids) {
			t.Fatal(err, len(slips))
		}
		for i, s := range slips {
			if s.Graduate != ids[i] {
				t.Fatalf("slip %d is of class %s, number %s", i, s.Class, s.Number)
			}
		}
	})
}
