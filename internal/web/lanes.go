package web

import (
	"fmt"
	"strings"

	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/history"
)

// lanes is the drawing of the two times: what is so above, what the school knew
// of it below. All lengths are of the drawing.
type lanes struct {
	Actual, Told []laneSegment
	Gaps         []laneGap
	Ticks        []laneTick
	Mark         float64 // of the chosen day; 0: outside or none
	Says         string  // the drawing in a sentence, for who cannot see it
}

type laneSegment struct {
	X, Width, Middle float64
	Kind             string // of the fill
	Label            string // blank where there is no room
}

type laneGap struct {
	X, Width, Middle float64
	Label            string
}

type laneTick struct {
	X     float64
	Label string
}

// Edges of the lanes in the drawing, and how wide a sign is.
const (
	laneLeft, laneRight = 52.0, 800.0
	laneSign            = 13.0
)

// drawLanes lays the two times out from a month before the first thing that
// happened to a month after the last.
func drawLanes(actual, told []history.DestinationPiece, first, today, chosen calendar.Day, name func(p history.DestinationPiece, told bool) (label, kind string)) *lanes {
	from, to := laneSpan(actual, told, first, today)
	days := float64(between(from, to))
	x := func(d calendar.Day) float64 {
		return laneLeft + (laneRight-laneLeft)*float64(between(from, min(max(d, from), to)))/days
	}
	out := &lanes{Actual: laneSegments(actual, to, x, false, name), Told: laneSegments(told, to, x, true, name)}
	out.gaps(actual, told, today, x)
	out.ticks(from, to, x)
	if chosen != "" && from <= chosen && chosen <= to {
		out.Mark = x(chosen)
	}
	out.Says = "两条时间：上面是实际去向，下面是学校当时记着的去向。"
	for _, g := range out.Gaps {
		out.Says += g.Label + "。"
	}
	if len(out.Gaps) == 0 {
		out.Says += "没有晚记。"
	}
	return out
}

// laneSpan is the days that the drawing shows.
func laneSpan(actual, told []history.DestinationPiece, first, today calendar.Day) (from, to calendar.Day) {
	from, to = "", ""
	for _, list := range [][]history.DestinationPiece{actual, told} {
		for _, p := range list {
			if p.From == "" {
				continue
			}
			if from == "" || p.From < from {
				from = p.From
			}
			to = max(to, p.From)
		}
	}
	if from == "" { // nothing ever happened: since the enrolment
		from, to = first, today
	}
	from = from.AddDays(-30)
	last := to
	if to = to.AddDays(30); between(to, today) < 60 {
		to = max(today, last.AddDays(7)) // the present is the edge, unless something is still to come
	}
	return from, max(to, from.AddDays(60))
}

func laneSegments(list []history.DestinationPiece, to calendar.Day, x func(calendar.Day) float64, told bool, name func(history.DestinationPiece, bool) (string, string)) []laneSegment {
	var out []laneSegment
	for i, p := range list {
		end := to
		if i+1 < len(list) {
			end = list[i+1].From
		}
		s := laneSegment{X: x(p.From), Width: x(end) - x(p.From)}
		if s.Width <= 0 {
			continue
		}
		s.Middle = s.X + s.Width/2
		var label string
		label, s.Kind = name(p, told)
		if signs := float64(len([]rune(label))); signs*laneSign < s.Width-6 {
			s.Label = label
		} else if room := int((s.Width - 6) / laneSign); room >= 2 {
			s.Label = string([]rune(label)[:room-1]) + "…"
		}
		out = append(out, s)
	}
	return out
}

// gaps are where the school learned of a case after the day since when it is so.
func (l *lanes) gaps(actual, told []history.DestinationPiece, today calendar.Day, x func(calendar.Day) float64) {
	for _, p := range actual {
		if p.From == "" || p.Detail != history.Registered {
			continue
		}
		for _, q := range told {
			if q.Case != p.Case || q.From <= p.From || q.From > today {
				continue
			}
			g := laneGap{X: x(p.From), Width: x(q.From) - x(p.From), Label: fmt.Sprintf("晚记 %d 天", between(p.From, q.From))}
			g.Middle = min(max(g.X+g.Width/2, laneLeft+34), laneRight-34)
			if n := len(l.Gaps); n == 0 || g.Middle-l.Gaps[n-1].Middle > 76 {
				l.Gaps = append(l.Gaps, g)
			}
			break
		}
	}
}

// ticks are the first days of months, so many as have room.
func (l *lanes) ticks(from, to calendar.Day, x func(calendar.Day) float64) {
	months := between(from, to)/30 + 1
	step := max(1, (months+9)/10)
	day := calendar.Day(string(from)[:8] + "01")
	for n := 0; day <= to; n++ {
		if day >= from && n%step == 0 {
			label := string(day)[5:]
			if strings.HasPrefix(label, "01-") || len(l.Ticks) == 0 {
				label = string(day)
			}
			if at := x(day); at < laneRight-20 && at > laneLeft+20 {
				l.Ticks = append(l.Ticks, laneTick{at, label})
			}
		}
		day = calendar.Day(string(day.AddDays(31))[:8] + "01")
	}
}

// at is a length of the drawing, as SVG has it.
func at(n float64) string { return fmt.Sprintf("%.1f", n) }

// between returns how many days lie from one day to another.
func between(from, to calendar.Day) int {
	const day = 24 * hour
	return int((to.Start() - from.Start()) / day)
}
