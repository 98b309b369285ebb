package e2e

import (
	"bytes"
	"io/fs"
	"os"
	"strings"
	"testing"

	"quxiang/internal/domain/access"
)

// doubtfulReport has a wrong total and a share whose last digit is off; its name and its
// school's are found nowhere else.
const doubtfulReport = `某某星海学院毕业生就业质量年度报告
表 1-1 毕业生规模
学历	男	女	合计
本科	310	420	730
硕士	105	96	201
博士	17	12	29
合计	432	528	962

表 1-2 毕业去向
去向	人数	比例（%）
协议就业	410	57.02
升学	205	28.51
待就业	104	14.45
合计	719	100.00
`

// TestProofreadWalk: a report is checked, its findings filtered and dismissed with a
// reason, and taken home, with scripts and without; nothing of it stays with the school.
func TestProofreadWalk(t *testing.T) {
	ctx, c := browser(t), openCampus(t)
	login := c.staff("zhou", "周澜", access.Grant{Role: access.Office, Over: access.School()})
	file := table(t, "星海年报.txt", doubtfulReport)
	for _, scripts := range []bool{true, false} {
		t.Run(map[bool]string{true: "scripts", false: "no scripts"}[scripts], func(t *testing.T) {
			w := c.window(ctx, "desk", scripts)
			w.t = t
			w.open(login)
			w.open("/proofread")
			w.sees("文件只在内存里检查，不保存")
			w.examined()
			w.held("检查", "要检查的报告")
			w.attach("要检查的报告", file)
			says := []string{"星海年报.txt", "读了 2 张表", "印的是 962，应为 960"}
			if scripts { // the page stays, and its file stays chosen
				w.tap("检查")
				w.sees(says...)
			} else {
				w.press("检查", says...)
			}
			w.examined()
			if scripts {
				narrowed(w)
				dropped(w)
			} else if eval[bool](t, w.ctx, `[...document.querySelectorAll(".pf-off, #pf-kinds")].some(e => e.getClientRects().length > 0)`) {
				t.Error("without scripts there are buttons that do nothing")
			}
			w.open("/proofread")
			if s := text(t, w.ctx); strings.Contains(s, "962") || strings.Contains(s, "星海") {
				t.Errorf("the report is still there: %s", s)
			}
		})
	}
	kept(t, c)
}

// narrowed filters by kind, dismisses with a reason, and takes the marked report home.
func narrowed(w *walker) {
	w.t.Helper()
	shown := func() int {
		return eval[int](w.t, w.ctx, `[...document.querySelectorAll(".pf-list li")].filter(e => e.getClientRects().length > 0).length`)
	}
	all := shown()
	w.tap("舍入")
	if n := shown(); n != all-1 {
		w.t.Errorf("%d of %d findings are shown without those of rounding", n, all)
	}
	w.tap("舍入")
	w.tap("忽略这一条")
	if !eval[bool](w.t, w.ctx, `document.querySelector(".pf-list li input").getAttribute("aria-invalid") === "true" && !document.querySelector(".pf-list li.off")`) {
		w.t.Error("a finding is dismissed without a reason")
	}
	w.fill("不是问题，因为", "按附表口径")
	w.tap("忽略这一条")
	w.sees("已忽略 1 条", "不忽略了")
	w.examined()
	marked := `(() => { const f = document.getElementById("pf"); const d = new FormData(f); d.append("do", "marked"); return fetch(f.action, {method: "POST", body: d}).then(r => r.text()) })()`
	page := eval[string](w.t, w.ctx, marked)
	if strings.Contains(page, "应为 960") || !strings.Contains(page, "应为 14.46") {
		w.t.Errorf("taken home without what was dismissed: %.2000s", page)
	}
	w.tap("不忽略了")
	if page := eval[string](w.t, w.ctx, marked); !strings.Contains(page, "应为 960") {
		w.t.Error("what is no longer dismissed is missing")
	}
}

// dropped brings another file by dropping it on the form.
func dropped(w *walker) {
	w.t.Helper()
	got := eval[string](w.t, w.ctx, `(() => {
		const data = new DataTransfer()
		data.items.add(new File([`+"`表 1-1 规模\\n学历\\t男\\t女\\t合计\\n本科\\t3\\t4\\t7\\n硕士\\t1\\t1\\t2\\n博士\\t1\\t2\\t3\\n合计\\t5\\t7\\t12\\n`"+`], "好.txt", {type: "text/plain"}))
		for (const kind of ["dragover", "drop"]) { document.querySelector(".pf-form").dispatchEvent(new DragEvent(kind, {dataTransfer: data, bubbles: true, cancelable: true})) }
		return [...document.querySelector("#pf input[type=file]").files].map(f => f.name).join()
	})()`)
	if got != "好.txt" {
		w.t.Errorf("dropped, and chosen is %q", got)
	}
	w.tap("检查")
	w.sees("好.txt", "没有发现前后矛盾的数字")
	if strings.Contains(text(w.t, w.ctx), "962") {
		w.t.Error("the findings of the report before are still there")
	}
}

// kept looks for the report in everything that the school keeps.
func kept(t *testing.T, c *campus) {
	t.Helper()
	seen := 0
	err := fs.WalkDir(os.DirFS(c.data), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		content, err := os.ReadFile(c.data + "/" + path)
		seen += len(content)
		if bytes.Contains(content, []byte("星海")) {
			t.Errorf("the report is kept in %s", path)
		}
		return err
	})
	if err != nil || seen == 0 {
		t.Fatal(seen, err)
	}
}
