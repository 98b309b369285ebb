package report

import (
	"context"
	"fmt"
	"strings"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/fault"
)

// Compared is one line of two texts: in both, only in the older one, or only in the newer.
type Compared struct {
	Was, Is int // 1-based; 0: it is not there
	Text    string
}

// CompareTexts lays the lines of two texts side by side.
func CompareTexts(was, is string) []Compared {
	a, b := linesOf(was), linesOf(is)
	var out []Compared
	i := 0
	for i < len(a) && i < len(b) && a[i].text == b[i].text {
		out = append(out, Compared{i + 1, i + 1, a[i].text})
		i++
	}
	tail := 0
	for tail < min(len(a), len(b))-i && a[len(a)-1-tail].text == b[len(b)-1-tail].text {
		tail++
	}
	out = append(out, between(a[i:len(a)-tail], b[i:len(b)-tail], i)...)
	for n := tail; n > 0; n-- {
		out = append(out, Compared{len(a) - n + 1, len(b) - n + 1, a[len(a)-n].text})
	}
	return out
}

// between compares the middle of two texts, which begins behind as many lines that are the same.
func between(a, b []unit, before int) []Compared {
	var out []Compared
	if len(a)*len(b) > 4_000_000 {
		for i := range a {
			out = append(out, Compared{before + i + 1, 0, a[i].text})
		}
		for i := range b {
			out = append(out, Compared{0, before + i + 1, b[i].text})
		}
		return out
	}
	for _, s := range steps(a, b) {
		switch {
		case s.a >= 0 && s.b >= 0:
			out = append(out, Compared{before + s.a + 1, before + s.b + 1, a[s.a].text})
		case s.a >= 0:
			out = append(out, Compared{before + s.a + 1, 0, a[s.a].text})
		default:
			out = append(out, Compared{0, before + s.b + 1, b[s.b].text})
		}
	}
	return out
}

func linesOf(text string) []unit {
	var out []unit
	for _, l := range strings.Split(strings.TrimRight(lineEnds(text), "\n"), "\n") {
		out = append(out, unit{text: strings.TrimSpace(l)})
	}
	return out
}

// Against is a draft beside the report of the cohort before.
type Against struct {
	This, Last Draft // Last.ID blank: there was no report of it, and its numbers are those of this text
	Numbers    []AgainstNumber
	Text       []Compared // Last's newest text and this one's; nil without Last
	Nobody     bool       // the school has nobody of the cohort before: there are no numbers
}

// AgainstNumber is what one binding gives in both reports.
type AgainstNumber struct {
	This  Number
	Place int     // of This in the report's Document.Numbers, 1-based
	Last  *Number // nil: the report before does not print it
	Turn  string  // 上升 1.38 个百分点, 减少 43 人, 持平; blank where it cannot be said
}

// AgainstLast compares the newest version of a draft with the newest report of the cohort
// before: for each binding of the text both values, and which lines differ.
//
// Errors: fault.Forbidden, fault.NotFound.
func (s *Service) AgainstLast(ctx context.Context, who access.Actor, id string) (Against, error) {
	all, err := s.Drafts(ctx, who)
	if err != nil {
		return Against{}, err
	}
	v, err := s.Version(ctx, who, id, 0)
	if err != nil {
		return Against{}, err
	}
	out := Against{}
	if out.This, err = s.Store.Report(ctx, id); err != nil {
		return out, err
	}
	before := earlier(out.This.Cohort, 1)
	for _, d := range all {
		if d.Cohort == before && out.Last.ID == "" {
			out.Last = d
		}
	}
	old := v
	if out.Last.ID != "" {
		if old, err = s.Version(ctx, who, out.Last.ID, 0); err != nil {
			return out, err
		}
		out.Text = CompareTexts(old.Text, v.Text)
	} else {
		out.Last = Draft{Cohort: before, Ground: Ground{AsOf: yearsBefore(out.This.AsOf, 1)}}
	}
	return out, s.numbersAgainst(ctx, who, &out, v, old)
}

func (s *Service) numbersAgainst(ctx context.Context, who access.Actor, out *Against, v, old Version) error {
	this, err := s.Preview(ctx, who, out.This.ID, v.Title, v.Text)
	if err != nil {
		return err
	}
	g, err := s.grounds(ctx, who, out.Last.Cohort, out.Last.Ground)
	if fault.KindOf(err) == fault.Invalid {
		out.Nobody = true
		return nil
	}
	if err != nil {
		return err
	}
	last, err := behindErrors(ctx, out.Last, s.subject(out.Last, old.Title, g), old.Text, g)
	if err != nil {
		return err
	}
	then := map[string]*Number{}
	for i := range last.Document.Numbers {
		n := &last.Document.Numbers[i]
		if n.Cohort == out.Last.Cohort {
			then[n.meaning()] = n
		}
	}
	for i, n := range this.Document.Numbers {
		if n.Cohort != out.This.Cohort || n.Format == "" {
			continue
		}
		x := AgainstNumber{This: n, Place: i + 1, Last: then[n.meaning()]}
		if x.Last != nil {
			x.Turn = turned(n, *x.Last)
		}
		out.Numbers = append(out.Numbers, x)
	}
	return nil
}

// meaning is a binding whatever the cohort and its figures.
func (n *Number) meaning() string {
	return fmt.Sprintf("%s %s %s %s", n.Table, n.Cell, strings.Join(n.Where, "，"), n.Format)
}

// turned words what became of a number, as a reader who subtracts what is printed.
func turned(now, then Number) string {
	a, b := bound{Binding: now.Binding, Figure: now.Figure}, bound{Binding: then.Binding, Figure: then.Figure}
	if a.Hidden || b.Hidden || a.Base == 0 || b.Base == 0 {
		return ""
	}
	d := a.value() - b.value()
	words, unit, text := [2]string{"增加 ", "减少 "}, " 人", itoa(max(d, -d))
	if now.Format == Share {
		words, unit, text = [2]string{"上升 ", "下降 "}, " 个百分点", hundredths(max(d, -d))
	}
	switch {
	case d == 0:
		return "持平"
	case d > 0:
		return words[0] + text + unit
	}
	return words[1] + text + unit
}

// LineNow finds what has become of a line of an older text: the line of the newer one that
// is the same or stands in its place, 0 if there is none; and the line behind which it stood.
func LineNow(was, is string, line int) (now, behind int) {
	var gone, come []int
	before := 0
	look := func() (int, int, bool) {
		for i, n := range gone {
			switch {
			case n != line:
			case i < len(come):
				return come[i], come[i] - 1, true
			default:
				return 0, before + len(come), true
			}
		}
		return 0, 0, false
	}
	for _, l := range CompareTexts(was, is) {
		switch {
		case l.Was > 0 && l.Is > 0:
			if now, behind, ok := look(); ok {
				return now, behind
			}
			if l.Was == line {
				return l.Is, l.Is - 1
			}
			gone, come, before = nil, nil, l.Is
		case l.Was > 0:
			gone = append(gone, l.Was)
		default:
			come = append(come, l.Is)
		}
	}
	now, behind, _ = look()
	return now, behind
}
