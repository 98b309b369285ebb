package codes

import (
	"strings"
)

// CreditCodeFinding is what the check of a credit code says.
type CreditCodeFinding struct {
	Code    string // the code as it should be kept: half-width, capitals
	Grade   Grade
	Message string // what is wrong and what to do; blank if Grade is Fine
}

// creditAlphabet of GB 32100-2015: no I, O, S, V, Z. A sign's place is its value.
const creditAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"

// bodyWeights of GB 11714-1997, for the eight signs of the body code.
var bodyWeights = [8]int{3, 7, 9, 10, 5, 8, 4, 2}

// CheckCreditCode checks a 统一社会信用代码 (GB 32100-2015). Some codes of an early
// pilot are real and yet fail the outer check sign: a warning. A wrong inner
// check sign (GB 11714) needs a reason to go on.
func CheckCreditCode(s string) CreditCodeFinding {
	code := strings.ToUpper(Normalize(s))
	f := CreditCodeFinding{Code: code, Grade: Malformed}
	if len(code) != 18 {
		f.Message = "统一社会信用代码应为 18 位，请对照营业执照或法人证书核对"
		return f
	}
	for i := range len(code) {
		if strings.IndexByte(creditAlphabet, code[i]) < 0 {
			f.Message = "统一社会信用代码只含数字和大写字母，且不用 I、O、S、V、Z，请核对是否把 0、1、2、5 看成了字母"
			return f
		}
	}
	if bodySign(code[8:16]) != code[16] {
		f.Grade = Overridable
		f.Message = "统一社会信用代码第 9 至 17 位（主体标识码）的校验码不对，多半是抄错，请核对；确认无误的请写明理由后继续"
		return f
	}
	if creditSign(code[:17]) != code[17] {
		f.Grade = Warning
		f.Message = "统一社会信用代码的末位校验码不对，可能是早期试点发放的代码，请对照证照核对"
		return f
	}
	f.Grade = Fine
	return f
}

// creditSign computes the 18th sign from the first 17: weights 3^i mod 31.
func creditSign(s string) byte {
	sum, weight := 0, 1
	for i := range len(s) {
		sum += strings.IndexByte(creditAlphabet, s[i]) * weight
		weight = weight * 3 % 31
	}
	return creditAlphabet[(31-sum%31)%31]
}

// bodySign computes the check sign of an eight-sign body code (GB 11714).
func bodySign(s string) byte {
	sum := 0
	for i, w := range bodyWeights {
		v := int(s[i] - '0')
		if s[i] >= 'A' {
			v = int(s[i]-'A') + 10
		}
		sum += v * w
	}
	return "0X987654321"[sum%11]
}
