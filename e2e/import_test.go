package e2e

import (
	"encoding/base64"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"quxiang/internal/app"
	"quxiang/internal/domain/access"
	"quxiang/internal/domain/history"
)

// table keeps a file to choose.
func table(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// download fetches the table behind a link of that label, as a click would.
func (w *walker) download(words string) (rows [][]string) {
	w.t.Helper()
	w.find("thing", words)
	content := eval[string](w.t, w.ctx, `fetch(document.querySelector("`+marked+`").href).then(r => {
		if (!r.ok || !(r.headers.get("Content-Disposition") || "").startsWith("attachment")) { throw new Error("no download: " + r.status) }
		return r.blob()
	}).then(b => new Promise(done => {
		const reader = new FileReader()
		reader.onload = () => done(reader.result.split(",")[1])
		reader.readAsDataURL(b)
	}))`)
	plain, err := base64.StdEncoding.DecodeString(content)
	if err != nil {
		w.t.Fatal(err)
	}
	source, err := app.TableFile("x.xlsx", plain).Open(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	for {
		row, err := source.Next()
		if err != nil {
			return rows
		}
		rows = append(rows, row.Cells)
	}
}

// lines writes rows as a file of comma-separated values.
func lines(rows [][]string) string {
	var b strings.Builder
	for _, r := range rows {
		b.WriteString(strings.Join(r, ",") + "\n")
	}
	return b.String()
}

// TestImportWalk: the template, a file with a bad row, which changes nothing; the
// rows to mend, mended; confirmed twice and one batch; undone.
func TestImportWalk(t *testing.T) {
	ctx, c := browser(t), openCampus(t)
	w := c.window(ctx, "desk", true)
	w.open(c.staff("zhou", "周澜", access.Grant{Role: access.Office, Over: access.School()}))
	batches, people := c.batches(), c.people()

	w.open("/import")
	w.examined()
	w.press("生源", "下载生源模板", "上传并检查")
	w.examined()
	if head := w.download("下载生源模板")[0]; len(head) < 4 {
		t.Errorf("the template's columns: %q", head)
	}
	w.held("上传并检查", "文件")
	w.fill("届", c.cohort)
	w.attach("文件", table(t, "新增.csv", "学号,姓名,学历\n249001,闻人语,本科\n249002,闻人言,大本\n"+number(0)+",林测0,硕士\n"))
	w.press("上传并检查", "被拒", "库里一个字没动", "249002", "大本", "下载要改的 1 行", "林测0")
	w.examined()
	if eval[bool](t, w.ctx, `[...document.querySelectorAll("main button")].some(b => b.textContent.includes("确认写入"))`) {
		t.Error("a file with a refused row can be confirmed")
	}
	if c.batches() != batches || c.people() != people {
		t.Error("a refused file has written something")
	}
	mend(c, w)

	w.lost("确认写入 3 行")
	w.press("确认写入 3 行", "已写入 3 行", "新增 2 · 修改 1", "撤销这次导入")
	w.examined()
	if c.batches() != batches+1 || c.people() != people+2 {
		t.Errorf("%d batches more, %d people more", c.batches()-batches, c.people()-people)
	}
	w.press("撤销这次导入", "撤销会做什么", "做不到什么")
	w.examined()
	w.twice("撤销这次导入", "已撤销：新增.csv")
	w.examined()
	if got := c.people(); got != people {
		t.Errorf("after the undoing %d people, want %d", got, people)
	}
}

// mend downloads the refused row, mends it and brings it back.
func mend(c *campus, w *walker) {
	w.t.Helper()
	rows := w.download("下载要改的 1 行")
	if len(rows) != 2 || rows[0][0] != "原行号" || rows[1][0] != "3" || !strings.Contains(rows[1][1], "学历") {
		w.t.Fatalf("rows to mend: %q", rows)
	}
	for i, cell := range rows[1] {
		if cell == "大本" {
			rows[1][i] = "本科"
		}
	}
	w.attach("改好的文件", table(w.t, "改好.csv", lines(rows)))
	w.press("上传改好的文件", "已并入改好的 1 行", "确认写入 3 行", "修改 1")
	w.examined()
}

// batches counts what was imported.
func (c *campus) batches() int {
	c.t.Helper()
	list, err := c.app.Store.BatchList(c.t.Context())
	if err != nil {
		c.t.Fatal(err)
	}
	return len(list)
}

// people counts the graduates who have not left the roster.
func (c *campus) people() (n int) {
	c.t.Helper()
	list, err := c.app.Store.Graduates(c.t.Context(), access.School(), c.cohort, "", 500)
	if err != nil {
		c.t.Fatal(err)
	}
	for i := range list {
		if list[i].Attrs.Value(history.Left) != history.True {
			n++
		}
	}
	return n
}
