package exchange

import (
	"strconv"
	"strings"
	"time"

	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/codes"
)

// clean trims a text and takes out what nobody sees: control characters become
// spaces, invisible joiners of width zero go. All else stays as it was typed, so
// that rare characters and the dot of a name survive.
func clean(s string) string {
	plain := true
	for i := 0; i < len(s) && plain; i++ {
		plain = s[i] > ' ' && s[i] < 0x7f
	}
	if plain {
		return s
	}
	s = strings.Map(func(r rune) rune {
		switch {
		case r < ' ', r == 0x7f, r == 0x85:
			return ' '
		case r == '\u200b', r == '\ufeff', r == '\u2060', r == '\u00ad':
			return -1
		}
		return r
	}, s)
	return strings.TrimSpace(s) // trims 　 and no-break spaces too
}

// number reads an identifier: half width, no spaces, no leading apostrophe, and
// without the .0 that a number format adds.
func number(s string) (string, string) {
	s = strings.TrimLeft(strings.ReplaceAll(codes.Normalize(clean(s)), " ", ""), "'`")
	if whole, ok := strings.CutSuffix(s, ".0"); ok && digits(whole) {
		s = whole
	}
	if mantissa, exponent, ok := strings.Cut(strings.ToUpper(s), "E+"); ok && digits(exponent) && digits(strings.Replace(mantissa, ".", "", 1)) {
		return "", "号码已被表格软件改成科学计数法，末尾几位已丢失，请把该列设为文本格式后重填"
	}
	return s, ""
}

// phone reads a telephone number; what does not look like one stays as it is.
func phone(s string) (string, string) {
	s, problem := number(s)
	plain := strings.TrimPrefix(strings.ReplaceAll(s, "-", ""), "+")
	if len(plain) == 13 && strings.HasPrefix(plain, "861") {
		plain = plain[2:]
	}
	if Mobile(plain) {
		s = plain
	}
	return s, problem
}

// Mobile reports that the number has the form of a mainland mobile number.
func Mobile(s string) bool { return len(s) == 11 && s[0] == '1' && digits(s) }

// ParseDay reads a day as people write it: 2024-06-30, 2024/6/30, 2024.6.30,
// 20240630, 2024年6月30日, each with or without a time behind it.
func ParseDay(s string) (calendar.Day, bool) {
	d, ok := ParseMonth(s)
	return calendar.Day(d), ok && len(d) == len("2006-01-02")
}

// ParseMonth reads a day as ParseDay does, or a month such as 202406, 2024-06 or
// 2024年6月, which it returns as 2024-06.
func ParseMonth(s string) (string, bool) {
	s = withoutTime(codes.Normalize(clean(s)))
	s = daySeparators.Replace(s)
	parts := strings.Split(strings.TrimSuffix(s, "-"), "-")
	if len(parts) == 1 {
		switch all := parts[0]; len(all) {
		case 6:
			parts = []string{all[:4], all[4:]}
		case 8:
			parts = []string{all[:4], all[4:6], all[6:]}
		}
	}
	if len(parts) < 2 || len(parts) > 3 || len(parts[0]) != 4 || parts[0] < "1900" {
		return "", false
	}
	for i, p := range parts[1:] {
		if len(p) == 1 {
			parts[i+1] = "0" + p
		}
	}
	day := strings.Join(parts, "-")
	if _, err := time.Parse(time.DateOnly[:len("2006-01-02")-3*(3-len(parts))], day); err != nil {
		return "", false
	}
	return day, true
}

var daySeparators = strings.NewReplacer("年", "-", "月", "-", "日", "", "号", "", "/", "-", ".", "-", " ", "")

// LastDay returns the day that a day or month kept by the form Month means: of a
// month its last; blank for anything else.
func LastDay(s string) calendar.Day {
	if t, err := time.Parse("2006-01", s); err == nil {
		return calendar.Day(t.AddDate(0, 1, -1).Format(time.DateOnly))
	}
	d, err := calendar.ParseDay(s)
	if err != nil {
		return ""
	}
	return d
}

// withoutTime cuts a time of day behind a day.
func withoutTime(s string) string {
	i := strings.IndexAny(s, " T")
	if i < 0 {
		return s
	}
	if strings.IndexFunc(s[i+1:], func(r rune) bool { return !strings.ContainsRune("0123456789:.+Z", r) }) >= 0 || !strings.Contains(s[i:], ":") {
		return s
	}
	return s[:i]
}

// parseYear reads 2024, 2024届 or 2024年.
func parseYear(s string) (string, bool) {
	s = codes.Normalize(clean(s))
	for _, tail := range []string{"届", "年", ".0"} {
		s = strings.TrimSuffix(s, tail)
	}
	return s, len(s) == 4 && digits(s) && s >= "1950" && s < "2200"
}

// parsePay reads yuan a month, such as 5000, 5,000.50 or 8000元, and returns fen.
func parsePay(s string) (string, bool) {
	s = codes.Normalize(clean(s))
	for _, tail := range []string{"/月", "每月", "元", "¥"} {
		s = strings.TrimSpace(strings.TrimSuffix(s, tail))
	}
	s = strings.ReplaceAll(strings.TrimPrefix(s, "¥"), ",", "")
	yuan, cents, dotted := strings.Cut(s, ".")
	if !digits(yuan) || len(yuan) > 9 || dotted && !digits(cents) || len(cents) > 2 {
		return "", false
	}
	n, err := strconv.ParseInt(yuan+(cents + "00")[:2], 10, 64)
	return strconv.FormatInt(n, 10), err == nil
}

func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}
