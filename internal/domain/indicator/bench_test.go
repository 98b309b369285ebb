package indicator

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"testing"
	"time"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/history"
)

// BenchmarkCountMillion counts level × college over a million graduates of about
// five events each, as of a day in the midst of them, on warm arrays. Building
// time is reported beside it.
func BenchmarkCountMillion(b *testing.B) {
	const n = 1_000_000
	began := time.Now()
	c := NewColumns(ministryNoWork)
	var one []history.Event
	for e := range stream(n) {
		if e.Seq == 1 && len(one) > 0 {
			c.Put(one[0].Graduate, one)
			one = one[:0]
		}
		one = append(one, e)
	}
	c.Put(one[0].Graduate, one)
	b.Logf("%d graduates built in %s, making them included", n, time.Since(began).Round(time.Millisecond))
	q := Query{Table: "destination", Cohorts: []string{"2024"}, By: []Dim{"level", "college"}, Within: access.School()}
	q.AsOf, _ = calendar.ParseWhen("2024-08-31")
	e := env()
	for _, known := range []string{"", "2024-08-31"} {
		b.Run("known_at="+known, func(b *testing.B) {
			q := q
			if known != "" {
				q.KnownAt, _ = calendar.ParseWhen(known)
			}
			for b.Loop() {
				t, err := c.Count(q, e)
				if err != nil || t.Rows[len(t.Rows)-1].N == 0 {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/1000/float64(b.N), "ms/query")
		})
	}
}

func env() Env {
	book := codes.Builtin()
	return Env{Now: calendar.Day("2025-06-16").Start(), Book: book, Names: NewNames(book, nil)}
}

// stream makes events of n invented graduates: enrolled, submitted, passed,
// approved, and some a year of corrections.
func stream(n int) iter.Seq[history.Event] {
	r := rand.New(rand.NewPCG(1, 2))
	levels := []string{"undergraduate", "master", "doctor", "associate"}
	codesOf := []string{"10", "11", "12", "271", "502", "512", "75", "76", "801", "85", "70-SEEK", "71", "72-NONE"}
	names := func(prefix string, n int) []string {
		out := make([]string, n)
		for i := range out {
			out[i] = fmt.Sprintf("%s%03d", prefix, i)
		}
		return out
	}
	colleges, majors, classes := names("c", 40), names("m", 200), names("k", 30_000)
	regions := make([]string, 0, 3000)
	for _, c := range codes.Builtin().Table("region").All() {
		regions = append(regions, c.Code)
	}
	start := calendar.Day("2024-03-01").Start()
	return func(yield func(history.Event) bool) {
		for g := range n {
			id, seq, known := fmt.Sprintf("g%07d", g), 0, start
			put := func(e history.Event) bool {
				seq++
				known += calendar.Instant(r.IntN(70 * 24 * 3600 * 1000))
				e.Graduate, e.Seq, e.KnownAt = id, seq, known
				return yield(e)
			}
			k := r.IntN(len(classes))
			ok := put(history.Event{Set: history.Settings{{Key: history.Cohort, Value: "2024"}, {Key: history.Level, Value: levels[k%4]},
				{Key: history.College, Value: colleges[k%40]}, {Key: history.Major, Value: majors[k%200]}, {Key: history.Class, Value: classes[k]},
				{Key: history.Sex, Value: "1"}, {Key: history.Origin, Value: regions[r.IntN(len(regions))]}, {Key: history.InStatistics, Value: history.True}}}) &&
				put(history.Event{Change: "x", Act: history.Open, Case: "k", Step: history.Submitted, TrueOn: calendar.DayOf(known).AddDays(r.IntN(80) - 30), Scheme: "MOE-2021",
					Code: codesOf[r.IntN(len(codesOf))], Counts: history.Counted{Nature: "23", HospitalLevel: "31", Industry: "43", Region: regions[r.IntN(len(regions))]}}) &&
				put(history.Event{Change: "x", Step: history.Passed, Level: 1}) &&
				put(history.Event{Change: "x", Step: history.Approved, Level: 2})
			if ok && r.IntN(2) == 0 {
				ok = put(history.Event{Change: "y", Act: history.Amend, Case: "k", Step: history.Recorded, Code: codesOf[r.IntN(len(codesOf))], Scheme: "MOE-2021"})
			}
			if !ok {
				return
			}
		}
	}
}

func ministryNoWork(_, code string) bool { return len(code) > 1 && code[0] == '7' && code[1] < '3' }
