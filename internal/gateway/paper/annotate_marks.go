package paper

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"maps"
	"slices"
	"unicode"
	"unicode/utf8"

	"quxiang/internal/domain/proofread"
)

func sortedKeys(m map[string]edited) []string { return slices.Sorted(maps.Keys(m)) }

// textPiece is what one token adds to a paragraph's text.
type textPiece struct {
	text             string
	runes            int
	raw              [2]int // bytes of the characters
	source           []byte // those bytes
	keeps            bool   // its w:t keeps spaces
	child            [2]int // bytes of the run's child that it stands in
	run              *wordRun
	cuttable         bool   // characters: may be cut within
	textFrom, textTo int    // where the start tag of its w:t ends, and where its end tag begins
	name             string // of its w:t, as written
}

// wordRun is a w:r that may be split.
type wordRun struct {
	all     [2]int
	inside  [2]int // between its properties and its end tag
	tag     string // its start tag and its properties, as written
	closing string
}

// wordPara is a paragraph with findings in it.
type wordPara struct {
	ordinal int
	host    *wordPara // the one whose text box it stands in
	inside  [2]int    // after its properties; before its end tag
	prefix  string    // of w:p, colon included
	pieces  []textPiece
	empty   bool // <w:p/>
	hidden  bool // the present run is
}

// insertion is text put into the document at a byte.
type insertion struct {
	at           int
	closes       string // ends what is open there
	ends, starts string
	opens        string // opens it again
	keep         int    // byte before which a w:t is told to keep its spaces; 0: none
}

// markWord puts the marks of comments into the document; the n-th finding has the id
// first+n. It returns the namespace of its elements as well.
func markWord(raw []byte, list []proofread.Finding, first int) ([]byte, string, error) {
	wanted := map[int][]int{}
	for i, f := range list {
		wanted[max(f.Place.Line, 0)] = append(wanted[max(f.Place.Line, 0)], i)
	}
	m := &marker{raw: raw, dec: xml.NewDecoder(bytes.NewReader(raw)), wanted: wanted, found: map[int]*wordPara{}}
	if err := m.walk(); err != nil {
		return nil, "", err
	}
	ins := insertions{}
	for i, f := range list {
		p := m.found[f.Place.Line]
		if p == nil || p.empty {
			p, f.Place.Line = m.first, 0 // a finding that belongs to no paragraph
		}
		if p != nil {
			ins.mark(p, f, first+i)
		}
	}
	return ins.into(raw), m.space, nil
}

// insertions by byte.
type insertions map[int]*insertion

func (ins insertions) at(n int) *insertion {
	if ins[n] == nil {
		ins[n] = &insertion{at: n}
	}
	return ins[n]
}

// mark sets the marks of one comment.
func (ins insertions) mark(p *wordPara, f proofread.Finding, id int) {
	for p.host != nil {
		p, f.Place.Line = p.host, 0 // comments of Word's do not stand in text boxes
	}
	w := p.prefix
	start := fmt.Sprintf(`<%scommentRangeStart %sid="%d"/>`, w, w, id)
	end := fmt.Sprintf(`<%scommentRangeEnd %sid="%d"/><%sr><%scommentReference %sid="%d"/></%sr>`, w, w, id, w, w, w, id, w)
	var text []rune
	for _, piece := range p.pieces {
		text = append(text, []rune(piece.text)...)
	}
	from, to := proofread.Stretch(text, f.Place.Rune, f.Printed)
	a, b := p.cut(from, false), p.cut(to, true)
	if f.Place.Line == 0 || from >= to || a == nil || b == nil {
		if p.inside[0] == p.inside[1] {
			start, end = start+end, ""
		}
		ins.at(p.inside[0]).starts += start
		ins.at(p.inside[1]).ends += end
		return
	}
	ins.join(a).starts += start
	ins.join(b).ends += end
}

// join adds a cut to what is put in at the same byte.
func (ins insertions) join(c *insertion) *insertion {
	i := ins.at(c.at)
	if c.closes != "" {
		i.closes, i.opens = c.closes, c.opens
	}
	if c.keep > 0 {
		ins.at(c.keep).starts = ` xml:space="preserve"`
	}
	return i
}

// cut is how the paragraph is cut before a rune, or behind the one before it; nil where
// it cannot be.
func (p *wordPara) cut(at int, behind bool) *insertion {
	n := 0
	for i := range p.pieces {
		t := &p.pieces[i]
		if off := at - n; behind && off > 0 && off <= t.runes || !behind && off >= 0 && off < t.runes {
			return t.cut(off)
		}
		n += t.runes
	}
	return nil
}

// cut cuts a piece before one of its runes, 0 and the end included.
func (t *textPiece) cut(off int) *insertion {
	r := t.run
	if r == nil {
		return nil
	}
	between := func(at int) *insertion { return &insertion{at: at, closes: r.closing, opens: r.tag} }
	switch {
	case off == 0 && t.child[0] == r.inside[0]:
		return &insertion{at: r.all[0]}
	case off == 0 && (!t.cuttable || t.raw[0] == t.textFrom):
		return between(t.child[0])
	case off == t.runes && t.child[1] == r.inside[1]:
		return &insertion{at: r.all[1]}
	case off == t.runes && (!t.cuttable || t.raw[1] == t.textTo):
		return between(t.child[1])
	case !t.cuttable:
		return nil
	}
	return t.cutText(off)
}

// cutText cuts the characters of a w:t. Both parts keep the spaces that then stand at
// their ends.
func (t *textPiece) cutText(off int) *insertion {
	n, runes := 0, []rune(t.text)
	for range off {
		n += rawRune(t.source[n:])
	}
	c := &insertion{at: t.raw[0] + n, closes: "</" + t.name + ">" + t.run.closing, opens: t.run.tag + "<" + t.name + ">"}
	if t.keeps || unicode.IsSpace(runes[off]) {
		c.opens = t.run.tag + "<" + t.name + ` xml:space="preserve">`
	}
	if off > 0 && !t.keeps && unicode.IsSpace(runes[off-1]) {
		c.keep = t.textFrom - 1
	}
	return c
}

// rawRune is how many bytes the first character takes as it is written.
func rawRune(s []byte) int {
	if s[0] == '&' {
		return bytes.IndexByte(s, ';') + 1
	}
	if bytes.HasPrefix(s, []byte("\r\n")) {
		return 2
	}
	_, n := utf8.DecodeRune(s)
	return n
}

// into puts everything into the document.
func (ins insertions) into(raw []byte) []byte {
	var b bytes.Buffer
	from := 0
	for _, at := range slices.Sorted(maps.Keys(ins)) {
		i := ins[at]
		b.Write(raw[from:at])
		b.WriteString(i.closes + i.ends + i.starts + i.opens)
		from = at
	}
	b.Write(raw[from:])
	return b.Bytes()
}
