package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"errors"
	"maps"
	"slices"

	"quxiang/internal/domain/access"
)

// Events are never changed, so that their digests in the audit entry say all. Rows
// that may change (a name, a grant, a finding) leave an imprint each time that the
// program writes them: the digest of the row as it then lies there, numbered by
// revision. The entry of the transaction answers for its imprints as it does for
// its events; verify compares the newest imprint of each row with the row. Whoever
// edits, removes, adds or brings back a row by SQL is found, and no key is needed.

// kind is one sort of rows that leave imprints.
type kind struct {
	name  string
	title string // of one of them, with its subject; for whoever reads what verify says
	// rows asks for the rows of the subjects that $1 lets through: first the subject,
	// then what counts of the row, in order of the subject. Rows of one subject are
	// one imprint. What is sealed is left out, since it may be sealed anew with
	// another key: opening it tells whether it was changed, and keyed digests beside
	// it whether it is of another time.
	rows   string
	column string // the subject's
}

// Kinds of imprints, by the table that their rows lie in.
const (
	ofGraduate   = "graduate"
	ofChecked    = "source_check"
	ofCorrection = "correction"
	ofFinding    = "finding"
	ofSample     = "sample"
	ofAccount    = "account"
	ofGrants     = "account_grant"
	ofSetting    = "meta"
	ofUnit       = "unit"
	ofEmployer   = "employer"
	ofHospital   = "hospital_level"
	ofCode       = "local_code"
	ofMapping    = "local_mapping"
	ofWage       = "minimum_wage"
	ofRequest    = "export_request"
	ofBatch      = "batch"
	ofCheckpoint = "checkpoint"
	ofConsent    = "consent"
	ofAsked      = "privacy_request"
	ofHold       = "legal_hold"
	ofPurged     = "document_purged"
	ofFactor     = "second_factor"
	ofRecovery   = "recovery_code"
	ofExternal   = "external_entry"
	ofReport     = "report"

	ofReportVersion = "report_version"
	ofOverrule      = "report_overrule"
	ofReportRelease = "report_release"
)

// kinds are all sorts, by name.
var kinds = []kind{
	{ofAccount, "账号 %s 的登录资料", `
		select id, login, name, graduate, password, case when disabled then 1 else 0 end, created_at from account where $1 order by id`, "id"},
	{ofGrants, "账号 %s 的角色和范围", `
		select account_id, place, role, scope, begins, ends, for_account from account_grant where $1 order by account_id, place`, "account_id"},
	{ofBatch, "导入批次 %s 的登记", `
		select id, kind, cohort, source, file, file_sha256, account, started_at, published_at, undone_at, undone_by, counts
		from batch where $1 and published_at > 0 order by id`, "id"},
	{ofCheckpoint, "审计检查点 %s ", `
		select cast(n as text), at, why, note from checkpoint where $1 order by 1`, "cast(n as text)"},
	{ofConsent, "同意记录 %s ", `
		select id, graduate_id, purpose, version, case when given then 1 else 0 end, at, account_id from consent where $1 order by id`, "id"},
	{ofPurged, "已清理的佐证材料 %s 的登记", `
		select graduate_id || ' ' || sha256 || ' ' || kind, purged_at, purged_audit
		from document where $1 and (purged_at > 0 or purged_audit <> '') order by 1`,
		"graduate_id || ' ' || sha256 || ' ' || kind"},
	{ofHold, "暂停清理 %s ", `
		select id, cohort, reason, account, at, lifted_at, lifted_by from legal_hold where $1 order by id`, "id"},
	{ofAsked, "个人信息请求 %s ", `
		select id, graduate_id, kind, purpose, asked_at, due_on, state, decided_at, decided_by, answer from privacy_request where $1 order by id`, "id"},
	{ofCorrection, "更正申请 %s ", `
		select id, graduate_id, field, before, value, note, state, asked_at, asked_by, decided_at, decided_by, reason
		from correction where $1 order by id`, "id"},
	{ofEmployer, "单位 %s 的资料", `
		select id, credit_code, name, name_key, nature, industry, region, address, founded, status, source from employer where $1 order by id`, "id"},
	{ofRequest, "敏感列导出申请 %s ", `
		select id, account, kind || case when layout = '' and as_of = '' then '' else ' ' || layout || ' ' || as_of end, cohorts, fields, purpose, asked_at,
			state, decided_by, decided_at, reason, taken_at, recipient, left_out, people
		from export_request where $1 order by id`, "id"},
	{ofExternal, "外部数据台账第 %s 条", `
		select cast(n as text), at, account_id, cohort, figure, step, title, value, unit, part, whole, subject, source, issuer, page, dated, method, replies, reason, own
		from external_entry where $1 order by 1`, "cast(n as text)"},
	{ofFinding, "核查提示 %s ", `
		select id, graduate_id, case_id, change_id, rule, severity, message, at, batch_id, answer, answered_by from finding where $1 order by id`, "id"},
	{ofGraduate, "毕业生 %s 的姓名、号码或个人资料", `
		select id, student_no, exam_no, name, profile, id_index, phone_index, profile_rev from graduate where $1 order by id`, "id"},
	{ofHospital, "单位 %s 的医院等级", `
		select employer_id, from_day, level, source from hospital_level where $1 order by employer_id, from_day`, "employer_id"},
	{ofCode, "代码表 %s 中本校增加的代码", `
		select scheme, code, place, content from local_code where $1 order by scheme, code`, "scheme"},
	{ofMapping, "代码对照表 %s 中本校增加的对照", `
		select table_id, from_scheme, from_code, to_code, place from local_mapping where $1 order by table_id, from_scheme, from_code`, "table_id"},
	{ofSetting, "学校设置“%s”", `
		select key, value from meta where $1 order by key`, "key"},
	{ofWage, "地区 %s 的最低工资标准", `
		select region, from_day, monthly, hourly, source from minimum_wage where $1 order by region, from_day`, "region"},
	{ofReport, "年度报告 %s ", `
		select id, cohort, snapshot, as_of, begun_from, begun_at, begun_by from report where $1 order by id`, "id"},
	{ofReportVersion, "年度报告 %s 版", `
		select report_id || ' ' || cast(number as text), title, body, sha256, at, account, note from report_version where $1 order by 1`,
		"report_id || ' ' || cast(number as text)"},
	{ofOverrule, "年度报告放行记录 %s ", `
		select report_id || ' ' || problem, rule, place, words, reason, at, account from report_overrule where $1 order by 1`, "report_id || ' ' || problem"},
	{ofReportRelease, "已发布的年度报告 %s ", `
		select id, cohort, title, report_id, version, code, snapshots, at, account, reason, overruled, forms from report_release where $1 order by id`, "id"},
	{ofRecovery, "账号 %s 的备用码", `
		select account_id, digest, used_at from recovery_code where $1 order by account_id, digest`, "account_id"},
	{ofFactor, "账号 %s 的第二道验证", `
		select account_id, made_at, confirmed_at, used_step from second_factor where $1 order by account_id`, "account_id"},
	{ofSample, "抽查记录 %s ", `
		select id, graduate_id, case_id, reason, stratum, seed, at, result, note, answered_by, said, answered_at from sample where $1 order by id`, "id"},
	{ofChecked, "毕业生 %s 对本人信息的确认", `
		select graduate_id, at, rev, basis from source_check where $1 order by graduate_id`, "graduate_id"},
	{ofUnit, "学院、专业或班级 %s ", `
		select id, kind, parent, cohort, code, name from unit where $1 order by id`, "id"},
}

// among limits a query to the rows whose column is one of the values; nil is all.
// The column is a constant of this package.
type among struct {
	column string
	list   []string
}

func (c among) write(b *binding) {
	if c.list == nil {
		b.text.WriteString("true")
		return
	}
	b.text.WriteString(c.column + " in (")
	in(c.list).write(b)
	b.text.WriteString(")")
}

// imprint is the digest of a subject's rows, and how often it was taken before.
type imprint struct {
	rev    int64
	digest [32]byte
	gone   bool // there is no such row any more
}

// bytes is the digest as it is kept; empty of a row that went.
func (i imprint) bytes() []byte {
	if i.gone {
		return []byte{}
	}
	return i.digest[:]
}

// item is what the audit entry holds of an imprint.
func (i imprint) item(kind, subject string) [32]byte {
	return rowDigest([]string{"imprint", kind, subject, string(i.bytes())}, i.rev)
}

// press takes the imprints of all rows that were marked.
func (s *Store) press(ctx context.Context, t *tx) error {
	if err := s.pressAltered(ctx, t); err != nil {
		return err
	}
	for i := range kinds {
		k := &kinds[i]
		subjects := slices.Sorted(maps.Keys(t.marked[k.name]))
		delete(t.marked, k.name)
		for list := range slices.Chunk(subjects, listSize) {
			if err := s.pressSome(ctx, t, k, list); err != nil {
				return err
			}
		}
	}
	if len(t.marked) > 0 {
		return errors.New("store: rows of an unknown kind marked")
	}
	return nil
}

var intoImprint = table{"imprint", []string{"kind", "subject", "rev", "digest", "audit_id"}, 5}

// pressSome takes the imprints of subjects in order; one that is as it was leaves none.
func (s *Store) pressSome(ctx context.Context, t *tx, k *kind, subjects []string) error {
	last, err := s.imprints(ctx, k.name, subjects)
	if err != nil {
		return err
	}
	now, err := s.lying(ctx, k, subjects)
	if err != nil {
		return err
	}
	return s.engine.load(ctx, t, intoImprint, func(yield func([]any, error) bool) {
		for _, subject := range subjects {
			was := last[subject]
			if was.is(now, subject) {
				continue
			}
			digest, there := now[subject]
			if !yield(t.press(k.name, subject, imprint{was.rev + 1, digest, !there}), nil) {
				return
			}
		}
	})
}

// imprints returns the newest imprint of each of the subjects that has one.
func (s *Store) imprints(ctx context.Context, kind string, subjects []string) (map[string]imprint, error) {
	out := map[string]imprint{}
	err := s.query(ctx, `
		select subject, rev, digest from imprint where kind = $1 and subject in ($2) order by subject, rev`,
		kind, in(subjects)).each(func(rows *sql.Rows) error {
		var subject string
		var i imprint
		var digest []byte
		if err := rows.Scan(&subject, &i.rev, &digest); err != nil {
			return err
		}
		i.gone = len(digest) == 0
		copy(i.digest[:], digest)
		out[subject] = i
		return nil
	})
	return out, err
}

// digests calls do with the digest over all rows of each subject.
func (k *kind) digests(r result, do func(subject string, digest [32]byte)) error {
	var subject string
	h, open := sha256.New(), false
	end := func() {
		if open {
			do(subject, [32]byte(h.Sum(nil)))
		}
	}
	var cells []sql.NullString
	var to []any
	err := r.each(func(rows *sql.Rows) error {
		if to == nil {
			names, err := rows.Columns()
			if err != nil {
				return err
			}
			cells, to = make([]sql.NullString, len(names)), make([]any, len(names))
			for i := range cells {
				to[i] = &cells[i]
			}
		}
		if err := rows.Scan(to...); err != nil {
			return err
		}
		if !open || cells[0].String != subject {
			end()
			h.Reset()
			h.Write([]byte(k.name))
			subject, open = cells[0].String, true
		}
		b := make([]byte, 0, 256)
		for _, c := range cells {
			n := uint32(len(c.String))
			if !c.Valid {
				n = 1<<32 - 1 // null is no text
			}
			b = binary.BigEndian.AppendUint32(b, n)
			b = append(b, c.String...)
		}
		h.Write(b)
		return nil
	})
	if err == nil {
		end()
	}
	return err
}

// settingDue is there as long as rows older than the imprints have none.
const settingDue = "imprints_due"

// firstImprints takes the imprints of a school that was there before they were:
// what lies there at the upgrade is taken as it is. Where imprints are, somebody put
// the setting there to have edited rows taken as they lie: it stays, for verify.
func (s *Store) firstImprints(ctx context.Context) error {
	due, err := s.Setting(ctx, settingDue)
	if err != nil || due == "" {
		return err
	}
	if n, err := one(s.query(ctx, `select count(1) from imprint`), scanNumber); err != nil || n > 0 {
		return err
	}
	return s.InTx(ctx, func(ctx context.Context) error {
		t := s.txOf(ctx)
		for i := range kinds {
			k := &kinds[i]
			if err := k.digests(s.query(ctx, k.rows, among{}), func(subject string, _ [32]byte) {
				if k.name != ofSetting || !notes[subject] {
					t.due(k.name, subject)
				}
			}); err != nil {
				return err
			}
		}
		if _, err := t.exec(ctx, `delete from meta where key = $1`, settingDue); err != nil {
			return err
		}
		return s.Write(ctx, access.Console("migrate"), "audit.begin", "school", nil)
	})
}
