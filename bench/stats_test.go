package bench

import (
	"context"
	"database/sql"
	_ "embed"
	"maps"
	"runtime"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/history"
	"quxiang/internal/domain/indicator"
	"quxiang/internal/store/storetest"
)

const million = 1_000_000

// plain is what a user would write on PostgreSQL over the same events.
//
//go:embed stats.sql
var plain string

// figure of one row: people, and those settled.
type figure struct{ n, settled int }

// BenchmarkStats counts level × college over a million graduates as of a day:
// our warm arrays against plain SQL over the same events on PostgreSQL. Both
// must give the same figures.
func BenchmarkStats(b *testing.B) {
	ctx := context.Background()
	db, err := sql.Open("pgx", storetest.Postgres(b).URL)
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	loadEvents(b, ctx, db)

	book := codes.Builtin()
	began := time.Now()
	columns := indicator.NewColumns(func(_, code string) bool {
		c, ok := book.Table("destination").Find(code)
		return ok && c.Class == "未就业"
	})
	for events := range histories(million) {
		columns.Put(events[0].Graduate, events)
	}
	built := time.Since(began)
	runtime.GC()

	asOf, _ := calendar.ParseWhen("2024-08-31")
	known, _ := calendar.ParseWhen("2024-12-31")
	q := indicator.Query{Table: "destination", Definition: "moe-2024", Cohorts: []string{"2024"}, AsOf: asOf, KnownAt: known,
		By: []indicator.Dim{"level", "college"}, Within: access.School()}
	env := indicator.Env{Now: calendar.Day("2025-06-16").Start(), Book: book, Names: indicator.NewNames(book, nil)}
	var ours, theirs []time.Duration
	for range 7 {
		began := time.Now()
		want := bySQL(b, ctx, db, known.For("2024"), "2024-08-31")
		theirs = append(theirs, time.Since(began))
		for range 9 {
			began = time.Now()
			t, err := columns.Count(q, env)
			ours = append(ours, time.Since(began))
			if err != nil {
				b.Fatal(err)
			}
			if got := figures(&t); !maps.Equal(got, want) {
				b.Fatalf("the two differ: %v, %v", got, want)
			}
		}
	}
	a, p := median(ours), median(theirs)
	b.ReportMetric(float64(a.Microseconds())/1000, "ours-ms")
	b.ReportMetric(float64(p.Microseconds())/1000, "sql-ms")
	b.ReportMetric(float64(p)/float64(a), "ratio")
	b.ReportMetric(built.Seconds(), "build-s")
	b.ReportMetric(0, "ns/op")
}

func figures(t *indicator.Table) map[string]figure {
	out := map[string]figure{}
	for i := range t.Rows {
		if r := &t.Rows[i]; !r.Total {
			out[r.Values[0].Key+" "+r.Values[1].Key] = figure{r.N, r.Cells[0].K}
		}
	}
	return out
}

func bySQL(b *testing.B, ctx context.Context, db *sql.DB, known calendar.Instant, day string) map[string]figure {
	rows, err := db.QueryContext(ctx, plain, int64(known), day)
	if err != nil {
		b.Fatal(err)
	}
	defer rows.Close()
	out := map[string]figure{}
	for rows.Next() {
		var level, college string
		var f figure
		if err := rows.Scan(&level, &college, &f.n, &f.settled); err != nil {
			b.Fatal(err)
		}
		out[level+" "+college] = f
	}
	if err := rows.Err(); err != nil {
		b.Fatal(err)
	}
	return out
}

// loadEvents copies the events into a table of typed columns, with a key, and
// has PostgreSQL gather its statistics.
func loadEvents(b *testing.B, ctx context.Context, db *sql.DB) {
	run := func(statement string) {
		if _, err := db.ExecContext(ctx, statement); err != nil {
			b.Fatal(err)
		}
	}
	run(`create table event (graduate text, seq int, known_at bigint, kind text, true_on text, cohort text, level text, college text,
		in_statistics boolean, change_id text, step text, act text, case_id text, code text)`)
	conn, err := db.Conn(ctx)
	if err != nil {
		b.Fatal(err)
	}
	defer conn.Close()
	rows := make(chan []any, 1000)
	go func() {
		defer close(rows)
		for events := range histories(million) {
			for i := range events {
				rows <- typed(&events[i])
			}
		}
	}()
	err = conn.Raw(func(c any) error {
		_, err := c.(*stdlib.Conn).Conn().CopyFrom(ctx, pgx.Identifier{"event"}, []string{"graduate", "seq", "known_at", "kind", "true_on",
			"cohort", "level", "college", "in_statistics", "change_id", "step", "act", "case_id", "code"},
			pgx.CopyFromFunc(func() ([]any, error) { return <-rows, nil }))
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	run(`alter table event add primary key (graduate, seq)`)
	run(`vacuum analyze event`)
}

// typed is one event as a row; what it does not say is null.
func typed(e *history.Event) []any {
	said := func(s string) any {
		if s == "" {
			return nil
		}
		return s
	}
	attr := func(k history.Key) any {
		v, _ := e.Set.Value(k)
		return said(v)
	}
	kind := "person"
	if e.Step != "" {
		kind = "step"
	}
	var in any
	if v, ok := e.Set.Value(history.InStatistics); ok {
		in = v == history.True
	}
	return []any{e.Graduate, e.Seq, int64(e.KnownAt), kind, said(string(e.TrueOn)), attr(history.Cohort), attr(history.Level), attr(history.College),
		in, said(e.Change), said(string(e.Step)), said(string(e.Act)), said(e.Case), said(e.Code)}
}

