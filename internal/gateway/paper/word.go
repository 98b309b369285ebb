package paper

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"

	"quxiang/internal/domain/proofread"
	"quxiang/internal/domain/proofread/layout"
)

// Places in a Word document. Place.Line is the ordinal of the paragraph: the n-th start of
// a w:p element in word/document.xml, in the order of the bytes, from 1; all are counted,
// also those in tables, text boxes, fall-backs (mc:Fallback) and deletions. Place.Rune
// counts the runes of the paragraph's text before the place: what w:t, m:t hold, a tab for
// w:tab and w:ptab, a line end for w:br and w:cr, a hyphen for w:noBreakHyphen; without
// w:del, w:moveFrom, what was before a change of formatting, hidden runs (w:vanish), w:rt, and without the paragraphs of text boxes
// inside, which have their own. A number that Word sets before a paragraph stands at
// negative runes.

// readWord reads a .docx.
func readWord(src io.ReaderAt, size int64) (d proofread.Document, err error) {
	a, err := openArchive(src, size)
	if err != nil {
		return d, err
	}
	main, err := a.mainPart()
	if err != nil {
		return d, err
	}
	dir := path.Dir(main) + "/"
	w := &word{}
	if w.styles, err = a.styles(dir + "styles.xml"); err != nil {
		return d, err
	}
	if w.notes, err = a.notes(dir + "footnotes.xml"); err != nil {
		return d, err
	}
	if w.numbers, err = a.numbering(dir + "numbering.xml"); err != nil {
		return d, err
	}
	r, err := a.open(main)
	if err != nil {
		return d, err
	}
	if r == nil {
		return d, damaged
	}
	defer r.Close()
	w.scanner = newScanner(r, a)
	d.Blocks, err = w.document()
	d.Unread = a.pictures(dir)
	return d, err
}

// pictures says how many drawings there are that nobody reads.
func (a *archive) pictures(dir string) string {
	images, charts := 0, 0
	for name := range a.parts {
		switch {
		case strings.HasPrefix(name, strings.ToLower(dir)+"media/"):
			images++
		case strings.HasPrefix(name, strings.ToLower(dir)+"charts/chart"):
			charts++
		}
	}
	switch {
	case images > 0 && charts > 0:
		return fmt.Sprintf("%d 个图片和 %d 个图表里的数字没有检查", images, charts)
	case images > 0:
		return fmt.Sprintf("%d 个图片里的数字没有检查", images)
	case charts > 0:
		return fmt.Sprintf("%d 个图表里的数字没有检查", charts)
	}
	return ""
}

// mainPart follows the package's root relations to the document.
func (a *archive) mainPart() (string, error) {
	main := "word/document.xml"
	err := a.each("_rels/.rels", func(_ *scanner, e xml.StartElement) error {
		if e.Name.Local == "Relationship" && path.Base(attr(e, "Type")) == "officeDocument" && attr(e, "TargetMode") != "External" {
			main = strings.TrimPrefix(path.Clean("/"+strings.ReplaceAll(attr(e, "Target"), `\`, "/")), "/")
		}
		return nil
	})
	return main, err
}

// style is what a paragraph's style says of it.
type style struct {
	name, based string
	level       int    // of the outline, 0 is the highest; 9: none
	num         string // list that it is numbered in; blank: it says nothing, 0: none
	listLevel   int    // in it; -1: it says nothing
}

// styles reads the paragraph styles, by id.
func (a *archive) styles(name string) (map[string]style, error) {
	out := map[string]style{}
	id := ""
	err := a.each(name, func(_ *scanner, e xml.StartElement) error {
		s := out[id]
		switch e.Name.Local {
		case "style":
			id = attr(e, "styleId")
			s = style{level: 9, listLevel: -1}
		case "name":
			s.name = strings.ToLower(attr(e, "val"))
		case "basedOn":
			s.based = attr(e, "val")
		case "outlineLvl":
			s.level = level(e, "val")
		case "numId":
			s.num = attr(e, "val")
		case "ilvl":
			s.listLevel = level(e, "val")
		default:
			return nil
		}
		if len(out) > 20000 {
			return tooMuch
		}
		out[id] = s
		return nil
	})
	return out, err
}

// level is an attribute that counts levels from 0; 9: none.
func level(e xml.StartElement, name string) int {
	n, err := strconv.Atoi(attr(e, name))
	if err != nil || n < 0 || n > 8 {
		return 9
	}
	return n
}

// notes reads the footnotes, by id.
func (a *archive) notes(name string) (map[string]string, error) {
	out := map[string]string{}
	err := a.each(name, func(s *scanner, e xml.StartElement) error {
		if e.Name.Local != "footnote" || attr(e, "type") != "" && attr(e, "type") != "normal" {
			return nil
		}
		text, err := s.textOf()
		if t := strings.TrimSpace(text); t != "" {
			out[attr(e, "id")] = t
		}
		return err
	})
	return out, err
}

// textOf gathers the text inside the element just begun.
func (s *scanner) textOf() (string, error) {
	var b strings.Builder
	inText := false
	for outside := s.depth - 1; s.depth > outside; {
		t, err := s.next()
		if err != nil {
			return "", unended(err)
		}
		switch t := t.(type) {
		case xml.StartElement:
			inText = t.Name.Local == "t"
		case xml.EndElement:
			inText = false
		case xml.CharData:
			if inText {
				b.Write(t)
			}
		}
	}
	return b.String(), nil
}

// unended turns the end of the file within an element into damage.
func unended(err error) error {
	if errors.Is(err, io.EOF) {
		return damaged
	}
	return err
}

// word reads the main part.
type word struct {
	*scanner
	styles  map[string]style
	notes   map[string]string
	numbers *numbering
	ordinal int    // of the last w:p met
	fields  []bool // open fields; true: a table of contents
	nested  int    // tables within tables
}

// flow gathers what stands below each other: paragraphs, and tables between them.
type flow struct {
	lines  []layout.Line
	blocks []proofread.Block
}

// flush reads the paragraphs gathered so far.
func (f *flow) flush() {
	if len(f.lines) > 0 {
		f.blocks = append(f.blocks, layout.Blocks(f.lines)...)
		f.lines = nil
	}
}

func (w *word) document() ([]proofread.Block, error) {
	var f flow
	for {
		t, err := w.next()
		if errors.Is(err, io.EOF) {
			f.flush()
			return f.blocks, nil
		}
		if err != nil {
			return nil, err
		}
		if e, ok := t.(xml.StartElement); ok && e.Name.Local == "body" {
			if err := w.container(&f); err != nil {
				return nil, err
			}
		}
	}
}

// container reads paragraphs and tables up to the end of the element just begun.
func (w *word) container(f *flow) error {
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
		case "p":
			err = w.paragraph(f)
		case "tbl":
			err = w.table(f)
		case "del", "moveFrom", "Fallback", "sectPr", "tcPr", "sdtPr", "tblPr", "tblGrid":
			err = w.skip()
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// skip passes over the element just begun; paragraphs in it are counted.
func (w *word) skip() error {
	for outside := w.depth - 1; w.depth > outside; {
		t, err := w.next()
		if err != nil {
			return unended(err)
		}
		if e, ok := t.(xml.StartElement); ok && e.Name.Local == "p" && isWord(e) {
			w.ordinal++
		}
	}
	return nil
}

// isWord is true of elements of WordprocessingML, transitional or strict.
func isWord(e xml.StartElement) bool {
	return strings.HasSuffix(e.Name.Space, "/wordprocessingml/2006/main") || strings.HasSuffix(e.Name.Space, "/wordprocessingml/main") || e.Name.Space == "w"
}

// inContents is true inside a field that makes a table of contents.
func (w *word) inContents() bool { return slices.Contains(w.fields, true) }

// known says what the style makes of a paragraph.
func (w *word) known(id string, own int, text string) proofread.Kind {
	at := own
	for range 10 {
		s, ok := w.styles[id]
		if !ok {
			break
		}
		switch n := s.name; {
		case strings.HasPrefix(n, "toc"), strings.HasPrefix(n, "目录"), n == "table of figures":
			return proofread.Furniture
		case strings.HasPrefix(n, "heading"), strings.HasPrefix(n, "标题"), n == "title":
			at = min(at, 8)
		}
		at, id = min(at, s.level), s.based
	}
	if at < 9 && len([]rune(text)) <= 60 && !strings.ContainsAny(text, "。；") {
		return proofread.Heading
	}
	return proofread.Paragraph
}
