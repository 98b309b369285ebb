package external

import (
	"fmt"
	"math/big"
	"regexp"
	"strings"
	"unicode/utf8"

	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/fault"
)

// Percent is the unit whose values are shares.
const Percent = "%"

// Units that are offered; others may be written.
var Units = []string{Percent, "人", "家", "次", "场", "个", "分", "元"}

var (
	keyForm     = regexp.MustCompile(`^[a-z][a-z0-9-]{0,39}$`)
	decimalForm = regexp.MustCompile(`^-?(0|[1-9][0-9]{0,11})(\.[0-9]{1,6})?$`)
	countForm   = regexp.MustCompile(`^(0|[1-9][0-9]{0,8})$`)
	monthForm   = regexp.MustCompile(`^[0-9]{4}-(0[1-9]|1[0-2])$`)
	pageForm    = regexp.MustCompile(`^[0-9]+([-—、,，][0-9]+)*$`)
)

// words are the fields of plain words, with how long they may be and whether they are
// needed.
var words = []struct {
	field, title string
	of           func(*Content) *string
	most         int
	needed       bool
}{
	{"title", "名称", func(c *Content) *string { return &c.Title }, 60, true},
	{"unit", "单位", func(c *Content) *string { return &c.Unit }, 6, true},
	{"subject", "对象", func(c *Content) *string { return &c.Subject }, 60, true},
	{"source", "来源文件", func(c *Content) *string { return &c.Source }, 100, true},
	{"issuer", "发布单位", func(c *Content) *string { return &c.Issuer }, 60, true},
	{"page", "页码", func(c *Content) *string { return &c.Page }, 20, false},
	{"method", "调查方式", func(c *Content) *string { return &c.Method }, 60, false},
}

// tidied is a content without the blanks and brackets that people add.
func tidied(c Content) Content {
	for _, w := range words {
		s := w.of(&c)
		*s = strings.Join(strings.Fields(*s), " ")
	}
	for _, s := range []*string{&c.Value, &c.K, &c.N, &c.Dated, &c.Replies} {
		*s = codes.Normalize(strings.TrimSpace(*s))
	}
	if c.Unit == "％" {
		c.Unit = Percent
	}
	if c.Unit == Percent {
		c.Value = strings.TrimSpace(strings.TrimSuffix(c.Value, Percent))
	}
	c.Replies = strings.TrimSpace(strings.TrimSuffix(c.Replies, Percent))
	if inside, ok := strings.CutPrefix(c.Source, "《"); ok && strings.Count(c.Source, "《") == 1 {
		c.Source = strings.TrimSuffix(inside, "》")
	}
	return c
}

// check says what is wrong with a content by itself; today is the last day that its
// document can be of. Error: fault.Invalid with the field.
func (c *Content) check(today calendar.Day) error {
	for _, w := range words {
		s := *w.of(c)
		if s == "" && w.needed {
			return fault.Invalidf(w.field, "请填写%s", w.title)
		}
		if utf8.RuneCountInString(s) > w.most {
			return fault.Invalidf(w.field, "%s最多 %d 个字，现在有 %d 个", w.title, w.most, utf8.RuneCountInString(s))
		}
		if err := codes.NoNumbers(w.field, s); err != nil {
			return err
		}
	}
	if strings.ContainsAny(c.Unit, "0123456789.") {
		return fault.Invalidf("unit", "单位里不能有数字，请写 %、人、家、次、分、元 这样的单位")
	}
	if err := c.checkDated(today); err != nil {
		return err
	}
	if c.Replies != "" && (!decimalForm.MatchString(c.Replies) || ratio(c.Replies).Cmp(big.NewRat(100, 1)) > 0 || ratio(c.Replies).Sign() < 0) {
		return fault.Invalidf("replies", "回收率应为 0 到 100 的数，例如 63.5，不能是“%s”", c.Replies)
	}
	return c.checkValue()
}

func (c *Content) checkDated(today calendar.Day) error {
	day := c.Dated
	if monthForm.MatchString(day) {
		day += "-01"
	}
	if _, err := calendar.ParseDay(day); err != nil {
		return fault.Invalidf("dated", "文件日期请写成 2024-12 或 2024-12-05，不能是“%s”", c.Dated)
	}
	if calendar.Day(day) > today {
		return fault.Invalidf("dated", "文件日期 %s 还没有到", c.Dated)
	}
	return nil
}

// checkValue holds a share against its k and n, at the digits that are printed.
func (c *Content) checkValue() error {
	if !decimalForm.MatchString(c.Value) {
		return fault.Invalidf("value", "数值请照文件上的写，例如 91 或 71.3，不能是“%s”", c.Value)
	}
	for _, x := range []struct{ field, value string }{{"k", c.K}, {"n", c.N}} {
		if x.value != "" && !countForm.MatchString(x.value) {
			return fault.Invalidf(x.field, "人数请写整数，不能是“%s”", x.value)
		}
	}
	k, n := whole(c.K), whole(c.N)
	switch {
	case c.K != "" && c.N == "":
		return fault.Invalidf("n", "写了其中多少，请同时写明样本一共多少；不知道就两个都不写")
	case c.N == "":
		return nil
	case n == 0:
		return fault.Invalidf("n", "样本数不能是 0；不知道就不写")
	case k > n:
		return fault.Invalidf("k", "其中 %d 比样本 %d 还多，请核对", k, n)
	case c.K == "" || c.Unit != Percent:
		return nil
	}
	if is := Share(k, n, digits(c.Value)); is != c.Value {
		return fault.Invalidf("value", "%d/%d 按写出的位数是 %s%%，写的是 %s%%；请核对文件，人数不确定就不写", k, n, is, c.Value)
	}
	return nil
}

// Share is k in hundred of n with so many digits behind the point, half up. n is above 0,
// k and n below 1,000,000,000, digits at most 6.
func Share(k, n int64, digits int) string {
	scale := int64(1)
	for range digits {
		scale *= 10
	}
	x := (k*100*scale*2 + n) / (2 * n)
	if digits == 0 {
		return fmt.Sprint(x)
	}
	return fmt.Sprintf("%d.%0*d", x/scale, digits, x%scale)
}

// digits are how many stand behind the point.
func digits(value string) int {
	_, behind, _ := strings.Cut(value, ".")
	return len(behind)
}

// whole reads what countForm lets through; blank is 0.
func whole(s string) int64 {
	n := int64(0)
	for _, r := range s {
		n = n*10 + int64(r-'0')
	}
	return n
}

// ratio reads what decimalForm lets through.
func ratio(s string) *big.Rat {
	r, ok := new(big.Rat).SetString(s)
	if !ok {
		return new(big.Rat)
	}
	return r
}

// Sample says of how many the value is, and how many of them, as they are told: 55/60;
// blank where neither is.
func (c *Content) Sample() string {
	switch {
	case c.N == "":
		return ""
	case c.K == "":
		return c.N
	}
	return c.K + "/" + c.N
}

// Text is the value as it is printed: 91%, 3家.
func (c *Content) Text() string { return c.Value + c.Unit }

// Quotient is k in hundred of n with two digits more than the value has, of a share that
// tells both.
func (c *Content) Quotient() string {
	return Share(whole(c.K), whole(c.N), min(digits(c.Value)+2, 6))
}

// Surveyed reports that people were asked, rather than counted from records.
func (c *Content) Surveyed() bool { return c.Method != "" || c.Replies != "" }

// Cite is the source as a footnote has it: 《…》，发布单位，2024年12月，第12页.
func (c *Content) Cite() string {
	out := "《" + c.Source + "》，" + c.Issuer + "，" + DateWords(c.Dated)
	if p := PageWords(c.Page); p != "" {
		out += "，" + p
	}
	return out
}

// PageWords are a page as people read it: 第12页.
func PageWords(page string) string {
	if pageForm.MatchString(page) {
		return "第" + page + "页"
	}
	return page
}

// DateWords are the day or month of a document as people read it: 2024年12月5日.
func DateWords(dated string) string {
	part := strings.Split(dated, "-")
	if len(part) < 2 {
		return dated
	}
	out := part[0] + "年" + strings.TrimPrefix(part[1], "0") + "月"
	if len(part) > 2 {
		out += strings.TrimPrefix(part[2], "0") + "日"
	}
	return out
}
