package sheet

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"slices"
	"strings"
)

// comments writes the notes into the sheet's comments, a new part if it has none, and
// returns those of cells that had no comment: they need a box.
func (b *noting) comments(part string, link *links, notes []remark) ([]remark, error) {
	if part == "" {
		space := nsMain
		if b.strict {
			space = "http://purl.oclc.org/ooxml/spreadsheetml/main"
		}
		part = b.newPart("xl/commentsProofread%d.xml")
		link.add("comments", part)
		text := xmlHeader + `<comments xmlns="` + space + `"><authors><author>` + author + `</author></authors><commentList>` + commentElements("", 0, notes) + `</commentList></comments>`
		b.set(part, []byte(text))
		return notes, b.declare(part, typeMain+"comments+xml")
	}
	raw, err := b.content(part)
	if err != nil {
		return nil, err
	}
	authors := 0
	there := map[string]bool{}
	err = elements(raw, func(_ int, e xml.StartElement, ends bool, _, _ int) {
		switch {
		case ends:
		case e.Name.Local == "author":
			authors++
		case e.Name.Local == "comment":
			there[attrOf(e, "ref")] = true
		}
	})
	if err != nil {
		return nil, err
	}
	var fresh []remark
	for _, n := range notes {
		if !there[n.cell] {
			fresh = append(fresh, n)
		} else if raw, err = addToComment(raw, n); err != nil {
			return nil, err
		}
	}
	if len(fresh) > 0 {
		if raw, err = appendTo(raw, "authors", func(p string) string { return "<" + p + "author>" + author + "</" + p + "author>" }); err != nil {
			return nil, err
		}
		if raw, err = appendTo(raw, "commentList", func(p string) string { return commentElements(p, authors, fresh) }); err != nil {
			return nil, err
		}
	}
	b.set(part, raw)
	return fresh, nil
}

func commentElements(p string, by int, notes []remark) string {
	var b strings.Builder
	for _, n := range notes {
		fmt.Fprintf(&b, `<%scomment ref="%s" authorId="%d"><%stext>%s</%stext></%scomment>`, p, n.cell, by, p, runElement(p, "", n.text), p, p)
	}
	return b.String()
}

func runElement(p, attr, text string) string {
	return fmt.Sprintf(`<%sr><%st%s>%s</%st></%sr>`, p, p, attr, escapeText(text), p, p)
}

// escapeText makes text fit for XML; what XML cannot hold goes.
func escapeText(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' || r == 0xFFFE || r == 0xFFFF {
			return ' '
		}
		return r
	}, s)))
	return strings.ReplaceAll(b.String(), "&#xA;", "\n")
}

// addToComment adds the note to the comment that its cell has.
func addToComment(raw []byte, n remark) ([]byte, error) {
	at, prefix, in := -1, "", false
	err := elements(raw, func(_ int, e xml.StartElement, ends bool, from, to int) {
		switch name := e.Name.Local; {
		case name == "comment":
			in = !ends && attrOf(e, "ref") == n.cell
		case !in || at >= 0:
		case !ends && (name == "rPh" || name == "phoneticPr"), ends && name == "text" && from < to:
			at, prefix = from, prefixOf(e)
		}
	})
	if err != nil || at < 0 {
		return raw, err
	}
	return slices.Concat(raw[:at], []byte(runElement(prefix, ` xml:space="preserve"`, "\n\n"+author+"\n"+n.text)), raw[at:]), nil
}

// drawing draws the boxes of the notes, in a new part if the sheet has none, and returns
// the id of its relation.
func (b *noting) drawing(part string, link *links, notes []remark) (id string, err error) {
	var shapes strings.Builder
	shapes.WriteString(`<v:shapetype id="quxiang_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>`)
	for i, n := range notes {
		row, col := cellRef(n.cell)
		fmt.Fprintf(&shapes, `<v:shape id="quxiang_s%d" type="#quxiang_t202" style="position:absolute;width:260pt;height:110pt;z-index:%d;visibility:hidden" fillcolor="#ffffe1" o:insetmode="auto">`+
			`<v:fill color2="#ffffe1"/><v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/><v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox>`+
			`<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>%d, 15, %d, 2, %d, 15, %d, 4</x:Anchor><x:AutoFill>False</x:AutoFill><x:Row>%d</x:Row><x:Column>%d</x:Column></x:ClientData></v:shape>`,
			i+1, i+1, col+1, max(row-2, 0), col+5, row+5, row-1, col)
	}
	const spaces = `xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:x="urn:schemas-microsoft-com:office:excel"`
	if part == "" {
		part = b.newPart("xl/drawings/vmlDrawingProofread%d.vml")
		id = link.add("vmlDrawing", part)
		b.set(part, []byte(`<xml `+spaces+`>`+shapes.String()+`</xml>`))
		return id, b.declare(part, "application/vnd.openxmlformats-officedocument.vmlDrawing")
	}
	raw, err := b.content(part) // not always well-formed: as Excel itself writes it
	if err != nil {
		return "", err
	}
	end := bytes.LastIndex(raw, []byte("</xml"))
	if end < 0 {
		return "", damaged
	}
	b.set(part, slices.Concat(raw[:end], []byte(strings.NewReplacer("<v:shapetype ", "<v:shapetype "+spaces+" ", "<v:shape ", "<v:shape "+spaces+" ").Replace(shapes.String())), raw[end:]))
	return "", nil
}
