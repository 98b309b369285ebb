package access

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/fault"
)

// Whom names graduates of the roster. What is blank does not limit; of Classes and
// Colleges either is enough.
type Whom struct {
	Cohort    string
	Graduates []string // ids
	Classes   []string // ids
	Loose     []string // ids of colleges: those of them who are in no class
	Colleges  []string // ids
}

// Enrolled is a graduate of the roster and how far they have come in.
type Enrolled struct {
	Graduate  string
	Number    string // 学号, else 考生号
	Name      string
	Cohort    string
	College   string           // id
	Class     string           // id; may be blank
	Account   string           // id; blank: none yet
	Login     string           // of the account
	Activated bool             // a password was set
	Disabled  bool             // the account is
	CodeUntil calendar.Instant // of a code that still holds; 0: none
}

// ClassStanding counts how far the graduates of a class have come in.
type ClassStanding struct {
	College, Class string // ids; Class may be blank
	Cohort         string
	People         int
	Activated      int // set a password
	Coded          int // did not, and have a code that holds
}

// Slip is a code on its way to a graduate (激活码条). The code is shown once and
// kept nowhere.
type Slip struct {
	Graduate string
	Number   string // 学号, else 考生号
	Login    string
	Name     string
	College  string // id
	Class    string // id
	Code     string // 7KQ4M-XT2HD
	Expires  calendar.Instant
}

// Reach says who of those named gets a new code.
type Reach string

const (
	WithoutCode  Reach = "without"   // no password yet, and no code that holds
	NotActivated Reach = "inactive"  // no password yet; an earlier code becomes useless
	Everyone     Reach = "everybody" // also who has a password: it holds until the code is used
)

func (r Reach) takes(p *Enrolled) bool {
	switch {
	case p.Disabled:
		return false
	case r == Everyone:
		return true
	case r == NotActivated:
		return !p.Activated
	}
	return !p.Activated && p.CodeUntil == 0
}

// inviteChunk is how many codes one transaction keeps: nobody else waits long.
const inviteChunk = 500

// Roll returns graduates whom the actor may give codes, by college, class and
// number. Error: fault.Forbidden.
func (s *Service) Roll(ctx context.Context, who Actor, of Whom) ([]Enrolled, error) {
	if err := who.May(InviteGraduates); err != nil {
		return nil, err
	}
	return s.Store.Roll(ctx, who.Within(InviteGraduates), of, s.Now())
}

// ClassStandings counts by class how far the graduates whom the actor may give
// codes have come, of a cohort or of all when it is blank. Error: fault.Forbidden.
func (s *Service) ClassStandings(ctx context.Context, who Actor, cohort string) ([]ClassStanding, error) {
	if err := who.May(InviteGraduates); err != nil {
		return nil, err
	}
	return s.Store.ClassStandings(ctx, who.Within(InviteGraduates), cohort, s.Now())
}

// Invite makes a one-time code for each of the graduates whom reach takes, and
// accounts where there are none. An earlier code becomes useless; a password that
// was set holds until the new code is used. Chunks of the work are kept one after
// the other: after a broken machine, do it again.
//
// Errors, before anything is kept: fault.NotFound when one of the graduates is not
// within the actor's scope, fault.Conflict when a number is the login of somebody
// else.
func (s *Service) Invite(ctx context.Context, who Actor, graduates []string, reach Reach) ([]Slip, error) {
	people, err := s.named(ctx, who, graduates)
	if err != nil {
		return nil, err
	}
	people = slices.DeleteFunc(people, func(p Enrolled) bool { return !reach.takes(&p) })
	if err := s.free(ctx, people); err != nil {
		return nil, err
	}
	var out []Slip
	for some := range slices.Chunk(people, inviteChunk) {
		slips, err := s.issue(ctx, who, some, "account.invite", "", map[string]string{"people": strconv.Itoa(len(some)), "reach": string(reach)})
		if err != nil {
			return nil, err
		}
		out = append(out, slips...)
	}
	return out, nil
}

// shortestReason of a new code for somebody, in characters.
const shortestReason = 2

// Reissue makes a new code for one graduate, whatever they had before: a lost
// phone, a forgotten password. The old password and sessions end when the code is
// used, not before.
//
// Errors: fault.NotFound outside the actor's scope, fault.Invalid without a reason,
// fault.Conflict for a disabled account.
func (s *Service) Reissue(ctx context.Context, who Actor, graduate, reason string) (Slip, error) {
	people, err := s.named(ctx, who, []string{graduate})
	if err != nil {
		return Slip{}, err
	}
	reason = strings.TrimSpace(reason)
	if n := utf8.RuneCountInString(reason); n < shortestReason || n > 100 {
		return Slip{}, fault.Invalidf("reason", "请写明为什么补发，%d 到 100 个字，例如：换了手机", shortestReason)
	}
	if err := codes.NoNumbers("reason", reason); err != nil {
		return Slip{}, err
	}
	if people[0].Disabled {
		return Slip{}, fault.Conflictf("graduate", "%s的账号已停用，请先联系系统管理员启用", people[0].Name)
	}
	if err := s.free(ctx, people); err != nil {
		return Slip{}, err
	}
	slips, err := s.issue(ctx, who, people, "account.reissue", graduate, map[string]string{"reason": reason})
	if err != nil {
		return Slip{}, err
	}
	return slips[0], nil
}

// named returns the graduates with the ids, all of them within the actor's scope.
func (s *Service) named(ctx context.Context, who Actor, graduates []string) ([]Enrolled, error) {
	if err := who.May(InviteGraduates); err != nil {
		return nil, err
	}
	ids := slices.Clone(graduates)
	slices.Sort(ids)
	ids = slices.Compact(ids)
	people, err := s.Store.Roll(ctx, who.Within(InviteGraduates), Whom{Graduates: ids}, s.Now())
	if err != nil {
		return nil, err
	}
	if len(people) != len(ids) || len(ids) == 0 {
		return nil, fault.NotFoundf("graduate", "所选的人里有 %d 位不在负责的范围内，一个激活码也没有发；请刷新名单后重选", max(1, len(ids)-len(people)))
	}
	for i := range people {
		if people[i].Number == "" || tooLong(people[i].Number) {
			return nil, fault.Conflictf("graduate", "%s没有可用的学号或考生号，请先在生源里补上", people[i].Name)
		}
	}
	return people, nil
}

// free refuses numbers that are the login of somebody else.
func (s *Service) free(ctx context.Context, people []Enrolled) error {
	var numbers []string
	whose := map[string]string{} // graduate by number
	for i := range people {
		if p := &people[i]; p.Account == "" {
			if other, twice := whose[narrow(p.Number)]; twice && other != p.Graduate {
				return fault.Conflictf("login", "学号或考生号“%s”属于两个人，请先在生源里更正", p.Number)
			}
			numbers, whose[narrow(p.Number)] = append(numbers, narrow(p.Number)), p.Graduate
		}
	}
	taken, err := s.Store.AccountsAmong(ctx, nil, numbers, nil)
	if err != nil {
		return err
	}
	for _, a := range taken {
		return fault.Conflictf("login", "学号或考生号“%s”已经是另一个账号的登录账号（%s），一个激活码也没有发；请系统管理员核对", a.Login, a.Name)
	}
	return nil
}

// issue keeps accounts and codes in one transaction. Digests are made before it.
func (s *Service) issue(ctx context.Context, who Actor, people []Enrolled, action, subject string, detail map[string]string) ([]Slip, error) {
	now := s.Now()
	held, err := s.held(ctx, people)
	if err != nil {
		return nil, err
	}
	var added []Account
	var links []Link
	var slips []Slip
	for i := range people {
		p := &people[i]
		a, ok := held[p.Graduate]
		if !ok {
			a = Account{ID: s.NewID(), Login: narrow(p.Number), Name: p.Name, Graduate: p.Graduate, Created: now,
				Grants: []Grant{{Role: Graduate, Over: Self(p.Graduate)}}}
			added = append(added, a)
		}
		code, link := s.code(who, &a, now)
		links = append(links, link)
		slips = append(slips, Slip{Graduate: p.Graduate, Number: p.Number, Login: a.Login, Name: p.Name,
			College: p.College, Class: p.Class, Code: code, Expires: link.Expires})
	}
	return slips, s.Store.InTx(ctx, func(ctx context.Context) error {
		if err := s.Store.SaveInvited(ctx, added, links); err != nil {
			return err
		}
		if action == "account.reissue" {
			for _, l := range links {
				if err := s.Store.SaveKey(ctx, Key{Account: l.Account, Made: l.Made, By: l.By, Kind: KeyCode}); err != nil {
					return err
				}
			}
		}
		return s.Audit.Write(ctx, who, action, subject, detail)
	})
}

// held returns the accounts that the people have already, by graduate.
func (s *Service) held(ctx context.Context, people []Enrolled) (map[string]Account, error) {
	var ids []string
	for i := range people {
		if people[i].Account != "" {
			ids = append(ids, people[i].Account)
		}
	}
	list, err := s.Store.AccountsAmong(ctx, ids, nil, nil)
	out := map[string]Account{}
	for _, a := range list {
		out[a.Graduate] = a
	}
	return out, err
}

// InviteUnits makes codes for whom reach takes of whole classes and colleges.
//
// Whoever has a password is left out: a new code for them is Reissue's, one person
// and one reason at a time.
//
// Errors: fault.Invalid when no unit is named or reach is Everyone, fault.NotFound
// when one of them has nobody within the actor's scope, and those of Invite;
// fault.Conflict when nobody needs a code.
func (s *Service) InviteUnits(ctx context.Context, who Actor, of Whom, reach Reach) ([]Slip, error) {
	if reach != WithoutCode && reach != NotActivated {
		return nil, fault.Invalidf("reach", "请选发给谁：没有码的人，或还没启用的人；已启用的请逐个补发并写明原因")
	}
	if len(of.Classes)+len(of.Loose)+len(of.Colleges) == 0 {
		return nil, fault.Invalidf("unit", "请先勾选要发激活码的班级")
	}
	people, err := s.Roll(ctx, who, of)
	if err != nil {
		return nil, err
	}
	found := map[string]bool{}
	var ids []string
	for i := range people {
		p := &people[i]
		found["class "+p.Class], found["college "+p.College] = true, true
		if p.Class == "" {
			found["loose "+p.College] = true
		}
		ids = append(ids, p.Graduate)
	}
	for kind, units := range map[string][]string{"class ": of.Classes, "college ": of.Colleges, "loose ": of.Loose} {
		for _, u := range units {
			if !found[kind+u] {
				return nil, fault.NotFoundf("unit", "所选班级里有一个不在负责的范围内，一个激活码也没有发；请刷新后重选")
			}
		}
	}
	slips, err := s.Invite(ctx, who, ids, reach)
	if err == nil && len(slips) == 0 {
		err = fault.Conflictf("unit", "所选班级里没有人需要激活码：都已启用，或者手里的码还有效")
	}
	return slips, err
}
