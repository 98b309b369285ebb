package sheet

import (
	"errors"
	"io"
	"path"
	"strings"
)

// workbook is the table of contents of an xlsx file.
type workbook struct {
	sheets   []sheetPart // the visible worksheets, in their order
	date1904 bool        // days are counted from 1904 (old Macs), not 1900
	strings  string      // part names; blank when absent
	styles   string
}

type sheetPart struct{ title, part string }

// relation is one line of a .rels part.
type relation struct{ kind, target string }

// openXLSX finds the sheet to read and stands before its first row.
func openXLSX(at place, src io.ReaderAt, size int64, lim Limits) (*Reader, error) {
	a, err := openArchive(src, size, lim)
	if err != nil {
		return nil, at.refuse(err)
	}
	book, err := a.workbook()
	if err != nil {
		return nil, at.refuse(err)
	}
	shared, err := a.sharedStrings(book.strings)
	if err != nil {
		return nil, at.refuse(err)
	}
	formats, err := a.formats(book.styles)
	if err != nil {
		return nil, at.refuse(err)
	}
	return choose(at, book.sheets, func(s sheetPart) (*Reader, error) {
		at := place{file: at.file, sheet: s.title}
		p, err := a.open(s.part)
		if err != nil {
			return nil, at.refuse(err)
		}
		return newReader(at, &sheetRows{
			at: at, lim: lim, part: p, xml: newScanner(p, a),
			shared: shared, formats: formats, date1904: book.date1904,
		})
	})
}

// choose returns the first sheet that begins with something like a header, two or
// more filled cells, so that a page of instructions in front is passed over; else
// the first that holds anything.
func choose(at place, sheets []sheetPart, read func(sheetPart) (*Reader, error)) (*Reader, error) {
	var fallback *Reader
	for _, s := range sheets {
		r, err := read(s)
		if errors.Is(err, io.EOF) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if filled(r.row.Cells) >= 2 {
			return r, nil
		}
		if fallback == nil {
			fallback = r
		}
	}
	if fallback == nil {
		return nil, at.refuse(emptyTable)
	}
	return fallback, nil
}

func filled(cells []string) int {
	n := 0
	for _, c := range cells {
		if !blank([]string{c}) {
			n++
		}
	}
	return n
}

// workbook reads which sheets there are and where their parts lie.
func (a *archive) workbook() (workbook, error) {
	main, err := a.mainPart()
	if err != nil {
		return workbook{}, err
	}
	if err := a.refuseMacros(); err != nil {
		return workbook{}, err
	}
	dir, file := path.Split(main)
	rels, err := a.relations(dir + "_rels/" + file + ".rels")
	if err != nil {
		return workbook{}, err
	}
	var b workbook
	for _, r := range rels {
		switch r.kind {
		case "sharedStrings":
			b.strings = resolve(dir, r.target)
		case "styles":
			b.styles = resolve(dir, r.target)
		}
	}
	err = a.walk(main, func(s *scanner) error { return b.note(s, dir, rels) })
	if err == nil && len(b.sheets) == 0 {
		err = noSheet
	}
	return b, err
}

// note takes what matters from one element of the workbook part.
func (b *workbook) note(s *scanner, dir string, rels map[string]relation) error {
	switch string(s.name) {
	case "workbookPr":
		v, err := s.attr("date1904")
		b.date1904 = v == "1" || v == "true"
		return err
	case "sheet":
		title, err1 := s.attr("name")
		state, err2 := s.attr("state")
		id, err3 := s.attr("id")
		if err := errors.Join(err1, err2, err3); err != nil {
			return err
		}
		r, known := rels[id]
		if !known {
			return damaged
		}
		if r.kind == "worksheet" && (state == "" || state == "visible") {
			b.sheets = append(b.sheets, sheetPart{title: title, part: resolve(dir, r.target)})
		}
	}
	return nil
}

// mainPart follows the package's root relations to the workbook, and recognises
// other things that are zips too.
func (a *archive) mainPart() (string, error) {
	const roots = "_rels/.rels"
	if !a.has(roots) {
		return "", a.otherPackage()
	}
	rels, err := a.relations(roots)
	if err != nil {
		return "", err
	}
	for _, r := range rels {
		if r.kind != "officeDocument" {
			continue
		}
		main := resolve("", r.target)
		switch {
		case strings.HasSuffix(main, ".bin"):
			return "", binaryBook
		case strings.HasPrefix(main, "word/"), strings.HasPrefix(main, "ppt/"):
			return "", wordFile
		}
		return main, nil
	}
	return "", a.otherPackage()
}

// otherPackage says what a zip is that names no main part, by the names in it.
func (a *archive) otherPackage() trouble {
	for name := range a.parts {
		switch {
		case strings.HasPrefix(name, "word/"), strings.HasPrefix(name, "ppt/"):
			return wordFile
		case strings.HasPrefix(name, "xl/"):
			return damaged
		}
	}
	return otherZip
}

// refuseMacros looks for macros by part and by declared type.
func (a *archive) refuseMacros() error {
	for name := range a.parts {
		if path.Base(name) == "vbaproject.bin" {
			return macroBook
		}
	}
	return a.walk("[Content_Types].xml", func(s *scanner) error {
		kind, err := s.attr("ContentType")
		if strings.Contains(strings.ToLower(kind), "macroenabled") {
			return macroBook
		}
		return err
	})
}

// relations reads a .rels part: by id, with the last word of the type as kind.
func (a *archive) relations(name string) (map[string]relation, error) {
	rels := make(map[string]relation)
	err := a.walk(name, func(s *scanner) error {
		if string(s.name) != "Relationship" {
			return nil
		}
		id, err1 := s.attr("Id")
		kind, err2 := s.attr("Type")
		target, err3 := s.attr("Target")
		mode, err4 := s.attr("TargetMode")
		if mode != "External" { // never followed
			rels[id] = relation{kind: path.Base(kind), target: target}
		}
		return errors.Join(err1, err2, err3, err4)
	})
	return rels, err
}

// resolve makes a part name of a target, which may be relative to dir or absolute.
func resolve(dir, target string) string {
	target = strings.ReplaceAll(target, `\`, "/")
	if !strings.HasPrefix(target, "/") {
		target = dir + target
	}
	return strings.TrimPrefix(path.Clean("/"+target), "/")
}
