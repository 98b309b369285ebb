package bench

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"quxiang/internal/app"
	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/httpd"
)

// mostWarm is the 95th percentile that a page may take whose figures are warm.
const mostWarm = 50 * time.Millisecond

// BenchmarkPages asks a whole program for the dashboard over an invented school of
// five cohorts of 50,000, and for the lists behind its numbers: again and again
// (warm), and each time for a day that nobody asked for yet (first). Run by hand:
//
//	go test -run '^$' -bench Pages -benchtime 1x -timeout 60m ./bench
//
// QUXIANG_BENCH_GRADUATES makes the school smaller, QUXIANG_BENCH_DATA keeps it
// in a folder for the next run.
func BenchmarkPages(b *testing.B) {
	size, data := 50_000, os.Getenv("QUXIANG_BENCH_DATA")
	if n, err := strconv.Atoi(os.Getenv("QUXIANG_BENCH_GRADUATES")); err == nil {
		size = n
	}
	if data == "" {
		data = b.TempDir() + "/demo"
	}
	// The invented school has four cohorts of about one size: as many people as five.
	a, err := app.OpenDemo(b.Context(), app.Config{Data: data}, app.Demo{Graduates: size * 5 / 4, Seed: 7})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := a.Close(); err != nil {
			b.Error(err)
		}
	})
	pages, err := a.Pages(httpd.Config{Listen: "127.0.0.1:8080"}, true)
	if err != nil {
		b.Fatal(err)
	}
	links, err := a.DemoLinks(b.Context(), access.Console("bench"), "")
	if err != nil {
		b.Fatal(err)
	}
	v := &visitor{b: b, pages: pages}
	began := time.Now()
	v.get("/")
	b.ReportMetric(time.Since(began).Seconds(), "build-s")
	for i, role := range []string{"office", "leader", "college"} {
		v.enter(links[i].URL)
		for _, page := range []struct{ name, target string }{
			{"dashboard", "/?cohort=2024"}, {"now", "/?cohort=2025&as_of="},
			{"people", "/people?cohort=2024&as_of=2024-08-31&cell=settled"}, {"moves", "/people?cohort=2024&as_of=2024-08-31&since=2024-06-30"},
		} {
			if role == "leader" && page.target[1] == 'p' {
				continue // aggregates only
			}
			v.get(page.target)
			v.measure(role+"-"+page.name, mostWarm, func(int) string { return page.target })
		}
		v.measure(role+"-first", 0, func(n int) string {
			return fmt.Sprintf("/?cohort=2024&as_of=%s", calendar.Day("2024-05-01").AddDays(n+40*i))
		})
	}
	b.ReportMetric(0, "ns/op")
}

// visitor is one browser.
type visitor struct {
	b       *testing.B
	pages   http.Handler
	cookies []*http.Cookie
}

func (v *visitor) enter(link string) {
	u, err := url.Parse(link)
	if err != nil {
		v.b.Fatal(err)
	}
	v.cookies = nil
	v.cookies = v.send(u.Path, http.StatusSeeOther).Result().Cookies()
}

func (v *visitor) get(target string) { v.send(target, http.StatusOK) }

func (v *visitor) send(target string, status int) *httptest.ResponseRecorder {
	v.b.Helper()
	r := httptest.NewRequest("GET", target, nil)
	r.Host, r.RemoteAddr = "127.0.0.1:8080", "127.0.0.1:50000"
	for _, c := range v.cookies {
		r.AddCookie(c)
	}
	w := httptest.NewRecorder()
	v.pages.ServeHTTP(w, r)
	if w.Code != status {
		v.b.Fatalf("%s: %d", target, w.Code)
	}
	return w
}

// measure reports the median and the 95th percentile of forty views; most bounds
// the latter, 0 does not.
func (v *visitor) measure(name string, most time.Duration, target func(n int) string) {
	v.b.Helper()
	took := make([]time.Duration, 40)
	for i := range took {
		began := time.Now()
		v.get(target(i))
		took[i] = time.Since(began)
	}
	slices.Sort(took)
	p95 := took[len(took)*95/100-1]
	v.b.Logf("%s: %v, 95 in 100 within %v", name, took[len(took)/2], p95)
	v.b.ReportMetric(milliseconds(took[len(took)/2]), name+"-p50-ms")
	v.b.ReportMetric(milliseconds(p95), name+"-p95-ms")
	if most > 0 && p95 >= most {
		v.b.Errorf("%s: 95 in 100 views within %v, more than %v", name, p95, most)
	}
}
