package employer

import (
	"cmp"
	"context"
	"slices"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/exchange"
)

// Export yields master records in the columns that their import reads: header
// and rows.
type Export struct {
	Header  []string
	service *Service
	who     access.Actor
	kind    kindOf
	columns []exchange.Column
	values  func(ctx context.Context, page []Employer) ([]exchange.Values, error)
}

// Export prepares all employers as Import reads them; importing the file again
// changes nothing. Error: fault.Forbidden.
func (s *Service) Export(who access.Actor) (*Export, error) {
	return s.export(who, employers, func(_ context.Context, page []Employer) ([]exchange.Values, error) {
		var out []exchange.Values
		for i := range page {
			out = append(out, page[i].values())
		}
		return out, nil
	})
}

// ExportLevels prepares all hospital levels as ImportLevels reads them;
// importing the file again changes nothing. Error: fault.Forbidden.
func (s *Service) ExportLevels(who access.Actor) (*Export, error) {
	return s.export(who, hospitalLevels, s.levelValues)
}

func (s *Service) export(who access.Actor, kind kindOf, values func(context.Context, []Employer) ([]exchange.Values, error)) (*Export, error) {
	if err := who.May(access.ImportReference); err != nil {
		return nil, err
	}
	e := &Export{service: s, who: who, kind: kind, columns: exchange.Columns(kind.group), values: values}
	for _, c := range e.columns {
		e.Header = append(e.Header, c.Title)
	}
	return e, nil
}

// Rows calls fn with one row after another, by employer and day, after it wrote
// down that somebody exports.
func (e *Export) Rows(ctx context.Context, fn func(cells []string) error) error {
	err := e.service.Store.InTx(ctx, func(ctx context.Context) error {
		return e.service.Audit.Write(ctx, e.who, "employer.export", e.kind.name, nil)
	})
	if err != nil {
		return err
	}
	book := e.service.Book()
	for after := ""; ; {
		page, err := e.service.Store.Employers(ctx, after, chunk)
		if err != nil {
			return err
		}
		values, err := e.values(ctx, page)
		if err != nil {
			return err
		}
		for _, v := range values {
			if err := fn(row(book, e.columns, v)); err != nil {
				return err
			}
		}
		if len(page) < chunk {
			return nil
		}
		after = page[len(page)-1].ID
	}
}

func row(book *codes.Book, columns []exchange.Column, v exchange.Values) []string {
	out := make([]string, len(columns))
	for i, c := range columns {
		out[i] = v[c.Field]
		if c.Part == exchange.NamePart && out[i] != "" {
			out[i] = book.Table(c.Table).NameOf(out[i])
		}
	}
	return out
}

func (e *Employer) values() exchange.Values {
	v := exchange.Values{}
	for _, c := range e.cells() {
		v[c.field] = *c.value
	}
	return v
}

// levelValues are the levels of a page of employers.
func (s *Service) levelValues(ctx context.Context, page []Employer) ([]exchange.Values, error) {
	ids := make([]string, len(page))
	for i := range page {
		ids[i] = page[i].ID
	}
	levels, err := s.Store.HospitalLevels(ctx, ids)
	var out []exchange.Values
	for _, l := range levels {
		i, _ := slices.BinarySearchFunc(ids, l.Employer, cmp.Compare[string])
		out = append(out, exchange.Values{"name": page[i].Name, "credit_code": page[i].CreditCode,
			"level": l.Level, "from": string(l.From), "source": l.Source})
	}
	return out, err
}
