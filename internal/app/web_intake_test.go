package app_test

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"quxiang/internal/app"
	"quxiang/internal/domain/access"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/intake"
	"quxiang/internal/domain/roster"
)

// upload opens the page of a form, chooses a file and sends it.
func (w *window) upload(page, action, name, content string, fields ...string) *httptest.ResponseRecorder {
	w.c.t.Helper()
	found := tokenInPage.FindStringSubmatch(w.get(page).Body.String())
	if found == nil {
		w.c.t.Fatalf("no form on %s", page)
	}
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	for i, f := 0, append([]string{"form_token", found[1]}, fields...); i+1 < len(f); i += 2 {
		_ = form.WriteField(f[i], f[i+1])
	}
	if name != "" {
		part, _ := form.CreateFormFile("file", name)
		_, _ = part.Write([]byte(content))
	}
	form.Close()
	r := httptest.NewRequest(http.MethodPost, action, &b)
	r.Host, r.RemoteAddr = "127.0.0.1:8080", w.remote
	r.Header.Set("Content-Type", form.FormDataContentType())
	for k, v := range w.cookies {
		r.AddCookie(&http.Cookie{Name: k, Value: v})
	}
	out := httptest.NewRecorder()
	w.c.pages.ServeHTTP(out, r)
	return out
}

// led returns where an answer leads, and fails if it does not.
func (w *window) led(what string, got *httptest.ResponseRecorder) string {
	w.c.t.Helper()
	if got.Code != http.StatusSeeOther {
		w.c.t.Fatalf("%s: %d %s", what, got.Code, got.Body)
	}
	return got.Header().Get("Location")
}

// cells reads a table file that a page sent.
func (w *window) cells(target string) (rows [][]string) {
	w.c.t.Helper()
	got := w.get(target)
	if got.Code != http.StatusOK || !strings.HasPrefix(got.Header().Get("Content-Disposition"), "attachment") {
		w.c.t.Fatalf("%s: %d %s", target, got.Code, got.Header())
	}
	source, err := app.TableFile("x.xlsx", got.Body.Bytes()).Open(w.c.t.Context())
	if err != nil {
		w.c.t.Fatal(err)
	}
	for {
		row, err := source.Next()
		if err != nil {
			return rows
		}
		rows = append(rows, row.Cells)
	}
}

func csvOf(rows [][]string) string {
	var b strings.Builder
	for _, r := range rows {
		b.WriteString(strings.Join(r, ",") + "\n")
	}
	return b.String()
}

// TestImportWizard: a file with a bad row changes nothing; only that row is mended
// and sent; the whole is confirmed, twice, and is one batch; it is undone.
func TestImportWizard(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		a, _ := c.account("office", "", access.Grant{Role: access.Office, Over: access.School()})
		w := c.enter(a)
		batches := func() []roster.Batch {
			list, err := c.app.Store.BatchList(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			return list
		}
		before := len(batches())
		file := "学号,姓名,学历,身份证号,专业方向,备注二\n240000,林临0,本科,,儿科,x\n\n249001,闻人语,研究生,,,\n249002,闻人言,本科,99001120010101***1,,\n"
		held := w.led("upload", w.upload("/import/roster", "/import/roster", `C:\表\生源.csv`, file, "cohort", "2024"))
		page := w.want("check", held, 200, "2</b> 行", "库里一个字没动", "下载要改的 2 行", "249001", "闻人语", "研究生", "未用 1 列：备注二", "2024 届", "新填")
		if strings.Contains(page, "确认写入 ") {
			t.Error("a file with refused rows can be confirmed")
		}
		if got := w.post(held, held); got.Code != http.StatusConflict || len(batches()) != before {
			t.Errorf("confirmed with refused rows: %d", got.Code)
		}

		rows := w.cells(held + "/mend.xlsx")
		if len(rows) != 3 || rows[0][0] != "原行号" || rows[0][1] != "说明" || rows[1][0] != "4" || !strings.Contains(rows[1][1], "学历") {
			t.Fatalf("rows to mend: %q", rows)
		}
		rows[1][4], rows[2][5] = "硕士", ""
		wrong := [][]string{rows[0], append([]string{"99"}, rows[1][1:]...)}
		if got := w.upload(held, held+"/mended", "改.csv", csvOf(wrong)); got.Code != 400 || !strings.Contains(got.Body.String(), "在原文件中没有") {
			t.Errorf("a row that is not there: %d", got.Code)
		}
		bare := make([][]string, len(rows))
		for i, r := range rows {
			bare[i] = r[2:]
		}
		if got := w.upload(held, held+"/mended", "改.csv", csvOf(bare)); got.Code != 400 || !strings.Contains(got.Body.String(), "其余的行会丢") {
			t.Errorf("mended rows without their numbers: %d", got.Code)
		}
		w.want("the old file waits on", held, 200, "下载要改的 2 行")
		mended := w.led("mended", w.upload(held, held+"/mended", "改.csv", csvOf(rows)))
		w.want("the old file", held, 404)
		w.want("check again", mended, 200, "确认写入 3 行", "已并入改好的 2 行", "新增 2", "修改 1")

		for range 2 {
			if to := w.led("confirm", w.post(mended, mended)); to != mended {
				t.Errorf("led to %s", to)
			}
			w.want("result", mended, 200, "已写入 3 行", "新增 2 · 修改 1", "撤销这次导入")
		}
		if list := batches(); len(list) != before+1 || !strings.HasSuffix(mended, "/"+list[0].ID) || list[0].File != "生源.csv" || list[0].Account != a.ID {
			t.Fatalf("%d batches, %+v", len(list), list[0])
		}
		c.graduate("249002")

		undo := "/import/history/" + batches()[0].ID + "/undo"
		w.want("history", "/import/history", 200, "生源.csv", "账号office", undo)
		w.want("what undoing means", undo, 200, "做不到什么")
		w.want("undone", w.led("undo", w.post(undo, undo)), 200, "已撤销：生源.csv")
		if got := w.post("/import/history", undo); got.Code == 303 || !strings.Contains(w.get(undo).Body.String(), "已撤销") {
			t.Errorf("undone twice: %d", got.Code)
		}
	})
}

// TestImportIsTheOfficesOwn: whose file it is, who may bring one, and what is said
// of files that cannot be taken (X1, X5).
func TestImportIsTheOfficesOwn(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		a, _ := c.account("office", "", access.Grant{Role: access.Office, Over: access.School()})
		b, _ := c.account("office2", "", access.Grant{Role: access.Office, Over: access.School()})
		counsellor, _ := c.account("counsellor", "", access.Grant{Role: access.Counsellor, Over: access.Classes(c.unit("药学一班"))})
		g := c.graduate("240000")
		graduate, _ := c.account("240000", g, access.Grant{Role: access.Graduate, Over: access.Self(g)})
		w := c.enter(a)
		held := w.led("upload", w.upload("/import/roster", "/import/roster", "a.csv", "学号,姓名,学历\n249001,闻人语,本科\n", "cohort", "2024"))

		other := c.enter(b)
		for _, target := range []string{held, held + "/mend.xlsx", held + "/result.xlsx"} {
			other.want("somebody else's file", target, 404)
		}
		for _, action := range []string{held, held + "/mended"} {
			if got := other.post("/import/roster", action); got.Code != 404 {
				t.Errorf("somebody else: %s: %d", action, got.Code)
			}
		}
		if other.post("/import/roster", held+"/drop"); !strings.Contains(w.want("still there", held, 200), "确认写入 1 行") {
			t.Error("somebody else let it go")
		}
		for who, account := range map[string]access.Account{"counsellor": counsellor, "graduate": graduate} {
			v := c.enter(account)
			for _, target := range []string{"/import", "/import/roster", "/import/roster/template.xlsx", "/import/history", held, held + "/result.xlsx"} {
				v.want(who, target, 403)
			}
		}
		for name, bad := range map[string]struct{ file, content, says string }{
			"no file":               {"", "", "没有收到文件"},
			"an empty one":          {"a.csv", "", "是空的"},
			"a needed column lacks": {"a.csv", "姓名\n林一\n", "缺少必需的列"},
			"no rows":               {"a.csv", "学号,姓名,学历\n", "没有数据行"},
			"a broken zip":          {"a.xlsx", "PK\x03\x04" + strings.Repeat("x", 600), "a.xlsx"},
			"no cohort":             {"a.csv", "学号,姓名,学历\n249003,闻人语,本科\n", "届别"},
		} {
			fields := []string{"true_from", "2024-06-01", "cohort", "2024"}
			if name == "no cohort" {
				fields[3] = ""
			}
			got := w.upload("/import/roster", "/import/roster", bad.file, bad.content, fields...)
			body := got.Body.String()
			if got.Code != 400 || !strings.Contains(body, bad.says) || !strings.Contains(body, `value="2024-06-01"`) || strings.Contains(body, "--cohort") {
				t.Errorf("%s: %d, wants %q and what was chosen", name, got.Code, bad.says)
			}
		}
		if got := w.upload("/import/destinations", "/import/destinations", "a.csv", "学号,毕业去向类别代码\n240001,10\n"); got.Code != 400 || !strings.Contains(got.Body.String(), "从哪里来") {
			t.Errorf("no source: %d", got.Code)
		}
		w.want("let go", w.led("drop", w.post(held, held+"/drop")), 200, "已放弃")
		w.want("gone", held, 404, "看导入记录")
	})
}

// TestTemplates: each kind's template is read by its own import, and says which
// columns must be filled.
func TestTemplates(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		a, _ := c.account("office", "", access.Grant{Role: access.Office, Over: access.School()})
		w := c.enter(a)
		for _, kind := range app.ImportKinds() {
			rows := w.cells("/import/" + kind + "/template.xlsx")
			if len(rows) != 1 || len(rows[0]) < 4 {
				t.Errorf("%s: %q", kind, rows)
				continue
			}
			got := w.upload("/import/"+kind, "/import/"+kind, "a.csv", csvOf(rows)+strings.Repeat(",", len(rows[0])-1)+"x\n", "source", "draft", "cohort", "2024")
			// The header is known; the one odd row may be refused.
			page := got.Body.String()
			if got.Code == 303 {
				page = w.want(kind, got.Header().Get("Location"), 200)
			}
			for _, s := range []string{"缺少必需的列", "未用 ", "不认识"} {
				if strings.Contains(page, s) {
					t.Errorf("%s: the template's own header: %s", kind, s)
				}
			}
			w.want(kind, "/import/"+kind, 200, "模板")
		}
	})
}

// TestWhatChangedSinceTheCheckIsSaid: between check and confirmation somebody else
// writes; the outcome is told, and a row that is refused now writes nothing.
func TestWhatChangedSinceTheCheckIsSaid(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		a, _ := c.account("office", "", access.Grant{Role: access.Office, Over: access.School()})
		w := c.enter(a)
		bring := func(content string) string {
			return w.led("upload", w.upload("/import/roster", "/import/roster", "a.csv", content, "cohort", "2024"))
		}
		meanwhile := func(content string) {
			r, err := c.app.Roster.Import(t.Context(), access.Console("test"), app.TableFile("b.csv", []byte(content)), roster.ImportOptions{Cohort: "2024"})
			if err != nil || r.Refused > 0 {
				t.Fatal(err, r.Refusals)
			}
		}
		held := bring("学号,姓名,学历\n249001,闻人语,本科\n249002,闻人言,本科\n")
		w.want("check", held, 200, "新增 2")
		meanwhile("学号,姓名,学历\n249001,闻人语,本科\n")
		w.led("confirm", w.post(held, held))
		w.want("outcome", held, 200, "已写入 1 行", "检查时是 新增 2", "写入时是 新增 1")

		held = bring("学号,考生号,姓名,学历\n249003,99249003,闻人书,本科\n249004,,闻人画,本科\n")
		meanwhile("学号,考生号,姓名,学历\n249009,99249003,别人,本科\n")
		w.led("confirm", w.post(held, held))
		w.want("outcome", held, 200, "现在有行被拒，这次没有写入", "249003")
		if list, err := c.app.Store.GraduatesByNumber(t.Context(), access.School(), []string{"249004"}, nil); err != nil || len(list) != 0 {
			t.Errorf("%d, %v: half a file was written", len(list), err)
		}
	})
}

// TestManyRowsOfOneCauseAreOneLine: what five hundred rows have in common is said once.
func TestManyRowsOfOneCauseAreOneLine(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		a, _ := c.account("office", "", access.Grant{Role: access.Office, Over: access.School()})
		w := c.enter(a)
		var b strings.Builder
		b.WriteString("学号,姓名,学历\n")
		for i := range 500 {
			fmt.Fprintf(&b, "25%04d,林某,第%d种\n", i, i)
		}
		held := w.led("upload", w.upload("/import/roster", "/import/roster", "a.csv", b.String(), "cohort", "2024"))
		page := w.want("check", held, 200, "2 等 500 行", "1 组 500 行", "其余 300 处")
		if n := strings.Count(page, `<tr class="red`); n != 2 {
			t.Errorf("%d rows of the table", n)
		}
		if rows := w.cells(held + "/result.xlsx"); len(rows) != 501 {
			t.Errorf("%d rows in the sheet", len(rows))
		}
	})
}

// TestNobodyFillsTheDiskWithImports: an account holds so many unconfirmed files,
// and letting one go makes room (X25).
func TestNobodyFillsTheDiskWithImports(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		a, _ := c.account("office", "", access.Grant{Role: access.Office, Over: access.School()})
		who := c.actor(a)
		var last string
		var err error
		n := 0
		for ; err == nil && n < 100; n++ {
			var h intake.Held
			if h, err = c.app.Intake.Hold(t.Context(), who, "roster", "生源.csv", []byte("学号,姓名,学历\n1,林,本科\n"), intake.Options{Cohort: "2024"}); err == nil {
				last = h.ID
			}
		}
		if fault.KindOf(err) != fault.Conflict || n < 10 {
			t.Fatalf("after %d files: %v", n, err)
		}
		if err := c.app.Intake.Abandon(t.Context(), who, last); err != nil {
			t.Fatal(err)
		}
		if _, err := c.app.Intake.Hold(t.Context(), who, "roster", "生源.csv", []byte("x\n"), intake.Options{Cohort: "2024"}); err != nil {
			t.Errorf("room again: %v", err)
		}
	})
}
