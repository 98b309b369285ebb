package sheet

import (
	"bytes"
	"strconv"
	"unicode/utf8"
)

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

// local cuts the namespace prefix off a name: producers choose prefixes freely.
func local(qualified []byte) []byte {
	return qualified[bytes.IndexByte(qualified, ':')+1:]
}

// nextAttr cuts one attribute off raw; name is empty at the end. The value is raw.
func nextAttr(raw []byte) (name, value, rest []byte, err error) {
	for len(raw) > 0 && isSpace(raw[0]) {
		raw = raw[1:]
	}
	if len(raw) == 0 {
		return nil, nil, nil, nil
	}
	eq := bytes.IndexByte(raw, '=')
	if eq <= 0 {
		return nil, nil, nil, damaged
	}
	name, raw = raw[:eq], raw[eq+1:]
	for len(name) > 0 && isSpace(name[len(name)-1]) {
		name = name[:len(name)-1]
	}
	for len(raw) > 0 && isSpace(raw[0]) {
		raw = raw[1:]
	}
	if len(raw) < 2 || (raw[0] != '"' && raw[0] != '\'') {
		return nil, nil, nil, damaged
	}
	end := bytes.IndexByte(raw[1:], raw[0])
	if end < 0 || len(name) == 0 {
		return nil, nil, nil, damaged
	}
	return local(name), raw[1 : 1+end], raw[end+2:], nil
}

// attr returns an attribute of the current startTag as text, blank when absent.
func (s *scanner) attr(want string) (string, error) {
	raw := s.attrs
	for {
		name, value, rest, err := nextAttr(raw)
		if err != nil || len(name) == 0 {
			return "", err
		}
		if string(name) == want {
			text, err := appendText(nil, value, false)
			return string(text), err
		}
		raw = rest
	}
}

// appendText decodes raw XML characters: entities, line ends. What XML does not
// allow, and entities that only a document type could declare, are damage.
func appendText(dst, raw []byte, literal bool) ([]byte, error) {
	if !utf8.Valid(raw) {
		return dst, damaged
	}
	for i := 0; i < len(raw); {
		switch c := raw[i]; {
		case c == '&' && !literal:
			r, n := entity(raw[i:])
			if n == 0 {
				return dst, damaged
			}
			dst = utf8.AppendRune(dst, r)
			i += n
			continue
		case c == '\r': // XML reads every line end as \n
			if i+1 >= len(raw) || raw[i+1] != '\n' {
				dst = append(dst, '\n')
			}
		case c < ' ' && c != '\t' && c != '\n':
			return dst, damaged
		default:
			dst = append(dst, c)
		}
		i++
	}
	return dst, nil
}

// entity decodes the reference that raw begins with, and says how long it is; 0 if it is none.
func entity(raw []byte) (rune, int) {
	end := bytes.IndexByte(raw[:min(len(raw), 12)], ';')
	if end < 2 {
		return 0, 0
	}
	name := string(raw[1:end])
	switch name {
	case "amp":
		return '&', end + 1
	case "lt":
		return '<', end + 1
	case "gt":
		return '>', end + 1
	case "quot":
		return '"', end + 1
	case "apos":
		return '\'', end + 1
	}
	if name[0] != '#' {
		return 0, 0
	}
	digits, base := name[1:], 10
	if len(digits) > 0 && digits[0] == 'x' {
		digits, base = digits[1:], 16
	}
	n, err := strconv.ParseUint(digits, base, 32)
	if err != nil || !allowed(rune(n)) {
		return 0, 0
	}
	return rune(n), end + 1
}

// allowed reports whether XML 1.0 may hold the character.
func allowed(r rune) bool {
	return r == '\t' || r == '\n' || r == '\r' || r >= ' ' && r <= utf8.MaxRune && r != 0xFFFE && r != 0xFFFF && utf8.ValidRune(r)
}

// unescape decodes in place the _xHHHH_ by which spreadsheets write what XML cannot
// hold (ECMA-376 part 1, 22.9.2.19, ST_Xstring), in b from the given index on. Halves
// of a surrogate pair and NUL are no text and stay as they are.
func unescape(b []byte, from int) []byte {
	if !bytes.Contains(b[from:], []byte("_x")) {
		return b
	}
	out := b[:from]
	for i := from; i < len(b); {
		if r, ok := escaped(b[i:]); ok && r != 0 && utf8.ValidRune(r) {
			// the escape is never shorter than the rune, so out stays behind i
			out = utf8.AppendRune(out, r)
			i += escapeLen
			continue
		}
		out = append(out, b[i])
		i++
	}
	return out
}

const escapeLen = len("_x000D_")

// escaped reads one _xHHHH_, whatever it stands for.
func escaped(b []byte) (rune, bool) {
	if len(b) < escapeLen || b[0] != '_' || b[1] != 'x' || b[escapeLen-1] != '_' {
		return 0, false
	}
	n := rune(0)
	for _, c := range b[2 : escapeLen-1] {
		switch {
		case c >= '0' && c <= '9':
			n = n<<4 | rune(c-'0')
		case c >= 'A' && c <= 'F':
			n = n<<4 | rune(c-'A'+10)
		case c >= 'a' && c <= 'f':
			n = n<<4 | rune(c-'a'+10)
		default:
			return 0, false
		}
	}
	return n, true
}
