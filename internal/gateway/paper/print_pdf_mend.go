package paper

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"
)

// pdfFacts are what the library does not write, or writes wrong.
type pdfFacts struct {
	title, author string
	made          time.Time
	titles        []bookmark // in the outline's order
	last          int        // object of the last bookmark on top
	contents      int        // pages of it, after the cover
	root          *tag       // of what is read
	tagged        []placedTag
}

var (
	cmapEntry    = regexp.MustCompile(`(<[0-9A-F]{4}><[0-9A-F]{4}>)<([0-9A-F]{5,6})>`)
	cmapLength   = regexp.MustCompile(`/Length \d+`)
	outlineTitle = regexp.MustCompile(`/Title <[0-9A-F]*>`)
	outlineLast  = regexp.MustCompile(`/Last \d+ 0 R`)
	pdfStart     = regexp.MustCompile(`startxref\n(\d+)\n%%EOF\n$`)
	errLibrary   = errors.New("pdf: the library's file is not as expected")
)

// mendPDF rewrites the library's file: characters beyond U+FFFF get their surrogates in the
// table that search and copy read and in the bookmarks; language, page labels, dates, tags and
// an id are added.
func mendPDF(raw []byte, facts pdfFacts) ([]byte, error) {
	objects, err := pdfObjects(raw)
	if err != nil {
		return nil, err
	}
	first := len(objects) + 2 // of the tags, behind the document's information
	var pages, rest []int
	titles := facts.titles
	for i, o := range objects {
		switch {
		case i == 0:
			o = bytes.Replace(o, []byte("/Type /Catalog\n"), []byte("/Type /Catalog\n"+catalog(facts, first)), 1)
		case bytes.Contains(o, []byte("  /Type /Page\n")):
			o = bytes.Replace(o, []byte("  /Type /Page\n"), fmt.Appendf(nil, "  /Type /Page\n  /StructParents %d\n  /Tabs /S\n", len(pages)), 1)
			pages = append(pages, i+1)
		case bytes.Contains(o, []byte("begincmap")):
			o = mendCMap(o)
		case bytes.Contains(o, []byte("/Type /Outlines")) && facts.last > 0:
			o = outlineLast.ReplaceAll(o, fmt.Appendf(nil, "/Last %d 0 R", facts.last))
		case bytes.Contains(o, []byte("  /Dest [ ")) && len(titles) > 0:
			o = outlineTitle.ReplaceAll(o, []byte("/Title "+pdfText(titles[0].title)))
			o = bytes.Replace(o, []byte("/XYZ 90 "), []byte("/XYZ null "), 1)
			titles = titles[1:]
		default:
			rest = append(rest, i)
		}
		objects[i] = o
	}
	if err := mendPages(objects, rest, facts.tagged); err != nil {
		return nil, err
	}
	info := fmt.Sprintf("<<\n/Title %s\n/Author %s\n/Producer %s\n/CreationDate (%s)\n>>\n", pdfText(facts.title), pdfText(facts.author), pdfText("Quxiang 去向"), pdfDate(facts.made))
	return joinPDF(append(objects, []byte(info)), structure(facts.root, facts.tagged, pages, first))
}

// pdfObjects are the bodies of the objects, which the library writes by number.
func pdfObjects(raw []byte) ([][]byte, error) {
	m := pdfStart.FindSubmatch(raw)
	if m == nil {
		return nil, errLibrary
	}
	at, err := strconv.Atoi(string(m[1]))
	if err != nil || at > len(raw) {
		return nil, errLibrary
	}
	rows := strings.Split(string(raw[at:]), "\n")
	var starts []int
	for _, r := range rows {
		if strings.HasSuffix(r, " 00000 n ") {
			n, err := strconv.Atoi(r[:10])
			if err != nil || n > at {
				return nil, errLibrary
			}
			starts = append(starts, n)
		}
	}
	starts = append(starts, at)
	var out [][]byte
	for i := range starts[:len(starts)-1] {
		o := raw[starts[i]:max(starts[i], starts[i+1])]
		o, found := bytes.CutPrefix(o, fmt.Appendf(nil, "%d 0 obj\n", i+1))
		o, ends := bytes.CutSuffix(o, []byte("endobj\n\n"))
		if !found || !ends {
			return nil, errLibrary
		}
		out = append(out, o)
	}
	return out, nil
}

// mendCMap writes characters beyond U+FFFF as two surrogates. The library's blocks also hold
// more entries than the hundred that the format allows, and its code space begins late.
func mendCMap(o []byte) []byte {
	at := bytes.Index(o, []byte("stream\n"))
	end := bytes.LastIndex(o, []byte("endstream"))
	if at < 0 || end < 0 {
		return o
	}
	body := string(o[at+len("stream\n") : end])
	body = cmapEntry.ReplaceAllStringFunc(body, func(e string) string {
		m := cmapEntry.FindStringSubmatch(e)
		r, _ := strconv.ParseUint(m[2], 16, 32)
		return fmt.Sprintf("%s<%s>", m[1], hex16(string(rune(r))))
	})
	head, rest, _ := strings.Cut(body, "1 begincodespacerange\n")
	_, rest, _ = strings.Cut(rest, "beginbfrange\n")
	list, tail, _ := strings.Cut(rest, "endbfrange\n")
	entries := strings.Split(strings.TrimSuffix(list, "\n"), "\n")
	var b strings.Builder
	b.WriteString(head + "1 begincodespacerange\n<0000><FFFF>\nendcodespacerange\n")
	for len(entries) > 0 && entries[0] != "" {
		n := min(len(entries), 100)
		fmt.Fprintf(&b, "%d beginbfrange\n%s\nendbfrange\n", n, strings.Join(entries[:n], "\n"))
		entries = entries[n:]
	}
	b.WriteString(tail)
	dict := cmapLength.ReplaceAll(o[:at], fmt.Appendf(nil, "/Length %d", b.Len()))
	return append(append(append([]byte{}, dict...), "stream\n"+b.String()...), o[end:]...)
}

// catalog is what the file's root lacks: the language, that a window shows the title, and
// that the cover has no number, the contents roman ones, and where the tags are.
func catalog(f pdfFacts, structure int) string {
	labels := "0 << /P " + pdfText("封面") + " >> "
	if f.contents > 0 {
		labels += "1 << /S /r >> "
	}
	labels += fmt.Sprintf("%d << /S /D >>", 1+f.contents)
	return "  /Lang (zh-CN)\n  /ViewerPreferences << /DisplayDocTitle true >>\n  /PageLabels << /Nums [" + labels + "] >>\n" +
		fmt.Sprintf("  /MarkInfo << /Marked true >>\n  /StructTreeRoot %d 0 R\n", structure)
}

func hex16(s string) string {
	var b strings.Builder
	for _, u := range utf16.Encode([]rune(s)) {
		fmt.Fprintf(&b, "%04X", u)
	}
	return b.String()
}

func pdfText(s string) string { return "<FEFF" + hex16(s) + ">" }

func pdfDate(t time.Time) string {
	return "D:" + t.Format("20060102150405") + strings.Replace(t.Format("-07'00'"), "Z", "+", 1)
}
