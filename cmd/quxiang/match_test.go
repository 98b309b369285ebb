package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// matchRun runs the command without any data folder.
func matchRun(t *testing.T, args ...string) (code int, out, errs string) {
	t.Helper()
	var o, e bytes.Buffer
	call := localCall(append([]string{"match", "--data", filepath.Join(t.TempDir(), "none")}, args...))
	call.Out, call.Err = &o, &e
	code = execute(context.Background(), nil, call)
	return code, o.String(), e.String()
}

func readJSON(t *testing.T, text string, into any) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), into); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
}

// TestMatchBench: the fair lists of the seeded market keep what is promised of them, and a
// stranger's script counts the same from the certificate.
func TestMatchBench(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "certificate")
	code, out, errs := matchRun(t, "bench", "--graduates", "2660", "--positions", "3000", "--seed", "42", "--certificate", folder, "--format", "json")
	if code != 0 {
		t.Fatal(errs)
	}
	var got matchBenchJSON
	readJSON(t, out, &got)
	methods := map[string]int{}
	for i, m := range got.Methods {
		methods[m.Method] = i
	}
	naive, fair := got.Methods[methods["naive"]], got.Methods[methods["fair"]]
	if len(methods) != 4 || fair.Covered3 != 1 || fair.OverCap != 0 || fair.Gini > 0.40 || fair.Gap > 0.001 || fair.Placed < 1.25*naive.Placed {
		t.Errorf("fair %+v, naive %+v", fair, naive)
	}
	python, err := exec.LookPath("python3")
	if err != nil {
		if os.Getenv("QUXIANG_CI") != "" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	said, err := exec.Command(python, "../../docs/recount_matching.py", folder).CombinedOutput()
	for _, want := range []string{"graduates 2660, positions 3000", "over cap 0", "three or more of those able: 1.0000"} {
		if err != nil || !strings.Contains(string(said), want) {
			t.Errorf("the script says %s (%v)", said, err)
		}
	}
	if want := fmt.Sprintf("value %d, bound %d", fair.Value, fair.Bound); !strings.Contains(string(said), want) {
		t.Errorf("no %q in %s", want, said)
	}
}

const examples = "../../docs/examples/"

// TestMatchFiles: the example files of docs/cli.md give lists with reasons; the column of
// sex is passed over, and changing it changes nothing.
func TestMatchFiles(t *testing.T) {
	files := []string{"--wishes", examples + "wishes.csv", "--positions", examples + "positions.csv", "--format", "json"}
	code, out, errs := matchRun(t, append([]string{"lists"}, files...)...)
	if code != 0 || !strings.Contains(errs, "不读取的列：性别") {
		t.Fatal(code, errs)
	}
	var got listsJSON
	readJSON(t, out, &got)
	in := map[string][]string{}
	for _, l := range got.Lists {
		for _, e := range l.Entries {
			in[l.Graduate] = append(in[l.Graduate], e.Position)
		}
	}
	if strings.Join(in["甲"], " ") != "P1 P2" || strings.Join(in["乙"], " ") != "P1" || strings.Join(in["丙"], " ") != "P3" || len(in["戊"]) != 1 || strings.Join(in["丁"], " ") != "P5" {
		t.Errorf("lists %v", in)
	}
	wishes, err := os.ReadFile(examples + "wishes.csv")
	if err != nil {
		t.Fatal(err)
	}
	other := proofreadReport(t, "wishes.csv", strings.NewReplacer("女", "男", "男", "女").Replace(string(wishes)))
	if _, flipped, _ := matchRun(t, append([]string{"lists", "--wishes", other}, files[2:]...)...); flipped != out {
		t.Errorf("with the other sex the lists are %s", flipped)
	}
	code, out, _ = matchRun(t, "explain", "--wishes", examples+"wishes.csv", "--positions", examples+"positions.csv", "--graduate", "乙", "--position", "P2")
	if code != 0 || !strings.Contains(out, "不符合：医院等级是二级甲等，不在你选的三级甲等里") {
		t.Errorf("explained: %d %s", code, out)
	}
	code, out, _ = matchRun(t, "explain", "--wishes", examples+"wishes.csv", "--positions", examples+"positions.csv", "--graduate", "乙")
	if code != 0 || !strings.Contains(out, "1 个岗位双方条件都符合") {
		t.Errorf("explained: %d %s", code, out)
	}
	code, out, _ = matchRun(t, "explain", "--wishes", examples+"wishes.csv", "--positions", examples+"positions.csv", "--graduate", "戊", "--position", "P4")
	if code != 0 || !strings.Contains(out, "兰州市，是你的第 1 意向") {
		t.Errorf("a group of regions is one wish: %d %s", code, out)
	}
	for _, verb := range []string{"gap", "dial"} {
		if code, out, errs := matchRun(t, append([]string{verb}, files...)...); code != 0 || !json.Valid([]byte(out)) {
			t.Errorf("%s: %d %s %s", verb, code, out, errs)
		}
	}
}

// TestMatchBadFiles: where and what, and no list of half a file.
func TestMatchBadFiles(t *testing.T) {
	for text, want := range map[string]string{
		"":               "文件是空的",
		"毕业生,学历\n甲,本科\n": "缺少：专业代码",
		"毕业生,学历,专业代码,意向地区\n甲,小学,100201K,月球\n":    "第 2 行 学历：“小学”应是",
		"毕业生,学历,专业代码\n甲,本科,临床\n":                 "第 2 行 专业代码：“临床”应是",
		"毕业生,学历,专业代码\n甲,本科,100201K\n甲,本科,1002\n": "有两份意愿",
	} {
		bad := proofreadReport(t, "wishes.csv", text)
		if code, out, errs := matchRun(t, "lists", "--wishes", bad, "--positions", examples+"positions.csv"); code == 0 || !strings.Contains(errs, want) || out != "" {
			t.Errorf("%q: %d %s %s", text, code, out, errs)
		}
	}
}

// TestMatchRound: the answer is of the form of docs/cli.md; --strict refuses dirty lists.
func TestMatchRound(t *testing.T) {
	file := proofreadReport(t, "round.json", `{"residents":{"a":["x","y"],"b":["x"],"c":["z"]},"hospitals":{"x":{"capacity":1,"prefs":["b","a"]},"y":{"capacity":2,"prefs":["a"]}}}`)
	code, out, errs := matchRun(t, "round", file, "--format", "json")
	if code != 0 {
		t.Fatal(errs)
	}
	var got struct {
		Proposing string             `json:"proposing"`
		Matching  map[string]*string `json:"matching"`
		Blocking  [][2]string        `json:"blocking_pairs"`
		Cleaned   []any              `json:"cleaned"`
	}
	readJSON(t, out, &got)
	if got.Proposing != "residents" || len(got.Matching) != 3 || *got.Matching["a"] != "y" || *got.Matching["b"] != "x" || got.Matching["c"] != nil || got.Blocking == nil || len(got.Blocking) != 0 || len(got.Cleaned) != 1 {
		t.Errorf("%s", out)
	}
	if code, _, errs := matchRun(t, "round", file, "--strict"); code != 1 || !strings.Contains(errs, "“c”的志愿表里的“z”文件里没有") {
		t.Errorf("strict: %d %s", code, errs)
	}
	if code, _, errs := matchRun(t, "round", file, "--propose", "nobody"); code == 0 || !strings.Contains(errs, "residents 或 hospitals") {
		t.Errorf("%d %s", code, errs)
	}
}
