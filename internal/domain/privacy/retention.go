package privacy

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/fault"
)

// Rule says for how long one sort of data is kept, and why no longer (到期清理).
// What the law wants kept, such as the audit trail and the record of destinations,
// has no rule here: nothing lets go of it.
type Rule struct {
	ID    string
	Title string
	Why   string
	Kept  func(k Terms) time.Duration // since the last use; of evidence see EvidenceDue
	Says  func(k Terms) string        // in words
}

// Terms are what the school decided.
type Terms struct {
	EvidenceYears int // after graduation; at least 3
}

const day = 24 * time.Hour

// RuleEvidence is the one rule whose data are files.
const RuleEvidence = "evidence"

// Rules are all, in the order in which a run applies them.
var Rules = []Rule{
	{ID: RuleEvidence, Title: "佐证材料的文件", Why: "核查期过后不再需要；登记上的一行和校验值留着",
		Says: func(k Terms) string { return "毕业后 " + strconv.Itoa(k.EvidenceYears) + " 年" }},
	fixed("drafts", "没交的草稿", "没有人用的半成品", 30*day, "最后一次保存后 30 天"),
	fixed("sessions", "登录会话", "已经失效", day, "失效后 1 天"),
	fixed("links", "设密码的链接和激活码", "已经失效；启用记录留着", 30*day, "失效后 30 天"),
	fixed("requests", "对个人信息的请求的原话", "处理记录的保存期已满", 3*366*day, "办结后三年"),
	fixed("shown", "谁在查找和导出里出现过", "记录的保存期已满；审计条目本身留着", 3*366*day, "三年"),
}

func fixed(id, title, why string, kept time.Duration, says string) Rule {
	return Rule{ID: id, Title: title, Why: why, Kept: func(Terms) time.Duration { return kept }, Says: func(Terms) string { return says }}
}

// Count is what a run found under one rule.
type Count struct {
	Rule string `json:"rule"`
	Due  int    `json:"due"`  // would go, or went
	Held int    `json:"held"` // due, and kept back by a hold on the cohort
}

// RunState says whether anything was let go of.
type RunState string

// The states.
const (
	Proposed RunState = "proposed" // what would go
	Done     RunState = "done"     // what went
)

// Run is one look at what is no longer needed.
type Run struct {
	ID      string           `json:"id"`
	At      calendar.Instant `json:"at"`
	Account string           `json:"account"`
	State   RunState         `json:"state"`
	Counts  []Count          `json:"counts"`
}

// Total is how much is due.
func (r *Run) Total() (n int) {
	for _, c := range r.Counts {
		n += c.Due
	}
	return n
}

// Hold keeps everything of a cohort, whatever is due, such as during an inspection.
type Hold struct {
	ID, Cohort, Reason, Account string
	At                          calendar.Instant
	Lifted                      calendar.Instant // 0: in force
	LiftedBy                    string
}

// Paper is a document whose file is there.
type Paper struct {
	Graduate, SHA256, Kind string
	Cohort                 string
	At                     calendar.Instant // when it was handed in, the last time
	Again                  string           // the audit entry of handing it in again; blank: once
}

// Keeping is what the retention rules need of the store.
type Keeping interface {
	// Papers returns the documents of the instant or older whose file was not let go
	// of, by graduate.
	Papers(ctx context.Context, until calendar.Instant) ([]Paper, error)
	// MarkPurged notes inside a transaction that the files of documents are let go of,
	// and returns of how many: one that was handed in again meanwhile stays.
	MarkPurged(ctx context.Context, list []Paper, at calendar.Instant) (int, error)
	// Purged returns the documents whose files were let go of, with when they were.
	Purged(ctx context.Context) ([]Paper, error)
	// PurgedFiles returns the hashes of which no document needs the file any more.
	PurgedFiles(ctx context.Context) ([]string, error)
	// StillPurged reports that no document needs the file.
	StillPurged(ctx context.Context, sha256 string) (bool, error)
	// Expired counts what a rule other than evidence lets go of, and what of it a
	// hold keeps back.
	Expired(ctx context.Context, rule string, before calendar.Instant) (due, held int, err error)
	// DropExpired removes it, inside a transaction.
	DropExpired(ctx context.Context, rule string, before calendar.Instant) (int, error)

	// SaveRun keeps the report of a run; a proposal replaces the one before it.
	SaveRun(ctx context.Context, r Run) error
	// Runs returns the newest reports.
	Runs(ctx context.Context, limit int) ([]Run, error)
	// SaveHold adds a hold, or replaces it by id.
	SaveHold(ctx context.Context, h Hold) error
	// Holds returns all, the newest first.
	Holds(ctx context.Context) ([]Hold, error)
}

// Remover removes a file of evidence; one that is not there is removed already. It
// asks whether the file is not needed while nobody can hand it in, and leaves it
// otherwise.
type Remover interface {
	RemoveIf(sha256 string, unneeded func() (bool, error)) error
}

// Retention holds the verbs of letting go. Every field but Told is needed.
type Retention struct {
	*Service
	Keeping Keeping
	Files   Remover
	Terms   func() Terms
	Told    func(ctx context.Context) error // is told after files went; nil: nobody is
}

// EvidenceDue is when evidence of a cohort, handed in at the instant, may go: so
// many years after the cohort graduates (30 June) or, later ones, after it came.
// The zero instant says never: the cohort cannot be read.
func EvidenceDue(cohort string, at calendar.Instant, years int) calendar.Instant {
	n, err := strconv.Atoi(cohort)
	if err != nil {
		return 0
	}
	from := time.Date(n, 7, 1, 0, 0, 0, 0, calendar.Zone)
	if handed := at.Time(); handed.After(from) {
		from = handed
	}
	return calendar.At(from.AddDate(years, 0, 0))
}

// Plan says what would go now. Error: fault.Forbidden.
func (s *Retention) Plan(ctx context.Context, who access.Actor) (Run, error) {
	if err := who.May(access.ViewRetention); err != nil {
		return Run{}, err
	}
	run, _, err := s.plan(ctx)
	run.Account = who.Account
	return run, err
}

func (s *Retention) plan(ctx context.Context) (Run, []Paper, error) {
	run := Run{ID: s.NewID(), At: s.Now(), State: Proposed}
	due, held, err := s.papersDue(ctx)
	if err != nil {
		return run, nil, err
	}
	for _, rule := range Rules {
		c := Count{Rule: rule.ID, Due: len(due), Held: held}
		if rule.ID != RuleEvidence {
			if c.Due, c.Held, err = s.Keeping.Expired(ctx, rule.ID, s.before(rule)); err != nil {
				return run, nil, err
			}
		}
		run.Counts = append(run.Counts, c)
	}
	return run, due, nil
}

func (s *Retention) before(r Rule) calendar.Instant {
	return s.Now() - calendar.Instant(r.Kept(s.Terms()).Milliseconds())
}

func (s *Retention) papersDue(ctx context.Context) (due []Paper, held int, err error) {
	all, err := s.Keeping.Papers(ctx, s.Now())
	if err != nil {
		return nil, 0, err
	}
	holds, err := s.Keeping.Holds(ctx)
	if err != nil {
		return nil, 0, err
	}
	kept := heldBack(holds)
	for _, p := range all {
		at := EvidenceDue(p.Cohort, p.At, s.Terms().EvidenceYears)
		switch {
		case at == 0 || s.Now() < at:
		case kept[p.Cohort]:
			held++
		default:
			due = append(due, p)
		}
	}
	return due, held, nil
}

// Propose notes what would go, if the newest note is a week old: a person with the
// right decides. It is the clock's verb.
func (s *Retention) Propose(ctx context.Context) error {
	runs, err := s.Keeping.Runs(ctx, 1)
	if err != nil || len(runs) > 0 && s.Now()-runs[0].At < calendar.Instant((7*day).Milliseconds()) {
		return err
	}
	run, _, err := s.plan(ctx)
	if err != nil {
		return err
	}
	return s.Keeping.SaveRun(ctx, run)
}

// papersAtOnce is how many documents one transaction lets go of.
const papersAtOnce = 200

// Run lets go of what is due and reports it. Rows that name evidence stay, without
// the file. What a broken run left undone the next one does.
//
// Error: fault.Forbidden.
func (s *Retention) Run(ctx context.Context, who access.Actor) (Run, error) {
	if err := s.keeps(who); err != nil {
		return Run{}, err
	}
	run, due, err := s.plan(ctx)
	if err != nil {
		return run, err
	}
	run.Account, run.State = who.Account, Done
	purged := 0
	for list := range slices.Chunk(due, papersAtOnce) {
		n, err := s.purge(ctx, who, run, list)
		if err != nil {
			return run, err
		}
		purged += n
	}
	if err := s.removeFiles(ctx); err != nil {
		return run, err
	}
	if err := s.Store.InTx(ctx, func(ctx context.Context) error {
		detail := map[string]string{"run": run.ID}
		for i, rule := range Rules {
			c := &run.Counts[i]
			if rule.ID == RuleEvidence {
				c.Due = purged
			} else {
				if c.Due, err = s.Keeping.DropExpired(ctx, rule.ID, s.before(rule)); err != nil {
					return err
				}
			}
			detail[rule.ID] = strconv.Itoa(c.Due)
		}
		if err := s.Keeping.SaveRun(ctx, run); err != nil {
			return err
		}
		return s.Audit.Write(ctx, who, "retention.run", run.ID, detail)
	}); err != nil {
		return run, err
	}
	return run, s.told(ctx)
}

// purge lets go of papers and returns of how many: not of those that somebody
// handed in again, or put on hold, since the plan.
func (s *Retention) purge(ctx context.Context, who access.Actor, run Run, list []Paper) (n int, err error) {
	return n, s.Store.InTx(ctx, func(ctx context.Context) error {
		holds, err := s.Keeping.Holds(ctx)
		if err != nil {
			return err
		}
		kept := heldBack(holds)
		free := slices.DeleteFunc(slices.Clone(list), func(p Paper) bool { return kept[p.Cohort] })
		if n, err = s.Keeping.MarkPurged(ctx, free, s.Now()); err != nil || n == 0 {
			return err
		}
		return s.Audit.Write(ctx, who, "retention.evidence", run.ID, map[string]string{"documents": strconv.Itoa(n)})
	})
}

// heldBack are the cohorts of which nothing goes.
func heldBack(holds []Hold) map[string]bool {
	out := map[string]bool{}
	for _, h := range holds {
		if h.Lifted == 0 {
			out[h.Cohort] = true
		}
	}
	return out
}

// keeps refuses whoever may not let go of the school's data: it is about all of it.
func (s *Retention) keeps(who access.Actor) error {
	if err := who.May(access.RunRetention); err != nil {
		return err
	}
	if !who.Within(access.RunRetention).School {
		return fault.Forbiddenf("", "到期清理是全校的，须由校级账号办理，请联系就业中心")
	}
	return nil
}

// Reports returns the newest runs and all holds. Error: fault.Forbidden.
func (s *Retention) Reports(ctx context.Context, who access.Actor) ([]Run, []Hold, error) {
	if err := who.May(access.ViewRetention); err != nil {
		return nil, nil, err
	}
	runs, err := s.Keeping.Runs(ctx, 20)
	if err != nil {
		return nil, nil, err
	}
	holds, err := s.Keeping.Holds(ctx)
	return runs, holds, err
}

// Suspend keeps everything of a cohort until it is lifted. A cohort that is held
// already stays so.
//
// Errors: fault.Forbidden; fault.Invalid with the field.
func (s *Retention) Suspend(ctx context.Context, who access.Actor, cohort, reason string) error {
	if err := s.keeps(who); err != nil {
		return err
	}
	reason = strings.TrimSpace(reason)
	if _, err := calendar.ParseCohorts(cohort); err != nil || cohort == "" {
		return fault.Invalidf("cohort", "请写一届，如 2024")
	}
	if n := utf8.RuneCountInString(reason); n < 4 || n > 200 {
		return fault.Invalidf("reason", "请写明为什么暂停，4 到 200 个字，如：上级正在核查")
	}
	if err := codes.NoNumbers("reason", reason); err != nil {
		return err
	}
	holds, err := s.Keeping.Holds(ctx)
	if err != nil || slices.ContainsFunc(holds, func(h Hold) bool { return h.Lifted == 0 && h.Cohort == cohort }) {
		return err
	}
	h := Hold{ID: s.NewID(), Cohort: cohort, Reason: reason, Account: who.Account, At: s.Now()}
	return s.saveHold(ctx, who, h, "retention.hold")
}

// Resume lifts a hold. One that is lifted stays so. Errors: fault.Forbidden,
// fault.NotFound.
func (s *Retention) Resume(ctx context.Context, who access.Actor, id string) error {
	if err := s.keeps(who); err != nil {
		return err
	}
	holds, err := s.Keeping.Holds(ctx)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(holds, func(h Hold) bool { return h.ID == id })
	switch {
	case i < 0:
		return fault.NotFoundf("hold", "没有这一条暂停")
	case holds[i].Lifted != 0:
		return nil
	}
	h := holds[i]
	h.Lifted, h.LiftedBy = s.Now(), who.Account
	return s.saveHold(ctx, who, h, "retention.lift")
}

func (s *Retention) saveHold(ctx context.Context, who access.Actor, h Hold, action string) error {
	return s.Store.InTx(ctx, func(ctx context.Context) error {
		if err := s.Keeping.SaveHold(ctx, h); err != nil {
			return err
		}
		return s.Audit.Write(ctx, who, action, h.ID, map[string]string{"cohort": h.Cohort, "reason": h.Reason})
	})
}
