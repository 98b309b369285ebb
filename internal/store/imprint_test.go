package store_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/destination"
	"quxiang/internal/domain/disclosure"
	"quxiang/internal/domain/employer"
	"quxiang/internal/domain/external"
	"quxiang/internal/domain/roster"
	"quxiang/internal/store"
	"quxiang/internal/store/storetest"
)

// furnish leaves one row of each kind that leaves imprints, about the first of
// three graduates.
func furnish(t *testing.T, s *store.Store) {
	t.Helper()
	id := enrol(t, s, 3)[0]
	write(t, s, func(ctx context.Context) error {
		return errors.Join(
			s.SaveAccount(ctx, access.Account{ID: "a1", Login: "chen", Name: "陈", Password: "hash", Grants: []access.Grant{{Role: access.Counsellor}}}),
			s.SaveFindings(ctx, []destination.Finding{{ID: "f1", Graduate: id, Rule: "W01", Severity: "W", Message: "说明", At: 5}}),
			s.SaveSamples(ctx, []destination.Sample{{ID: "x1", Graduate: id, Reason: "抽查", Stratum: "全部", At: 5}}),
			s.AddCorrection(ctx, roster.Correction{ID: "c1", Graduate: id, Field: "name", Before: "甲", Value: "乙", State: "open", Asked: 5, AskedBy: "a1"}),
			s.SaveSourceCheck(ctx, roster.SourceCheck{Graduate: id, At: 5, Basis: "b"}),
			s.SaveEmployers(ctx, []employer.Employer{{ID: "e1", Name: "某医院", Nature: "10"}}),
			s.SaveHospitalLevels(ctx, []employer.HospitalLevel{{Employer: "e1", From: "2020-01-01", Level: "33"}}),
			s.SaveLocalCodes(ctx, []codes.Code{{Scheme: "MOE-2021", Code: "27X"}}, []codes.Mapping{{Table: "t", FromScheme: "A", From: "1", To: "2"}}),
			s.SaveMinimumWages(ctx, []codes.MinimumWage{{Region: "110000", From: "2024-01-01", Monthly: 2420, Hourly: 26}}, "人社"),
			s.AddUnits(ctx, []roster.Unit{{ID: "u1", Kind: roster.College, Name: "某学院"}}),
			s.AddRequest(ctx, disclosure.Request{ID: "r1", Account: "a1", Kind: "roster", Fields: []string{"phone"}, Purpose: "联系", Asked: 5, State: "asked"}),
			s.SaveFactor(ctx, access.Factor{Account: "a1", Secret: "x", Made: 5, Confirmed: 6, Used: 7}, []string{"one", "two"}),
			s.AddExternalEntries(ctx, []external.Entry{{No: 1, At: 5, Account: "a1", Cohort: "2024", Key: "relevance", Step: external.Entered, Content: external.Content{Value: "91", Unit: "%"}}}),
			s.SaveSetting(ctx, "chain", "[]"))
	})
}

// TestVerifyNamesRowsChangedBehindItsBack: whatever moves a rate, hides a finding or
// widens somebody's rights leaves an imprint (R30, C5, C15).
func TestVerifyNamesRowsChangedBehindItsBack(t *testing.T) {
	cases := map[string]struct{ tamper, want string }{
		"a name":                       {`update graduate set name = '别人' where id = 'g0001'`, "毕业生 g0001 的姓名、号码或个人资料与审计链第 1 条所记不符"},
		"a student number":             {`update graduate set student_no = '77' where id = 'g0001'`, "毕业生 g0001 的姓名、号码或个人资料与审计链第 1 条所记不符"},
		"a profile":                    {`update graduate set profile = '{"political":"01"}' where id = 'g0001'`, "毕业生 g0001 的姓名、号码或个人资料"},
		"a password":                   {`update account set password = 'mine' where id = 'a1'`, "账号 a1 的登录资料与审计链第 2 条所记不符"},
		"an account made up":           {`insert into account (id, login, name, disabled, created_at) values ('a2', 'x', 'x', false, 1)`, "账号 a2 的登录资料没有对应的审计记录"},
		"a grant widened":              {`update account_grant set scope = '{"School":true}'`, "账号 a1 的角色和范围与审计链第 2 条所记不符"},
		"a grant added":                {`insert into account_grant (account_id, place, role, scope) values ('a1', 1, 'office', '{}')`, "账号 a1 的角色和范围与审计链第 2 条所记不符"},
		"a grant taken away":           {`delete from account_grant`, "账号 a1 的角色和范围在数据库里已经没有：审计链第 2 条记有它"},
		"a finding answered":           {`update finding set answer = '属实'`, "核查提示 f1 与审计链第 2 条所记不符"},
		"a finding removed":            {`delete from finding`, "核查提示 f1 在数据库里已经没有"},
		"a sample's result":            {`update sample set result = 'ok'`, "抽查记录 x1 与审计链第 2 条所记不符"},
		"a sample removed":             {`delete from sample`, "抽查记录 x1 在数据库里已经没有"},
		"a correction's value":         {`update correction set value = '丙'`, "更正申请 c1 与审计链第 2 条所记不符"},
		"a word given":                 {`update source_check set rev = 9`, "毕业生 g0001 对本人信息的确认与审计链第 2 条所记不符"},
		"an employer's nature":         {`update employer set nature = '31'`, "单位 e1 的资料与审计链第 2 条所记不符"},
		"a hospital's level":           {`update hospital_level set level = '11'`, "单位 e1 的医院等级与审计链第 2 条所记不符"},
		"a code":                       {`update local_code set content = '{}'`, "中本校增加的代码与审计链第 2 条所记不符"},
		"a mapping":                    {`update local_mapping set to_code = '9'`, "代码对照表 t 中本校增加的对照与审计链第 2 条所记不符"},
		"a minimum wage":               {`update minimum_wage set monthly = 1`, "地区 110000 的最低工资标准与审计链第 2 条所记不符"},
		"a unit":                       {`update unit set name = '别的学院' where id = 'u1'`, "学院、专业或班级 u1 与审计链第 2 条所记不符"},
		"a request approved":           {`update export_request set state = 'approved'`, "敏感列导出申请 r1 与审计链第 2 条所记不符"},
		"a setting":                    {`update meta set value = '[1]' where key = 'chain'`, "学校设置“chain”与审计链第 2 条所记不符"},
		"all taken anew":               {`insert into meta (key, value) values ('imprints_due', '1')`, "有人要求把现有内容重新登记一遍"},
		"a survey made better":         {`update external_entry set value = '95'`, "外部数据台账第 1 条与审计链第 2 条所记不符"},
		"a second factor taken away":   {`delete from second_factor`, "账号 a1 的第二道验证在数据库里已经没有：审计链第 2 条记有它"},
		"a code taken twice":           {`update second_factor set used_step = 0`, "账号 a1 的第二道验证与审计链第 2 条所记不符"},
		"a recovery code added":        {`insert into recovery_code (account_id, digest) values ('a1', 'three')`, "账号 a1 的备用码与审计链第 2 条所记不符"},
		"recovery codes taken away":    {`delete from recovery_code`, "账号 a1 的备用码在数据库里已经没有：审计链第 2 条记有它"},
		"a second factor put off":      {`update second_factor set confirmed_at = 0`, "账号 a1 的第二道验证与审计链第 2 条所记不符"},
		"a clock set back":             {`insert into meta (key, value) values ('clock_offset', '-86400000')`, "学校设置“clock_offset”没有对应的审计记录"},
		"a setting slipped in":         {`insert into meta (key, value) values ('full_list', 'true')`, "学校设置“full_list”没有对应的审计记录"},
		"an imprint to go with a name": {`update imprint set digest = x'00' where kind = 'graduate' and subject = 'g0001'`, "毕业生 g0001 的姓名、号码或个人资料的第 1 次登记读不出来"},
		"an imprint removed":           {`delete from imprint where kind = 'account' and subject = 'a1'`, "账号 a1 的登录资料没有对应的审计记录"},
	}
	try := func(t *testing.T, conf store.Config, statement, want string) {
		s := storetest.Open(t, conf)
		furnish(t, s)
		verified(t, s)
		if storetest.Tamper(t, conf, statement) == 0 {
			t.Fatal("nothing was changed")
		}
		if all := strings.Join(problems(t, s), "\n"); !strings.Contains(all, want) {
			t.Errorf("got\n%s\nwant %s", all, want)
		}
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) { try(t, storetest.SQLite(t), c.tamper, c.want) })
	}
	for _, name := range []string{"a name", "a grant widened", "a finding removed", "a setting slipped in"} { // the same text on both engines
		t.Run(name+" on PostgreSQL", func(t *testing.T) { try(t, storetest.Postgres(t), cases[name].tamper, cases[name].want) })
	}
}

// TestARowBroughtBackIsFound: former contents have an imprint too, but not the newest.
func TestARowBroughtBackIsFound(t *testing.T) {
	storetest.EachConfig(t, func(t *testing.T, c store.Config) {
		s := storetest.Open(t, c)
		for _, value := range []string{"one", "two", "two"} {
			write(t, s, func(ctx context.Context) error { return s.SaveSetting(ctx, "chain", value) })
		}
		var n int
		if err := raw(t, c).QueryRowContext(ctx, `select count(1) from imprint`).Scan(&n); err != nil || n != 2 {
			t.Errorf("%d imprints (%v), want 2: what stays as it is leaves none", n, err)
		}
		storetest.Tamper(t, c, `update meta set value = 'one' where key = 'chain'`)
		if all := strings.Join(problems(t, s), "\n"); !strings.Contains(all, "学校设置“chain”与审计链第 2 条所记不符") {
			t.Errorf("got %s", all)
		}
	})
}

// TestTheDatabaseRefusesItself: events and sealed entries cannot be changed or
// removed, and whoever takes that refusal away is found (R30e).
func TestTheDatabaseRefusesItself(t *testing.T) {
	storetest.EachConfig(t, func(t *testing.T, c store.Config) {
		s := storetest.Open(t, c)
		history3(t, s)
		verified(t, s)
		db := raw(t, c)
		for _, statement := range []string{
			`update event set code = '10'`, `update event set true_on = '2024-01-01' where seq = 2`, `delete from event`,
			`update audit set account = 'x'`, `update audit set hash = prev where n = 2`, `delete from audit where n = 3`,
			`update imprint set rev = 7`, `delete from imprint`,
		} {
			if _, err := db.ExecContext(ctx, statement); err == nil {
				t.Errorf("%s: done", statement)
			}
		}
		verified(t, s)
		drop := `drop trigger event_stays`
		if c.URL != "" {
			drop += ` on event`
			if _, err := db.ExecContext(ctx, `truncate event`); err == nil {
				t.Error("truncated")
			}
		}
		if _, err := db.ExecContext(ctx, drop); err != nil {
			t.Fatal(err)
		}
		if all := strings.Join(problems(t, s), "\n"); !strings.Contains(all, "拒绝事件的删除的保护被拆除") {
			t.Errorf("got %s", all)
		}
	})
}

// TestNobodyHasImprintsTakenAnew: the note of a school without imprints, written by SQL
// into one that has them, does not make what was edited true at the next start (R30).
func TestNobodyHasImprintsTakenAnew(t *testing.T) {
	storetest.EachConfig(t, func(t *testing.T, c store.Config) {
		s, err := store.Open(ctx, c)
		if err != nil {
			t.Fatal(err)
		}
		furnish(t, s)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		storetest.Tamper(t, c, `update graduate set name = '别人' where id = 'g0001'`)
		storetest.Tamper(t, c, `insert into meta (key, value) values ('imprints_due', '1')`)
		s = storetest.Open(t, c)
		for _, want := range []string{"毕业生 g0001 的姓名、号码或个人资料与审计链第 1 条所记不符", "有人要求把现有内容重新登记一遍"} {
			if all := strings.Join(problems(t, s), "\n"); !strings.Contains(all, want) {
				t.Errorf("got\n%s\nwant %s", all, want)
			}
		}
	})
}

// TestAProbeIsNoTampering: what the server writes to see that it can needs no entry.
func TestAProbeIsNoTampering(t *testing.T) {
	storetest.EachConfig(t, func(t *testing.T, c store.Config) {
		s := storetest.Open(t, c)
		if err := s.SaveSetting(ctx, "probe", "1"); err != nil {
			t.Fatal(err)
		}
		verified(t, s)
	})
}

// TestOldRowsGetTheirFirstImprint: a school that is older than the imprints is taken
// as it lies there, once.
func TestOldRowsGetTheirFirstImprint(t *testing.T) {
	storetest.EachConfig(t, func(t *testing.T, c store.Config) {
		s, err := store.Open(ctx, c)
		if err != nil {
			t.Fatal(err)
		}
		furnish(t, s)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		storetest.Tamper(t, c, `delete from imprint`)
		storetest.Tamper(t, c, `delete from audit`)
		storetest.Tamper(t, c, `delete from event`)
		storetest.Tamper(t, c, `update graduate set seq = 0, known_at = 0, cohort = '', level_id = '', college_id = '', major_id = '', class_id = '', sex = '',
			ethnicity = '', origin = '', training = '', in_statistics = '', has_left = ''`)
		storetest.Tamper(t, c, `delete from graduate_cohort`)
		storetest.Tamper(t, c, `insert into meta (key, value) values ('imprints_due', '1')`)
		for range 2 {
			s, err := store.Open(ctx, c)
			if err != nil {
				t.Fatal(err)
			}
			verified(t, s)
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
		}
		var n, graduates int
		if err := raw(t, c).QueryRowContext(ctx, `select count(1), count(1) filter (where kind = 'graduate') from imprint`).Scan(&n, &graduates); err != nil {
			t.Fatal(err)
		}
		if graduates != 3 || n != 3+17 {
			t.Errorf("%d imprints, %d of graduates", n, graduates)
		}
	})
}
