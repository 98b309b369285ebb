package app_test
import ("testing";"time";"fmt";"quxiang/internal/app";"quxiang/internal/domain/report";"quxiang/internal/domain/calendar")
func TestZZSpeed(t *testing.T) {
	a := buildDemo(t, app.Config{Data: t.TempDir() + "/data"}, 2660, 1)
	day, _ := calendar.ParseWhen("2024-08-31")
	d, err := a.Annual.Begin(t.Context(), keeper, report.Beginning{Cohort: "2024", AsOf: day})
	if err != nil { t.Fatal(err) }
	v, _ := a.Annual.Version(t.Context(), keeper, d.ID, 0)
	for i := range 5 {
		at := time.Now()
		p, err := a.Annual.Preview(t.Context(), keeper, d.ID, v.Title, v.Text+fmt.Sprint("段落", i/2))
		if err != nil { t.Fatal(err) }
		fmt.Println(i, time.Since(at), len(p.Document.Blocks), len(p.Problems), p.Standings)
		if i == 1 { for _, x := range p.Problems { fmt.Printf("%+v\n", x) } 
		at = time.Now(); report.Lint(report.Annual(), p.Document); fmt.Println("lint", time.Since(at)) }
	}
}
