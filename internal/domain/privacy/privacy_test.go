package privacy

import (
	"testing"

	"quxiang/internal/domain/calendar"
)

// TestRegisterIsWhole: each purpose says all that a notice must say; what rests on
// consent has words, what does not has none (C7, C9).
func TestRegisterIsWhole(t *testing.T) {
	seen := map[string]bool{}
	for _, p := range Register() {
		for name, v := range map[string]string{"title": p.Title, "law": p.Law, "fields": p.Fields, "seen by": p.SeenBy, "given to": p.GivenTo, "kept": p.Kept} {
			if v == "" {
				t.Errorf("%s has no %s", p.ID, name)
			}
		}
		if (p.Basis == Consent) != (p.Words != "") || p.Basis != Consent && p.Basis != Duty || seen[p.ID] {
			t.Errorf("%s: ground %q with words %q", p.ID, p.Basis, p.Words)
		}
		seen[p.ID] = true
	}
	for _, id := range []string{ForEmployers, ForPublicLists, ForSurveys, ForAlumni} {
		if p, ok := PurposeByID(id); !ok || p.Basis != Consent {
			t.Errorf("%s is no purpose that needs consent", id)
		}
	}
}

// TestConsentToOldWordsIsNone: other words are asked for anew (C9).
func TestConsentToOldWordsIsNone(t *testing.T) {
	for _, c := range []struct {
		choice Choice
		want   bool
		lapsed bool
	}{
		{Choice{Purpose: ForAlumni, Version: WordsVersion, Given: true, At: 1}, true, false},
		{Choice{Purpose: ForAlumni, Version: "2020-01", Given: true, At: 1}, false, true},
		{Choice{Purpose: ForAlumni, Version: WordsVersion, At: 1}, false, false},
	} {
		for _, s := range standings([]Choice{c.choice}) {
			if s.Purpose.ID == ForAlumni && (s.Given != c.want || s.Lapsed != c.lapsed) || s.Purpose.ID != ForAlumni && s.Given {
				t.Errorf("%+v: %+v", c.choice, s)
			}
		}
	}
}

func TestWorkingDays(t *testing.T) {
	for n, want := range map[int]calendar.Day{0: "2026-06-05", 1: "2026-06-08", 5: "2026-06-12", 15: "2026-06-26"} {
		if got := afterWorkdays("2026-06-05", n); got != want { // a Friday
			t.Errorf("%d: %s, want %s", n, got, want)
		}
	}
}
