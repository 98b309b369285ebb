package app

import (
	"context"
	"fmt"
	"io"

	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/matching"
)

// MatchMethod is one way to make lists, measured.
type MatchMethod struct {
	Method string `json:"method"` // naive, greedy, serial, fair
	matching.Measure
	Value int64   `json:"value"`
	Bound int64   `json:"bound"`
	Gap   float64 `json:"gap"`
	CPU   float64 `json:"cpu_seconds"` // of making the lists, without measuring them
}

// MatchBench compares the ways to make lists of one market. tell is told what begins.
// The fair lists are returned for a certificate. Errors: as the market's.
func MatchBench(ctx context.Context, m *matching.Market, t matching.Terms, tell func(string)) (out []MatchMethod, fair *matching.Lists, err error) {
	for _, method := range []struct {
		name string
		make func(context.Context, matching.Terms) (*matching.Lists, error)
	}{{"naive", m.Plain}, {"greedy", m.Greedy}, {"serial", m.Serial}, {"fair", func(ctx context.Context, t matching.Terms) (*matching.Lists, error) {
		l, _, err := m.Fair(ctx, t)
		return l, err
	}}} {
		tell(method.name)
		begun := CPU()
		l, err := method.make(ctx, t)
		if err != nil {
			return nil, nil, err
		}
		one := MatchMethod{Method: method.name, CPU: (CPU() - begun).Seconds()}
		if one.Measure, err = m.Measure(ctx, t, l); err != nil {
			return nil, nil, err
		}
		proof, err := m.Certify(ctx, t, l)
		if err != nil {
			return nil, nil, err
		}
		one.Value, one.Bound, one.Gap = proof.Value, proof.Bound, proof.Gap()
		out, fair = append(out, one), l
	}
	best := out[len(out)-1].Bound
	for i := range out { // the bound of the fair lists' prices holds for all that keep the caps
		if o := &out[i]; o.OverCap == 0 {
			o.Bound = min(o.Bound, best)
			o.Gap = matching.Certificate{Value: o.Value, Bound: o.Bound}.Gap()
		}
	}
	return out, fair, nil
}

// ReadMarket reads a file of wishes and one of positions. passed are the columns that were
// not read, of each file. Errors: fault.Invalid with where and what.
func ReadMarket(ctx context.Context, wishes, positions File) (m *matching.Market, passed [2][]string, err error) {
	book := codes.Builtin()
	src, err := TableFile(wishes.Name, wishes.Content).Open(ctx)
	if err != nil {
		return nil, passed, err
	}
	w, unread, err := matching.ReadWishes(src, book)
	passed[0] = unread
	if err != nil {
		return nil, passed, fmt.Errorf("%s：%w", wishes.Name, err)
	}
	if src, err = TableFile(positions.Name, positions.Content).Open(ctx); err != nil {
		return nil, passed, err
	}
	p, unread, err := matching.ReadPositions(src, book)
	passed[1] = unread
	if err != nil {
		return nil, passed, fmt.Errorf("%s：%w", positions.Name, err)
	}
	m, err = matching.NewMarket(w, p)
	return m, passed, err
}

// File is a file in memory.
type File struct {
	Name    string
	Content []byte
}

// Circles are the groups of regions that a wish may be widened to.
func Circles() []matching.Circle {
	var out []matching.Circle
	for _, g := range codes.Builtin().RegionGroups() {
		out = append(out, matching.Circle{Name: g.Name, Codes: g.Prefixes})
	}
	return out
}

// WriteCertificate writes the folder of a certificate with numbers for names, in the order
// of lots: nobody is known by them.
func WriteCertificate(ctx context.Context, m *matching.Market, t matching.Terms, l *matching.Lists, open func(name string) (io.WriteCloser, error)) error {
	number := func(letter string) func(int) string {
		return func(i int) string { return fmt.Sprintf("%s%07d", letter, i+1) }
	}
	return m.WriteFolder(ctx, t, l, number("g"), number("p"), open)
}
