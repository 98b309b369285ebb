package roster

import (
	"slices"
	"strings"

	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/exchange"
)

// foreign says by which column a row is about a foreign student, who is not
// registered and therefore left out; blank if by none.
//
// There is no official column for it, so that what such files carry is looked
// at: 国籍 that is neither China nor one of its regions; 学生类别 that speaks of
// 留学生 or 国际学生; 身份证件类型 that is a foreign passport or a foreigner's
// residence permit; 民族 that says 外国 or 外籍 instead of a people; 备注 that says
// nothing but 留学生. The code 98 外国血统中国籍人士 is a Chinese citizen. Students
// from Hong Kong, Macao and Taiwan may register and stay in.
func foreign(l exchange.Line) string {
	v := l.Values
	switch n := codes.Normalize(v["nationality"]); {
	case n != "" && !slices.ContainsFunc(ownNationality, func(own string) bool { return strings.EqualFold(n, own) }) &&
		!strings.HasPrefix(n, "中国"):
		return "nationality"
	case mentionsForeign(v["student_kind"]):
		return "student_kind"
	case foreignPaper(v["id_kind"]):
		return "id_kind"
	case slices.Contains([]string{"外国", "外籍", "外国人", "外国籍", "外籍人士", "外国人士", "留学生", "国际学生"}, l.Unread["ethnicity"]):
		return "ethnicity"
	case slices.Contains([]string{"留学生", "来华留学生", "国际学生", "外国留学生", "外籍学生", "外国学生"}, v["remark"]):
		return "remark"
	}
	return ""
}

// ownNationality are the ways to write that somebody is Chinese, the regions included.
var ownNationality = []string{"中华人民共和国", "CN", "CHN", "China", "156", "香港", "澳门", "台湾", "港澳台", "HK", "HKG", "344",
	"MO", "MAC", "446", "TW", "TWN", "158", "香港特别行政区", "澳门特别行政区", "台湾省", "台湾地区"}

func mentionsForeign(s string) bool {
	if strings.Contains(s, "非") || strings.Contains(s, "不是") {
		return false
	}
	for _, word := range []string{"留学生", "国际学生", "国际生", "外国学生", "外籍", "来华留学"} {
		if strings.Contains(s, word) {
			return true
		}
	}
	return false
}

// foreignPaper reports a foreigner's document; 港澳居民来往内地通行证 and the like are not.
func foreignPaper(kind string) bool {
	return strings.Contains(kind, "护照") && !strings.Contains(kind, "中国护照") && !strings.Contains(kind, "中华人民共和国护照") ||
		strings.Contains(kind, "外国人")
}

// notes are what somebody should look at in a row that is taken all the same
// (rule A28, and the form of the telephone number). They never print the values.
func notes(v exchange.Values, g Graduate) []string {
	var out []string
	if number := v["id_number"]; number != "" && residentPaper(v["id_kind"]) {
		f := codes.CheckIDNumber(number)
		if f.Grade != codes.Fine {
			what, _, _ := strings.Cut(f.Message, "；确认无误") // nobody is asked in a file
			out = append(out, "A28 "+what+"；已按原样入库")
		}
		birthday, sex := g.Profile["birthday"], v["sex"]
		if birthday != "" && f.Birthday != "" && string(f.Birthday) != birthday {
			out = append(out, "A28 身份证号中的出生日期与“出生日期”不一致，请核对")
		}
		if sex != "" && f.Sex != "" && sex != f.Sex {
			out = append(out, "A28 身份证号中的性别与“性别”不一致，请核对")
		}
	}
	if p := v["phone"]; p != "" && !exchange.Mobile(p) {
		out = append(out, "手机号码不是 1 开头的 11 位数字，请核对；已按原样入库")
	}
	return out
}

// residentPaper reports that the number should be a 公民身份号码.
func residentPaper(kind string) bool {
	return kind == "" || strings.Contains(kind, "身份证") || strings.Contains(kind, "居住证") || kind == "1" || kind == "01"
}
