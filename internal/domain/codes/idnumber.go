package codes

import (
	"strings"

	"quxiang/internal/domain/calendar"
)

// IDFinding is what the check of a citizen number says.
type IDFinding struct {
	Number   string // the number as it should be kept: half-width, capital X
	Grade    Grade
	Message  string       // what is wrong and what to do; blank if Grade is Fine
	Birthday calendar.Day // blank if it cannot be read
	Sex      string       // code of table sex: 1 男, 2 女; blank if it cannot be read
	Region   string       // first six digits
}

// CheckIDNumber checks an 18-digit 公民身份号码 (GB 11643-1999). A wrong check sign
// needs a reason to go on. A prefix that is in no edition of the region table
// warns only, as the table cannot know every withdrawn code.
func CheckIDNumber(s string) IDFinding {
	number := strings.ToUpper(Normalize(s))
	f := IDFinding{Number: number, Grade: Malformed}
	if len(number) != 18 || !digits(number[:17]) || !digits(number[17:]) && number[17] != 'X' {
		f.Message = "身份证号应为 18 位，前 17 位是数字，末位是数字或 X"
		return f
	}
	day, err := calendar.ParseDay(number[6:10] + "-" + number[10:12] + "-" + number[12:14])
	if err != nil || day < "1800-01-01" {
		f.Message = "身份证号第 7 至 14 位不是一个日期，请核对出生日期"
		return f
	}
	f.Birthday, f.Region, f.Sex = day, number[:6], "2"
	if (number[16]-'0')%2 == 1 {
		f.Sex = "1"
	}
	if idSign(number[:17]) != number[17] {
		f.Grade = Overridable
		f.Message = "身份证号的末位校验码不对，多半是抄错，请核对；确认无误的请写明理由后继续"
		return f
	}
	if !knownPrefix(f.Region) {
		f.Grade = Warning
		f.Message = "身份证号前 6 位不在行政区划代码表中，请核对；号码无误的可以继续"
		return f
	}
	f.Grade = Fine
	return f
}

// idSign computes the 18th sign from the first 17: weights 2^(17-i) mod 11, by
// Horner's rule.
func idSign(s string) byte {
	sum := 0
	for i := range len(s) {
		sum = (sum + int(s[i]-'0')) * 2 % 11
	}
	return "10X98765432"[sum]
}

// knownPrefix reports that a citizen number may begin so. 81, 82 and 83 are those
// of residence permits (港澳台居民居住证).
func knownPrefix(region string) bool {
	switch region {
	case "810000", "820000", "830000":
		return true
	}
	_, ok := Builtin().Resolve("region", "", region)
	return ok
}
