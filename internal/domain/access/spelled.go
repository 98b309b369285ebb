package access

import (
	_ "embed"
	"strings"
	"sync"
)

// pinyinText are characters that schools' names are made of: a syllable, then those
// that are read so. [own]
//
//go:embed pinyin.txt
var pinyinText string

// pinyin is the syllable of each character of pinyinText.
var pinyin = sync.OnceValue(func() map[rune]string {
	out := map[rune]string{}
	words := strings.Fields(pinyinText)
	for i := 0; i+1 < len(words); i += 2 {
		for _, r := range words[i+1] {
			out[r] = words[i]
		}
	}
	return out
})

// spelled are the ways to write a name in letters that somebody who guesses tries:
// all of it and the initials, each with and without the last word (大学、学院). A
// character that is not known ends the name there.
func spelled(name string) []string {
	var whole, initials strings.Builder
	for _, r := range name {
		s, ok := pinyin()[r]
		if !ok {
			break
		}
		whole.WriteString(s)
		initials.WriteByte(s[0])
	}
	var out []string
	for _, w := range []string{whole.String(), initials.String()} {
		for _, end := range []string{"", "daxue", "xueyuan", "dx", "xy"} {
			if short := strings.TrimSuffix(w, end); len(short) >= 4 && (end == "" || short != w) {
				out = append(out, short)
			}
		}
	}
	return out
}
