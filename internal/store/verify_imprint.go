package store

import (
	"database/sql"
	"fmt"
	"hash/maphash"
)

// lies is what the newest imprint says of a subject's rows.
type lies struct {
	digest uint64 // hash of the digest; 0 of rows that went
	n      int64  // place of the entry in the chain
}

// imprints checks the imprints against the entries that answer for them, and then
// what lies in the tables against the newest imprints. Of each subject two hashes
// are held, 40 bytes.
func (v *verifier) imprints() error {
	newest := map[string]map[uint64]lies{}
	var last [2]string
	var rev int64
	err := v.query(`
		select kind, subject, rev, digest, audit_id from imprint order by kind, subject, rev`).each(func(rows *sql.Rows) error {
		var at [2]string
		var i imprint
		var digest []byte
		var entry string
		if err := rows.Scan(&at[0], &at[1], &i.rev, &digest, &entry); err != nil {
			return err
		}
		i.gone = len(digest) == 0
		what := func() string { return fmt.Sprintf("%s的第 %d 次登记", titleOf(at), i.rev) }
		if len(digest) != copy(i.digest[:], digest) || !i.gone && len(digest) != len(i.digest) {
			v.problem("%s读不出来：被改动过", what())
		}
		if last != at {
			last, rev = at, 0
		}
		if i.rev != rev+1 {
			v.problem("%s之前缺少一次：被删除或编号被改动", what())
		}
		rev = i.rev
		item := i.item(at[0], at[1])
		v.found(entry, item[:], what)
		now := lies{}
		if c := v.claims[entry]; c != nil {
			now.n = c.n
		}
		if !i.gone {
			now.digest = maphash.Bytes(v.seed, i.digest[:]) | 1
		}
		if at[0] == ofAltered {
			did := "改动"
			if i.gone {
				did = "删除"
			}
			v.problem("%s在审计链第 %d 条写入之前已被绕过程序%s：当时写入前的内容不可信", titleOf(alteredOf(at[1])), now.n, did)
			return nil
		}
		if newest[at[0]] == nil {
			newest[at[0]] = map[uint64]lies{}
		}
		newest[at[0]][maphash.String(v.seed, at[1])] = now
		return nil
	})
	if err != nil {
		return err
	}
	for i := range kinds {
		if err := v.lying(&kinds[i], newest[kinds[i].name]); err != nil {
			return err
		}
	}
	return nil
}

// lying compares the rows of a kind with their newest imprints.
func (v *verifier) lying(k *kind, newest map[uint64]lies) error {
	err := k.digests(v.query(k.rows, among{}), func(subject string, digest [32]byte) {
		if k.name == ofSetting && notes[subject] {
			if subject == settingDue {
				v.problem("数据库里有人要求把现有内容重新登记一遍（%s）：是绕过程序写入的", settingDue)
			}
			return
		}
		key := maphash.String(v.seed, subject)
		said, ok := newest[key]
		delete(newest, key)
		what := titleOf([2]string{k.name, subject})
		switch {
		case !ok:
			v.problem("%s没有对应的审计记录：是绕过程序写入的", what)
		case said.digest == 0:
			v.problem("%s在审计链第 %d 条已经删除，又被绕过程序写了回来", what, said.n)
		case said.digest != maphash.Bytes(v.seed, digest[:])|1:
			v.problem("%s与审计链第 %d 条所记不符：内容被绕过程序改动", what, said.n)
		}
	})
	if err != nil {
		return err
	}
	gone := 0
	for _, said := range newest {
		if said.digest != 0 {
			gone++
		}
	}
	if gone == 0 {
		return nil
	}
	return v.query(`select distinct subject from imprint where kind = $1 order by subject`, k.name).each(func(rows *sql.Rows) error {
		var subject string
		err := rows.Scan(&subject)
		if said := newest[maphash.String(v.seed, subject)]; said.digest != 0 {
			v.problem("%s在数据库里已经没有：审计链第 %d 条记有它，被绕过程序删除", titleOf([2]string{k.name, subject}), said.n)
		}
		return err
	})
}

// titleOf names rows for whoever reads what verify says.
func titleOf(at [2]string) string {
	if at[0] == ofAltered {
		return titleOf(alteredOf(at[1])) + "被绕过程序改动的发现"
	}
	for i := range kinds {
		if kinds[i].name == at[0] {
			return fmt.Sprintf(kinds[i].title, at[1])
		}
	}
	return fmt.Sprintf("种类不明的一行 %s ", at[1])
}

// guards reports the refusals of the database itself that are not there any more:
// whoever wants to change what is never changed must remove them first.
func (v *verifier) guards() error {
	there := map[string]bool{}
	if err := v.query(v.guardsThere).each(func(rows *sql.Rows) error {
		var name string
		err := rows.Scan(&name)
		there[name] = true
		return err
	}); err != nil {
		return err
	}
	for _, g := range []struct{ trigger, what string }{
		{"event_stands", "事件的改动"}, {"event_stays", "事件的删除"}, {"audit_says", "审计记录的改动"}, {"audit_stands", "审计记录的改动"}, {"audit_stays", "审计记录的删除"},
		{"imprint_stands", "登记校验值的改动"}, {"imprint_stays", "登记校验值的删除"}, {"checkpoint_stands", "检查点的改动"}, {"checkpoint_stays", "检查点的删除"},
	} {
		if !there[g.trigger] {
			v.problem("数据库里拒绝%s的保护被拆除：有人直接操作过数据库", g.what)
		}
	}
	return nil
}
