package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// faulty is a report of which one total is wrong; faultless is the same, right.
const (
	faulty = "表 1-1 毕业生规模\n学历\t男\t女\t合计\n本科\t310\t420\t730\n硕士\t105\t96\t201\n博士\t17\t12\t29\n合计\t432\t528\t962\n"
)

var faultless = strings.Replace(faulty, "962", "960", 1)

// proofreadRun runs the command without any data folder.
func proofreadRun(t *testing.T, in string, args ...string) (code int, out, errs string) {
	t.Helper()
	var o, e bytes.Buffer
	call := localCall(append([]string{"proofread", "--data", filepath.Join(t.TempDir(), "none")}, args...))
	call.In, call.Out, call.Err = strings.NewReader(in), &o, &e
	code = execute(context.Background(), nil, call)
	return code, o.String(), e.String()
}

func proofreadReport(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestProofreadText: the sum, a line each, then the reasons; exit 1 for findings.
func TestProofreadText(t *testing.T) {
	bad, good := proofreadReport(t, "坏.txt", faulty), proofreadReport(t, "好.txt", faultless)
	code, out, _ := proofreadRun(t, "", bad, good)
	if code != 1 {
		t.Errorf("exit %d", code)
	}
	for _, want := range []string{"坏.txt：发现 ", "印的是 962，应为 960", "为什么：", "位置：第 ", "好.txt：没有发现前后矛盾的数字。"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
	if code, out, _ := proofreadRun(t, "", good); code != 0 || !strings.Contains(out, "没有发现") {
		t.Errorf("a right report: exit %d, %s", code, out)
	}
	if code, out, _ := proofreadRun(t, faulty, "-"); code != 1 || !strings.HasPrefix(out, "标准输入：发现") {
		t.Errorf("standard input: exit %d, %s", code, out)
	}
}

// TestReadmeProofreads: what both READMEs print is what the example gives.
func TestReadmeProofreads(t *testing.T) {
	example, err := os.ReadFile(filepath.Join("..", "..", "docs", "examples", "report.txt"))
	if err != nil {
		t.Fatal(err)
	}
	_, out, _ := proofreadRun(t, "", proofreadReport(t, "report.txt", string(example)))
	_, out, _ = strings.Cut(out, "\n") // the first line names the file
	for _, name := range []string{"README.md", "README.zh-CN.md"} {
		text, err := os.ReadFile(filepath.Join("..", "..", name))
		if err != nil {
			t.Fatal(err)
		}
		if out == "" || !strings.Contains(string(text), out) {
			t.Errorf("%s does not print\n%s", name, out)
		}
	}
}

// TestProofreadJSON: the keys of the contract, an object for one file, an array for more.
func TestProofreadJSON(t *testing.T) {
	bad, good := proofreadReport(t, "坏.txt", faulty), proofreadReport(t, "好.txt", faultless)
	code, out, _ := proofreadRun(t, "", bad, "--format", "json")
	var one struct {
		File     string
		Findings []map[string]string
	}
	if err := json.Unmarshal([]byte(out), &one); err != nil || code != 1 || one.File != bad || len(one.Findings) == 0 {
		t.Fatalf("exit %d, %v: %s", code, err, out)
	}
	if f := one.Findings[0]; len(f) != 8 || f["printed"] != "962" || f["expected"] != "960" || f["severity"] != "error" || f["rule"] != "total_vs_sum" || f["root"] == "" {
		t.Errorf("finding %v", f)
	}
	if code, out, _ := proofreadRun(t, "", good, "--format", "json"); code != 0 || !strings.Contains(out, `"findings": []`) {
		t.Errorf("none: exit %d, %s", code, out)
	}
	var two []struct{ File string }
	if _, out, _ = proofreadRun(t, "", bad, good, "--format", "json"); json.Unmarshal([]byte(out), &two) != nil || len(two) != 2 || two[1].File != good {
		t.Errorf("two: %s", out)
	}
}

// TestProofreadRefused: what cannot be read is exit 2, with the file's name and what to do.
func TestProofreadRefused(t *testing.T) {
	bad := proofreadReport(t, "坏.txt", faulty)
	for name, c := range map[string]struct {
		args []string
		says string
	}{
		"no file":           {nil, "请写明要检查的文件"},
		"not there":         {[]string{"没有.docx"}, "没有.docx"},
		"a picture":         {[]string{proofreadReport(t, "图.docx", "\x89PNG\r\n\x1a\n\x00")}, "请给出 Word 原稿"},
		"an old document":   {[]string{proofreadReport(t, "旧.doc", "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")}, "另存为 .docx"},
		"two to annotate":   {[]string{bad, bad, "--annotate", "a.html"}, "--annotate 一次只做一份"},
		"over the original": {[]string{bad, "--annotate", bad}, "不能写在它上面"},
		"printed over it":   {[]string{bad, "-o", bad}, "不能写在它上面"},
		"annotated as what": {[]string{bad, "--annotate", "a.docx"}, "请把输出写成 a.html"},
	} {
		if code, _, errs := proofreadRun(t, "", c.args...); code != 2 || !strings.Contains(errs, c.says) {
			t.Errorf("%s: exit %d, %s", name, code, errs)
		}
	}
}

// TestProofreadSome: a file that cannot be read does not keep the others from being
// checked; it is told, and the exit says so.
func TestProofreadSome(t *testing.T) {
	bad, good := proofreadReport(t, "坏.doc", "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), proofreadReport(t, "好.txt", faultless)
	code, out, errs := proofreadRun(t, "", bad, good, filepath.Join(t.TempDir(), "没有.docx"))
	if code != 2 || !strings.Contains(out, "好.txt：没有发现前后矛盾的数字。读了 1 张表") || !strings.Contains(errs, "坏.doc：") || !strings.Contains(errs, "没有.docx") {
		t.Errorf("exit %d\n%s\n%s", code, out, errs)
	}
	var list []struct{ File string }
	code, out, _ = proofreadRun(t, "", bad, good, "--format", "json")
	if err := json.Unmarshal([]byte(out), &list); err != nil || code != 2 || len(list) != 1 || list[0].File != good {
		t.Errorf("exit %d, %v: %s", code, err, out)
	}
}

// TestProofreadAnnotate: the marked file, and the list beside it.
func TestProofreadAnnotate(t *testing.T) {
	out := filepath.Join(t.TempDir(), "批注.html")
	if code, _, errs := proofreadRun(t, "", proofreadReport(t, "坏.txt", faulty), "--annotate", out); code != 1 {
		t.Fatalf("exit %d, %s", code, errs)
	}
	page, err := os.ReadFile(out)
	if err != nil || !bytes.Contains(page, []byte(`>962<a id="m1"`)) {
		t.Errorf("%v: the page does not mark 962", err)
	}
	list, err := os.ReadFile(strings.TrimSuffix(out, ".html") + "-清单.docx")
	if err != nil || !bytes.HasPrefix(list, []byte("PK")) {
		t.Errorf("no list: %v", err)
	}
}
