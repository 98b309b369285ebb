package main

import (
	"strings"
	"testing"
)

// TestUserReset: whoever has the machine lets a security administrator in again.
func TestUserReset(t *testing.T) {
	s := newSchool(t, "")
	s.must(0, "user", "add", "guard", "--name", "安", "--role", "security_administrator")
	out, _ := s.must(0, "user", "reset", "guard", "--factor")
	if !strings.Contains(out, "/password/") || !strings.Contains(out, "第二道验证已取消") {
		t.Errorf("said %s", out)
	}
	if _, errs := s.must(1, "user", "reset", "nobody"); !strings.Contains(errs, "nobody") {
		t.Errorf("refused as %s", errs)
	}
	s.must(0, "verify")
}
