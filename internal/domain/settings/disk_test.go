package settings

import (
	"strings"
	"testing"

	"quxiang/internal/domain/fault"
)

// TestWatermarks (R6): from 90 in 100 somebody is told, from 95 no file is taken; a
// large disk is not low while gigabytes are left.
func TestWatermarks(t *testing.T) {
	const mb, gb = 1 << 20, 1 << 30
	for name, c := range map[string]struct {
		disk  Disk
		low   bool
		tight bool
	}{
		"unknown":             {Disk{}, false, false},
		"half":                {Disk{50 * gb, 100 * gb}, false, false},
		"just above 90":       {Disk{10*gb - 1, 100 * gb}, true, false},
		"89 of 100":           {Disk{11 * mb, 100 * mb}, false, false},
		"90 of 100":           {Disk{10 * mb, 100 * mb}, true, false},
		"94 of 100":           {Disk{6 * mb, 100 * mb}, true, false},
		"95 of 100":           {Disk{5 * mb, 100 * mb}, true, true},
		"full":                {Disk{0, 100 * gb}, true, true},
		"1 of 100, and large": {Disk{40 * gb, 4000 * gb}, false, false},
		"large, and tight":    {Disk{gb, 4000 * gb}, true, true},
	} {
		if c.disk.Low() != c.low || c.disk.Tight() != c.tight {
			t.Errorf("%s: low %v, tight %v", name, c.disk.Low(), c.disk.Tight())
		}
		if got := c.disk.Warning(); (got != "") != c.low || strings.Contains(got, "已经停收") != c.tight {
			t.Errorf("%s: %q", name, got)
		}
		if err := c.disk.Room(); (fault.KindOf(err) == fault.Unavailable) != c.tight || !c.tight && err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if got := (Disk{6 * mb, 100 * mb}).Warning(); !strings.HasPrefix(got, "服务器磁盘已用 94%，还剩 6 MB。") {
		t.Error(got)
	}
}
