package paper

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/proofread"
	"quxiang/internal/domain/proofread/layout"
)

// Limits of the program that takes the words out of a pdf.
const (
	pdfTime   = 30 * time.Second
	pdfOutput = 256 << 20 // bytes of what it writes
	pdfMemory = "--as=1610612736"
	pdfSecond = "--cpu=30"
)

const (
	isScan    refusal = "这是扫描件：页面只有图片，没有文字层，读不出内容；请给出 Word 原稿，或用文字识别（OCR）软件转换后再检查"
	pdfBroken refusal = "PDF 不完整或已损坏，请重新导出或下载后再检查"
	pdfSlow   refusal = "PDF 过于复杂，30 秒内没有读完；请拆成几个文件，或另存为 .docx 再检查"
)

// readPDF reads a pdf with a text layer. Place.Line counts the lines of text from the
// first page on, as they are read here.
//
// Of the two forms that pdftotext offers, the words with their boxes (-bbox) are read and
// not the drawing with spaces (-layout): with boxes the columns of a table are exact, and
// marks that reach into the next character do not fall to a line of their own.
func readPDF(src io.ReaderAt, size int64) (d proofread.Document, err error) {
	pages, err := pdfBoxes(src, size)
	if err != nil {
		return d, err
	}
	return pdfDocument(pages)
}

// pdfBoxes are the words of each page.
func pdfBoxes(src io.ReaderAt, size int64) ([][]box, error) {
	program, err := exec.LookPath("pdftotext")
	if err != nil {
		return nil, fault.Outagef(err, "file", "没有找到 pdftotext，读不了 PDF：请管理员安装 poppler-utils（apt install poppler-utils），或把报告另存为 .docx 再检查")
	}
	ctx, stop := context.WithTimeout(context.Background(), pdfTime)
	defer stop()
	args := []string{"-bbox", "-enc", "UTF-8", "-q", "-", "-"}
	if limit, err := exec.LookPath("prlimit"); err == nil {
		program, args = limit, append([]string{pdfMemory, pdfSecond, "--core=0", "--", program}, args...)
	}
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Stdin = io.NewSectionReader(src, 0, size)
	cmd.Env = []string{"LC_ALL=C.UTF-8"}
	cmd.Dir = "/"
	cmd.WaitDelay = time.Second
	var said bytes.Buffer
	cmd.Stderr = &limited{&said, 4096}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	pages, readErr := readBoxes(io.LimitReader(out, pdfOutput))
	if readErr != nil {
		stop()
	}
	_, _ = io.Copy(io.Discard, out)
	if err := pdfTrouble(cmd.Wait(), readErr, ctx.Err(), said.String(), len(pages)); err != nil {
		return nil, err
	}
	return pages, nil
}

// pdfTrouble says what went wrong, nil if nothing that matters: the program ends well
// enough where it could read pages.
func pdfTrouble(wait, read, late error, said string, pages int) error {
	switch {
	case strings.Contains(said, "ncorrect password"), strings.Contains(said, "ncrypted"):
		return lockedFile
	case errors.Is(late, context.DeadlineExceeded):
		return pdfSlow
	case read != nil:
		return read
	case wait != nil && pages == 0:
		return pdfBroken
	}
	return nil
}

// limited keeps the beginning of what is written to it.
type limited struct {
	to   *bytes.Buffer
	left int
}

// Write keeps what there is room for, and takes all.
func (l *limited) Write(b []byte) (int, error) {
	n := min(len(b), l.left)
	l.to.Write(b[:n])
	l.left -= n
	return len(b), nil
}

// box is a word on a page, in thousandths of a point.
type box struct {
	left, top, right, bottom int
	text                     string
}

func (b box) height() int { return b.bottom - b.top }
func (b box) middle() int { return (b.top + b.bottom) / 2 }

// readBoxes reads what pdftotext -bbox writes: a line for every word.
func readBoxes(r io.Reader) ([][]box, error) {
	var pages [][]box
	in := bufio.NewReaderSize(r, 64<<10)
	words := 0
	for {
		line, err := in.ReadSlice('\n')
		if errors.Is(err, bufio.ErrBufferFull) {
			return pages, tooMuch
		}
		s := strings.TrimSpace(string(line))
		switch {
		case strings.HasPrefix(s, "<page "):
			if len(pages) >= 5000 {
				return pages, tooMuch
			}
			pages = append(pages, nil)
		case strings.HasPrefix(s, "<word ") && len(pages) > 0:
			if words++; words > 3_000_000 {
				return pages, tooMuch
			}
			if b, ok := readBox(s); ok {
				pages[len(pages)-1] = append(pages[len(pages)-1], b)
			}
		}
		if errors.Is(err, io.EOF) {
			return pages, nil
		}
		if err != nil {
			return pages, err
		}
	}
}

// readBox reads <word xMin="1.5" yMin="2" xMax="3" yMax="4">text</word>.
func readBox(s string) (b box, ok bool) {
	tag, rest, ok := strings.Cut(s, ">")
	if !ok {
		return b, false
	}
	text, _, ok := strings.Cut(rest, "</word>")
	if !ok || strings.TrimSpace(text) == "" {
		return b, false
	}
	for _, side := range []struct {
		name string
		to   *int
	}{{`xMin="`, &b.left}, {`yMin="`, &b.top}, {`xMax="`, &b.right}, {`yMax="`, &b.bottom}} {
		_, after, found := strings.Cut(tag, side.name)
		value, _, closed := strings.Cut(after, `"`)
		n, good := thousandths(value)
		if !found || !closed || !good {
			return b, false
		}
		*side.to = n
	}
	b.text = unescape(text)
	return b, b.left <= b.right && b.top < b.bottom
}

var xmlEntities = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&quot;", `"`, "&apos;", "'", "&amp;", "&")

func unescape(s string) string {
	s = xmlEntities.Replace(s)
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0xFEFF || r == 0xFFFD {
			return -1
		}
		return r
	}, s)
}

// thousandths reads a decimal number exactly, cut off behind the third digit.
func thousandths(s string) (int, bool) {
	sign := 1
	if rest, ok := strings.CutPrefix(s, "-"); ok {
		sign, s = -1, rest
	}
	whole, part, _ := strings.Cut(s, ".")
	part = (part + "000")[:3]
	n := 0
	if whole == "" || len(whole) > 6 {
		return 0, false
	}
	for _, c := range whole + part {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int(c-'0')
	}
	return sign * n, true
}

// pdfDocument makes lines of the boxes and reads them.
func pdfDocument(pages [][]box) (d proofread.Document, err error) {
	var bare []int
	words := 0
	for i, p := range pages {
		words += len(p)
		if len(p) == 0 {
			bare = append(bare, i+1)
		}
	}
	if words == 0 || len(pages) > 3 && len(bare)*10 >= len(pages)*9 {
		return d, isScan
	}
	if len(bare) > 0 {
		d.Unread = "第 " + pageList(bare) + " 页没有文字（空白，或整页是图片），没有检查"
	}
	d.Blocks = layout.Blocks(pdfLines(pages))
	return d, nil
}

// pageList writes rising numbers: 1、3-5.
func pageList(numbers []int) string {
	var out []string
	for i := 0; i < len(numbers); {
		j := i
		for j+1 < len(numbers) && numbers[j+1] == numbers[j]+1 {
			j++
		}
		one := strconv.Itoa(numbers[i])
		if j > i {
			one += "-" + strconv.Itoa(numbers[j])
		}
		out = append(out, one)
		i = j + 1
	}
	return strings.Join(out, "、")
}
