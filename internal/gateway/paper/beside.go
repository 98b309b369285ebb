package paper

import (
	"encoding/xml"
	"fmt"
	"io"
	"maps"
	"path"
	"slices"
	"strings"

	"quxiang/internal/domain/proofread"
)

// Beside reads what Read leaves out of a printed report and a reader of it sees all the same:
// heads and feet, charts with the workbooks behind them, what is said of charts to who does not
// see them; of a pdf each line of each page. The blocks of one place stand below a
// caption that names it. A file of another kind has none. Errors are those of Read.
func Beside(name string, src io.ReaderAt, size int64) (proofread.Document, error) {
	out := proofread.Document{Name: name}
	if size > maxSize {
		return out, refuse(name, tooBig)
	}
	var err error
	switch k, _ := sniff(src, size); {
	case k == wordFile:
		out.Blocks, err = wordBeside(src, size)
	case k == webPage:
		out.Blocks, err = webBeside(src, size)
	case k == portable:
		out.Blocks, err = pdfBeside(src, size)
	case isBook(src, size):
		out.Blocks, err = bookBeside(src, size)
	}
	if err != nil {
		return out, refuse(name, err)
	}
	return out, nil
}

func isBook(src io.ReaderAt, size int64) bool {
	head := make([]byte, 4)
	n, _ := src.ReadAt(head, 0) // what cannot be read is no workbook
	return n == 4 && size > 4 && string(head) == "PK\x03\x04"
}

// regionOf begins the blocks of a place; texts are paragraphs of it.
func regionOf(name string, texts ...string) []proofread.Block {
	out := []proofread.Block{{Kind: proofread.Caption, Text: name}}
	for _, t := range texts {
		if strings.TrimSpace(t) != "" {
			out = append(out, proofread.Block{Text: t})
		}
	}
	return out
}

// wordBeside reads heads and feet, charts and the workbooks behind them. A program that saves a
// document again may split heads into more parts and give them other names: what they say is
// one list without repetitions.
func wordBeside(src io.ReaderAt, size int64) ([]proofread.Block, error) {
	a, err := openArchive(src, size)
	if err != nil {
		return nil, err
	}
	said := map[string]bool{}
	for _, name := range slices.Sorted(maps.Keys(a.parts)) {
		base := path.Base(name)
		if path.Ext(name) != ".xml" || !strings.HasPrefix(base, "header") && !strings.HasPrefix(base, "footer") {
			continue
		}
		if err := a.frame(name, said); err != nil {
			return nil, err
		}
	}
	var out []proofread.Block
	if len(said) > 0 {
		out = regionOf("页眉页脚", slices.Sorted(maps.Keys(said))...)
	}
	charts, err := a.charts()
	return append(out, charts...), err
}

// frame adds the paragraphs of a head or foot, without the page numbers, which programs count
// themselves.
func (a *archive) frame(name string, said map[string]bool) error {
	var text strings.Builder
	end := func() {
		if t := strings.TrimSpace(text.String()); t != "" && len(said) < 1000 {
			said[t] = true
		}
		text.Reset()
	}
	counted := 0
	err := a.each(name, func(s *scanner, e xml.StartElement) error {
		switch e.Name.Local {
		case "p":
			end()
		case "fldChar":
			switch attr(e, "fldCharType") {
			case "begin":
				counted++
			case "end":
				counted--
			}
		case "fldSimple":
			_, err := s.textOf()
			return err
		case "t":
			words, err := s.chars()
			if counted == 0 {
				text.WriteString(words)
			}
			return err
		}
		return nil
	})
	end()
	return err
}

// bookBeside reads the charts of a workbook, in the order of the sheets that they draw.
func bookBeside(src io.ReaderAt, size int64) ([]proofread.Block, error) {
	a, err := openArchive(src, size)
	if err != nil {
		return nil, err
	}
	charts := map[string][]proofread.Block{}
	var said []string
	for _, name := range slices.Sorted(maps.Keys(a.parts)) {
		switch dir, base := path.Split(name); {
		case dir == "xl/charts/" && strings.HasPrefix(base, "chart") && path.Ext(base) == ".xml":
			c, err := a.chart(name)
			if err != nil {
				return nil, err
			}
			at := fmt.Sprintf("工作表“%s”的图", c.sheet)
			charts[at] = append(charts[at], c.blocks(at)...)
		case dir == "xl/drawings/" && path.Ext(base) == ".xml":
			if err := a.each(name, func(_ *scanner, e xml.StartElement) error {
				if alt := attr(e, "descr"); e.Name.Local == "cNvPr" && alt != "" && len(said) < 1000 {
					said = append(said, alt)
				}
				return nil
			}); err != nil {
				return nil, err
			}
		}
	}
	var out []proofread.Block
	for _, at := range slices.Sorted(maps.Keys(charts)) {
		out = append(out, charts[at]...)
	}
	slices.Sort(said)
	return append(out, altTexts(said)...), nil
}

// pdfBeside reads every line of every page, heads and feet and charts included.
func pdfBeside(src io.ReaderAt, size int64) ([]proofread.Block, error) {
	pages, err := pdfBoxes(src, size)
	if err != nil {
		return nil, err
	}
	var out []proofread.Block
	for i, p := range pages {
		out = append(out, regionOf(fmt.Sprintf("PDF 第 %d 页", i+1))...)
		for _, l := range linesOf(p) {
			var line []string
			for _, b := range l {
				line = append(line, b.text)
			}
			out = append(out, proofread.Block{Text: strings.Join(line, " ")})
		}
	}
	return out, nil
}
