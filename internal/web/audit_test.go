package web

import "testing"

// TestDetailsAreInWords: an entry of the trail names fields and kinds of files as
// people do; what nobody named stays as it is.
func TestDetailsAreInWords(t *testing.T) {
	for text, want := range map[string]string{
		`{"kind":"reconcile"}`:                "类别：与上级系统核对",
		`{"kind":"roster"}`:                   "类别：生源",
		`{"field":"class","correction":"c1"}`: "更正编号：c1；栏目：班级",
		`{"field":"nothing","reason":"kept"}`: "栏目：nothing；理由：kept",
	} {
		if got := detailLine(text); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
}
