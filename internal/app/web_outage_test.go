package app_test

import (
	"context"
	"syscall"
	"testing"
	"time"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/audit"
	"quxiang/internal/domain/fault"
)

// fullTrail writes nothing: the disk is full.
type fullTrail struct{ audit.Log }

func (fullTrail) Write(context.Context, access.Actor, string, string, map[string]string) error {
	return fault.Outagef(syscall.ENOSPC, "", "服务器磁盘已满，这次没有保存")
}

// TestAFullDiskLosesNothingTyped: a registration that cannot be kept comes back whole
// with 503, pages stay readable, and the same form goes through once there is room (R6).
func TestAFullDiskLosesNothingTyped(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		w := c.student("240001")
		send := w.ready("240001")
		whole := c.app.Destinations.Audit
		c.app.Destinations.Audit = fullTrail{whole}
		got := send()
		w.wanted("full", got, 503, "服务器磁盘已满", `value="丙县人民武装部"`)
		if got.Header().Get("Retry-After") == "" {
			t.Error("nobody is told when to come back")
		}
		w.want("reading", "/mine", 200)
		c.clock += 5 * time.Minute // the session is noted as seen again, or not
		w.want("reading later", "/mine", 200)
		if n := c.submissions("240001"); n != 0 {
			t.Errorf("%d submissions", n)
		}
		c.app.Destinations.Audit = whole
		w.led("with room again", send())
		if n := c.submissions("240001"); n != 1 {
			t.Errorf("%d submissions", n)
		}
	})
}
