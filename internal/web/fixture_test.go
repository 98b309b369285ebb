package web

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/destination"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/history"
	"quxiang/internal/domain/indicator"
	"quxiang/internal/domain/release"
	"quxiang/internal/domain/roster"
	"quxiang/internal/httpd"
)

// now of these tests: a morning in the running cohort's June.
var now = calendar.Day("2025-06-16").Start() + 9*3600*1000

// school is a small one with real histories in real columns: its 2024 cohort has
// the counts of a published Table 1-1, its 2025 cohort is under way.
type school struct {
	name      string
	columns   *indicator.Columns
	cohorts   []string
	work      *destination.Worklist
	names     *indicator.CodeNames
	graduates map[string]roster.Graduate
	histories map[string][]history.Event
}

// table11 has, by level: code → people; the blank code is nobody's registration.
var table11 = []struct {
	level, college string
	people         []coded
}{
	{"undergraduate", "c01", []coded{{"10", 229}, {"801", 657}, {"85", 11}, {"12", 24}, {"71", 1}, {"70-SEEK", 95}, {"", 100}}},
	{"master", "c02", []coded{{"10", 701}, {"801", 301}, {"85", 15}, {"12", 61}, {"70-SEEK", 49}, {"", 100}}},
	{"doctor", "c02", []coded{{"11", 278}, {"85", 5}, {"12", 18}, {"", 15}}},
}

type coded struct {
	code string
	n    int
}

func newSchool() *school {
	s := &school{name: "滨海医科大学", graduates: map[string]roster.Graduate{}, histories: map[string][]history.Event{}}
	s.columns = indicator.NewColumns(destination.NoWork(codes.Builtin()))
	s.work = destination.NewWorklist(destination.Review{Chain: destination.DefaultChain(), Book: codes.Builtin()}, calendar.DayOf(now))
	s.names = indicator.NewNames(codes.Builtin(), map[indicator.Dim][]indicator.Unit{
		"college": {{ID: "c01", Name: "临床医学院"}, {ID: "c02", Name: "研究生院"}}, "major": {}, "class": {{ID: "k01", Name: "临床 2001 班"}},
	})
	for _, l := range table11 {
		for _, c := range l.people {
			for range c.n {
				s.add("2024", l.level, l.college, c.code, "2024-06-20", calendar.Day("2024-06-25"))
			}
		}
	}
	for i := range 40 {
		code := ""
		if i%2 == 0 {
			code = "10"
		}
		s.add("2025", "undergraduate", "c01", code, "2025-05-20", calendar.Day("2025-05-25"))
	}
	s.cohorts = []string{"2024", "2025"}
	return s
}

// add enrols a graduate and records where they went.
func (s *school) add(cohort, level, college, code string, on, known calendar.Day) string {
	id := fmt.Sprintf("g%05d", len(s.graduates)+1)
	set := history.Settings{{Key: history.Cohort, Value: cohort}, {Key: history.Level, Value: level}, {Key: history.College, Value: college},
		{Key: history.Class, Value: "k01"}, {Key: history.InStatistics, Value: history.True}}
	events := []history.Event{{Graduate: id, Seq: 1, KnownAt: calendar.Day(cohort + "-03-01").Start(), Set: set}}
	if code != "" {
		events = append(events, history.Event{Graduate: id, Seq: 2, KnownAt: known.Start(), TrueOn: on, Change: "x" + id, Case: "k" + id,
			Step: history.Recorded, Act: history.Open, Scheme: "MOE-2021", Code: code, Source: history.SourceLegacy,
			Fields: history.Fields{"employer_name": "滨海市第一人民医院"}})
	}
	s.histories[id] = events
	s.graduates[id] = roster.Graduate{ID: id, StudentNo: "20" + id[1:], Name: "测试" + id[1:], Profile: history.Fields{},
		Secret: history.Fields{"id_number": "990101200001010000", "phone": "10000000001"}}
	s.columns.Put(id, events)
	s.work.Put(id, events)
	return id
}

func (s *school) env() indicator.Env {
	return indicator.Env{Now: now, Book: codes.Builtin(), School: indicator.School{Name: s.name}, Names: s.names}
}

func (s *school) Count(_ context.Context, who access.Actor, q indicator.Query) (indicator.Table, error) {
	q.Within = who.Within(access.ViewFigures)
	return s.columns.Count(q, s.env())
}

func (s *school) Public(_ context.Context, q indicator.Query) (indicator.Table, error) {
	q.Within = access.School()
	return s.columns.Count(q, s.env())
}

func (s *school) People(_ context.Context, who access.Actor, q indicator.Query, sel indicator.Selection) ([]string, error) {
	q.Within = who.Within(access.ViewPeople)
	return s.columns.People(q, s.env(), sel)
}

func (s *school) Curve(_ context.Context, who access.Actor, q indicator.Query, cell string, days []calendar.Day) ([]indicator.Point, error) {
	q.Within = who.Within(access.ViewFigures)
	return s.columns.Curve(q, s.env(), cell, days)
}

func (s *school) Evidence(_ context.Context, who access.Actor, q indicator.Query, cell string) (indicator.Evidence, error) {
	q.Within = who.Within(access.ViewFigures)
	return s.columns.Evidence(q, s.env(), cell)
}

func (s *school) Moves(_ context.Context, who access.Actor, q indicator.Query, from, to indicator.Moment) (indicator.Differences, error) {
	q.Within = who.Within(access.ViewFigures)
	return s.columns.Differences(q, s.env(), from, to)
}

func (s *school) Differences(_ context.Context, who access.Actor, q indicator.Query, from, to indicator.Moment) (indicator.Differences, error) {
	q.Within = who.Within(access.ViewPeople)
	return s.columns.Differences(q, s.env(), from, to)
}

func (s *school) Worklist(context.Context) (*destination.Worklist, error) { return s.work, nil }

func (s *school) Cohorts(context.Context) ([]string, error)      { return s.cohorts, nil }
func (s *school) Names(context.Context) (indicator.Names, error) { return s.names, nil }

func (s *school) GraduatesByID(_ context.Context, within access.Scope, ids []string) ([]roster.Graduate, error) {
	var out []roster.Graduate
	for _, id := range ids {
		set := s.histories[id][0].Set
		college, _ := set.Value(history.College)
		class, _ := set.Value(history.Class)
		if within.Holds(id, college, class) {
			out = append(out, s.graduates[id])
		}
	}
	return out, nil
}

func (s *school) Histories(_ context.Context, _ access.Scope, ids []string) (map[string][]history.Event, error) {
	out := map[string][]history.Event{}
	for _, id := range ids {
		out[id] = s.histories[id]
	}
	return out, nil
}

// nothing was released.
type nothing struct{}

func (nothing) Released(context.Context) ([]release.Snapshot, error) { return nil, nil }

func (nothing) Show(context.Context, access.Actor, string, release.View) (release.Shown, error) {
	return release.Shown{}, fault.NotFoundf("name", "没有这个快照")
}

// deps of pages over the school, for everybody: nobody signs in.
func (s *school) deps() Deps {
	return Deps{
		Config: httpd.Config{Listen: "127.0.0.1:8080"}, Accounts: &access.Service{}, Figures: s, Published: nothing{}, People: s, Work: s,
		Roster:       &roster.Service{},
		Destinations: &destination.Service{},
		Book:         codes.Builtin, School: func() indicator.School { return indicator.School{Name: s.name} },
		Now: func() calendar.Instant { return now }, Demo: true,
	}
}

func (s *school) handler(t *testing.T) http.Handler {
	t.Helper()
	h, err := New(s.deps())
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func get(h http.Handler, target string) *httptest.ResponseRecorder {
	r := httptest.NewRequest("GET", target, nil)
	r.Host, r.RemoteAddr = "127.0.0.1:8080", "127.0.0.1:50000"
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}
