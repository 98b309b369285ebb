package app_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"quxiang/internal/app"
	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/release"
	"quxiang/internal/httpd"
	"quxiang/internal/web"
)

// countingShows counts how often a snapshot's rows are read.
type countingShows struct {
	*release.Service
	n int
}

// Show counts the call.
func (s *countingShows) Show(ctx context.Context, who access.Actor, name string, v release.View) (release.Shown, error) {
	s.n++
	return s.Service.Show(ctx, who, name, v)
}

// TestOnlyReleasedFiguresArePublic: of a real school nobody outside sees a number
// before it was released, and then the frozen one.
func TestOnlyReleasedFiguresArePublic(t *testing.T) {
	ctx := t.Context()
	conf := app.Config{Data: t.TempDir() + "/data"}
	if _, err := app.Init(ctx, conf, app.NewSchool{Name: "试点大学", Code: "10001", Admin: "root"}); err != nil {
		t.Fatal(err)
	}
	a, err := app.Open(ctx, conf, app.Serving)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	shows := countingShows{Service: a.Releases}
	deps := a.PageDeps()
	deps.Config, deps.Published = httpd.Config{Listen: "127.0.0.1:8080"}, &shows
	pages, err := web.New(deps)
	if err != nil {
		t.Fatal(err)
	}
	home := func(target string) (int, string) {
		r := httptest.NewRequest(http.MethodGet, target, nil)
		r.Host, r.RemoteAddr = "127.0.0.1:8080", "127.0.0.1:50000"
		w := httptest.NewRecorder()
		pages.ServeHTTP(w, r)
		return w.Code, w.Body.String()
	}
	office := access.Console("test")
	take := func(kind, content string) {
		t.Helper()
		r, err := a.Import(ctx, office, kind, app.TableFile(kind+".csv", []byte(content)), app.ImportOptions{Cohort: "2024", Source: "legacy"})
		if err != nil || r.Refused > 0 {
			t.Fatal(err, r.Refusals)
		}
	}
	people, went := "学号,姓名,学历\n", "学号,毕业去向类别代码,签约日期\n"
	for i := range 40 {
		n := string(rune('a'+i/10)) + string(rune('0'+i%10))
		people += n + ",生" + n + ",本科\n"
		if i < 30 {
			went += n + ",10,2024-06-20\n"
		}
	}
	take("roster", people)
	take("destinations", went)
	if code, page := home("/?cohort=2024&as_of=2024-08-31"); code != 200 || strings.Contains(page, "75.00") || !strings.Contains(page, "还没有公布") {
		t.Errorf("figures left the house unreleased: %d", code)
	}
	asOf, _ := calendar.ParseWhen("2024-08-31")
	if _, err := a.Releases.Freeze(ctx, office, release.Freezing{Name: "INIT-2024", Cohort: "2024", AsOf: asOf}); err != nil {
		t.Fatal(err)
	}
	if _, page := home("/"); strings.Contains(page, "75.00") {
		t.Error("frozen is not released")
	}
	if _, err := a.Releases.Release(ctx, office, "INIT-2024", release.Approval{Office: "甲", Leader: "乙", Approved: "2024-09-02", Record: "1",
		ConsentAuthority: "某省教育厅", ConsentNumber: "1", ConsentFile: strings.Repeat("a", 64)}); err != nil {
		t.Fatal(err)
	}
	take("destinations", "学号,毕业去向类别代码,签约日期\nd9,11,2024-06-21\n")
	for _, target := range []string{"/", "/?cohort=2024", "/?as_of=2024-12-31"} {
		if code, page := home(target); code != 200 || !strings.Contains(page, "75.00") || strings.Contains(page, "77.50") || !strings.Contains(page, "公布") {
			t.Errorf("%s: not the frozen figures: %d", target, code)
		}
	}
	if shows.n != 1 {
		t.Errorf("the frozen rows were read %d times for one table", shows.n)
	}
	if code, page := home("/?cohort=2023"); code != 400 || !strings.Contains(page, "2024") {
		t.Errorf("a cohort that was not released: %d", code)
	}
}
