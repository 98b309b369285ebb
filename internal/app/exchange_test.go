package app_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"quxiang/internal/app"
	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/destination"
	"quxiang/internal/domain/employer"
	"quxiang/internal/domain/exchange"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/history"
	"quxiang/internal/domain/ident"
	"quxiang/internal/domain/roster"
	"quxiang/internal/domain/transfer"
	"quxiang/internal/gateway/vault"
	"quxiang/internal/store"
	"quxiang/internal/store/storetest"
)

// office is who imports.
var office = access.Console("tester")

// bench is a school with a roster of ten, S01 to S10 and K01 to K10.
type bench struct {
	t         *testing.T
	store     *store.Store
	roster    *roster.Service
	employers *employer.Service
	verbs     *destination.Service
	im        *transfer.Service
}

const rosterFile = "学号,考生号,姓名,学院,专业,学历层次,毕业日期,手机号"

func eachBench(t *testing.T, do func(t *testing.T, b *bench)) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		v, now := vault.NewMemory(), func() calendar.Instant { return calendar.At(time.Now()) }
		b := &bench{t: t, store: s,
			roster: &roster.Service{Store: s, Audit: s, Vault: v, Book: codes.Builtin, NewID: ident.New, Now: now},
			verbs:  &destination.Service{Store: s, Audit: s, Vault: v, Book: codes.Builtin, NewID: ident.New, Now: now},
			im:     &transfer.Service{Store: s, Audit: s, Vault: v, Book: codes.Builtin, NewID: ident.New, Now: now}}
		b.im.Notes = b.verbs.Notes
		b.employers = &employer.Service{Store: s, Audit: s, Book: codes.Builtin, NewID: ident.New, Fill: b.im.FillFromMaster}
		lines := []string{rosterFile}
		for i := range 10 {
			lines = append(lines, fmt.Sprintf("S%02d,K%02d,学生%d·㛃,护理学院,护理学,本科,2024-06-25,1000000%04d", i+1, i+1, i+1, i))
		}
		b.importRoster(lines...)
		do(t, b)
	})
}

func file(lines ...string) exchange.File {
	return app.TableFile("表.csv", []byte(strings.Join(lines, "\n")))
}

func (b *bench) importRoster(lines ...string) exchange.Report {
	b.t.Helper()
	r, err := b.roster.Import(context.Background(), office, file(lines...), roster.ImportOptions{Cohort: "2024"})
	if err != nil || r.Refused > 0 {
		b.t.Fatal(err, r.Refusals)
	}
	return r
}

// take imports destinations, which must go through.
func (b *bench) take(source string, lines ...string) exchange.Report {
	b.t.Helper()
	r, err := b.im.Destinations(context.Background(), office, file(lines...), transfer.Options{Source: source, Cohort: "2024"})
	if err != nil || r.Refused > 0 {
		b.t.Fatal(err, r.Refusals)
	}
	return r
}

func (b *bench) person(number string) roster.Graduate {
	b.t.Helper()
	list, err := b.store.GraduatesByNumber(context.Background(), access.School(), []string{number}, nil)
	if err != nil || len(list) != 1 {
		b.t.Fatal(number, list, err)
	}
	return list[0]
}

func (b *bench) events(number string) []history.Event {
	b.t.Helper()
	id := b.person(number).ID
	all, err := b.store.Histories(context.Background(), access.School(), []string{id})
	if err != nil {
		b.t.Fatal(err)
	}
	return all[id]
}

// on reads where a graduate is on a day, by all that is known.
func (b *bench) on(number, day string) history.State {
	b.t.Helper()
	cut := calendar.Cut{True: calendar.Day(day).AddDays(1).Start(), Known: calendar.Forever}
	return history.At(b.events(number), cut, destination.NoWork(codes.Builtin()))
}

// all is everything that counts, as text, to see that nothing changed.
func (b *bench) all() string {
	b.t.Helper()
	var out strings.Builder
	list, err := b.store.Graduates(context.Background(), access.School(), "", "", 500)
	if err != nil {
		b.t.Fatal(err)
	}
	for _, g := range list {
		fmt.Fprintln(&out, g.StudentNo, g.ExamNo, g.Name, g.Seq, g.Attrs, g.Profile)
	}
	return out.String()
}

func (b *bench) undo(batch string) error {
	b.t.Helper()
	_, err := b.im.Undo(context.Background(), office, batch)
	return err
}

func TestDestinationsOfAnotherSchool(t *testing.T) {
	eachBench(t, func(t *testing.T, b *bench) {
		lines := []string{"学号,毕业去向类别代码,签约日期", "S01,10,2024-06-01", "S02,801,", "S03,12,2024/9/15", "S04,,", "S05,70,2024-05-01", "S05,11,2024-07-01"}
		dry, err := b.im.Destinations(context.Background(), office, file(lines...), transfer.Options{Source: "legacy", DryRun: true})
		if err != nil || dry.Counts[exchange.Added] != 5 || dry.Batch != "" {
			t.Fatalf("dry run: %v %+v", err, dry.Counts)
		}
		if got := b.on("S01", "2024-12-31").Code; got != "" {
			t.Fatalf("a dry run wrote %s", got)
		}
		r := b.take("legacy", lines...)
		if r.Rows != 6 || r.Counts[exchange.Added] != 5 || r.Counts[exchange.Skipped] != 1 || r.Counts[exchange.Assumed] != 5 || r.Batch == "" {
			t.Errorf("report %+v", r)
		}
		for _, c := range []struct{ number, day, want string }{
			{"S01", "2024-05-31", ""}, {"S01", "2024-06-01", "10"}, {"S02", "2024-06-25", "801"}, {"S02", "2024-06-24", ""},
			{"S03", "2024-08-31", ""}, {"S03", "2024-09-15", "12"}, {"S04", "2024-12-31", ""}, {"S05", "2024-06-30", "70"}, {"S05", "2024-08-31", "11"},
		} {
			if got := b.on(c.number, c.day).Code; got != c.want {
				t.Errorf("%s on %s is %q, want %q", c.number, c.day, got, c.want)
			}
		}
		before := b.all()
		if r := b.take("legacy", lines...); r.Counts[exchange.Same] != 5 || r.Batch != "" || b.all() != before {
			t.Errorf("the second time %+v", r.Counts)
		}
		list, err := b.store.Findings(context.Background(), access.School(), b.person("S03").ID)
		if err != nil || len(list) == 0 || list[0].Batch != r.Batch {
			t.Errorf("the audit rules left no note on a 12: %v %v", list, err)
		}
	})
}

// TestOneRefusedRowChangesNothing: a refusal names its row and column, and nothing of the file is kept (Q10).
func TestOneRefusedRowChangesNothing(t *testing.T) {
	eachBench(t, func(t *testing.T, b *bench) {
		before := b.all()
		for name, c := range map[string]struct{ header, row, value string }{
			"an unknown code":       {"学号,毕业去向类别代码", "S02,99", "99"},
			"65 is no destination":  {"学号,毕业去向类别代码", "S02,65", "65"},
			"an unknown graduate":   {"学号,毕业去向类别代码", "S99,10", "S99"},
			"no number":             {"学号,毕业去向类别代码", ",10", ""},
			"numbers of two people": {"学号,考生号,毕业去向类别代码", "S02,K03,10", "S02"},
			"an unreadable day":     {"学号,毕业去向类别代码,签约日期", "S02,10,去年", "去年"},
			"a masked cell":         {"学号,毕业去向类别代码,单位名称", "S02,10,滨**院", "滨**院"},
			"one day twice":         {"学号,毕业去向类别代码,签约日期", "S01,11,2024-06-01", "2024-06-01"},
		} {
			good := "S01,10,2024-06-01"
			if strings.Contains(c.header, "考生号") {
				good = "S01,K01,10"
			}
			r, err := b.im.Destinations(context.Background(), office, file(c.header, good, c.row), transfer.Options{Source: "national", Cohort: "2024"})
			if c.header == "学号,毕业去向类别代码" {
				r, err = b.im.Destinations(context.Background(), office, file(c.header, "S01,10", c.row), transfer.Options{Source: "national", Cohort: "2024"})
			}
			if err != nil || r.Refused != 1 || r.Batch != "" {
				t.Errorf("%s: %v %+v", name, err, r)
				continue
			}
			if x := r.Refusals[0]; x.Row != 3 || x.Value != c.value || x.Message == "" || x.File != "表.csv" {
				t.Errorf("%s is refused as %+v", name, x)
			}
		}
		if got := b.all(); got != before {
			t.Errorf("something changed:\n%s\nwas\n%s", got, before)
		}
		for name, f := range map[string]exchange.File{
			"no rows":          file("学号,毕业去向类别代码"),
			"no code column":   file("学号,姓名", "S01,甲"),
			"no number column": file("毕业去向类别代码", "10"),
		} {
			if _, err := b.im.Destinations(context.Background(), office, f, transfer.Options{Source: "legacy"}); fault.KindOf(err) != fault.Usage {
				t.Errorf("%s: %v", name, err)
			}
		}
		for name, o := range map[string]transfer.Options{"no source": {}, "another source": {Source: "other"}, "two cohorts": {Source: "legacy", Cohort: "2023,2024"}, "no day": {Source: "legacy", TrueFrom: "June"}} {
			if _, err := b.im.Destinations(context.Background(), office, file("学号,毕业去向类别代码", "S01,10"), o); fault.KindOf(err) != fault.Usage {
				t.Errorf("%s: %v", name, err)
			}
		}
		if r, err := b.im.Destinations(context.Background(), office, file("学号,毕业去向类别代码", "S01,10"), transfer.Options{Source: "legacy", Cohort: "2023"}); err != nil || r.Refused != 1 {
			t.Errorf("a graduate of another cohort: %v %+v", err, r)
		}
		if _, err := b.im.Destinations(context.Background(), access.Actor{Account: "x"}, file("学号,毕业去向类别代码", "S01,10"), transfer.Options{Source: "legacy"}); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("without the right: %v", err)
		}
	})
}

// TestRowsOfOneGraduateStandAnywhereAndUnderEitherNumber: the order of rows says nothing (Q10).
func TestRowsOfOneGraduateStandAnywhereAndUnderEitherNumber(t *testing.T) {
	eachBench(t, func(t *testing.T, b *bench) {
		b.take("legacy", "学号,考生号,毕业去向类别代码,落实起始日", ",K01,11,2024-08-01", "S02,,10,2024-06-01", "S01,,70,2024-05-01", ",K02,80,2024-09-01", "S01,K01,10,2024-09-01")
		for _, c := range []struct{ number, day, want string }{
			{"S01", "2024-05-01", "70"}, {"S01", "2024-08-01", "11"}, {"S01", "2024-09-01", "10"}, {"S02", "2024-08-31", "10"}, {"S02", "2024-09-01", "80"},
		} {
			if got := b.on(c.number, c.day).Code; got != c.want {
				t.Errorf("%s on %s is %q, want %q", c.number, c.day, got, c.want)
			}
		}
	})
}

// An export holds whom the actor may see, as of the moment asked for.
// self is the actor of a graduate.
func (b *bench) self(number string) access.Actor {
	return access.Actor{Account: "account-" + number, Grants: []access.Grant{{Role: access.Graduate, Over: access.Self(b.person(number).ID)}}}
}

// submit registers that the graduate looks for work, which needs nobody's approval.
func (b *bench) submit(number, day string) {
	b.t.Helper()
	_, err := b.verbs.Submit(context.Background(), b.self(number), destination.Draft{Graduate: b.person(number).ID, Act: history.Open,
		TrueOn: calendar.Day(day), Code: "70-SEEK", Fields: history.Fields{"wanted": "护士"}})
	if err != nil {
		b.t.Fatal(err)
	}
}

// export writes the destinations as a file and returns it with its rows.
// quoted writes one csv line.
func TestAdmissionsWaitForTheGraduate(t *testing.T) {
	eachBench(t, func(t *testing.T, b *bench) {
		f := file("学号,姓名,录取院校,录取专业,录取层次", "S01,学生1·㛃,北京大学,护理学,硕士", "S02,学生2·㛃,复旦大学,护理学,硕士")
		b.take("legacy", "学号,毕业去向类别代码,落实起始日", "S01,70,2024-03-01")
		r, err := b.im.Admissions(context.Background(), office, f, transfer.Options{Cohort: "2024"})
		if err != nil || r.Refused > 0 || r.Counts[exchange.Added] != 2 {
			t.Fatal(err, r)
		}
		if got := b.on("S01", "2024-12-31"); got.Code != "70" {
			t.Errorf("a list of admissions counts by itself: %+v", got)
		}
		list := b.events("S02")
		proposed, seen := list[len(list)-2], list[len(list)-1]
		if proposed.Step != history.Proposed || proposed.Code != "801" || proposed.Fields["school_name"] != "复旦大学" || proposed.TrueOn != "2024-06-25" {
			t.Errorf("proposed %+v", proposed)
		}
		if seen.Mark != history.Seen || len(seen.Evidence) != 1 || seen.Evidence[0].Kind != "ADM" || seen.Evidence[0].SHA256 != f.SHA256() {
			t.Errorf("seen %+v", seen)
		}
		if again, err := b.im.Admissions(context.Background(), office, f, transfer.Options{Cohort: "2024"}); err != nil || again.Counts[exchange.Same] != 2 {
			t.Errorf("the second time %v %+v", err, again)
		}
		draft := destination.Draft{Graduate: b.person("S02").ID, Change: proposed.Change, Act: history.Open, Case: proposed.Case}
		if _, err := b.verbs.Submit(context.Background(), b.self("S02"), draft); err != nil {
			t.Errorf("the graduate cannot submit the proposal: %v", err)
		}
		if err := b.undo(r.Batch); fault.KindOf(err) != fault.Conflict {
			t.Errorf("the submission stands on the proposal: %v", err)
		}
	})
}

// Somebody else writes while the file is read: the plan is made once more.
func TestImportPlansAgainOnWhatOthersWrote(t *testing.T) {
	eachBench(t, func(t *testing.T, b *bench) {
		wrote := false
		opt := transfer.Options{Source: "legacy", Cohort: "2024", Progress: func(done, total int64) {
			if !wrote && done > total/2 {
				wrote = true
				b.submit("S01", "2024-06-01")
			}
		}}
		lines := []string{"学号,毕业去向类别代码,落实起始日", "S01,10,2024-07-01"}
		r, err := b.im.Destinations(context.Background(), office, file(lines...), opt)
		if err != nil || !wrote {
			t.Fatal(err, wrote)
		}
		if got := b.on("S01", "2024-12-31").Code; got != "70-SEEK" || r.Counts[exchange.Untouched] != 1 {
			t.Errorf("S01 is %s, report %+v", got, r)
		}
	})
}
