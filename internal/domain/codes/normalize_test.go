package codes

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestNormalize(t *testing.T) {
	for _, tt := range []struct{ name, in, want string }{
		{"plain", "abc", "abc"},
		{"spaces of all kinds around", " \t\u3000\u00a0中文\u2003\r\n", "中文"},
		{"full width letters, digits and signs", "Ａｂ１２（）－＊", "Ab12()-*"},
		{"space inside stays", "a b　c", "a b c"},
		{"zero width signs go", "\ufeff中\u200b文\u200e", "中文"},
		{"Chinese punctuation stays", "甲、乙。“丙”", "甲、乙。“丙”"},
		{"control signs at the ends go", "\x00a\x7f", "a"},
		{"the same in Chinese", "\x00甲\x7f", "甲"},
		{"nothing but spaces", "　 \u200b", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := Normalize(tt.in); got != tt.want {
				t.Errorf("%q becomes %q, want %q", tt.in, got, tt.want)
			}
		})
	}
}

func FuzzNormalize(f *testing.F) {
	for _, s := range []string{"", " a ", "　中\u200b文　", "\u200b\x00 a", "＊＊", "\xff ", "**CLEAR**", "张*", "\u200b **CLEAR**"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		once := Normalize(s)
		if twice := Normalize(once); twice != once {
			t.Errorf("%q becomes %q, then %q", s, once, twice)
		}
		if strings.TrimSpace(once) != once || strings.ContainsAny(once, "\u3000\ufeff\u200b０Ａ＊") {
			t.Errorf("%q becomes %q", s, once)
		}
		if Masked(s) != Masked(once) {
			t.Errorf("%q is masked or not, depending on spaces", s)
		}
	})
}

func TestMasked(t *testing.T) {
	for s, want := range map[string]bool{
		"120***********1234": true, "138****1234": true, "张*": true, "欧阳*": true, "*明": true, "张＊": true, "**": true, "李** ": true,
		"**CLEAR**": false, " **CLEAR**　": false, "": false, "张三": false, "A*算法研究院": false, "5*8": false, "*": false, "13800000000": false,
	} {
		if got := Masked(s); got != want {
			t.Errorf("Masked(%q) = %v", s, got)
		}
	}
}

// TestMasksHide: how much of a number each mask leaves (Q8, C6).
func TestMasksHide(t *testing.T) {
	for _, tt := range []struct {
		name      string
		mask      func(string) string
		in, wants string
	}{
		{"identity number", MaskID, "99010119990223001X", "990***********001X"},
		{"full width", MaskID, "９９０１０１１９９９０２２３００１Ｘ", "990***********001X"},
		{"passport too short to keep anything back", MaskID, "E1234567", "********"},
		{"phone", MaskPhone, "10000001234", "100****1234"},
		{"short phone", MaskPhone, "1234567", "*******"},
		{"name of two", MaskName, "张三", "张*"},
		{"name of three", MaskName, "欧阳某", "欧**"},
		{"name of one", MaskName, "某", "*"},
		{"nothing", MaskName, "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.mask(tt.in); got != tt.wants {
				t.Errorf("%s becomes %s, want %s", tt.in, got, tt.wants)
			}
		})
	}
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringMatching(`[0-9A-Z]{1,24}`).Draw(t, "number")
		for _, got := range []string{MaskID(s), MaskPhone(s)} {
			if hidden := strings.Count(got, "*"); utf8.RuneCountInString(got) != len(s) || hidden < 4 && hidden < len(s) {
				t.Fatalf("%s becomes %s", s, got)
			}
		}
		if len(s) >= 11 && !Masked(MaskID(s)) {
			t.Fatalf("%s is not known as masked", MaskID(s))
		}
	})
}
