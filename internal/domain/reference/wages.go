package reference

import (
	"context"
	"fmt"
	"strconv"

	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/exchange"
)

// wages plans a file of minimum wages.
type wages struct {
	*tally
	service *Service
	regions *codes.Table
	there   map[wageKey]Wage
	changes []Wage // in the order of the file
}

type wageKey struct {
	region string
	from   calendar.Day
}

func planWages(ctx context.Context, s *Service, t *tally) (planner, error) {
	list, err := s.Store.Wages(ctx)
	p := newWages(t, s.Book().Table("region"), list)
	p.service = s
	return p, err
}

func newWages(t *tally, regions *codes.Table, list []Wage) *wages {
	p := &wages{tally: t, regions: regions, there: make(map[wageKey]Wage, len(list))}
	for _, w := range list {
		p.there[wageKey{w.Region, w.From}] = w
	}
	return p
}

func (p *wages) row(l exchange.Line) {
	v := l.Values
	for _, field := range []string{"region", "from", "monthly"} {
		if v[field] == "" {
			p.refuse(l.Number, field, "", "请填写%s", exchange.Title(exchange.Wages, field))
			return
		}
	}
	key := wageKey{v["region"], calendar.Day(v["from"])}
	name := key.region
	if c, ok := p.regions.Find(key.region); ok {
		name = c.Name
	}
	if !p.once(l, key.region+" "+string(key.from), "region", name+" "+string(key.from)) {
		return
	}
	old, there := p.there[key]
	w := old
	w.Region, w.From, w.Monthly = key.region, key.from, fen(v["monthly"])
	if hourly, said := v["hourly"]; said {
		w.Hourly = fen(hourly)
	}
	if source, said := v["source"]; said {
		w.Source = source
	}
	switch {
	case w.Monthly == 0:
		p.refuse(l.Number, "monthly", "0", "月最低工资不能是 0，请按当地文件填写")
		return
	case there && w == old:
		p.tell(exchange.Same, l.Number, name)
		return
	}
	kind, line := exchange.Added, exchange.Difference{After: told(w), Text: "自 " + string(w.From) + " 起"}
	if there {
		kind, line.Before = exchange.Changed, told(old)
	}
	p.tell(kind, l.Number, name, line)
	p.changes = append(p.changes, w)
}

// fen reads what the form Pay keeps; blank is 0.
func fen(s string) int64 {
	n, _ := strconv.ParseInt(s, 10, 64) // the form Pay keeps digits only
	return n
}

func told(w Wage) string {
	s := "每月 " + yuan(w.Monthly) + " 元"
	if w.Hourly > 0 {
		s += "，每小时 " + yuan(w.Hourly) + " 元"
	}
	return s
}

// yuan writes fen as the form Pay reads them.
func yuan(fen int64) string { return fmt.Sprintf("%d.%02d", fen/100, fen%100) }

func (p *wages) finish() error { return nil }

func (p *wages) changed() bool { return len(p.changes) > 0 }

func (p *wages) keep(ctx context.Context) error {
	bySource := map[string][]codes.MinimumWage{}
	var sources []string
	for _, c := range p.changes {
		if bySource[c.Source] == nil {
			sources = append(sources, c.Source)
		}
		bySource[c.Source] = append(bySource[c.Source], c.MinimumWage)
	}
	for _, source := range sources {
		if err := p.service.Store.SaveMinimumWages(ctx, bySource[source], source); err != nil {
			return err
		}
	}
	return nil
}
