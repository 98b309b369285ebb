package app_test

import (
	"slices"
	"strings"
	"testing"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/history"
	"quxiang/internal/domain/ident"
	"quxiang/internal/domain/roster"
	"quxiang/internal/domain/transfer"
)

// checking is a roster of two colleges whose graduates check their own data.
type checking struct {
	register
	graduate            string // S1, of the first college and class
	self, other         access.Actor
	secretary, stranger access.Actor
	office              access.Actor
}

const checkedRoster = "学号,考生号,姓名,性别,民族,培养方式,生源地,学院,专业,学历层次,班级,身份证号,手机号\n" +
	"S1,E1,阿依·古丽㛃,女,01,非定向,天津市河西区,临床医学院,临床医学,本科,一班,990101200102030022,10000000001\n" +
	"S2,E2,䶮某,男,01,非定向,天津市河西区,临床医学院,麻醉学,本科,二班,,10000000002\n" +
	"S3,E3,某某,男,01,非定向,天津市河西区,护理学院,护理学,本科,三班,,10000000003\n"

func eachChecking(t *testing.T, do func(t *testing.T, c *checking)) {
	onBothEngines(t, func(t *testing.T, r register) {
		r.must(checkedRoster, roster.ImportOptions{Cohort: "2024"})
		g, _ := r.person("S1")
		s2, _ := r.person("S2")
		do(t, &checking{r, g.ID, bySelf(g.ID), bySelf(s2.ID), byStaff("secretary", access.CollegeSecretary, access.Colleges("c01")),
			byStaff("stranger", access.CollegeSecretary, access.Colleges("c02")), byStaff("office", access.Office, access.School())})
	})
}

// ok fails the test on an error.
func (c *checking) ok(err error) {
	c.t.Helper()
	if err != nil {
		c.t.Fatal(err)
	}
}

func errAfterTwo(_, _ string, err error) error { return err }

// no fails the test unless the error is of the kind.
func (c *checking) no(what string, err error, want fault.Kind) {
	c.t.Helper()
	if fault.KindOf(err) != want {
		c.t.Errorf("%s: %v (%s), want %s", what, err, fault.KindOf(err), want)
	}
}

// waiting is the queue of a settler, one line each.
func (c *checking) waiting(who access.Actor, by roster.Settler) []roster.Waiting {
	c.t.Helper()
	list, err := c.Corrections(c.t.Context(), who, by, "", 50)
	c.ok(err)
	return list
}

func (c *checking) sheet() roster.Sheet {
	c.t.Helper()
	s, err := c.Sheet(c.t.Context(), c.self, c.graduate)
	c.ok(err)
	return s
}

// TestOwnFieldsChangeAtOnce: a new phone is there at once, found by its index, and
// a running import sees that the profile moved.
func TestOwnFieldsChangeAtOnce(t *testing.T) {
	eachChecking(t, func(t *testing.T, c *checking) {
		ctx := t.Context()
		before, events := c.person("S1")
		c.ok(c.Confirm(ctx, c.self, c.graduate))
		c.ok(c.Correct(ctx, c.self, c.graduate, "phone", "+86 138 0000 0043"))
		c.ok(c.Correct(ctx, c.self, c.graduate, "phone", "13800000043")) // again: nothing
		g, after := c.person("S1")
		if g.Secret["phone"] != "13800000043" || g.PhoneIndex != c.vault.Index("phone", "13800000043") || g.Rev != before.Rev+1 || len(after) != len(events) {
			t.Errorf("phone %s, rev %d after %d, %d events after %d", g.Secret["phone"], g.Rev, before.Rev, len(after), len(events))
		}
		if !c.sheet().Stands {
			t.Error("the graduate's own change undid the graduate's own word")
		}
		c.no("a phone that is none", c.Correct(ctx, c.self, c.graduate, "phone", "12345"), fault.Invalid)
		c.no("no phone", c.Correct(ctx, c.self, c.graduate, "phone", " "), fault.Invalid)
		c.no("a masked phone", c.Correct(ctx, c.self, c.graduate, "phone", "138****0043"), fault.Invalid)
		c.no("a name at once", c.Correct(ctx, c.self, c.graduate, "name", "王某"), fault.Invalid)
		c.no("somebody else's phone", c.Correct(ctx, c.other, c.graduate, "phone", "13800000044"), fault.NotFound)
		c.no("by staff", c.Correct(ctx, c.office, c.graduate, "phone", "13800000044"), fault.Forbidden)
		c.ok(c.store.Verify(ctx, func(problem string) { t.Error("the audit trail: ", problem) }))
	})
}

// TestCollegeDecidesAClass: accepted, the class is so as if always, with major and
// college of the new class, and the graduate's own word still stands.
func TestCollegeDecidesAClass(t *testing.T) {
	eachChecking(t, func(t *testing.T, c *checking) {
		ctx := t.Context()
		c.ok(c.Confirm(ctx, c.self, c.graduate))
		c.no("a unit that is no class", c.Ask(ctx, c.self, c.graduate, "class", "m001", ""), fault.Invalid)
		c.no("the class that it is", c.Ask(ctx, c.self, c.graduate, "class", "k0001", ""), fault.Invalid)
		c.ok(c.Ask(ctx, c.self, c.graduate, "class", "k0003", "转专业"))
		c.ok(c.Ask(ctx, c.self, c.graduate, "class", "k0002", "转专业")) // replaces
		c.ok(c.Ask(ctx, c.self, c.graduate, "class", "k0002", "转专业")) // again: nothing
		list := c.waiting(c.secretary, roster.Faculty)
		if len(list) != 1 || list[0].Now != "一班" || list[0].After != "二班" || list[0].Note != "转专业" || list[0].Person.Name != "阿依·古丽㛃" {
			t.Fatalf("%+v", list)
		}
		if n := len(c.waiting(c.stranger, roster.Faculty)); n != 0 {
			t.Errorf("another college sees %d", n)
		}
		_, err := c.Corrections(ctx, c.self, roster.Faculty, "", 50)
		c.no("the graduate's own queue", err, fault.Forbidden)
		d := roster.Decision{Correction: list[0].ID, Accept: true, Note: "已看转专业文件"}
		c.no("by another college", c.Decide(ctx, c.stranger, d), fault.NotFound)
		c.no("by the graduate", c.Decide(ctx, c.self, d), fault.Forbidden)
		c.ok(c.Decide(ctx, c.secretary, d))
		c.ok(c.Decide(ctx, c.secretary, d)) // again: nothing
		c.no("otherwise", c.Decide(ctx, c.secretary, roster.Decision{Correction: list[0].ID, Note: "不对"}), fault.Conflict)

		g, events := c.person("S1")
		last := events[len(events)-1]
		if len(events) != 2 || last.TrueOn != "" || last.Actor != "secretary" {
			t.Errorf("%+v", events)
		}
		at := on(events, "2000-01-01")
		if at.Value(history.Class) != "k0002" || at.Value(history.Major) != "m002" || at.Value(history.College) != "c01" || g.Attrs.Value(history.Class) != "k0002" {
			t.Errorf("%v, kept %v", at, g.Attrs)
		}
		s := c.sheet()
		if !s.Stands || len(s.Open) != 0 || len(s.Past) != 1 || s.Past[0].State != roster.Accepted || s.Past[0].Reason != "已看转专业文件" {
			t.Errorf("%+v", s)
		}
		c.ok(c.store.Verify(ctx, func(problem string) { t.Error("the audit trail: ", problem) }))
	})
}

// TestAMoveWithItsDay: with a day the former class stays for the days before it.
func TestAMoveWithItsDay(t *testing.T) {
	eachChecking(t, func(t *testing.T, c *checking) {
		ctx := t.Context()
		c.ok(c.Ask(ctx, c.self, c.graduate, "major", "m003", ""))
		id := c.waiting(c.office, roster.Registry)[0].ID
		c.no("a day that is none", c.Decide(ctx, c.office, roster.Decision{Correction: id, Accept: true, Day: "去年"}), fault.Invalid)
		c.ok(c.Decide(ctx, c.office, roster.Decision{Correction: id, Accept: true, Day: "2023-09-01"}))
		_, events := c.person("S1")
		for day, college := range map[calendar.Day]string{"2023-08-31": "c01", "2023-09-01": "c02"} {
			if at := on(events, day); at.Value(history.College) != college {
				t.Errorf("%s: %v", day, at)
			}
		}
	})
}

// TestAnotherCollegeIsTheRegistrys: what moves somebody out of the college waits for
// the office, in its queue alone, and says all that changes with it.
func TestAnotherCollegeIsTheRegistrys(t *testing.T) {
	eachChecking(t, func(t *testing.T, c *checking) {
		ctx := t.Context()
		c.ok(c.Ask(ctx, c.self, c.graduate, "class", "k0003", "转专业"))
		if n := len(c.waiting(c.secretary, roster.Faculty)) + len(c.waiting(c.office, roster.Faculty)); n != 0 {
			t.Errorf("%d in the college's queue", n)
		}
		counts, err := c.CorrectionCounts(ctx, c.office)
		if err != nil || len(counts) != 2 || counts[0].N != 0 || counts[1].N != 1 {
			t.Errorf("%+v, %v", counts, err)
		}
		list := c.waiting(c.office, roster.Registry)
		want := []roster.Move{{Kind: roster.College, Before: "临床医学院", After: "护理学院"}, {Kind: roster.Major, Before: "临床医学", After: "护理学"},
			{Kind: roster.Class, Before: "一班", After: "三班"}}
		if len(list) != 1 || !slices.Equal(list[0].Moves, want) {
			t.Fatalf("%+v", list)
		}
		d := roster.Decision{Correction: list[0].ID, Accept: true, Note: "已看文件"}
		c.no("by the college that it leaves", c.Decide(ctx, c.secretary, d), fault.Forbidden)
		c.no("by the college that it enters", c.Decide(ctx, c.stranger, d), fault.NotFound)
		c.ok(c.Decide(ctx, c.office, d))
		if g, _ := c.person("S1"); g.Attrs.Value(history.College) != "c02" {
			t.Errorf("%v", g.Attrs)
		}
		c.ok(c.Ask(ctx, c.self, c.graduate, "major", "m001", ""))
		if list = c.waiting(c.office, roster.Registry); len(list) != 1 || len(list[0].Moves) != 3 || !strings.Contains(list[0].Moves[2].After, "归到新的专业") {
			t.Errorf("%+v", list)
		}
	})
}

// TestRegistryDecidesWhoSomebodyIs: name and identity number are the office's,
// and the number lies nowhere readable (S rows of the reliability list).
func TestRegistryDecidesWhoSomebodyIs(t *testing.T) {
	eachChecking(t, func(t *testing.T, c *checking) {
		ctx := t.Context()
		c.no("a number with a wrong sign", c.Ask(ctx, c.self, c.graduate, "id_number", "990101200102030011", ""), fault.Invalid)
		c.ok(c.Ask(ctx, c.self, c.graduate, "id_number", "990101200102030014", "990101200102030014 才对"))
		c.ok(c.Ask(ctx, c.self, c.graduate, "name", "阿依·古丽", ""))
		c.no("the college asks for the registry's queue", errOf(c.Corrections(ctx, c.secretary, roster.Registry, "", 50)), fault.Forbidden)
		list := c.waiting(c.office, roster.Registry)
		if len(list) != 2 || list[0].After != "990***********0014" || list[0].Value != "" || list[1].After != "阿依·古丽" {
			t.Fatalf("%+v", list)
		}
		if list[0].Note != "**** 才对" {
			t.Errorf("the number is hidden, and stands in the note: %s", list[0].Note)
		}
		c.no("revealed to a console", errAfterTwo(c.RevealCorrection(ctx, rosterOffice, list[0].ID)), fault.Forbidden)
		if before, after, err := c.RevealCorrection(ctx, c.office, list[0].ID); err != nil || before != "990101200102030022" || after != "990101200102030014" {
			t.Errorf("%s, %s, %v", before, after, err)
		}
		raw, err := c.store.Correction(ctx, list[0].ID)
		if err != nil || raw.Value+raw.Before+raw.Note != "" || strings.Contains(raw.Sealed, "0014") {
			t.Errorf("%+v, %v", raw, err)
		}
		for _, w := range list {
			c.no("by the college", c.Decide(ctx, c.secretary, roster.Decision{Correction: w.ID, Accept: true}), fault.Forbidden)
			c.ok(c.Decide(ctx, c.office, roster.Decision{Correction: w.ID, Accept: true}))
			c.no("revealed once it is decided", errAfterTwo(c.RevealCorrection(ctx, c.office, w.ID)), fault.Conflict)
		}
		g, events := c.person("S1")
		if g.Name != "阿依·古丽" || g.Secret["id_number"] != "990101200102030014" || g.IDIndex != c.vault.Index("id_number", "990101200102030014") || len(events) != 1 {
			t.Errorf("%+v, %d events", g, len(events))
		}
		waits, err := c.CorrectionCounts(ctx, c.office)
		if err != nil || len(waits) != 2 || waits[0].N+waits[1].N != 0 {
			t.Errorf("%+v, %v", waits, err)
		}
	})
}

func errOf[T any](_ T, err error) error { return err }

// TestRefusedWithAReason: without one it is not refused; the graduate reads it and
// may take back what still waits.
func TestRefusedWithAReason(t *testing.T) {
	eachChecking(t, func(t *testing.T, c *checking) {
		ctx := t.Context()
		c.ok(c.Ask(ctx, c.self, c.graduate, "origin", "天津市滨海新区", ""))
		c.ok(c.Ask(ctx, c.self, c.graduate, "training", "定向", ""))
		waits, err := c.CorrectionCounts(ctx, c.secretary)
		if err != nil || len(waits) != 1 || waits[0].N != 2 || waits[0].Oldest == 0 {
			t.Errorf("%+v, %v", waits, err)
		}
		id := c.sheet().Open["origin"].ID
		c.no("without a reason", c.Decide(ctx, c.secretary, roster.Decision{Correction: id}), fault.Invalid)
		c.ok(c.Decide(ctx, c.secretary, roster.Decision{Correction: id, Note: "以高考报名地为准"}))
		c.ok(c.TakeBack(ctx, c.self, c.graduate, "training"))
		c.ok(c.TakeBack(ctx, c.self, c.graduate, "training")) // again: nothing
		s := c.sheet()
		if len(s.Open) != 0 || len(s.Past) != 1 || s.Past[0].Reason != "以高考报名地为准" {
			t.Errorf("%+v", s)
		}
		if g, _ := c.person("S1"); g.Attrs.Value(history.Origin) != "120103" {
			t.Error("a refused correction changed the roster")
		}
	})
}

// TestConfirmationLapses: the graduate's word stands until the roster says
// something else than what was on the page.
func TestConfirmationLapses(t *testing.T) {
	eachChecking(t, func(t *testing.T, c *checking) {
		if c.sheet().Stands {
			t.Error("confirmed before anybody said so")
		}
		c.ok(c.Confirm(t.Context(), c.self, c.graduate))
		c.no("for somebody else", c.Confirm(t.Context(), c.other, c.graduate), fault.NotFound)
		c.must(checkedRoster, roster.ImportOptions{Cohort: "2024"}) // changes nothing
		if s := c.sheet(); !s.Stands || s.Check.At == 0 {
			t.Errorf("%+v", s.Check)
		}
		c.must("学号,姓名,学历,民族\nS1,阿依·古丽㛃,本科,回族\n", roster.ImportOptions{Cohort: "2024"})
		if c.sheet().Stands {
			t.Error("still confirmed, though the roster changed")
		}
	})
}

// TestUndoKeepsWhatTheGraduateCorrected: an import is not undone over a phone that
// its owner has changed since.
func TestUndoKeepsWhatTheGraduateCorrected(t *testing.T) {
	eachChecking(t, func(t *testing.T, c *checking) {
		report := c.must("学号,姓名,学历,手机号\nS1,阿依·古丽㛃,本科,10000000009\n", roster.ImportOptions{Cohort: "2024"})
		c.ok(c.Correct(t.Context(), c.self, c.graduate, "phone", "13800000043"))
		undo := transfer.Service{Store: c.store, Audit: c.store, Vault: c.vault, Book: codes.Builtin, NewID: ident.New, Now: c.Now}
		_, err := undo.Undo(t.Context(), rosterOffice, report.Batch)
		c.no("undone", err, fault.Conflict)
		if g, _ := c.person("S1"); g.Secret["phone"] != "13800000043" {
			t.Error("the graduate's phone is gone")
		}
	})
}
