package access

import (
	_ "embed"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"quxiang/internal/domain/fault"
)

// Lengths of a password, in characters; nothing is ever cut off. Three kinds of four
// is what GB/T 22239 8.1.4.1 is read as; it holds under MLPS only.
const (
	minPassword = 10
	maxPassword = 128
	minKinds    = 3
)

// commonWords are what guessed passwords are made of: words and keyboard runs,
// one a line, in small letters. [own], after published lists of leaked passwords.
//
//go:embed common_words.txt
var commonWords string

// CheckPassword says what is wrong with a new password. own are words that the
// password must not be built on: login, name, the school's name, birthday.
// Error: fault.Invalid on the field password.
func (p Policy) CheckPassword(password string, own ...string) error {
	n := utf8.RuneCountInString(password)
	switch {
	case !utf8.ValidString(password):
		return fault.Invalidf("password", "密码里有无法识别的字符，请重新输入")
	case strings.TrimSpace(password) == "":
		return fault.Invalidf("password", "请输入密码，至少 %d 个字符", minPassword)
	case n < minPassword:
		return fault.Invalidf("password", "密码太短：只有 %d 个字符，至少要 %d 个", n, minPassword)
	case n > maxPassword:
		return fault.Invalidf("password", "密码太长：有 %d 个字符，最多 %d 个", n, maxPassword)
	case p.Profile == MLPS && kinds(password) < minKinds:
		return fault.Invalidf("password", "密码太单一：大写字母、小写字母、数字、符号或汉字，至少要有其中三种")
	}
	rest := fold(password)
	for _, w := range own {
		if w = fold(w); utf8.RuneCountInString(w) >= 2 && (strings.Contains(rest, w) || numeric(w) && strings.Contains(digitsIn(password), w)) {
			return fault.Invalidf("password", "密码里不要用账号、姓名、校名、生日、证件号或手机号，请换一个别人猜不到的")
		}
	}
	if min(unguessed(uncommon(rest)), unguessed(uncommon(strings.ToLower(password)))) < 5 {
		return fault.Invalidf("password", "这个密码太常见，容易被猜到，请换一个；几个不相干的词连起来就很好")
	}
	return nil
}

// numbers are digits that everybody guesses first, whoever they belong to: identity
// numbers, phones, days.
var numbers = regexp.MustCompile(`\d{6}(19|20)\d{2}[01]\d[0-3]\d{4}[\dx]|1[3-9]\d{9}|(19|20)\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])`)

// uncommon is what is left of a password without what everybody guesses first.
func uncommon(s string) string {
	s = numbers.ReplaceAllString(s, " ")
	for _, w := range strings.Fields(commonWords) {
		s = strings.ReplaceAll(s, w, " ")
	}
	return s
}

// digitsIn are the digits of a password alone: 2001-02-03 is 20010203.
func digitsIn(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}

// numeric reports a word of digits that is long enough to be nobody's by chance.
func numeric(w string) bool { return len(w) >= 6 && digitsIn(w) == w }

// kinds counts capital letters, small letters, digits and all the rest, Chinese
// characters among them.
func kinds(s string) int {
	var has [4]bool
	for _, r := range s {
		switch {
		case r >= 'A' && r <= 'Z':
			has[0] = true
		case r >= 'a' && r <= 'z':
			has[1] = true
		case r >= '0' && r <= '9':
			has[2] = true
		default:
			has[3] = true
		}
	}
	return len(slices.DeleteFunc(has[:], func(b bool) bool { return !b }))
}

// disguises are the signs that people write for letters.
var disguises = strings.NewReplacer("@", "a", "4", "a", "0", "o", "1", "i", "!", "i", "3", "e", "$", "s", "5", "s", "7", "t")

// fold takes case and disguise away, so that P@ssw0rd is password. Runs of
// digits are words of their own and stay.
func fold(s string) string {
	out := make([]rune, 0, len(s))
	r := []rune(strings.ToLower(s))
	for i := range r {
		alone := !unicode.IsDigit(r[i]) || (i == 0 || !unicode.IsDigit(r[i-1])) && (i == len(r)-1 || !unicode.IsDigit(r[i+1]))
		if alone && i > 0 && i < len(r)-1 {
			out = append(out, []rune(disguises.Replace(string(r[i])))...)
			continue
		}
		out = append(out, r[i])
	}
	return string(out)
}

// unguessed counts the characters that neither repeat the one before them nor
// follow it in a row (abc, 321), nor are spaces.
func unguessed(s string) int {
	n := 0
	before := rune(0)
	for _, r := range s {
		if step := r - before; r != ' ' && (step < -1 || step > 1) {
			n++
		}
		before = r
	}
	return n
}
