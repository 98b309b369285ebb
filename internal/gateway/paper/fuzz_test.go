package paper

import (
	"bytes"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"quxiang/internal/domain/fault"
)

// FuzzRead: whatever the bytes are, they are read or refused in words, soon.
func FuzzRead(f *testing.F) {
	f.Add(docx(f, p("甲")+"<w:tbl><w:tr>"+tc("", "1")+tc("", "2")+"</w:tr></w:tbl>"))
	f.Add([]byte("<html><body><h1>甲<table><tr><td rowspan=3>1<td colspan=9>2<tr><th>3</table><pre>a\tb\n1\t2"))
	f.Add([]byte("一、概况\n年份\t人数\n2023\t5\n"))
	f.Add([]byte("\xFF\xFE\x00\x4E"))
	f.Add([]byte("\xD2\xBB\xA1\xA2"))
	f.Add([]byte("{\\rtf1"))
	f.Fuzz(func(t *testing.T, content []byte) {
		if k, _ := sniff(bytes.NewReader(content), int64(len(content))); len(content) > 1<<16 || k == portable {
			return // pdftotext has its own fuzzers
		}
		readable(t, content)
	})
}

// FuzzWord: the same of documents whose XML is well packed.
func FuzzWord(f *testing.F) {
	f.Add(p("甲")+`<w:tbl><w:tr>`+tc(`<w:vMerge w:val="restart"/>`, "1")+tc(`<w:gridSpan w:val="3"/>`, "2")+`</w:tr><w:tr>`+tc(`<w:vMerge/>`, "")+`</w:tr></w:tbl>`, `<w:style w:styleId="1"><w:name w:val="heading 1"/><w:basedOn w:val="1"/></w:style>`, p("注"))
	f.Add(`<w:p><w:r><w:fldChar w:fldCharType="begin"/><w:instrText>TOC</w:instrText><w:t>a</w:t><w:tab/><w:br/></w:r></w:p>`, "", "")
	f.Add(`<w:p><w:txbxContent><w:p><w:txbxContent>`+p("a")+`</w:txbxContent></w:p></w:txbxContent></w:p>`, "", "")
	f.Fuzz(func(t *testing.T, body, styles, notes string) {
		if len(body)+len(styles)+len(notes) > 1<<16 {
			return
		}
		readable(t, docx(t, body, "word/styles.xml", "<w:styles "+wordSpaces+">"+styles+"</w:styles>",
			"word/footnotes.xml", "<w:footnotes "+wordSpaces+`><w:footnote w:id="1">`+notes+"</w:footnote></w:footnotes>"))
	})
}

// FuzzBoxes: the same of what pdftotext may write.
func FuzzBoxes(f *testing.F) {
	f.Add("<page width=\"1\">\n<word xMin=\"1.5\" yMin=\"2\" xMax=\"30\" yMax=\"12\">甲</word>\n<word xMin=\"41\" yMin=\"2\" xMax=\"60\" yMax=\"12\">12&amp;</word>\n</page>\n")
	f.Add("<page>\n<word xMin=\"-1\" yMin=\"2\" xMax=\"9999999\" yMax=\"12\">甲</word>\n")
	f.Fuzz(func(t *testing.T, out string) {
		if len(out) > 1<<16 {
			return
		}
		pages, err := readBoxes(strings.NewReader(out))
		if err != nil {
			return
		}
		if _, err := pdfDocument(pages); err != nil && !errors.Is(err, isScan) {
			t.Error(err)
		}
	})
}

func readable(t *testing.T, content []byte) {
	t.Helper()
	begun := time.Now()
	d, err := Read("报告", bytes.NewReader(content), int64(len(content)))
	if err != nil && fault.KindOf(err) == "" {
		t.Errorf("an error that is no refusal: %v", err)
	}
	for _, b := range d.Blocks {
		if b.Table == nil {
			continue
		}
		for _, r := range b.Table.Cells {
			if len(r) != len(b.Table.Cells[0]) {
				t.Fatalf("rows of %d and %d cells", len(r), len(b.Table.Cells[0]))
			}
		}
	}
	if d := time.Since(begun); d > 10*time.Second && os.Getenv("QUXIANG_CI") == "" {
		t.Errorf("took %v", d)
	}
}
