package external

import (
	"context"
	"strconv"
	"strings"
	"unicode/utf8"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/audit"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/fault"
)

// Store keeps the ledger. It is the school's, about no person: no scope.
type Store interface {
	InTx(ctx context.Context, do func(context.Context) error) error
	// Await lets one transaction on at a time, of those that name the same, until it
	// is over.
	Await(ctx context.Context, what string) error
	// ExternalEntries returns the ledger in order.
	ExternalEntries(ctx context.Context) (Ledger, error)
	// AddExternalEntries adds entries, whose numbers go on from the last.
	AddExternalEntries(ctx context.Context, list []Entry) error
}

// Service holds the verbs. Every field is needed.
type Service struct {
	Store Store
	Audit audit.Log
	Book  func() *codes.Book
	Now   func() calendar.Instant
}

// shortestReason is in characters.
const shortestReason = 5

// may refuses who has no such right over the whole school.
func may(who access.Actor, p access.Permission) error {
	if err := who.May(p); err != nil {
		return err
	}
	if !who.Within(p).School {
		return fault.Forbiddenf("", "外部数据台账是全校的，须由校级账号办理，请联系就业中心")
	}
	return nil
}

// Ledger returns all entries, for whoever may read them. Error: fault.Forbidden.
func (s *Service) Ledger(ctx context.Context, who access.Actor) (Ledger, error) {
	if err := may(who, access.ReadReports); err != nil {
		return nil, err
	}
	return s.Store.ExternalEntries(ctx)
}

// Find returns a figure with its versions, the newest first. Errors: fault.Forbidden,
// fault.NotFound.
func (s *Service) Find(ctx context.Context, who access.Actor, cohort, key string) ([]Figure, error) {
	l, err := s.Ledger(ctx, who)
	if err != nil {
		return nil, err
	}
	out := l.Versions(cohort, key)
	if len(out) == 0 {
		return nil, notFound(cohort, key)
	}
	return out, nil
}

func notFound(cohort, key string) error {
	return fault.NotFoundf("key", "没有 %s 届的外部数据“%s”，请到外部数据台账里核对", cohort, key)
}

// Entering is a figure as somebody enters it.
type Entering struct {
	Cohort string
	Key    string
	Content
	NewSource bool // its document is known not to be one of those entered before
	Since     int  // version that a change began from; 0: a new figure
}

// Enter adds a figure, or a new version of it that waits for its check again. What the
// newest version says already is entered once.
//
// Errors: fault.Forbidden; fault.Invalid with the field; fault.Conflict where somebody
// changed the figure meanwhile, or entered another one under the key.
func (s *Service) Enter(ctx context.Context, who access.Actor, e Entering) (Figure, error) {
	if err := may(who, access.EditReports); err != nil {
		return Figure{}, err
	}
	if err := e.check(calendar.DayOf(s.Now())); err != nil {
		return Figure{}, err
	}
	return s.step(ctx, who, e.Cohort, e.Key, "external.enter", func(l Ledger, now *Figure) (*Entry, error) {
		if now.State != Withdrawn && now.Content == e.Content {
			return nil, nil
		}
		if e.Since != now.Version {
			if e.Since == 0 {
				return nil, fault.Conflictf("key", "%s 届已有外部数据“%s”（%s），要改它请用修改", e.Cohort, e.Key, now.Title)
			}
			return nil, fault.Conflictf("key", "这一项刚刚有人改过，现在是第 %d 版，请看过再改", now.Version)
		}
		known := sourcesOf(others(l, e.Cohort, e.Key))
		if err := checkSource(&e.Content, known, e.NewSource); err != nil {
			return nil, err
		}
		return &Entry{Step: Entered, Content: e.Content}, nil
	})
}

// check tidies and checks what was entered by itself.
func (e *Entering) check(today calendar.Day) error {
	e.Cohort, e.Key, e.Content = strings.TrimSpace(e.Cohort), strings.TrimSpace(e.Key), tidied(e.Content)
	if err := checkCohort(e.Cohort); err != nil {
		return err
	}
	if !keyForm.MatchString(e.Key) {
		return fault.Invalidf("key", "代号用小写字母、数字和 -，以字母开头，最多 40 个，例如 job-relevance，不能是“%s”", e.Key)
	}
	return e.Content.check(today)
}

func checkCohort(cohort string) error {
	if list, err := calendar.ParseCohorts(cohort); err != nil || len(list) != 1 || list[0] != cohort {
		return fault.Invalidf("cohort", "届别请写成四位年份，例如 2024，不能是“%s”", cohort)
	}
	return nil
}

// others are the figures of all cohorts but one.
func others(l Ledger, cohort, key string) []Figure {
	all := l.Figures("")
	for i := range all {
		if all[i].Cohort == cohort && all[i].Key == key {
			return append(all[:i:i], all[i+1:]...)
		}
	}
	return all
}

// Check says that the actor compared the version with its document and found it right.
// Checked twice is checked once.
//
// Errors: fault.Forbidden, also for who entered it and for the command line by itself;
// fault.NotFound; fault.Conflict for a version that is no more, or not to be checked.
func (s *Service) Check(ctx context.Context, who access.Actor, cohort, key string, version int) (Figure, error) {
	if err := may(who, access.EditReports); err != nil {
		return Figure{}, err
	}
	if !who.Person() {
		return Figure{}, fault.Forbiddenf("", "复核要由有账号的人来做，命令行不能代替；请在页面上复核，或写明 --by 和密码文件")
	}
	return s.step(ctx, who, cohort, key, "external.check", func(_ Ledger, f *Figure) (*Entry, error) {
		switch {
		case f.Version == 0:
			return nil, notFound(cohort, key)
		case f.Version != version:
			return nil, fault.Conflictf("", "这一项刚刚改过，现在是第 %d 版，请对照文件重新看一遍", f.Version)
		case f.Checked.No > 0 && f.Sure():
			return nil, nil
		case f.State != Entered:
			return nil, fault.Conflictf("", "这一项%s，不用复核", Title(f.State))
		case f.Entered.Account == who.Account:
			return nil, fault.Forbiddenf("", "录入的人不能复核自己录的数，请另一位同事复核")
		}
		return &Entry{Step: Checked}, nil
	})
}

// Withdraw takes a figure out of reports to come. Twice is once.
//
// Errors: fault.Forbidden, fault.NotFound; fault.Invalid for a reason of fewer than 5
// characters.
func (s *Service) Withdraw(ctx context.Context, who access.Actor, cohort, key, reason string) (Figure, error) {
	reason, err := s.reasoned(who, reason)
	if err != nil {
		return Figure{}, err
	}
	return s.step(ctx, who, cohort, key, "external.withdraw", func(_ Ledger, f *Figure) (*Entry, error) {
		switch {
		case f.Version == 0:
			return nil, notFound(cohort, key)
		case f.State == Withdrawn:
			return nil, nil
		}
		return &Entry{Step: Withdrawn, Reason: reason}, nil
	})
}

// Replace says which indicator of our own counts by now what the figure said. It stays in
// the reports that have it. Twice is once.
//
// Errors: fault.Forbidden, fault.NotFound; fault.Invalid for an indicator that there is
// not, or a short reason; fault.Conflict for a figure that was not checked.
func (s *Service) Replace(ctx context.Context, who access.Actor, cohort, key, own, reason string) (Figure, error) {
	reason, err := s.reasoned(who, reason)
	if err != nil {
		return Figure{}, err
	}
	o, err := ParseOwn(own)
	if err != nil {
		return Figure{}, err
	}
	return s.step(ctx, who, cohort, key, "external.replace", func(_ Ledger, f *Figure) (*Entry, error) {
		switch {
		case f.Version == 0:
			return nil, notFound(cohort, key)
		case f.State == Replaced && f.Own == o.String():
			return nil, nil
		case !f.Sure():
			return nil, fault.Conflictf("", "这一项%s，复核以后才能写明改由哪项指标统计", Title(f.State))
		}
		return &Entry{Step: Replaced, Own: o.String(), Reason: reason}, nil
	})
}

func (s *Service) reasoned(who access.Actor, reason string) (string, error) {
	reason = strings.TrimSpace(reason)
	if err := may(who, access.EditReports); err != nil {
		return "", err
	}
	if n := utf8.RuneCountInString(reason); n < shortestReason || n > 200 {
		return "", fault.Invalidf("reason", "请写明理由，%d 到 200 个字", shortestReason)
	}
	return reason, codes.NoNumbers("reason", reason)
}

// step adds the entry that decide finds due for a figure, and writes it down; nil is none.
// It returns the figure as it then stands.
func (s *Service) step(ctx context.Context, who access.Actor, cohort, key, action string, decide func(Ledger, *Figure) (*Entry, error)) (out Figure, err error) {
	err = s.Store.InTx(ctx, func(ctx context.Context) error {
		if err := s.Store.Await(ctx, "external"); err != nil {
			return err
		}
		l, err := s.Store.ExternalEntries(ctx)
		if err != nil {
			return err
		}
		out, _ = l.Find(cohort, key)
		e, err := decide(l, &out)
		if err != nil || e == nil {
			return err
		}
		e.No, e.At, e.Account, e.Cohort, e.Key = int64(len(l))+1, s.Now(), who.Account, cohort, key
		if err := s.Store.AddExternalEntries(ctx, []Entry{*e}); err != nil {
			return err
		}
		out.take(e)
		return s.Audit.Write(ctx, who, action, cohort+" "+key, map[string]string{"version": strconv.Itoa(out.Version)})
	})
	return out, err
}
