package paper

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"
)

// marker walks through word/document.xml as the reader of word.go does, and notes where
// the characters of the wanted paragraphs stand in its bytes.
type marker struct {
	raw     []byte
	dec     *xml.Decoder
	wanted  map[int][]int // by ordinal
	found   map[int]*wordPara
	first   *wordPara // that has text
	space   string    // of the elements
	ordinal int
	inText  bool
	open    []element
	paras   []*wordPara // those that are open
}

// element is one that is open.
type element struct {
	local  string
	word   bool
	silent bool // no text of the document in it
	from   int  // where its start tag begins, and ends
	tagEnd int
	para   *wordPara // that it is
	run    *wordRun  // that it is
	pieces int       // of the paragraph, before it
}

func (m *marker) walk() error {
	for {
		from := int(m.dec.InputOffset())
		t, err := m.dec.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil || len(m.open) > maxDepth {
			return damaged
		}
		to := int(m.dec.InputOffset())
		switch t := t.(type) {
		case xml.StartElement:
			m.start(t, from, to)
		case xml.EndElement:
			m.end(from, to)
		case xml.CharData:
			m.chars(string(t), from, to)
		}
	}
}

// para is the innermost paragraph that is open; nil if none is.
func (m *marker) para() *wordPara {
	if len(m.paras) == 0 {
		return nil
	}
	return m.paras[len(m.paras)-1]
}

var (
	silent  = []string{"del", "moveFrom", "Fallback", "rt", "sdtPr", "sectPr", "tcPr", "tblPr", "tblGrid", "pPr", "rPrChange"}
	parents = []string{"p", "hyperlink", "ins", "moveTo", "smartTag", "sdtContent", "fldSimple", "customXml", "dir", "bdo"}
)

func (m *marker) start(t xml.StartElement, from, to int) {
	m.inText = false
	e := element{local: t.Name.Local, word: isWord(t), from: from, tagEnd: to}
	var parent element
	if len(m.open) > 0 {
		parent = m.open[len(m.open)-1]
	} else {
		m.space = t.Name.Space
	}
	e.silent = parent.silent || slices.Contains(silent, e.local)
	if p := m.para(); p != nil {
		e.pieces = len(p.pieces)
	}
	switch {
	case e.local == "p" && e.word:
		m.ordinal++
		if !e.silent {
			e.para = m.begin(from, to)
		}
	case e.silent || m.para() == nil:
	case e.local == "r" && e.word && parent.word && slices.Contains(parents, parent.local):
		e.run = &wordRun{all: [2]int{from, 0}, inside: [2]int{to, 0}, tag: string(m.raw[from:to]), closing: "</" + m.name(from) + ">"}
	default:
		m.text(t, e.local)
	}
	m.open = append(m.open, e)
}

// begin opens a paragraph.
func (m *marker) begin(from, to int) *wordPara {
	name := m.name(from)
	p := &wordPara{ordinal: m.ordinal, host: m.para(), inside: [2]int{to, to}, prefix: name[:strings.IndexByte(name, ':')+1]}
	if m.wanted[m.ordinal] != nil {
		m.found[m.ordinal] = p
	}
	m.paras = append(m.paras, p)
	return p
}

// name is the name of the tag at the byte, as written.
func (m *marker) name(at int) string {
	s := m.raw[at+1:]
	return string(s[:bytes.IndexAny(s, " \t\r\n/>")])
}

// text notes elements that are or hold text.
func (m *marker) text(t xml.StartElement, local string) {
	p := m.para()
	switch local {
	case "vanish":
		p.hidden = on(t)
	case "t":
		m.inText = true
	case "tab", "ptab":
		p.add(textPiece{text: "\t"})
	case "br", "cr":
		p.add(textPiece{text: "\n"})
	case "noBreakHyphen":
		p.add(textPiece{text: "-"})
	}
}

func (m *marker) chars(text string, from, to int) {
	p := m.para()
	if p == nil || !m.inText || p.hidden || m.open[len(m.open)-1].silent {
		return
	}
	if m.first == nil && strings.TrimSpace(text) != "" {
		m.first = m.paras[0]
	}
	if m.found[p.ordinal] == p {
		source := m.raw[from:to]
		p.add(textPiece{text: text, raw: [2]int{from, to}, source: source, cuttable: !bytes.HasPrefix(source, []byte("<![CDATA["))})
	}
}

// add appends to the paragraph's text what is not hidden.
func (p *wordPara) add(t textPiece) {
	if p.hidden {
		return
	}
	t.runes = len([]rune(t.text))
	p.pieces = append(p.pieces, t)
}

// end closes the innermost element.
func (m *marker) end(from, to int) {
	m.inText = false
	e := m.open[len(m.open)-1]
	m.open = m.open[:len(m.open)-1]
	p := m.para()
	if p == nil {
		return
	}
	if e.local == "r" {
		p.hidden = false
	}
	switch {
	case e.para != nil:
		p.inside[1] = from
		p.empty = from == to && e.tagEnd == to
		m.paras = m.paras[:len(m.paras)-1]
		return
	case e.run != nil:
		e.run.all[1], e.run.inside[1] = to, from
	case e.local == "pPr" && m.open[len(m.open)-1].para == p:
		p.inside[0] = to
	}
	run := m.open[len(m.open)-1].run
	if run == nil {
		return
	}
	if e.local == "rPr" {
		run.tag += string(m.raw[e.from:to])
		run.inside[0] = to
	}
	m.settle(p, e, run, from, to)
}

// settle tells the pieces that stand in a child of a run where they do.
func (m *marker) settle(p *wordPara, e element, run *wordRun, from, to int) {
	keeps := e.local == "t" && bytes.Contains(m.raw[e.from:e.tagEnd], []byte("preserve"))
	for i := min(e.pieces, len(p.pieces)); i < len(p.pieces); i++ {
		t := &p.pieces[i]
		t.child, t.textFrom, t.textTo, t.keeps = [2]int{e.from, to}, e.tagEnd, from, keeps
		if t.name = m.name(e.from); slices.Contains([]string{"t", "tab", "ptab", "br", "cr", "noBreakHyphen"}, e.local) {
			t.run = run
		}
	}
}
