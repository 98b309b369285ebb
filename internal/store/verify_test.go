package store_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"quxiang/internal/domain/destination"
	"quxiang/internal/domain/history"
	"quxiang/internal/domain/release"
	"quxiang/internal/store"
	"quxiang/internal/store/storetest"
)

// history3 leaves three audit entries: a load of three, a publication of three
// events of two graduates with a document, and a setting with a snapshot that is
// frozen, released and unlocked.
func history3(t testing.TB, s *store.Store) {
	t.Helper()
	ids := enrol(t, s, 3)
	write(t, s, func(ctx context.Context) error {
		if err := s.SaveDocument(ctx, destination.Document{SHA256: "ab", Graduate: ids[1], Kind: "AGR", Media: "image/png", Size: 9, At: 5, Account: "a"}); err != nil {
			return err
		}
		_, err := s.Publish(ctx, []history.Event{step(ids[1], 2), step(ids[1], 3), step(ids[0], 2)})
		return err
	})
	write(t, s, func(ctx context.Context) error {
		x, rows := snapshotAt("INIT", 1000)
		return errors.Join(s.SaveSetting(ctx, "a", "b"), s.SaveSnapshot(ctx, x, rows),
			s.SaveApproval(ctx, "INIT", release.Approval{At: 4000, By: "leader"}),
			s.SaveUnlock(ctx, release.Unlock{ID: "u1", Snapshot: "INIT", Account: "leader", Reason: "补录", At: 4000, Until: 5000}))
	})
}

func TestVerifyNamesWhatWasTamperedWith(t *testing.T) {
	const blob = "x'00'"
	for name, c := range map[string]struct {
		tamper string
		want   []string // in one of the problems each
	}{
		"nothing": {"", nil},
		"one character of what an event says": {
			`update event set said = replace(said, '31', '32') where graduate_id = 'g0002' and seq = 2`, []string{"毕业生 g0002 的第 2 条记录与审计链第 2 条所记不符"}},
		"the spelling alone": {
			`update event set said = replace(said, ':', ': ') where graduate_id = 'g0002' and seq = 2`, []string{"毕业生 g0002 的第 2 条记录与审计链第 2 条所记不符"}},
		"text that cannot be read": {
			`update event set fields = '{' where graduate_id = 'g0001' and seq = 2`, []string{"毕业生 g0001 的第 2 条记录与审计链第 2 条所记不符"}},
		"the instant of knowing": {
			`update event set known_at = known_at - 1 where graduate_id = 'g0002' and seq = 3`, []string{"毕业生 g0002 的第 3 条记录的获知时间早于前一条"}},
		"an event deleted in the middle": {
			`delete from event where graduate_id = 'g0002' and seq = 2`, []string{"毕业生 g0002 缺少第 2 条记录", "毕业生 g0002 的第 3 条记录之前缺少 1 项"}},
		"the last event deleted": {
			`delete from event where graduate_id = 'g0001' and seq = 2`, []string{"审计链第 2 条记有它们", "名单说到第 2 条"}},
		"a whole history deleted": {
			`delete from event where graduate_id = 'g0003'`, []string{"毕业生 g0003 的记录全部缺失", "之前缺少 1 项：审计链第 1 条记有它们"}},
		"an event inserted under an entry": {
			`insert into event (graduate_id, seq, known_at, audit_id) select graduate_id, 3, known_at, audit_id from event where graduate_id = 'g0001' and seq = 2`,
			[]string{"毕业生 g0001 的第 3 条记录与审计链第 2 条所记不符"}},
		"an event inserted without entry": {
			`insert into event (graduate_id, seq, known_at, audit_id) values ('g0001', 3, 9999999999999, 'none')`, []string{"毕业生 g0001 的第 3 条记录没有对应的审计记录"}},
		"an event laid to another entry": {
			`update event set audit_id = (select id from audit where n = 3) where graduate_id = 'g0002' and seq = 3`, []string{"毕业生 g0002 的第 3 条记录与审计链第 3 条所记不符", "审计链第 2 条记有"}},
		"a document changed": {
			`update document set size = 8`, []string{"毕业生 g0002 的证明材料 ab 与审计链第 2 条所记不符"}},
		"a document deleted": {
			`delete from document`, []string{"审计链第 2 条所记的内容中，有 1 项在数据库里已经没有"}},
		"the cut of a snapshot": {
			`update snapshot set true_before = true_before + 1`, []string{"快照“INIT”的冻结登记与审计链第 3 条所记不符"}},
		"the approval of a snapshot taken away": {
			`update snapshot set approval = ''`, []string{"快照“INIT”的发布审批与审计链第 3 条所记不符"}},
		"the approval taken away with its mark": {
			`update snapshot set approval = '', approval_audit = ''`, []string{"快照“INIT”的解锁登记 u1 之前缺少 1 项：审计链第 3 条记有它们"}},
		"an approval made up": {
			`update snapshot set approval = '{}', approval_audit = ''`, []string{"快照“INIT”的发布审批没有对应的审计记录"}},
		"an unlock made longer": {
			`update snapshot_unlock set until = 9000`, []string{"快照“INIT”的解锁登记 u1 与审计链第 3 条所记不符"}},
		"an unlock deleted": {
			`delete from snapshot_unlock`, []string{"学校设置“a”的第 1 次登记之前缺少 1 项：审计链第 3 条记有它们"}},
		"an unlock inserted": {
			`insert into snapshot_unlock (id, snapshot, account, reason, at, until, audit_id) values ('u2', 'INIT', 'x', 'x', 1, 9, 'none')`,
			[]string{"快照“INIT”的解锁登记 u2 没有对应的审计记录"}},
		"the subject of an entry": {
			`update audit set subject = 'x' where n = 1`, []string{"审计链第 1 条的内容与它的校验值不符"}},
		"the items of an entry": {
			`update audit set items = ` + blob + ` where n = 2`, []string{"审计链第 2 条的内容与它的校验值不符", "毕业生 g0001 的第 2 条记录与审计链第 2 条所记不符"}},
		"the hash of an entry": {
			`update audit set hash = prev where n = 2`, []string{"审计链第 2 条的内容", "审计链第 3 条接不上第 2 条"}},
		"an entry deleted": {
			`delete from audit where n = 2`, []string{"审计链在第 1 条之后断开：下一条是第 3 条", "毕业生 g0001 的第 2 条记录没有对应的审计记录"}},
		"the first entry deleted": {
			`delete from audit where n = 1`, []string{"审计链在第 0 条之后断开：下一条是第 2 条"}},
		"two entries in each other's place": {
			`update audit set n = 5 - n where n in (2, 3)`, []string{"审计链第 2 条接不上第 1 条"}},
		"where the roster says the history ends": {
			`update graduate set seq = 4 where id = 'g0002'`, []string{"毕业生 g0002 的名单与记录不符：名单说到第 4 条"}},
		"a derived attribute": {
			`update graduate set college_id = 'c77' where id = 'g0003'`, []string{"毕业生 g0003 的名单与记录不符：学院在名单里是“c77”，按记录是“c01”"}},
		"a yes emptied": {
			`update graduate set in_statistics = '' where id = 'g0003'`, []string{"“列入统计”一项在名单里没有填，按记录是“是”"}},
		"who was ever in a cohort": {
			`update graduate_cohort set cohort = '2023' where graduate_id = 'g0003'`, []string{"各届的毕业生名单与记录不符"}},
	} {
		t.Run(name, func(t *testing.T) {
			storetest.EachConfig(t, func(t *testing.T, conf store.Config) {
				s := storetest.Open(t, conf)
				history3(t, s)
				verified(t, s)
				if t.Failed() || c.tamper == "" {
					return
				}
				statement := c.tamper
				if conf.URL != "" {
					statement = strings.Replace(statement, blob, `'\x00'`, 1)
				}
				tamper(t, conf, statement)
				all := strings.Join(problems(t, s), "\n")
				if word := regexp.MustCompile(`[a-z]+_[a-z]+`).FindString(all); word != "" {
					t.Errorf("the user is told %s, a name of the database, in\n%s", word, all)
				}
				for _, want := range c.want {
					if !strings.Contains(all, want) {
						t.Errorf("got\n%s\nwant %s", all, want)
					}
				}
			})
		})
	}
}

// TestVerifyTellsTheFirstHundred: a lost table is said in a hundred lines and a
// count, not in one line for each graduate.
func TestVerifyTellsTheFirstHundred(t *testing.T) {
	for name, c := range map[string]struct{ graduates, lines int }{
		"as many as are told":  {100, 100},
		"one more":             {101, 101},
		"several pages of all": {1200, 101},
	} {
		t.Run(name, func(t *testing.T) {
			conf := storetest.SQLite(t)
			s := storetest.Open(t, conf)
			enrol(t, s, c.graduates)
			tamper(t, conf, `update graduate set sex = 'x'`)
			got := problems(t, s)
			if len(got) != c.lines {
				t.Fatalf("%d lines, want %d", len(got), c.lines)
			}
			want := fmt.Sprintf("共发现 %d 处不符，以上是前 100 处", c.graduates)
			if told := strings.Contains(got[len(got)-1], want); told != (c.graduates > 100) {
				t.Errorf("the last line is %q", got[len(got)-1])
			}
		})
	}
}

// tamper runs the statement as somebody would who has the database in hand.
func tamper(t *testing.T, c store.Config, statement string) {
	t.Helper()
	if strings.Contains(statement, "5 - n") { // on the way two entries have one number
		if _, err := raw(t, c).ExecContext(ctx, `drop index audit_n`); err != nil {
			t.Fatal(err)
		}
	}
	if n := storetest.Tamper(t, c, statement); n == 0 {
		t.Fatalf("%s: no rows", statement)
	}
}

// TestVerifyFindsEveryFlip changes, one after another, every cell of every audited
// row by one bit, and puts it back (P4, R30).
func TestVerifyFindsEveryFlip(t *testing.T) {
	c := storetest.SQLite(t)
	s := storetest.Open(t, c)
	history3(t, s)
	db := raw(t, c)
	flips := 0
	for _, table := range []string{"audit", "event", "document", "snapshot", "snapshot_unlock"} {
		key := map[string]string{"audit": "id", "event": "graduate_id || ' ' || seq", "document": "sha256",
			"snapshot": "name", "snapshot_unlock": "id"}[table]
		for _, row := range texts(t, db, `select `+key+` from `+table) {
			for _, column := range texts(t, db, `select name from pragma_table_info('`+table+`')`) {
				where := ` where rowid = $2`
				if table == "event" { // without rowid, and the key may be what is changed
					where = ` where graduate_id || ' ' || seq = $2`
				}
				var id, cell any = row, nil
				if table != "event" {
					scan(t, db, `select rowid from `+table+` where `+key+` = $1`, row, &id)
				}
				scan(t, db, `select `+column+` from `+table+` where `+key+` = $1`, row, &cell)
				if b, ok := cell.([]byte); ok && len(b) == 0 {
					cell = []byte{} // read as nil, which would be written as null
				}
				other := flipped(cell)
				change(t, c, `update `+table+` set `+column+` = $1`+where, other, id)
				if len(problems(t, s)) == 0 {
					t.Errorf("%s of %s %s: %v became %v and nobody noticed", column, table, row, cell, other)
				}
				if table == "event" {
					switch column {
					case "graduate_id":
						id = other.(string) + row[len("g0001"):]
					case "seq":
						id = row[:len("g0001 ")] + fmt.Sprint(other)
					}
				}
				change(t, c, `update `+table+` set `+column+` = $1`+where, cell, id)
				flips++
			}
		}
	}
	verified(t, s)
	if want := 3*10 + 6*21 + 8 + 14 + 9; flips != want {
		t.Errorf("%d cells tried, want %d", flips, want)
	}
}

// flipped changes one bit; of a blank text it makes one.
func flipped(cell any) any {
	switch v := cell.(type) {
	case int64:
		return v ^ 64
	case string:
		if v == "" {
			return "x"
		}
		b := []byte(v)
		b[len(b)-1] ^= 64
		return string(b)
	case []byte:
		if len(v) == 0 {
			return []byte{1}
		}
		b := slices.Clone(v)
		b[len(b)-1] ^= 64
		return b
	}
	panic(fmt.Sprintf("cell of type %T", cell))
}

func texts(t *testing.T, db *sql.DB, query string) (out []string) {
	t.Helper()
	rows, err := db.QueryContext(ctx, query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var v string
		if err := rows.Scan(&v); err != nil {
			t.Fatal(err)
		}
		out = append(out, v)
	}
	return out
}

func scan(t *testing.T, db *sql.DB, query string, arg, to any) {
	t.Helper()
	if err := db.QueryRowContext(ctx, query, arg).Scan(to); err != nil {
		t.Fatal(query, err)
	}
}

func change(t *testing.T, c store.Config, statement string, args ...any) {
	t.Helper()
	if n := storetest.Tamper(t, c, statement, args...); n != 1 {
		t.Fatal(statement, args, n)
	}
}

// TestProcessesChainOneAfterAnother: two programs on one PostgreSQL leave one chain.
func TestProcessesChainOneAfterAnother(t *testing.T) {
	c := storetest.Postgres(t)
	a, b := storetest.Open(t, c), storetest.Open(t, c)
	done := make(chan bool)
	for _, s := range []*store.Store{a, b} {
		go func() {
			defer func() { done <- true }()
			for range 50 {
				if err := tryWrite(s, func(ctx context.Context) error { return s.SaveSetting(ctx, "a", "b") }); err != nil {
					t.Error(err)
				}
			}
		}()
	}
	<-done
	<-done
	verified(t, a)
	var n, waiting int
	if err := raw(t, c).QueryRowContext(ctx, `select max(n), count(1) filter (where n = 0) from audit`).Scan(&n, &waiting); err != nil {
		t.Fatal(err)
	}
	if n != 100 || waiting != 0 {
		t.Errorf("%d entries chained and %d waiting, want 100 and 0", n, waiting)
	}
}

// TestSealerChainsWithinASecond: nobody asks it to.
func TestSealerChainsWithinASecond(t *testing.T) {
	c := storetest.Postgres(t)
	s := storetest.Open(t, c)
	write(t, s, func(ctx context.Context) error { return s.SaveSetting(ctx, "a", "b") })
	eventually(t, func() bool {
		var n int
		err := raw(t, c).QueryRowContext(ctx, `select count(1) from audit where n = 1`).Scan(&n)
		return err == nil && n == 1
	})
}
