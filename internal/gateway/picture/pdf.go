package picture

import (
	"bytes"
	"compress/zlib"
	"io"
	"regexp"
)

var errBrokenPDF = refuse("PDF 打不开，可能没有传完或已经损坏，请重新导出后再传")

// tailLength is where the end mark of a PDF must lie, from the end of the file (ISO
// 32000, annex H).
const tailLength = 1024

// forbidden are names that a scan of a paper has no use for. A name in a PDF can be
// spelled with #xx; they are looked for after that is undone.
var forbidden = []struct{ name, why string }{
	{"/Encrypt", "PDF 加了密码，打不开。请去掉密码，或打印成新的 PDF 后再传"},
	{"/JavaScript", active}, {"/Launch", active}, {"/EmbeddedFile", active}, {"/EmbeddedFiles", active}, {"/SubmitForm", active},
	{"/ImportData", active}, {"/RichMedia", active}, {"/GoToE", active}, {"/XFA", active},
}

const active = "PDF 里带有脚本、附件或表单，不能收。请把它打印成新的 PDF，或截屏后再传"

// checkPDF refuses a PDF that is cut off, locked, or does more than show pages. It
// does not decode it: that is left to the browser of whoever looks at it.
func checkPDF(raw []byte) error {
	if len(raw) < 64 || !bytes.Contains(raw[len(raw)-min(len(raw), tailLength):], []byte("%%EOF")) {
		return errBrokenPDF
	}
	if !bytes.Contains(raw, []byte("startxref")) || !bytes.Contains(raw, []byte("obj")) {
		return errBrokenPDF
	}
	if err := checkNames(raw); err != nil {
		return err
	}
	return eachObjectStream(raw, checkNames)
}

// checkNames looks for the forbidden names, and for an action on opening.
func checkNames(text []byte) error {
	plain := unescaped(text)
	for _, f := range forbidden {
		if hasName(plain, f.name) {
			return refuse("%s", f.why)
		}
	}
	if actsOnOpening(plain) {
		return refuse("%s", active)
	}
	return nil
}

// hasName reports that the name stands there whole.
func hasName(text []byte, name string) bool {
	for {
		at := bytes.Index(text, []byte(name))
		if at < 0 {
			return false
		}
		text = text[at+len(name):]
		if len(text) == 0 || bytes.IndexByte([]byte("\x00\t\n\f\r ()<>[]{}/%"), text[0]) >= 0 {
			return true
		}
	}
}

// actsOnOpening reports an /OpenAction that does anything but turn to a page. Most
// writers give one: [page /Fit] or << /S /GoTo … >>.
func actsOnOpening(text []byte) bool {
	for {
		at := bytes.Index(text, []byte("/OpenAction"))
		if at < 0 {
			return false
		}
		text = text[at+len("/OpenAction"):]
		rest := bytes.TrimLeft(text, "\x00\t\n\f\r ")
		if !bytes.HasPrefix(rest, []byte("<<")) {
			continue // a page, or an object whose names were looked at
		}
		if end := bytes.Index(rest, []byte(">>")); end < 0 || !hasName(rest[:end], "/GoTo") {
			return true
		}
	}
}

// unescaped undoes #xx, as names may be spelled.
func unescaped(text []byte) []byte {
	if bytes.IndexByte(text, '#') < 0 {
		return text
	}
	out := make([]byte, 0, len(text))
	for i := 0; i < len(text); i++ {
		if text[i] == '#' && i+2 < len(text) {
			hi, lo := digit(text[i+1]), digit(text[i+2])
			if hi >= 0 && lo >= 0 {
				out = append(out, byte(hi<<4|lo))
				i += 2
				continue
			}
		}
		out = append(out, text[i])
	}
	return out
}

func digit(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}

// Of what is unpacked to look inside: at most so much in all, and so many streams.
const (
	mostUnpacked = 64 << 20
	mostStreams  = 20_000
	mostTries    = 40_000 // places where a stream may begin: each costs a little memory and time
)

// objectStream is the type of a stream that holds objects, however it is spelled.
var objectStream = regexp.MustCompile(`/(?:O|#4[fF])(?:b|#62)(?:j|#6[aA])(?:S|#53)(?:t|#74)(?:m|#6[dD])`)

// eachObjectStream unpacks the streams that hold objects and calls do with each.
// Objects in them are as good as objects outside: names hide there first.
func eachObjectStream(raw []byte, do func([]byte) error) error {
	room, tries := mostUnpacked, mostTries
	for n, at := range objectStream.FindAllIndex(raw, mostStreams+1) {
		if n == mostStreams {
			return errBrokenPDF
		}
		text := unpackAfter(raw[at[1]:], room, &tries)
		if room -= len(text); room <= 0 || tries <= 0 {
			return errBrokenPDF
		}
		if err := do(text); err != nil {
			return err
		}
	}
	return nil
}

// dictionaryLength is within how many bytes of its type a stream begins.
const dictionaryLength = 2048

// unpackAfter returns the stream whose dictionary goes on there; nil if it is packed
// in another way. The word stream may stand in a text of the dictionary before.
func unpackAfter(dictionary []byte, room int, tries *int) []byte {
	const word = "stream"
	for at := 0; ; at += len(word) {
		n := bytes.Index(dictionary[at:min(len(dictionary), dictionaryLength)], []byte(word))
		if n < 0 {
			return nil
		}
		at += n
		if *tries--; *tries <= 0 {
			return nil
		}
		if text := unpack(bytes.TrimLeft(dictionary[at+len(word):], "\r\n"), room); len(text) > 0 {
			return text
		}
	}
}

// unpack returns what can be read, however it ends.
func unpack(body []byte, room int) []byte {
	z, err := zlib.NewReader(bytes.NewReader(body))
	if err != nil {
		return nil
	}
	text, _ := io.ReadAll(io.LimitReader(z, int64(room)))
	return text
}
