package store_test

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/audit"
	"quxiang/internal/domain/history"
	"quxiang/internal/domain/roster"
	"quxiang/internal/store"
	"quxiang/internal/store/storetest"
)

// crowd is people of all sorts, loaded and known to the test.
func crowd(t *testing.T, s *store.Store, rng *rand.Rand, n int) []roster.StagedGraduate {
	t.Helper()
	pick := func(list ...string) string { return list[rng.IntN(len(list))] }
	var people []roster.StagedGraduate
	var events []history.Event
	for i := range n {
		id := fmt.Sprintf("g%04d", i)
		p := roster.StagedGraduate{Graduate: roster.Graduate{ID: id, StudentNo: fmt.Sprintf("9%d%03d", rng.IntN(3), i), Sealed: "x", IDIndex: "i" + pick("1", "2", "3"), PhoneIndex: "p" + pick("1", "2", "3"),
			Name: pick("阿依古丽", "阿依", "欧阳", "王%", "李_", "O'Neill", "王") + pick("·", "•", "・", "‧", "∙", ".", " ", "", "") + pick("买买提", "明", "Ming", "ming")}}
		if rng.IntN(4) == 0 {
			p.StudentNo, p.ExamNo = "", fmt.Sprintf("9%d%05d", rng.IntN(3), i)
		}
		for k, v := range map[history.Key]string{history.Cohort: pick("2023", "2024", "2024"), history.Level: pick("master", "undergraduate"), history.College: pick("c1", "c2", "c3"),
			history.Class: pick("k1", "k2", "k3", "k4"), history.InStatistics: pick(history.True, history.True, history.False), history.Left: pick(history.True, history.False, history.False)} {
			put(&p, k, v)
		}
		var set history.Settings
		for i, k := range history.Keys {
			if p.Attrs[i] != "" {
				set = append(set, history.Setting{Key: k, Value: p.Attrs[i]})
			}
		}
		people, events = append(people, p), append(events, history.Event{Graduate: id, Seq: 1, KnownAt: 1000, Actor: "console:tester", Set: set})
	}
	if err := s.Load(ctx, console, "test.load", people, events); err != nil {
		t.Fatal(err)
	}
	return people
}

func attr(p *roster.StagedGraduate, k history.Key) string { return p.Attrs.Value(k) }

// places are the people whom keep keeps, in the order of the roster: by newest cohort
// first if asked.
func places(people []roster.StagedGraduate, byCohort bool, keep func(*roster.StagedGraduate) bool) (out []roster.Place) {
	var kept []*roster.StagedGraduate
	for i := range people {
		if p := &people[i]; attr(p, history.Left) != history.True && keep(p) {
			kept = append(kept, p)
		}
	}
	number := func(p *roster.StagedGraduate) string { return cmp.Or(p.StudentNo, p.ExamNo) }
	slices.SortFunc(kept, func(a, b *roster.StagedGraduate) int {
		first := 0
		if byCohort {
			first = cmp.Compare(attr(b, history.Cohort), attr(a, history.Cohort))
		}
		return cmp.Or(first, cmp.Compare(attr(a, history.Class), attr(b, history.Class)), cmp.Compare(number(a), number(b)), cmp.Compare(a.ID, b.ID))
	})
	for _, p := range kept {
		out = append(out, roster.Place{Graduate: p.ID, Class: attr(p, history.Class), Number: number(p), Apart: attr(p, history.InStatistics) != history.True})
	}
	return out
}

// TestListsAgainstALoop: whatever list or search is asked for, within whatever scope, the
// database finds whom a loop over all finds, in the same order, on both engines (Q5, Q7).
func TestListsAgainstALoop(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		rng := rand.New(rand.NewPCG(5, 8))
		people := crowd(t, s, rng, 120)
		maybe := func(list ...string) string { return append(list, "", "")[rng.IntN(len(list)+2)] }
		some := func(list ...string) (out []string) {
			for _, x := range list {
				if rng.IntN(3) == 0 {
					out = append(out, x)
				}
			}
			return out
		}
		found, few := 0, 0
		for range 300 {
			within := access.Scope{School: rng.IntN(3) == 0, Colleges: some("c1", "c2", "c9"), Classes: some("k1", "k2"), Graduates: some("g0001", "g0002", "g0009")}
			holds := func(p *roster.StagedGraduate) bool {
				return within.Holds(p.ID, attr(p, history.College), attr(p, history.Class))
			}
			l := roster.Listing{Cohort: maybe("2023", "2024"), College: maybe("c1", "c2"), Class: maybe("k1", "k3"), Level: maybe("master"),
				Name: roster.Searchable(maybe("古丽", "依古丽·买", "阿依 买", "王%", "_", "O'N", "ming", "Ming", "%"))}
			got, err := s.Places(ctx, within, l)
			want := places(people, false, func(p *roster.StagedGraduate) bool {
				is := func(value string, k history.Key) bool { return value == "" || value == attr(p, k) }
				return holds(p) && is(l.Cohort, history.Cohort) && is(l.College, history.College) && is(l.Class, history.Class) && is(l.Level, history.Level) &&
					strings.Contains(roster.Searchable(p.Name), l.Name)
			})
			if err != nil || !reflect.DeepEqual(got, want) {
				t.Fatalf("%+v within %+v (%v):\n%v\nwant\n%v", l, within, err, got, want)
			}
			q, limit := roster.Query{Name: roster.Searchable(maybe("丽买", "阿依古丽•买买提", "王%明", "_", "O'Neill.ming")), Number: maybe("90", "91", "9", "9%"), PhoneIndex: maybe("p1"), IDIndex: maybe("i2")}, 1+rng.IntN(60)
			got, err = s.FindPeople(ctx, within, q, limit)
			all := places(people, true, func(p *roster.StagedGraduate) bool {
				begins := func(number string) bool { return number != "" && strings.HasPrefix(number, q.Number) }
				return holds(p) && (q.Name != "" && strings.Contains(roster.Searchable(p.Name), q.Name) || q.Number != "" && (begins(p.StudentNo) || begins(p.ExamNo)) ||
					q.PhoneIndex != "" && p.PhoneIndex == q.PhoneIndex || q.IDIndex != "" && p.IDIndex == q.IDIndex)
			})
			if want := all[:min(limit, len(all))]; err != nil || len(got)+len(want) > 0 && !reflect.DeepEqual(got, want) {
				t.Fatalf("%+v within %+v (%v):\n%v\nwant\n%v", q, within, err, got, want)
			}
			if found += len(got); len(got) < len(all) {
				few++
			}
		}
		if found < 300 || few < 10 {
			t.Fatalf("%d found, %d cut off: the questions ask for nothing", found, few)
		}
	})
}

// TestTrailAgainstALoop: so it is with the audit trail, page by page (Q5).
func TestTrailAgainstALoop(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		rng := rand.New(rand.NewPCG(6, 8))
		pick := func(list ...string) string { return list[rng.IntN(len(list))] }
		for range 60 {
			who := access.Actor{Account: pick("a1", "a2", "a%")}
			if err := s.InTx(ctx, func(ctx context.Context) error {
				return s.Write(ctx, who, pick("case.pass", "case.return", "cases.list", "case", "account.login"), pick("g1", "g2", "_"), nil)
			}); err != nil {
				t.Fatal(err)
			}
		}
		all, err := s.Entries(ctx, audit.Filter{}, audit.Key{}, 500)
		if err != nil || len(all) < 60 {
			t.Fatal(err, len(all))
		}
		for range 100 {
			f := audit.Filter{Account: pick("", "a1", "a%", "a_"), Action: pick("", "case.", "case.pass", "cases.", "case"), Subject: pick("", "g1", "_", "%")}
			var want, got []string
			for _, e := range all {
				if (f.Account == "" || f.Account == e.Account) && (f.Subject == "" || f.Subject == e.Subject) &&
					(f.Action == "" || f.Action == e.Action || strings.HasSuffix(f.Action, ".") && strings.HasPrefix(e.Action, f.Action)) {
					want = append(want, e.ID)
				}
			}
			after := audit.Key{}
			for {
				page, err := s.Entries(ctx, f, after, 7)
				if err != nil {
					t.Fatal(err)
				}
				for _, e := range page {
					got, after = append(got, e.ID), audit.Key{At: e.At, ID: e.ID}
				}
				if len(page) < 7 {
					break
				}
			}
			if !slices.Equal(got, want) {
				t.Fatalf("%+v: %d entries, want %d", f, len(got), len(want))
			}
		}
	})
}
