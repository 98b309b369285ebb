package paper

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"path"
	"strconv"
	"strings"
	"time"

	"quxiang/internal/domain/proofread"
)

// Author of the comments, as Word shows it.
const (
	author   = "去向·报告体检"
	initials = "体检"
)

// AnnotateWord returns the same .docx with a comment of Word's at the place of each
// finding. Comments that are there stay; every part but the document, its comments, the
// relations and the list of types is copied as it is packed. The same file and findings
// give the same bytes: the comments are dated as the file is. Errors are those of Read.
func AnnotateWord(name string, src io.ReaderAt, size int64, list []proofread.Finding) ([]byte, error) {
	out, err := annotateWord(src, size, list)
	if err != nil {
		return nil, refuse(name, err)
	}
	return out, nil
}

func annotateWord(src io.ReaderAt, size int64, list []proofread.Finding) ([]byte, error) {
	a, err := openArchive(src, size)
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return whole(src, size)
	}
	c, err := a.findComments()
	if err != nil {
		return nil, err
	}
	changed, err := c.write(a, list)
	if err != nil {
		return nil, err
	}
	return repack(src, size, changed)
}

// comments is where a document keeps its comments.
type comments struct {
	main, rels string // parts
	part       string // of the comments
	there      bool   // the part is there already
	next       int    // first free id
	kind       string // type of the relation from the document to the comments
	date       string // blank: not known
}

const commentsType = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"

// findComments follows the relations of the document.
func (a *archive) findComments() (*comments, error) {
	main, err := a.mainPart()
	if err != nil {
		return nil, err
	}
	dir, file := path.Split(main)
	c := &comments{main: main, rels: dir + "_rels/" + file + ".rels", part: dir + "comments.xml"}
	err = a.each("_rels/.rels", func(_ *scanner, e xml.StartElement) error {
		if t := attr(e, "Type"); path.Base(t) == "officeDocument" {
			c.kind = path.Dir(strings.Replace(t, "://", ":", 1)) + "/comments"
			c.kind = strings.Replace(c.kind, ":", "://", 1)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	err = a.each(c.rels, func(_ *scanner, e xml.StartElement) error {
		if e.Name.Local == "Relationship" && path.Base(attr(e, "Type")) == "comments" && attr(e, "TargetMode") != "External" {
			c.part, c.there = partName(dir, attr(e, "Target")), true
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for n := 1; !c.there && a.parts[strings.ToLower(c.part)] != nil; n++ {
		c.part = fmt.Sprintf("%scomments%d.xml", dir, n)
	}
	return c, a.idsAndDate(c)
}

// partName makes a part's name of a relation's target.
func partName(dir, target string) string {
	target = strings.ReplaceAll(target, `\`, "/")
	if !strings.HasPrefix(target, "/") {
		target = "/" + dir + target
	}
	return strings.TrimPrefix(path.Clean(target), "/")
}

// idsAndDate finds the first id that no comment has, and when the file was last changed.
func (a *archive) idsAndDate(c *comments) error {
	count := func(_ *scanner, e xml.StartElement) error {
		if strings.HasPrefix(e.Name.Local, "comment") {
			if n, err := strconv.Atoi(attr(e, "id")); err == nil && n < 1<<30 {
				c.next = max(c.next, n+1)
			}
		}
		return nil
	}
	if err := a.each(c.part, count); err != nil {
		return err
	}
	if err := a.each(c.main, count); err != nil {
		return err
	}
	return a.each("docProps/core.xml", func(s *scanner, e xml.StartElement) error {
		if e.Name.Local != "modified" {
			return nil
		}
		t, err := s.next()
		if text, ok := t.(xml.CharData); ok && err == nil {
			if at, err := time.Parse(time.RFC3339, strings.TrimSpace(string(text))); err == nil {
				c.date = at.UTC().Format("2006-01-02T15:04:05Z")
			}
		}
		return nil
	})
}

// write makes the parts that change, by lower-case name, and the new ones.
func (c *comments) write(a *archive, list []proofread.Finding) (map[string]edited, error) {
	doc, err := a.content(c.main)
	if err != nil {
		return nil, err
	}
	marked, space, err := markWord(doc, list, c.next)
	if err != nil {
		return nil, err
	}
	out := map[string]edited{strings.ToLower(c.main): {c.main, marked}}
	if c.there {
		old, err := a.content(c.part)
		if err != nil {
			return nil, err
		}
		out[strings.ToLower(c.part)] = edited{c.part, nil}
		return out, c.append(out, old, list)
	}
	out[strings.ToLower(c.part)] = edited{c.part, []byte(xmlHead + `<w:comments xmlns:w="` + space + `">` + c.elements("w:", list) + `</w:comments>`)}
	return out, c.announce(a, out)
}

const xmlHead = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"

// append adds the comments to those that are there.
func (c *comments) append(out map[string]edited, old []byte, list []proofread.Finding) error {
	text, err := appendTo(old, func(prefix string) string { return c.elements(prefix, list) })
	out[strings.ToLower(c.part)] = edited{c.part, text}
	return err
}

// announce enters the new part into the list of types and the document's relations.
func (c *comments) announce(a *archive, out map[string]edited) error {
	const types = "[Content_Types].xml"
	raw, err := a.content(types)
	if err != nil {
		return err
	}
	raw, err = appendTo(raw, func(prefix string) string {
		return fmt.Sprintf(`<%sOverride PartName="/%s" ContentType="%s"/>`, prefix, c.part, commentsType)
	})
	if err != nil {
		return err
	}
	out[strings.ToLower(types)] = edited{types, raw}
	if raw, err = a.content(c.rels); err != nil {
		return err
	}
	if raw == nil {
		raw = []byte(xmlHead + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>`)
	}
	id := "rIdProofread"
	for n := 1; bytes.Contains(raw, []byte(`"`+id+`"`)); n++ {
		id = fmt.Sprintf("rIdProofread%d", n)
	}
	raw, err = appendTo(raw, func(prefix string) string {
		return fmt.Sprintf(`<%sRelationship Id="%s" Type="%s" Target="%s"/>`, prefix, id, c.kind, path.Base(c.part))
	})
	out[strings.ToLower(c.rels)] = edited{c.rels, raw}
	return err
}

// elements are the comments, one for each finding.
func (c *comments) elements(w string, list []proofread.Finding) string {
	var b strings.Builder
	for i := range list {
		fmt.Fprintf(&b, `<%scomment %sid="%d" %sauthor="%s"`, w, w, c.next+i, w, author)
		if c.date != "" {
			fmt.Fprintf(&b, ` %sdate="%s"`, w, c.date)
		}
		fmt.Fprintf(&b, ` %sinitials="%s">`, w, initials)
		for _, line := range noteLines(list, i) {
			b.WriteString(commentLine(w, line))
		}
		fmt.Fprintf(&b, `</%scomment>`, w)
	}
	return b.String()
}

// commentLine is a paragraph of a comment, set small whatever the document's own
// paragraphs are: many reports have theirs large, far apart and indented.
func commentLine(w, text string) string {
	return strings.NewReplacer("w:", w, "TEXT", escape(text)).Replace(`<w:p><w:pPr><w:spacing w:before="0" w:after="0" w:line="240" w:lineRule="auto"/><w:ind w:firstLine="0"/><w:jc w:val="left"/></w:pPr>` +
		`<w:r><w:rPr><w:sz w:val="18"/></w:rPr><w:t xml:space="preserve">TEXT</w:t></w:r></w:p>`)
}

// noteLines is what a comment says.
func noteLines(list []proofread.Finding, i int) []string {
	f := list[i]
	first := fmt.Sprintf("第 %d 条 · %s", i+1, f.Severity.Title())
	if s := f.Said(); s != "" {
		first += "：" + s
	}
	out := []string{first}
	if f.Explanation != "" {
		out = append(out, f.Explanation)
	}
	if o := proofread.SameFault(list, i); o != "" {
		out = append(out, "同一处引起："+o)
	}
	return out
}

// escape makes text fit for XML; what XML cannot hold goes.
func escape(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(strings.Map(func(r rune) rune {
		if r < ' ' || r == 0xFFFE || r == 0xFFFF {
			return ' '
		}
		return r
	}, s)))
	return b.String()
}

// edited is a part with its new content.
type edited struct {
	name    string
	content []byte
}

// content reads a part whole; nil if there is none.
func (a *archive) content(name string) ([]byte, error) {
	r, err := a.open(name)
	if err != nil || r == nil {
		return nil, err
	}
	defer r.Close()
	b, err := io.ReadAll(r)
	if err == nil && b == nil {
		b = []byte{}
	}
	return b, err
}

// appendTo puts elements before the end of the root; they are made with the prefix that
// the root's name has, colon included.
func appendTo(raw []byte, add func(prefix string) string) ([]byte, error) {
	dec := xml.NewDecoder(bytes.NewReader(raw))
	depth, from, prefix, name := 0, int64(0), "", ""
	for {
		start := dec.InputOffset()
		t, err := dec.Token()
		if err != nil {
			return nil, damaged
		}
		switch t.(type) {
		case xml.StartElement:
			if depth++; depth == 1 {
				from = start
				name, _, _ = strings.Cut(strings.TrimRight(strings.TrimLeft(string(raw[start:dec.InputOffset()]), "<"), "/>"), " ")
				name = strings.TrimSpace(strings.FieldsFunc(name, func(r rune) bool { return r <= ' ' })[0])
				if i := strings.IndexByte(name, ':'); i >= 0 {
					prefix = name[:i+1]
				}
			}
		case xml.EndElement:
			if depth--; depth > 0 {
				continue
			}
			end := dec.InputOffset()
			if end == start { // <root/>
				tag := strings.TrimSuffix(string(raw[from:end]), "/>")
				return []byte(string(raw[:from]) + tag + ">" + add(prefix) + "</" + name + ">" + string(raw[end:])), nil
			}
			return []byte(string(raw[:start]) + add(prefix) + string(raw[start:])), nil
		}
	}
}

// repack copies a package, with some parts changed and others added at its end.
func repack(src io.ReaderAt, size int64, changed map[string]edited) ([]byte, error) {
	z, err := zip.NewReader(src, size)
	if err != nil {
		return nil, damaged
	}
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	if err := w.SetComment(z.Comment); err != nil {
		return nil, err
	}
	var when time.Time
	for _, f := range z.File {
		key := strings.ToLower(strings.ReplaceAll(f.Name, `\`, "/"))
		e, ok := changed[key]
		if !ok {
			err = copyPart(w, f)
		} else {
			delete(changed, key)
			when = f.Modified
			err = addPart(w, f.Name, f.Modified, e.content)
		}
		if err != nil {
			return nil, err
		}
	}
	for _, key := range sortedKeys(changed) {
		if err := addPart(w, changed[key].name, when, changed[key].content); err != nil {
			return nil, err
		}
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// copyPart copies a part as it is packed.
func copyPart(w *zip.Writer, f *zip.File) error {
	in, err := f.OpenRaw()
	if err != nil {
		return damaged
	}
	h := f.FileHeader
	out, err := w.CreateRaw(&h)
	if err == nil {
		_, err = io.Copy(out, in)
	}
	return err
}

func addPart(w *zip.Writer, name string, when time.Time, content []byte) error {
	out, err := w.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: when})
	if err == nil {
		_, err = out.Write(content)
	}
	return err
}
