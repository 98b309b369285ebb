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
	var out []proofread.Block
	z := html.NewTokenizer(strings.NewReader(text))
	drawings, inside, title := 0, false, false
	for n := 0; ; n++ {
		if n > maxElements {
			return nil, tooMuch
		}
		switch z.Next() {
		case html.ErrorToken:
			if !errors.Is(z.Err(), io.EOF) {
				return nil, damaged
			}
			return out, nil
		case html.TextToken:
			if t := strings.TrimSpace(string(z.Text())); t != "" && (inside || title) {
				out = append(out, proofread.Block{Text: t})
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			t := z.Token()
			switch {
			case t.DataAtom == atom.Title && !inside:
				title = true
				out = append(out, regionOf("网页标题")...)
			case t.DataAtom == atom.Svg:
				drawings++
				inside = true
				out = append(out, regionOf(fmt.Sprintf("第%d个图", drawings), shapeOf(t))...)
			case inside:
				out = append(out, proofread.Block{Text: shapeOf(t)})
			}
		case html.EndTagToken:
			switch a := z.Token().DataAtom; a {
			case atom.Title:
				title = false
			case atom.Svg:
				inside = false
			}
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
