package app_test

import (
	"testing"

	"quxiang/internal/domain/access"
	"quxiang/internal/store/storetest"
)

// TestADiskThatFillsUp: from 90 in 100 those are told who can do something about it;
// from 95 papers and files of imports are refused with nothing typed lost, and what
// needs no paper is registered as ever; with room again all goes on (R6).
func TestADiskThatFillsUp(t *testing.T) {
	c := newCampus(t, storetest.SQLite(t))
	office, admin, counsellor := c.as(access.Office), c.as(access.Administrator), c.as(access.Counsellor)
	one, other := c.student("240001"), c.student("240003")
	send := one.ready("240001")
	other.follow("no work", "/mine/register", "/mine/register", "code", "70-SEEK")

	office.without("with room", "/", "服务器磁盘")
	one.wanted("with room", one.get("/readyz"), 200, "ok")
	one.without("with room", "/readyz", "disk")

	c.app.DiskIs(6<<20, 100<<20)
	office.want("nine tenths", "/", 200, "服务器磁盘已用 94%，还剩 6 MB", "扩容")
	admin.want("nine tenths", "/accounts", 200, "服务器磁盘已用 94%")
	counsellor.without("nine tenths", "/", "服务器磁盘")
	one.without("nine tenths", "/mine", "服务器磁盘")
	one.wanted("nine tenths", one.get("/readyz"), 200, "disk: low")

	c.app.DiskIs(4<<20, 100<<20)
	office.want("tight", "/", 200, "服务器磁盘已用 96%", "已经停收")
	got := send()
	one.wanted("a paper", got, 503, "服务器磁盘快满了", `value="丙县人民武装部"`)
	if got.Header().Get("Retry-After") == "" || c.submissions("240001") != 0 {
		t.Errorf("come again after %q, %d submissions", got.Header().Get("Retry-After"), c.submissions("240001"))
	}
	office.wanted("an import", office.upload("/import/roster", "/import/roster", "生源.csv", "学号,姓名,学历\n250001,甲,本科\n", "cohort", "2025"), 503, "服务器磁盘快满了")
	other.led("no paper", other.fill(registerAt, registerAt, "", "", nil, "wanted", "医院", "attest", "yes", "do", "submit")())
	if n := c.submissions("240003"); n != 1 {
		t.Errorf("%d submissions without a paper", n)
	}

	c.app.DiskIs(50<<20, 100<<20)
	one.led("with room again", send())
	office.without("with room again", "/", "服务器磁盘")
}
