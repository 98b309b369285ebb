package app_test

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"quxiang/internal/app"
	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/exchange"
	"quxiang/internal/domain/history"
	"quxiang/internal/domain/ident"
	"quxiang/internal/domain/roster"
	"quxiang/internal/gateway/vault"
	"quxiang/internal/store"
	"quxiang/internal/store/storetest"
)

var rosterOffice = access.Console("office")

// register is a roster on a real store.
type register struct {
	t     *testing.T
	store *store.Store
	vault *vault.Vault
	*roster.Service
}

func newRegister(t *testing.T, s *store.Store) register {
	v := vault.NewMemory()
	return register{t, s, v, &roster.Service{Store: s, Audit: s, Vault: v, Book: codes.Builtin, NewID: ident.New,
		Now: func() calendar.Instant { return calendar.At(time.Now()) }}}
}

// onBothEngines runs the test on an empty roster of each engine.
func onBothEngines(t *testing.T, do func(t *testing.T, r register)) {
	storetest.Each(t, func(t *testing.T, s *store.Store) { do(t, newRegister(t, s)) })
}

func (r register) take(text string, opts roster.ImportOptions) exchange.Report {
	r.t.Helper()
	report, err := r.Import(r.t.Context(), rosterOffice, app.TableFile("生源.csv", []byte(text)), opts)
	if err != nil {
		r.t.Fatal(err)
	}
	return report
}

// must takes a file that has nothing to refuse.
func (r register) must(text string, opts roster.ImportOptions) exchange.Report {
	r.t.Helper()
	report := r.take(text, opts)
	if report.Refused > 0 {
		r.t.Fatal(report.Refusals)
	}
	return report
}

// person returns a graduate by 学号, unsealed, with the history.
func (r register) person(studentNo string) (roster.Graduate, []history.Event) {
	r.t.Helper()
	list, err := r.store.GraduatesByNumber(r.t.Context(), access.School(), []string{studentNo}, nil)
	if err != nil || len(list) != 1 {
		r.t.Fatalf("%s: %d found, %v", studentNo, len(list), err)
	}
	g := list[0]
	if err := g.Unseal(r.vault); err != nil {
		r.t.Fatal(err)
	}
	all, err := r.store.Histories(r.t.Context(), access.School(), []string{g.ID})
	if err != nil {
		r.t.Fatal(err)
	}
	events := all[g.ID]
	for i := range events {
		if err := events[i].Unseal(r.vault); err != nil {
			r.t.Fatal(err)
		}
	}
	return g, events
}

// on folds a history and reads it on a day.
func on(events []history.Event, day calendar.Day) history.Attributes {
	f := history.NewFold(func(string, string) bool { return false })
	for i := range events {
		f.Apply(&events[i])
	}
	return f.On(day).Attrs
}

// everything is all that the store holds of the roster, to compare before and after.
func (r register) everything() string {
	r.t.Helper()
	units, err := r.store.Units(r.t.Context())
	if err != nil {
		r.t.Fatal(err)
	}
	people, err := r.store.Graduates(r.t.Context(), access.School(), "", "", 500)
	if err != nil {
		r.t.Fatal(err)
	}
	ids := make([]string, len(people))
	for i, g := range people {
		ids[i] = g.ID
	}
	events, err := r.store.Histories(r.t.Context(), access.School(), ids)
	if err != nil {
		r.t.Fatal(err)
	}
	batches, err := r.store.BatchList(r.t.Context())
	if err != nil {
		r.t.Fatal(err)
	}
	return fmt.Sprint(units, people, len(batches), slices.Sorted(maps.Keys(events)), events)
}

func tally(r exchange.Report) string {
	return fmt.Sprintf("%d added %d changed %d same %d left out %d refused", r.Counts[exchange.Added], r.Counts[exchange.Changed],
		r.Counts[exchange.Same], r.Counts[exchange.LeftOut], r.Refused)
}

const twoPeople = "学号,考生号,姓名,性别,学院,专业,学历层次,班级,身份证号,手机号,困难生类别\n" +
	"S1,E1,阿依·古丽㛃,女,临床医学院,临床医学,本科,一班,990101200102030015,10000000001,家庭困难\n" +
	"S2,E2,䶮某,男,护理学院,护理学,硕士研究生,,,,\n"

func TestRosterImportEnrols(t *testing.T) {
	onBothEngines(t, func(t *testing.T, r register) {
		report := r.must(twoPeople, roster.ImportOptions{Cohort: "2024"})
		if got := tally(report); got != "2 added 0 changed 0 same 0 left out 0 refused" || report.Rows != 2 || report.Batch == "" {
			t.Fatalf("%s, %d rows, batch %q", got, report.Rows, report.Batch)
		}
		g, events := r.person("S1")
		if g.Name != "阿依·古丽㛃" || g.ExamNo != "E1" || g.Secret["phone"] != "10000000001" || g.Secret["id_number"] != "990101200102030015" {
			t.Errorf("%+v", g)
		}
		want := history.Settings{{Key: history.Cohort, Value: "2024"}, {Key: history.Level, Value: "undergraduate"}, {Key: history.College, Value: "c01"},
			{Key: history.Major, Value: "m001"}, {Key: history.Class, Value: "k0001"}, {Key: history.Sex, Value: "2"},
			{Key: history.Difficulty, Value: "2"}, {Key: history.InStatistics, Value: "true"}}
		if len(events) != 1 || !reflect.DeepEqual(events[0].Set, want) || events[0].TrueOn != "" || events[0].Import != report.Batch {
			t.Errorf("%+v", events)
		}
		if created := report.Counts[exchange.Created]; created != 5 {
			t.Errorf("%d units created, want 5", created)
		}
		list, err := r.Batches(t.Context(), rosterOffice)
		if err != nil || len(list) != 1 || list[0].Counts["added"] != 2 || list[0].File != "生源.csv" {
			t.Errorf("%+v, %v", list, err)
		}
		if err := r.store.Verify(t.Context(), func(problem string) { t.Error("the audit trail: ", problem) }); err != nil {
			t.Error(err)
		}
	})
}

func TestRosterImportedTwiceChangesNothing(t *testing.T) {
	onBothEngines(t, func(t *testing.T, r register) {
		r.must(twoPeople, roster.ImportOptions{Cohort: "2024"})
		before := r.everything()
		report := r.must(twoPeople, roster.ImportOptions{Cohort: "2024"})
		if got := tally(report); got != "0 added 0 changed 2 same 0 left out 0 refused" || report.Batch != "" {
			t.Errorf("%s, batch %q: %v", got, report.Batch, report.Differences)
		}
		if r.everything() != before {
			t.Error("something changed")
		}
	})
}

func TestRosterExportImportedChangesNothing(t *testing.T) {
	const more = "学号,考生号,姓名,性别,民族,政治面貌,生源地代码,城乡生源,培养方式,学院,专业,专业代码,班级,学历,入学年月,毕业日期,学制,备注,邮箱\n" +
		"S3,,\"=某,\"\"三\"\"\",男,1,共青团员,110105,农村,定向,\"临床,医学院\",临床医学（5+3）,100201K,一班,博士生结业,201909,2024-06-30,5,x,a@example.invalid\n" +
		"S4,E4,𬭸,女,98,群众,,,,,,,,33,,,,,\n"
	onBothEngines(t, func(t *testing.T, r register) {
		r.must(twoPeople, roster.ImportOptions{Cohort: "2024"})
		r.must(more, roster.ImportOptions{Cohort: "2023"})
		r.must("学号,姓名,学历,班级\nS3,\"=某,\"\"三\"\"\",博士生结业,二班\n", roster.ImportOptions{Cohort: "2023", TrueFrom: "2023-03-01"})
		before := r.everything()
		for _, layout := range []string{"", exchange.MOE39, exchange.MOE74} {
			out, err := r.Export(rosterOffice, nil, layout)
			if err != nil {
				t.Fatal(err)
			}
			file := [][]string{out.Header}
			if err := out.Rows(t.Context(), func(cells []string) error { file = append(file, slices.Clone(cells)); return nil }); err != nil {
				t.Fatal(err)
			}
			if len(file) != 5 {
				t.Fatalf("%q: %d rows", layout, len(file)-1)
			}
			for _, cells := range file[1:] {
				if s := strings.Join(cells, " "); strings.Contains(s, "1000000000") || strings.Contains(s, "990101") || strings.Contains(s, "家庭困难") || strings.Contains(s, "@") {
					t.Errorf("%q: a secret leaves: %s", layout, s)
				}
			}
			opts := roster.ImportOptions{}
			if layout == exchange.MOE74 { // it has no cohort, and 毕业时间 not of all
				opts.Cohort = "2024"
				file = slices.DeleteFunc(file, func(cells []string) bool { return slices.Contains(cells, "S3") || slices.Contains(cells, "S4") })
			}
			report, err := r.Import(t.Context(), rosterOffice, gridFile(file), opts)
			if err != nil {
				t.Fatal(err)
			}
			if report.Counts[exchange.Same] != len(file)-1 || report.Refused > 0 {
				t.Errorf("%q: %s: %v %v", layout, tally(report), report.Differences, report.Refusals)
			}
		}
		if r.everything() != before {
			t.Error("something changed")
		}
	})
}

func TestRosterDryRunShowsAndKeepsNothing(t *testing.T) {
	onBothEngines(t, func(t *testing.T, r register) {
		r.must(twoPeople, roster.ImportOptions{Cohort: "2024"})
		before := r.everything()
		text := strings.Replace(twoPeople, "一班", "二班", 1) + "S3,,某丙,男,药学院,药学,本科,,,,\n"
		dry := r.must(text, roster.ImportOptions{Cohort: "2024", DryRun: true})
		if r.everything() != before {
			t.Error("a dry run changed something")
		}
		wet := r.must(text, roster.ImportOptions{Cohort: "2024"})
		wet.Batch, wet.DryRun = "", true
		if !reflect.DeepEqual(dry, wet) {
			t.Errorf("promised\n%+v\nand made\n%+v", dry, wet)
		}
		if got := tally(wet); got != "1 added 1 changed 1 same 0 left out 0 refused" {
			t.Error(got)
		}
		var class exchange.Difference
		for _, d := range dry.Differences {
			if d.Field == "班级" && d.Kind == exchange.Changed {
				class = d
			}
		}
		if class.Who != "S1" || class.Before != "一班" || class.After != "二班" || class.Row != 2 {
			t.Errorf("the move of class reads %+v", class)
		}
	})
}

func TestRosterMoveOfClassFromADay(t *testing.T) {
	onBothEngines(t, func(t *testing.T, r register) {
		r.must(twoPeople, roster.ImportOptions{Cohort: "2024"})
		move := "学号,姓名,学历,班级\nS1,阿依·古丽㛃,本科,二班\n"
		r.must(move, roster.ImportOptions{Cohort: "2024", TrueFrom: "2024-03-01"})
		g, events := r.person("S1")
		if a, b := on(events, "2024-02-29").Value(history.Class), on(events, "2024-03-01").Value(history.Class); a != "k0001" || b != "k0002" || g.Attrs.Value(history.Class) != b {
			t.Errorf("before %s, after %s, derived %s", a, b, g.Attrs.Value(history.Class))
		}
		if again := r.must(move, roster.ImportOptions{Cohort: "2024", TrueFrom: "2024-03-01"}); again.Counts[exchange.Same] != 1 {
			t.Errorf("again: %s", tally(again))
		}
		// A plain correction must be seen, and takes the day of the move.
		correction := strings.Replace(move, "二班", "三班", 1)
		r.must(correction, roster.ImportOptions{Cohort: "2024"})
		_, events = r.person("S1")
		if a, b := on(events, "2024-02-29").Value(history.Class), on(events, "2024-03-01").Value(history.Class); a != "k0001" || b != "k0003" {
			t.Errorf("corrected: before %s, after %s", a, b)
		}
	})
}

func TestRosterClearAndBlank(t *testing.T) {
	onBothEngines(t, func(t *testing.T, r register) {
		r.must(twoPeople, roster.ImportOptions{Cohort: "2024"})
		r.must("学号,姓名,学历,班级,手机号,困难生类别,性别\nS1,,,**CLEAR**,**CLEAR**,**CLEAR**,\n", roster.ImportOptions{Cohort: "2024"})
		g, events := r.person("S1")
		at := on(events, "2024-12-31")
		if at.Value(history.Class) != "" || at.Value(history.Difficulty) != "" || at.Value(history.Sex) != "2" || g.Secret["phone"] != "" || g.Secret["id_number"] == "" || g.Name == "" {
			t.Errorf("%v %v", at, g)
		}
		if found := g.PhoneIndex; found != "" {
			t.Error("an emptied phone can still be searched")
		}
	})
}

func TestRosterWhoCounts(t *testing.T) {
	onBothEngines(t, func(t *testing.T, r register) {
		report := r.must("学号,姓名,学历,国籍,备注\nS1,甲,本科结业,,\nS2,乙,本科,老挝,\nS3,丙,学历不详,,留学生\nS4,丁,本科生肄业,中国,\nS5,戊,31,,\n", roster.ImportOptions{Cohort: "2024"})
		if got := tally(report); got != "3 added 0 changed 0 same 2 left out 0 refused" {
			t.Error(got)
		}
		for no, want := range map[string]string{"S1": "undergraduate false", "S4": "undergraduate false", "S5": "undergraduate true"} {
			_, events := r.person(no)
			a := on(events, "2024-12-31")
			if got := a.Value(history.Level) + " " + a.Value(history.InStatistics); got != want {
				t.Errorf("%s: %s, want %s", no, got, want)
			}
		}
		// Whoever gets the certificate later counts from then on.
		r.must("学号,姓名,学历\nS1,甲,本科\n", roster.ImportOptions{Cohort: "2024", TrueFrom: "2024-10-01"})
		_, events := r.person("S1")
		if on(events, "2024-09-30").Counted() || !on(events, "2024-10-01").Counted() {
			t.Error("结业 turned 毕业 does not count from its day on")
		}
	})
}

func TestRosterUndoCanPutBackWhatWasReplaced(t *testing.T) {
	onBothEngines(t, func(t *testing.T, r register) {
		r.must(twoPeople, roster.ImportOptions{Cohort: "2024"})
		was, _ := r.person("S1")
		report := r.must("学号,考生号,姓名,学历,手机号,政治面貌\nS1,E9,阿依·古丽㛃,本科,10000000002,群众\nS3,,新人,本科,,\n", roster.ImportOptions{Cohort: "2024"})
		before, err := r.store.BatchBefore(t.Context(), report.Batch)
		if err != nil {
			t.Fatal(err)
		}
		if len(before) != 1 {
			t.Errorf("%d former records, want that of S1 alone", len(before))
		}
		former, err := roster.OpenFormer(r.vault, was.ID, before[was.ID])
		if err != nil {
			t.Fatal(err)
		}
		now, _ := r.person("S1")
		former.Restore(&now)
		if !reflect.DeepEqual(now.Former(), was.Former()) {
			t.Errorf("got %+v, want %+v", now.Former(), was.Former())
		}
	})
}
