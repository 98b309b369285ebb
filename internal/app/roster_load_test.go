package app_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"quxiang/internal/app"
	"quxiang/internal/domain/exchange"
	"quxiang/internal/domain/roster"
	"quxiang/internal/store/storetest"
)

// While one import reads, another one may publish; the slower plans again.
func TestRosterImportsAtOneMoment(t *testing.T) {
	onBothEngines(t, func(t *testing.T, r register) {
		var text strings.Builder
		text.WriteString("学号,姓名,学院,学历\n")
		for i := range 1200 {
			fmt.Fprintf(&text, "S%d,某%d,学院%d,本科\n", i, i, i%7)
		}
		done := make(chan exchange.Report, 2)
		for range 2 {
			go func() {
				report, err := r.Import(context.Background(), rosterOffice, app.TableFile("生源.csv", []byte(text.String())), roster.ImportOptions{Cohort: "2024"})
				if err != nil {
					t.Error(err)
				}
				done <- report
			}()
		}
		a, b := <-done, <-done
		if a.Counts[exchange.Added]+b.Counts[exchange.Added] != 1200 || a.Counts[exchange.Same]+b.Counts[exchange.Same] != 1200 {
			t.Errorf("%s and %s", tally(a), tally(b))
		}
		if units, _ := r.store.Units(t.Context()); len(units) != 7 {
			t.Errorf("%d colleges, want 7", len(units))
		}
	})
}

// A stopped import leaves nothing staged and nothing kept.
func TestRosterImportThatIsStopped(t *testing.T) {
	onBothEngines(t, func(t *testing.T, r register) {
		var text strings.Builder
		text.WriteString("学号,姓名,学历\n")
		for i := range 1200 {
			fmt.Fprintf(&text, "S%d,某%d,本科\n", i, i)
		}
		ctx, cancel := context.WithCancel(t.Context())
		_, err := r.Import(ctx, rosterOffice, app.TableFile("生源.csv", []byte(text.String())), roster.ImportOptions{Cohort: "2024", Progress: func(int64, int64) { cancel() }})
		if !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		if got := r.everything(); strings.Contains(got, "S1") {
			t.Error("something was kept")
		}
	})
}

func TestRosterImportIsBoundedInMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("20,000 rows")
	}
	s := storetest.Open(t, storetest.SQLite(t))
	r := newRegister(t, s)
	header := exchange.Columns(exchange.Person)
	var text strings.Builder
	for i, c := range header {
		if i > 0 {
			text.WriteByte(',')
		}
		text.WriteString(c.Title)
	}
	for i := range 20_000 {
		text.WriteByte('\n')
		for k, c := range header {
			if k > 0 {
				text.WriteByte(',')
			}
			text.WriteString(cellFor(c, i))
		}
	}
	file := app.TableFile("生源.csv", []byte(text.String()))
	text.Reset()
	var peak uint64
	report, err := r.Import(t.Context(), rosterOffice, file, roster.ImportOptions{Progress: func(int64, int64) {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		peak = max(peak, m.HeapInuse)
	}})
	if err != nil || report.Counts[exchange.Added] != 20_000 {
		t.Fatalf("%s, %v: %v", tally(report), err, report.Refusals)
	}
	if peak > 200<<20 {
		t.Errorf("heap %d MiB at its highest", peak>>20)
	}
	t.Logf("heap %d MiB at its highest", peak>>20)
}

// cellFor invents a cell; nobody has these numbers.
func cellFor(c exchange.Column, i int) string {
	switch c.Field {
	case "student_no", "exam_no":
		return fmt.Sprintf("%s%06d", c.Title, i)
	case "name":
		return fmt.Sprintf("某%d", i)
	case "cohort", "graduation_year":
		return "2024"
	case "education":
		return "31"
	case "college", "major", "class":
		return fmt.Sprintf("%s%d", c.Title, i%40)
	case "phone":
		return fmt.Sprintf("1000%07d", i)
	case "sex":
		return "1"
	case "difficulty":
		return fmt.Sprint(i % 8)
	}
	if c.Form == exchange.Text && c.Field != "nationality" && c.Field != "id_kind" {
		return fmt.Sprintf("%s的内容%d", c.Title, i)
	}
	return ""
}
