package ident

import (
	"slices"
	"testing"
	"time"
)

func TestNewIsUniqueAndSortsByItsMoment(t *testing.T) {
	seen := map[string]bool{}
	var early []string
	for range 1000 {
		id := New()
		if len(id) != 26 || seen[id] {
			t.Fatalf("%q is no id, or came twice", id)
		}
		seen[id] = true
		early = append(early, id)
	}
	time.Sleep(2 * time.Millisecond)
	if late := New(); late <= slices.Max(early) {
		t.Errorf("%s was made after %s and sorts before it", late, slices.Max(early))
	}
}
