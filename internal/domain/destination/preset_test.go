package destination

import (
	"testing"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/codes"
)

func TestPresets(t *testing.T) {
	for id, want := range map[string]struct{ own, freelance string }{
		"counsellor-college-school": {"辅导员—学院—学校", "辅导员—学院—学校"},
		"college-school":            {"学院—学校", "学院—学校"},
		"school":                    {"学校", "学院—学校"},
	} {
		c, ok := PresetByID(id)
		if !ok || c.Validate() != nil || c.Preset() != id {
			t.Fatalf("%s: %v %v is %q", id, ok, c.Validate(), c.Preset())
		}
		r := Review{Chain: c, Book: codes.Builtin()}
		if c.Titles() != want.own || r.TitlesFor("10") != want.own || r.TitlesFor("76") != want.freelance {
			t.Errorf("%s: %s, 10 %s, 76 %s", id, c.Titles(), r.TitlesFor("10"), r.TitlesFor("76"))
		}
	}
	if _, ok := PresetByID("nobody"); ok {
		t.Error("a preset without a name")
	}
	odd := DefaultChain()
	odd.Levels[0].Title = "班主任"
	if odd.Preset() != "" {
		t.Error("a chain of the school's own is a preset")
	}
}

// TestAChainKeptBeforeGoesOn: a school that kept its chain while school leaders
// reviewed still starts, and the office reviews.
func TestAChainKeptBeforeGoesOn(t *testing.T) {
	kept := DefaultChain()
	kept.Levels[2].Roles = []access.Role{access.Office, access.SchoolLeader}
	if kept.Validate() == nil {
		t.Error("a school leader reviews")
	}
	if now := kept.Reviewing(); now.Validate() != nil || now.Preset() != "counsellor-college-school" || len(kept.Levels[2].Roles) != 2 {
		t.Errorf("%+v", now)
	}
}
