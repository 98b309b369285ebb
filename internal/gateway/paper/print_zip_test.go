package paper

import (
	"archive/zip"
	"bytes"
	"testing"
	"time"
)

// TestWriteParts: the same parts give the same bytes, in the order of their names, at the
// one time.
func TestWriteParts(t *testing.T) {
	when := time.Date(2024, 8, 31, 23, 59, 58, 0, time.FixedZone("", 8*3600))
	parts := map[string][]byte{"word/b.xml": []byte("b"), "_rels/.rels": nil, "[Content_Types].xml": []byte("c"), "word/a.xml": []byte("a"), "docProps/core.xml": []byte("d")}
	first, err := packParts(parts, when)
	if err != nil {
		t.Fatal(err)
	}
	for range 20 {
		if again, err := packParts(parts, when.UTC()); err != nil || !bytes.Equal(first, again) {
			t.Fatalf("other bytes: %v", err)
		}
	}
	z, err := zip.NewReader(bytes.NewReader(first), int64(len(first)))
	if err != nil {
		t.Fatal(err)
	}
	for i, name := range []string{"[Content_Types].xml", "_rels/.rels", "docProps/core.xml", "word/a.xml", "word/b.xml"} {
		if f := z.File[i]; f.Name != name || !f.Modified.Equal(when) {
			t.Errorf("part %d is %s of %v", i, f.Name, f.Modified)
		}
	}
}

// TestSample: what the writers' tests lay out is a document: tables are rectangles,
// references lead somewhere.
func TestSample(t *testing.T) {
	d := sample()
	ids := map[string]bool{}
	for _, b := range d.Blocks {
		switch {
		case b.Table != nil:
			ids[b.Table.ID] = true
			covered := 0
			for _, r := range append(b.Table.Head, b.Table.Body...) {
				for _, c := range r {
					covered += max(c.Cols, 1) * max(c.Rows, 1)
				}
			}
			if rows := len(b.Table.Head) + len(b.Table.Body); covered%rows != 0 {
				t.Errorf("%s: %d cells in %d rows", b.Table.Number, covered, rows)
			}
		case b.Figure != nil:
			ids[b.Figure.ID] = true
		}
	}
	for _, b := range d.Blocks {
		if b.Paragraph == nil {
			continue
		}
		for _, s := range b.Paragraph.Spans {
			if s.Ref != "" && !ids[s.Ref] || s.Number > len(d.Numbers) {
				t.Errorf("%q leads nowhere", s.Text)
			}
		}
	}
}
