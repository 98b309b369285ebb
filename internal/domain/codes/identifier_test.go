package codes

import (
	"math/big"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestCreditCodeVectors(t *testing.T) {
	for _, tt := range []struct {
		name, code string
		want       Grade
	}{
		{"company", "91350200776049653A", Fine},
		{"company with a letter at the end", "91350500798359476R", Fine},
		{"company with letters in the body", "91440101MA5CJQ4N59", Fine},
		{"company of digits only", "913502000728319549", Fine},
		{"public institution", "123502001549897397", Fine},
		{"full width and small letters", " ９１４４０１０１ma5cjq4n59　", Fine},
		{"early pilot, legal, calculated 9", "91350203M0001QAY9B", Warning},
		{"early pilot, legal, calculated 1", "91350100M0001TGQXM", Warning},
		{"early pilot, legal, calculated R", "91350211M0000XUF46", Warning},
		{"wrong inner check sign", "91350200776049654A", Overridable},
		{"letter O", "9135O200776049653A", Malformed},
		{"letter in the place of a digit that is not of the alphabet", "9135Z200776049653A", Malformed},
		{"too short", "91350200776049653", Malformed},
		{"too long", "91350200776049653A1", Malformed},
		{"Chinese signs of eighteen bytes", "统一社会信用", Malformed},
		{"nothing", "", Malformed},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := CheckCreditCode(tt.code)
			if f.Grade != tt.want || (f.Message == "") != (tt.want == Fine) {
				t.Errorf("%s: %s %q, want %s", tt.code, f.Grade, f.Message, tt.want)
			}
			if f.Grade != Malformed && f.Code != strings.ToUpper(Normalize(tt.code)) {
				t.Errorf("kept as %q", f.Code)
			}
		})
	}
}

// creditSigns are written once more from the standard, another way: the outer
// sign by polynomial arithmetic on the printed weights, the inner by the 36 signs
// of GB 11714.
func creditSigns(code string) (inner, outer byte) {
	const signs = "0123456789ABCDEFGHJKLMNPQRTUWXY"
	printed := []int64{1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28}
	sum := new(big.Int)
	for i, w := range printed {
		sum.Add(sum, big.NewInt(w*int64(strings.Index(signs, code[i:i+1]))))
	}
	outer = signs[new(big.Int).Mod(sum.Neg(sum), big.NewInt(31)).Int64()]

	const body = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	total := 0
	for i, w := range []int{3, 7, 9, 10, 5, 8, 4, 2} {
		total += w * strings.Index(body, code[8+i:9+i])
	}
	switch c := 11 - total%11; c {
	case 10:
		inner = 'X'
	case 11:
		inner = '0'
	default:
		inner = byte('0' + c)
	}
	return inner, outer
}

// TestCreditCodeAgainstASecondImplementation: so it is with credit codes (F6, S12).
func TestCreditCodeAgainstASecondImplementation(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		code := []byte(rapid.StringMatching(`[0-9A-HJ-NPQRTUWXY]{18}`).Draw(t, "code"))
		inner, _ := creditSigns(string(code))
		if rapid.Bool().Draw(t, "inner right") {
			code[16] = inner
		}
		_, outer := creditSigns(string(code))
		if rapid.Bool().Draw(t, "outer right") {
			code[17] = outer
		}
		want := Fine
		switch {
		case code[16] != inner:
			want = Overridable
		case code[17] != outer:
			want = Warning
		}
		if f := CheckCreditCode(string(code)); f.Grade != want {
			t.Fatalf("%s: %s, want %s (inner %c, outer %c)", code, f.Grade, want, inner, outer)
		}
	})
}

func TestIDNumberVectors(t *testing.T) {
	for _, tt := range []struct {
		name, number string
		want         Grade
		birthday     string
		sex          string
	}{
		{"woman with X", "11010519491231002X", Fine, "1949-12-31", "2"},
		{"small x and full width", "１１０１０５１９４９１２３１００２ｘ ", Fine, "1949-12-31", "2"},
		{"prefix withdrawn before the table begins", "440524188001010014", Warning, "1880-01-01", "1"},
		{"wrong check sign", "110105194912310021", Overridable, "1949-12-31", "2"},
		{"30 February", idOf("99010119990230001"), Malformed, "", ""},
		{"prefix that was never given out", idOf("99010119990223001"), Warning, "1999-02-23", "1"},
		{"residence permit of Hong Kong", idOf("81000018500223001"), Fine, "1850-02-23", "1"},
		{"withdrawn district of the table", idOf("33010318500223002"), Fine, "1850-02-23", "2"},
		{"leap day", idOf("99010120000229011"), Warning, "2000-02-29", "1"},
		{"no leap day in 1900", idOf("99010119000229011"), Malformed, "", ""},
		{"before 1800", idOf("99010117990223011"), Malformed, "", ""},
		{"old number of fifteen digits", "990101990223001", Malformed, "", ""},
		{"X in the middle", "1101051949123100X2", Malformed, "", ""},
		{"masked", "110***********002X", Malformed, "", ""},
		{"nothing", "", Malformed, "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := CheckIDNumber(tt.number)
			if f.Grade != tt.want || string(f.Birthday) != tt.birthday || f.Sex != tt.sex || (f.Message == "") != (tt.want == Fine) {
				t.Errorf("%s: %+v, want %s of %s, sex %s", tt.number, f, tt.want, tt.birthday, tt.sex)
			}
			if tt.birthday != "" && f.Region != f.Number[:6] {
				t.Errorf("region %q of %q", f.Region, f.Number)
			}
		})
	}
}

// idOf appends the check sign, by the printed weights of GB 11643: the second
// implementation that the first is held against.
func idOf(first17 string) string {
	sum := 0
	for i, w := range []int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2} {
		sum += w * int(first17[i]-'0')
	}
	return first17 + strings.Split("1 0 X 9 8 7 6 5 4 3 2", " ")[sum%11]
}

// TestIDNumberAgainstASecondImplementation: each wrong digit and each swap of neighbours is noticed (F5, S12).
func TestIDNumberAgainstASecondImplementation(t *testing.T) {
	first := time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC)
	rapid.Check(t, func(t *rapid.T) {
		day := first.AddDate(0, 0, rapid.IntRange(0, 50000).Draw(t, "days"))
		number := []byte(idOf("990" + rapid.StringMatching(`[0-9]{3}`).Draw(t, "region") + day.Format("20060102") + rapid.StringMatching(`[0-9]{3}`).Draw(t, "serial")))
		f := CheckIDNumber(string(number))
		sex := "2"
		if number[16]&1 == 1 {
			sex = "1"
		}
		if f.Grade != Warning || string(f.Birthday) != day.Format(time.DateOnly) || f.Sex != sex {
			t.Fatalf("%s: %+v", number, f)
		}
		for _, wrong := range slips(string(number), "0123456789X") {
			if f := CheckIDNumber(wrong); f.Grade != Overridable && f.Grade != Malformed {
				t.Fatalf("%s: %s, although %s was meant", wrong, f.Grade, number)
			}
		}
	})
}

// slips are what comes of a number by one wrong sign or two neighbours changed over,
// which ISO 7064 promises to notice.
func slips(number, signs string) (out []string) {
	for i := range number {
		for _, other := range signs {
			if byte(other) != number[i] {
				out = append(out, number[:i]+string(other)+number[i+1:])
			}
		}
		if i > 0 && number[i] != number[i-1] {
			out = append(out, number[:i-1]+number[i:i+1]+number[i-1:i]+number[i+1:])
		}
	}
	return out
}

// gradeOfID is the grade of a citizen number as the standards have it, by other means
// than the program's: a pattern, the calendar of the library and the printed weights.
func gradeOfID(number string) []Grade {
	if !regexp.MustCompile(`^[0-9]{17}[0-9X]$`).MatchString(number) {
		return []Grade{Malformed}
	}
	if day, err := time.Parse("20060102", number[6:14]); err != nil || day.Year() < 1800 || day.Year() > 2999 {
		return []Grade{Malformed}
	}
	if idOf(number[:17]) != number {
		return []Grade{Overridable}
	}
	return []Grade{Fine, Warning} // by what the table of regions knows
}

// gradeOfCredit is that of a credit code.
func gradeOfCredit(code string) []Grade {
	if !regexp.MustCompile(`^[0-9A-HJ-NPQRTUWXY]{18}$`).MatchString(code) {
		return []Grade{Malformed}
	}
	switch inner, outer := creditSigns(code); {
	case code[16] != inner:
		return []Grade{Overridable}
	case code[17] != outer:
		return []Grade{Warning}
	}
	return []Grade{Fine}
}

// spelled makes a number of n signs out of any bytes.
func spelled(s, signs string, n int) string {
	out := make([]byte, n)
	for i := range out {
		out[i] = signs[0]
		if len(s) > 0 {
			out[i] = signs[int(s[i%len(s)])%len(signs)]
		}
	}
	return string(out)
}

// FuzzIdentifiers: whatever is typed, what is made of it has the grade that a second
// implementation gives it, and says the same when it is typed again; and of what is
// right by its signs no slip of the pen is (F5, F6).
func FuzzIdentifiers(f *testing.F) {
	for _, s := range []string{"", "11010519491231002X", "91350200776049653A", "１１０１０５１９４９１２３１００２ｘ", "\xff\xfe", "统一社会信用"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		id, credit := CheckIDNumber(s), CheckCreditCode(s)
		if id.Grade != Malformed && len(id.Number) != 18 || credit.Grade != Malformed && len(credit.Code) != 18 {
			t.Errorf("%q: %+v, %+v", s, id, credit)
		}
		if !slices.Contains(gradeOfID(id.Number), id.Grade) || !slices.Contains(gradeOfCredit(credit.Code), credit.Grade) {
			t.Errorf("%q: %+v, want %v; %+v, want %v", s, id, gradeOfID(id.Number), credit, gradeOfCredit(credit.Code))
		}
		right(t, s)
		if again := CheckIDNumber(id.Number); again != id {
			t.Errorf("%q: %+v, then %+v", s, id, again)
		}
		if again := CheckCreditCode(credit.Code); again != credit {
			t.Errorf("%q: %+v, then %+v", s, credit, again)
		}
	})
}

// right makes a citizen number and a credit code of the bytes whose signs are right, and
// every slip in them.
func right(t *testing.T, s string) {
	number := idOf(spelled(s, "0123456789", 17))
	if f := CheckIDNumber(strings.ToLower(number)); f.Number != number || !slices.Contains(gradeOfID(number), f.Grade) {
		t.Errorf("%s: %+v", number, f)
	}
	code := []byte(spelled(s, creditAlphabet, 18))
	code[16], _ = creditSigns(string(code))
	_, code[17] = creditSigns(string(code))
	if f := CheckCreditCode(strings.ToLower(string(code))); f.Code != string(code) || f.Grade != Fine {
		t.Errorf("%s: %+v", code, f)
	}
	for _, wrong := range slips(number, "0123456789X") {
		if g := CheckIDNumber(wrong).Grade; g == Fine || g == Warning {
			t.Errorf("%s: %s, although it is a slip of %s", wrong, g, number)
		}
	}
	for _, wrong := range slips(string(code), "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") {
		if g := CheckCreditCode(wrong).Grade; g == Fine {
			t.Errorf("%s: %s, although it is a slip of %s", wrong, g, code)
		}
	}
}
