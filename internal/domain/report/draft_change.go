package report

import (
	"context"
	"slices"
	"strings"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/fault"
)

// Op is what is done to one line of a draft's text.
type Op string

// What can be done to a line.
const (
	Replace Op = "replace"
	After   Op = "after" // a new one is put behind it; behind line 0: at the top
	Up      Op = "up"    // it changes places with the one before
	Down    Op = "down"
	Drop    Op = "drop"
)

// opNotes are what the list of versions says of a change.
var opNotes = map[Op]string{Replace: "改一段", After: "加一段", Up: "上移一段", Down: "下移一段", Drop: "删一段"}

// Change is an edit of one line. Others may edit other lines meanwhile: nothing is lost.
type Change struct {
	Op   Op
	Line int    // 1-based, of the text that its author saw
	Was  string // the line as the author saw it
	Text string // of Replace and After; may be several lines
}

// Apply makes the change and returns the text with the line at which to go on. Errors:
// fault.Invalid for what cannot be done, fault.Conflict where the line is no longer as its
// author saw it.
func (c Change) Apply(text string) (string, int, error) {
	lines := strings.Split(strings.TrimRight(lineEnds(text), "\n"), "\n")
	at, err := c.find(lines)
	if err != nil {
		return "", 0, err
	}
	typed := strings.Trim(lineEnds(c.Text), "\n")
	if (c.Op == Replace || c.Op == After) && strings.TrimSpace(typed) == "" {
		return "", 0, fault.Invalidf("line", "这一段是空的；不要这一段请用“删去”")
	}
	switch c.Op {
	case Replace:
		lines = slices.Replace(lines, at, at+1, strings.Split(typed, "\n")...)
	case After:
		lines = slices.Insert(lines, at+1, strings.Split(typed, "\n")...)
		at++
	case Drop:
		lines = slices.Delete(lines, at, at+1)
		at = max(at-1, 0)
	case Up, Down:
		to := neighbour(lines, at, c.Op)
		if to < 0 {
			return "", 0, fault.Invalidf("line", "这一段已经在最%s面", map[Op]string{Up: "前", Down: "后"}[c.Op])
		}
		lines[at], lines[to] = lines[to], lines[at]
		at = to
	default:
		return "", 0, fault.Invalidf("op", "没有“%s”这种改法", c.Op)
	}
	return strings.Join(lines, "\n") + "\n", at + 1, nil
}

// find is the place of the line: where it was, or where it is by now if it is there once.
func (c Change) find(lines []string) (int, error) {
	if c.Op == After && c.Line == 0 {
		return -1, nil
	}
	same := func(s string) bool { return strings.TrimSpace(s) == strings.TrimSpace(c.Was) }
	if i := c.Line - 1; i >= 0 && i < len(lines) && same(lines[i]) {
		return i, nil
	}
	i := slices.IndexFunc(lines, same)
	if i < 0 {
		return 0, fault.Conflictf("line", "这一段期间被别人改过或删去了；这次的改动还没有保存，请对照现在的文字再改")
	}
	if slices.IndexFunc(lines[i+1:], same) >= 0 {
		return 0, fault.Conflictf("line", "期间有别人改过报告，分不清改的是哪一段；这次的改动还没有保存，请再打开这一段")
	}
	return i, nil
}

// neighbour is the next line in the direction that is not blank; -1: none is.
func neighbour(lines []string, at int, op Op) int {
	step := 1
	if op == Up {
		step = -1
	}
	for i := at + step; i >= 0 && i < len(lines); i += step {
		if strings.TrimSpace(lines[i]) != "" {
			return i
		}
	}
	return -1
}

// Change edits one line of the newest text, whoever saved others meanwhile, and returns
// the version with the line at which to go on.
//
// Errors: fault.Forbidden, fault.NotFound; as Change.Apply and Save.
func (s *Service) Change(ctx context.Context, who access.Actor, id string, c Change) (Version, int, error) {
	if err := writes(who); err != nil {
		return Version{}, 0, err
	}
	for tries := 3; ; tries-- {
		now, err := s.Version(ctx, who, id, 0)
		if err != nil {
			return Version{}, 0, err
		}
		text, line, err := c.Apply(now.Text)
		if err != nil {
			return Version{}, 0, err
		}
		v, err := s.Save(ctx, who, id, Edit{now.Number, now.Title, text, opNotes[c.Op]})
		if fault.KindOf(err) == fault.Conflict && tries > 0 {
			continue // another saved in between: the change is made to what that one saved
		}
		return v, line, err
	}
}
