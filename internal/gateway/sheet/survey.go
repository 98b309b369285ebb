package sheet

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strconv"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// maxLine is the longest line of a csv file, in bytes.
const maxLine = 1 << 20

// charset says how the bytes of a csv file become text.
type charset struct {
	skip     int               // bytes of the byte order mark
	encoding encoding.Encoding // nil for UTF-8
}

func (c charset) reader(src io.ReaderAt, size int64) io.Reader {
	r := io.Reader(io.NewSectionReader(src, int64(c.skip), size-int64(c.skip)))
	if c.encoding != nil {
		r = transform.NewReader(r, c.encoding.NewDecoder())
	}
	return r
}

// detect reads the whole file once and decides its encoding by what is valid: UTF-8,
// else GB18030. A file that is neither, or now this and now that, is refused by line
// and byte, for a wrong guess would turn names into rubbish. So is one of more than
// most records, before any is taken apart.
func detect(src io.ReaderAt, size int64, most int) (charset, error) {
	var head [3]byte
	if _, err := src.ReadAt(head[:], 0); err != nil && !errors.Is(err, io.EOF) {
		return charset{}, err
	}
	c, v := charset{}, survey{most: most}
	switch {
	case bytes.HasPrefix(head[:], []byte("\xFF\xFE")):
		c = charset{2, unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)}
		v.only = true
	case bytes.HasPrefix(head[:], []byte("\xFE\xFF")):
		c = charset{2, unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)}
		v.only = true
	case bytes.HasPrefix(head[:], []byte("\xEF\xBB\xBF")):
		c.skip = 3
		v.only = true
	}
	if err := v.readAll(c.reader(src, size)); err != nil {
		return c, err
	}
	if v.invalid.line > 0 {
		c.encoding = simplifiedchinese.GB18030
	} else if v.lost.line > 0 {
		return c, troublef("第 %d 行有无法辨认的字（�），是此前转换编码时丢失的，请从原系统重新导出", v.lost.line)
	}
	return c, nil
}

// spot is a byte of the file, both counted from 1; line 0 means nowhere.
type spot struct{ line, byte int }

// String reads: 第 3 行第 7 个字节
func (s spot) String() string {
	return troublef("第 %d 行第 %d 个字节", s.line, s.byte).Error()
}

// survey notes the first place of each kind of evidence.
type survey struct {
	only    bool // a byte order mark settled it: UTF-8 or nothing
	line    int
	invalid spot // not UTF-8
	utf8    spot // Chinese in UTF-8, which GB18030 would hardly produce by chance
	not18   spot // not GB18030
	lost    spot // U+FFFD in UTF-8
	most    int  // records that the table may have
	records int  // with something in them, so far
	blanks  int  // with nothing
	quoted  bool // inside a field that goes on behind the line's end
}

func (v *survey) readAll(r io.Reader) error {
	br := bufio.NewReaderSize(r, maxLine)
	for v.line = 1; ; v.line++ {
		line, err := br.ReadSlice('\n')
		if errors.Is(err, bufio.ErrBufferFull) {
			return troublef("第 %d 行过长（超过 1 MB），不是正常的表格，请检查是否选错了文件", v.line)
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		if err := v.look(line); err != nil {
			return err
		}
		if err := v.count(line); err != nil {
			return err
		}
		v.line += bareReturns(line)
		if err != nil {
			return nil
		}
	}
}

// beyondRows is the line of the first record that is one too many.
type beyondRows int

// Error is for programs; openCSV says it in words.
func (b beyondRows) Error() string { return "line " + strconv.Itoa(int(b)) + " is one too many" }

// count counts the record that ends with the line. Quotes inside of unquoted fields
// may hide some: the reader counts again.
func (v *survey) count(line []byte) error {
	if bytes.Count(line, []byte{'"'})%2 == 1 {
		v.quoted = !v.quoted
	}
	switch {
	case v.quoted:
	case len(bytes.Trim(line, ",;\t\r\n \"")) == 0:
		v.blanks++ // a file of nothing else takes longer than any table
	default:
		v.records++
	}
	if max(v.records, v.blanks) > v.most {
		return beyondRows(v.line)
	}
	return nil
}

// bareReturns counts the line ends of old Macs, \r without \n.
func bareReturns(line []byte) int {
	return bytes.Count(line, []byte("\r")) - bytes.Count(line, []byte("\r\n"))
}

// look examines one line.
func (v *survey) look(line []byte) error {
	if i := bytes.IndexByte(line, 0); i >= 0 {
		return troublef("%s是空字节（NUL），不是文本文件；请用 Excel 或 WPS 另存为“CSV UTF-8”后再导入", v.spot(line, i))
	}
	first := bytes.IndexFunc(line, func(r rune) bool { return r >= utf8.RuneSelf })
	if first < 0 {
		return nil
	}
	bad, chinese, lost := scanUTF8(line)
	bad18 := -1
	if !v.only && (bad >= 0 || v.not18.line == 0) {
		bad18 = scanGB18030(line)
	}
	note(&v.lost, v.spot(line, lost), lost)
	note(&v.not18, v.spot(line, bad18), bad18)
	switch {
	case bad >= 0 && (v.only || bad18 >= 0):
		return troublef("%s不是有效的文字编码；请用 Excel 或 WPS 打开，确认没有乱码，另存为“CSV UTF-8”后再导入", v.spot(line, max(bad, bad18)))
	case bad >= 0:
		note(&v.invalid, v.spot(line, bad), bad)
	case chinese >= 2:
		note(&v.utf8, v.spot(line, first), first)
	}
	if v.invalid.line > 0 && (v.utf8.line > 0 || v.not18.line > 0) {
		return troublef("从%s起编码与前文不同，UTF-8 和 GB18030（GBK）混在了一个文件里；请分别转换编码后再合并", v.spot(line, max(bad, first)))
	}
	return nil
}

// spot locates a byte of the present line.
func (v *survey) spot(line []byte, i int) spot {
	if i < 0 {
		return spot{}
	}
	before := line[:i]
	return spot{v.line + bareReturns(before), i - max(bytes.LastIndexByte(before, '\r'), -1)}
}

func note(s *spot, found spot, i int) {
	if s.line == 0 && i >= 0 {
		*s = found
	}
}

// scanUTF8 returns the first invalid byte and the first U+FFFD, -1 if none, and how
// many Chinese characters of three bytes there are before the invalid byte.
func scanUTF8(line []byte) (bad, chinese, lost int) {
	lost = -1
	for i := 0; i < len(line); {
		if line[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, n := utf8.DecodeRune(line[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			return i, chinese, lost
		case r == utf8.RuneError && lost < 0:
			lost = i
		case r >= 0x3000 && r <= 0x9FFF, r >= 0xFF00 && r <= 0xFFEF:
			chinese++
		}
		i += n
	}
	return -1, chinese, lost
}

// scanGB18030 returns the first byte that GB18030 does not allow or gives no
// character to, -1 if there is none.
func scanGB18030(line []byte) int {
	decoder := simplifiedchinese.GB18030.NewDecoder()
	var out [8]byte
	for i := 0; i < len(line); {
		n := 1
		switch {
		case line[i] < utf8.RuneSelf:
			i++
			continue
		case i+1 < len(line) && line[i+1] >= 0x30 && line[i+1] <= 0x39:
			n = 4
		default:
			n = 2
		}
		if i+n > len(line) || line[i] == 0x80 || line[i] == 0xFF {
			return i
		}
		got, used, err := decoder.Transform(out[:], line[i:i+n], true)
		if r, size := utf8.DecodeRune(out[:got]); err != nil || used != n || size != got || r == utf8.RuneError {
			return i
		}
		i += n
	}
	return -1
}
