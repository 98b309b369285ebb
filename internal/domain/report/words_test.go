package report

import "testing"

// TestWayOf: 逐年 is said of three cohorts or more that all go one way, and of nothing else
// (L9).
func TestWayOf(t *testing.T) {
	for _, c := range []struct {
		values []int
		share  bool
		want   string
	}{
		{[]int{258, 268, 301}, false, "逐年增加"},
		{[]int{2418, 2374, 2453}, true, "有升有降"},
		{[]int{3, 2, 1}, true, "逐年下降"},
		{[]int{1, 2}, true, "上升"},
		{[]int{2, 1}, false, "减少"},
		{[]int{5, 5, 5}, false, "保持不变"},
		{[]int{5, 5, 6}, false, "总体增加"},
		{[]int{6, 5, 5}, true, "总体下降"},
	} {
		if got := wayOf(c.values, c.share); got != c.want {
			t.Errorf("%v: %s, not %s", c.values, got, c.want)
		}
	}
}

func TestAgrees(t *testing.T) {
	for _, c := range []struct {
		said, word string
		want       bool
	}{
		{"逐年稳步增长", "逐年增加", true}, {"持续上升", "逐年上升", true}, {"逐年增长", "有增有减", false}, {"逐年提高", "逐年上升", true}, {"下降", "上升", false}, {"逐年增长", "逐年上升", true}, {"上升", "逐年上升", true}, {"逐年上升", "上升", false}, {"逐年持续上升", "逐年上升", true},
	} {
		if agrees(c.said, c.word) != c.want {
			t.Errorf("%s for %s: not %v", c.said, c.word, c.want)
		}
	}
}

func TestNumberText(t *testing.T) {
	b := bound{Binding: Binding{Format: Share}}
	b.K, b.Base = 921, 1117
	if got := b.text(); got != "82.45%" {
		t.Error(got)
	}
	b.Hidden = true
	if got := b.text(); got != "※" {
		t.Error(got)
	}
	if got := (&bound{Binding: Binding{Format: Share}}).text(); got != "—" {
		t.Error(got)
	}
}
