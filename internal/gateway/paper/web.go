package paper

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"quxiang/internal/domain/proofread"
	"quxiang/internal/domain/proofread/layout"
)

// readWeb reads a web page. Place.Line and Place.Rune are those of the source.
func readWeb(src io.ReaderAt, size int64) ([]proofread.Block, error) {
	raw, err := whole(src, size)
	if err != nil {
		return nil, err
	}
	text, err := decodeWeb(raw)
	if err != nil {
		return nil, err
	}
	w := &web{z: html.NewTokenizer(strings.NewReader(text)), line: 1}
	w.sink = []*flow{{}}
	if err := w.walk(); err != nil {
		return nil, err
	}
	f := w.sink[0]
	f.flush()
	w.replace(f.blocks)
	return f.blocks, nil
}

// decodeWeb makes text of the page: as its mark or its meta element says, else as it
// looks.
func decodeWeb(raw []byte) (string, error) {
	head := bytes.ToLower(raw[:min(len(raw), 4096)])
	if i := bytes.Index(head, []byte("charset=")); i >= 0 && !utf8.Valid(raw) {
		name := string(bytes.TrimLeft(head[i+len("charset="):], `"' `))
		if strings.HasPrefix(name, "gb") {
			return decodeGB(raw)
		}
	}
	return decode(raw)
}

// web reads a page token by token.
type web struct {
	z    *html.Tokenizer
	line int // of the source
	col  int // rune in it

	sink   []*flow // where paragraphs go: the page, and a cell for every open one
	tables []*webTable
	text   strings.Builder // the paragraph being read
	runes  int
	spans  []proofread.Span
	known  proofread.Kind
	pre    int
	silent int                // inside what is not shown
	real   [][]proofread.Span // places in the source, by the ordinal that a paragraph has as its Place.Line meanwhile
}

// blocks are the elements that begin and end a line.
var blockElements = []atom.Atom{atom.P, atom.Div, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Li, atom.Ul, atom.Ol, atom.Dl, atom.Dt, atom.Dd, atom.Section, atom.Article, atom.Main,
	atom.Header, atom.Footer, atom.Nav, atom.Aside, atom.Blockquote, atom.Figure, atom.Figcaption, atom.Hr, atom.Br, atom.Pre, atom.Body, atom.Html, atom.Form, atom.Fieldset, atom.Address, atom.Center, atom.Details, atom.Summary}

// silentElements are not shown, or are no text of the report.
var silentElements = []atom.Atom{atom.Script, atom.Style, atom.Head, atom.Template, atom.Noscript, atom.Svg, atom.Select, atom.Textarea, atom.Button, atom.Iframe, atom.Object, atom.Title}

func (w *web) walk() error {
	for n := 0; ; n++ {
		if n > maxElements {
			return tooMuch
		}
		kind := w.z.Next()
		raw := string(w.z.Raw())
		line, col := w.line, w.col
		w.pass(raw)
		switch kind {
		case html.ErrorToken:
			if !errors.Is(w.z.Err(), io.EOF) {
				return damaged
			}
			for len(w.tables) > 0 {
				w.closeTable(atom.Table)
			}
			w.end()
			return nil
		case html.TextToken:
			if w.silent == 0 {
				w.words(raw, line, col)
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			if err := w.start(w.z.Token()); err != nil {
				return err
			}
		case html.EndTagToken:
			w.close(w.z.Token().DataAtom)
		}
	}
}

// pass counts lines and runes.
func (w *web) pass(raw string) {
	if n := strings.Count(raw, "\n"); n > 0 {
		w.line += n
		raw = raw[strings.LastIndexByte(raw, '\n')+1:]
		w.col = 0
	}
	w.col += utf8.RuneCountInString(raw)
}

// words adds text, each line of the source with its place.
func (w *web) words(raw string, line, col int) {
	for i, l := range strings.Split(raw, "\n") {
		if i > 0 {
			line, col = line+1, 0
			w.space()
		}
		l = strings.TrimSuffix(l, "\r")
		at := proofread.Place{Line: line, Rune: col}
		for _, part := range entities(l) {
			w.add(part.text, at)
			at.Rune += part.runes
		}
	}
}

// space is a line end of the source: in pre it ends the line, elsewhere it separates
// words that are set with spaces.
func (w *web) space() {
	if w.pre > 0 {
		w.end()
		return
	}
	if s := w.text.String(); s != "" {
		last, _ := utf8.DecodeLastRuneInString(s)
		if last < 0x2E80 && last != ' ' {
			w.text.WriteByte(' ')
			w.runes++
		}
	}
}

// stretch is a part of the source that stands for text: itself, or an entity.
type stretch struct {
	text  string
	runes int // in the source
}

// entities cuts a text at its entities, so that places stay exact.
func entities(s string) []stretch {
	var out []stretch
	for s != "" {
		i := strings.IndexByte(s, '&')
		if i < 0 {
			i = len(s)
		}
		if i > 0 {
			out = append(out, stretch{s[:i], utf8.RuneCountInString(s[:i])})
		}
		if s = s[i:]; s == "" {
			break
		}
		end := strings.IndexByte(s[:min(len(s), 32)], ';') + 1
		if end == 0 {
			end = 1
		}
		out = append(out, stretch{html.UnescapeString(s[:end]), utf8.RuneCountInString(s[:end])})
		s = s[end:]
	}
	return out
}

// add appends text to the paragraph; outside of pre, spaces that follow each other are
// one.
func (w *web) add(text string, at proofread.Place) {
	w.spans = append(w.spans, proofread.Span{From: w.runes, Place: at})
	if w.pre > 0 {
		w.text.WriteString(text)
		w.runes += utf8.RuneCountInString(text)
		return
	}
	last := ' '
	if s := w.text.String(); s != "" {
		last, _ = utf8.DecodeLastRuneInString(s[max(0, len(s)-4):])
	}
	skipped := false
	for i, r := range []rune(text) {
		if r == '\t' || r == '\u00a0' {
			r = ' '
		}
		if r == ' ' && last == ' ' {
			skipped = true
			continue
		}
		if skipped {
			p := at
			p.Rune += i
			w.spans = append(w.spans, proofread.Span{From: w.runes, Place: p})
			skipped = false
		}
		w.text.WriteRune(r)
		w.runes++
		last = r
	}
}

// end ends the paragraph and gives it to the page or the open cell.
func (w *web) end() {
	if strings.TrimSpace(w.text.String()) != "" || w.pre > 0 {
		w.real = append(w.real, w.spans)
		f := w.sink[len(w.sink)-1]
		f.lines = append(f.lines, layout.Line{Text: w.text.String(), Place: proofread.Place{Line: len(w.real)}, Known: w.known, Whole: w.pre == 0})
	}
	w.text.Reset()
	w.runes, w.spans = 0, nil
}

// start reads the beginning of an element.
func (w *web) start(t html.Token) error {
	a := t.DataAtom
	if slices.Contains(silentElements, a) {
		if t.Type == html.StartTagToken {
			w.silent++
		}
		return nil
	}
	if w.silent > 0 && a == atom.Body {
		w.silent = 0 // a head that was never closed
	}
	if w.silent > 0 {
		return nil
	}
	if slices.Contains(blockElements, a) {
		w.end()
		w.known = proofread.Paragraph
	}
	switch a {
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		w.known = proofread.Heading
	case atom.Pre:
		w.pre++
	default:
		return w.startTable(t)
	}
	return nil
}

// close reads the end of an element.
func (w *web) close(a atom.Atom) {
	if slices.Contains(silentElements, a) {
		w.silent = max(w.silent-1, 0)
		return
	}
	if w.silent > 0 {
		return
	}
	if slices.Contains(blockElements, a) {
		w.end()
		w.known = proofread.Paragraph
	}
	if a == atom.Pre {
		w.pre = max(w.pre-1, 0)
	}
	w.closeTable(a)
}

// number reads an attribute that is a small number; 1 if absent or none.
func number(t html.Token, name string, most int) int {
	if n, err := strconv.Atoi(strings.TrimSpace(attribute(t, name))); err == nil && n >= 1 {
		return min(n, most)
	}
	return 1
}

// attribute returns an attribute's value, "" if absent.
func attribute(t html.Token, name string) string {
	for _, a := range t.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// replace puts the places of the source where the ordinals of paragraphs stand.
func (w *web) replace(blocks []proofread.Block) {
	for i := range blocks {
		b := &blocks[i]
		b.Spans = w.places(b.Spans, utf8.RuneCountInString(b.Text))
		if b.Table == nil {
			continue
		}
		for _, r := range b.Table.Cells {
			for c := range r {
				r[c].Spans = w.places(r[c].Spans, utf8.RuneCountInString(r[c].Text))
			}
		}
	}
}

// places cuts spans where the source does.
func (w *web) places(spans []proofread.Span, runes int) []proofread.Span {
	var out []proofread.Span
	for i, s := range spans {
		end := runes
		if i+1 < len(spans) {
			end = spans[i+1].From
		}
		if s.Place.Line < 1 || s.Place.Line > len(w.real) {
			continue
		}
		own := w.real[s.Place.Line-1]
		out = append(out, proofread.Span{From: s.From, Place: proofread.At(own, s.Place.Rune)})
		for _, o := range own {
			if at := o.From - s.Place.Rune + s.From; at > s.From && at < end {
				out = append(out, proofread.Span{From: at, Place: o.Place})
			}
		}
	}
	return out
}
