package access

import (
	"strings"
	"testing"
)

func TestCodes(t *testing.T) {
	seen, signs := map[string]bool{}, map[rune]int{}
	for range 5000 {
		c := newCode()
		if len(c) != codeLength+1 || c[codeLength/2] != '-' || plainCode(c) != strings.ReplaceAll(c, "-", "") {
			t.Fatalf("%q reads back as %q", c, plainCode(c))
		}
		seen[c] = true
		for _, r := range plainCode(c) {
			signs[r]++
		}
	}
	if len(seen) != 5000 || len(signs) != len(codeAlphabet) {
		t.Errorf("%d codes of 5000, %d signs", len(seen), len(signs))
	}
	for r, n := range signs { // 1852 expected of each; ten standard deviations is far out
		if n < 1430 || n > 2280 {
			t.Errorf("%c came %d times", r, n)
		}
	}
}

func TestCodesAsTheyAreTyped(t *testing.T) {
	for typed, want := range map[string]string{
		"7KQ4M-XT2HD":          "7KQ4MXT2HD",
		" 7kq4m xt2hd ":        "7KQ4MXT2HD",
		"7KQ4MXT2HD":           "7KQ4MXT2HD",
		"７ＫＱ４Ｍ－ＸＴ２ＨＤ":          "7KQ4MXT2HD",
		"7KQ4M—XTZHD":          "7KQ4MXT2HD",
		"SBQ4U-XT2HD":          "58Q4VXT2HD",
		"7KQ4M-XT2H":           "",
		"7KQ4M-XT2HDD":         "",
		"7KQ4M-XT2H0":          "",
		"":                     "",
		"激活码":                  "",
		strings.Repeat("A", 1): "",
	} {
		if got := plainCode(typed); got != want {
			t.Errorf("%q: %q, want %q", typed, got, want)
		}
	}
	for wrong := range misread {
		if strings.ContainsRune(codeAlphabet, wrong) {
			t.Errorf("%c stands in codes and is taken for another", wrong)
		}
	}
}

func TestNarrow(t *testing.T) {
	for typed, want := range map[string]string{"２０２０３１０４２７": "2020310427", "　ab ": "ab", "王，砚青": "王,砚青", "": ""} {
		if got := narrow(typed); got != want {
			t.Errorf("%q: %q", typed, got)
		}
	}
}

// TestNotice: what 个人信息保护法 §17 asks for is there, with the school's name.
func TestNotice(t *testing.T) {
	n := NoticeFor("滨海医科大学")
	var text strings.Builder
	for _, p := range n.Parts {
		if p.Title == "" || len(p.Text) == 0 {
			t.Errorf("an empty part: %+v", p)
		}
		text.WriteString(p.Title + strings.Join(p.Text, ""))
	}
	for _, want := range []string{"滨海医科大学", "第十三条", "第十七条", "三年", "更正", "异议", "就业中心"} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("no %q", want)
		}
	}
	if n.Version != NoticeVersion || len(n.Version) < 4 || strings.Contains(text.String(), "〔学校〕") || strings.Contains(text.String(), "您") {
		t.Errorf("version %q", n.Version)
	}
}
