package sheet

import (
	"bytes"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"quxiang/internal/domain/fault"
)

func gb18030(t testing.TB, s string) string {
	t.Helper()
	out, err := simplifiedchinese.GB18030.NewEncoder().String(s)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func inUTF16(t testing.TB, s string, order unicode.Endianness) string {
	t.Helper()
	out, err := unicode.UTF16(order, unicode.UseBOM).NewEncoder().String(s)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestCSVIsReadInEveryEncodingAndShape: GB18030, UTF-16, and what spreadsheets make of them (X19).
func TestCSVIsReadInEveryEncodingAndShape(t *testing.T) {
	const roster = "学号,姓名,学院\n2024001,张三,临床医学院\n2024002,䶮㛃𠮷,护理学院\n"
	const want = `1["学号" "姓名" "学院"]` + "\n" + `2["2024001" "张三" "临床医学院"]` + "\n" + `3["2024002" "䶮㛃𠮷" "护理学院"]` + "\n"
	for name, c := range map[string]struct{ data, want string }{
		"UTF-8":                       {roster, want},
		"UTF-8 with mark":             {"\uFEFF" + roster, want},
		"GB18030":                     {gb18030(t, roster), want},
		"UTF-16 little endian":        {inUTF16(t, roster, unicode.LittleEndian), want},
		"UTF-16 big endian":           {inUTF16(t, roster, unicode.BigEndian), want},
		"CRLF":                        {strings.ReplaceAll(roster, "\n", "\r\n"), want},
		"old Mac":                     {strings.ReplaceAll(roster, "\n", "\r"), want},
		"no line end at the end":      {strings.TrimSpace(roster), want},
		"tabs":                        {strings.ReplaceAll(roster, ",", "\t"), want},
		"semicolons":                  {strings.ReplaceAll(roster, ",", ";"), want},
		"one column":                  {"学号\n1\n", `1["学号"]` + "\n" + `2["1"]` + "\n"},
		"comma in the quoted header":  {"\"a,b,c\"\tx\n1\t2\n", `1["a,b,c" "x"]` + "\n" + `2["1" "2"]` + "\n"},
		"quotes and line ends inside": {"a,b\n\"x\"\"y\r\nz\",\"1\n\n2\"\nn,m\n", `1["a" "b"]` + "\n" + `2["x\"y\r\nz" "1\n\n2"]` + "\n" + `6["n" "m"]` + "\n"},
		"blank lines and cells":       {"\n\na,,b,,\n , \n,,\nc", `3["a" "" "b"]` + "\n" + `6["c"]` + "\n"},
		"quote inside a cell":         {"a,b\n5\" x,y\n", `1["a" "b"]` + "\n" + `2["5\" x" "y"]` + "\n"},
		"empty quotes":                {"a,b\n\"\",1\n", `1["a" "b"]` + "\n" + `2["" "1"]` + "\n"},
		"guarded cells":               {"a,b\n'=1,'x\n\"'＋1\",''-2\n", `1["a" "b"]` + "\n" + `2["=1" "'x"]` + "\n" + `3["＋1" "'-2"]` + "\n"},
		"numbers stay text":           {"a\n007\n1E5\n1.50\n", `1["a"]` + "\n" + `2["007"]` + "\n" + `3["1E5"]` + "\n" + `4["1.50"]` + "\n"},
		"four-byte GB18030 and ASCII": {gb18030(t, "a,b\n\U00020087,ü\n一,\"，\"\n"), `1["a" "b"]` + "\n" + `2["` + "\U00020087" + `" "ü"]` + "\n" + `3["一" "，"]` + "\n"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := show(mustRead(t, []byte(c.data))); got != c.want {
				t.Errorf("got\n%swant\n%s", got, c.want)
			}
		})
	}
}

func TestCSVThatCannotBeTakenIsRefusedByPlace(t *testing.T) {
	lines := func(n int) string { return strings.Repeat("1,二\n", n) }
	for name, c := range map[string]struct {
		data  string
		words []string
	}{
		"empty":                       {"", []string{"花名册：", "文件是空的"}},
		"only blank lines":            {"\n , \r\n\n", []string{"没有任何内容"}},
		"only a byte order mark":      {"\uFEFF", []string{"没有任何内容"}},
		"NUL":                         {"学号,姓名\n1,a\x00b\n", []string{"第 2 行第 4 个字节", "NUL"}},
		"UTF-16 without a mark":       {inUTF16(t, "a,b\n", unicode.LittleEndian)[2:], []string{"第 1 行第 2 个字节", "CSV UTF-8"}},
		"half of a UTF-16 pair":       {"\xFF\xFEa\x00\n\x00\x00\xD8b\x00", []string{"第 2 行", "重新导出"}},
		"neither":                     {"学号,姓名\n1,张\xFF三\n", []string{"第 2 行第 6 个字节", "不是有效的文字编码"}},
		"GB18030 cut in a character":  {gb18030(t, "学号,姓名\n1,张三\n2,李四")[:22], []string{"第 3 行第 5 个字节"}},
		"GB18030 without a character": {gb18030(t, "学号,姓名\n1,张三\n") + "2,\xFE\x39\xFE\x39\n", []string{"第 3 行第 3 个字节"}},
		"UTF-8 mark, GB18030 inside":  {"\uFEFFa,b\n1," + gb18030(t, "张三") + "\n", []string{"第 2 行第 3 个字节"}},
		"GB18030 behind UTF-8":        {lines(5000) + gb18030(t, "2,张三") + "\n", []string{"第 5001 行第 3 个字节", "混在了一个文件"}},
		"UTF-8 behind GB18030":        {gb18030(t, lines(5000)) + "2,张三丰\n", []string{"第 5001 行第 3 个字节", "混在了一个文件"}},
		"lost characters":             {"学号,姓名\n1,张\uFFFD\n", []string{"第 2 行", "重新导出"}},
		"old Mac, invalid":            {"a,b\r1,2\r3,\xFF\r", []string{"第 3 行第 3 个字节"}},
		"quote never closed":          {"a,b\n1,2\nx,\"y\n3,4\n", []string{"第 3 行 B 列", "引号没有成对"}},
		"text behind a quote":         {"a,b\n\"x\"y,1\n", []string{"第 2 行 A 列", "引号"}},
		"cell too long":               {"a,b\n1," + strings.Repeat("长", 32_768) + "\n", []string{"第 2 行 B 列", "超过 32767 字"}},
		"quote gathers too much":      {"a,b\n1,\"" + strings.Repeat("1,2\n", 60_000), []string{"第 2 行 B 列", "引号没有成对"}},
		"line too long":               {"a,b\n" + strings.Repeat("1 ", 600_000), []string{"第 2 行过长"}},
		"too many columns":            {"a,b\n" + strings.Repeat(",", 256) + "\n", []string{"第 2 行 IW 列", "超出上限 256 列"}},
		"too many rows":               {strings.Repeat("a\n", 200_002), []string{"第 200002 行：", "超出上限 200001 行"}},
		"too many cells":              {strings.Repeat("a"+strings.Repeat(",", 99)+"\n", 90_001), []string{"第 90001 行", "单元格超过 9000000 个"}},
		"html":                        {" \n<HTML><table><tr><td>学号", []string{"网页"}},
		"html with a mark":            {"\uFEFF<!DOCTYPE html>", []string{"网页"}},
		"MHTML":                       {"MIME-Version: 1.0\r\n", []string{"网页"}},
		"pdf":                         {"%PDF-1.7\n", []string{"不是表格"}},
		"old workbook":                {"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1\x00", []string{"另存为 .xlsx"}},
		"picture":                     {"\x89PNG\r\n\x1a\n\x00\x00", []string{"字节"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := readAll([]byte(c.data))
			refused(t, err, fault.Usage, append(c.words, "花名册")...)
		})
	}
}

func TestLongestCellAndWidestRowAreTaken(t *testing.T) {
	long := strings.Repeat("长", 32_767)
	rows := mustRead(t, []byte("a"+strings.Repeat(",", 255)+"z\n"+long+",1\n"))
	if len(rows[0].Cells) != 256 {
		t.Errorf("%d columns", len(rows[0].Cells))
	}
	if rows[1].Cells[0] != long {
		t.Error("long cell changed")
	}
}

func TestGuardIsUndoneExactly(t *testing.T) {
	for text, want := range map[string]string{
		"=1+1": "'=1+1", "+86 138": "'+86 138", "-": "'-", "@a": "'@a", "\ta": "'\ta", "\ra": "'\ra",
		"＝1": "'＝1", "＋1": "'＋1", "－1": "'－1", "＠a": "'＠a",
		"'=1": "''=1", "''=1": "'''=1", "'x": "'x", "'": "'", "": "", "1=1": "1=1", " =1": " =1",
	} {
		if got := guard(text); got != want {
			t.Errorf("guard(%q) = %q, want %q", text, got, want)
		}
		if got := unguard(guard(text)); got != text {
			t.Errorf("guard and back: %q became %q", text, got)
		}
		if got := unguard(guardQuote(text)); got != text {
			t.Errorf("guardQuote and back: %q became %q", text, got)
		}
	}
}

// noFurther is a file that fails the test when it is read behind a place.
type noFurther struct {
	*bytes.Reader
	t    *testing.T
	most int64
}

func (n noFurther) ReadAt(b []byte, off int64) (int, error) {
	if off > n.most {
		n.t.Fatalf("read to byte %d", off)
	}
	return n.Reader.ReadAt(b, off)
}

// TestAFileOfBlankLines is refused once there are more than a table may have rows, before
// anybody reads it to its end (X20, F2).
func TestAFileOfBlankLines(t *testing.T) {
	text := "学号,姓名\n1,甲" + strings.Repeat("\n", 32<<20)
	_, err := Open("空行.csv", noFurther{bytes.NewReader([]byte(text)), t, 4 << 20}, int64(len(text)))
	if err == nil || !strings.Contains(err.Error(), "超出上限 200001 行") {
		t.Errorf("got %v", err)
	}
}
