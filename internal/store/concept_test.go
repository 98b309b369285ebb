package store_test

import (
	"context"
	"errors"
	"reflect"
	"testing"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/destination"
	"quxiang/internal/domain/destination/scrutiny"
	"quxiang/internal/domain/employer"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/roster"
	"quxiang/internal/store"
	"quxiang/internal/store/storetest"
)

// same fails the test unless got is what was kept.
func same[T any](t testing.TB, what string, got T, err error, want T) {
	t.Helper()
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%s: got %+v (%v), want %+v", what, got, err, want)
	}
}

func TestAccounts(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ada := access.Account{ID: "a1", Login: "ada", Name: "测试员", Password: "argon", Created: 7, Grants: []access.Grant{
			{Role: access.Office, Over: access.School(), Begins: "2024-01-01"},
			{Role: access.Counsellor, Over: access.Classes("k1", "k2"), Ends: "2025-07-01"}}}
		bob := access.Account{ID: "a2", Login: "bob", Graduate: "g0001", Disabled: true}
		write(t, s, func(ctx context.Context) error {
			if err := s.SaveAccount(ctx, bob); err != nil {
				return err
			}
			return s.SaveAccount(ctx, ada)
		})
		got, err := s.Account(ctx, "a1")
		same(t, "by id", got, err, ada)
		got, err = s.AccountByLogin(ctx, "bob")
		same(t, "by login", got, err, bob)
		ada.Grants = ada.Grants[1:]
		write(t, s, func(ctx context.Context) error { return s.SaveAccount(ctx, ada) })
		list, err := s.AccountList(ctx)
		same(t, "list after a grant was taken away", list, err, []access.Account{ada, bob})
		_, err = s.Account(ctx, "a9")
		wantKind(t, err, fault.NotFound)
		bob.Login = "ada"
		wantKind(t, tryWrite(s, func(ctx context.Context) error { return s.SaveAccount(ctx, bob) }), fault.Conflict)
	})
}

func TestLinksAndSessions(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		write(t, s, func(ctx context.Context) error { return s.SaveAccount(ctx, access.Account{ID: "a1", Login: "ada"}) })
		link := access.Link{Digest: "d1", Account: "a1", Purpose: "password", Expires: 9}
		session := access.Session{Digest: "d2", Account: "a1", Began: 1, Seen: 2}
		for _, err := range []error{s.SaveLink(ctx, link), s.SaveSession(ctx, session), s.UseLink(ctx, "d1", 5)} {
			if err != nil {
				t.Fatal(err)
			}
		}
		link.Used = 5
		got, err := s.Link(ctx, "d1")
		same(t, "link", got, err, link)
		wantKind(t, s.UseLink(ctx, "d1", 6), fault.Conflict)
		_, err = s.Link(ctx, "d9")
		wantKind(t, err, fault.NotFound)

		if err := s.SaveSession(ctx, session); err == nil {
			t.Error("a session that is there already was added again")
		}
		session.Seen = 8
		if err := s.TouchSession(ctx, "d2", 8); err != nil {
			t.Fatal(err)
		}
		seen, err := s.Session(ctx, "d2")
		same(t, "session", seen, err, session)
		if err := s.DropSession(ctx, "d2"); err != nil {
			t.Fatal(err)
		}
		wantKind(t, s.TouchSession(ctx, "d2", 9), fault.NotFound)
		_, err = s.Session(ctx, "d2") // a late request does not bring it back
		wantKind(t, err, fault.NotFound)
	})
}

// TestServerForgetsOldLogins: what has expired goes when a server starts, to the
// millisecond; what may still be used stays.
func TestServerForgetsOldLogins(t *testing.T) {
	const month, now = 30 * 24 * 3600 * 1000, 40 * 24 * 3600 * 1000
	storetest.EachConfig(t, func(t *testing.T, c store.Config) {
		c.Clock = func() calendar.Instant { return now }
		s := storetest.Open(t, c)
		write(t, s, func(ctx context.Context) error { return s.SaveAccount(ctx, access.Account{ID: "a1", Login: "ada"}) })
		for _, err := range []error{
			s.SaveLink(ctx, access.Link{Digest: "over", Account: "a1", Expires: now - 1}),
			s.SaveLink(ctx, access.Link{Digest: "good", Account: "a1", Expires: now}),
			s.SaveSession(ctx, access.Session{Digest: "over", Account: "a1", Began: now - month - 1, Seen: now}),
			s.SaveSession(ctx, access.Session{Digest: "good", Account: "a1", Began: now - month}),
		} {
			if err != nil {
				t.Fatal(err)
			}
		}
		release, err := s.HoldServer(ctx)
		if err != nil {
			t.Fatal(err)
		}
		release()
		for digest, want := range map[string]fault.Kind{"over": fault.NotFound, "good": ""} {
			_, err := s.Link(ctx, digest)
			wantKind(t, err, want)
			_, err = s.Session(ctx, digest)
			wantKind(t, err, want)
		}
	})
}

func TestLocalCodes(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		z := codes.Code{Scheme: "MOE-2021", Code: "10z", Name: "本校", Parent: "10", Aliases: []string{"甲"}, Fields: map[string]string{"offered": "no"}}
		a := codes.Code{Scheme: "LOCAL", Code: "01", Name: "另一"}
		m := codes.Mapping{Table: "nature", FromScheme: "OLD", From: "1", To: "10"}
		save := func(c []codes.Code, m []codes.Mapping) {
			t.Helper()
			write(t, s, func(ctx context.Context) error { return s.SaveLocalCodes(ctx, c, m) })
		}
		save([]codes.Code{z, a}, []codes.Mapping{m, {Table: "level", From: "x", To: "y"}})
		z.Name, m.To = "改名", "20"
		save([]codes.Code{z}, []codes.Mapping{m})
		added, mapped, err := s.LocalCodes(ctx)
		same(t, "codes in order of adding", added, err, []codes.Code{z, a})
		same(t, "mappings", mapped, err, []codes.Mapping{m, {Table: "level", From: "x", To: "y"}})
	})
}

func TestUnits(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		class := roster.Unit{ID: "k0001", Kind: roster.Class, Parent: "m001", Cohort: "2024", Name: "一班"}
		major := roster.Unit{ID: "m001", Kind: roster.Major, Parent: "c01", Code: "100201K", Name: "临床医学"}
		college := roster.Unit{ID: "c01", Kind: roster.College, Name: "临床医学院"}
		twin := college
		twin.ID = "c02"
		write(t, s, func(ctx context.Context) error { return s.AddUnits(ctx, []roster.Unit{class, major, college}) })
		write(t, s, func(ctx context.Context) error {
			return s.AddUnits(ctx, []roster.Unit{{ID: "c01", Name: "别名"}, twin})
		})
		got, err := s.Units(ctx)
		same(t, "units", got, err, []roster.Unit{college, major, class})
		later := roster.Unit{ID: "k0002", Kind: roster.Class, Parent: "m001", Cohort: "2024", Name: "二班"}
		write(t, s, func(ctx context.Context) error {
			if err := s.AddUnits(ctx, []roster.Unit{later}); err != nil {
				return err
			}
			inside, err := s.Units(ctx)
			same(t, "units, inside the transaction that adds one", inside, err, []roster.Unit{college, major, class, later})
			outside, err := s.Units(t.Context())
			same(t, "units, beside it", outside, err, []roster.Unit{college, major, class})
			return nil
		})
		got, err = s.Units(ctx)
		same(t, "units, after it", got, err, []roster.Unit{college, major, class, later})
		lost := errors.New("broken off")
		if err := tryWrite(s, func(ctx context.Context) error {
			return errors.Join(s.AddUnits(ctx, []roster.Unit{{ID: "k0003", Kind: roster.Class, Parent: "m001", Cohort: "2024", Name: "三班"}}), lost)
		}); !errors.Is(err, lost) {
			t.Errorf("a transaction that was to fail: %v", err)
		}
		got, err = s.Units(ctx)
		same(t, "units, after one that was taken back", got, err, []roster.Unit{college, major, class, later})
	})
}

func TestEmployers(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		firm := employer.Employer{ID: "e1", CreditCode: "99120000MA0000000X", Name: "滨海（示例）有限公司", Nature: "31", Industry: "17", Region: "120103",
			Address: "某路", Founded: "2001-02-03", Status: "存续", Source: "测试"}
		bare := employer.Employer{ID: "e2", Name: "滨海示例医院"}
		levels := []employer.HospitalLevel{{Employer: "e2", Level: "21", Source: "甲"}, {Employer: "e2", From: "2024-01-01", Level: "31", Source: "乙"}}
		write(t, s, func(ctx context.Context) error {
			if err := s.SaveEmployers(ctx, []employer.Employer{firm, bare, {ID: "e3", Name: "别家"}}); err != nil {
				return err
			}
			return s.SaveHospitalLevels(ctx, []employer.HospitalLevel{levels[1], levels[0]})
		})
		got, err := s.EmployersByKey(ctx, []string{firm.CreditCode, ""}, []string{employer.NameKey(firm.Name), employer.NameKey(bare.Name)})
		same(t, "by key", got, err, []employer.Employer{firm, bare})
		got, err = s.EmployersByKey(ctx, nil, nil)
		same(t, "by no key", got, err, nil)
		levels[0].Level, bare.Name = "22", "改名医院"
		write(t, s, func(ctx context.Context) error {
			if err := s.SaveEmployers(ctx, []employer.Employer{bare}); err != nil {
				return err
			}
			return s.SaveHospitalLevels(ctx, levels[:1])
		})
		found, err := s.HospitalLevels(ctx, []string{"e2", "e1", "e2"})
		same(t, "grades", found, err, levels)
		got, err = s.EmployersByKey(ctx, nil, []string{employer.NameKey("改名医院")})
		same(t, "under the new name", got, err, []employer.Employer{bare})
		bare.CreditCode = firm.CreditCode
		wantKind(t, tryWrite(s, func(ctx context.Context) error { return s.SaveEmployers(ctx, []employer.Employer{bare}) }), fault.Conflict)
	})
}

func TestFindingsSamplesDocuments(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		enrol(t, s, 2) // g0001 in c01, g0002 in c02
		early := destination.Finding{ID: "f2", Graduate: "g0001", Case: "k", Change: "x", Rule: "A01", Severity: scrutiny.Warns, Message: "核对", At: 1, Batch: "b"}
		late := destination.Finding{ID: "f1", Graduate: "g0001", Rule: "A02", Severity: scrutiny.Samples, At: 2}
		open := destination.Sample{ID: "s1", Graduate: "g0001", Case: "k", Reason: "A02", Stratum: "c01/10", Seed: -7, At: 1}
		done := destination.Sample{ID: "s0", Graduate: "g0002", At: 2, Result: "属实", Note: "电话", By: "a1", Said: "原话", Answered: 3}
		paper := destination.Document{SHA256: "ab", Graduate: "g0001", Kind: "AGR", Media: "image/png", Size: 1 << 40, At: 3, Account: "a1"}
		second := paper
		second.Kind, second.At = "CON", 2
		save := func(ctx context.Context) error {
			if err := s.SaveFindings(ctx, []destination.Finding{late, early}); err != nil {
				return err
			}
			if err := s.SaveSamples(ctx, []destination.Sample{done, open}); err != nil {
				return err
			}
			for _, d := range []destination.Document{paper, second} {
				if err := s.SaveDocument(ctx, d); err != nil {
					return err
				}
			}
			return nil
		}
		write(t, s, save)
		early.Answer, early.By = "已核", "a1"
		again := paper
		again.Media = "other"
		write(t, s, func(ctx context.Context) error {
			if err := s.SaveDocument(ctx, again); err != nil { // handed in again: the first row stays
				return err
			}
			return save(ctx)
		})
		for scope, in := range map[string]access.Scope{"school": access.School(), "college": access.Colleges("c01"), "class": access.Classes("kg0001"), "self": access.Self("g0001")} {
			findings, err := s.Findings(ctx, in, "g0001")
			same(t, scope+" findings", findings, err, []destination.Finding{early, late})
			papers, err := s.Documents(ctx, in, "g0001")
			same(t, scope+" documents", papers, err, []destination.Document{second, paper})
			samples, err := s.Samples(ctx, in, "2024", true)
			same(t, scope+" open samples", samples, err, []destination.Sample{open})
		}
		samples, err := s.Samples(ctx, access.School(), "2024", false)
		same(t, "samples", samples, err, []destination.Sample{open, done})
		owners, err := s.DocumentOwners(ctx, "ab")
		same(t, "owners", owners, err, []string{"g0001"})
		verified(t, s)
	})
}

func TestMinimumWages(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		rows := []codes.MinimumWage{{Region: "120000", From: "2022-01-01", Monthly: 218000}, {Region: "120000", From: "2024-01-01", Monthly: 232000, Hourly: 2440}}
		write(t, s, func(ctx context.Context) error {
			return s.SaveMinimumWages(ctx, []codes.MinimumWage{rows[1], rows[0]}, "公报")
		})
		rows[0].Hourly = 1
		write(t, s, func(ctx context.Context) error { return s.SaveMinimumWages(ctx, rows[:1], "公报") })
		got, err := s.MinimumWages(ctx)
		same(t, "wages", got, err, rows)
	})
}

// TestScopes: whatever reads people shows those of the scope and nobody else (Q7, X1).
func TestScopes(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ids := enrol(t, s, 4) // odd ones in c01, even ones in c02; each in a class of their own
		for name, c := range map[string]struct {
			in   access.Scope
			want []string
		}{
			"nobody":              {access.Scope{}, nil},
			"the school":          {access.School(), ids},
			"a college":           {access.Colleges("c01"), []string{ids[0], ids[2]}},
			"a class":             {access.Classes("kg0002"), []string{ids[1]}},
			"oneself":             {access.Self(ids[3]), []string{ids[3]}},
			"several":             {access.Scope{Colleges: []string{"c01"}, Classes: []string{"kg0002"}, Graduates: []string{"x"}}, ids[:3]},
			"a college of no one": {access.Colleges("c01' or '1'='1"), nil},
		} {
			var numbers []string
			list, err := s.Graduates(ctx, c.in, "2024", "", 500)
			same(t, name+": list", idsOf(list), err, c.want)
			for _, g := range list {
				numbers = append(numbers, g.StudentNo)
			}
			list, err = s.GraduatesByID(ctx, c.in, ids)
			same(t, name+": by id", idsOf(list), err, c.want)
			list, err = s.GraduatesByNumber(ctx, c.in, []string{"99000001", "99000002", "99000003", "99000004"}, nil)
			same(t, name+": by number", idsOf(list), err, c.want)
			histories, err := s.Histories(ctx, c.in, ids)
			if err != nil || len(histories) != len(c.want) {
				t.Errorf("%s: %d histories (%v), want %d", name, len(histories), err, len(c.want))
			}
			if len(numbers) != len(c.want) {
				t.Errorf("%s: numbers %v", name, numbers)
			}
		}
	})
}

func idsOf(list []roster.Graduate) (ids []string) {
	for _, g := range list {
		ids = append(ids, g.ID)
	}
	return ids
}

func TestListsPageByKey(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ids := enrol(t, s, 7)
		var got []string
		for after := ""; ; {
			page, err := s.Graduates(ctx, access.School(), "", after, 3)
			if err != nil {
				t.Fatal(err)
			}
			if len(page) == 0 {
				break
			}
			got = append(got, idsOf(page)...)
			after = page[len(page)-1].ID
		}
		same(t, "all pages", got, nil, ids)
		page, err := s.Graduates(ctx, access.School(), "1999", "", 3)
		same(t, "a cohort of nobody", page, err, nil)
		want, _ := enrolment(0)
		full, err := s.GraduatesByID(ctx, access.School(), ids[:1])
		want.Seq = 1
		same(t, "a graduate", full, err, []roster.Graduate{want.Graduate})
	})
}
