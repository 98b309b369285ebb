package release

import (
	"testing"

	"quxiang/internal/domain/calendar"
)

// TestShownFirst: of each cohort the figures of the latest day are public, whenever they
// were released; of one day those that were released last; never what is not released.
func TestShownFirst(t *testing.T) {
	snap := func(name, cohort string, cut, at calendar.Instant) Snapshot {
		s := Snapshot{Name: name, Cohort: cohort, Cut: calendar.Cut{True: cut}}
		if at > 0 {
			s.Release = &Approval{At: at}
		}
		return s
	}
	var names []string
	for _, s := range shownFirst([]Snapshot{
		snap("final", "2023", 20, 30), snap("compared", "2023", 10, 99), snap("draft", "2023", 40, 0),
		snap("first", "2024", 50, 60), snap("corrected", "2024", 50, 70), snap("never", "2022", 5, 0),
	}) {
		names = append(names, s.Name)
	}
	if len(names) != 2 || names[0] != "corrected" || names[1] != "final" {
		t.Errorf("public are %v", names)
	}
}
