package roster

import (
	"strings"
	"testing"

	"quxiang/internal/domain/exchange"
)

func TestForeign(t *testing.T) {
	for name, c := range map[string]struct {
		values exchange.Values
		unread string
		want   string
	}{
		"nothing said":                   {exchange.Values{}, "", ""},
		"Chinese":                        {exchange.Values{"nationality": "中国"}, "", ""},
		"Chinese by code":                {exchange.Values{"nationality": "chn"}, "", ""},
		"Hong Kong":                      {exchange.Values{"nationality": "中国香港"}, "", ""},
		"Macao":                          {exchange.Values{"nationality": "澳门"}, "", ""},
		"Taiwan":                         {exchange.Values{"nationality": "中国台湾"}, "", ""},
		"another nationality":            {exchange.Values{"nationality": "老挝"}, "", "nationality"},
		"来华留学生":                          {exchange.Values{"student_kind": "来华留学生（本科）"}, "", "student_kind"},
		"非留学生":                           {exchange.Values{"student_kind": "非留学生"}, "", ""},
		"ordinary student":               {exchange.Values{"student_kind": "普通本科生"}, "", ""},
		"a passport":                     {exchange.Values{"id_kind": "外国护照"}, "", "id_kind"},
		"a foreigner's residence permit": {exchange.Values{"id_kind": "外国人永久居留身份证"}, "", "id_kind"},
		"a permit of Hong Kong":          {exchange.Values{"id_kind": "港澳居民来往内地通行证"}, "", ""},
		"foreign in place of a people":   {exchange.Values{}, "外籍", "ethnicity"},
		"a people that no table has":     {exchange.Values{}, "穿青人", ""},
		"外国血统中国籍人士":                      {exchange.Values{"ethnicity": "98"}, "", ""},
		"a remark that is only that":     {exchange.Values{"remark": "留学生"}, "", "remark"},
		"a remark that mentions it":      {exchange.Values{"remark": "曾任留学生辅导员助理"}, "", ""},
	} {
		l := exchange.Line{Values: c.values}
		if c.unread != "" {
			l.Unread = map[string]string{"ethnicity": c.unread}
		}
		if got := foreign(l); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

func TestNotes(t *testing.T) {
	// 990101 is no region, so that nobody has these numbers.
	const number = "990101200102030015"
	for name, c := range map[string]struct {
		values   exchange.Values
		birthday string
		says     []string
	}{
		"a region that is none":      {exchange.Values{"id_number": number}, "2001-02-03", []string{"A28"}},
		"another birthday":           {exchange.Values{"id_number": number}, "2001-02-04", []string{"A28", "出生日期"}},
		"another sex":                {exchange.Values{"id_number": number, "sex": "2"}, "2001-02-03", []string{"A28", "性别"}},
		"too short":                  {exchange.Values{"id_number": "9901"}, "", []string{"18 位"}},
		"another kind of paper":      {exchange.Values{"id_number": "H00000000", "id_kind": "港澳居民来往内地通行证"}, "", nil},
		"a mobile number":            {exchange.Values{"phone": "10000000001"}, "", nil},
		"a phone that lacks a digit": {exchange.Values{"phone": "1000000000"}, "", []string{"11 位"}},
		"nothing said":               {exchange.Values{}, "2001-02-03", nil},
	} {
		var g Graduate
		g.Put("birthday", c.birthday)
		got := notes(c.values, g)
		all := strings.Join(got, " ")
		if (len(got) == 0) != (len(c.says) == 0) {
			t.Errorf("%s: got %q", name, got)
		}
		for _, s := range c.says {
			if !strings.Contains(all, s) {
				t.Errorf("%s: %q does not say %q", name, got, s)
			}
		}
		for _, secret := range []string{c.values["id_number"], c.values["phone"]} {
			if secret != "" && strings.Contains(all, secret) {
				t.Errorf("%s: the note prints the value: %q", name, all)
			}
		}
	}
}
