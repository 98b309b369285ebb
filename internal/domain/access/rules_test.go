package access

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"quxiang/internal/domain/fault"
)

// TestCheckPassword: both profiles, for the same passwords (S34, S35, S36).
func TestCheckPassword(t *testing.T) {
	words := append([]string{"zhoulan", "周澜", "滨海医科大学", "20010203", "010203", "012345", "19900001234"}, spelled("滨海医科大学")...)
	for name, c := range map[string]struct {
		password   string
		asvs, mlps string // part of the refusal; blank: accepted
	}{
		"three words and a sign":                  {"Teapot.harbour.82", "", ""},
		"chinese words count":                     {"海边的Teapot82只", "", ""},
		"128 characters":                          {strings.Repeat("Qm7鱼", 32), "", ""},
		"129 characters":                          {strings.Repeat("Qm7鱼", 32) + "x", "太长", "太长"},
		"nine characters":                         {"Teapot.82", "太短", "太短"},
		"letters only":                            {"teapotharbourglue", "", "太单一"},
		"chinese only":                            {"海边的茶壶里装着一只猫", "", "太单一"},
		"random digits only":                      {"73920486152840", "", "太单一"},
		"six last of an id number":                {"012345", "太短", "太短"},
		"six last of the own id number":           {"Kettle-012345-harbour", "生日、证件号", "生日、证件号"},
		"the own birthday":                        {"Kettle.2001-02-03", "生日、证件号", "生日、证件号"},
		"the own phone":                           {"Kettle19900001234", "生日、证件号", "生日、证件号"},
		"somebody's birthday":                     {"199901011234", "太常见", "太单一"},
		"somebody's phone":                        {"13800001111Ab!", "太常见", "太常见"},
		"an identity number":                      {"99010119990101123x", "太常见", "太单一"},
		"the login":                               {"Zhoulan.harbour9", "账号、姓名", "账号、姓名"},
		"the login in disguise":                   {"Zh0ul@n.harbour9", "账号、姓名", "账号、姓名"},
		"the name":                                {"周澜Harbour88.", "账号、姓名", "账号、姓名"},
		"the school":                              {"滨海医科大学Aa8.", "校名", "校名"},
		"the school in pinyin":                    {"Binhaiyike#8274", "校名", "校名"},
		"the school in initials":                  {"BHYKDX-teapot-9", "校名", "校名"},
		"password in disguise":                    {"P@ssw0rd2025", "太常见", "太常见"},
		"admin and a row":                         {"Admin@123456", "太常见", "太常见"},
		"keyboard walk":                           {"1qaz2WSX3edc", "太常见", "太常见"},
		"one character":                           {"Aaaaaaaaaa1!", "太常见", "太常见"},
		"abc and 123":                             {"Abcdefgh123456", "太常见", "太常见"},
		"not text":                                {"Teapot\xff.harbour82", "无法识别", "无法识别"},
		"three kinds that are no safer than long": {"Xk7qPw2mRz", "", ""},
	} {
		for profile, says := range map[Profile]string{ASVS: c.asvs, MLPS: c.mlps} {
			err := Policy{Profile: profile}.CheckPassword(c.password, words...)
			switch {
			case says == "" && err != nil:
				t.Errorf("%s, %s: refused: %v", name, profile, err)
			case says != "" && (fault.KindOf(err) != fault.Invalid || !strings.Contains(err.Error(), says)):
				t.Errorf("%s, %s: got %v, want a refusal with %q", name, profile, err, says)
			}
		}
	}
}

// leaked are passwords of ten characters and more that stand in published lists of
// what is used most.
const leaked = `qwertyuiop 1234567890 1q2w3e4r5t 1qaz2wsx3edc passwordpassword qwerty12345 123456789a aa12345678 abc123456789 password123
	iloveyou123 woaini1314520 1314520woaini q1w2e3r4t5 zaq12wsxcde3 1111111111 0987654321 9876543210 qazwsxedcrfv asdfghjkl123 987654321a
	administrator welcome123 football123 monkey12345 dragon12345 sunshine12 superman123 princess123 mima123456 a1234567890 qq123456789`

// TestWhatEverybodyUses: no published password passes, in no profile (S35).
func TestWhatEverybodyUses(t *testing.T) {
	for _, w := range strings.Fields(leaked) {
		if err := (Policy{}).CheckPassword(w); err == nil {
			t.Errorf("%s is taken", w)
		}
	}
}

// TestSpelled: how a name is written in letters.
func TestSpelled(t *testing.T) {
	if got := spelled("滨海医科大学"); !slices.Contains(got, "binhaiyikedaxue") || !slices.Contains(got, "binhaiyike") ||
		!slices.Contains(got, "bhykdx") || !slices.Contains(got, "bhyk") || len(got) != 4 {
		t.Errorf("%q", got)
	}
	if got := spelled("Harbour University"); len(got) != 0 {
		t.Errorf("letters are letters: %q", got)
	}
	for r, s := range pinyin() {
		if r < '一' || s == "" || strings.ToLower(s) != s {
			t.Errorf("%c %q: a line out of step", r, s)
		}
	}
}

// TestPolicies: what is no policy, and what stands for itself.
func TestPolicies(t *testing.T) {
	for field, p := range map[string]Policy{
		"second": {Second: "everybody"}, "profile": {Profile: "strict"}, "days": {Profile: MLPS, Days: 366}, "earlier": {Profile: MLPS, Earlier: 25},
	} {
		var f *fault.Fault
		if err := p.whole().check(); !errors.As(err, &f) || f.Kind != fault.Invalid || f.Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
	var p, again Policy
	if err := p.readRules(""); err != nil || p.Profile != ASVS || p.Days != usualDays || p.Earlier != usualEarlier {
		t.Errorf("%+v, %v", p, err)
	}
	p.Profile, p.Days, p.Earlier = MLPS, 30, 3
	if err := again.readRules(p.rules()); err != nil || again != p {
		t.Errorf("%+v, %v", again, err)
	}
	if err := again.readRules("{"); err == nil {
		t.Error("a broken setting is taken for the default")
	}
}
