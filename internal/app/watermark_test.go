package app_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"quxiang/internal/app"
	"quxiang/internal/domain/access"
	"quxiang/internal/domain/audit"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/roster"
	"quxiang/internal/domain/settings"
)

// TestAboveASizeASecondPerson: up to the number that the school sets one exports
// alone, beyond it another of the office approves: not the one who asked, under
// whichever role. What is taken is what was asked for (C12, X7).
func TestAboveASizeASecondPerson(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		office := access.Grant{Role: access.Office, Over: access.School()}
		first, _ := c.account("office1", "", access.Grant{Role: access.CollegeSecretary, Over: access.School()}, office)
		second, _ := c.account("office2", "", office)
		one, two := c.enter(first), c.enter(second)
		v := c.app.Settings.Values()
		v.Privacy = settings.DefaultPrivacy()
		v.Privacy.ExportAlone = 64
		if err := c.app.Settings.Change(t.Context(), access.Console("test"), v); err != nil {
			t.Fatal(err)
		}
		one.want("on the page", "/settings", 200, "一个人能直接导出的人数", `value="64"`)
		form := []string{"kind", "destinations", "cohort", "2024", "layout", "moe-39", "as_of", "2024-06-19", "purpose", "报省中心 6 月周报"}
		got := one.post("/export", "/export", form...)
		if got.Code != 409 || !strings.Contains(got.Body.String(), "由另一位同事批准") || strings.HasPrefix(got.Body.String(), "PK") {
			t.Fatalf("65 people alone: %d", got.Code)
		}
		if n := len(c.entries(audit.Filter{Action: "destination.export"})); n != 0 {
			t.Errorf("%d exports written down that nobody got", n)
		}
		if got := one.post("/graduates", "/graduates/export", "list", "cohort=2024", "purpose", "报省中心 6 月周报"); got.Code != 409 {
			t.Errorf("65 people of a list alone: %d", got.Code)
		}
		page := "/export/requests"
		one.want("asked", one.led("ask", one.post("/export", page, append(form, "large", "yes")...)), 200, "待批准", "人数多，须批准")
		list, err := c.app.Store.Requests(t.Context(), "", 10)
		if err != nil || len(list) != 1 || list[0].Layout != "moe-39" || list[0].AsOf != "2024-06-19" || len(list[0].Fields) != 0 {
			t.Fatalf("%+v (%v)", list, err)
		}
		at := page + "/" + list[0].ID
		if got := one.post(page, at+"/approve"); got.Code != 403 {
			t.Errorf("approved by the same person in another role: %d", got.Code)
		}
		two.led("approve", two.post(page, at+"/approve"))
		got = one.post(page, at+"/take")
		if got.Code != 200 {
			t.Fatalf("%d %s", got.Code, got.Body)
		}
		rows := sheetOf(t, got.Body.Bytes())
		if all := strings.Join(flat(rows), " "); len(rows) != 66 || len(rows[0]) != 40 || strings.Contains(all, "1000000") || strings.Contains(all, "签就业协议形式就业") {
			t.Errorf("not what was asked for: %d rows of %d", len(rows), len(rows[0]))
		}
		c.student("240003").want("who took it", "/mine/seen", 200, "导出的名单", "报省中心 6 月周报")
		if problems, _, err := c.app.Verify(t.Context()); err != nil || len(problems) > 0 {
			t.Errorf("verify: %v %v", problems, err)
		}
	})
}

// TestWatermark: every file of people says whose it is, and where what says so was
// taken out the order of its rows still does: after LibreOffice saved it again, as
// xlsx and as csv. No cell of it is a formula (C12, X18).
func TestWatermark(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		a, _ := c.account("office", "", access.Grant{Role: access.Office, Over: access.School()})
		one := c.enter(a)
		console := access.Console("test")
		hostile := "学号,姓名,学院,专业,班级,学历\n240001,=1+1,临床医学院,专业,临床一班,本科\n240002,＠SUM(1),临床医学院,专业,临床一班,本科\n240003,-2+3,临床医学院,专业,临床一班,本科\n"
		report, err := c.app.Roster.Import(t.Context(), console, app.TableFile("a.csv", []byte(hostile)), roster.ImportOptions{Cohort: "2024"})
		if err != nil || len(report.Refusals) > 0 {
			t.Fatal(err, report.Refusals)
		}
		files := map[string][]byte{}
		for _, purpose := range []string{"报省中心 6 月周报", "发给学院核对"} {
			got := one.post("/export", "/export", "kind", "roster", "cohort", "2024", "layout", "all", "purpose", purpose)
			if got.Code != 200 {
				t.Fatalf("%d %s", got.Code, got.Body)
			}
			files[purpose] = got.Body.Bytes()
		}
		got := one.post("/graduates", "/graduates/export", "list", "cohort=2024", "purpose", "联系未登记的学生")
		if got.Code != 200 {
			t.Fatalf("%d %s", got.Code, got.Body)
		}
		files["联系未登记的学生"] = got.Body.Bytes()
		var csv bytes.Buffer
		if err := c.app.Export(t.Context(), console, "roster", app.ExportOptions{Cohorts: []string{"2024"}, Format: "csv", Purpose: "每晚核对"}, &csv); err != nil {
			t.Fatal(err)
		}
		known := func(what, purpose, name string, content []byte, written, order bool) {
			t.Helper()
			list, err := c.app.Watermark(t.Context(), console, name, content)
			if err != nil || len(list) != 1 {
				t.Errorf("%s: %+v (%v)", what, list, err)
				return
			}
			if m := list[0]; m.Purpose != purpose || m.People != "65" || m.Written != written || strings.Contains(m.How(), "行的顺序") != order {
				t.Errorf("%s: %+v %s", what, m, m.How())
			}
		}
		for purpose, content := range files {
			known("as it left", purpose, "a.xlsx", content, true, true)
		}
		known("csv", "每晚核对", "a.csv", csv.Bytes(), true, true)
		if rows := sheetOf(t, csv.Bytes()); len(rows) != 66 || !bytes.Contains(csv.Bytes(), []byte("导出说明：编号 QX-")) {
			t.Errorf("an import reads %d rows of a csv file", len(rows))
		}
		lines := bytes.Split(bytes.TrimSpace(csv.Bytes()), []byte("\r\n"))
		known("csv without its last line", "每晚核对", "a.csv", bytes.Join(lines[:len(lines)-1], []byte("\r\n")), false, true)
		if list, err := c.app.Watermark(t.Context(), console, "b.csv", []byte("学号,姓名\n1,林\n2,木\n")); err != nil || len(list) != 0 {
			t.Errorf("somebody else's file: %+v (%v)", list, err)
		}
		if _, err := c.app.Watermark(t.Context(), c.actor(a), "a.xlsx", files["发给学院核对"]); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("the office reads the trail: %v", err)
		}
		if t.Name() != "TestWatermark/sqlite" {
			return // what follows is about files, not engines
		}
		purpose := "发给学院核对"
		again := resaved(t, files[purpose], "xlsx")
		known("saved again as xlsx", purpose, "a.xlsx", again, true, true)
		if rows := sheetOf(t, again); len(rows) != 66 {
			t.Errorf("saved again it has %d rows", len(rows))
		}
		// Fields in quotes are text cells, each field of a row is one.
		text := resaved(t, files[purpose], "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,true,true")
		known("saved as csv", purpose, "a.csv", text, false, true)
		for i, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
			for _, cell := range strings.Split(line, ",") {
				if cell != "" && !strings.HasPrefix(cell, `"`) {
					t.Errorf("row %d: %s is no text", i+1, cell)
				}
			}
		}
		for _, want := range []string{`"=1+1"`, `"＠SUM(1)"`, `"-2+3"`} {
			if !strings.Contains(string(text), want) {
				t.Errorf("%s does not stand as it was typed", want)
			}
		}
	})
}

// resaved is a file as LibreOffice saves it in a format.
func resaved(t *testing.T, content []byte, format string) []byte {
	t.Helper()
	office, err := exec.LookPath("soffice")
	if err != nil {
		if os.Getenv("QUXIANG_CI") != "" {
			t.Fatal("soffice is not installed")
		}
		t.Skip("soffice is not installed")
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "a.xlsx"), content, 0o600); err != nil {
		t.Fatal(err)
	}
	kind, _, _ := strings.Cut(format, ":")
	cmd := exec.Command(office, "-env:UserInstallation=file://"+dir+"/profile", "--headless", "--convert-to", format,
		"--outdir", filepath.Join(dir, "out"), filepath.Join(dir, "a.xlsx"))
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	got, err := os.ReadFile(filepath.Join(dir, "out", "a."+kind))
	if err != nil {
		t.Fatal(err)
	}
	return got
}
