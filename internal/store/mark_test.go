package store_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/destination"
	"quxiang/internal/store"
	"quxiang/internal/store/storetest"
)

// TestAnHonestWriteHidesNoEdit: a row that was edited, slipped in or taken away by
// SQL and is then written by the program stays named, with the entry that wrote over
// it (C5, R30).
func TestAnHonestWriteHidesNoEdit(t *testing.T) {
	chen := access.Account{ID: "a1", Login: "chen", Name: "陈", Password: "hash", Grants: []access.Grant{{Role: access.Counsellor, Over: access.Classes("c1")}}}
	factor := access.Factor{Account: "a1", Secret: "x", Made: 5, Confirmed: 6, Used: 7}
	finding := destination.Finding{ID: "f1", Graduate: "g0001", Rule: "r", Severity: "W", Message: "核对"}
	saved := func(s *store.Store, ctx context.Context) error {
		return errors.Join(s.SaveAccount(ctx, chen), s.SaveFactor(ctx, factor, []string{"one", "two"}),
			s.SaveFindings(ctx, []destination.Finding{finding}), s.SaveSetting(ctx, "chain", "[]"))
	}
	step := int64(7)
	others := access.Account{ID: "a2", Login: "zhou", Name: "周", Grants: []access.Grant{{Role: access.Office, Over: access.School()}}}
	for name, c := range map[string]struct {
		edit string
		then func(s *store.Store, ctx context.Context) error // nil: the same rows again
		want string
	}{
		"a password":       {`update account set password = 'mine'`, nil, "账号 a1 的登录资料在审计链第 3 条写入之前已被绕过程序改动"},
		"a wider scope":    {`update account_grant set scope = '{"school":true}'`, nil, "账号 a1 的角色和范围在审计链第 3 条写入之前已被绕过程序改动"},
		"a role taken":     {`delete from account_grant`, nil, "账号 a1 的角色和范围在审计链第 3 条写入之前已被绕过程序删除"},
		"a code again":     {`update second_factor set used_step = 0`, func(s *store.Store, ctx context.Context) error { return s.UseStep(ctx, "a1", step) }, "账号 a1 的第二道验证在审计链第 3 条写入之前已被绕过程序改动"},
		"a recovery code":  {`update recovery_code set used_at = 9`, func(s *store.Store, ctx context.Context) error { return s.DropFactor(ctx, "a1") }, "账号 a1 的备用码在审计链第 3 条写入之前已被绕过程序改动"},
		"a finding":        {`update finding set answer = '已核实'`, nil, "核查提示 f1 在审计链第 3 条写入之前已被绕过程序改动"},
		"a setting":        {`update meta set value = '[1]' where key = 'chain'`, nil, "学校设置“chain”在审计链第 3 条写入之前已被绕过程序改动"},
		"an account":       {`insert into account (id, login, name, disabled, created_at) values ('a2', 'zhou', '周', false, 1)`, func(s *store.Store, ctx context.Context) error { return s.SaveAccount(ctx, others) }, "账号 a2 的登录资料在审计链第 3 条写入之前已被绕过程序改动"},
		"nothing":          {`update account set seen_at = 7`, nil, ""},
		"nothing of those": {`update account set password = 'mine'`, func(s *store.Store, ctx context.Context) error { return s.SaveAccount(ctx, others) }, "账号 a1 的登录资料与审计链第 2 条所记不符"},
	} {
		t.Run(name, func(t *testing.T) {
			storetest.EachConfig(t, func(t *testing.T, conf store.Config) {
				s := storetest.Open(t, conf)
				enrol(t, s, 1)
				write(t, s, func(ctx context.Context) error { return saved(s, ctx) })
				storetest.Tamper(t, conf, c.edit)
				then := c.then
				if then == nil {
					then = saved
				}
				for range 2 { // what comes later changes nothing about it
					write(t, s, func(ctx context.Context) error {
						step++
						return then(s, ctx)
					})
					if c.want == "" {
						verified(t, s)
					} else if got := problems(t, s); len(got) != 1 || !strings.Contains(got[0], c.want) {
						t.Fatalf("got\n%s\nwant %s", strings.Join(got, "\n"), c.want)
					}
				}
			})
		})
	}
}

// TestHonestWritersAccuseNobody: who writes one row at the same instant as others is
// taken for no intruder.
func TestHonestWritersAccuseNobody(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		var done sync.WaitGroup
		for n := range 8 {
			done.Go(func() {
				for i := range 5 {
					err := s.InTx(ctx, func(ctx context.Context) error {
						return errors.Join(s.SaveSetting(ctx, "chain", fmt.Sprint(n, i)),
							s.SaveAccount(ctx, access.Account{ID: "a1", Login: "chen", Name: fmt.Sprint(n, i)}),
							s.Write(ctx, access.Console("test"), "test", "a1", nil))
					})
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		done.Wait()
		verified(t, s)
	})
}
