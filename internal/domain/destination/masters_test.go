package destination

import (
	"testing"

	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/employer"
	"quxiang/internal/domain/history"
)

// known is a school's master records: a hospital that rose, an agency, two firms
// of one name.
func known() Masters {
	return NewMasters(codes.Builtin(),
		[]employer.Employer{
			{ID: "h", CreditCode: "H", Name: "滨海市甲医院", Nature: "23", Industry: "43", Region: "120103"},
			{ID: "a", CreditCode: "A", Name: "某某人力资源有限公司", Nature: "39", Industry: "37"},
			{ID: "n", Name: "丙县人民医院", Nature: "23"},
			{ID: "t1", CreditCode: "T1", Name: "同名公司", Nature: "31"}, {ID: "t2", CreditCode: "T2", Name: "同名（公司）", Nature: "39"},
		},
		[]employer.HospitalLevel{{Employer: "h", Level: "21"}, {Employer: "h", From: "2024-06-01", Level: "31"}, {Employer: "n", Level: "22"}})
}

func work11(on string, fields ...string) history.Content {
	return history.Content{TrueOn: calendar.Day(on), Scheme: "MOE-2021", Code: "11", Fields: pairs(fields...)}
}

func pairs(list ...string) history.Fields {
	f := history.Fields{}
	for i := 0; i < len(list); i += 2 {
		f[list[i]] = list[i+1]
	}
	return f
}

func TestFill(t *testing.T) {
	for name, c := range map[string]struct {
		content history.Content
		want    history.Counted
	}{
		"by credit code": {work11("2024-06-20", "credit_code", "H", "employer_name", "旧名"),
			history.Counted{Nature: "23", Industry: "43", Region: "120103", HospitalLevel: "31"}},
		"the level of the true day": {work11("2024-05-31", "credit_code", "H"),
			history.Counted{Nature: "23", Industry: "43", Region: "120103", HospitalLevel: "21"}},
		"by exact name": {work11("2024-06-20", "employer_name", "滨海市 甲医院"),
			history.Counted{Nature: "23", Industry: "43", Region: "120103", HospitalLevel: "31"}},
		"a part of a name is no name":              {work11("2024-06-20", "employer_name", "甲医院"), history.Counted{}},
		"two of one name are none":                 {work11("2024-06-20", "employer_name", "同名公司"), history.Counted{}},
		"a code that differs outweighs the name":   {work11("2024-06-20", "credit_code", "X", "employer_name", "滨海市甲医院"), history.Counted{}},
		"a master without a code goes by name":     {work11("2024-06-20", "credit_code", "X", "employer_name", "丙县人民医院"), history.Counted{Nature: "23", HospitalLevel: "22"}},
		"nothing named":                            {work11("2024-06-20"), history.Counted{}},
		"a nurse through an agency":                {work11("2024-06-20", "credit_code", "H", "contract_code", "A"), history.Counted{Nature: "23", Industry: "43", Region: "120103", HospitalLevel: "31", ContractNature: "39"}},
		"study: the school's tier":                 {history.Content{Scheme: "MOE-2021", Code: "801", Fields: pairs("school_name", "清华大学")}, history.Counted{SchoolTier: "985"}},
		"work at a university is no further study": {work11("2024-06-20", "school_name", "清华大学"), history.Counted{}},
		"abroad has no tier":                       {history.Content{Scheme: "MOE-2021", Code: "85", Fields: pairs("school_name", "清华大学")}, history.Counted{}},
		"what is given stays": {func() history.Content {
			c := work11("2024-06-20", "credit_code", "H")
			c.Counts.Nature = "31"
			return c
		}(), history.Counted{Nature: "31", Industry: "43", Region: "120103", HospitalLevel: "31"}},
		"what was emptied on purpose is filled too": {func() history.Content {
			c := work11("2024-06-20", "employer_name", "丙县人民医院")
			c.Counts.Nature = history.Emptied
			return c
		}(), history.Counted{Nature: "23", HospitalLevel: "22"}},
	} {
		m := known()
		if m.Fill(&c.content, "2024"); c.content.Counts != c.want {
			t.Errorf("%s: got %+v, want %+v", name, c.content.Counts, c.want)
		}
	}
}

// TestCopies: what was copied of one unit never outlives it.
func TestCopies(t *testing.T) {
	atH := work11("2024-06-20", "credit_code", "H")
	known().Fill(&atH, "2024")
	moved := func(fields ...string) history.Content {
		c := atH
		c.Fields = pairs(fields...)
		return c
	}
	for name, c := range map[string]struct {
		before, after, given history.Content
		want                 history.Counted
	}{
		"a new case is filled": {history.Content{}, work11("2024-06-20", "credit_code", "H"), history.Content{},
			history.Counted{Nature: "23", Industry: "43", Region: "120103", HospitalLevel: "31"}},
		"the same unit adds nothing": {atH, moved("credit_code", "H", "position", "护士"), history.Content{}, history.Counted{}},
		"to a unit that is known":    {atH, moved("credit_code", "A"), history.Content{}, history.Counted{Nature: "39", Industry: "37", Region: history.Emptied, HospitalLevel: history.Emptied}},
		"to a unit nobody knows": {atH, moved("credit_code", "X"), history.Content{},
			history.Counted{Nature: history.Emptied, Industry: history.Emptied, Region: history.Emptied, HospitalLevel: history.Emptied}},
		"what the change gives stays": {atH, func() history.Content { c := moved("credit_code", "X"); c.Counts.Nature = "31"; return c }(),
			history.Content{Counts: history.Counted{Nature: "31", Industry: "43"}}, history.Counted{Region: history.Emptied, HospitalLevel: history.Emptied}},
	} {
		if got := known().Copies(c.before, c.after, c.given, "2024"); got != c.want {
			t.Errorf("%s: got %+v, want %+v", name, got, c.want)
		}
	}
}
