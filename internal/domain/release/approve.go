package release

import (
	"context"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/audit"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/fault"
)

// trim removes the blanks around what was filled in.
func (a Approval) trim() Approval {
	for _, f := range []*string{&a.Office, &a.Leader, &a.Record, &a.ConsentAuthority, &a.ConsentNumber, &a.ConsentFile} {
		*f = strings.TrimSpace(*f)
	}
	a.ConsentFile = strings.ToLower(a.ConsentFile)
	return a
}

// Lack is one thing that an approval still needs.
type Lack struct {
	Field string // of a form, such as consent_authority
	Name  string // as people call it
}

// Lacks lists what the chain of approval and the province's consent still lack,
// all of it at once.
func (a Approval) Lacks() []Lack {
	a = a.trim()
	var out []Lack
	for _, f := range []struct {
		given bool
		Lack
	}{
		{a.Office != "", Lack{"office", "就业部门负责人"}},
		{a.Leader != "", Lack{"leader", "分管校领导"}},
		{a.Approved != "", Lack{"approved", "校领导批准日期"}},
		{a.Record != "", Lack{"record", "批准记录或会议纪要编号"}},
		{a.ConsentAuthority != "", Lack{"consent_authority", "省级主管部门名称"}},
		{a.ConsentNumber != "" || a.ConsentDay != "", Lack{"consent_number", "省级主管部门同意的文号或日期"}},
		{a.ConsentFile != "", Lack{"consent_file", "省级主管部门同意的文件"}},
	} {
		if !f.given {
			out = append(out, f.Lack)
		}
	}
	return out
}

var sha256Form = regexp.MustCompile(`^[0-9a-f]{64}$`)

// check says whether an approval is complete and can be so. Error: fault.Invalid,
// naming everything that is missing.
func (a *Approval) check(today calendar.Day) error {
	if list := a.Lacks(); len(list) > 0 {
		names := make([]string, len(list))
		for i, l := range list {
			names[i] = l.Name
		}
		return fault.Invalidf("approval", "审批材料不全，还缺：%s。补齐后才能发布", strings.Join(names, "、"))
	}
	if a.Office == a.Leader {
		return fault.Invalidf("leader", "就业部门负责人和分管校领导不能是同一人")
	}
	for _, d := range []struct {
		field, name string
		day         calendar.Day
	}{{"approved", "校领导批准日期", a.Approved}, {"consent_day", "省级主管部门同意日期", a.ConsentDay}} {
		if d.day == "" {
			continue
		}
		if _, err := calendar.ParseDay(string(d.day)); err != nil {
			return fault.Invalidf(d.field, "%s“%s”读不出来，应写成 2024-09-09 的样子", d.name, d.day)
		}
		if d.day > today {
			return fault.Invalidf(d.field, "%s %s 还没有到，请核对", d.name, d.day)
		}
	}
	if !sha256Form.MatchString(a.ConsentFile) {
		return fault.Invalidf("consent_file", "同意文件应记其 SHA-256（64 位十六进制），“%s”不是", a.ConsentFile)
	}
	return nil
}

// follows says whether the approval can be about figures up to the day: the day is
// over or runs, and nobody agreed before it. Errors: fault.Conflict, fault.Invalid.
func (a *Approval) follows(last calendar.Day) error {
	if today := calendar.DayOf(a.At); last > today {
		return fault.Conflictf("name", "这份快照截至 %s，这一天还没有到，不能发布；请冻结一份截至今天或以前的快照", last)
	}
	if a.Approved < last {
		return fault.Invalidf("approved", "校领导批准日期 %s 早于数据的截止日 %s，请核对", a.Approved, last)
	}
	if a.ConsentDay != "" && a.ConsentDay < last {
		return fault.Invalidf("consent_day", "省级主管部门同意日期 %s 早于数据的截止日 %s，请核对", a.ConsentDay, last)
	}
	return nil
}

// Release marks a snapshot as released, with the school's chain of approval and
// the province's consent; when, by whom and what was withheld is filled in here.
// From then on corrections inside its period need an unlock.
//
// Errors: fault.Forbidden; fault.NotFound; fault.Invalid when something of the
// approval is missing, all of it named; fault.Conflict when it was released
// before or no longer holds (Verify). Nothing is marked then.
func (s *Service) Release(ctx context.Context, who access.Actor, name string, a Approval) (Snapshot, error) {
	if err := school(who, access.Release); err != nil {
		return Snapshot{}, err
	}
	a = a.trim()
	a.At, a.By, a.Hidden = s.Now(), who.Account, nil
	v, err := s.verify(ctx, name)
	if err != nil {
		return Snapshot{}, err
	}
	if err := v.Snapshot.unreleased(); err != nil {
		return Snapshot{}, err
	}
	if err := a.check(calendar.DayOf(a.At)); err != nil {
		return Snapshot{}, err
	}
	if err := a.follows(v.Snapshot.Cut.LastDay()); err != nil {
		return Snapshot{}, err
	}
	if len(v.Problems) > 0 {
		return Snapshot{}, fault.Conflictf("name", "快照“%s”核对不符（%s），不能发布；请重新核对这份快照，看全部不符之处", name, v.Problems[0])
	}
	if a.Hidden, err = s.withheld(ctx, &v.Snapshot); err != nil {
		return Snapshot{}, err
	}
	snap := v.Snapshot
	err = s.Store.InTx(ctx, func(ctx context.Context) error {
		now, err := s.Store.Snapshot(ctx, name)
		if err != nil {
			return err
		}
		if err := now.unreleased(); err != nil {
			return err
		}
		if err := s.Store.SaveApproval(ctx, name, a); err != nil {
			return err
		}
		return s.Audit.Write(ctx, who, "snapshot.release", name, map[string]string{
			"sha256": snap.SHA256, "consent_file": a.ConsentFile, "hidden": strconv.Itoa(len(a.Hidden))})
	})
	if err != nil {
		return Snapshot{}, err
	}
	s.settled(ctx, audit.Released)
	snap.Release = &a
	return snap, nil
}

func (s *Snapshot) unreleased() error {
	if s.Release == nil {
		return nil
	}
	return fault.Conflictf("name", "快照“%s”已于 %s 发布，不能再次发布", s.Name, calendar.DayOf(s.Release.At))
}

// withheld lists what the tables that leave with the release do not show, a line
// each.
func (s *Service) withheld(ctx context.Context, snap *Snapshot) ([]string, error) {
	people, err := s.people(ctx, snap.Name, published)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, v := range publicViews() {
		t, hidden, err := s.count(ctx, snap, people, v.query(snap), true)
		if err != nil {
			return nil, err
		}
		for _, h := range hidden {
			out = append(out, fmt.Sprintf("%s：%s", t.Title, h))
		}
	}
	return out, nil
}
