package app_test

import (
	"archive/zip"
	"bytes"
	"io/fs"
	"net/http"
	"strings"
	"testing"

	"quxiang/internal/domain/access"
)

const (
	wrongReport = "表 1-1 毕业生规模\n学历\t男\t女\t合计\n本科\t310\t420\t730\n硕士\t105\t96\t201\n博士\t17\t12\t29\n合计\t432\t528\t962\n"
	rightReport = "表 1-1 毕业生规模\n学历\t男\t女\t合计\n本科\t310\t420\t730\n硕士\t105\t96\t201\n博士\t17\t12\t29\n合计\t432\t528\t960\n"
)

// TestProofreadPage: a report is shown with its findings marked in place, given back
// annotated or as a list, and nothing of it is kept.
func TestProofreadPage(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		a, _ := c.account("office", "", access.Grant{Role: access.Office, Over: access.School()})
		w := c.enter(a)
		w.want("form", "/proofread", 200, "不保存", `enctype="multipart/form-data"`)
		got := w.upload("/proofread", "/proofread", "年度报告.txt", wrongReport, "do", "view")
		page := got.Body.String()
		for _, want := range []string{"年度报告.txt", "发现 ", `<mark class="pf-mark error">`, `href="#f1"`, `id="m1"`, "印的是 962，应为 960", "第 6 行"} {
			if got.Code != http.StatusOK || !strings.Contains(page, want) {
				t.Errorf("%d: no %s", got.Code, want)
			}
		}
		got = w.upload("/proofread", "/proofread", "年度报告.txt", wrongReport, "do", "marked")
		if h := got.Header().Get("Content-Disposition"); got.Code != 200 || !strings.HasPrefix(h, "attachment") || !strings.HasSuffix(h, ".html") || !strings.Contains(got.Body.String(), "962<a") {
			t.Errorf("annotated: %d %s", got.Code, h)
		}
		got = w.upload("/proofread", "/proofread", "年度报告.txt", wrongReport, "do", "list", "without", "1", "why1", "按附表口径")
		if h := got.Header().Get("Content-Disposition"); got.Code != 200 || !strings.HasSuffix(h, ".docx") || !strings.HasPrefix(got.Body.String(), "PK") {
			t.Errorf("list: %d %s", got.Code, h)
		}
		if list := unpacked(t, got.Body.Bytes(), "word/document.xml"); !strings.Contains(list, "没有列入的 1 条") || !strings.Contains(list, "按附表口径") {
			t.Error("the list does not say what was dismissed and why")
		}
		got = w.upload("/proofread", "/proofread", "好.txt", rightReport, "do", "view")
		if got.Code != 200 || !strings.Contains(got.Body.String(), "没有发现前后矛盾的数字") {
			t.Errorf("a right report: %d", got.Code)
		}
		for name, bad := range map[string]string{"图.docx": "\x89PNG\r\n\x1a\n\x00", "旧.doc": "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "空.txt": ""} {
			if got := w.upload("/proofread", "/proofread", name, bad, "do", "view"); got.Code != http.StatusBadRequest || !strings.Contains(got.Body.String(), `id="summary"`) {
				t.Errorf("%s: %d", name, got.Code)
			}
		}
	})
}

// unpacked is a part of a package.
func unpacked(t *testing.T, content []byte, name string) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		t.Fatal(err)
	}
	part, err := fs.ReadFile(z, name)
	if err != nil {
		t.Fatal(err)
	}
	return string(part)
}
