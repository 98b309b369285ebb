package sheet

import (
	"bytes"
	"errors"
	"io"
	"strings"
)

// token is what the scanner met.
type token int

const (
	endOfFile token = iota
	startTag        // name, attrs; an empty element is a startTag and an endTag
	endTag          // name
	chars           // text
	nothing         // comment, instruction: never seen outside
)

const (
	firstBuffer = 64 << 10
	maxToken    = 1 << 20 // bytes of one tag or one stretch of text
	maxDepth    = 100
)

// scanner cuts XML into tokens without copying. It knows just enough XML for
// what office programs write, checks that tags pair up, and refuses the rest:
// document types, other encodings, deep nesting. (encoding/xml takes ten times as long.)
type scanner struct {
	name  []byte // local name of the tag; like all slices here, valid until the next call
	attrs []byte // raw attributes of a startTag
	text  []byte // raw characters
	cdata bool   // text is literal, without entities

	src      io.Reader
	archive  *archive // whose budget of elements it draws on
	buf      []byte
	pos, end int // what is read and not yet consumed
	open     []byte
	opens    []int // where in open each open element's qualified name begins
	empty    bool  // the last startTag was <x/>: its endTag comes next
	rooted   bool
}

func newScanner(src io.Reader, a *archive) *scanner {
	return &scanner{src: src, archive: a, buf: make([]byte, firstBuffer)}
}

// depth counts the open elements; at a startTag it includes that one.
func (s *scanner) depth() int { return len(s.opens) }

// next returns the next token; io errors and troubles end the part.
func (s *scanner) next() (token, error) {
	if s.empty {
		s.empty = false
		s.pop()
		return endTag, nil
	}
	for {
		if s.pos == s.end {
			if err := s.more(); errors.Is(err, io.EOF) {
				return s.finish()
			} else if err != nil {
				return endOfFile, err
			}
		}
		tok, err := nothing, error(nil)
		if s.buf[s.pos] == '<' {
			tok, err = s.markup()
		} else {
			tok, err = s.characters()
		}
		if err != nil || tok != nothing {
			return tok, err
		}
	}
}

// finish answers at the end of the input.
func (s *scanner) finish() (token, error) {
	if len(s.opens) > 0 || !s.rooted {
		return endOfFile, io.ErrUnexpectedEOF
	}
	return endOfFile, nil
}

// more reads at least one byte behind end, keeping what lies from pos on.
func (s *scanner) more() error {
	if s.end == len(s.buf) {
		if s.pos > 0 {
			s.end = copy(s.buf, s.buf[s.pos:s.end])
			s.pos = 0
		} else if len(s.buf) < maxToken {
			s.buf = append(s.buf, make([]byte, len(s.buf))...)
		} else {
			return tooLong
		}
	}
	for range 100 { // a reader that gives nothing for ever is broken
		n, err := s.src.Read(s.buf[s.end:])
		s.end += n
		if n > 0 {
			return nil
		}
		if err != nil {
			return err
		}
	}
	return io.ErrNoProgress
}

// index returns how far behind pos the byte c first stands, looking from on.
func (s *scanner) index(c byte, from int) (int, error) {
	for {
		if have := s.end - s.pos; from < have {
			if i := bytes.IndexByte(s.buf[s.pos+from:s.end], c); i >= 0 {
				return from + i, nil
			}
			from = have
		}
		if err := s.more(); err != nil {
			return 0, err
		}
	}
}

// characters takes the text up to the next tag; outside the root only blanks may stand.
func (s *scanner) characters() (token, error) {
	n, err := s.index('<', 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return endOfFile, err
	}
	if err != nil { // the last text of the part
		n = s.end - s.pos
	}
	s.text, s.cdata = s.buf[s.pos:s.pos+n], false
	s.pos += n
	if len(s.opens) > 0 {
		return chars, nil
	}
	if len(bytes.TrimSpace(bytes.TrimPrefix(s.text, []byte("\xEF\xBB\xBF")))) > 0 {
		return endOfFile, damaged
	}
	return nothing, nil
}

// markup takes one thing that begins with <.
func (s *scanner) markup() (token, error) {
	if s.end-s.pos < 2 {
		if err := s.more(); err != nil {
			return endOfFile, unexpected(err)
		}
	}
	switch s.buf[s.pos+1] {
	case '/':
		return s.closing()
	case '!':
		return s.declaration()
	case '?':
		body, err := s.until("?>", 2)
		if err == nil && foreignEncoding(body) {
			err = notUTF8
		}
		return nothing, err
	}
	return s.opening()
}

// unexpected says that the input must not end here.
func unexpected(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// until consumes up to and with the mark and returns what lies between, from skip on.
func (s *scanner) until(mark string, skip int) ([]byte, error) {
	last := mark[len(mark)-1]
	for from := skip + len(mark) - 1; ; {
		i, err := s.index(last, from)
		if err != nil {
			return nil, unexpected(err)
		}
		if body := s.buf[s.pos : s.pos+i+1]; bytes.HasSuffix(body, []byte(mark)) {
			s.pos += i + 1
			return body[skip : len(body)-len(mark)], nil
		}
		from = i + 1
	}
}

// foreignEncoding looks into an XML declaration for another encoding than UTF-8.
func foreignEncoding(body []byte) bool {
	decl := strings.ToLower(string(body))
	if !strings.HasPrefix(decl, "xml ") {
		return false
	}
	_, enc, found := strings.Cut(decl, "encoding=")
	enc = strings.TrimLeft(enc, `"'`)
	return found && !strings.HasPrefix(enc, "utf-8") && !strings.HasPrefix(enc, "us-ascii")
}

// declaration takes a comment or a CDATA section. Anything else that begins with
// <! could declare entities, and is refused.
func (s *scanner) declaration() (token, error) {
	const comment, cdata = "<!--", "<![CDATA["
	for s.end-s.pos < len(cdata) {
		if err := s.more(); err != nil {
			return endOfFile, unexpected(err)
		}
	}
	switch head := s.buf[s.pos : s.pos+len(cdata)]; {
	case bytes.HasPrefix(head, []byte(comment)):
		_, err := s.until("-->", len(comment))
		return nothing, err
	case string(head) == cdata && len(s.opens) > 0:
		body, err := s.until("]]>", len(cdata))
		s.text, s.cdata = body, true
		return chars, err
	case string(head) == cdata:
		return endOfFile, damaged
	}
	return endOfFile, dtd
}

// opening takes a start tag up to the > that no quotes enclose.
func (s *scanner) opening() (token, error) {
	var quote byte
	n := 0
	for from := 1; ; from = n + 1 {
		var err error
		if n, err = s.index('>', from); err != nil {
			return endOfFile, unexpected(err)
		}
		if quote = quoteAfter(quote, s.buf[s.pos+from:s.pos+n]); quote == 0 {
			break
		}
	}
	tag := s.buf[s.pos+1 : s.pos+n]
	s.pos += n + 1
	if len(tag) > 0 && tag[len(tag)-1] == '/' {
		s.empty = true
		tag = tag[:len(tag)-1]
	}
	i := 0
	for i < len(tag) && !isSpace(tag[i]) {
		i++
	}
	s.attrs = tag[i:]
	return startTag, s.push(tag[:i])
}

// quoteAfter returns which quote is open behind b, if quote was open before it.
func quoteAfter(quote byte, b []byte) byte {
	for _, c := range b {
		switch {
		case quote == 0 && (c == '"' || c == '\''):
			quote = c
		case c == quote:
			quote = 0
		}
	}
	return quote
}

// isName tells a name from what can only be a broken tag.
func isName(b []byte) bool {
	for _, c := range b {
		if c == '<' || c == '"' || c == '\'' || c == '=' || c == '&' {
			return false
		}
	}
	return len(b) > 0
}

// push notes an open element.
func (s *scanner) push(qualified []byte) error {
	if !isName(qualified) {
		return damaged
	}
	if len(s.opens) == 0 && s.rooted {
		return damaged // a second root
	}
	if len(s.opens) == maxDepth {
		return tooDeep
	}
	if s.archive.elements++; s.archive.elements > s.archive.lim.Elements {
		return tooMuchXML
	}
	s.rooted = true
	s.opens = append(s.opens, len(s.open))
	s.open = append(s.open, qualified...)
	s.name = local(qualified)
	return nil
}

// pop closes the innermost element.
func (s *scanner) pop() {
	last := len(s.opens) - 1
	at := s.opens[last]
	s.name = local(s.open[at:])
	s.open, s.opens = s.open[:at], s.opens[:last]
}

// closing takes an end tag, which must be the innermost element's.
func (s *scanner) closing() (token, error) {
	n, err := s.index('>', 2)
	if err != nil {
		return endOfFile, unexpected(err)
	}
	name := s.buf[s.pos+2 : s.pos+n]
	for len(name) > 0 && isSpace(name[len(name)-1]) {
		name = name[:len(name)-1]
	}
	s.pos += n + 1
	if len(s.opens) == 0 || !bytes.Equal(name, s.open[s.opens[len(s.opens)-1]:]) {
		return endOfFile, damaged
	}
	s.pop()
	return endTag, nil
}

// skip passes over the rest of the element whose startTag was the last token.
func (s *scanner) skip() error {
	for outside := s.depth() - 1; ; {
		tok, err := s.next()
		if err != nil {
			return err
		}
		if tok == endTag && s.depth() == outside {
			return nil
		}
	}
}
