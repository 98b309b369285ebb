package store

import (
	"context"
	"database/sql"
	"fmt"
	"hash/maphash"
	"slices"

	"quxiang/internal/domain/audit"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/destination"
	"quxiang/internal/domain/history"
)

// Verify walks the audit chain, recomputes what each entry says of the rows that
// its transaction wrote, and checks what is derived from the events. It reports
// each difference in words for the user, the chain first, then by graduate. What
// it reads is one state, while others go on writing.
//
// Of many differences the first maxProblems are reported, and then how many there
// are.
//
// A chain that was cut at its newest end by somebody who also removed the rows of
// the entries looks whole; only a copy of the newest hash kept elsewhere tells.
func (s *Store) Verify(ctx context.Context, report func(problem string)) error {
	return s.VerifyEach(ctx, report, func(string, []history.Event) {})
}

// VerifyEach is Verify, and gives each history on the way, as EachHistory would, for
// what the store cannot check: a million events are read once. An event that cannot be
// read is reported and left out. do must not call the store.
func (s *Store) VerifyEach(ctx context.Context, report func(problem string), do func(graduate string, events []history.Event)) error {
	if err := s.engine.settle(ctx); err != nil {
		return err
	}
	return s.engine.snapshot(ctx, func(db runner) error {
		v := &verifier{ctx: ctx, db: db, first: s.FirstEnvelope, report: report, give: do, said: sayings{}, guardsThere: s.engine.guards(), claims: map[string]*claim{}, seed: maphash.MakeSeed()}
		for _, check := range []func() error{v.chain, v.histories, v.documents, v.acts, v.imprints, v.cohorts, v.guards} {
			if err := check(); err != nil {
				return err
			}
		}
		v.missing()
		if v.problems > maxProblems {
			report(fmt.Sprintf("共发现 %d 处不符，以上是前 %d 处；请先从最前面的查起", v.problems, maxProblems))
		}
		return nil
	})
}

// maxProblems bounds the differences told one by one: nobody reads the thousands
// that a lost table leaves.
const maxProblems = 100

// verifier is one walk.
type verifier struct {
	ctx         context.Context
	db          runner
	first       func(graduate, sealed string) (string, error)
	report      func(string)
	give        func(graduate string, events []history.Event)
	said        sayings
	guardsThere string            // asks for the names of the triggers
	claims      map[string]*claim // by id of the entry
	order       []*claim
	seed        maphash.Seed // new each time, so that nobody can make two digests that hash alike
	pairs       uint64       // sum of the hashes of all (graduate, cohort) that the events set

	problems int
}

// claim is what an entry says of its rows, and how far they were found.
type claim struct {
	n     int64
	items []uint64 // hashes of the digests not yet found: a quarter of their size
	loose int      // rows that are none of the items, since the last that was one
}

func (v *verifier) problem(format string, args ...any) {
	if v.problems++; v.problems <= maxProblems {
		v.report(fmt.Sprintf(format, args...))
	}
}

func (v *verifier) query(query string, args ...any) result {
	query, args = bind(query, args, false)
	rows, err := v.db.QueryContext(v.ctx, query, args...)
	return result{rows: rows, err: err}
}

// chain checks that the entries follow each other without a gap and hash to what
// they say. Entries that still wait (n = 0) are not part of it yet.
func (v *verifier) chain() error {
	var last audit.Entry
	return v.query(`
		select id, n, at, account, action, subject, detail, items, prev, hash
		from audit order by n, at, id`).each(func(rows *sql.Rows) error {
		var e audit.Entry
		if err := scanAudit(rows, &e); err != nil {
			return err
		}
		c := &claim{n: e.N, items: make([]uint64, 0, len(e.Items)/32)}
		for item := range slices.Chunk(e.Items, 32) {
			c.items = append(c.items, maphash.Bytes(v.seed, item))
		}
		v.claims[e.ID] = c
		v.order = append(v.order, c)
		if e.N == 0 {
			return nil
		}
		switch {
		case e.N != last.N+1:
			v.problem("审计链在第 %d 条之后断开：下一条是第 %d 条，中间的被删除或编号被改动", last.N, e.N)
		case e.Prev != last.Hash:
			v.problem("审计链第 %d 条接不上第 %d 条：其中一条被改动或替换", e.N, last.N)
		case e.Hash != e.Sum():
			v.problem("审计链第 %d 条的内容与它的校验值不符：内容被改动", e.N)
		case len(e.Items)%32 != 0:
			v.problem("审计链第 %d 条所记的校验值不完整：内容被改动", e.N)
		}
		last = e
		return nil
	})
}

// found looks for the digest of a row among the items of its entry.
func (v *verifier) found(entry string, digest []byte, what func() string) {
	c := v.claims[entry]
	if c == nil {
		v.problem("%s没有对应的审计记录：是绕过程序写入的，或审计记录被删除", what())
		return
	}
	if i := slices.Index(c.items, maphash.Bytes(v.seed, digest)); i >= 0 {
		if gone := i - c.loose; gone > 0 {
			v.problem("%s之前缺少 %d 项：审计链第 %d 条记有它们，数据库里已经没有", what(), gone, c.n)
		}
		c.items, c.loose = c.items[i+1:], 0
		return
	}
	c.loose++
	v.problem("%s与审计链第 %d 条所记不符：内容被改动，或是事后插入的", what(), c.n)
}

// missing reports rows that entries claim and nobody has seen.
func (v *verifier) missing() {
	for _, c := range v.order {
		if gone := len(c.items) - c.loose; gone > 0 {
			v.problem("审计链第 %d 条所记的内容中，有 %d 项在数据库里已经没有：被删除或被改动", c.n, gone)
		}
	}
}

// stood is what the roster says of the end of a graduate's history.
type stood struct {
	head
	attrs [len(history.Attributes{}) - 1]string
	seen  bool
}

// histories walks events and roster side by side, some hundred graduates at a
// time, so that nothing is held in memory whole.
func (v *verifier) histories() error {
	for after := ""; ; {
		page := map[string]*stood{}
		var last string
		if err := v.query(`
			select id, seq, known_at, cohort, level_id, college_id, major_id, class_id, sex, ethnicity, origin, training,
				in_statistics, has_left
			from graduate where id > $1 order by id limit $2`, after, listSize).each(func(rows *sql.Rows) error {
			g := &stood{}
			to := []any{&last, &g.seq, &g.known}
			for i := range g.attrs {
				to = append(to, &g.attrs[i])
			}
			err := rows.Scan(to...)
			page[last] = g
			return err
		}); err != nil {
			return err
		}
		if err := v.events(page, after, last); err != nil {
			return err
		}
		if len(page) == 0 {
			return nil
		}
		after = last
	}
}

// events checks those of the graduates after one id up to another; a blank one is
// the end of all.
func (v *verifier) events(page map[string]*stood, after, last string) error {
	h := &walking{verifier: v, page: page}
	err := v.query(`
		select graduate_id, seq, known_at, true_on, change_id, step, act, case_id, level, mark,
			scheme, code, said, fields, sealed, actor, source, reason, batch_id, evidence, audit_id
		from event where graduate_id > $1 and (graduate_id <= $2 or $2 = '')
		order by graduate_id, seq`, after, last).each(h.event)
	if err != nil {
		return err
	}
	h.end()
	for id, g := range page {
		if !g.seen && g.seq > 0 {
			v.problem("毕业生 %s 的记录全部缺失，名单说应有 %d 条", id, g.seq)
		}
	}
	return nil
}

// walking is the history under way.
type walking struct {
	*verifier
	page map[string]*stood
	id   string
	last head
	fold *history.Fold
	ever map[string]bool // cohorts

	events []history.Event // as they lie there
}

func (w *walking) event(rows *sql.Rows) error {
	var e history.Event
	var c encoded
	var entry string
	if err := rows.Scan(append(eventColumns(&e, &c), &entry)...); err != nil {
		return err
	}
	what := func() string { return fmt.Sprintf("毕业生 %s 的第 %d 条记录", e.Graduate, e.Seq) }
	if e.Graduate != w.id {
		w.end()
		w.id, w.last, w.fold, w.ever, w.events = e.Graduate, head{}, history.NewFold(nil), map[string]bool{}, w.events[:0]
	}
	if e.Seq != w.last.seq+1 {
		w.problem("毕业生 %s 缺少第 %d 条记录", e.Graduate, w.last.seq+1)
	}
	if e.KnownAt < w.last.known {
		w.problem("%s的获知时间早于前一条", what())
	}
	w.last = head{e.Seq, e.KnownAt}
	digest := [32]byte{} // of a row that cannot be read: no entry has it
	if c.into(&e, w.said) == nil {
		w.events = append(w.events, e)
		if canonical(&e, c) {
			w.asWritten(&e)
			digest = e.Digest()
		}
	}
	w.found(entry, digest[:], what)
	if e.Step == "" && e.Mark == "" {
		w.fold.Apply(&e)
		if cohort, ok := e.Set.Value(history.Cohort); ok && cohort != "" && !w.ever[cohort] {
			w.ever[cohort] = true
			w.pairs += w.pair(e.Graduate, cohort)
		}
	}
	return nil
}

// asWritten puts an event's envelope back that it was first written with. One that
// does not open stays: if no rotation has touched it, its digest still holds.
func (w *walking) asWritten(e *history.Event) {
	if w.first == nil || e.Sealed == "" {
		return
	}
	if first, err := w.first(e.Graduate, e.Sealed); err == nil {
		e.Sealed = first
	}
}

// canonical reports that the columns are spelled as the store spells them:
// digests are over the meaning alone.
func canonical(e *history.Event, c encoded) bool {
	again, err := encode(e)
	return err == nil && again == c
}

// end compares the history that ends with what the roster says of it.
func (w *walking) end() {
	if w.id == "" {
		return
	}
	w.give(w.id, w.events)
	g := w.page[w.id]
	if g == nil {
		w.problem("毕业生 %s 有记录而不在名单里", w.id)
		return
	}
	g.seen = true
	if g.head != w.last {
		w.problem("毕业生 %s 的名单与记录不符：名单说到第 %d 条（%s），记录到第 %d 条（%s）", w.id,
			g.seq, calendar.Instant(g.known), w.last.seq, w.last.known)
	}
	var attrs history.Attributes
	if pieces := w.fold.People(); len(pieces) > 0 {
		attrs = pieces[len(pieces)-1].Attrs
	}
	for i, k := range derivedKeys {
		if g.attrs[i] != attrs.Value(k) {
			w.problem("毕业生 %s 的名单与记录不符：%s在名单里%s，按记录%s", w.id, titles[k], inWords(g.attrs[i]), inWords(attrs.Value(k)))
		}
	}
}

// titles name the attributes for whoever reads what verify says.
var titles = map[history.Key]string{
	history.Cohort: "届别", history.Level: "学历层次", history.College: "学院", history.Major: "专业", history.Class: "班级",
	history.Sex: "性别", history.Ethnicity: "民族", history.Origin: "生源地", history.Training: "培养方式",
	history.InStatistics: "“列入统计”一项", history.Left: "“已离校”一项",
}

// inWords says what an attribute is: a code or the number of a unit, yes or no.
func inWords(value string) string {
	switch value {
	case "":
		return "没有填"
	case history.True:
		return "是“是”"
	case history.False:
		return "是“否”"
	}
	return "是“" + value + "”"
}

func (v *verifier) documents() error {
	return v.query(`
		select graduate_id, sha256, kind, media, size, at, account, audit_id
		from document order by graduate_id, sha256, kind`).each(func(rows *sql.Rows) error {
		var d destination.Document
		var entry string
		if err := rows.Scan(&d.Graduate, &d.SHA256, &d.Kind, &d.Media, &d.Size, &d.At, &d.Account, &entry); err != nil {
			return err
		}
		digest := paperDigest(d)
		v.found(entry, digest[:], func() string { return fmt.Sprintf("毕业生 %s 的证明材料 %s ", d.Graduate, d.SHA256) })
		return nil
	})
}

// cohorts compares who is listed under each cohort with what the events set, by
// the sum of their hashes: the order differs, and all in memory would be too much.
func (v *verifier) cohorts() error {
	var listed uint64
	err := v.query(`select cohort, graduate_id from graduate_cohort order by cohort, graduate_id`).each(func(rows *sql.Rows) error {
		var cohort, graduate string
		err := rows.Scan(&cohort, &graduate)
		listed += v.pair(graduate, cohort)
		return err
	})
	if err == nil && listed != v.pairs {
		v.problem("各届的毕业生名单与记录不符：有人被移出、加入或换到了别的届，名单被改动过")
	}
	return err
}

func (v *verifier) pair(graduate, cohort string) uint64 {
	return maphash.Comparable(v.seed, [2]string{graduate, cohort})
}
