package reference

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"sort"

	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/exchange"
	"quxiang/internal/domain/fault"
)

// local plans what a file adds to the built-in tables, of codes or institutions.
type local struct {
	*tally
	service *Service
	builtin *codes.Book

	added    []codes.Code // what the school added before, in order of adding
	mappings []codes.Mapping
	codes    map[codeKey]codes.Code
	mapped   map[mapKey]codes.Mapping

	items []item // what the file adds, in its order
}

type codeKey struct{ scheme, code string }

type mapKey struct{ table, scheme, from string }

// item is one row: a code or a mapping.
type item struct {
	row     int
	code    codes.Code
	mapping codes.Mapping
	maps    bool
}

// maxNamed is how many rows that the tables refuse are looked for one by one.
const maxNamed = 20

// localOf reads what the school has.
func localOf(ctx context.Context, s *Service, t *tally) (*local, error) {
	added, mapped, err := s.Store.LocalCodes(ctx)
	p := newLocal(t, added, mapped)
	p.service = s
	return p, err
}

func newLocal(t *tally, added []codes.Code, mapped []codes.Mapping) *local {
	p := &local{tally: t, builtin: codes.Builtin(), added: added, mappings: mapped,
		codes: map[codeKey]codes.Code{}, mapped: map[mapKey]codes.Mapping{}}
	for _, c := range added {
		p.codes[codeKey{c.Scheme, c.Code}] = c
	}
	for _, m := range mapped {
		p.mapped[keyOf(m, p.builtin)] = m
	}
	return p
}

func keyOf(m codes.Mapping, book *codes.Book) mapKey {
	return mapKey{m.Table, cmp.Or(m.FromScheme, book.Table(m.Table).Scheme), codes.Normalize(m.From)}
}

// addCode plans a code with what the row says of it and of its fields, over what
// the school has of it, or else the program. A code that the program carries
// cannot be changed, except where codes.Table.Restatable; saying it again changes
// nothing.
func (p *local) addCode(l exchange.Line, table *codes.Table, code string, fields map[string]string) {
	who := table.Title + " " + code
	old, ours := p.codes[codeKey{table.Scheme, code}]
	shipped := false
	if !ours {
		if old, shipped = table.Find(code); !shipped {
			old = codes.Code{Scheme: table.Scheme, Code: code}
		}
	}
	c := over(old, l.Values, fields)
	if shipped {
		c.Source = old.Source // another source alone is no other row
	}
	switch {
	case (ours || shipped) && equal(c, old):
		p.tell(exchange.Same, l.Number, who)
		return
	case shipped && !table.Restatable():
		p.refuse(l.Number, "code", code, "“%s”表自带代码“%s”（%s），不能由导入改动；如确有变化请联系维护者更新程序", table.Title, code, old.Name)
		return
	case shipped:
		c.Source = l.Values["source"] // the row is the school's own now
	}
	kind, line := exchange.Added, exchange.Difference{After: c.Name}
	if ours || shipped {
		kind, line.Before = exchange.Changed, old.Name
	}
	p.tell(kind, l.Number, who, line)
	p.items = append(p.items, item{row: l.Number, code: c})
}

// over returns the code with what the row says; a cell that says nothing keeps.
func over(old codes.Code, v exchange.Values, fields map[string]string) codes.Code {
	out := old
	for field, to := range map[string]*string{"name": &out.Name, "parent": &out.Parent, "class": &out.Class, "from": &out.From, "to": &out.To, "source": &out.Source} {
		if value, said := v[field]; said {
			*to = value
		}
	}
	if cell, said := v["aliases"]; said {
		out.Aliases = aliases(cell)
	}
	if len(fields) > 0 {
		out.Fields = map[string]string{}
		maps.Copy(out.Fields, old.Fields)
		maps.Copy(out.Fields, fields)
		maps.DeleteFunc(out.Fields, func(_, value string) bool { return value == "" })
	}
	return out
}

func equal(a, b codes.Code) bool {
	return a.Scheme == b.Scheme && a.Code == b.Code && codes.Normalize(a.Name) == codes.Normalize(b.Name) && a.Parent == b.Parent &&
		a.Class == b.Class && a.From == b.From && a.To == b.To && a.Source == b.Source &&
		slices.Equal(a.Aliases, b.Aliases) && maps.Equal(a.Fields, b.Fields)
}

// addMapping plans a mapping.
func (p *local) addMapping(l exchange.Line, table *codes.Table, m codes.Mapping) {
	who := table.Title + " " + m.From
	old, there := p.mapped[keyOf(m, p.builtin)]
	if there && old.To == m.To {
		p.tell(exchange.Same, l.Number, who)
		return
	}
	kind, line := exchange.Added, exchange.Difference{Field: "对照为", After: cmp.Or(m.To, "（按空白处理）")}
	if there {
		kind, line.Before = exchange.Changed, cmp.Or(old.To, "（按空白处理）")
	}
	p.tell(kind, l.Number, who, line)
	p.items = append(p.items, item{row: l.Number, mapping: m, maps: true})
}

// with returns the tables with what the school has and the items.
func (p *local) with(items []item) (*codes.Book, error) {
	added, mapped := slices.Clone(p.added), slices.Clone(p.mappings)
	for _, x := range items {
		if x.maps {
			mapped = replace(mapped, x.mapping, func(m codes.Mapping) bool { return keyOf(m, p.builtin) == keyOf(x.mapping, p.builtin) })
		} else {
			added = replace(added, x.code, func(c codes.Code) bool { return c.Scheme == x.code.Scheme && c.Code == x.code.Code })
		}
	}
	return p.builtin.With(added, mapped)
}

// replace puts x where is holds, or at the end.
func replace[T any](list []T, x T, is func(T) bool) []T {
	if i := slices.IndexFunc(list, is); i >= 0 {
		list[i] = x
		return list
	}
	return append(list, x)
}

// finish lets the tables judge. They judge all at once; which row they refuse is
// found by halving, parents before children, mappings last.
func (p *local) finish() error {
	if p.report.Refused > 0 {
		return nil
	}
	if _, err := p.with(nil); err != nil {
		return err // what is there already does not load: no row's fault
	}
	items := p.inOrder()
	for range maxNamed {
		_, err := p.with(items)
		if err == nil {
			return nil
		}
		bad := sort.Search(len(items)-1, func(i int) bool { _, err := p.with(items[:i+1]); return err != nil })
		_, err = p.with(items[:bad+1])
		var f *fault.Fault
		if !errors.As(err, &f) {
			return err
		}
		x := items[bad]
		p.refuse(x.row, "code", cmp.Or(x.code.Code, x.mapping.From), "%s", f.Message)
		items = slices.Delete(items, bad, bad+1)
	}
	return nil
}

// inOrder returns the items so that each comes after what it needs.
func (p *local) inOrder() []item {
	parents := map[codeKey]codeKey{}
	for _, x := range p.items {
		parents[codeKey{x.code.Scheme, x.code.Code}] = codeKey{x.code.Scheme, x.code.Parent}
	}
	depth := func(x item) int {
		if x.maps {
			return len(p.items) + 1
		}
		d := 0
		for k, ok := parents[codeKey{x.code.Scheme, x.code.Code}]; ok && d <= len(p.items); k, ok = parents[k] {
			d++
		}
		return d
	}
	items := slices.Clone(p.items)
	slices.SortStableFunc(items, func(a, b item) int { return depth(a) - depth(b) })
	return items
}

func (p *local) changed() bool { return len(p.items) > 0 }

// keep saves the items, after it made sure that they still go with what others
// may have kept since.
func (p *local) keep(ctx context.Context) error {
	now, err := localOf(ctx, p.service, p.tally)
	if err != nil {
		return err
	}
	if _, err := now.with(p.items); err != nil {
		return fault.Conflictf("", "导入期间代码表有了变动，请重新导入：%v", err)
	}
	var added []codes.Code
	var mapped []codes.Mapping
	for _, x := range p.items {
		if x.maps {
			mapped = append(mapped, x.mapping)
		} else {
			added = append(added, x.code)
		}
	}
	return p.service.Store.SaveLocalCodes(ctx, added, mapped)
}
