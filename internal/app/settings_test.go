package app_test

import (
	"testing"

	"quxiang/internal/app"
	"quxiang/internal/domain/access"
	"quxiang/internal/domain/audit"
	"quxiang/internal/domain/destination"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/settings"
)

// TestSettings: what the office decides is in force at once and after a restart,
// once, and nobody else decides it.
func TestSettings(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		office := access.Actor{Account: "o", Grants: []access.Grant{{Role: access.Office, Over: access.School()}}}
		s := c.app.Settings
		if s.Chain().Titles() != "辅导员—学院—学校" || s.Values().FullList {
			t.Errorf("a new school: %+v", s.Values())
		}
		chosen := settings.Values{Chain: destination.Presets()[2].Chain, SourceUntil: "2024-04-30", FullList: true}
		for range 2 {
			if err := s.Change(t.Context(), office, chosen); err != nil {
				t.Fatal(err)
			}
		}
		if n := len(c.entries(audit.Filter{Action: "settings.change"})); n != 1 {
			t.Errorf("%d entries", n)
		}
		for _, r := range s.Rules() {
			if r.ID == "A22" && !r.Switches["full_list"] {
				t.Error("A22 is not told of the full list")
			}
		}
		for name, bad := range map[string]settings.Values{
			"no level":     {Chain: destination.Chain{}},
			"a day no day": {Chain: chosen.Chain, SourceUntil: "2024-4-30"},
		} {
			if err := s.Change(t.Context(), office, bad); fault.KindOf(err) != fault.Invalid {
				t.Errorf("%s: %v", name, err)
			}
		}
		for name, g := range map[string]access.Grant{
			"college's office": {Role: access.Office, Over: access.Colleges("c")}, "school leader": {Role: access.SchoolLeader, Over: access.School()},
			"administrator": {Role: access.Administrator, Over: access.School()},
		} {
			if err := s.Change(t.Context(), access.Actor{Account: "x", Grants: []access.Grant{g}}, settings.Defaults()); fault.KindOf(err) != fault.Forbidden {
				t.Errorf("%s: %v", name, err)
			}
		}
		conf := c.app.Config
		if err := c.app.Close(); err != nil {
			t.Fatal(err)
		}
		again, err := app.Open(t.Context(), conf, app.Serving)
		if err != nil {
			t.Fatal(err)
		}
		defer again.Close()
		if again.Settings.Chain().Preset() != "school" || again.Settings.Values().SourceUntil != "2024-04-30" || !again.Settings.Values().FullList {
			t.Errorf("after a restart: %+v", again.Settings.Values())
		}
	})
}
