package paper

import (
	"encoding/xml"
	"errors"
	"io"
)

// Limits of one package's XML.
const (
	maxDepth    = 200
	maxElements = 8_000_000
)

// scanner reads the elements of one part.
type scanner struct {
	dec     *xml.Decoder
	archive *archive
	depth   int
}

func newScanner(r io.Reader, a *archive) *scanner {
	dec := xml.NewDecoder(r)
	dec.Strict = true
	dec.CharsetReader = func(string, io.Reader) (io.Reader, error) { return nil, damaged }
	return &scanner{dec: dec, archive: a}
}

// next returns a start, an end or text; io.EOF after the last.
func (s *scanner) next() (xml.Token, error) {
	for {
		t, err := s.dec.Token()
		if err != nil {
			return nil, s.why(err)
		}
		switch t.(type) {
		case xml.StartElement:
			if s.depth++; s.depth > maxDepth {
				return nil, tooDeep
			}
			if s.archive.elements++; s.archive.elements > maxElements {
				return nil, tooMuch
			}
			return t, nil
		case xml.EndElement:
			s.depth--
			return t, nil
		case xml.CharData:
			return t, nil
		case xml.Directive:
			return nil, dtd
		}
	}
}

func (s *scanner) why(err error) error {
	var r refusal
	var d diskError
	if errors.Is(err, io.EOF) || errors.As(err, &r) || errors.As(err, &d) {
		return err
	}
	return damaged
}

// each calls visit at every start of an element of a part; a part that is absent has
// none.
func (a *archive) each(name string, visit func(s *scanner, e xml.StartElement) error) error {
	r, err := a.open(name)
	if err != nil || r == nil {
		return err
	}
	defer r.Close()
	s := newScanner(r, a)
	for {
		t, err := s.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if e, ok := t.(xml.StartElement); ok {
			if err := visit(s, e); err != nil {
				return err
			}
		}
	}
}

// attr returns an attribute by its local name, "" if absent.
func attr(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// on is the value of an element that switches something on unless it says otherwise.
func on(e xml.StartElement) bool {
	v := attr(e, "val")
	return v != "0" && v != "false" && v != "none" && v != "off"
}
