package sheet

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
)

// legacySpot is where a sheet says which drawing holds its comments.
type legacySpot struct {
	id     string // of the relation; blank: it says nothing yet
	at     int    // byte where the element goes
	prefix string // of the sheet's elements, colon included
}

// behind are the elements of a sheet that stand behind legacyDrawing (CT_Worksheet).
var behind = []string{"legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "webPublishItems", "tableParts", "extLst", "AlternateContent"}

// elements calls visit at each start and end of the elements of a part, with their depth
// and the bytes of the tag.
func elements(raw []byte, visit func(depth int, e xml.StartElement, ends bool, from, to int)) error {
	dec := xml.NewDecoder(bytes.NewReader(raw))
	var open []xml.StartElement
	for {
		from := int(dec.InputOffset())
		t, err := dec.RawToken()
		if errors.Is(err, io.EOF) && len(open) == 0 {
			return nil
		}
		if err != nil || len(open) > 1000 {
			return damaged
		}
		to := int(dec.InputOffset())
		switch t := t.(type) {
		case xml.StartElement:
			open = append(open, t.Copy())
			visit(len(open), t, false, from, to)
		case xml.EndElement:
			if len(open) == 0 {
				return damaged
			}
			visit(len(open), open[len(open)-1], true, from, to)
			open = open[:len(open)-1]
		}
	}
}

func prefixOf(e xml.StartElement) string {
	if e.Name.Space == "" {
		return ""
	}
	return e.Name.Space + ":"
}

func attrOf(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// findLegacy looks for the place in a sheet.
func findLegacy(raw []byte) (legacySpot, error) {
	s := legacySpot{at: -1}
	err := elements(raw, func(depth int, e xml.StartElement, ends bool, from, to int) {
		switch {
		case depth == 1 && !ends:
			s.prefix = prefixOf(e)
		case depth == 1 && s.at < 0:
			s.at = from
		case depth == 2 && !ends && e.Name.Local == "legacyDrawing":
			s.id = attrOf(e, "id")
		case depth == 2 && !ends && s.at < 0 && slices.Contains(behind, e.Name.Local):
			s.at = from
		}
	})
	if err == nil && s.at < 0 {
		err = damaged
	}
	return s, err
}

// put writes the element.
func (s legacySpot) put(raw []byte, id string, strict bool) []byte {
	space := nsRels
	if strict {
		space = "http://purl.oclc.org/ooxml/officeDocument/relationships"
	}
	element := fmt.Sprintf(`<%slegacyDrawing xmlns:r="%s" r:id="%s"/>`, s.prefix, space, id)
	return slices.Concat(raw[:s.at], []byte(element), raw[s.at:])
}

// links are the relations of one sheet, with those that are new.
type links struct {
	book  *noting
	part  string
	taken map[string]relation
	added []string
}

// add makes a relation to a part and returns its id.
func (l *links) add(kind, target string) string {
	id := ""
	for n := 1; id == "" || l.taken[id].kind != ""; n++ {
		id = fmt.Sprintf("rIdProofread%d", n)
	}
	l.taken[id] = relation{kind: kind, target: target}
	base := nsRels
	if l.book.strict && kind != "vmlDrawing" {
		base = "http://purl.oclc.org/ooxml/officeDocument/relationships"
	}
	l.added = append(l.added, fmt.Sprintf(`Relationship Id="%s" Type="%s/%s" Target="/%s"/>`, id, base, kind, target))
	return id
}

// write puts the new relations into their part.
func (l *links) write() error {
	if len(l.added) == 0 {
		return nil
	}
	raw := []byte(xmlHeader + `<Relationships xmlns="` + nsPackage + `relationships"></Relationships>`)
	if l.book.has(l.part) {
		var err error
		if raw, err = l.book.content(l.part); err != nil {
			return err
		}
	}
	raw, err := appendTo(raw, "", func(prefix string) string {
		var b strings.Builder
		for _, a := range l.added {
			b.WriteString("<" + prefix + a)
		}
		return b.String()
	})
	l.book.set(l.part, raw)
	return err
}

// appendTo puts elements before the end of the first element of that name, or of the
// root; they are made with the prefix that it has.
func appendTo(raw []byte, name string, add func(prefix string) string) ([]byte, error) {
	var out []byte
	start := 0
	err := elements(raw, func(depth int, e xml.StartElement, ends bool, from, to int) {
		if out != nil || depth > 1 && e.Name.Local != name || depth == 1 && name != "" {
			return
		}
		switch {
		case !ends:
			start = from
		case from == to: // <name/>
			tag := strings.TrimSuffix(string(raw[start:to]), "/>")
			out = slices.Concat(raw[:start], []byte(tag+">"+add(prefixOf(e))+"</"+prefixOf(e)+e.Name.Local+">"), raw[to:])
		default:
			out = slices.Concat(raw[:from], []byte(add(prefixOf(e))), raw[from:])
		}
	})
	if err == nil && out == nil {
		err = damaged
	}
	return out, err
}

// newPart names a part that is not there yet.
func (b *noting) newPart(format string) string {
	for {
		b.fresh++
		name := fmt.Sprintf(format, b.fresh)
		if _, taken := b.changed[strings.ToLower(name)]; !taken && !b.has(name) {
			return name
		}
	}
}

// declare enters a part, or the ending of its name, into the list of types.
func (b *noting) declare(part, kind string) error {
	const types = "[Content_Types].xml"
	raw, err := b.content(types)
	if err != nil {
		return err
	}
	ending := strings.TrimPrefix(path.Ext(part), ".")
	known := false
	err = elements(raw, func(_ int, e xml.StartElement, ends bool, _, _ int) {
		known = known || !ends && e.Name.Local == "Default" && strings.EqualFold(attrOf(e, "Extension"), ending) && attrOf(e, "ContentType") == kind
	})
	if err != nil || known {
		return err
	}
	raw, err = appendTo(raw, "", func(prefix string) string {
		return fmt.Sprintf(`<%sOverride PartName="/%s" ContentType="%s"/>`, prefix, part, kind)
	})
	b.set(types, raw)
	return err
}
