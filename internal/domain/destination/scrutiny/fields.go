package scrutiny

import (
	"slices"
	"strings"

	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/history"
)

// fieldOf says which field of a form each rule is about; rules about the case as
// a whole have none.
var fieldOf = map[string]string{
	"A01": "credit_code", "A02": "credit_code", "A03": "employer_name", "A04": "credit_code", "A05": "nature", "A06": "post",
	"A07": "contact_phone", "A08": "contact_phone", "A09": "contact_phone", "A10": "contact_phone",
	"A11": "evidence", "A12": "evidence", "A13": "sign_day", "A14": "employer_name", "A15": "evidence", "A16": "employer_name",
	"A17": "role", "A18b": "pay", "A20": "employer_name", "A21": "region", "A22": "school_name", "A23": "study_mode", "A27": "nature",
}

// FieldOf returns the field of a form that the rule is about; blank if it is
// about the case as a whole.
func FieldOf(rule string) string { return fieldOf[rule] }

// Lacks returns the fields that the profile requires and the content lacks; where
// one of two would do, both.
func (p Profile) Lacks(c history.Content) [][]string {
	value := values(c)
	var out [][]string
	for _, need := range p.Required {
		if need == "credit_code" && slices.Contains(profiles().WithoutCreditCode, c.Counts.Nature) {
			continue // the army and some organisations have none
		}
		names := strings.Split(need, "|")
		if !slices.ContainsFunc(names, func(n string) bool { return value[n] != "" }) {
			out = append(out, names)
		}
	}
	for _, pair := range profiles().Together {
		if value[pair[0]] != "" && value[pair[1]] == "" {
			out = append(out, []string{pair[1]})
		}
	}
	return out
}

// FieldTitles joins the names of fields of which one will do.
func FieldTitles(fields []string) string {
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = FieldTitle(f)
	}
	return strings.Join(names, "或")
}

// FieldNames lists every payload field of the form, by id.
func FieldNames() []string {
	var out []string
	for f := range profiles().Titles {
		out = append(out, f)
	}
	slices.Sort(out)
	return out
}

// WrongValues returns what cannot be stored as it is, in the order of the field
// ids: unknown fields, codes that are in no table, days that are no days, pay
// that is no number of fen. Each is a fault.Invalid of its field.
func WrongValues(book *codes.Book, c history.Content) []error {
	var out []error
	if c.TrueOn != "" && !IsDay(string(c.TrueOn)) {
		out = append(out, fault.Invalidf("true_on", "日期“%s”读不出来，应写成 2024-08-31 的样子", c.TrueOn))
	}
	fields := c.Fields.Plain()
	for _, field := range sortedNames(fields) {
		v := fields[field]
		title, ok := profiles().Titles[field]
		switch {
		case !ok:
			out = append(out, fault.Invalidf(field, "登记表没有“%s”这一项，请刷新后重新填写", field))
		case strings.HasSuffix(field, "_day") && !IsDay(v):
			out = append(out, fault.Invalidf(field, "%s“%s”读不出来，应写成 2024-08-31 的样子", title, v))
		case field == "pay" && !isFen(v):
			out = append(out, fault.Invalidf(field, "%s应填写数字", title))
		case strings.HasSuffix(field, "_code") && field != "school_code":
			if f := codes.CheckCreditCode(v); f.Grade == codes.Malformed {
				out = append(out, fault.Invalidf(field, "%s", f.Message))
			}
		}
	}
	for i, v := range c.Counts.Plain().Values() {
		field := history.CountedNames[i]
		if _, ok := book.Table(strings.TrimPrefix(field, "contract_")).Find(v); v != "" && !ok {
			out = append(out, fault.Invalidf(field, "%s代码“%s”不在代码表中，请从列表中选择", FieldTitle(field), v))
		}
	}
	return out
}

func sortedNames(f history.Fields) []string {
	out := make([]string, 0, len(f))
	for name := range f {
		out = append(out, name)
	}
	slices.Sort(out)
	return out
}
