package web

import (
	"context"
	"io"
	"slices"
	"strings"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/roster"
)

// SlipSheet is activation codes to print: a page a class, slips to cut (激活码条).
type SlipSheet struct {
	School  string
	Address string // where a graduate goes with the code, without the scheme; blank: not known
	Made    calendar.Instant
	Groups  []SlipGroup
}

// SlipGroup is the slips of one class.
type SlipGroup struct {
	College, Class string // names; Class blank: in no class
	Slips          []access.Slip
}

// NewSlipSheet puts slips, which come by college and class, under the names of
// units. base is how users reach the server.
func NewSlipSheet(school, base string, made calendar.Instant, units []roster.Unit, slips []access.Slip) *SlipSheet {
	names := map[string]string{}
	for _, u := range units {
		names[u.ID] = u.Name
	}
	s := &SlipSheet{School: school, Made: made}
	if base != "" {
		_, host, _ := strings.Cut(base, "://")
		s.Address = strings.TrimSuffix(host, "/") + "/activate"
	}
	for i, slip := range slips {
		if i == 0 || slip.College != slips[i-1].College || slip.Class != slips[i-1].Class {
			s.Groups = append(s.Groups, SlipGroup{College: names[slip.College], Class: names[slip.Class]})
		}
		g := &s.Groups[len(s.Groups)-1]
		g.Slips = append(g.Slips, slip)
	}
	return s
}

// Count returns how many slips there are.
func (s *SlipSheet) Count() int {
	n := 0
	for _, g := range s.Groups {
		n += len(g.Slips)
	}
	return n
}

// Write writes a page of its own, with its styles in it, to be printed from a file.
func (s *SlipSheet) Write(ctx context.Context, w io.Writer) error {
	var style strings.Builder
	for _, file := range []string{"00-tokens.css", "10-base.css", "60-slips.css"} {
		b, err := staticFiles.ReadFile("static/css/" + file)
		if err != nil {
			return err
		}
		style.Write(b)
	}
	return slipFile(s, "<style>"+style.String()+"</style>").Render(ctx, w)
}

// title of a group: its class, else its college.
func (g *SlipGroup) title() string {
	return strings.Join(slices.DeleteFunc([]string{g.College, g.Class}, func(s string) bool { return s == "" }), " ")
}

// untilDay is the last day on which a code surely holds.
func untilDay(i calendar.Instant) string { return string(calendar.DayOf(i)) }
