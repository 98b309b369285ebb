package paper

import (
	"encoding/xml"
	"strings"

	"quxiang/internal/domain/proofread"
	"quxiang/internal/domain/proofread/layout"
)

// para is one paragraph while it is read.
type para struct {
	ordinal  int
	text     strings.Builder
	style    string
	level    int
	num      string // list that numbers it, blank: as its style says
	listed   int    // level in it, -1: as its style says
	contents bool   // some of it stands in a table of contents
	hidden   bool   // the present run is
	inText   bool
	inCode   bool // a field's instruction
	notes    []string
	boxes    flow // text boxes that hang on it
}

// paragraph reads the w:p just begun and adds it, its notes and its boxes.
func (w *word) paragraph(f *flow) error {
	w.ordinal++
	p := &para{ordinal: w.ordinal, level: 9, listed: -1, contents: w.inContents()}
	for outside := w.depth - 1; w.depth > outside; {
		t, err := w.next()
		if err != nil {
			return unended(err)
		}
		switch t := t.(type) {
		case xml.StartElement:
			err = w.inPara(p, t)
		case xml.EndElement:
			p.inText, p.inCode = false, false
			if t.Name.Local == "r" {
				p.hidden = false
			}
		case xml.CharData:
			w.chars(p, t)
		}
		if err != nil {
			return err
		}
	}
	w.add(f, p)
	return nil
}

func (w *word) chars(p *para, t xml.CharData) {
	switch {
	case p.inCode && len(w.fields) > 0:
		if strings.HasPrefix(strings.ToUpper(strings.TrimSpace(string(t))), "TOC") {
			w.fields[len(w.fields)-1] = true
			p.contents = true
		}
	case p.inText && !p.hidden:
		p.text.Write(t)
	}
}

// inPara reads one element of a paragraph.
func (w *word) inPara(p *para, e xml.StartElement) error {
	p.inText, p.inCode = false, false
	switch e.Name.Local {
	case "pPr":
		return w.paraProps(p)
	case "del", "moveFrom", "Fallback", "rt", "sdtPr", "rPrChange":
		return w.skip()
	case "txbxContent":
		return w.container(&p.boxes)
	case "p": // of a drawing: not a paragraph of Word's
		if isWord(e) {
			w.ordinal++
		}
	case "vanish":
		p.hidden = on(e)
	case "t":
		p.inText = true
	case "instrText":
		p.inCode = true
	case "fldChar":
		w.field(attr(e, "fldCharType"))
	case "tab", "ptab":
		p.add("\t")
	case "br", "cr":
		p.add("\n")
	case "noBreakHyphen":
		p.add("-")
	case "footnoteReference":
		if n := w.notes[attr(e, "id")]; n != "" {
			p.notes = append(p.notes, n)
		}
	}
	return nil
}

func (p *para) add(s string) {
	if !p.hidden {
		p.text.WriteString(s)
	}
}

// field opens and closes fields; their instructions say what they are.
func (w *word) field(kind string) {
	switch kind {
	case "begin":
		if len(w.fields) < maxDepth {
			w.fields = append(w.fields, false)
		}
	case "end":
		if n := len(w.fields); n > 0 {
			w.fields = w.fields[:n-1]
		}
	}
}

// paraProps reads the style and the level of the outline.
func (w *word) paraProps(p *para) error {
	for outside := w.depth - 1; w.depth > outside; {
		t, err := w.next()
		if err != nil {
			return unended(err)
		}
		e, ok := t.(xml.StartElement)
		if !ok {
			continue
		}
		switch e.Name.Local {
		case "pStyle":
			p.style = attr(e, "val")
		case "outlineLvl":
			p.level = level(e, "val")
		case "numId":
			p.num = attr(e, "val")
		case "ilvl":
			p.listed = level(e, "val")
		case "pPrChange": // how it was before a change
			if err := w.skip(); err != nil {
				return err
			}
		}
	}
	return nil
}

// number is what Word sets before the paragraph by itself.
func (w *word) number(p *para) string {
	num, at := p.num, p.listed
	var styles []string
	for id := p.style; len(styles) < 10; id = w.styles[id].based {
		s, ok := w.styles[id]
		if !ok {
			break
		}
		styles = append(styles, id)
		if num == "" {
			num = s.num
		}
		if at < 0 {
			at = s.listLevel
		}
	}
	if num == "" || num == "0" {
		return ""
	}
	return w.numbers.next(num, at, styles, func(style string) string { return w.styles[style].num })
}

// add puts a paragraph into the flow, cut where it breaks its lines.
func (w *word) add(f *flow, p *para) {
	text := p.text.String()
	known := w.known(p.style, p.level, text)
	if p.contents {
		known = proofread.Furniture
	}
	from := 0
	if number := []rune(w.number(p)); len(number) > 0 && w.nested == 0 && strings.TrimSpace(text) != "" {
		text, from = string(number)+text, -len(number) // it stands before the text and is none of it
	}
	for _, l := range strings.Split(text, "\n") {
		f.lines = append(f.lines, layout.Line{Text: l, Place: proofread.Place{Line: p.ordinal, Rune: from}, Known: known, Whole: true})
		from += len([]rune(l)) + 1
	}
	for _, n := range p.notes {
		f.lines = append(f.lines, layout.Line{Text: n, Place: proofread.Place{Line: p.ordinal}, Known: proofread.Note, Whole: true})
	}
	f.take(&p.boxes)
}

// take adds what another flow holds.
func (f *flow) take(o *flow) {
	if len(o.blocks) == 0 {
		f.lines = append(f.lines, o.lines...)
		return
	}
	f.flush()
	o.flush()
	f.blocks = append(f.blocks, o.blocks...)
}
