package sheet

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"quxiang/internal/domain/fault"
)

// Styles of testStyles, by number: general, day, moment, clock, percent, padded, a
// Chinese date code of one's own, text.
const testStyles = `<styleSheet><numFmts count="3">
<numFmt numFmtId="164" formatCode="00000000"/>
<numFmt numFmtId="165" formatCode="[$-804]yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;;@"/>
<numFmt numFmtId="166" formatCode="[h]:mm:ss"/></numFmts>
<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>
<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="22"/><xf numFmtId="166"/><xf numFmtId="10"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="49"/></cellXfs>
<dxfs><dxf><numFmt numFmtId="164" formatCode="yyyy"/></dxf></dxfs></styleSheet>`

const testShared = `<sst><si><t>学号</t></si><si><r><rPr><b/></rPr><t>张</t></r><r><t xml:space="preserve"> 三</t></r><rPh sb="0" eb="1"><t>zhang</t></rPh></si>` +
	`<si><t>a&amp;b &lt;&#x4E00;&#19968;_x000D_
_x005F_x000D_</t></si><si/></sst>`

func TestCellsAreReadAsAPersonSeesThem(t *testing.T) {
	for name, c := range map[string]struct{ cell, want string }{
		"shared text":                       {`<c r="B2" t="s"><v>0</v></c>`, "学号"},
		"rich text without its phonetics":   {`<c r="B2" t="s"><v>1</v></c>`, "张 三"},
		"entities and spreadsheet escapes":  {`<c r="B2" t="s"><v>2</v></c>`, "a&b <一一\r\n_x000D_"},
		"empty shared text":                 {`<c r="B2" t="s"><v>3</v></c>`, ""},
		"inline text":                       {`<c r="B2" t="inlineStr"><is><r><t>王</t></r><r><t>五</t></r></is></c>`, "王五"},
		"inline text in CDATA":              {`<c r="B2" t="inlineStr"><is><t><![CDATA[a&amp;<b>]]></t></is></c>`, "a&amp;<b>"},
		"prefixed names":                    {`<x:c r="B2" t="inlineStr"><x:is><x:t>王</x:t></x:is></x:c>`, "王"},
		"cached text of a formula":          {`<c r="B2" t="str"><f>A1&amp;"x"</f><v>甲x</v></c>`, "甲x"},
		"cached number of a formula":        {`<c r="B2"><f>1+1</f><v>2</v></c>`, "2"},
		"true":                              {`<c r="B2" t="b"><v>1</v></c>`, "TRUE"},
		"false":                             {`<c r="B2" t="b"><v>0</v></c>`, "FALSE"},
		"student number with an exponent":   {`<c r="B2"><v>2.0240001E7</v></c>`, "20240001"},
		"15 digits":                         {`<c r="B2"><v>202400010002003</v></c>`, "202400010002003"},
		"a sum in binary":                   {`<c r="B2"><v>0.30000000000000004</v></c>`, "0.3"},
		"small number":                      {`<c r="B2"><v>1E-3</v></c>`, "0.001"},
		"negative number":                   {`<c r="B2"><v>-12.50</v></c>`, "-12.5"},
		"number in a text format":           {`<c r="B2" s="7"><v>20240001</v></c>`, "20240001"},
		"number written with zeros":         {`<c r="B2"><v>007</v></c>`, "7"},
		"leading zeros by format":           {`<c r="B2" s="5"><v>1234</v></c>`, "00001234"},
		"more digits than the format":       {`<c r="B2" s="5"><v>1234567890</v></c>`, "1234567890"},
		"percentage":                        {`<c r="B2" s="4"><v>0.8245</v></c>`, "82.45%"},
		"day":                               {`<c r="B2" s="1"><v>45473</v></c>`, "2024-06-30"},
		"day with a time it does not show":  {`<c r="B2" s="1"><v>45473.75</v></c>`, "2024-06-30"},
		"day in Chinese":                    {`<c r="B2" s="6"><v>45473</v></c>`, "2024-06-30"},
		"moment":                            {`<c r="B2" s="2"><v>45473.75</v></c>`, "2024-06-30 18:00:00"},
		"moment at midnight":                {`<c r="B2" s="2"><v>45473</v></c>`, "2024-06-30"},
		"moment a blink before midnight":    {`<c r="B2" s="2"><v>45472.99999999999</v></c>`, "2024-06-30"},
		"time":                              {`<c r="B2" s="3"><v>0.5</v></c>`, "12:00:00"},
		"first day":                         {`<c r="B2" s="1"><v>1</v></c>`, "1900-01-01"},
		"day before the 29 February":        {`<c r="B2" s="1"><v>59</v></c>`, "1900-02-28"},
		"day after the 29 February":         {`<c r="B2" s="1"><v>61</v></c>`, "1900-03-01"},
		"last day":                          {`<c r="B2" s="1"><v>2958465</v></c>`, "9999-12-31"},
		"day of the strict format":          {`<c r="B2" t="d"><v>2024-06-30T00:00:00</v></c>`, "2024-06-30"},
		"moment of the strict format":       {`<c r="B2" t="d"><v>2024-06-30T08:30:00Z</v></c>`, "2024-06-30 08:30:00"},
		"unknown style":                     {`<c r="B2" s="99"><v>5</v></c>`, "5"},
		"guarded text":                      {`<c r="B2" t="inlineStr"><is><t>'=1</t></is></c>`, "=1"},
		"extension behind the value":        {`<c r="B2"><v>5</v><extLst><ext><v>6</v></ext></extLst></c>`, "5"},
		"single quotes and > in attributes": {`<c r='B2' cm='a>b' t = "inlineStr"><is><t>好</t></is></c>`, "好"},
	} {
		t.Run(name, func(t *testing.T) {
			head := `<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>1</v></c></row>`
			data := parts{shared: testShared, styles: testStyles,
				sheet: sheetOf(head + `<row r="2"><c r="A2"><v>9</v></c>` + c.cell + `</row>`)}.xlsx(t)
			rows := mustRead(t, data)
			if got := append(rows[1].Cells, "", "")[1]; got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestDaysCountedFrom1904(t *testing.T) {
	data := parts{styles: testStyles,
		workbook: `<workbook><workbookPr date1904="1"/><sheets><sheet name="a" r:id="rId1"/></sheets></workbook>`,
		sheet:    sheetOf(`<row r="1"><c r="A1" s="1"><v>0</v></c><c r="B1" s="1"><v>44011</v></c></row>`)}.xlsx(t)
	if got := show(mustRead(t, data)); got != `1["1904-01-01" "2024-06-30"]`+"\n" {
		t.Error(got)
	}
}

func TestUnreadableCellsConcernTheirRowOnly(t *testing.T) {
	for name, c := range map[string]struct{ cell, want string }{
		"formula in error":           {`<c r="C2" t="e"><v>#N/A</v></c>`, "#N/A"},
		"formula without a result":   {`<c r="C2"><f>A1</f></c>`, "没有保存结果"},
		"18 digits":                  {`<c r="C2"><v>990101200001011234</v></c>`, "以数字格式保存，已丢失精度，请把该列设为文本格式后重填"},
		"18 digits with an exponent": {`<c r="C2"><v>9.9010120000101E17</v></c>`, "已丢失精度"},
		"16 digits in text format":   {`<c r="C2" s="7"><v>9901012000010112</v></c>`, "已丢失精度"},
		"no number":                  {`<c r="C2"><v>abc</v></c>`, "不是有效的数字"},
		"infinity":                   {`<c r="C2"><v>1e999</v></c>`, "不是有效的数字"},
		"not a number":               {`<c r="C2"><v>NaN</v></c>`, "不是有效的数字"},
		"29 February 1900":           {`<c r="C2" s="1"><v>60</v></c>`, "不是有效的日期"},
		"negative day":               {`<c r="C2" s="1"><v>-1</v></c>`, "不是有效的日期"},
		"day after the last":         {`<c r="C2" s="1"><v>2958466</v></c>`, "不是有效的日期"},
	} {
		t.Run(name, func(t *testing.T) {
			data := parts{styles: testStyles, sheet: sheetOf(`<row r="1"><c r="A1"><v>1</v></c></row>` +
				`<row r="2"><c r="A2"><v>7</v></c>` + c.cell + `<c r="D2"><v>8</v></c></row><row r="3"><c r="A3"><v>9</v></c></row>`)}.xlsx(t)
			r, err := openBytes(data)
			if err != nil {
				t.Fatal(err)
			}
			_, _ = r.Next()
			row, err := r.Next()
			refused(t, err, fault.Invalid, "花名册，工作表“名单”，第 2 行 C 列", c.want)
			if got := show([]Row{row}); got != `2["7" "" "" "8"]`+"\n" {
				t.Errorf("row in error is %s", got)
			}
			if row, err := r.Next(); err != nil || row.Number != 3 {
				t.Errorf("after it: %v, %v", row, err)
			}
			if _, err := r.Next(); !errors.Is(err, io.EOF) {
				t.Errorf("at the end: %v", err)
			}
		})
	}
}

func TestManyUnreadableCellsAreNamedAndCounted(t *testing.T) {
	var row strings.Builder
	for i := range 9 {
		fmt.Fprintf(&row, `<c r="%s1" t="e"><v>#REF!</v></c>`, Letters(i))
	}
	r, err := openBytes(parts{sheet: sheetOf(`<row r="1">` + row.String() + `</row>`)}.xlsx(t))
	if err != nil {
		t.Fatal(err)
	}
	_, err = r.Next()
	refused(t, err, fault.Invalid, "E 列", "等 9 格")
	if strings.Contains(err.Error(), "F 列") {
		t.Errorf("too long: %s", err)
	}
}

func TestRowsAreNumberedAsTheUserCounts(t *testing.T) {
	data := parts{sheet: `<worksheet><dimension ref="A1:Z9"/><sheetData>` +
		`<row><c><v>1</v></c><c><v>2</v></c></row>` + // no references: counted on
		`<row r="3"/>` +
		`<row r="4"><c r="A4"/><c r="B4" t="inlineStr"><is><t> 　</t></is></c></row>` +
		`<row r="7"><c r="C7"><v>3</v></c><c r="E7"/></row>` +
		`<row><c r="B8"><v>4</v></c><c><v>5</v></c></row>` +
		`</sheetData><mergeCells><mergeCell ref="A1:B1"/></mergeCells></worksheet>`}.xlsx(t)
	want := `1["1" "2"]` + "\n" + `7["" "" "3"]` + "\n" + `8["" "4" "5"]` + "\n"
	if got := show(mustRead(t, data)); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

func TestWhichSheetIsRead(t *testing.T) {
	header := sheetOf(`<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c></row>`)
	note := sheetOf(`<row r="1"><c r="A1" t="inlineStr"><is><t>填表说明</t></is></c></row>`)
	empty := sheetOf("")
	for name, c := range map[string]struct {
		first, second, state string
		want                 string
	}{
		"the first with a header":             {header, header, "", "甲"},
		"instructions in front":               {note, header, "", "乙"},
		"an empty one in front":               {empty, header, "", "乙"},
		"one column only":                     {note, empty, "", "甲"},
		"a hidden one in front":               {header, header, "hidden", "乙"},
		"a very hidden one in front":          {header, header, "veryHidden", "乙"},
		"two without a header: the first one": {note, note, "", "甲"},
	} {
		t.Run(name, func(t *testing.T) {
			data := parts{
				workbook: `<workbook><sheets><sheet name="甲" state="` + c.state + `" r:id="rId1"/><sheet name="图" r:id="rId3"/><sheet name="乙" r:id="rId2"/></sheets></workbook>`,
				rels: relTo("rId1", "worksheet", "worksheets/sheet1.xml") + relTo("rId2", "worksheet", `worksheets\Sheet2.xml`) +
					relTo("rId3", "chartsheet", "nowhere.xml"),
				sheet: c.first, more: []file{{`xl\worksheets\sheet2.xml`, c.second}}}.xlsx(t)
			r, err := openBytes(data)
			if err != nil {
				t.Fatal(err)
			}
			if r.Sheet != c.want {
				t.Errorf("reads %q, want %q", r.Sheet, c.want)
			}
			if row, err := r.Next(); err != nil || row.Number != 1 {
				t.Errorf("first row: %v, %v", row, err)
			}
		})
	}
}

func TestSharedStringsSpanChunksAndBlocks(t *testing.T) {
	var shared sharedStrings
	long := strings.Repeat("长", 30_000)
	text := func(i int) string {
		if i%1000 == 0 {
			return fmt.Sprint(i, long)
		}
		return fmt.Sprint(i)[:i%3]
	}
	const n = 150_000
	for i := 1000; i < n; i++ {
		shared.add([]byte(text(i)))
	}
	shared.chunks = append(shared.chunks, shared.last.String())
	for i := 1000; i < n; i++ {
		if got, ok := shared.text(i - 1000); !ok || got != text(i) {
			t.Fatalf("%d: got %.20q, want %.20q", i, got, text(i))
		}
	}
	for _, i := range []int{-1, n - 1000} {
		if _, ok := shared.text(i); ok {
			t.Errorf("text %d exists", i)
		}
	}
}

func TestFormatCodes(t *testing.T) {
	for code, want := range map[string]formatKind{
		"General": general, "G/通用格式": general, "@": general, "0": general, "#,##0.00": general, "0.00E+00": general,
		`"共"0"人"`: general, `0"yd"`: general, `\d0`: general, `[Red]0.00;[Blue]-0.00`: general, `¥#,##0`: general,
		"yyyy-mm-dd": day, "yyyy/m/d;@": day, `yyyy"年"m"月"`: day, "mm-dd-yy": day, "[$-F800]dddd, mmmm dd, yyyy": day, `m"月"d"日"`: day,
		"mmm": day, "aaaa": day, "[DBNum1][$-804]yyyy\"年\"": day,
		"yyyy-mm-dd hh:mm": moment, `m/d/yy h:mm`: moment,
		"h:mm": clock, "[h]:mm": clock, "mm:ss.0": clock, `上午/下午h"时"mm"分"`: clock,
		"0%": percent, "0.00%": percent, "00000000": padded, "00": padded,
	} {
		if got := parseFormat(code).kind; got != want {
			t.Errorf("%s: got %d, want %d", code, got, want)
		}
	}
}

func TestLetters(t *testing.T) {
	for i, want := range map[int]string{0: "A", 25: "Z", 26: "AA", 255: "IV", 701: "ZZ", 702: "AAA", 16383: "XFD"} {
		if got := Letters(i); got != want {
			t.Errorf("%d: got %s, want %s", i, got, want)
		}
		if got := column([]byte(want+"12"), 12); got != i {
			t.Errorf("%s12: got %d, want %d", want, got, i)
		}
	}
}

// failing is a disk that gives out after some bytes.
type failing struct {
	*bytes.Reader
	good int64
}

var errDisk = errors.New("input/output error")

// ReadAt fails behind the good bytes.
func (f failing) ReadAt(b []byte, off int64) (int, error) {
	if off+int64(len(b)) > f.good {
		return 0, errDisk
	}
	return f.Reader.ReadAt(b, off)
}

func TestErrorsOfTheDiskAreNoFaultOfTheFile(t *testing.T) {
	for name, data := range map[string][]byte{
		"xlsx": parts{}.xlsx(t),
		"csv":  []byte("学号,姓名\n" + strings.Repeat("1,2\n", 50_000)),
	} {
		for _, good := range []int64{0, 600, int64(len(data)) - 1} {
			r, err := Open("花名册", failing{bytes.NewReader(data), good}, int64(len(data)))
			for err == nil {
				_, err = r.Next()
			}
			if !errors.Is(err, errDisk) || fault.KindOf(err) != "" {
				t.Errorf("%s, %d good bytes: %v", name, good, err)
			}
		}
	}
}

func TestProgressReachesItsTotal(t *testing.T) {
	rows := `<row><c><v>1</v></c></row>`
	for name, data := range map[string][]byte{
		"xlsx": parts{sheet: sheetOf(strings.Repeat(rows, 20_000))}.xlsx(t),
		"csv":  []byte("学号,姓名\n" + strings.Repeat("1,2\n", 50_000)),
	} {
		r, err := openBytes(data)
		if err != nil {
			t.Fatal(err)
		}
		last, seen := int64(0), 0
		for err == nil {
			_, err = r.Next()
			done, total := r.Progress()
			if done < last || done > total {
				t.Fatalf("%s: went from %d to %d of %d", name, last, done, total)
			}
			if done > last {
				seen++
			}
			last = done
		}
		if done, total := r.Progress(); done != total || seen < 3 {
			t.Errorf("%s: ends at %d of %d in %d steps", name, done, total, seen)
		}
	}
}
