package paper

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"quxiang/internal/domain/proofread"
)

// webBeside reads the page's title and what its drawings show: words and shapes, in their order.
func webBeside(src io.ReaderAt, size int64) ([]proofread.Block, error) {
	raw, err := whole(src, size)
	if err != nil {
		return nil, err
	}
	text, err := decodeWeb(raw)
	if err != nil {
		return nil, err
	}
	r := &drawnReader{z: html.NewTokenizer(strings.NewReader(text))}
	for n := 0; ; n++ {
		if n > maxElements {
			return nil, tooMuch
		}
		kind := r.z.Next()
		if kind == html.ErrorToken {
			if !errors.Is(r.z.Err(), io.EOF) {
				return nil, damaged
			}
			return r.blocks, nil
		}
		r.token(kind)
	}
}

// drawnReader reads a page's title and drawings.
type drawnReader struct {
	z             *html.Tokenizer
	blocks        []proofread.Block
	drawings      int
	inside, title bool // a drawing, the title
}

func (r *drawnReader) token(kind html.TokenType) {
	switch kind {
	case html.TextToken:
		if t := strings.TrimSpace(string(r.z.Text())); t != "" && (r.inside || r.title) {
			r.blocks = append(r.blocks, proofread.Block{Text: t})
		}
	case html.StartTagToken, html.SelfClosingTagToken:
		switch t := r.z.Token(); {
		case t.DataAtom == atom.Title && !r.inside:
			r.title = true
			r.blocks = append(r.blocks, regionOf("网页标题")...)
		case t.DataAtom == atom.Svg:
			r.drawings++
			r.inside = true
			r.blocks = append(r.blocks, regionOf(fmt.Sprintf("第%d个图", r.drawings), shapeOf(t))...)
		case r.inside:
			r.blocks = append(r.blocks, proofread.Block{Text: shapeOf(t)})
		}
	case html.EndTagToken:
		switch r.z.Token().DataAtom {
		case atom.Title:
			r.title = false
		case atom.Svg:
			r.inside = false
		}
	}
}

// shapeOf is what an element of a drawing draws and where, in words that compare.
func shapeOf(t html.Token) string {
	attributes := []string{"图形 " + t.Data}
	for _, a := range t.Attr {
		if !strings.HasPrefix(a.Key, "aria-") && a.Key != "id" && a.Key != "role" {
			attributes = append(attributes, a.Key+"="+a.Val)
		}
	}
	slices.Sort(attributes[1:])
	return strings.Join(attributes, " ")
}
