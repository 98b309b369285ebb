package specimen

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"
	"time"

	"quxiang/internal/domain/proofread"
	"quxiang/internal/domain/proofread/layout"
)

// BenchmarkRecall plants 200 faults of each kind, each in a report of its own, and prints
// what is found: the table of docs/benchmarks.md.
func BenchmarkRecall(b *testing.B) {
	for b.Loop() {
		var all score
		fmt.Println("| kind of fault | planted | found | by a rule that fits | roots printed | of them strange |\n|---|---|---|---|---|---|")
		for _, p := range Plans {
			s := try(p, 20000, 200)
			fmt.Println(s.line(p.Name))
			all.planted, all.found, all.rule, all.roots, all.strange = all.planted+s.planted, all.found+s.found, all.rule+s.rule, all.roots+s.roots, all.strange+s.strange
		}
		fmt.Println(all.line("all"))
		b.ReportMetric(float64(all.found)/float64(all.planted), "recall")
		b.ReportMetric(float64(all.roots-all.strange)/float64(all.roots), "precision")
		if all.strange*100 > all.roots*5 {
			b.Errorf("%d of %d roots are none that was planted", all.strange, all.roots)
		}
	}
}

func (s score) line(name string) string {
	return fmt.Sprintf("| %s | %d | %d | %d | %d | %d |", name, s.planted, s.found, s.rule, s.roots, s.strange)
}

// BenchmarkFaultless checks 1,000 faultless reports, and some as each kind of text.
func BenchmarkFaultless(b *testing.B) {
	for b.Loop() {
		any, faults := 0, 0
		for seed := range uint64(1000) {
			fs := proofread.Check(Make(100_000 + seed).Document())
			if len(fs) > 0 {
				any++
				fmt.Printf("seed %d:\n%s", 100_000+seed, told(fs))
			}
			faults += errors(fs)
		}
		b.ReportMetric(float64(any), "with-any")
		b.ReportMetric(float64(faults), "errors")
		if faults > 0 {
			b.Errorf("%d findings of severity error in faultless reports", faults)
		}
		for name, m := range Manners {
			bad := 0
			for seed := range uint64(200) {
				if fs := proofread.Check(proofread.Document{Blocks: layout.Blocks(layout.Lines(Make(200_000 + seed).Plain(m)))}); len(fs) > 0 {
					bad++
					fmt.Printf("%s, seed %d:\n%s", name, 200_000+seed, told(fs))
				}
			}
			b.ReportMetric(float64(bad), strings.ReplaceAll(name, " ", "-")+"-of-200")
		}
	}
}

func errors(fs []proofread.Finding) int {
	n := 0
	for _, f := range fs {
		if f.Severity == proofread.Fault {
			n++
		}
	}
	return n
}

// BenchmarkPortable reads faultless reports and faulty ones as LibreOffice prints them to
// pdf, and counts where the findings differ from those of the report itself.
func BenchmarkPortable(b *testing.B) {
	reports := append([]*Report{Make(1), Make(2), Make(3), Make(4), Make(5), Make(6)}, falsified(9000, 12)...)
	files := portable(b, reports)
	for b.Loop() {
		differ := 0
		for i, f := range files {
			want := said(proofread.Check(reports[i].Document()))
			fs := proofread.Check(readFile(b, "报告.pdf", f))
			if got := said(fs); fmt.Sprint(got) != fmt.Sprint(want) {
				differ++
				fmt.Printf("report %d (%s): %q, not %q\n%s", i, reports[i].Quirk, got, want, told(fs))
			}
		}
		b.ReportMetric(float64(differ), fmt.Sprintf("differ-of-%d", len(files)))
	}
}

// thick is a text of some 200 pages.
func thick() string {
	var b strings.Builder
	for seed := range uint64(30) {
		b.WriteString(Make(300+seed).Plain(Drawn) + "\f")
	}
	return b.String()
}

// BenchmarkThick checks 200 pages in under 2 s and 200 MB.
func BenchmarkThick(b *testing.B) {
	text := thick()
	defer debug.SetGCPercent(debug.SetGCPercent(300)) // as the command
	var most time.Duration
	for b.Loop() {
		began := time.Now()
		proofread.Check(proofread.Document{Blocks: layout.Blocks(layout.Lines(text))})
		most = max(most, time.Since(began))
	}
	b.ReportMetric(float64(strings.Count(text, "\f")), "pages")
	b.ReportMetric(float64(peak(b)>>20), "MiB-at-most")
	if most > 2*time.Second && os.Getenv("QUXIANG_CI") == "" {
		b.Errorf("%v for a report of 200 pages", most)
	}
}

// peak is the most memory that the process ever held.
func peak(b *testing.B) int64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		b.Skip("memory is measured on Linux: " + runtime.GOOS)
	}
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	var kib int64
	if _, err := fmt.Sscan(rest, &kib); err != nil {
		b.Fatal(err)
	}
	return kib << 10
}
