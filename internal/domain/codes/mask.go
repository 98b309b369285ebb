package codes

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// clearMark is what an import cell says to empty a field; it is no mask.
const clearMark = "**CLEAR**"

// Masked reports that a cell was masked by another system (脱敏), such as
// 120***********1234, 138****1234 or 张*, so that it must not be taken as a value.
func Masked(s string) bool {
	s = Normalize(s)
	if s == clearMark {
		return false
	}
	return strings.Contains(s, "**") || strings.Contains(s, "*") && shortName(s)
}

func shortName(s string) bool {
	n := utf8.RuneCountInString(s)
	return n >= 2 && n <= 4 && strings.IndexFunc(s, func(r rune) bool { return r != '*' && !unicode.Is(unicode.Han, r) }) < 0
}

// MaskID shows the first three and last four signs of an identity number. One
// that is too short to keep anything back is hidden whole.
func MaskID(s string) string { return mask(s, 3, 4) }

// MaskPhone shows the first three and last four digits of a phone number. One
// that is too short to keep anything back is hidden whole.
func MaskPhone(s string) string { return mask(s, 3, 4) }

// mask keeps head and tail runes where at least four are hidden between them.
func mask(s string, head, tail int) string {
	r := []rune(Normalize(s))
	if len(r) < head+tail+4 {
		return strings.Repeat("*", len(r))
	}
	return string(r[:head]) + strings.Repeat("*", len(r)-head-tail) + string(r[len(r)-tail:])
}

// MaskName shows the first rune of a person's name, as public lists do: 张*, 欧**.
func MaskName(s string) string {
	r := []rune(Normalize(s))
	if len(r) < 2 {
		return strings.Repeat("*", len(r))
	}
	return string(r[:1]) + strings.Repeat("*", len(r)-1)
}
