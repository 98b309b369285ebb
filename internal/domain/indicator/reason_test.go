package indicator

import "testing"

// TestEveryReasonHasItsOwnTitle: a reason without one would be a blank column.
func TestEveryReasonHasItsOwnTitle(t *testing.T) {
	seen := map[string]bool{"": true}
	for _, id := range reasons {
		title := Reason{ID: id}.Title()
		if seen[title] {
			t.Errorf("%s is called %q", id, title)
		}
		seen[title] = true
	}
	if got := (Reason{ID: "nothing"}).Title(); got != "" {
		t.Errorf("what is no reason is called %q", got)
	}
}
