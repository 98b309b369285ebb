package demo

import "testing"

// BenchmarkTell is the making of people and stories, without writing them.
func BenchmarkTell(b *testing.B) {
	s, err := newSchool(Size, 1)
	if err != nil {
		b.Fatal(err)
	}
	events := 0
	for b.Loop() {
		events = 0
		s.everybody(func(p *teller) { events += len(p.events) })
	}
	b.ReportMetric(float64(events*b.N)/b.Elapsed().Seconds(), "events/s")
}
