package fault

import (
	"errors"
	"fmt"
	"testing"
)

func TestKindSurvivesWrapping(t *testing.T) {
	for want, err := range map[Kind]error{
		NotFound: NotFoundf("id", "没有"), Invalid: Invalidf("day", "“%s”不对", "x"), Conflict: Conflictf("", "冲突"),
		Forbidden: Forbiddenf("", "无权"), Usage: Usagef("file", "读不了"), Unavailable: Unavailablef("", "满了"),
	} {
		if got := KindOf(fmt.Errorf("outer: %w", errors.Join(errors.New("x"), err))); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	if KindOf(errors.New("disk on fire")) != "" || KindOf(nil) != "" {
		t.Error("a defect is no refusal")
	}
	if got := Invalidf("day", "“%s”不对", "x").Error(); got != "“x”不对" {
		t.Errorf("the message is for people alone: %q", got)
	}
}
