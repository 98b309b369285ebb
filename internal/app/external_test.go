package app_test

import (
	"testing"

	"quxiang/internal/app"
	"quxiang/internal/domain/external"
)

// TestDemoExternal: the figures of others in the demo school stand in the order of their
// days, each in the state that it is shown in.
func TestDemoExternal(t *testing.T) {
	a := buildDemo(t, app.Config{Data: t.TempDir() + "/data"}, 100, 1)
	l, err := a.Store.ExternalEntries(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	states := map[external.State]int{}
	for _, f := range l.Figures("") {
		states[f.State]++
		if f.Sure() && f.Checked.Account == f.Entered.Account {
			t.Errorf("%s %s: entered and checked by the same", f.Cohort, f.Key)
		}
	}
	for i := range l {
		if i > 0 && l[i].At < l[i-1].At {
			t.Errorf("entry %d is older than the one before it", l[i].No)
		}
	}
	if states[external.Checked] < 10 || states[external.Entered] != 1 || states[external.Withdrawn] != 1 || states[external.Replaced] != 1 {
		t.Errorf("%v", states)
	}
}
