package reference

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/exchange"
)

// table is a file in memory.
type table [][]string

func (t table) Name() string                                  { return "参考.csv" }
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

// had is what a school has before a file comes.
type had struct {
	codes    []codes.Code
	mappings []codes.Mapping
	wages    []Wage
}

// plan runs a file through the planner of its kind.
func plan(t *testing.T, kind Kind, h had, file table) (planner, *tally) {
	t.Helper()
	r, err := exchange.Begin(t.Context(), file, codes.Builtin(), exchange.Columns(forms[kind].group), forms[kind].needs...)
	if err != nil {
		t.Fatal(err)
	}
	ta := newTally(r, false)
	own := newLocal(ta, h.codes, h.mappings)
	p := map[Kind]planner{
		Codes: newCodeRows(own), Institutions: &institutionRows{own}, MinimumWages: newWages(ta, codes.Builtin().Table("region"), h.wages),
	}[kind]
	if err := r.Chunks(t.Context(), 10, nil, func(lines []exchange.Line) error {
		for _, l := range lines {
			if ta.usable(l) {
				p.row(l)
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if err := p.finish(); err != nil {
		t.Fatal(err)
	}
	return p, ta
}

// counted is added, changed, same and refused.
func counted(r exchange.Report) string {
	return fmt.Sprint(r.Counts[exchange.Added], r.Counts[exchange.Changed], r.Counts[exchange.Same], r.Refused)
}

func expect(t *testing.T, name string, r exchange.Report, counts, refused string) {
	t.Helper()
	if got := counted(r); got != counts {
		t.Errorf("%s: got %s, want %s: %v", name, got, counts, r.Refusals)
	}
	if refused == "" {
		return
	}
	if r.Refused == 0 || !strings.Contains(r.Refusals[0].String(), refused) {
		t.Errorf("%s: refused %v, want %q", name, r.Refusals, refused)
	}
}

func TestCodeRows(t *testing.T) {
	header := []string{"代码表", "代码", "名称", "上级代码", "类别", "导出代码", "对照为", "原代码体系"}
	own := had{
		codes:    []codes.Code{{Scheme: "MOE-2021", Code: "513", Name: "乡村医生项目", Parent: "51"}},
		mappings: []codes.Mapping{{Table: "nature", FromScheme: "DWXZ", From: "61", To: "31"}},
	}
	for name, c := range map[string]struct {
		rows    [][]string
		counts  string
		refused string
	}{
		"a child":                         {[][]string{{"毕业去向类别", "514", "乡村教师项目", "51"}}, "1 0 0 0", ""},
		"the table by id":                 {[][]string{{"destination", "514", "乡村教师项目", "51"}}, "1 0 0 0", ""},
		"the table by scheme":             {[][]string{{"MOE-2021", "514", "乡村教师项目", "51"}}, "1 0 0 0", ""},
		"with the class of the table":     {[][]string{{"毕业去向类别", "90", "其他就业", "", "就业"}}, "1 0 0 0", ""},
		"again":                           {[][]string{{"毕业去向类别", "513", "乡村医生项目", "51"}}, "0 0 1 0", ""},
		"its parent taken away":           {[][]string{{"毕业去向类别", "513", "乡村医生项目", exchange.Clear}}, "0 1 0 1", "类别"},
		"its number, without its name":    {[][]string{{"毕业去向类别", "513", "", "", "", "599"}}, "1 1 0 0", ""},
		"no name":                         {[][]string{{"毕业去向类别", "514", "", "51"}}, "1 0 0 1", "名称"},
		"with another name":               {[][]string{{"毕业去向类别", "513", "村医项目", "51"}}, "0 1 0 0", ""},
		"a child before its parent":       {[][]string{{"毕业去向类别", "5141", "甲", "514"}, {"毕业去向类别", "514", "乙", "51"}}, "2 0 0 0", ""},
		"a child of what the school has":  {[][]string{{"毕业去向类别", "5131", "甲", "513"}}, "1 0 0 0", ""},
		"a parent that is not there":      {[][]string{{"毕业去向类别", "514", "甲", "599"}}, "1 0 0 1", "第 2 行"},
		"the one bad row among good ones": {[][]string{{"毕业去向类别", "514", "甲", "51"}, {"毕业去向类别", "515", "乙", "599"}, {"毕业去向类别", "516", "丙", "51"}}, "3 0 0 1", "第 3 行"},
		"two bad rows, the first of them": {[][]string{{"毕业去向类别", "514", "甲", "598"}, {"毕业去向类别", "515", "乙", "599"}}, "2 0 0 2", "第 2 行"},
		"each other's parents":            {[][]string{{"毕业去向类别", "514", "甲", "515"}, {"毕业去向类别", "515", "乙", "514"}}, "2 0 0 2", "上级"},
		"neither parent nor class":        {[][]string{{"毕业去向类别", "90", "甲"}}, "1 0 0 1", "类别"},
		"a built-in one said again":       {[][]string{{"单位性质", "31", "国有企业"}}, "0 0 1 0", ""},
		"a built-in one said otherwise":   {[][]string{{"单位性质", "31", "央企"}}, "0 0 0 1", "不能由导入改动"},
		"an unknown table":                {[][]string{{"籍贯", "1", "甲"}}, "0 0 0 1", "没有这张代码表"},
		"no code":                         {[][]string{{"单位性质", "", "甲"}}, "0 0 0 1", "请填写代码"},
		"one code twice":                  {[][]string{{"毕业去向类别", "514", "甲", "51"}, {"毕业去向类别", "514", "乙", "51"}}, "1 0 0 1", "第 2 行重复"},
		"a mapping":                       {[][]string{{"单位性质", "62", "", "", "", "", "32"}}, "1 0 0 0", ""},
		"a mapping of another scheme":     {[][]string{{"单位性质", "31", "", "", "", "", "32", "本省旧码"}}, "1 0 0 0", ""},
		"a mapping again":                 {[][]string{{"单位性质", "61", "", "", "", "", "31"}}, "0 0 1 0", ""},
		"a mapping otherwise":             {[][]string{{"单位性质", "61", "", "", "", "", "32"}}, "0 1 0 0", ""},
		"a mapping to nothing":            {[][]string{{"单位性质", "62", "", "", "", "", exchange.Clear}}, "1 0 0 0", ""},
		"a mapping to no code":            {[][]string{{"单位性质", "62", "", "", "", "", "77"}}, "1 0 0 1", "第 2 行"},
		"a mapping to a code beside it":   {[][]string{{"毕业去向类别", "P14", "", "", "", "", "514"}, {"毕业去向类别", "514", "甲", "51"}}, "2 0 0 0", ""},
		"the ministry's number of ours":   {[][]string{{"毕业去向类别", "70-SEEK", "", "", "", "701"}}, "1 0 0 0", ""},
	} {
		_, ta := plan(t, Codes, own, append(table{header}, c.rows...))
		expect(t, name, ta.report, c.counts, c.refused)
	}
}

func TestExportCodeIsWhatExportsWrite(t *testing.T) {
	p, ta := plan(t, Codes, had{}, table{{"代码表", "代码", "名称", "上级代码", "导出代码"},
		{"毕业去向类别", "70-SEEK", "", "", "701"}, {"毕业去向类别", "51-RURAL", "乡村医生项目", "51", "513"}})
	expect(t, "two numbers", ta.report, "3 0 0 0", "")
	l := p.(*codeRows).local
	book, err := l.with(l.items)
	if err != nil {
		t.Fatal(err)
	}
	for code, want := range map[string]string{"70-SEEK": "701", "51-RURAL": "513"} {
		if got := book.Export("destination", code); got != want {
			t.Errorf("%s is exported as %q, want %q", code, got, want)
		}
		if c, ok := book.Resolve("destination", "", want); !ok || c.Code != code {
			t.Errorf("%s is read as %q", want, c.Code)
		}
	}
}

func TestInstitutionRows(t *testing.T) {
	header := []string{"院校代码", "院校名称", "双一流起始年", "来源"}
	school, _ := codes.Builtin().Table("institution").Find("10062")
	own := had{codes: []codes.Code{{Scheme: "YXDM", Code: "99901", Name: "滨海虚构学院"}}}
	for name, c := range map[string]struct {
		row     []string
		counts  string
		refused string
	}{
		"a new one":                       {[]string{"99902", "海滨虚构大学", "2027", "虚构名单"}, "1 0 0 0", ""},
		"by its long number":              {[]string{"4112099902", "海滨虚构大学"}, "1 0 0 0", ""},
		"again":                           {[]string{"99901", "滨海虚构学院"}, "0 0 1 0", ""},
		"a year more":                     {[]string{"99901", "滨海虚构学院", "2027"}, "0 1 0 0", ""},
		"a built-in one":                  {[]string{school.Code, school.Name}, "0 0 1 0", ""},
		"a built-in one, elsewhere found": {[]string{school.Code, school.Name, "", "虚构名单"}, "0 0 1 0", ""},
		"with another year":               {[]string{school.Code, school.Name, "2099", "虚构名单"}, "0 1 0 0", ""},
		"off a list":                      {[]string{school.Code, school.Name, exchange.Clear}, "0 1 0 0", ""},
		"renamed":                         {[]string{school.Code, "虚构改名大学"}, "0 1 0 0", ""},
		"with another's name":             {[]string{school.Code, "北京大学"}, "0 1 0 1", "已是代码“10001”的名称"},
		"without public code":             {[]string{"N-0001", "国防科技大学", "2017"}, "0 0 1 0", ""},
		"a code of our own making":        {[]string{"N-9999", "甲大学"}, "0 0 0 1", "5 位"},
		"a code of four":                  {[]string{"9990", "甲大学"}, "0 0 0 1", "5 位"},
		"no name":                         {[]string{"99902", ""}, "0 0 0 1", "院校名称"},
		"a year that is none":             {[]string{"99902", "甲大学", "是"}, "0 0 0 1", "双一流起始年"},
	} {
		_, ta := plan(t, Institutions, own, table{header, c.row})
		expect(t, name, ta.report, c.counts, c.refused)
	}
}

func TestAnInstitutionSaidAnewKeepsWhatTheRowLeavesOut(t *testing.T) {
	built, _ := codes.Builtin().Table("institution").Find("10001")
	p, _ := plan(t, Institutions, had{}, table{{"院校代码", "院校名称", "211起始年", "双一流起始年"}, {built.Code, built.Name, exchange.Clear, "2027"}})
	got := p.(*institutionRows).items[0].code
	if got.Fields["since_985"] != built.Fields["since_985"] || got.Fields["since_double_first"] != "2027" || got.Fields["since_211"] != "" ||
		!slices.Equal(got.Aliases, built.Aliases) || got.Source != "" {
		t.Errorf("%+v", got)
	}
	if built.Fields["since_211"] == "" || built.Fields["since_double_first"] == "2027" {
		t.Errorf("the program's own row changed: %+v", built)
	}
}

func TestWageRows(t *testing.T) {
	header := []string{"地区", "生效日期", "月最低工资", "小时最低工资", "来源"}
	own := had{wages: []Wage{{codes.MinimumWage{Region: "120000", From: "2023-11-01", Monthly: 232000, Hourly: 2440}, "虚构文号"}}}
	for name, c := range map[string]struct {
		rows    [][]string
		counts  string
		refused string
	}{
		"the same":          {[][]string{{"天津市", "2023-11-01", "2320", "24.4"}}, "0 0 1 0", ""},
		"blank hour keeps":  {[][]string{{"天津市", "2023-11-01", "2320", ""}}, "0 0 1 0", ""},
		"the hour cleared":  {[][]string{{"天津市", "2023-11-01", "2320", exchange.Clear}}, "0 1 0 0", ""},
		"found elsewhere":   {[][]string{{"天津市", "2023-11-01", "2320", "", "另一文号"}}, "0 1 0 0", ""},
		"another amount":    {[][]string{{"120000", "2023-11-01", "2,400.00", ""}}, "0 1 0 0", ""},
		"a later day":       {[][]string{{"天津市", "2025年1月1日", "2500元/月", ""}}, "1 0 0 0", ""},
		"another region":    {[][]string{{"天津市河西区", "2023-11-01", "2320", ""}}, "1 0 0 0", ""},
		"one day twice":     {[][]string{{"天津市", "2025-01-01", "2500", ""}, {"120000", "2025/1/1", "2600", ""}}, "1 0 0 1", "第 2 行重复"},
		"no such region":    {[][]string{{"虚构市", "2025-01-01", "2500", ""}}, "0 0 0 1", "行政区划"},
		"no day":            {[][]string{{"天津市", "", "2500", ""}}, "0 0 0 1", "生效日期"},
		"not an amount":     {[][]string{{"天津市", "2025-01-01", "约两千五", ""}}, "0 0 0 1", "月最低工资"},
		"nothing is no pay": {[][]string{{"天津市", "2025-01-01", "0", ""}}, "0 0 0 1", "不能是 0"},
	} {
		p, ta := plan(t, MinimumWages, own, append(table{header}, c.rows...))
		expect(t, name, ta.report, c.counts, c.refused)
		if name == "another amount" {
			if got := p.(*wages).changes[0]; got != (Wage{codes.MinimumWage{Region: "120000", From: "2023-11-01", Monthly: 240000, Hourly: 2440}, "虚构文号"}) {
				t.Errorf("kept: %+v", got)
			}
		}
	}
}
