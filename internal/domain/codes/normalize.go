package codes

import "strings"

// Normalize trims ordinary, full-width and invisible spaces from both ends and
// turns full-width letters, digits and signs into half-width ones (全角转半角).
// Text inside is otherwise kept.
func Normalize(s string) string {
	if ascii(s) {
		return strings.TrimSpace(s)
	}
	return strings.TrimFunc(strings.Map(halfWidth, s), func(r rune) bool {
		return r <= ' ' || r == 0x7f || r == 0x85
	})
}

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
	case r == '\u00a0' || r == '\u1680' || r >= '\u2000' && r <= '\u200a' || r == '\u202f' || r == '\u205f' || r == '\u3000':
		return ' '
	case r == '\u200b' || r == '\u200c' || r == '\u200d' || r == '\u2060' || r == '\ufeff' || r == '\u00ad':
		return -1
	}
	return r
}
