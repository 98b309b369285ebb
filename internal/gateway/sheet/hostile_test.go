package sheet

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"quxiang/internal/domain/fault"
)

// cost is what reading a hostile file may take.
type cost struct {
	cpu   time.Duration
	alloc uint64 // bytes, all that is ever allocated
}

// anyFile is what no file may exceed; the time is the issue's.
var anyFile = cost{5 * time.Second, 192 << 20}

// measured runs do, and fails when it takes more than it may or leaves a file behind.
func measured(t *testing.T, most cost, do func()) {
	t.Helper()
	t.Setenv("TMPDIR", t.TempDir())
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	from := cpuTime(t)
	do()
	spent := cpuTime(t) - from
	runtime.ReadMemStats(&after)
	if spent > most.cpu {
		t.Errorf("took %v of CPU, may take %v", spent, most.cpu)
	}
	if got := after.TotalAlloc - before.TotalAlloc; got > most.alloc {
		t.Errorf("allocated %d MiB, may %d", got>>20, most.alloc>>20)
	}
	left, err := os.ReadDir(os.TempDir())
	if err != nil || len(left) > 0 {
		t.Errorf("left in the temporary folder: %v, %v", left, err)
	}
}

func cpuTime(t *testing.T) time.Duration {
	t.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// TestHostileCellsAndRows: rows and cells where no table has any (X22).
func TestHostileCellsAndRows(t *testing.T) {
	row := func(attrs, cells string) string { return sheetOf(`<row ` + attrs + `>` + cells + `</row>`) }
	var wide strings.Builder
	for i := range 2000 {
		fmt.Fprintf(&wide, `<row r="%d"><c r="XFD%d"><v>1</v></c></row>`, i+1, i+1)
	}
	for name, c := range map[string]struct {
		p    parts
		want []string
	}{
		"2,000 rows with cell XFD":      {parts{sheet: sheetOf(wide.String())}, []string{"第 1 行 XFD 列", "超出上限 256 列"}},
		"row 1048576":                   {parts{sheet: row(`r="1048576"`, "")}, []string{"第 1048576 行：", "超出上限 200001 行"}},
		"row -1":                        {parts{sheet: row(`r="-1"`, "")}, []string{"行号“-1”不对"}},
		"row 0":                         {parts{sheet: row(`r="0"`, "")}, []string{"行号“0”不对"}},
		"row 30000000":                  {parts{sheet: row(`r="30000000"`, "")}, []string{"超出上限 200001 行"}},
		"row past any number":           {parts{sheet: row(`r="99999999999999999999999999"`, "")}, []string{"行号“99999999999999999999”不对"}},
		"200,002 rows without number":   {parts{sheet: sheetOf(strings.Repeat(`<row/>`, 200_002))}, []string{"第 200002 行", "超出上限"}},
		"the same row twice":            {parts{sheet: sheetOf(`<row r="2"/><row r="2"/>`)}, []string{"行号“2”不对"}},
		"the same cell twice":           {parts{sheet: row(`r="1"`, `<c r="B1"><v>1</v></c><c r="B1"><v>2</v></c>`)}, []string{"“B1”不对"}},
		"cell of another row":           {parts{sheet: row(`r="1"`, `<c r="A2"><v>1</v></c>`)}, []string{"“A2”不对"}},
		"column ZZZZZZ":                 {parts{sheet: row(`r="1"`, `<c r="ZZZZZZ1"><v>1</v></c>`)}, []string{"“ZZZZZZ1”不对"}},
		"column by no letter":           {parts{sheet: row(`r="1"`, `<c r="11"><v>1</v></c>`)}, []string{"“11”不对"}},
		"257 cells without reference":   {parts{sheet: row(`r="1"`, strings.Repeat(`<c/>`, 257))}, []string{"IW 列", "超出上限"}},
		"shared string -1":              {parts{sheet: row(`r="1"`, `<c r="C1" t="s"><v>-1</v></c>`)}, []string{"第 1 行 C 列", "共享文字"}},
		"shared string out of range":    {parts{sheet: row(`r="1"`, `<c r="C1" t="s"><v>0</v></c>`)}, []string{"第 1 行 C 列", "共享文字"}},
		"shared string past any number": {parts{sheet: row(`r="1"`, `<c r="C1" t="s"><v>99999999999999999999</v></c>`)}, []string{"共享文字"}},
		"style -1":                      {parts{sheet: row(`r="1"`, `<c r="C1" s="-1"><v>1</v></c>`)}, []string{"已损坏"}},
		"unknown type of cell":          {parts{sheet: row(`r="1"`, `<c r="C1" t="x"><v>1</v></c>`)}, []string{"已损坏"}},
		"text too long":                 {parts{sheet: row(`r="1"`, `<c r="C1" t="str"><v>`+strings.Repeat("长", 32_768)+`</v></c>`)}, []string{"C 列", "超过 32767 字"}},
		"runs too long together":        {parts{shared: `<sst><si>` + strings.Repeat(`<r><t>`+strings.Repeat("a", 8192)+`</t></r>`, 5) + `</si></sst>`}, []string{"超过 32767 字"}},
		"element inside a value":        {parts{sheet: row(`r="1"`, `<c r="C1"><v>1<b/></v></c>`)}, []string{"已损坏"}},
	} {
		t.Run(name, func(t *testing.T) {
			data := c.p.xlsx(t)
			measured(t, cost{time.Second, 32 << 20}, func() {
				_, err := readAll(data)
				refused(t, err, fault.Usage, append(c.want, "花名册")...)
			})
		})
	}
}

// TestHostileXML: document types, entities and depth are refused (X26, S10).
func TestHostileXML(t *testing.T) {
	const doctype = `<!DOCTYPE a [<!ENTITY x "y"><!ENTITY e SYSTEM "file:///etc/passwd">]>`
	one := `<row r="1"><c r="A1" t="str"><v>%s</v></c></row>`
	for name, c := range map[string]struct{ sheet, want string }{
		"document type":               {doctype + `<worksheet/>`, "DTD"},
		"document type in the middle": {sheetOf(doctype), "DTD"},
		"entity of a document type":   {sheetOf(fmt.Sprintf(one, "&e;")), "已损坏"},
		"entity never ended":          {sheetOf(fmt.Sprintf(one, "&amp")), "已损坏"},
		"character of no use":         {sheetOf(fmt.Sprintf(one, "&#0;")), "已损坏"},
		"character past Unicode":      {sheetOf(fmt.Sprintf(one, "&#x110000;")), "已损坏"},
		"raw control character":       {sheetOf(fmt.Sprintf(one, "a\x01")), "已损坏"},
		"not UTF-8":                   {sheetOf(fmt.Sprintf(one, "\xD5\xC5")), "已损坏"},
		"declared GBK":                {`<?xml version="1.0" encoding="GBK"?><worksheet/>`, "不是 UTF-8"},
		"UTF-16":                      {"\xFF\xFE<\x00w\x00", "已损坏"},
		"200,000 deep":                {sheetOf(strings.Repeat("<a>", 200_000)), "嵌套过深"},
		"200,000 deep, closed":        {sheetOf(strings.Repeat("<a>", 200_000) + strings.Repeat("</a>", 200_000)), "嵌套过深"},
		"wrong end tag":               {`<worksheet><sheetData><row></sheetData></row></worksheet>`, "已损坏"},
		"end tag too many":            {`<worksheet/></worksheet>`, "已损坏"},
		"never ended":                 {`<worksheet><sheetData><row r="1">`, "不完整"},
		"ends in a tag":               {`<worksheet><sheetData><row r="1`, "不完整"},
		"ends in an instruction":      {`<?`, "不完整"},
		"ends in an end tag":          {`<worksheet></`, "不完整"},
		"ends behind <":               {`<worksheet><`, "不完整"},
		"ends behind <!":              {`<worksheet><!`, "不完整"},
		"ends in CDATA":               {`<worksheet><![CDATA[`, "不完整"},
		"ends in a comment":           {`<worksheet><!-- `, "不完整"},
		"two roots":                   {sheetOf("") + `<worksheet/>`, "已损坏"},
		"text outside":                {sheetOf("") + `x`, "已损坏"},
		"no XML":                      {"%PDF", "已损坏"},
		"empty part":                  {" ", "不完整"},
		"another root":                {`<html/>`, "已损坏"},
		"attribute without value":     {`<worksheet><sheetData><row r/></sheetData></worksheet>`, "已损坏"},
		"attribute without quotes":    {`<worksheet><sheetData><row r=1/></sheetData></worksheet>`, "已损坏"},
		"tag without end":             {`<worksheet a="` + strings.Repeat(">", 2<<20), "超长"},
		"text without end":            {`<worksheet>` + strings.Repeat(" ", 2<<20), "超长"},
		"comment without end":         {`<worksheet><!--` + strings.Repeat("->", 1<<20), "超长"},
	} {
		t.Run(name, func(t *testing.T) {
			data := parts{sheet: c.sheet}.xlsx(t)
			measured(t, cost{time.Second, 32 << 20}, func() {
				_, err := readAll(data)
				refused(t, err, fault.Usage, c.want, "花名册")
			})
		})
	}
}

// TestOtherFilesUnderTheNameOfAWorkbook: the content says what a file is (X20).
func TestOtherFilesUnderTheNameOfAWorkbook(t *testing.T) {
	good := parts{}.xlsx(t)
	macro := `<Types><Override PartName="/xl/workbook.xml" ContentType="application/vnd.ms-excel.sheet.macroEnabled.main+xml"/></Types>`
	root := func(target string) []byte {
		return zipped(t, file{"_rels/.rels", `<Relationships>` + relTo("r1", "officeDocument", target) + `</Relationships>`}, file{target, "<x/>"})
	}
	locked := bytes.Clone(good)
	locked[bytes.Index(good, []byte("PK\x01\x02"))+8] |= 1
	for name, c := range map[string]struct {
		data []byte
		want string
	}{
		"half a zip":               {good[:len(good)/2], "不完整"},
		"a zip without its end":    {good[:len(good)-30], "不完整"},
		"only PK":                  {[]byte("PK"), "不完整"},
		"an empty zip":             {zipped(t), "压缩包"},
		"a zip of something":       {zipped(t, file{"名单.txt", "张三"}), "请先解压"},
		"no package, Word's parts": {zipped(t, file{"word/document.xml", "<x/>"}), "Word"},
		"no package, but a book":   {zipped(t, file{"xl/workbook.xml", "<x/>"}), "不完整"},
		"a Word file":              {root("word/document.xml"), "Word"},
		"a presentation":           {root("ppt/presentation.xml"), "Word"},
		"a binary workbook":        {root("xl/workbook.bin"), "xlsb"},
		"macros by type":           {parts{types: macro}.xlsx(t), "xlsm"},
		"macros by part":           {parts{more: []file{{"xl/vbaProject.bin", "x"}}}.xlsx(t), "xlsm"},
		"no visible sheet":         {parts{workbook: `<workbook><sheets><sheet name="a" state="hidden" r:id="rId1"/></sheets></workbook>`}.xlsx(t), "取消隐藏"},
		"sheet that is not held":   {parts{rels: relTo("rId1", "worksheet", "nowhere.xml")}.xlsx(t), "损坏"},
		"sheet without relation":   {parts{workbook: `<workbook><sheets><sheet name="a" r:id="rId7"/></sheets></workbook>`}.xlsx(t), "损坏"},
		"external sheet":           {parts{rels: `<Relationship Id="rId1" Type="x/worksheet" Target="http://a.invalid/" TargetMode="External"/>`}.xlsx(t), "损坏"},
		"only empty sheets":        {parts{sheet: sheetOf(`<row r="1"><c r="A1" s="1"/></row>`)}.xlsx(t), "没有任何内容"},
		"locked zip":               {locked, "密码"},
		"directory before byte 0":  {beforeStart(good), "损坏"},
		"names that climb":         {parts{more: []file{{"xl/../../../etc/passwd", "x"}}}.xlsx(t), "文件名不正常"},
		"names that climb, \\":     {parts{more: []file{{`..\..\evil.exe`, "x"}}}.xlsx(t), "文件名不正常"},
		"absolute names":           {parts{more: []file{{"/etc/passwd", "x"}}}.xlsx(t), "文件名不正常"},
		"drive names":              {parts{more: []file{{`C:\evil.exe`, "x"}}}.xlsx(t), "文件名不正常"},
		"names with NUL":           {parts{more: []file{{"xl/a\x00.xml", "x"}}}.xlsx(t), "文件名不正常"},
		"two parts of one name":    {parts{more: []file{{"XL/worksheets/sheet1.xml", "<worksheet/>"}}}.xlsx(t), "损坏"},
	} {
		t.Run(name, func(t *testing.T) {
			measured(t, cost{time.Second, 32 << 20}, func() {
				_, err := readAll(c.data)
				refused(t, err, fault.Usage, c.want, "花名册")
			})
		})
	}
}

// beforeStart moves the entries of the directory to negative offsets (found by
// fuzzing): where it is said to begin later, everything else begins earlier.
func beforeStart(data []byte) []byte {
	data = bytes.Clone(data)
	const offsetField = 16
	field := data[bytes.LastIndex(data, []byte("PK\x05\x06"))+offsetField:]
	binary.LittleEndian.PutUint32(field, binary.LittleEndian.Uint32(field)+5)
	return data
}

// raw is an entry whose sizes and sum may be lies.
type raw struct {
	name             string
	packed           []byte
	claims, checksum uint64
}

func zipRaw(t *testing.T, files []file, raws ...raw) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, f := range files {
		w, err := z.Create(f.name)
		if err == nil {
			_, err = io.WriteString(w, f.text)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, r := range raws {
		w, err := z.CreateRaw(&zip.FileHeader{Name: r.name, Method: zip.Deflate, CRC32: uint32(r.checksum),
			CompressedSize64: uint64(len(r.packed)), UncompressedSize64: r.claims})
		if err == nil {
			_, err = w.Write(r.packed)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// deflated packs head, a filling repeated up to size, and nothing behind it.
func deflated(t *testing.T, head, filling string, size int) ([]byte, uint64) {
	t.Helper()
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, flate.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	sum := crc32.NewIEEE()
	out := io.MultiWriter(w, sum)
	_, _ = io.WriteString(out, head)
	block := strings.Repeat(filling, 1<<20/max(1, len(filling)))
	for n := 0; n < size; n += len(block) {
		_, _ = io.WriteString(out, block)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes(), uint64(sum.Sum32())
}

// TestBombs: what unpacks to more than it may is refused before it has (X21, S30).
func TestBombs(t *testing.T) {
	frame := parts{}.files()
	sheet := frame[len(frame)-1].name
	withoutSheet := frame[:len(frame)-1]
	const open = `<worksheet><sheetData>`
	rows, rowSum := deflated(t, open, `<row> </row><!-- x -->`, 200<<20)
	text, textSum := deflated(t, open, `  `, 256<<20)
	small, smallSum := deflated(t, open+`<row><c><v>1</v></c></row></sheetData></worksheet>`, "", 0)
	var crowd []file
	for i := range 100_000 {
		crowd = append(crowd, file{fmt.Sprint("xl/media/", i), ""})
	}
	for name, c := range map[string]struct {
		data []byte
		want string
	}{
		"200 MiB of rows, honest":        {zipRaw(t, withoutSheet, raw{sheet, rows, 200 << 20, rowSum}), "压缩比异常"},
		"200 MiB of rows, said to be 9":  {zipRaw(t, withoutSheet, raw{sheet, rows, 9, rowSum}), "损坏"},
		"256 MiB of blanks, said 1 MiB":  {zipRaw(t, withoutSheet, raw{sheet, text, 1 << 20, textSum}), "损坏"},
		"unread bomb beside a sheet":     {zipRaw(t, frame, raw{"xl/media/a.png", rows, 200 << 20, rowSum}), "压缩比异常"},
		"parts of 2 TiB together":        {zipRaw(t, frame, raw{"a", small, 1 << 40, 0}, raw{"b", small, 1 << 40, 0}), "压缩比异常"},
		"said to be larger than it is":   {zipRaw(t, withoutSheet, raw{sheet, small, 5000, smallSum}), "损坏"},
		"wrong checksum":                 {zipRaw(t, withoutSheet, raw{sheet, small, 72, smallSum ^ 1}), "损坏"},
		"100,000 entries":                {zipped(t, crowd...), "超过 200 个"},
		"entries that share their bytes": {overlapped(t, parts{}.xlsx(t)), "重叠"},
		"21 MiB":                         {append([]byte("PK\x03\x04"), make([]byte, 21<<20)...), "超过 20 MB"},
		"bomb of shared strings":         {bombOfStrings(t, withoutSheet), "压缩比异常"},
	} {
		t.Run(name, func(t *testing.T) {
			measured(t, anyFile, func() {
				_, err := readAll(c.data)
				refused(t, err, fault.Usage, c.want, "花名册")
			})
		})
	}
}

// overlapped points the second entry of the directory at the bytes of the first.
func overlapped(t *testing.T, data []byte) []byte {
	t.Helper()
	first := bytes.Index(data, []byte("PK\x01\x02"))
	second := first + 4 + bytes.Index(data[first+4:], []byte("PK\x01\x02"))
	const offsetField = 42
	binary.LittleEndian.PutUint32(data[second+offsetField:], binary.LittleEndian.Uint32(data[first+offsetField:]))
	return data
}

func bombOfStrings(t *testing.T, files []file) []byte {
	t.Helper()
	var kept []file
	for _, f := range files {
		if f.name != "xl/sharedStrings.xml" {
			kept = append(kept, f)
		}
	}
	packed, sum := deflated(t, `<sst>`, `<si><t>`+strings.Repeat("长", 30_000)+`</t></si>`, 100<<20)
	return zipRaw(t, kept, raw{"xl/sharedStrings.xml", packed, 100 << 20, sum})
}

// endless is what a zip library would hand on if it did not count itself.
type endless struct{ io.Reader }

// Close does nothing.
func (endless) Close() error { return nil }

// Read gives blanks for ever.
func (endless) Read(b []byte) (int, error) { return len(b), nil }

func TestInflatingIsCountedWhateverTheDirectorySays(t *testing.T) {
	for want, f := range map[string]*zip.File{
		"压缩比异常": {FileHeader: zip.FileHeader{UncompressedSize64: 9, CompressedSize64: 1000}},
		"解压后超过": {FileHeader: zip.FileHeader{UncompressedSize64: 9, CompressedSize64: 1 << 40}},
	} {
		p := &part{src: endless{}, file: f, archive: &archive{lim: ProductLimits()}}
		n, err := io.Copy(io.Discard, p)
		if err == nil || !strings.Contains(err.Error(), want) || n > 513<<20 {
			t.Errorf("%s: %v after %d MiB", want, err, n>>20)
		}
	}
}

// A bomb may keep just under the ratio: then the budgets end it.
func TestBudgetsEndWhatTheRatioLetsPass(t *testing.T) {
	frame := parts{}.files()
	for name, c := range map[string]struct {
		change func(*Limits)
		p      parts
		want   string
	}{
		"unpacked": {func(l *Limits) { l.Unpacked = 10_000 }, parts{sheet: sheetOf(strings.Repeat(`<row/>`, 5000))}, "解压后超过"},
		"elements": {func(l *Limits) { l.Elements = 4000 }, parts{sheet: sheetOf(strings.Repeat(`<row/>`, 5000))}, "内容过多"},
		"strings":  {func(l *Limits) { l.Strings = 1000 }, parts{shared: `<sst>` + strings.Repeat(`<si><t>abc</t></si>`, 400) + `</sst>`}, "内容过多"},
		"count":    {func(l *Limits) { l.Cells = 300 }, parts{shared: `<sst>` + strings.Repeat(`<si/>`, 400) + `</sst>`}, "内容过多"},
		"cells":    {func(l *Limits) { l.Cells = 300 }, parts{sheet: sheetOf(strings.Repeat(`<row><c/></row>`, 400))}, "第 301 行 A 列：单元格超过 300 个"},
		"entries":  {func(l *Limits) { l.Entries = len(frame) - 1 }, parts{}, "个，不是正常的工作簿"},
	} {
		t.Run(name, func(t *testing.T) {
			lim := ProductLimits()
			c.change(&lim)
			data := c.p.xlsx(t)
			r, err := open(place{file: "花名册"}, bytes.NewReader(data), int64(len(data)), lim)
			for err == nil {
				_, err = r.Next()
			}
			refused(t, err, fault.Usage, c.want)
		})
	}
}

// The largest honest file stays within its memory: nothing grows with the rows (P8).
func TestMemoryDoesNotGrowWithRows(t *testing.T) {
	row := `<row>` + strings.Repeat(`<c t="inlineStr"><is><t>临床医学院</t></is></c>`, 40) + `</row>`
	data := parts{sheet: sheetOf(strings.Repeat(row, 20_000))}.xlsx(t)
	lim := ProductLimits()
	lim.Ratio = 2000
	r, err := open(place{file: "花名册"}, bytes.NewReader(data), int64(len(data)), lim)
	var most uint64
	for n := 0; err == nil; n++ {
		_, err = r.Next()
		if n%5000 == 0 {
			runtime.GC()
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			most = max(most, m.HeapAlloc)
		}
	}
	if err != io.EOF || most > 48<<20 {
		t.Errorf("%d MiB live, %v", most>>20, err)
	}
}
