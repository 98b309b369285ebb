package e2e

import (
	"strings"
	"testing"

	"quxiang/internal/domain/access"
)

// TestReleaseWalk: frozen, looked at as the public will see it, released once the
// whole chain of approval is there, and shown to who is not signed in, without the
// numbers that would name somebody.
func TestReleaseWalk(t *testing.T) {
	ctx, c := browser(t), opened(t, "")
	c.passes(0, c.hires(0, 1, hospitalCredit))
	w, visitor := c.window(ctx, "desk", true), c.window(ctx, "phone", false)
	c.withPassword("zhou", "周澜", access.Grant{Role: access.Office, Over: access.School()})
	w.open("/login")
	w.fill("学号或工号", "zhou")
	w.fill("密码", password)
	w.press("登录", "去向总览")
	visitor.open("/")
	visitor.sees("学校还没有公布毕业去向数据")
	visitor.examined()

	freezes(c, w)
	releases(c, w)

	visitor.open("/")
	visitor.sees(c.cohort+" 届毕业去向", "已于 "+c.today+" 公布", "1 / 24")
	visitor.examined()
	if strings.Contains(eval[string](t, visitor.ctx, `document.documentElement.outerHTML`), "/people?") {
		t.Error("a public number opens people")
	}
	visitor.open("/snapshots/INIT")
	visitor.sees("登录")
}

// freezes takes a snapshot, whose answer is lost at first, and looks at what the
// public will not be told.
func freezes(c *campus, w *walker) {
	w.t.Helper()
	w.open("/snapshots")
	w.sees("还没有快照")
	w.examined()
	w.fill("名称", "初次")
	w.fill("截至（含当日）", c.today)
	w.press("冻结快照", "还差 1 处")
	w.examined()
	w.fill("名称", "INIT")
	w.lost("冻结快照")
	w.press("冻结快照", "INIT", "冻结的数字", "未发布")
	w.examined()
	if n := c.snapshots(); n != 1 {
		w.t.Errorf("%d snapshots", n)
	}
	w.press("按专业", "护理学")
	w.press("公开预览", "※", "不公开", "护理学")
	w.examined()
	w.press("重新核对", "核对一致")
	w.examined()
}

// releases it once every part of the approval is there.
func releases(c *campus, w *walker) {
	w.t.Helper()
	w.press("登记审批并发布", "发布不能撤回")
	w.examined()
	w.fill("就业部门负责人", "办公室主任甲")
	w.held("发布这份快照", "分管校领导")
	w.fill("分管校领导", "办公室主任甲")
	w.fill("校领导批准日期", c.today)
	w.fill("批准记录或会议纪要编号", "纪要 1 号")
	w.fill("主管部门名称", "省教育厅")
	w.press("发布这份快照", "还差", "还缺省级主管部门同意的文件")
	w.examined()
	if got := w.value("批准记录或会议纪要编号"); got != "纪要 1 号" {
		w.t.Errorf("what was typed is %q", got)
	}
	w.fill("同意的文号", "函 1 号")
	w.attach("同意的文件", table(w.t, "函.pdf", "the province's consent"))
	w.press("发布这份快照", "不能是同一人")
	w.examined()
	if n := c.written("snapshot.release"); n != 0 {
		w.t.Errorf("released %d times without the whole chain", n)
	}
	if w.value("文件的校验值（SHA-256）") == "" {
		w.t.Error("the file of the consent must be chosen anew")
	}
	w.fill("分管校领导", "副校长乙")
	w.twice("发布这份快照", "已发布 "+c.today, "副校长乙", "纪要 1 号")
	w.examined()
	if n := c.written("snapshot.release"); n != 1 {
		w.t.Errorf("released %d times", n)
	}
}

// snapshots counts what was frozen.
func (c *campus) snapshots() int {
	c.t.Helper()
	list, err := c.app.Releases.List(c.t.Context(), access.Console("e2e"))
	if err != nil {
		c.t.Fatal(err)
	}
	return len(list)
}
