package report

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/fault"
)

// Preview is a text of a draft as it would be printed, for who works on it. It is shared:
// nobody may change it.
type Preview struct {
	Document  Document
	Pieces    []Piece // the lines of the text, but for blank ones
	Problems  []Problem
	Standings []Standing // what each cohort is counted from
}

// Piece is one line of a draft's text and what became of it.
type Piece struct {
	No       int // of the line, 1-based
	Source   string
	From, To int    // its blocks in the document are those from From to before To
	Refused  string // why it cannot be printed; blank: it can
	Left     string // why it is left out of this report; blank: it is not
}

// Remark tells that the line is for who edits only.
func (p *Piece) Remark() bool { return strings.HasPrefix(p.Source, "//") }

// Refused are the pieces that cannot be printed.
func (p *Preview) Refused() []Piece {
	return slices.DeleteFunc(slices.Clone(p.Pieces), func(x Piece) bool { return x.Refused == "" })
}

// PieceOf is the place in Pieces of a block; -1: it is of no line.
func (p *Preview) PieceOf(block int) int {
	return slices.IndexFunc(p.Pieces, func(x Piece) bool { return x.From <= block && block < x.To })
}

// Preview composes a text of a draft, saved or not: a line that cannot be printed is told
// and stops nothing.
//
// Errors: fault.Forbidden, fault.NotFound; fault.Invalid for a cohort without people.
func (s *Service) Preview(ctx context.Context, who access.Actor, id, title, text string) (Preview, error) {
	d, err := s.Draft(ctx, who, id)
	if err != nil {
		return Preview{}, err
	}
	g, err := s.grounds(ctx, who, d.Cohort, d.Ground)
	if err != nil {
		return Preview{}, err
	}
	key := fmt.Sprintf("%s %x %s", id, sha256.Sum256([]byte(title+"\n"+text)), g.mark)
	if p, ok := s.work.preview(key, s.Now()); ok {
		return p, nil
	}
	p, err := behindErrors(ctx, d, s.subject(d, title, g), text, g)
	if err == nil {
		s.work.holdPreview(heldPreview{key, s.Now(), g.source, p})
	}
	return p, err
}

func (s *Service) subject(d Draft, title string, g grounds) Subject {
	return Subject{School: s.School(), Home: s.Home(), Cohort: d.Cohort, Title: title, Cut: g.own.Cut, Draft: g.own.Release == nil, External: g.ledger}
}

// behindErrors goes on behind lines that cannot be printed.
func behindErrors(ctx context.Context, d Draft, about Subject, text string, g grounds) (Preview, error) {
	refused, left := map[int]string{}, map[int]string{}
	t, err := parse(d.ID, strconv.Itoa(d.Newest.Number), text, func(no int, err error) error {
		refused[no] = err.Error()
		return nil
	})
	if err != nil {
		return Preview{}, err
	}
	c := newComposer(ctx, about, g.source)
	c.left = func(l Line, err error) { left[l.No] = err.Error() }
	c.refuse = func(l Line, err error) error {
		var f *fault.Fault
		if errors.As(err, &f) && (f.Kind == fault.Invalid || f.Kind == fault.Conflict) {
			refused[l.No] = f.Message
			return nil
		}
		return err
	}
	if err := c.compose(t); err != nil {
		return Preview{}, err
	}
	out := Preview{Document: c.doc, Standings: g.list, Problems: Lint(t, c.doc)}
	for i, line := range strings.Split(text, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			out.Pieces = append(out.Pieces, Piece{No: i + 1, Source: line, Refused: refused[i+1], Left: left[i+1]})
		}
	}
	out.place()
	return out, nil
}

// place says of each piece which blocks are its own.
func (p *Preview) place() {
	at := 0
	for i := range p.Pieces {
		x := &p.Pieces[i]
		x.From = at
		for at < len(p.Document.Blocks) && p.Document.Blocks[at].Line == x.No {
			at++
		}
		x.To = at
	}
}

// Print composes a version of a draft to be printed; number 0 is the newest. That it was
// made is written down, with its code.
//
// Errors: fault.Forbidden, fault.NotFound; fault.Invalid and fault.Conflict for a line that
// cannot be printed.
func (s *Service) Print(ctx context.Context, who access.Actor, id string, number int) (Document, error) {
	v, err := s.Version(ctx, who, id, number)
	if err != nil {
		return Document{}, err
	}
	d, err := s.Store.Report(ctx, id)
	if err != nil {
		return Document{}, err
	}
	g, err := s.grounds(ctx, who, d.Cohort, d.Ground)
	if err != nil {
		return Document{}, err
	}
	t, err := v.template()
	if err != nil {
		return Document{}, err
	}
	doc, err := Compose(ctx, t, s.subject(d, v.Title, g), g.source)
	if err != nil {
		return Document{}, err
	}
	return doc, s.Store.InTx(ctx, func(ctx context.Context) error {
		return s.Audit.Write(ctx, who, "report.print", id, map[string]string{"version": strconv.Itoa(v.Number), "code": doc.Code})
	})
}

// template is the version's text as a template that its printed report names.
func (v *Version) template() (Template, error) {
	id, number := v.Name()
	return ParseTemplate(id, number, v.Text)
}
