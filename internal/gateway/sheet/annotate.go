package sheet

import (
	"archive/zip"
	"bytes"
	"cmp"
	"fmt"
	"io"
	"maps"
	"path"
	"slices"
	"strings"
	"time"

	"quxiang/internal/domain/proofread"
)

// author of the comments, as a spreadsheet program shows it.
const author = "去向·报告体检"

// Annotate returns the same workbook with a comment on the cell of each finding. Comments
// that are there stay; what changes is one reference in each sheet that gets its first
// comment, and the parts that hold comments; every other part is copied as it is packed.
// The same file and findings give the same bytes. Errors are those of Open.
func Annotate(name string, src io.ReaderAt, size int64, list []proofread.Finding) ([]byte, error) {
	at := place{file: name, check: true}
	d := disk{src, size}
	a, err := openArchive(d, size, ProductLimits())
	if err != nil {
		return nil, at.refuse(err)
	}
	if len(list) == 0 {
		out := make([]byte, size)
		_, err := io.ReadFull(io.NewSectionReader(d, 0, size), out)
		return out, err
	}
	b := &noting{archive: a, changed: map[string][]byte{}, names: map[string]string{}}
	if err := b.all(list); err != nil {
		return nil, at.refuse(err)
	}
	out, err := b.repack(d, size)
	if err != nil {
		return nil, at.refuse(err)
	}
	return out, nil
}

// noting is a workbook while comments are put into it.
type noting struct {
	*archive
	changed map[string][]byte // parts, by lower-case name
	names   map[string]string // of new parts, as they are written
	strict  bool              // written in the strict form of the standard
	fresh   int               // last number of a new part
}

// all puts the comments into their sheets.
func (b *noting) all(list []proofread.Finding) error {
	book, err := b.workbook()
	if err != nil {
		return err
	}
	if len(book.sheets) == 0 {
		return noSheet
	}
	root, err := b.content("_rels/.rels")
	if err != nil {
		return err
	}
	b.strict = bytes.Contains(root, []byte("purl.oclc.org"))
	bySheet := map[string][]remark{}
	for i, f := range list {
		title, cell := f.Place.Sheet, f.Place.Cell
		if !slices.ContainsFunc(book.sheets, func(s sheetPart) bool { return s.title == title }) {
			title, cell = book.sheets[0].title, "" // a finding that belongs to no cell
		}
		if row, _ := cellRef(cell); row == 0 {
			cell = "A1"
		}
		bySheet[title] = append(bySheet[title], remark{cell, strings.Join(noteLines(list, i), "\n")})
	}
	for _, s := range book.sheets {
		if notes := bySheet[s.title]; len(notes) > 0 {
			delete(bySheet, s.title)
			if err := b.sheet(s.part, together(notes)); err != nil {
				return err
			}
		}
	}
	return nil
}

// remark is what is said of one cell.
type remark struct{ cell, text string }

// together puts what is said of one cell into one note, in the order of the cells.
func together(notes []remark) []remark {
	slices.SortStableFunc(notes, func(x, y remark) int {
		xr, xc := cellRef(x.cell)
		yr, yc := cellRef(y.cell)
		return cmp.Or(xr-yr, xc-yc)
	})
	var out []remark
	for _, n := range notes {
		if last := len(out) - 1; last >= 0 && out[last].cell == n.cell {
			out[last].text += "\n\n" + n.text
			continue
		}
		out = append(out, n)
	}
	return out
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

// sheet puts notes into one sheet.
func (b *noting) sheet(part string, notes []remark) error {
	dir, file := path.Split(part)
	relsPart := dir + "_rels/" + file + ".rels"
	rels := map[string]relation{}
	if b.has(relsPart) {
		var err error
		if rels, err = b.relations(relsPart); err != nil {
			return err
		}
	}
	raw, err := b.content(part)
	if err != nil {
		return err
	}
	spot, err := findLegacy(raw)
	if err != nil {
		return err
	}
	link := &links{book: b, part: relsPart, taken: rels}
	comments, drawing := "", ""
	for _, id := range slices.Sorted(maps.Keys(rels)) {
		if rels[id].kind == "comments" {
			comments = resolve(dir, rels[id].target)
		}
	}
	if r, ok := rels[spot.id]; ok && r.kind == "vmlDrawing" {
		drawing = resolve(dir, r.target)
	}
	if notes, err = b.comments(comments, link, notes); err != nil {
		return err
	}
	if len(notes) > 0 {
		id, err := b.drawing(drawing, link, notes)
		if err != nil {
			return err
		}
		if drawing == "" {
			b.set(part, spot.put(raw, id, b.strict))
		}
	}
	return link.write()
}

// set notes the new content of a part.
func (b *noting) set(name string, content []byte) {
	b.changed[strings.ToLower(name)] = content
	if !b.has(name) {
		b.names[strings.ToLower(name)] = name
	}
}

// content is a part as it stands now.
func (b *noting) content(name string) ([]byte, error) {
	if c, ok := b.changed[strings.ToLower(name)]; ok {
		return c, nil
	}
	p, err := b.open(name)
	if err != nil {
		return nil, err
	}
	defer p.src.Close()
	return io.ReadAll(p)
}

// repack copies the workbook, with what changed and what is new.
func (b *noting) repack(src io.ReaderAt, size int64) ([]byte, error) {
	z, err := zip.NewReader(src, size)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	var when time.Time
	for _, f := range z.File {
		content, ok := b.changed[strings.ToLower(strings.ReplaceAll(f.Name, `\`, "/"))]
		if ok {
			when = f.Modified
			err = addPart(w, f.Name, when, content)
		} else {
			err = copyPart(w, f)
		}
		if err != nil {
			return nil, err
		}
	}
	for _, key := range slices.Sorted(maps.Keys(b.names)) {
		if err := addPart(w, b.names[key], when, b.changed[key]); err != nil {
			return nil, err
		}
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// copyPart copies a part as it is packed.
func copyPart(w *zip.Writer, f *zip.File) error {
	in, err := f.OpenRaw()
	if err != nil {
		return err
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
