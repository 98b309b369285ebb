package exchange

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/fault"
)

// table is a file in memory.
type table [][]string

func (t table) Name() string                         { return "名单.csv" }
func (t table) SHA256() string                       { return strings.Repeat("0", 64) }
func (t table) Open(context.Context) (Source, error) { return &tableSource{rows: t}, nil }

type tableSource struct {
	rows table
	next int
}

func (s *tableSource) Sheet() string                 { return "表一" }
func (s *tableSource) Close() error                  { return nil }
func (s *tableSource) Progress() (done, total int64) { return int64(s.next), int64(len(s.rows)) }
func (s *tableSource) Next() (Row, error) {
	if s.next == len(s.rows) {
		return Row{}, io.EOF
	}
	s.next++
	return Row{Number: s.next, Cells: s.rows[s.next-1]}, nil
}

func one(t *testing.T, group Group, header, cells []string) Line {
	t.Helper()
	r, err := Begin(t.Context(), table{header, cells}, codes.Builtin(), Columns(group))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	l, err := r.Next()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Next(); !errors.Is(err, io.EOF) {
		t.Fatalf("after the last row: %v", err)
	}
	return l
}

func TestReadingCodedCells(t *testing.T) {
	for name, c := range map[string]struct {
		group          Group
		header, cells  []string
		field, want    string // want "-": nothing said
		refused, noted string // part of the message
	}{
		"code alone":                    {group: Person, header: []string{"性别代码"}, cells: []string{"2"}, field: "sex", want: "2"},
		"name alone":                    {group: Person, header: []string{"性别"}, cells: []string{"女"}, field: "sex", want: "2"},
		"code in the name's column":     {group: Person, header: []string{"性别"}, cells: []string{"2"}, field: "sex", want: "2"},
		"name in the code's column":     {group: Person, header: []string{"性别代码"}, cells: []string{"女"}, field: "sex", want: "2"},
		"both agree":                    {group: Person, header: []string{"性别", "性别代码"}, cells: []string{"女", "2"}, field: "sex", want: "2"},
		"both disagree":                 {group: Person, header: []string{"性别代码", "性别"}, cells: []string{"1", "女"}, refused: "“性别代码”列的代码“1”（男）不一致"},
		"code given, name blank":        {group: Person, header: []string{"性别代码", "性别"}, cells: []string{"1", ""}, field: "sex", want: "1"},
		"code blank, name given":        {group: Person, header: []string{"性别代码", "性别"}, cells: []string{"", "女"}, field: "sex", want: "2"},
		"name that the table lacks":     {group: Person, header: []string{"性别代码", "性别"}, cells: []string{"1", "男神"}, field: "sex", want: "1", noted: "男神"},
		"unknown code":                  {group: Person, header: []string{"民族代码"}, cells: []string{"77"}, refused: "民族"},
		"unknown name beside no code":   {group: Person, header: []string{"民族代码", "民族"}, cells: []string{"", "汉人"}, refused: "民族"},
		"leading zero lost":             {group: Person, header: []string{"民族代码"}, cells: []string{"1"}, field: "ethnicity", want: "01"},
		"a number format's .0":          {group: Destination, header: []string{"单位性质代码"}, cells: []string{"23.0"}, field: "nature", want: "23"},
		"both empty it":                 {group: Person, header: []string{"性别代码", "性别"}, cells: []string{Clear, Clear}, field: "sex", want: ""},
		"one empties, one is blank":     {group: Person, header: []string{"性别代码", "性别"}, cells: []string{"", Clear}, field: "sex", want: ""},
		"one empties, one sets":         {group: Person, header: []string{"性别代码", "性别"}, cells: []string{"1", Clear}, refused: "清空"},
		"a destination code as nature":  {group: Destination, header: []string{"单位性质代码"}, cells: []string{"70"}, field: "nature", want: "-"},
		"the parent's name":             {group: Destination, header: []string{"毕业去向类别代码", "毕业去向"}, cells: []string{"801", "升学"}, field: "code", want: "801"},
		"history is taken, and noted":   {group: Destination, header: []string{"毕业去向类别代码", "毕业去向"}, cells: []string{"10", "自由职业"}, field: "code", want: "10", noted: "自由职业"},
		"bare 本科 means 毕业":              {group: Person, header: []string{"学历层次"}, cells: []string{"本科"}, field: "education", want: "31"},
		"本科生毕业":                         {group: Person, header: []string{"学历"}, cells: []string{"本科生毕业"}, field: "education", want: "31"},
		"硕士研究生":                         {group: Person, header: []string{"xl"}, cells: []string{"硕士研究生"}, field: "education", want: "11"},
		"博士":                            {group: Person, header: []string{"xl"}, cells: []string{"博士"}, field: "education", want: "01"},
		"an XLDM code":                  {group: Person, header: []string{"xl"}, cells: []string{"33"}, field: "education", want: "33"},
		"结业":                            {group: Person, header: []string{"xl"}, cells: []string{"本科生结业"}, field: "education", want: "33"},
		"研究生 alone is nothing":          {group: Person, header: []string{"xl"}, cells: []string{"研究生"}, refused: "学历"},
		"a region by its path":          {group: Person, header: []string{"生源地"}, cells: []string{"天津市河西区"}, field: "origin", want: "120103"},
		"a region of several":           {group: Person, header: []string{"生源地"}, cells: []string{"朝阳区"}, refused: "六位代码"},
		"a region's code and its path":  {group: Person, header: []string{"生源地代码", "生源地名称"}, cells: []string{"120103", "天津市河西区"}, field: "origin", want: "120103"},
		"河北 is not 河北区":                 {group: Person, header: []string{"生源地代码", "生源地名称"}, cells: []string{"120105", "河北省"}, refused: "不一致"},
		"a county and its province":     {group: Person, header: []string{"生源地代码", "生源地名称"}, cells: []string{"120105", "天津市"}, field: "origin", want: "120105"},
		"full-width digits of a code":   {group: Person, header: []string{"性别代码"}, cells: []string{"２"}, field: "sex", want: "2"},
		"spaces around, full width too": {group: Person, header: []string{"性别"}, cells: []string{"　女 "}, field: "sex", want: "2"},
	} {
		l := one(t, c.group, c.header, c.cells)
		var refused, noted string
		for _, x := range l.Refusals {
			refused += x.String()
		}
		for _, x := range l.Notes {
			noted += x.Text
		}
		if (refused != "") != (c.refused != "") || !strings.Contains(refused, c.refused) {
			t.Errorf("%s: refused %q, want %q", name, refused, c.refused)
		}
		if (noted != "") != (c.noted != "") || !strings.Contains(noted, c.noted) {
			t.Errorf("%s: noted %q, want %q", name, noted, c.noted)
		}
		if c.refused != "" {
			continue
		}
		got, said := l.Values[c.field]
		if said != (c.want != "-") || said && got != c.want {
			t.Errorf("%s: got %q %v, want %q", name, got, said, c.want)
		}
	}
}

func TestReadingPlainCells(t *testing.T) {
	l := one(t, Person, []string{"学号", "姓名", "手机号", "备注", "班级"}, []string{"２０２４０１", " 欧阳㛃 ", "", "**临时**", Clear})
	if len(l.Refusals) > 0 {
		t.Fatal(l.Refusals)
	}
	if l.Values["student_no"] != "202401" || l.Values["name"] != "欧阳㛃" || l.Values["remark"] != "**临时**" {
		t.Errorf("%v", l.Values)
	}
	if _, said := l.Values["phone"]; said {
		t.Error("a blank cell says nothing")
	}
	if v, said := l.Values["class"]; !said || v != "" {
		t.Error("**CLEAR** empties")
	}
}

func TestReadingRefusesMaskedValuesByRowAndColumn(t *testing.T) {
	for name, c := range map[string]struct{ column, value string }{
		"identity number": {"身份证号", "990***********1234"},
		"phone":           {"手机号码", "100****1234"},
		"name":            {"姓名", "张*"},
		"full width":      {"姓名", "张＊"},
		"address":         {"家庭住址", "某市某区**路"},
	} {
		l := one(t, Person, []string{"学号", c.column}, []string{"202401", c.value})
		if len(l.Refusals) != 1 {
			t.Errorf("%s: %v", name, l.Refusals)
			continue
		}
		for _, s := range []string{"名单.csv [表一] 第 2 行", "“" + c.column + "”列", c.value, "脱敏"} {
			if got := l.Refusals[0].String(); !strings.Contains(got, s) {
				t.Errorf("%s: %q does not say %q", name, got, s)
			}
		}
	}
}

func TestBeginRefusesWholeFiles(t *testing.T) {
	for name, c := range map[string]struct {
		file table
		says string
	}{
		"empty file":       {table{}, "空的"},
		"a column lacking": {table{{"姓名"}, {"某人"}}, "学号"},
		"no rows":          {table{{"学号", "姓名"}}, "没有数据行"},
	} {
		r, err := Begin(t.Context(), c.file, codes.Builtin(), Columns(Person), []string{"student_no"})
		if err == nil {
			_, err = r.Next()
		}
		if fault.KindOf(err) != fault.Usage || !strings.Contains(err.Error(), c.says) || !strings.HasPrefix(err.Error(), "名单.csv [表一]：") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestReadingCutsNothingAndRefusesWhatIsTooLong(t *testing.T) {
	long := strings.Repeat("字", maxRunes)
	if l := one(t, Person, []string{"备注"}, []string{long}); l.Values["remark"] != long {
		t.Error("the longest text is kept whole")
	}
	if l := one(t, Person, []string{"备注"}, []string{long + "多"}); len(l.Refusals) != 1 {
		t.Error("a longer one is refused")
	}
}

func TestChunksTakeEveryRowOnce(t *testing.T) {
	for _, rows := range []int{1, 2, 3, 4, 7} {
		file := table{{"学号"}}
		for i := range rows {
			file = append(file, []string{string(rune('a' + i))})
		}
		r, err := Begin(t.Context(), file, codes.Builtin(), Numbers())
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		var last int64
		err = r.Chunks(t.Context(), 3, func(done, total int64) { last = total - done }, func(lines []Line) error {
			if len(lines) == 0 || len(lines) > 3 {
				t.Errorf("%d rows: a chunk of %d", rows, len(lines))
			}
			for _, l := range lines {
				got = append(got, l.Values["student_no"])
			}
			return nil
		})
		if err != nil || strings.Join(got, "") != "abcdefg"[:rows] || last != 0 {
			t.Errorf("%d rows: got %q, %v, %d left", rows, got, err, last)
		}
	}
}

func TestChunksStopWhereTheyAreTold(t *testing.T) {
	r, err := Begin(t.Context(), table{{"学号"}, {"a"}, {"b"}}, codes.Builtin(), Numbers())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	n := 0
	err = r.Chunks(ctx, 1, nil, func([]Line) error { n++; cancel(); return nil })
	if !errors.Is(err, context.Canceled) || n == 0 || n > 2 {
		t.Errorf("%v after %d", err, n)
	}
}
