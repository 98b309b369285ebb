package codes

import (
	"strings"
	"unicode"
)

// Normalize trims ordinary, full-width and invisible spaces from both ends and
// turns full-width letters, digits and signs into half-width ones (全角转半角).
// Text inside is otherwise kept.
func Normalize(s string) string {
	if ascii(s) {
		return strings.TrimFunc(s, blank)
	}
	return strings.TrimFunc(strings.Map(halfWidth, s), blank)
}

// blank reports an ordinary space or a control sign.
func blank(r rune) bool { return r <= ' ' || r >= 0x7f && r <= 0x9f }

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

// halfWidth maps one rune; -1 drops it.
func halfWidth(r rune) rune {
	switch {
	case r >= '！' && r <= '～':
		return r - '！' + '!'
	case unicode.Is(unicode.Z, r):
		return ' '
	case unicode.Is(unicode.Cf, r): // zero width, direction marks, the byte order mark
		return -1
	}
	return r
}
