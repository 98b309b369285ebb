package exchange

import (
	"strings"
	"testing"

	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/fault"
)

// TestValueReadsLikeACell: what a person types is read by the rules of an import.
func TestValueReadsLikeACell(t *testing.T) {
	book := codes.Builtin()
	for _, c := range []struct{ field, typed, kept, refused string }{
		{"sex", "女", "2", ""},
		{"sex", "1", "1", ""},
		{"origin", "天津市河西区", "120103", ""},
		{"origin", "河西", "", "行政区划"},
		{"phone", "+86 138-0000-0043", "13800000043", ""},
		{"phone", "138****0043", "", "脱敏"},
		{"id_number", " 99010120000101000x ", "99010120000101000X", ""},
		{"name", "  阿卜杜拉·买买提 ", "阿卜杜拉·买买提", ""},
		{"birthday", "2002年3月4日", "2002-03-04", ""},
		{"birthday", "去年", "", "日期"},
		{"email", "", "", ""},
		{"nothing", "x", "", "没有"},
	} {
		kept, err := Value(book, Person, c.field, c.typed)
		switch {
		case c.refused == "" && (err != nil || kept != c.kept):
			t.Errorf("%s %q: %q, %v, want %q", c.field, c.typed, kept, err, c.kept)
		case c.refused != "" && (fault.KindOf(err) != fault.Invalid || !strings.Contains(err.Error(), c.refused)):
			t.Errorf("%s %q: %q, %v, want a refusal about %s", c.field, c.typed, kept, err, c.refused)
		}
	}
}
