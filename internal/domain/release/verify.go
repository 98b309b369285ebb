package release

import (
	"context"
	"fmt"
	"strings"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/indicator"
)

// Verification is the outcome of checking a snapshot.
type Verification struct {
	Snapshot Snapshot
	Problems []string // none: the snapshot holds; people by pseudonym
	people   int      // lines of Problems that are each about one person, or count such
	Notes    []string // what has changed around it since
}

// maxProblems bounds the lines; what is beyond is only counted.
const maxProblems = 100

// Verify checks the hash over what is stored, and counts the people again from
// the events at the snapshot's cut.
//
// Who may only read reports is not told of single people.
//
// Errors: fault.Forbidden, fault.NotFound. A snapshot that does not hold is no
// error: its problems are listed.
func (s *Service) Verify(ctx context.Context, who access.Actor, name string) (Verification, error) {
	if school(who, access.Freeze) == nil || school(who, access.ReadAudit) == nil {
		return s.verify(ctx, name)
	}
	if err := school(who, access.ReadReports); err != nil {
		return Verification{}, err
	}
	v, err := s.verify(ctx, name)
	v.Problems = v.Said(false)
	v.people = 0
	return v, err
}

// Said are the problems in words; for who may not see people one line instead of those
// that tell of one person each.
func (v *Verification) Said(people bool) []string {
	if people || v.people == 0 {
		return v.Problems
	}
	var out []string
	for _, p := range v.Problems {
		if !strings.HasPrefix(p, aboutPerson) {
			out = append(out, p)
		}
	}
	return append(out, fmt.Sprintf("有 %d 处人员记录与事件不符；看是哪些人，须由能看名单的账号核对", v.people))
}

func (s *Service) verify(ctx context.Context, name string) (v Verification, err error) {
	if v.Snapshot, err = s.Store.Snapshot(ctx, name); err != nil {
		return v, err
	}
	rows, err := s.Store.SnapshotRows(ctx, name)
	if err != nil {
		return v, err
	}
	stored, broken := s.open(name, rows)
	var found problems
	for _, p := range broken {
		found.addf("人员 %s：困难类别的密文打不开，已被改动或密钥不符", p)
	}
	sum, err := v.Snapshot.sum(stored)
	if err != nil {
		return v, err
	}
	if sum != v.Snapshot.SHA256 {
		found.addf("所存内容的 SHA-256 是 %s，与冻结时的 %s 不一致：快照被改动过", sum, v.Snapshot.SHA256)
	}
	if len(rows) != v.Snapshot.People {
		found.addf("快照应有 %d 人，实存 %d 人", v.Snapshot.People, len(rows))
	}
	if err := s.recount(ctx, &v, stored, &found); err != nil {
		return v, err
	}
	v.Problems, v.people = found.lines(), found.people
	return v, nil
}

// recount compares what is stored with what the events say.
func (s *Service) recount(ctx context.Context, v *Verification, stored []indicator.PersonRow, found *problems) error {
	v.Notes = v.Snapshot.drift(s.Book())
	d, err := indicator.DefinitionByID(v.Snapshot.Definition)
	sameCells := err == nil && d.Version == v.Snapshot.Version
	if !sameCells {
		v.Notes = append(v.Notes, "口径已变，分项不能重算，其余仍按事件核对")
	}
	q := v.Snapshot.query()
	if err != nil { // the population is the same under every definition of the table
		q.Definition = ""
	}
	counted, err := s.Counter.Rows(ctx, q)
	if err != nil {
		return err
	}
	// Only pseudonyms are needed here: what a sealer would encrypt is not looked at.
	for i := range counted {
		counted[i].Graduate = s.Vault.Pseudonym(counted[i].Graduate)
	}
	sortPeople(counted)
	compare(stored, counted, sameCells, found)
	return nil
}

// compare walks two lists that are ordered by pseudonym and notes every difference.
func compare(stored, counted []indicator.PersonRow, cells bool, found *problems) {
	for len(stored)+len(counted) > 0 {
		switch {
		case len(counted) == 0 || len(stored) > 0 && stored[0].Graduate < counted[0].Graduate:
			found.addf("人员 %s：快照里有，按事件重算不在统计范围", stored[0].Graduate)
			stored = stored[1:]
		case len(stored) == 0 || counted[0].Graduate < stored[0].Graduate:
			found.addf("人员 %s：按事件重算在统计范围，快照里没有", counted[0].Graduate)
			counted = counted[1:]
		default:
			comparePerson(&stored[0], &counted[0], cells, found)
			stored, counted = stored[1:], counted[1:]
		}
	}
}

func comparePerson(stored, counted *indicator.PersonRow, cells bool, found *problems) {
	if *stored == *counted {
		return
	}
	was, is := plainValues(stored), plainValues(counted)
	for i, column := range plainColumns() {
		switch {
		case was[i] == is[i] || column == "cell" && !cells:
		case i == 1+difficultyAt: // never printed
			found.addf("人员 %s：%s与按事件重算的不一致", stored.Graduate, title(column))
		default:
			found.addf("人员 %s：%s冻结为“%s”，按事件重算为“%s”", stored.Graduate, title(column), was[i], is[i])
		}
	}
}

// title of a column as people read it.
func title(column string) string {
	switch column {
	case "cell":
		return "分项"
	case "detail":
		return "登记状态"
	case "scheme":
		return "去向代码体系"
	}
	return indicator.DimTitle(indicator.Dim(column))
}

// problems keeps the first of them and counts the rest.
type problems struct {
	first  []string
	more   int
	people int // lines about one person each
}

// aboutPerson begins a line about one person.
const aboutPerson = "人员 "

func (p *problems) addf(format string, args ...any) {
	if strings.HasPrefix(format, aboutPerson) {
		p.people++
	}
	if len(p.first) == maxProblems {
		p.more++
		return
	}
	p.first = append(p.first, fmt.Sprintf(format, args...))
}

func (p *problems) lines() []string {
	if p.more > 0 {
		return append(p.first, fmt.Sprintf("另有 %d 处不一致，未一一列出", p.more))
	}
	return p.first
}
