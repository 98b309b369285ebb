package report

import (
	"strings"
	"testing"

	"quxiang/internal/domain/fault"
)

// TestChange: one line is changed, where it stands by now, and no other.
func TestChange(t *testing.T) {
	const text = "# 一\n\n甲\n乙\n丙\n"
	for name, c := range map[string]struct {
		Change
		want string
		line int
		kind fault.Kind
	}{
		"replaced":                 {Change{Replace, 3, "甲", "子"}, "# 一\n\n子\n乙\n丙\n", 3, ""},
		"two for one":              {Change{Replace, 3, "甲", "子\r\n丑\r\n"}, "# 一\n\n子\n丑\n乙\n丙\n", 3, ""},
		"behind":                   {Change{After, 3, "甲", "子"}, "# 一\n\n甲\n子\n乙\n丙\n", 4, ""},
		"on top":                   {Change{After, 0, "", "子"}, "子\n# 一\n\n甲\n乙\n丙\n", 1, ""},
		"up over a blank line":     {Change{Up, 3, "甲", ""}, "甲\n\n# 一\n乙\n丙\n", 1, ""},
		"down":                     {Change{Down, 3, "甲", ""}, "# 一\n\n乙\n甲\n丙\n", 4, ""},
		"dropped":                  {Change{Drop, 5, "丙", ""}, "# 一\n\n甲\n乙\n", 4, ""},
		"moved by others":          {Change{Replace, 2, "乙", "子"}, "# 一\n\n甲\n子\n丙\n", 4, ""},
		"changed by others":        {Change{Replace, 3, "旧", "子"}, "", 0, fault.Conflict},
		"the last down":            {Change{Down, 5, "丙", ""}, "", 0, fault.Invalid},
		"the first up":             {Change{Up, 1, "# 一", ""}, "", 0, fault.Invalid},
		"with nothing":             {Change{Replace, 3, "甲", " \n"}, "", 0, fault.Invalid},
		"in a way that is unknown": {Change{"turn", 3, "甲", ""}, "", 0, fault.Invalid},
	} {
		got, line, err := c.Apply(text)
		if got != c.want || line != c.line || err != nil && fault.KindOf(err) != c.kind || (err == nil) != (c.want != "") {
			t.Errorf("%s: %q at %d, %v", name, got, line, err)
		}
	}
	if _, _, err := (Change{Replace, 9, "甲", "子"}).Apply("甲\n甲\n"); fault.KindOf(err) != fault.Conflict {
		t.Errorf("one of two alike is changed: %v", err)
	}
}

// TestCompareTexts: each line of both texts is told once, in its own order.
func TestCompareTexts(t *testing.T) {
	texts := []string{"a\nb\nc\n", "a\nc\n", "a\nb\nx\nc\nd\n", "c\nb\na\n", "\n", "a\n\nb\nb\n"}
	for _, was := range texts {
		for _, is := range texts {
			var a, b []string
			for _, l := range CompareTexts(was, is) {
				if l.Was > 0 {
					if a = append(a, l.Text); l.Was != len(a) {
						t.Errorf("%q to %q: line %d is told as %d", was, is, len(a), l.Was)
					}
				}
				if l.Is > 0 {
					if b = append(b, l.Text); l.Is != len(b) {
						t.Errorf("%q to %q: line %d is told as %d", was, is, len(b), l.Is)
					}
				}
			}
			if strings.Join(a, "\n") != strings.TrimRight(was, "\n") || strings.Join(b, "\n") != strings.TrimRight(is, "\n") {
				t.Errorf("%q to %q: told %q and %q", was, is, a, b)
			}
		}
	}
	same := 0
	for _, l := range CompareTexts(texts[0], texts[2]) {
		if l.Was > 0 && l.Is > 0 {
			same++
		}
	}
	if same != 3 {
		t.Errorf("%d lines are the same, want 3", same)
	}
}

// TestLineNow: after others saved, a line is found where it is, or what stands in its place.
func TestLineNow(t *testing.T) {
	for name, c := range map[string]struct {
		was, is           string
		line, now, behind int
	}{
		"the same":       {"a\nb\nc\n", "a\nb\nc\n", 2, 2, 1},
		"moved":          {"a\nb\nc\n", "x\na\nb\nc\n", 2, 3, 2},
		"changed":        {"a\nb\nc\n", "x\na\ny\nc\n", 2, 3, 2},
		"gone":           {"a\nb\nc\n", "a\nc\n", 2, 0, 1},
		"the last, gone": {"a\nb\nc\n", "a\nb\n", 3, 0, 2},
		"first of two":   {"a\nb\nc\nd\n", "a\ny\nd\n", 2, 2, 1},
		"second of two":  {"a\nb\nc\nd\n", "a\ny\nd\n", 3, 0, 2},
		"of nothing":     {"a\n", "a\n", 9, 0, 0},
	} {
		if now, behind := LineNow(c.was, c.is, c.line); now != c.now || behind != c.behind {
			t.Errorf("%s: %d behind %d", name, now, behind)
		}
	}
}
