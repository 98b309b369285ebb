package sheet

import (
	"errors"
	"strconv"
	"strings"
)

// format is what a number format means for the text of a number.
type format struct {
	kind  formatKind
	width int // digits, for padded
}

type formatKind int

const (
	general formatKind = iota // as typed; separators and rounding are for the eye only
	day                       // 年月日
	clock                     // 时分
	moment                    // 年月日 时分
	percent                   // 82.45%
	padded                    // 00000000: leading zeros of a number
)

// builtin returns the meaning of a format that has no code in the file (ECMA-376
// part 1, 18.8.30, with the numbers 27 to 58 as the Chinese versions use them).
func builtin(id int) format {
	switch {
	case id == 9, id == 10:
		return format{kind: percent}
	case id >= 14 && id <= 17, id >= 27 && id <= 31, id == 36, id >= 50 && id <= 54, id == 57, id == 58:
		return format{kind: day}
	case id == 22:
		return format{kind: moment}
	case id >= 18 && id <= 21, id >= 32 && id <= 35, id >= 45 && id <= 47, id == 55, id == 56:
		return format{kind: clock}
	}
	return format{}
}

// parseFormat finds out what a format code means.
func parseFormat(code string) format {
	letters := bare(code)
	switch {
	case strings.Contains(letters, "general"):
		return format{}
	case len(letters) > 1 && strings.Trim(letters, "0") == "":
		return format{kind: padded, width: len(letters)}
	case strings.Contains(letters, "%"):
		return format{kind: percent}
	}
	hour := strings.ContainsAny(letters, "hs")
	date := strings.ContainsAny(letters, "yd") || strings.Contains(letters, "aaa") || !hour && strings.Contains(letters, "m")
	switch {
	case date && hour:
		return format{kind: moment}
	case date:
		return format{kind: day}
	case hour:
		return format{kind: clock}
	}
	return format{}
}

// bare returns the letters of the code's first section that are not literal: without
// "quoted" text, \x, _x, *x and [brackets], except elapsed time such as [h]. Lower case.
func bare(code string) string {
	var out strings.Builder
	for i := 0; i < len(code); i++ {
		c := code[i]
		switch c {
		case ';':
			return strings.ToLower(out.String())
		case '\\', '_', '*':
			i++
		case '"', '[':
			end := strings.IndexByte(code[i+1:], map[byte]byte{'"': '"', '[': ']'}[c])
			if end < 0 {
				return strings.ToLower(out.String())
			}
			inner := strings.ToLower(code[i+1 : i+1+end])
			if c == '[' && strings.Trim(inner, "hms") == "" {
				out.WriteString(inner)
			}
			i += end + 1
		default:
			out.WriteByte(c)
		}
	}
	return strings.ToLower(out.String())
}

// formats reads the styles part: the meaning of each cell style, by its number.
func (a *archive) formats(name string) ([]format, error) {
	if name == "" || !a.has(name) {
		return nil, nil
	}
	var all []format
	own := make(map[int]format)
	section := ""
	err := a.walk(name, func(s *scanner) error {
		switch {
		case s.depth() == 2:
			section = string(s.name)
		case section == "numFmts" && string(s.name) == "numFmt":
			id, err1 := s.number("numFmtId")
			code, err2 := s.attr("formatCode")
			own[id] = parseFormat(code)
			return errors.Join(err1, err2)
		case section == "cellXfs" && s.depth() == 3:
			id, err := s.number("numFmtId")
			f, found := own[id]
			if !found {
				f = builtin(id)
			}
			if len(all) == maxStyles {
				return damaged
			}
			all = append(all, f)
			return err
		}
		return nil
	})
	return all, err
}

// maxStyles is more than any program allows (Excel: 65,490 cell formats).
const maxStyles = 1 << 16

// number returns an attribute as a number, 0 when absent.
func (s *scanner) number(name string) (int, error) {
	v, err := s.attr(name)
	if err != nil || v == "" {
		return 0, err
	}
	n, err := strconv.Atoi(v)
	if err != nil {
		return 0, damaged
	}
	return n, nil
}
