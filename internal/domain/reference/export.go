package reference

import (
	"cmp"
	"context"
	"strings"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/exchange"
)

// Export yields reference data in the columns that Import reads: header and rows.
type Export struct {
	Header  []string
	service *Service
	who     access.Actor
	kind    Kind
	columns []exchange.Column
}

// Export prepares what Import of the kind reads; importing the file again changes
// nothing. Minimum wages and institutions come whole; of codes and mappings those
// that the school added, institutions left out.
//
// Errors: fault.Forbidden; fault.Usage for an unknown kind.
func (s *Service) Export(who access.Actor, kind Kind) (*Export, error) {
	form, err := formOf(kind)
	if err != nil {
		return nil, err
	}
	if err := who.May(form.permission); err != nil {
		return nil, err
	}
	e := &Export{service: s, who: who, kind: kind, columns: exchange.Columns(form.group)}
	for _, c := range e.columns {
		e.Header = append(e.Header, c.Title)
	}
	return e, nil
}

// Rows calls fn with one row after another, after it wrote down that somebody
// exports. Wages come by region and day, institutions in the order of the table,
// codes and then mappings in that of adding.
func (e *Export) Rows(ctx context.Context, fn func(cells []string) error) error {
	s := e.service
	err := s.Store.InTx(ctx, func(ctx context.Context) error {
		return s.Audit.Write(ctx, e.who, "reference.export", string(e.kind), nil)
	})
	if err != nil {
		return err
	}
	rows, err := forms[e.kind].values(ctx, s.Store)
	if err != nil {
		return err
	}
	book := s.Book()
	for _, v := range rows {
		if err := fn(cells(book, e.columns, v)); err != nil {
			return err
		}
	}
	return nil
}

func cells(book *codes.Book, columns []exchange.Column, v exchange.Values) []string {
	out := make([]string, len(columns))
	for i, c := range columns {
		out[i] = v[c.Field]
		if c.Part == exchange.NamePart && out[i] != "" {
			out[i] = book.Table(c.Table).NameOf(out[i])
		}
	}
	return out
}

func wageValues(ctx context.Context, store Store) ([]exchange.Values, error) {
	list, err := store.Wages(ctx)
	var out []exchange.Values
	for _, w := range list {
		out = append(out, w.values())
	}
	return out, err
}

func (w Wage) values() exchange.Values {
	v := exchange.Values{"region": w.Region, "from": string(w.From), "monthly": yuan(w.Monthly), "source": w.Source}
	if w.Hourly > 0 {
		v["hourly"] = yuan(w.Hourly)
	}
	return v
}

func institutionValues(ctx context.Context, store Store) ([]exchange.Values, error) {
	added, _, err := store.LocalCodes(ctx)
	return institutionsWith(added), err
}

// institutionsWith are the rows of the program, each as the school says it where
// it does, and behind them those that the school added. What the school took out
// of a row is said, since a blank cell would keep it.
func institutionsWith(added []codes.Code) []exchange.Values {
	table := codes.Builtin().Table("institution")
	list := table.All()
	for _, c := range added {
		if c.Scheme == table.Scheme {
			list = replace(list, c, func(x codes.Code) bool { return x.Code == c.Code })
		}
	}
	var out []exchange.Values
	for _, c := range list {
		v, shipped := institution(c), exchange.Values{}
		if own, ok := table.Find(c.Code); ok {
			shipped = institution(own)
		}
		for _, field := range append([]string{"aliases"}, years...) {
			if v[field] == "" && shipped[field] != "" {
				v[field] = exchange.Clear
			}
		}
		out = append(out, v)
	}
	return out
}

func institution(c codes.Code) exchange.Values {
	v := exchange.Values{"code": c.Code, "name": c.Name, "aliases": joined(c.Aliases), "source": c.Source}
	for _, field := range years {
		v[field] = c.Fields[field]
	}
	return v
}

// joined writes names as aliases reads them.
func joined(names []string) string { return strings.Join(names, "|") }

func codeValues(ctx context.Context, store Store) ([]exchange.Values, error) {
	added, mapped, err := store.LocalCodes(ctx)
	if err != nil {
		return nil, err
	}
	return codesAndMappings(added, mapped)
}

// codesAndMappings are the school's codes and mappings. The number that a code is
// exported under stands in the code's own row.
func codesAndMappings(added []codes.Code, mapped []codes.Mapping) ([]exchange.Values, error) {
	book, err := codes.Builtin().With(added, mapped)
	if err != nil {
		return nil, err
	}
	tables := map[string]*codes.Table{} // by scheme
	for id := range book.Versions() {
		tables[book.Table(id).Scheme] = book.Table(id)
	}
	told := map[mapKey]bool{}
	var out []exchange.Values
	for _, c := range added {
		table := tables[c.Scheme]
		if table.Restatable() {
			continue // the file of institutions has them
		}
		v := exchange.Values{"table": table.Title, "code": c.Code, "name": c.Name, "parent": c.Parent, "class": c.Class,
			"from": c.From, "to": c.To, "source": c.Source, "aliases": joined(c.Aliases)}
		if c.Is("internal") {
			v["export_code"] = book.Export(table.ID, c.Code)
			told[mapKey{table.ID, table.Scheme, v["export_code"]}] = true
		}
		out = append(out, v)
	}
	for _, m := range mapped {
		if key := keyOf(m, book); !told[key] {
			out = append(out, exchange.Values{"table": book.Table(m.Table).Title, "code": key.from, "from_scheme": key.scheme,
				"to_code": cmp.Or(m.To, exchange.Clear)})
		}
	}
	return out, nil
}
