package paper

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"github.com/klauspost/compress/zlib"
)

// tag is an element of the structure that a pdf tells programs which read it aloud or take
// its tables out: H1 to H3, P, Note, TOC, Table with TR, TH and TD, Figure, Caption.
type tag struct {
	role  string
	more  string // further entries of its dictionary
	kids  []*tag
	marks []mcid // where its own content stands
	up    *tag
	num   int // of its object
}

// mcid is a piece of content: its page from 0 and its number there.
type mcid struct{ page, n int }

// add makes an element within another; none within none.
func (t *tag) add(role string) *tag {
	if t == nil {
		return nil
	}
	kid := &tag{role: role, up: t}
	t.kids = append(t.kids, kid)
	return kid
}

// The library cannot mark content, but writes widths of lines where they are set: such widths
// stand for the marks until mendPDF has the pages.
const (
	markEnd      = 999_998
	markArtifact = 999_999
	markBegin    = 1_000_000 // and more: the place in ink.tagged
)

// tagging is what ink knows of marks.
type tagging struct {
	tagged []placedTag
	counts []int // of marks, by page
	open   bool
	now    *tag
}

type placedTag struct {
	tag *tag
	at  mcid
}

// mark says that what is drawn from here on is content of t, or nothing that is read (nil):
// rules, heads and feet of pages, table heads that are printed again.
func (k *ink) mark(t *tag) {
	if k.open && k.now == t {
		return
	}
	k.unmark()
	k.open, k.now = true, t
	if t == nil {
		k.pdf.SetLineWidth(markArtifact)
		return
	}
	page := len(k.counts) - 1
	at := mcid{page, k.counts[page]}
	k.counts[page]++
	t.marks = append(t.marks, at)
	k.pdf.SetLineWidth(float64(markBegin + len(k.tagged)))
	k.tagged = append(k.tagged, placedTag{t, at})
}

func (k *ink) unmark() {
	if k.open {
		k.pdf.SetLineWidth(markEnd)
	}
	k.open, k.now = false, nil
}

var (
	pageStream = regexp.MustCompile(`^<<\n/Length \d+\n>>\nstream\n`)
	pageMarks  = regexp.MustCompile(`(?m)^(99999[89]|1\d{6,})\.00 w\n`)
)

// mendPage turns the widths that stand for marks into them, and packs the page; another
// object is what it was.
func mendPage(o []byte, tagged []placedTag) ([]byte, error) {
	head := pageStream.Find(o)
	body, ends := bytes.CutSuffix(o[len(head):], []byte("endstream\n"))
	if head == nil || !ends {
		return o, nil
	}
	body = pageMarks.ReplaceAllFunc(body, func(m []byte) []byte {
		n, err := strconv.Atoi(string(m[:bytes.IndexByte(m, '.')]))
		switch {
		case n == markArtifact:
			return []byte("/Artifact BMC\n")
		case n == markEnd:
			return []byte("EMC\n")
		case err != nil || n-markBegin >= len(tagged):
			return m
		}
		t := tagged[n-markBegin]
		return fmt.Appendf(nil, "/%s <</MCID %d>> BDC\n", t.tag.role, t.at.n)
	})
	return packedStream("", body)
}

// mendPages mends the objects of the list beside each other.
func mendPages(objects [][]byte, list []int, tagged []placedTag) error {
	failed := make([]error, len(list))
	var all sync.WaitGroup
	for n, i := range list {
		all.Go(func() { objects[i], failed[n] = mendPage(objects[i], tagged) })
	}
	all.Wait()
	return errors.Join(failed...)
}

// packedStream is the body of an object that is a stream, deflated.
func packedStream(entries string, body []byte) ([]byte, error) {
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	if _, err := z.Write(body); err != nil {
		return nil, err
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return fmt.Appendf(nil, "<<%s/Filter /FlateDecode /Length %d\n>>\nstream\n%s\nendstream\n", entries, b.Len(), b.Bytes()), nil
}

// structure is the objects of the tags: the first, whose number is first, is their root.
// pages are the objects of the pages.
func structure(root *tag, tagged []placedTag, pages []int, first int) []string {
	out := []string{""}
	var number func(t *tag)
	number = func(t *tag) {
		t.num = first + len(out)
		out = append(out, "")
		for _, kid := range t.kids {
			number(kid)
		}
	}
	number(root)
	var write func(t *tag)
	write = func(t *tag) {
		out[t.num-first] = t.object(pages, first)
		for _, kid := range t.kids {
			write(kid)
		}
	}
	write(root)
	parents := make([]string, len(pages))
	for _, t := range tagged { // in the order of their numbers on each page
		parents[t.at.page] += fmt.Sprintf("%d 0 R ", t.tag.num)
	}
	var tree strings.Builder
	for i, list := range parents {
		fmt.Fprintf(&tree, "%d [%s] ", i, list)
	}
	out[0] = fmt.Sprintf("<</Type/StructTreeRoot/K[%d 0 R]/ParentTree<</Nums[%s]>>/ParentTreeNextKey %d>>", root.num, tree.String(), len(pages))
	return out
}

// object is an element with what it holds: content first, then elements.
func (t *tag) object(pages []int, root int) string {
	up, page := root, -1
	if t.up != nil {
		up = t.up.num
	}
	var b, kids strings.Builder
	fmt.Fprintf(&b, "<</S/%s/P %d 0 R%s", t.role, up, t.more)
	for _, m := range t.marks {
		if page < 0 {
			page = m.page
			fmt.Fprintf(&b, "/Pg %d 0 R", pages[page])
		}
		if m.page == page {
			fmt.Fprintf(&kids, "%d ", m.n)
		} else {
			fmt.Fprintf(&kids, "<</Type/MCR/Pg %d 0 R/MCID %d>>", pages[m.page], m.n)
		}
	}
	for _, kid := range t.kids {
		fmt.Fprintf(&kids, "%d 0 R ", kid.num)
	}
	fmt.Fprintf(&b, "/K[%s]>>", strings.TrimSpace(kids.String()))
	return b.String()
}

// taggedTable gives a table's cells their elements.
func (g *grid) taggedTable(table *tag) {
	part := table.add("THead")
	rows := make([]*tag, len(g.heights))
	for r := range rows {
		if r == g.head {
			part = table.add("TBody")
		}
		rows[r] = part.add("TR")
	}
	for i := range g.cells {
		c := &g.cells[i]
		role, scope := "TD", ""
		switch {
		case c.row < g.head:
			role, scope = "TH", "/Scope/Column"
		case c.Left && c.col <= 1 && c.Text != "":
			role, scope = "TH", "/Scope/Row"
		}
		c.tag = rows[c.row].add(role)
		if c.rows > 1 {
			scope += fmt.Sprintf("/RowSpan %d", c.rows)
		}
		if c.cols > 1 {
			scope += fmt.Sprintf("/ColSpan %d", c.cols)
		}
		if scope != "" {
			c.tag.more = "/A<</O/Table" + scope + ">>"
		}
	}
}

// once is the element of a piece that is drawn for the first time; nil, which is nothing to
// be read, when it is printed again: a head on the next page, a merged cell's other part.
func (t *tag) once() *tag {
	if t == nil || len(t.marks) > 0 {
		return nil
	}
	return t
}
