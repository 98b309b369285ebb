package demo

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"image/png"
	"slices"
	"testing"

	"quxiang/internal/domain/destination"
	"quxiang/internal/domain/destination/scrutiny"
	"quxiang/internal/domain/history"
)

// hashes is a store of files that only counts.
type hashes map[string]bool

func (h hashes) Put(plain []byte) (string, error) {
	sum := sha256.Sum256(plain)
	h[hex.EncodeToString(sum[:])] = true
	return hex.EncodeToString(sum[:]), nil
}

// TestPapers: whoever waits for review has the papers that the code asks for; every
// sign of theirs can be written, and no two graduates hand in the same file (A15).
func TestPapers(t *testing.T) {
	s := small(t, 300, 3)
	files, owners, drawn := hashes{}, map[string]string{}, 0
	s.everybody(func(x *teller) {
		waiting := x.waits()
		for _, p := range waiting {
			if _, missing := drawPaper(p.kind, p.fields); len(missing) > 0 {
				t.Errorf("%s of %s: cannot write %q", p.kind, x.Name, string(missing))
			}
		}
		docs, err := x.prove(files)
		if err != nil || len(docs) != len(waiting) {
			t.Fatal(len(docs), len(waiting), err)
		}
		for _, d := range docs {
			if owner := owners[d.SHA256]; owner != "" && owner != d.Graduate {
				t.Errorf("%s and %s hand in one file", owner, d.Graduate)
			}
			owners[d.SHA256] = d.Graduate
		}
		drawn += len(docs)
		checkNamed(t, s, x, docs)
	})
	if drawn < 12 || len(files) != len(owners) {
		t.Errorf("%d papers, %d files of %d", drawn, len(files), len(owners))
	}
}

// checkNamed compares the events with the documents.
func checkNamed(t *testing.T, s *school, x *teller, docs []destination.Document) {
	t.Helper()
	named := map[history.Evidence]bool{}
	for i := range x.events {
		e := &x.events[i]
		if len(e.Evidence) > 0 && e.Step != history.Submitted {
			t.Errorf("%s %d: papers came with %s", x.ID, e.Seq, e.Step)
		}
		for _, v := range e.Evidence {
			named[v] = true
		}
	}
	for _, d := range docs {
		if !named[history.Evidence{SHA256: d.SHA256, Kind: d.Kind}] || scrutiny.ProvesNothing(s.book, d.Kind) || d.Graduate != x.ID {
			t.Errorf("%s: %+v is in no event, or proves nothing", x.ID, d)
		}
	}
}

// TestEveryLayoutCanBeWritten: all kinds of papers, with the longest that the demo says.
func TestEveryLayoutCanBeWritten(t *testing.T) {
	fields := history.Fields{"name": "麦尔耶姆·依明尼亚孜", "student_no": "20201010001", "employer_name": "滨海医科大学附属妇儿医院", "school_name": "砚溪医科大学",
		"enlist_office": "望潮区人民武装部", "enlist_day": "2025-06-01", "work_kind": "医学科普撰稿", "platform": "自有公众平台"}
	for kind, of := range layouts {
		if !slices.ContainsFunc(of.lines, func(line [2]string) bool { return line[1] == "student_no" }) {
			t.Errorf("%s: two graduates of one name would hand in one file", kind)
		}
		page, missing := drawPaper(kind, fields)
		if len(missing) > 0 {
			t.Errorf("%s: cannot write %q", kind, string(missing))
		}
		file, err := asPNG(page)
		if err != nil {
			t.Fatal(err)
		}
		if c, err := png.DecodeConfig(bytes.NewReader(file)); err != nil || c.Width != paperWidth {
			t.Errorf("%s: %v %v", kind, c, err)
		}
		if file, err = asPDF(page); err != nil || !bytes.HasPrefix(file, []byte("%PDF-1.4")) || !bytes.HasSuffix(file, []byte("%%EOF\n")) {
			t.Errorf("%s: no PDF, %v", kind, err)
		}
	}
}
