package bench

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"quxiang/internal/app"
	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/httpd"
)

// Bounds of the pages (issue 4): the server's time for 95 in 100 views of the
// dashboard and of the review list, a graduate's first view as it travels, and any
// page that draws no chart.
const (
	mostWarm  = 50 * time.Millisecond
	mostFirst = 100 << 10
	mostPage  = 300 << 10
)

// view is a page that is measured, as the role sees it.
type view struct {
	role   access.Role
	name   string
	target string
	bound  bool // within mostWarm
}

// views are the pages that a day in an office opens again and again. The school's
// clock stands on 16 June 2025; its 2024 cohort is behind it.
var views = []view{
	{access.Office, "dashboard", "/", true},
	{access.Office, "dashboard-past", "/?cohort=2024&as_of=2024-08-31", true},
	{access.Office, "dashboard-then", "/?cohort=2024&as_of=2024-08-31&known_at=then", true},
	{access.Office, "dashboard-since", "/?cohort=2024&as_of=2024-08-31&since=2024-06-30", true},
	{access.Office, "review", "/review", true},
	{access.Office, "sheet", "", true},
	{access.Office, "graduates", "/graduates?cohort=2024", false},
	{access.Office, "graduates-state", "/graduates?cohort=2025&state=unregistered", false},
	{access.Office, "graduates-college", "/graduates?cohort=2024&college=c03", false},
	{access.Office, "graduates-name", "/graduates?cohort=2024&q=" + url.QueryEscape("阿"), false},
	{access.Office, "people", "/people?cohort=2024&as_of=2024-08-31&cell=settled", false},
	{access.Office, "moves", "/people?cohort=2024&as_of=2024-08-31&since=2024-06-30", false},
	{access.Office, "classes", "/classes?cohort=2024", false},
	{access.Office, "disputes", "/disputes", false},
	{access.SchoolLeader, "dashboard", "/?cohort=2024&as_of=2024-08-31", true},
	{access.CollegeSecretary, "dashboard", "/", true},
	{access.CollegeSecretary, "dashboard-since", "/?cohort=2024&as_of=2024-08-31&since=2024-06-30", true},
	{access.CollegeSecretary, "review", "/review", true},
	{access.CollegeSecretary, "graduates", "/graduates?cohort=2024", false},
	{access.CollegeSecretary, "people", "/people?cohort=2024&as_of=2024-08-31&cell=settled", false},
	{access.CollegeSecretary, "moves", "/people?cohort=2024&as_of=2024-08-31&since=2024-06-30", false},
	{access.Counsellor, "dashboard", "/", true},
	{access.Counsellor, "review", "/review", true},
	{access.Counsellor, "graduates", "/graduates?cohort=2025", false},
	{access.Counsellor, "classes", "/classes?cohort=2025", false},
	{access.Graduate, "mine", "/mine", true},
	{access.Graduate, "register", "/mine/register", true},
}

// BenchmarkPages asks a whole program for the pages of a day, over an invented
// school of 250,000 graduates in five cohorts: each again and again (warm), and
// the dashboard each time for a day that nobody asked for yet (first). Run by hand:
//
//	go test -run '^$' -bench Pages -benchtime 1x -timeout 60m ./bench
//
// QUXIANG_BENCH_GRADUATES is the size of one cohort, QUXIANG_BENCH_DATA a folder
// that keeps the school for the next run, QUXIANG_BENCH_VIEW names the views to
// measure by a regular expression over role/name.
func BenchmarkPages(b *testing.B) {
	size := 52_700
	if n, err := strconv.Atoi(os.Getenv("QUXIANG_BENCH_GRADUATES")); err == nil {
		size = n
	}
	only := regexp.MustCompile(os.Getenv("QUXIANG_BENCH_VIEW"))
	data := keptData(b)
	began := time.Now()
	largeSchool(b, data, size)
	b.Logf("the school: %.0f s", time.Since(began).Seconds())
	began = time.Now()
	a, err := app.OpenDemo(b.Context(), app.Config{Data: data}, app.Demo{})
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
	v := &visitor{b: b, pages: pages, links: map[access.Role]string{}}
	v.get("/")
	b.ReportMetric(time.Since(began).Seconds(), "start-s")
	links, err := a.DemoLinks(b.Context(), access.Console("bench"), "")
	if err != nil {
		b.Fatal(err)
	}
	for _, l := range links {
		for _, r := range append(access.Roles(), string(access.Graduate)) {
			if access.Role(r).Title() == l.Role {
				v.links[access.Role(r)] = l.URL
			}
		}
	}
	for _, x := range views {
		if only.MatchString(string(x.role) + "/" + x.name) {
			v.measure(x)
		}
	}
	if only.MatchString("first") {
		v.first()
	}
	runtime.GC()
	b.ReportMetric(float64(resident(b))/(1<<20), "rss-MiB")
	b.ReportMetric(0, "ns/op")
}

// visitor is one browser.
type visitor struct {
	b       *testing.B
	pages   http.Handler
	links   map[access.Role]string
	role    access.Role
	cookies []*http.Cookie
}

// enter signs in as the role.
func (v *visitor) enter(role access.Role) {
	v.b.Helper()
	if v.role == role {
		return
	}
	u, err := url.Parse(v.links[role])
	if err != nil || u.Path == "" {
		v.b.Fatalf("no link for %s: %v", role, err)
	}
	v.role, v.cookies = role, nil
	v.cookies = v.send(u.Path, http.StatusSeeOther).Result().Cookies()
}

func (v *visitor) get(target string) []byte { return v.send(target, http.StatusOK).Body.Bytes() }

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
		v.b.Fatalf("%s: %d: %s", target, w.Code, w.Body)
	}
	return w
}

// timed are many views of one page: their wall clocks in order, and the processor
// time of the whole program for each, collecting garbage included.
type timed struct {
	took []time.Duration
	cpu  time.Duration
	size int
}

// half and most are the median and the 95th percentile.
func (t timed) half() time.Duration { return t.took[len(t.took)/2] }
func (t timed) most() time.Duration { return t.took[(len(t.took)*95+99)/100-1] }

// patience is how long one page is opened again and again at most.
const patience = 5 * time.Second

// views opens the targets one after the other, n of them or ten at least.
func (v *visitor) views(n int, target func(i int) string) (t timed) {
	before, first := used(v.b), time.Now()
	for i := 0; i < n && (i < 10 || time.Since(first) < patience); i++ {
		began := time.Now()
		t.size = len(v.get(target(i)))
		t.took = append(t.took, time.Since(began))
	}
	t.cpu = (used(v.b) - before) / time.Duration(len(t.took))
	slices.Sort(t.took)
	return t
}

// log prints at once: what a benchmark logs itself is shown when all of it is over.
func (v *visitor) log(name string, t timed) {
	fmt.Fprintf(os.Stderr, "%-36s half within %6.1f ms, 95 in 100 within %6.1f ms, processor %6.1f ms, %4d KB\n",
		name, milliseconds(t.half()), milliseconds(t.most()), milliseconds(t.cpu), t.size>>10)
}

// measure opens a page forty times, after a view that warms it.
func (v *visitor) measure(x view) {
	v.b.Helper()
	v.enter(x.role)
	if x.target == "" { // the first change of the list, in its own address
		x.target = v.link("/review", `href="(/review/[^"?]+)`)
	}
	same := func(int) string { return x.target }
	v.get(x.target)
	t := v.views(40, same)
	name := string(x.role) + "-" + x.name
	v.log(name, t)
	v.b.ReportMetric(milliseconds(t.most()), name+"-p95-ms")
	v.b.ReportMetric(milliseconds(t.cpu), name+"-cpu-ms")
	if x.bound && t.most() >= mostWarm {
		v.b.Errorf("%s: 95 in 100 views within %v, more than %v", name, t.most(), mostWarm)
	}
	if t.size > mostPage && !strings.Contains(x.name, "dashboard") {
		v.b.Errorf("%s: %d KB, more than %d", name, t.size>>10, mostPage>>10)
	}
	if x.role == access.Graduate {
		v.weigh(name, x.target)
	}
}

// link finds an address in a page.
func (v *visitor) link(page, pattern string) string {
	m := regexp.MustCompile(pattern).FindSubmatch(v.get(page))
	if m == nil {
		v.b.Fatalf("%s: no %s", page, pattern)
	}
	return string(m[1])
}

// weigh sums up what a phone loads for its first view: the page and every file
// that it names, packed.
func (v *visitor) weigh(name, target string) {
	page := v.get(target)
	total, seen := packed(page), map[string]bool{}
	for _, m := range regexp.MustCompile(`(?:src|href)="(/static/[^"]+)"`).FindAllSubmatch(page, -1) {
		if file := string(m[1]); !seen[file] {
			seen[file] = true
			total += packed(v.get(file))
		}
	}
	fmt.Fprintf(os.Stderr, "%-36s %d KB packed, with %d files\n", name, total>>10, len(seen))
	v.b.ReportMetric(float64(total)/1024, name+"-packed-KB")
	if total >= mostFirst {
		v.b.Errorf("%s: a first view of %d KB, more than %d", name, total>>10, mostFirst>>10)
	}
}

func packed(content []byte) int {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	w.Write(content)
	w.Close()
	return out.Len()
}

// first opens the dashboard for days that nobody asked for yet.
func (v *visitor) first() {
	v.enter(access.Office)
	t := v.views(20, func(i int) string {
		return fmt.Sprintf("/?cohort=2024&as_of=%s", calendar.Day("2024-05-01").AddDays(i))
	})
	v.log("a day that nobody asked for", t)
	v.b.ReportMetric(milliseconds(t.most()), "first-p95-ms")
	v.b.ReportMetric(milliseconds(t.cpu), "first-cpu-ms")
}

// used is the processor time of this process so far.
func used(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// resident is the memory that this process holds, in bytes.
func resident(b *testing.B) (n int64) {
	b.Helper()
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		b.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(status), "VmRSS:")
	if _, err := fmt.Sscanf(rest, "%d kB", &n); err != nil {
		b.Fatal(err)
	}
	return n << 10
}
