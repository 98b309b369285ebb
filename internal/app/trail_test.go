package app_test

import (
	"testing"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/audit"
	"quxiang/internal/domain/fault"
)

var auditor = access.Actor{Account: "a", Grants: []access.Grant{{Role: access.Auditor, Over: access.School()}}}

// entries searches the audit trail as the auditor does.
func (c *campus) entries(f audit.Filter) []audit.Entry {
	c.t.Helper()
	list, err := c.app.Trail.Search(c.t.Context(), auditor, f, audit.Key{}, audit.MostEntries)
	if err != nil {
		c.t.Fatal(err)
	}
	return list
}

// TestTrail: every condition narrows, pages join without a gap, and only who
// reads the trail may.
func TestTrail(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		a, _ := c.account("office", "", access.Grant{Role: access.Office, Over: access.School()})
		w := c.enter(a)
		for range 3 {
			w.want("list", "/people?cohort=2024", 200)
		}
		all := c.entries(audit.Filter{})
		for i := 1; i < len(all); i++ {
			if all[i].At > all[i-1].At {
				t.Fatal("not the newest first")
			}
		}
		own := c.entries(audit.Filter{Account: a.ID, Action: "people.view"})
		if len(own) != 3 || own[0].Account != a.ID || own[0].Action != "people.view" || own[0].Detail != `{"people":"65"}` {
			t.Errorf("%d opened: %+v", len(own), own)
		}
		if got := c.entries(audit.Filter{Subject: own[0].Subject}); len(got) != 3 {
			t.Errorf("%d about the list", len(got))
		}
		for _, e := range c.entries(audit.Filter{Action: "account."}) {
			if e.Action[:8] != "account." {
				t.Errorf("group: %s", e.Action)
			}
		}
		if len(c.entries(audit.Filter{Action: "account."})) == 0 || len(c.entries(audit.Filter{To: "2001-01-01"})) != 0 ||
			len(c.entries(audit.Filter{From: "2001-01-01"})) != len(all) {
			t.Error("days or groups do not narrow")
		}
		var paged []audit.Entry
		for after := (audit.Key{}); ; {
			page, err := c.app.Trail.Search(t.Context(), auditor, audit.Filter{}, after, 2)
			if err != nil {
				t.Fatal(err)
			}
			if len(page) == 0 {
				break
			}
			paged = append(paged, page...)
			after = audit.Key{At: page[len(page)-1].At, ID: page[len(page)-1].ID}
		}
		if len(paged) != len(all) {
			t.Errorf("%d by pages, %d at once", len(paged), len(all))
		}
		_, err := c.app.Trail.Search(t.Context(), auditor, audit.Filter{From: "2024-02-02", To: "2024-02-01"}, audit.Key{}, 1)
		if fault.KindOf(err) != fault.Invalid {
			t.Error(err)
		}
		state, err := c.app.Trail.State(t.Context(), auditor)
		if err != nil || state.Newest.N+int64(state.Waiting) != int64(len(all)) || state.Checked.At != 0 {
			t.Errorf("%+v %v", state, err)
		}
		for _, r := range []access.Role{access.Office, access.SchoolLeader, access.Counsellor} {
			who := access.Actor{Account: "x", Grants: []access.Grant{{Role: r, Over: access.School()}}}
			if _, err := c.app.Trail.Search(t.Context(), who, audit.Filter{}, audit.Key{}, 1); fault.KindOf(err) != fault.Forbidden {
				t.Errorf("%s: %v", r, err)
			}
		}
		exported := 0
		if err := c.app.Trail.Export(t.Context(), auditor, audit.Filter{Action: "account."}, func(audit.Entry) error { exported++; return nil }); err != nil || exported == 0 {
			t.Error(exported, err)
		}
		if got := c.entries(audit.Filter{Action: "audit.export"}); len(got) != 1 || got[0].Detail != `{"action":"account."}` {
			t.Errorf("%+v", got)
		}
	})
}
