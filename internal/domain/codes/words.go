package codes

import (
	"regexp"
	"strings"

	"quxiang/internal/domain/fault"
)

// Free words of people about people (a reason, a note, an answer) lie readable: many
// are under the digests of the audit trail. So they must not hold what lies sealed
// elsewhere (docs/adr/0012).
var (
	run    = regexp.MustCompile(`[0-9A-Za-z]+`)
	groups = regexp.MustCompile(`[0-9]+(?:[ -][0-9]+)+[Xx]?`)
	phone  = regexp.MustCompile(`^(?:86)?1[0-9]{10}$`)
	spaced = regexp.MustCompile(`^(?:86[ -])?1[0-9]{2}[ -][0-9]{4}[ -][0-9]{4}$`)
	person = regexp.MustCompile(`^[0-9]{6}(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9Xx]$`)
)

// NoNumbers refuses words that hold an identity number or a mobile number, also with
// blanks or dashes between the groups. Student numbers, dates and credit codes pass.
// Error: fault.Invalid on the field.
func NoNumbers(field, words string) error {
	if MaskNumbers(words) == Normalize(words) {
		return nil
	}
	return fault.Invalidf(field, "请不要在说明里写证件号或手机号，去掉后再提交；需要时可从名单里查看，会留痕")
}

// MaskNumbers is the normalised words with the middle of such numbers hidden, for
// what nobody types: names of files.
func MaskNumbers(words string) string {
	words = groups.ReplaceAllStringFunc(Normalize(words), func(s string) string {
		if plain := strings.NewReplacer(" ", "", "-", "").Replace(s); spaced.MatchString(s) || person.MatchString(plain) {
			return mask(plain, 3, 4)
		}
		return s
	})
	return run.ReplaceAllStringFunc(words, func(s string) string {
		if phone.MatchString(s) || person.MatchString(s) {
			return mask(s, 3, 4)
		}
		return s
	})
}
