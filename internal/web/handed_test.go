package web

import (
	"strings"
	"testing"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/roster"
)

func TestWhatIsHandedOut(t *testing.T) {
	var h handed
	ticket := h.keep("a", 0, "secret")
	for name, c := range map[string]struct {
		account, ticket string
		at              int64
		want            any
	}{
		"at once":          {"a", ticket, 0, "secret"},
		"nine minutes on":  {"a", ticket, 9 * 60_000, "secret"},
		"ten minutes on":   {"a", ticket, 10 * 60_000, nil},
		"by somebody else": {"b", ticket, 0, nil},
		"another ticket":   {"a", "x", 0, nil},
	} {
		if got := h.look(c.account, c.ticket, calendar.Instant(c.at)); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
	h.keep("a", handedTerm, "next")
	if len(h.held) != 1 {
		t.Errorf("%d are held after the term", len(h.held))
	}
}

func TestScopesAsTheyAreWritten(t *testing.T) {
	units := nameable{units: []roster.Unit{{ID: "c01", Kind: roster.College, Name: "护理学院"}, {ID: "m01", Kind: roster.Major, Name: "护理学"},
		{ID: "k01", Kind: roster.Class, Name: "一班"}, {ID: "k02", Kind: roster.Class, Name: "一班"}, {ID: "k03", Kind: roster.Class, Name: "二班"}},
		numbers: map[string]string{"g7": "240007"}, ids: map[string]string{"240007": "g7", "24120000010007": "g7"}}
	for text, want := range map[string]string{
		"全校":                "全校",
		"护理学院":              "护理学院",
		"护理学院，二班":           "护理学院\n二班",
		" 二班 ;\r\nk01 ":     "二班\n一班 k01",
		"一班 k02":            "一班 k02",
		"#g1":               "#g1",
		"240007":            "240007",
		"24120000010007，二班": "二班\n240007",
		"":                  "",
	} {
		o, err := readScope(text, "over", units)
		if err != nil || scopeText(o, units) != want {
			t.Errorf("%q: %v %q, want %q", text, err, scopeText(o, units), want)
		}
		again, err := readScope(want, "over", units)
		if err != nil || scopeText(again, units) != want {
			t.Errorf("%q is not read as it is written: %v", want, err)
		}
	}
	for text, says := range map[string]string{"一班": "加编号", "三班": "没有叫“三班”", "护理学": "没有叫“护理学”"} {
		if _, err := readScope(text, "over", units); fault.KindOf(err) != fault.Invalid || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v", text, err)
		}
	}
	names := map[string]string{"k1": "一班", "k2": "二班", "k3": "三班", "k4": "四班", "k5": "五班"}
	if got := scopeWords(access.Classes("k1", "k2", "k3", "k4", "k5"), names); got != "一班、二班、三班 等 5 个" {
		t.Error(got)
	}
}
