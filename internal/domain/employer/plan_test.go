package employer

import (
	"context"
	"fmt"
	"io"
	"strings"
	"testing"

	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/exchange"
)

// table is a file in memory.
type table [][]string

func (t table) Name() string                                  { return "单位.csv" }
func (t table) SHA256() string                                { return strings.Repeat("0", 64) }
func (t table) Open(context.Context) (exchange.Source, error) { return &rows{left: t}, nil }

type rows struct {
	left table
	n    int
}

func (r *rows) Sheet() string                 { return "" }
func (r *rows) Close() error                  { return nil }
func (r *rows) Progress() (done, total int64) { return 0, 0 }
func (r *rows) Next() (exchange.Row, error) {
	if len(r.left) == 0 {
		return exchange.Row{}, io.EOF
	}
	r.n++
	cells := r.left[0]
	r.left = r.left[1:]
	return exchange.Row{Number: r.n, Cells: cells}, nil
}

// planned runs a file over records that are there. The credit codes in these
// tests are too short to be anybody's.
func planned(t *testing.T, group exchange.Group, there []Employer, levels map[string][]HospitalLevel, file table) *plan {
	t.Helper()
	r, err := exchange.Begin(t.Context(), file, codes.Builtin(), exchange.Columns(group))
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	p := newPlan(codes.Builtin(), func() string { n++; return fmt.Sprint("new", n) }, r)
	for _, e := range there {
		p.add(e)
	}
	for id, list := range levels {
		p.levels[id] = list
	}
	take := (*plan).employer
	if group == exchange.HospitalLevels {
		take = (*plan).level
	}
	if err := r.Chunks(t.Context(), 10, nil, func(lines []exchange.Line) error {
		for _, l := range lines {
			if p.usable(l) {
				take(p, l)
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return p
}

var known = []Employer{
	{ID: "e1", CreditCode: "ZA01", Name: "滨海第一医院", Nature: "23", Region: "120103"},
	{ID: "e2", Name: "海风（滨海）科技有限公司", Nature: "39"},
	{ID: "e3", CreditCode: "ZA03", Name: "同名公司"},
	{ID: "e4", CreditCode: "ZA04", Name: "同名公司"},
}

func TestEmployerRows(t *testing.T) {
	header := []string{"单位名称", "统一社会信用代码", "单位性质", "单位地址", "成立日期"}
	for name, c := range map[string]struct {
		rows    [][]string
		counts  string // added changed same refused
		id      string // a record afterwards
		want    Employer
		refused string
	}{
		"a new one":                  {rows: [][]string{{"新医院", "za09", "医疗卫生单位", "某路", "2001/2/3"}}, counts: "1 0 0 0", id: "new1", want: Employer{ID: "new1", Name: "新医院", CreditCode: "ZA09", Nature: "23", Address: "某路", Founded: "2001-02-03"}},
		"the same":                   {rows: [][]string{{"滨海第一医院", "ZA01", "23"}}, counts: "0 0 1 0"},
		"blank keeps":                {rows: [][]string{{"滨海第一医院", "ZA01", "", "海滨路"}}, counts: "0 1 0 0", id: "e1", want: Employer{ID: "e1", CreditCode: "ZA01", Name: "滨海第一医院", Nature: "23", Region: "120103", Address: "海滨路"}},
		"cleared":                    {rows: [][]string{{"滨海第一医院", "ZA01", exchange.Clear}}, counts: "0 1 0 0", id: "e1", want: Employer{ID: "e1", CreditCode: "ZA01", Name: "滨海第一医院", Region: "120103"}},
		"renamed by its code":        {rows: [][]string{{"滨海中心医院", "ZA01"}}, counts: "0 1 0 0", id: "e1", want: Employer{ID: "e1", CreditCode: "ZA01", Name: "滨海中心医院", Nature: "23", Region: "120103"}},
		"found by name, gets a code": {rows: [][]string{{"海风(滨海)科技", "ZA02"}}, counts: "0 1 0 0", id: "e2", want: Employer{ID: "e2", CreditCode: "ZA02", Name: "海风(滨海)科技", Nature: "39"}},
		"one name, another code":     {rows: [][]string{{"滨海第一医院", "ZA05"}}, counts: "1 0 0 0", id: "new1", want: Employer{ID: "new1", CreditCode: "ZA05", Name: "滨海第一医院"}},
		"several of that name":       {rows: [][]string{{"同名公司"}}, counts: "0 0 0 1", refused: "2 家同名单位"},
		"one of them by code":        {rows: [][]string{{"同名公司", "ZA04", "39"}}, counts: "0 1 0 0", id: "e4", want: Employer{ID: "e4", CreditCode: "ZA04", Name: "同名公司", Nature: "39"}},
		"twice by code":              {rows: [][]string{{"甲", "ZA09"}, {"乙", "ZA09"}}, counts: "1 0 0 1", refused: "第 2 行"},
		"twice by name":              {rows: [][]string{{"甲公司"}, {"甲 公司"}}, counts: "1 0 0 1", refused: "第 2 行"},
		"two new ones of one name":   {rows: [][]string{{"甲公司", "ZA08"}, {"甲公司", "ZA09"}}, counts: "2 0 0 0"},
		"an unknown nature":          {rows: [][]string{{"甲公司", "", "夫妻店"}}, counts: "0 0 0 1", refused: "单位性质"},
		"nothing to go by":           {rows: [][]string{{"", "", "23"}}, counts: "0 0 0 1", refused: "无法确定"},
		"a code alone, unknown":      {rows: [][]string{{"", "ZA09"}}, counts: "0 0 0 1", refused: "新增单位须填写单位名称"},
		"the name cleared":           {rows: [][]string{{exchange.Clear, "ZA01"}}, counts: "0 0 0 1", refused: "不能清空"},
	} {
		p := planned(t, exchange.Employers, known, nil, append(table{header}, c.rows...))
		r := p.report
		if got := fmt.Sprint(r.Counts[exchange.Added], r.Counts[exchange.Changed], r.Counts[exchange.Same], r.Refused); got != c.counts {
			t.Errorf("%s: got %s, want %s", name, got, c.counts)
		}
		if c.id != "" && p.byID[c.id] != c.want {
			t.Errorf("%s: got %+v, want %+v", name, p.byID[c.id], c.want)
		}
		if c.refused != "" && !strings.Contains(r.Refusals[0].String(), c.refused) {
			t.Errorf("%s: %s", name, r.Refusals[0])
		}
	}
}

func TestOfOneNameARowWithoutCodeMeansTheOneWithout(t *testing.T) {
	there := []Employer{{ID: "e1", CreditCode: "ZA01", Name: "同名医院"}, {ID: "e2", Name: "同名医院"}, {ID: "e3", CreditCode: "ZA03", Name: "同名医院"}}
	p := planned(t, exchange.Employers, there, nil, table{{"单位名称", "统一社会信用代码", "单位地址"}, {"同名医院", "", "某路"}, {"同名医院", "ZA03", "他路"}})
	if p.report.Refused > 0 || p.byID["e1"] != there[0] || p.byID["e2"].Address != "某路" || p.byID["e3"].Address != "他路" {
		t.Errorf("%v, %+v", p.report.Refusals, p.byID)
	}
}

func TestLevelRows(t *testing.T) {
	header := []string{"医院名称", "统一社会信用代码", "医院等级", "生效日期", "来源"}
	there := map[string][]HospitalLevel{"e1": {{Employer: "e1", From: "2010-01-01", Level: "21", Source: "甲"}, {Employer: "e1", From: "2020-01-01", Level: "31", Source: "乙"}}}
	for name, c := range map[string]struct {
		rows    [][]string
		counts  string // added changed same created refused
		levels  string // of e1
		refused string
	}{
		"the same":               {[][]string{{"滨海第一医院", "ZA01", "三甲", "2020-01-01"}}, "0 0 1 0 0", "2010-01-01=21 2020-01-01=31", ""},
		"another for one day":    {[][]string{{"滨海第一医院", "", "三级乙等", "2020.1.1", "丙"}}, "0 1 0 0 0", "2010-01-01=21 2020-01-01=32", ""},
		"a later one":            {[][]string{{"", "ZA01", "30", "2024-01-01"}}, "1 0 0 0 0", "2010-01-01=21 2020-01-01=31 2024-01-01=30", ""},
		"from the beginning":     {[][]string{{"", "ZA01", "一甲"}}, "1 0 0 0 0", "=11 2010-01-01=21 2020-01-01=31", ""},
		"in between":             {[][]string{{"", "ZA01", "22", "2015-01-01"}}, "1 0 0 0 0", "2010-01-01=21 2015-01-01=22 2020-01-01=31", ""},
		"two days of one":        {[][]string{{"", "ZA01", "22", "2015-01-01"}, {"", "ZA01", "23", "2016-01-01"}}, "2 0 0 0 0", "2010-01-01=21 2015-01-01=22 2016-01-01=23 2020-01-01=31", ""},
		"one day twice":          {[][]string{{"", "ZA01", "22", "2015-01-01"}, {"", "ZA01", "23", "2015/1/1"}}, "1 0 0 0 1", "", "第 2 行"},
		"a hospital that is new": {[][]string{{"滨海第九医院", "", "二甲"}}, "1 0 0 1 0", "2010-01-01=21 2020-01-01=31", ""},
		"its code alone":         {[][]string{{"", "ZA09", "二甲"}}, "0 0 0 0 1", "", "同时填写单位名称"},
		"no level":               {[][]string{{"滨海第一医院", "", ""}}, "0 0 0 0 1", "", "请填写医院等级"},
		"an unknown level":       {[][]string{{"滨海第一医院", "", "四级甲等"}}, "0 0 0 0 1", "", "医院等级"},
	} {
		own := map[string][]HospitalLevel{"e1": append([]HospitalLevel{}, there["e1"]...)}
		p := planned(t, exchange.HospitalLevels, known, own, append(table{header}, c.rows...))
		r := p.report
		if got := fmt.Sprint(r.Counts[exchange.Added], r.Counts[exchange.Changed], r.Counts[exchange.Same], r.Counts[exchange.Created], r.Refused); got != c.counts {
			t.Errorf("%s: got %s, want %s", name, got, c.counts)
		}
		var got []string
		for _, l := range p.levels["e1"] {
			got = append(got, string(l.From)+"="+l.Level)
		}
		if s := strings.Join(got, " "); c.levels != "" && s != c.levels {
			t.Errorf("%s: got %s, want %s", name, s, c.levels)
		}
		if c.refused != "" && !strings.Contains(r.Refusals[0].String(), c.refused) {
			t.Errorf("%s: %s", name, r.Refusals[0])
		}
	}
}

func TestMastersAreWhatTheFileMentionsAsItLeavesThem(t *testing.T) {
	p := planned(t, exchange.Employers, known, map[string][]HospitalLevel{"e1": {{Employer: "e1", Level: "31"}}},
		table{{"单位名称", "统一社会信用代码", "单位性质"}, {"滨海第一医院", "ZA01", "23"}, {"新医院", "", "医疗卫生单位"}})
	m := p.masters()
	if len(m) != 2 || m[0].ID != "e1" || len(m[0].Levels) != 1 || m[1].Name != "新医院" || m[1].Nature != "23" {
		t.Errorf("%+v", m)
	}
	if len(p.dirty) != 1 {
		t.Errorf("to save: %v", p.dirty)
	}
}

func TestNameKey(t *testing.T) {
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{"海风（滨海）科技有限公司", "海风(滨海)科技", true},
		{"海风科技股份有限公司", "海风科技有限责任公司", true},
		{"滨海 第一医院", "滨海第一医院", true},
		{"滨海第一医院", "滨海第一医院分院", false},
		{"ＡＢＣ公司", "ABC公司", true},
	} {
		if (NameKey(c.a) == NameKey(c.b)) != c.same {
			t.Errorf("%s and %s: %q, %q", c.a, c.b, NameKey(c.a), NameKey(c.b))
		}
	}
}
